import { rolesOf } from "@twin/identity"
import {
  type Call,
  decideByGates,
  gate,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import {
  evaluateConnectedServer,
  evaluateConnectorAccount,
  evaluateConnectorEndpoint,
  evaluateConnectorHost,
} from "../connector/evaluateConnector.ts"
import {
  type ConnectorHost,
  connectorLogIdentity,
  connectorOf,
  ServerProduct,
} from "../connector/RmsConnector.ts"
import type { MipEvent } from "../MipEvent.ts"
import { ledgerOf, type MipWorld, rmsServiceOf } from "../State.ts"
import { serviceRequested } from "../serviceLoad.ts"
import { serviceRolesOf } from "../serviceRoles.ts"

const fact = (description: string) => Schema.optionalKey(Schema.Boolean.annotate({ description }))

/** A server as the setup program finds it; what is left out fits. */
const hostParams = {
  server: Schema.NonEmptyString.annotate({ description: "Name of the server" }),
  windowsServer: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Year of Windows Server; 2016 if absent" }),
  ),
  is64Bit: fact("Whether it is a 64-bit edition"),
  memoryGb: Schema.optionalKey(Schema.Number.annotate({ description: "Memory in GB" })),
  diskGb: Schema.optionalKey(Schema.Number.annotate({ description: "Disk space in GB" })),
  isDomainMember: fact("Whether it is a member of a domain"),
  isDomainController: fact("Whether it is a domain controller"),
  runs: Schema.optionalKey(
    Schema.Array(ServerProduct).annotate({ description: "What else runs on it" }),
  ),
  hasInternet: fact("Whether it reaches the internet"),
  hasAuthenticatingProxy: fact("Whether the proxy asks for credentials"),
  dotNet: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^\d+(\.\d+)*$/)).annotate({
      description: ".NET Framework; 4.8 if absent",
    }),
  ),
  hasTls12: fact("Whether it speaks TLS 1.2"),
}

/** Step 1 of 5 (MIP-264, MIP-265). */
export const installConnector = operation({
  name: "install-rms-connector",
  summary: "Installs the rights management connector on a server on premises (step 1 of 5).",
  params: Schema.Struct(hostParams),
  facts: ["MIP-263", "MIP-264", "MIP-265"],
  decide: ({ world, now }: Call<MipWorld>, { server, ...given }): Ruling<MipEvent> => {
    const host: ConnectorHost = {
      name: server.toLowerCase(),
      windowsServer: "2016",
      is64Bit: true,
      memoryGb: 4,
      diskGb: 100,
      isDomainMember: true,
      isDomainController: false,
      runs: [],
      hasInternet: true,
      hasAuthenticatingProxy: false,
      dotNet: "4.8",
      hasTls12: true,
      ...given,
    }
    const decision = evaluateConnectorHost(world, host)
    if (decision.outcome !== "allow") return { decision }
    return { decision, events: [{ _tag: "ConnectorInstalled", host, at: now }] }
  },
})

