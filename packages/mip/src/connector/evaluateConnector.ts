import { personOf, userOf, usersOf } from "@twin/identity"
import {
  type Client,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
} from "@twin/kernel"
import { onboardingAnswer } from "../decisions/ProtectFacets.ts"
import { ledgerOf, type MipWorld, rmsServiceOf } from "../State.ts"
import {
  type ConnectedServer,
  type ConnectorHost,
  connectorOf,
  supportedEditions,
} from "./RmsConnector.ts"

interface HostFacets {
  readonly functionalState: "Enabled" | "Disabled"
  readonly isSynchronized: boolean
  readonly hardware: string
  readonly placement: string
  readonly network: string
  readonly software: string
}

const hostGate = gate<HostFacets>()

const refusedBy = (reason: string, problem: string, details: Readonly<Record<string, string>>) =>
  deny(reason, details, { message: `The connector cannot be installed here: ${problem}.` })

const serviceActive = hostGate({
  name: "rights-management-active",
  facts: ["MIP-264"],
  reads: ["functionalState"],
  check: ({ functionalState }) =>
    functionalState === "Enabled"
      ? pass("The protection service is activated.", { functionalState })
      : refusedBy(
          "The protection service is not activated.",
          "Rights Management is not activated",
          { functionalState },
        ),
})

const directorySynchronized = hostGate({
  name: "directory-synchronization",
  facts: ["MIP-264"],
  reads: ["isSynchronized"],
  check: ({ isSynchronized }) =>
    isSynchronized
      ? pass("Accounts on premises are synchronized with the directory.")
      : refusedBy(
          "No account on premises is known to the directory.",
          "directory synchronization is not set up",
          {},
        ),
})

const problemGate = (
  name: string,
  facet: "hardware" | "placement" | "network" | "software",
  passes: string,
  refuses: string,
) =>
  hostGate({
    name,
    facts: ["MIP-264"],
    reads: [facet],
    check: (facets) =>
      facets[facet] === ""
        ? pass(passes)
        : refusedBy(refuses, facets[facet], { problem: facets[facet] }),
  })

const hostGates: GateRules<HostFacets> = [
  serviceActive,
  directorySynchronized,
  problemGate(
    "host-hardware",
    "hardware",
    "The server is large enough.",
    "The server is too small for the connector.",
  ),
  problemGate(
    "host-placement",
    "placement",
    "The server is a member server without another part in this.",
    "The connector must not stand beside what it serves.",
  ),
  problemGate(
    "host-network",
    "network",
    "The server reaches the service.",
    "The server does not reach the service.",
  ),
  problemGate(
    "host-software",
    "software",
    "The software of the server is recent enough.",
    "The software of the server is too old.",
  ),
]

const first = (...problems: readonly (readonly [boolean, string])[]): string =>
  problems.find(([isMet]) => !isMet)?.[1] ?? ""

const isRecent = (dotNet: string): boolean => {
  const [major = 0, minor = 0, patch = 0] = dotNet.split(".").map(Number)
  return major > 4 || (major === 4 && (minor > 7 || (minor === 7 && patch >= 2)))
}

/** Whether a server can carry the connector: every prerequisite, one gate for each kind (MIP-264). */
export const evaluateConnectorHost = (world: MipWorld, host: ConnectorHost): Decision =>
  decideByGates(hostGates, {
    functionalState: rmsServiceOf(world).functionalState,
    isSynchronized: usersOf(world).some(({ onPremisesSyncEnabled }) => onPremisesSyncEnabled),
    hardware: first(
      [host.is64Bit, "Windows Server has to be a 64-bit edition"],
      [host.memoryGb >= 1, "1 GB of memory is needed"],
      [host.diskGb >= 64, "64 GB of disk space are needed"],
    ),
    placement: first(
      [host.isDomainMember, "the server has to be a member of a domain"],
      [!host.isDomainController, "a domain controller cannot carry it"],
      [host.runs.length === 0, `the server runs ${host.runs.join(", ")}`],
    ),
    network: first(
      [host.hasInternet, "the server has no access to the internet"],
      [!host.hasAuthenticatingProxy, "the proxy asks for credentials"],
    ),
    software: first(
      [isRecent(host.dotNet), ".NET Framework 4.7.2 is needed"],
      [host.hasTls12, "TLS 1.2 is needed"],
    ),
  })

interface AccountFacets {
  readonly hosts: number
  readonly account: "missing" | "guest" | "member"
  readonly role: string
  readonly needsFactor: boolean
  readonly isOnboarded: boolean
}

const accountGate = gate<AccountFacets>()

const accountGates: GateRules<AccountFacets> = [
  accountGate({
    name: "connector-installed",
    facts: ["MIP-265"],
    reads: ["hosts"],
    check: ({ hosts }) =>
      hosts > 0
        ? pass("The connector is installed.", { hosts })
        : deny(
            "There is no connector yet that could sign in.",
            { hosts },
            {
              message: "Install the connector first.",
            },
          ),
  }),
  accountGate({
    name: "connector-administrator",
    facts: ["MIP-265", "MIP-010"],
    reads: ["account", "role"],
    check: ({ account, role }) =>
      account === "member" && role !== ""
        ? pass("The account may administer the connector.", { role })
        : deny(
            "The account is neither a Global Administrator nor a connector administrator.",
            { account },
            { message: "Enter the credentials of an administrator of the service." },
          ),
  }),
  accountGate({
    name: "connector-without-second-factor",
    facts: ["MIP-265"],
    reads: ["needsFactor"],
    check: ({ needsFactor }) =>
      needsFactor
        ? deny(
            "The connector cannot answer a demand for a second factor.",
            { needsFactor },
            { message: "Use an account that needs no multifactor authentication." },
          )
        : pass("The account signs in with a password alone."),
  }),
  accountGate({
    name: "connector-onboarding",
    facts: ["MIP-266"],
    reads: ["isOnboarded"],
    check: ({ isOnboarded }) =>
      isOnboarded
        ? pass("The onboarding policy admits the account.")
        : deny(
            "The onboarding policy leaves the account out.",
            { isOnboarded },
            {
              message:
                "An error occurred when the tool tried to discover the location of the administration service for your organization.",
            },
          ),
  }),
]

