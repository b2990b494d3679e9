import { type CryptoEvent, type CryptoServices, cryptoDomain, memoryServices } from "@twin/crypto"
import { type IdentityEvent, identityDomain, memberUser } from "@twin/identity"
import {
  type Actor,
  compose,
  decidingGate,
  defaultClient,
  instant,
  type KernelEvent,
  kernelDomain,
  makeSimulation,
} from "@twin/kernel"
import { type MipEvent, mipDomain } from "@twin/mip"
import { type SpoEvent, type SpoWorld, spoDomain } from "@twin/spo"
import { Effect } from "effect"

type Event = KernelEvent | CryptoEvent | IdentityEvent | MipEvent | SpoEvent
const domains = [cryptoDomain, identityDomain, mipDomain, spoDomain]
const composition = compose<SpoWorld, Event, CryptoServices>([
  kernelDomain(domains.flatMap((it) => it.faults)),
  ...domains,
])

const url = "https://contoso.sharepoint.com/sites/launch"
const alice = "alice@contoso.com"
const pat = "pat@mailbox.example"
const baseline: readonly Event[] = [
  {
    _tag: "OrganizationCreated",
    organization: {
      tenantId: "contoso",
      displayName: "Contoso",
      initialDomain: "contoso.onmicrosoft.com",
      verifiedDomains: ["contoso.com"],
      createdAt: 0,
    },
  },
  {
    _tag: "UserCreated",
    user: memberUser({ id: "alice", userPrincipalName: alice, displayName: "Alice" }),
  },
  {
    _tag: "PersonAdded",
    person: { address: pat, displayName: "Pat", account: "mail-only", aliases: [] },
  },
  {
    _tag: "SiteCreated",
    site: {
      url,
      title: "Launch",
      kind: "TeamNoGroup",
      owner: alice,
      admins: [alice],
      requested: { SharingCapability: "ExternalUserSharingOnly" },
      assignments: [],
      createdAt: 0,
    },
  },
]

const as = (id: string, kind: Actor["kind"], roles: readonly string[] = []): Actor => ({
  id,
  kind,
  roles,
  client: defaultClient,
})

const program = Effect.gen(function* () {
  const services = yield* memoryServices
  // In 2019 SharePoint itself proved who an outsider is, by a code.
  const start = instant("2019-03-01T09:00:00Z")
  const twin = yield* makeSimulation({ composition, seed: "demo", services, start })
  yield* twin.establish("baseline", baseline)

  const step = Effect.fnUntraced(function* (actor: Actor, operation: string, params: object) {
    const result = yield* twin.call(actor, operation, params)
    const { name, reason } = decidingGate(result.decision)
    console.log(`${operation}: ${result.decision.outcome} (${name})\n  ${reason}`)
    return result
  })

  const owner = as(alice, "member")
  const outsider = as(pat, "external")
  const file = "Plan.docx"
  yield* step(owner, "upload-file", { site: url, file, content: "Launch on 1 October" })
  const wish = { file, to: [pat], scope: "users", role: "view" }
  const shared = yield* step(owner, "share-file", wish)
  const link = shared.output[0]?.["link"]
  yield* step(outsider, "open-file", { link })
  yield* step(outsider, "request-code", { link })
  const code = (yield* twin.mails).at(-1)?.code
  yield* step(outsider, "enter-code", { link, code })
  const opened = yield* step(outsider, "open-file", { link })
  console.log(`  ${JSON.stringify(opened.output[0]?.["text"])}`)

  const admin = as("grace@contoso.com", "member", ["SharePoint Administrator"])
  yield* step(admin, "Set-SPOTenant", { SharingCapability: "ExistingExternalUserSharingOnly" })
  yield* step(outsider, "open-file", { link })
})

await Effect.runPromise(program)
