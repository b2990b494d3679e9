import { type CryptoEvent, type CryptoServices, cryptoDomain, memoryServices } from "@twin/crypto"
import {
  compose,
  decidingGate,
  defaultClient,
  instant,
  type KernelEvent,
  kernelDomain,
  mailboxOf,
  makeSimulation,
} from "@twin/kernel"
import { Effect } from "effect"
import { type IdentityEvent, type IdentityWorld, identityDomain, memberUser } from "../src/index.ts"

const start = instant("2026-09-01T08:00:00Z")
const pat = "pat@mailbox.example"

// A tenant starts as a list of events: Contoso with one member, and Pat, who has a mailbox only.
const events: readonly IdentityEvent[] = [
  {
    _tag: "OrganizationCreated",
    organization: {
      tenantId: "11111111-1111-4111-8111-111111111111",
      displayName: "Contoso",
      initialDomain: "contoso.onmicrosoft.com",
      verifiedDomains: ["contoso.com"],
      createdAt: start,
    },
  },
  {
    _tag: "UserCreated",
    user: memberUser({ id: "alice", userPrincipalName: "alice@contoso.com", displayName: "Alice" }),
  },
  {
    _tag: "PersonAdded",
    person: { address: pat, displayName: "Pat", account: "mail-only", aliases: [] },
  },
]

const story = Effect.gen(function* () {
  type Event = CryptoEvent | IdentityEvent | KernelEvent
  const composition = compose<IdentityWorld, Event, CryptoServices>([
    kernelDomain([...cryptoDomain.faults, ...identityDomain.faults]),
    cryptoDomain,
    identityDomain,
  ])
  const services = yield* memoryServices
  const twin = yield* makeSimulation({ composition, seed: "example", start, services })
  yield* twin.establish("contoso", events)

  const act = Effect.fnUntraced(function* (who: string, operation: string, params: object = {}) {
    const kind = who === pat ? "external" : "member"
    const actor = { id: who, kind, roles: [], client: defaultClient } as const
    const { decision } = yield* twin.call(actor, operation, params)
    console.log(`${operation}: ${decision.outcome}. ${decidingGate(decision).reason}`)
  })
  const newestMail = Effect.map(Effect.all([twin.mails, twin.now]), ([mails, now]) =>
    mailboxOf(mails, pat, now).at(-1),
  )

  yield* act("alice@contoso.com", "invite-guest", { address: pat })
  yield* act(pat, "redeem-invitation")
  yield* act(pat, "request-passcode")
  const code = (yield* newestMail)?.code
  yield* act(pat, "enter-passcode", { code })
  yield* act(pat, "enter-passcode", { code })
  yield* act(pat, "redeem-invitation")
  yield* twin.advance(24 * 3_600_000)
  yield* act(pat, "sign-in", { app: "SharePoint" })
})

await Effect.runPromise(story)
