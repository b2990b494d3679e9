import { type CryptoEvent, type CryptoServices, cryptoDomain, memoryServices } from "@twin/crypto"
import { type IdentityEvent, identityDomain, memberUser, untouchedPolicy } from "@twin/identity"
import {
  type Actor,
  compose,
  decidingGate,
  defaultClient,
  defaultEra,
  type KernelEvent,
  kernelDomain,
  makeSimulation,
} from "@twin/kernel"
import { type MipEvent, type MipWorld, makeLabelPolicy, mipDomain } from "@twin/mip"
import { Effect } from "effect"

type Event = KernelEvent | CryptoEvent | IdentityEvent | MipEvent
const domains = [cryptoDomain, identityDomain, mipDomain]
const composition = compose<MipWorld, Event, CryptoServices>([
  kernelDomain(domains.flatMap(({ faults }) => faults)),
  ...domains,
])

const contoso = { tenantId: "contoso", displayName: "Contoso", initialDomain: "c.onmicrosoft.com" }
const fabrikam = {
  tenantId: "fabrikam",
  displayName: "Fabrikam",
  initialDomain: "f.onmicrosoft.com",
}
const alice = "alice@contoso.com"
const nina = { address: "nina@fabrikam.com", displayName: "Nina", aliases: [] }
const people: Event[] = [
  {
    _tag: "OrganizationCreated",
    organization: { ...contoso, verifiedDomains: ["contoso.com"], createdAt: defaultEra },
  },
  {
    _tag: "ForeignOrganizationAdded",
    organization: {
      ...fabrikam,
      verifiedDomains: ["fabrikam.com"],
      crossTenantAccess: untouchedPolicy,
    },
  },
  {
    _tag: "UserCreated",
    user: memberUser({ id: "1", userPrincipalName: alice, displayName: "Alice" }),
  },
  { _tag: "PersonAdded", person: { ...nina, account: "entra", homeTenant: "fabrikam" } },
  { _tag: "PersonAdded", person: { ...nina, address: "gus@gmail.com", account: "google" } },
  {
    _tag: "LabelPolicyCreated",
    policy: makeLabelPolicy({ id: "all", name: "Global", labels: [] }),
  },
]

const actor = (id: string, ...roles: string[]): Actor => ({
  id,
  kind: id.endsWith("@contoso.com") ? "member" : "external",
  roles,
  client: { ...defaultClient, app: "office-desktop" },
})

const program = Effect.gen(function* () {
  const services = yield* memoryServices
  const twin = yield* makeSimulation({ composition, seed: "offer", services, start: defaultEra })
  yield* twin.establish("people", people)

  const judy = actor("judy@contoso.com", "Compliance Administrator")
  yield* twin.call(judy, "New-Label", {
    Name: "Deal",
    DisplayName: "Deal",
    Tooltip: "For the deal team and Fabrikam",
    EncryptionEnabled: true,
    EncryptionProtectionType: "Template",
    EncryptionRightsDefinitions: "contoso.com:VIEW,EDIT,DOCEDIT;fabrikam.com:VIEW",
  })
  yield* twin.call(judy, "Set-LabelPolicy", { Identity: "Global", AddLabels: ["Deal"] })
  yield* twin.call(actor(alice), "protect-document", { file: "offer.docx", label: "Deal" })

  for (const [who, action] of [
    ["nina@fabrikam.com", "open"],
    ["nina@fabrikam.com", "print"],
    ["gus@gmail.com", "open"],
  ] as const) {
    const asked = { file: "offer.docx", action }
    const { decision } = yield* twin.call(actor(who), "open-document", asked)
    const { name, reason } = decidingGate(decision)
    console.log(`${who} ${action}: ${decision.outcome} (${name})\n  ${reason}`)
  }
})

await Effect.runPromise(program)
