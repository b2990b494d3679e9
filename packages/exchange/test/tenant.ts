import { assert } from "@effect/vitest"
import {
  BlobStore,
  type CryptoEvent,
  type CryptoServices,
  cryptoDomain,
  KeyVault,
  memoryServices,
  openAtRest,
} from "@twin/crypto"
import {
  assignedGroup,
  type IdentityEvent,
  identityDomain,
  memberUser,
  microsoftAccountTenantId,
  type Person,
  untouchedPolicy,
} from "@twin/identity"
import {
  type Actor,
  type Client,
  compose,
  type Decision,
  decidingGate,
  defaultEra,
  type Gate,
  type KernelEvent,
  kernelDomain,
  type Mail,
  mailboxOf,
  makeSimulation,
  type OutputObject,
  type Services,
  seededBytes,
} from "@twin/kernel"
import {
  type MipEvent,
  makeLabel,
  makeLabelEncryption,
  makeLabelPolicy,
  mipDomain,
  rightsOfLevel,
} from "@twin/mip"
import { Context, Effect, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import { type ExchangeEvent, type ExchangeWorld, exchangeDomain, messageOf } from "../src/index.ts"

type AnyEvent = KernelEvent | CryptoEvent | IdentityEvent | MipEvent | ExchangeEvent

const domains = [cryptoDomain, identityDomain, mipDomain, exchangeDomain]

/** Everything up to this package, as the tenant composes it. */
export const composition = compose<ExchangeWorld, AnyEvent, CryptoServices>([
  kernelDomain(domains.flatMap((it) => it.faults)),
  ...domains,
])

export const contosoId = "c0000000-0000-4000-8000-000000000001"
export const fabrikamId = "f0000000-0000-4000-8000-000000000001"
const idOf = (name: string, prefix = "a"): string =>
  `${prefix}0000000-0000-4000-8000-${Buffer.from(name).toString("hex").padStart(12, "0").slice(0, 12)}`

const names = ["alice", "bob", "carol", "dave", "erin", "mallory", "heidi", "ivan", "judy"]

const person = (
  address: string,
  account: Person["account"],
  more: Partial<Person> = {},
): IdentityEvent => ({
  _tag: "PersonAdded",
  person: {
    address,
    displayName: address,
    account,
    aliases: [],
    ...(account === "entra" ? { homeTenant: fabrikamId } : {}),
    ...(account === "microsoft-account" ? { homeTenant: microsoftAccountTenantId } : {}),
    ...more,
  },
})

const people: readonly IdentityEvent[] = [
  {
    _tag: "OrganizationCreated",
    organization: {
      tenantId: contosoId,
      displayName: "Contoso",
      initialDomain: "contoso.onmicrosoft.com",
      verifiedDomains: ["contoso.com"],
      createdAt: 0,
    },
  },
  {
    _tag: "ForeignOrganizationAdded",
    organization: {
      tenantId: fabrikamId,
      displayName: "Fabrikam",
      initialDomain: "fabrikam.onmicrosoft.com",
      verifiedDomains: ["fabrikam.com"],
      crossTenantAccess: untouchedPolicy,
    },
  },
  ...names.map(
    (name): IdentityEvent => ({
      _tag: "UserCreated",
      user: memberUser({
        id: idOf(name),
        userPrincipalName: `${name}@contoso.com`,
        displayName: name,
        ...(name === "bob"
          ? { proxyAddresses: ["SMTP:bob@contoso.com", "smtp:legal@contoso.com"] }
          : {}),
      }),
    }),
  ),
  person("nina@fabrikam.com", "entra"),
  person("oscar@fabrikam.com", "entra"),
  person("zoe@outlook.com", "microsoft-account", { aliases: ["zoe.lee@outlook.com"] }),
  person("gus@gmail.com", "google"),
  person("yara@yahoo.com", "mail-only"),
  person("pat@mailbox.example", "mail-only"),
  person("archive@archive.example", "mail-only"),
  {
    _tag: "GroupCreated",
    group: assignedGroup({
      id: idOf("fin", "b"),
      displayName: "Finance",
      mail: "finance@contoso.com",
    }),
  },
  { _tag: "GroupMemberAdded", groupId: idOf("fin", "b"), memberId: idOf("alice"), at: 0 },
  { _tag: "GroupMemberAdded", groupId: idOf("fin", "b"), memberId: idOf("carol"), at: 0 },
]

export const labelIds = {
  internal: idOf("int", "1"),
  forwardable: idOf("fwd", "1"),
  udpEncrypt: idOf("udp", "1"),
  plain: idOf("pla", "1"),
}

const labels = [
  makeLabel({ id: labelIds.plain, name: "General", priority: 0 }),
  makeLabel({
    id: labelIds.internal,
    name: "Confidential",
    priority: 1,
    encryption: makeLabelEncryption({
      protectionType: "Template",
      templateId: idOf("int", "2"),
      grants: [{ who: "contoso.com", rights: rightsOfLevel("Editor") }],
    }),
  }),
  makeLabel({
    id: labelIds.udpEncrypt,
    name: "Recipients Only",
    priority: 2,
    encryption: makeLabelEncryption({ protectionType: "UserDefined", encryptOnly: true }),
  }),
]

const labelling: readonly MipEvent[] = [
  ...labels.map((label): MipEvent => ({ _tag: "LabelCreated", label })),
  {
    _tag: "TemplateStored",
    template: {
      templateId: idOf("int", "2"),
      name: "Confidential",
      description: "",
      status: "Published",
      grants: [{ who: "contoso.com", rights: rightsOfLevel("Editor") }],
      contentExpiry: { _tag: "Never" },
      licenceValidityDays: -1,
      scopedIdentities: [],
      isReadOnly: false,
      labelId: labelIds.internal,
    },
  },
  {
    _tag: "LabelPolicyCreated",
    policy: makeLabelPolicy({
      id: idOf("pol", "3"),
      name: "Global",
      labels: labels.map(({ id }) => id),
    }),
  },
]

export const baseline: ExchangeWorld = [...people, ...labelling].reduce(
  composition.evolve,
  composition.initial,
)

export const actor = (
  name: string,
  app: Client["app"] = "browser",
  roles: readonly string[] = [],
): Actor => ({
  id: name.includes("@") ? name : `${name}@contoso.com`,
  kind: name.includes("@") ? "external" : "member",
  roles,
  client: { app, device: "managed", ipAddress: "203.0.113.10" },
})

export const heidi = actor("heidi", "powershell", ["Exchange Administrator"])
export const ivan = actor("ivan", "powershell", ["Global Administrator"])

/** A tenant in which calls follow each other, with shorthands for what tests ask most. */
export interface Tenant {
  readonly call: (
    who: Actor,
    operation: string,
    params: object,
  ) => Effect.Effect<{
    readonly decision: Decision
    readonly output: readonly OutputObject[]
    readonly warnings: readonly string[]
  }>
  /** The first row of what was allowed; fails the test on a refusal. */
  readonly allow: (who: Actor, operation: string, params: object) => Effect.Effect<OutputObject>
  /** The gate that did not pass; fails the test where all did. */
  readonly refuse: (who: Actor, operation: string, params: object) => Effect.Effect<Gate>
  readonly admin: (operation: string, params: object) => Effect.Effect<OutputObject>
  readonly send: (who: Actor, params: object) => Effect.Effect<string>
  readonly wait: (millis: number) => Effect.Effect<void>
  readonly world: Effect.Effect<ExchangeWorld>
  readonly now: Effect.Effect<number>
  readonly mailbox: (owner: string) => Effect.Effect<readonly Mail[]>
  readonly lastMail: (owner: string) => Effect.Effect<Mail>
  readonly audit: Effect.Effect<readonly Readonly<Record<string, unknown>>[]>
  readonly journal: Effect.Effect<string>
  readonly blobs: Effect.Effect<ReadonlyMap<string, Uint8Array>>
  /** What lies at rest, unsealed by the service but not unprotected. */
  readonly unsealed: (objectId: string) => Effect.Effect<Uint8Array | undefined>
  readonly fault: (name: string, on?: boolean) => Effect.Effect<void>
  /** Runs with the keys and bytes of somebody else. */
  readonly elsewhere: <A, E>(
    effect: Effect.Effect<A, E, CryptoServices>,
    services: Services<CryptoServices>,
  ) => Effect.Effect<A, E>
}

/** Key pairs take most of the time of a test: those of the usual people are made once. */
const warm: { services?: Services<CryptoServices> } = {}
const usualKeys = [
  "rms-tenant-key/microsoft-managed",
  ...["alice", "bob", "carol"].map((it) => `account-key/${it}@contoso.com`),
  ...["nina@fabrikam.com", "oscar@fabrikam.com", "zoe@outlook.com", "gus@gmail.com"].map(
    (it) => `account-key/${it}`,
  ),
  "account-key/pat@mailbox.example",
  `account-key/microsoftrmsonline@${contosoId}.rms.eu.aadrm.com`,
]
const warmServices: Effect.Effect<Services<CryptoServices>> = Effect.gen(function* () {
  if (warm.services === undefined) {
    const services = yield* memoryServices
    const make = Effect.gen(function* () {
      const vault = yield* KeyVault
      for (const keyId of usualKeys) yield* vault.createKeyPair(keyId)
    })
    yield* Effect.provideContext(make, contextOf(services, "warm"))
    warm.services = services
  }
  return yield* warm.services.copy
})

const contextOf = (services: Services<CryptoServices>, seed: string) =>
  Context.add(
    services.context,
    SecureRandom.SecureRandom,
    SecureRandom.make(seededBytes(seed)),
  ) as Context.Context<CryptoServices>

export const makeTenant = (
  options: { readonly seed?: string; readonly start?: number; readonly world?: ExchangeWorld } = {},
): Effect.Effect<Tenant> =>
  Effect.gen(function* () {
    const { seed = "tenant", start = defaultEra, world = baseline } = options
    const services = yield* warmServices
    const simulation = yield* makeSimulation({
      composition: { ...composition, initial: world },
      seed,
      services,
      start,
    })
    const context = contextOf(services, "look")
    const call: Tenant["call"] = (who, operation, params) =>
      Effect.orDie(simulation.call(who, operation, params))
    const allow: Tenant["allow"] = Effect.fnUntraced(function* (who, operation, params) {
      const { decision, output } = yield* call(who, operation, params)
      const { name, reason, details } = decidingGate(decision)
      assert.strictEqual(
        decision.outcome,
        "allow",
        `${operation}: ${name}: ${reason} ${JSON.stringify(details)}`,
      )
      return output[0] ?? {}
    })
    const mails = Effect.orDie(simulation.mails)
    const records = Effect.orDie(simulation.records)
    const mailbox: Tenant["mailbox"] = (owner) =>
      Effect.gen(function* () {
        return mailboxOf(yield* mails, owner, yield* simulation.now)
      })
    return {
      call,
      allow,
      refuse: Effect.fnUntraced(function* (who, operation, params) {
        const { decision } = yield* call(who, operation, params)
        assert.notStrictEqual(decision.outcome, "allow", operation)
        return decidingGate(decision)
      }),
      admin: (operation, params) => allow(heidi, operation, params),
      send: (who, params) => Effect.map(allow(who, "send-mail", params), ({ id }) => id as string),
      wait: (millis) => Effect.asVoid(Effect.orDie(simulation.advance(millis))),
      world: simulation.world,
      now: simulation.now,
      mailbox,
      lastMail: (owner) =>
        Effect.map(mailbox(owner), (all) => {
          const last = all.at(-1)
          assert.isDefined(last, `no mail for ${owner}`)
          return last
        }),
      audit: Effect.map(records, (all) => all.flatMap(({ audit }) => audit)),
      journal: Effect.map(records, (all) => JSON.stringify(all)),
      blobs: Effect.gen(function* () {
        const store = yield* BlobStore
        const found = new Map<string, Uint8Array>()
        for (const id of yield* store.list()) found.set(id, yield* Effect.orDie(store.get(id)))
        return found
      }).pipe(Effect.provideContext(context)),
      unsealed: (objectId) =>
        Effect.gen(function* () {
          const bytes = yield* Effect.option(openAtRest(yield* simulation.world, objectId))
          return Option.getOrUndefined(bytes)
        }).pipe(Effect.provideContext(context)),
      elsewhere: (effect, other) => Effect.provideContext(effect, contextOf(other, "elsewhere")),
      fault: (fault, on = true) => Effect.asVoid(call(ivan, "switch-fault", { fault, on })),
    }
  })

/** The message of a test, which must be there. */
export const theMessage = (world: ExchangeWorld, id: string) => {
  const message = messageOf(world, id)
  if (message === undefined) throw new Error(`no message ${id}`)
  return message
}