/** Step 2 of 5: the account that the connector uses from then on (MIP-265). */
export const setConnectorAccount = operation({
  name: "set-rms-connector-account",
  summary: "Enters the credentials with which the connector signs in to the service (step 2 of 5).",
  params: Schema.Struct({
    account: Schema.NonEmptyString.annotate({
      description: "Administrator of the service, or of connectors",
    }),
  }),
  facts: ["MIP-265", "MIP-266"],
  decide: ({ world, actor, now }: Call<MipWorld>, { account }): Ruling<MipEvent> => {
    const address = account.toLowerCase()
    const held = [
      ...rolesOf(world, address, now).filter((it) => it === "Global Administrator"),
      ...serviceRolesOf(world, address),
    ]
    const decision = evaluateConnectorAccount(world, {
      address,
      role: held[0] ?? "",
      now,
      client: actor.client,
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [
        { _tag: "ConnectorAccountSet", account: address, at: now },
        serviceRequested({
          at: now,
          requestType: "ServerCertify",
          userId: connectorLogIdentity,
          result: "Success",
        }),
      ],
    }
  },
})

/** Step 4 of 5; the third is the list of servers (MIP-265). */
export const configureConnectorAvailability = operation({
  name: "configure-rms-connector-availability",
  summary: "Puts the servers of the connector behind one address (step 4 of 5).",
  params: Schema.Struct({
    address: Schema.NonEmptyString.annotate({ description: "Name behind the load balancer" }),
    https: fact("Whether servers come by HTTPS; optional"),
  }),
  facts: ["MIP-264", "MIP-265"],
  decide: ({ world, now }: Call<MipWorld>, { address, https }): Ruling<MipEvent> => {
    const decision = evaluateConnectorEndpoint(world)
    if (decision.outcome !== "allow") return { decision }
    const isHttps = https === true
    return { decision, events: [{ _tag: "ConnectorEndpointSet", address, isHttps, at: now }] }
  },
})

/** Step 5 of 5: one server at a time (MIP-265). */
export const configureConnectedServer = operation({
  name: "configure-server-for-connector",
  summary: "Tells a server on premises to use the connector (step 5 of 5).",
  params: Schema.Struct({
    account: Schema.NonEmptyString.annotate({ description: "Account or group on the list" }),
    product: ServerProduct.annotate({ description: "What the server is" }),
    edition: Schema.NonEmptyString.annotate({ description: "E.g. 2016" }),
  }),
  facts: ["MIP-264", "MIP-265", "MIP-266"],
  decide: ({ world, now }: Call<MipWorld>, params): Ruling<MipEvent> => {
    const server = { ...params, account: params.account.toLowerCase() }
    const decision = evaluateConnectedServer(world, server, now)
    if (decision.outcome !== "allow") return { decision }
    return { decision, events: [{ _tag: "ConnectorServerConfigured", server, at: now }] }
  },
})

const looked = gate<object>()({
  name: "connector-checked",
  facts: ["MIP-265"],
  reads: [],
  check: () => pass("The steps are read from the configuration of the tenant."),
})

const row = (step: string, isDone: boolean, found: string): OutputObject => ({
  step,
  done: isDone,
  found,
})

/** Prerequisites and the five steps, each with what is there (MIP-264, MIP-265). */
const stepsOf = (world: MipWorld): readonly OutputObject[] => {
  const { hosts, account, endpoint, servers } = connectorOf(world)
  const { connectorServers } = ledgerOf(world)
  return [
    row(
      "0 Rights Management is activated",
      rmsServiceOf(world).functionalState === "Enabled",
      rmsServiceOf(world).functionalState,
    ),
    row(
      "1 Install the connector on two servers",
      hosts.length >= 2,
      hosts.map(({ name }) => name).join(", "),
    ),
    row("2 Enter credentials", account !== undefined, account ?? ""),
    row(
      "3 Authorise servers to use the connector",
      connectorServers.length > 0,
      connectorServers.map((it) => `${it.account} (${it.role})`).join(", "),
    ),
    row(
      "4 Configure load balancing and high availability",
      endpoint !== undefined,
      endpoint === undefined ? "" : `${endpoint.isHttps ? "https" : "http"}://${endpoint.address}`,
    ),
    row(
      "5 Configure the servers",
      servers.length > 0,
      servers.map((it) => `${it.account} (${it.product} ${it.edition})`).join(", "),
    ),
  ]
}

export const checkConnector = operation({
  name: "check-rms-connector",
  summary: "Shows how far the connector is set up: its prerequisites and five steps.",
  params: Schema.Struct({}),
  facts: ["MIP-264", "MIP-265"],
  isReadOnly: true,
  decide: ({ world }: Call<MipWorld>): Ruling<MipEvent> => ({
    decision: decideByGates([looked], {}),
    output: stepsOf(world),
  }),
})
