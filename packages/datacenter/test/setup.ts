import { assert } from "@effect/vitest"
import { type CryptoEvent, type CryptoServices, cryptoDomain, memoryServices } from "@twin/crypto"
import { type IdentityEvent, identityDomain, memberUser } from "@twin/identity"
import {
  type Actor,
  type CallResult,
  compose,
  decidingGate,
  defaultClient,
  instant,
  type KernelEvent,
  kernelDomain,
  makeDraw,
  makeSimulation,
  type Simulation,
} from "@twin/kernel"
import { Arbitrary, Effect } from "effect"
import {
  type DatacenterEvent,
  type DatacenterWorld,
  datacenterBaseline,
  datacenterDomain,
  engineerActor,
} from "../src/index.ts"

// The nightly run leaves the seed out and multiplies the runs.
Arbitrary.configureGlobal({ check: { seed: "datacenter", runs: 100 } })

export type TestEvent = DatacenterEvent | IdentityEvent | CryptoEvent | KernelEvent
export type TestSimulation = Simulation<DatacenterWorld, TestEvent, CryptoServices>

export const composition = compose<DatacenterWorld, TestEvent, CryptoServices>([
  kernelDomain([...cryptoDomain.faults, ...datacenterDomain.faults]),
  cryptoDomain,
  identityDomain,
  datacenterDomain,
])

export const start = instant("2026-09-01T08:00:00Z")
export const tenant = "contoso.onmicrosoft.com"

const members = {
  ivan: "Global Administrator",
  judy: "Customer Lockbox Access Approver",
  kim: "Customer Lockbox Access Approver",
  alice: "",
} as const

const directory: readonly IdentityEvent[] = [
  {
    _tag: "OrganizationCreated",
    organization: {
      tenantId: makeDraw("contoso").guid("tenant"),
      displayName: "Contoso",
      initialDomain: tenant,
      verifiedDomains: ["contoso.com", tenant],
      createdAt: start,
    },
  },
  ...Object.entries(members).flatMap(([name, role]): IdentityEvent[] => {
    const { mail, ...rest } = memberUser({
      id: makeDraw(name).guid("user"),
      userPrincipalName: `${name}@contoso.com`,
      displayName: name,
      createdAt: start,
    })
    // Kim has the role, but no mailbox.
    const user = name === "kim" || mail === undefined ? rest : { ...rest, mail }
    return [
      { _tag: "UserCreated", user },
      ...(role === ""
        ? []
        : [
            {
              _tag: "RoleAssigned",
              assignment: { principalId: user.id, role, assignment: "active", from: start },
            } as const,
          ]),
    ]
  }),
]

/** A world with Contoso, the people of the service, and nothing else. */
export const fresh = Effect.fnUntraced(function* (seed = "seed") {
  const services = yield* memoryServices
  const it = yield* makeSimulation({ composition, seed, services, start })
  yield* it.establish("establish-directory", directory)
  yield* it.establish("establish-datacenter", datacenterBaseline(start))
  return it
})

export const member = (name: keyof typeof members): Actor => ({
  id: `${name}@contoso.com`,
  kind: "member",
  roles: members[name] === "" ? [] : [members[name]],
  client: defaultClient,
})

export const ed = engineerActor("ed")
export const eva = engineerActor("eva")
export const max = engineerActor("max")
export const lea = engineerActor("lea")
export const lou = engineerActor("lou")
export const sam = engineerActor("sam")
export const attacker: Actor = {
  id: "attacker",
  kind: "attacker",
  roles: [],
  client: { app: "browser", device: "unmanaged", ipAddress: "203.0.113.66" },
}

/** A complete, modest request: whatever a test changes is what it is about. */
export const operationsRequest = {
  role: "ServiceEngineerOperations",
  components: ["exo-nam01-mbx01"],
  durationMinutes: 60,
  reason: "Transport service hangs",
}
export const contentRequest = {
  role: "AccessToCustomerData",
  components: ["exo-nam01-mbx01"],
  tenant,
  container: "alice@contoso.com",
  durationMinutes: 60,
  reason: "Folder counts are wrong",
  serviceRequest: "SR-4711",
}
export const restart = {
  component: "exo-nam01-mbx01",
  action: "Restart-Service",
  parameters: { Name: "MSExchangeTransport" },
}
export const folderCounts = {
  component: "exo-nam01-mbx01",
  action: "Get-MailboxFolderStatistics",
  parameters: { Identity: "alice@contoso.com" },
}

/** A value of the first output row; a test that asks for one that is not there is wrong. */
export const value = (result: CallResult, key: string): string => {
  const found = result.output[0]?.[key]
  assert.isString(found, `no ${key} in the output: ${JSON.stringify(result.decision.gates.at(-1))}`)
  return found as string
}

/** Asks for an elevation and returns its id. */
export const ask = Effect.fnUntraced(function* (it: TestSimulation, params: object, who = ed) {
  return value(yield* it.call(who, "request-elevation", params), "request")
})

/** An elevation that eva has approved. */
export const elevated = Effect.fnUntraced(function* (
  it: TestSimulation,
  params: object = operationsRequest,
) {
  const request = yield* ask(it, params)
  yield* it.call(eva, "approve-elevation", { request })
  return request
})

/** Turns the tenant's approval step on. */
export const withCustomerLockbox = Effect.fnUntraced(function* () {
  const it = yield* fresh()
  yield* it.call(member("ivan"), "Set-OrganizationConfig", { CustomerLockboxEnabled: true })
  return it
})

/** Outcome and deciding gate in one line; an allowed one names no gate. */
export const verdict = ({ decision }: CallResult): string => {
  const gate = decidingGate(decision)
  return decision.outcome === "allow"
    ? "allow"
    : `${decision.outcome} at ${gate.name}: ${gate.refusal?.code ?? ""}`
}

/** A content request that eva has approved and that now waits for the tenant. */
export const waitingForTenant = Effect.fnUntraced(function* (
  it: TestSimulation,
  params: object = contentRequest,
) {
  const request = yield* ask(it, params)
  const approved = yield* it.call(eva, "approve-elevation", { request })
  return { request, customer: value(approved, "customerRequest") }
})

/** The tenant's decision by cmdlet. */
export const decide = (
  it: TestSimulation,
  ApprovalDecision: string,
  RequestId: string,
  who = member("judy"),
) => it.call(who, "Set-AccessToCustomerDataRequest", { ApprovalDecision, RequestId })