/** Whether the connector can sign in with an account (MIP-265, MIP-266). */
export const evaluateConnectorAccount = (
  world: MipWorld,
  asked: {
    readonly address: string
    readonly role: string
    readonly now: number
    readonly client: Client
  },
): Decision => {
  const user = userOf(world, asked.address)
  return decideByGates(accountGates, {
    hosts: connectorOf(world).hosts.length,
    account: user === undefined ? "missing" : user.userType === "Guest" ? "guest" : "member",
    role: asked.role,
    needsFactor: (personOf(world, asked.address)?.mfaMethods ?? []).length > 0,
    isOnboarded: ["everybody", "admitted"].includes(onboardingAnswer({ world, ...asked })),
  })
}

interface EndpointFacets {
  readonly hosts: number
  readonly hasAccount: boolean
}

const endpointGate = gate<EndpointFacets>()

const endpointGates: GateRules<EndpointFacets> = [
  endpointGate({
    name: "connector-signed-in",
    facts: ["MIP-265"],
    reads: ["hasAccount"],
    check: ({ hasAccount }) =>
      hasAccount
        ? pass("The connector has credentials.")
        : deny(
            "The connector has no credentials yet.",
            {},
            {
              message: "Enter the credentials of the connector first.",
            },
          ),
  }),
  endpointGate({
    name: "connector-hosts",
    facts: ["MIP-264"],
    reads: ["hosts"],
    check: ({ hosts }) =>
      hosts >= 2
        ? pass("At least two servers share the load.", { hosts })
        : deny(
            "One server alone is no high availability.",
            { hosts },
            {
              message: "Install the connector on a second server first.",
            },
          ),
  }),
]

/** Whether the servers of the connector can stand behind one address (MIP-264, MIP-265). */
export const evaluateConnectorEndpoint = (world: MipWorld): Decision => {
  const { hosts, account } = connectorOf(world)
  return decideByGates(endpointGates, { hosts: hosts.length, hasAccount: account !== undefined })
}

interface ServerFacets {
  readonly hasEndpoint: boolean
  readonly listedAs: string
  readonly product: string
  readonly edition: string
  readonly isSupported: boolean
}

const serverGate = gate<ServerFacets>()

const serverListed = serverGate({
  name: "connector-authorisation",
  facts: ["MIP-266"],
  reads: ["listedAs", "product"],
  check: ({ listedAs, product }) =>
    listedAs === product
      ? pass("The server stands on the connector's list.", { listedAs })
      : deny(
          "The server does not stand on the connector's list, so its requests are refused.",
          { listedAs, product },
          { code: "AccessDenied", message: "The server is not authorized to use the connector." },
        ),
})

const serverGates: GateRules<ServerFacets> = [
  serverGate({
    name: "connector-address",
    facts: ["MIP-265"],
    reads: ["hasEndpoint"],
    check: ({ hasEndpoint }) =>
      hasEndpoint
        ? pass("The connector has an address that the server can be given.")
        : deny(
            "The connector has no address yet.",
            {},
            {
              message: "Configure load balancing and high availability first.",
            },
          ),
  }),
  serverGate({
    name: "connector-edition",
    facts: ["MIP-264"],
    reads: ["product", "edition", "isSupported"],
    check: ({ product, edition, isSupported }) =>
      isSupported
        ? pass("The connector serves this edition.", { product, edition })
        : deny(
            "The connector does not serve this edition.",
            { product, edition },
            { message: `${product} ${edition} is not supported by the connector.` },
          ),
  }),
  serverListed,
]

const serverFacets = (world: MipWorld, server: ConnectedServer, now: number): ServerFacets => ({
  hasEndpoint: connectorOf(world).endpoint !== undefined,
  listedAs:
    ledgerOf(world).connectorServers.find(({ account }) => account === server.account)?.role ??
    "nothing",
  product: server.product,
  edition: server.edition,
  isSupported: supportedEditions(server.product, now).includes(server.edition),
})

/** Whether a server can be told to use the connector: the last of the five steps (MIP-265). */
export const evaluateConnectedServer = (
  world: MipWorld,
  server: ConnectedServer,
  now: number,
): Decision => decideByGates(serverGates, serverFacets(world, server, now))

interface RelayFacets extends ServerFacets {
  readonly isConfigured: boolean
}

const relayGate = gate<RelayFacets>()

const relayGates: GateRules<RelayFacets> = [
  relayGate({
    name: "connector-configured-server",
    facts: ["MIP-265"],
    reads: ["isConfigured"],
    check: ({ isConfigured }) =>
      isConfigured
        ? pass("The server sends its requests to the connector.")
        : deny(
            "The server was never told to use the connector.",
            {},
            {
              message: "Configure the server to use the connector first.",
            },
          ),
  }),
  serverListed,
]

/** Whether the connector passes a request of a server on to the service (MIP-263, MIP-266). */
export const evaluateRelay = (world: MipWorld, account: string, now: number): Decision => {
  const server = connectorOf(world).servers.find((it) => it.account === account.toLowerCase())
  const known: ConnectedServer = server ?? { account, product: "Exchange", edition: "none" }
  return decideByGates(relayGates, {
    ...serverFacets(world, known, now),
    isConfigured: server !== undefined,
  })
}
