import { type CryptoEvent, type CryptoServices, cryptoDomain, memoryServices } from "@twin/crypto"
import { type IdentityEvent, identityDomain, memberUser } from "@twin/identity"
import {
  type Actor,
  compose,
  days,
  decidingGate,
  defaultClient,
  defaultEra,
  type KernelEvent,
  kernelDomain,
  makeSimulation,
} from "@twin/kernel"
import { type MipEvent, mipDomain } from "@twin/mip"
import { Effect } from "effect"
import { type ExchangeEvent, type ExchangeWorld, exchangeDomain } from "../src/index.ts"

type AnyEvent = KernelEvent | CryptoEvent | IdentityEvent | MipEvent | ExchangeEvent
const domains = [cryptoDomain, identityDomain, mipDomain, exchangeDomain]
const composition = compose<ExchangeWorld, AnyEvent, CryptoServices>([
  kernelDomain(domains.flatMap(({ faults }) => faults)),
  ...domains,
])

const organization = {
  tenantId: "c0000000-0000-4000-8000-000000000001",
  displayName: "Contoso",
  initialDomain: "contoso.onmicrosoft.com",
  verifiedDomains: ["contoso.com"],
  createdAt: 0,
}
const user = memberUser({ id: "alice", userPrincipalName: "alice@contoso.com", displayName: "A" })
const gus = {
  address: "gus@gmail.com",
  displayName: "Gus",
  account: "google",
  aliases: [],
} as const

const someone = (id: string, ...roles: string[]): Actor => ({
  id,
  kind: id.endsWith("@contoso.com") ? "member" : "external",
  roles,
  client: defaultClient,
})

const program = Effect.gen(function* () {
  const services = yield* memoryServices
  const twin = yield* makeSimulation({ composition, seed: "docs", services, start: defaultEra })
  yield* twin.establish("Contoso", [
    { _tag: "OrganizationCreated", organization },
    { _tag: "UserCreated", user },
    { _tag: "PersonAdded", person: gus },
  ])
  const admin = someone("alice@contoso.com", "Exchange Administrator")
  yield* twin.call(admin, "New-OMEConfiguration", {
    Identity: "Customers",
    ExternalMailExpiryInDays: 7,
  })
  yield* twin.call(admin, "New-TransportRule", {
    Name: "Customers read in the portal",
    SentToScope: "NotInOrganization",
    ApplyRightsProtectionTemplate: "Encrypt",
    ApplyRightsProtectionCustomizationTemplate: "Customers",
  })
  const mail = { to: ["gus@gmail.com"], subject: "Offer", body: "4.2 million" }
  const sent = yield* twin.call(someone("alice@contoso.com"), "send-mail", mail)
  const message = sent.output[0]?.["id"]

  const read = Effect.gen(function* () {
    const { decision } = yield* twin.call(someone("gus@gmail.com"), "open-message", { message })
    const { name, reason } = decidingGate(decision)
    console.log(`${decision.outcome}: ${name}: ${reason}`)
  })
  yield* read
  yield* twin.call(someone("gus@gmail.com"), "sign-in-portal", { message })
  yield* read
  yield* twin.advance(days(7))
  yield* read
})

await Effect.runPromise(program)
