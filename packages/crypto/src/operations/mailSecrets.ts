import {
  type Actor,
  decideByGates,
  decidingGate,
  deny,
  gate,
  isFaultOn,
  isoOf,
  pass,
} from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import { evaluateDkmAccess, evaluateDkmUse, evaluateMembership } from "../decisions/dkmGates.ts"
import { type DkmSecret, dkmSecretIn } from "../dkm/DkmEvent.ts"
import { openSecret, rawSecret, writeSecret } from "../dkm/dkmSecret.ts"
import { accessOf, dkmRole } from "../Elevation.ts"
import { directoryUnavailable } from "../faults.ts"
import { KeyVault } from "../KeyVault.ts"
import {
  type CryptoEvent,
  type CryptoWorld,
  dataEncryptionPolicies,
  evolveCrypto,
} from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { internalEntry } from "./volumeOperation.ts"

const directoryThere = gate<{ readonly isAvailable: boolean }>()({
  name: "directory",
  facts: ["CRY-024"],
  reads: ["isAvailable"],
  check: ({ isAvailable }) =>
    isAvailable
      ? pass("The service keeps the password of the other account under its current key.")
      : deny("The directory does not answer: the service keeps nothing it cannot protect."),
})

export const connectAccount = cryptoOperation({
  name: "connect-account",
  summary: "Somebody lets the mailbox fetch mail from an account elsewhere; its password is kept.",
  params: Schema.Struct({
    provider: Schema.Literals(["Hotmail", "Gmail", "Yahoo"]).annotate({
      description: "Where the other account is",
    }),
    account: text("Address of the other account"),
    password: text("Its password, which the service keeps encrypted"),
  }),
  facts: ["CRY-024"],
  secrets: ["password"],
  decide: ({ world, actor, now: at }, { provider, account, password }) =>
    Effect.gen(function* () {
      const isAvailable = !isFaultOn(world, directoryUnavailable)
      const decision = decideByGates([directoryThere], { isAvailable })
      if (decision.outcome !== "allow") return { decision }
      const secretId = `${actor.id}/${account.toLowerCase()}`
      const secret = {
        secretId,
        kind: "ConnectedAccountCredential",
        owner: actor.id,
        provider,
      } as const
      const plaintext = Buffer.from(password)
      const events = yield* writeSecret(world, { ...secret, plaintext, at })
      return { decision, events, output: [{ id: secretId, provider, owner: actor.id }] }
    }),
})

/** Whether an actor stands in the group now: as a service account of it, or through an elevation. */
const isMember = (world: CryptoWorld, actor: Actor): boolean => {
  const access = accessOf(actor, dkmRole)
  if (access === "elevated" || actor.kind === "system") return true
  return access === "service" && world.crypto.dkm.members.includes(actor.id)
}

const evolved = (world: CryptoWorld, events: readonly CryptoEvent[]): CryptoWorld => ({
  ...world,
  crypto: events.reduce(evolveCrypto, world.crypto),
})

/**
 * Exchange's availability keys are kept under the group's keys, too (CRY-024, CRY-088): the copy is
 * written when somebody first asks for it. Not SharePoint's, which has a store of its own.
 */
const keptAvailabilityKey = Effect.fnUntraced(function* (
  world: CryptoWorld,
  secretId: string,
  at: number,
) {
  const policy = dataEncryptionPolicies(world).find((it) => it.availabilityKeyId === secretId)
  const isWritten = dkmSecretIn(world.crypto.dkm, secretId) !== undefined
  if (policy === undefined || policy.kind === "SharePointGeo" || isWritten) return []
  const vault = yield* KeyVault
  const key = yield* Effect.option(vault.symmetricKey(secretId))
  if (Option.isNone(key)) return []
  const owner = policy.name
  const secret = { secretId, kind: "AvailabilityKey", owner, provider: "Exchange" } as const
  return yield* writeSecret(world, { ...secret, plaintext: key.value, at })
})

/** The secret as whoever asks gets to see it: never the text itself. */
const sightOf = (secret: DkmSecret, opened: Option.Option<Uint8Array>, contains?: string) => ({
  id: secret.secretId,
  kind: secret.kind,
  owner: secret.owner,
  key: secret.keyId,
  canRead: Option.isSome(opened),
  ...(contains === undefined
    ? {}
    : { containsText: Option.exists(opened, (it) => Buffer.from(it).includes(contains)) }),
})

export const openMailSecret = cryptoOperation({
  name: "open-mail-secret",
  summary: "Somebody uses the group's keys to decrypt a secret that the mail service keeps.",
  params: Schema.Struct({
    secret: text("Id of the secret, as connecting the account gave it"),
    contains: Schema.optionalKey(text("A text to search for in what is decrypted")),
  }),
  facts: ["CRY-019", "CRY-020", "CRY-021", "CRY-022", "CRY-023"],
  secrets: ["contains"],
  decide: ({ world, actor, now: at }, { secret: secretId, contains }) =>
    Effect.gen(function* () {
      const kept = yield* keptAvailabilityKey(world, secretId, at)
      const secret = dkmSecretIn(evolved(world, kept).crypto.dkm, secretId)
      const facets = {
        isSecret: secret !== undefined,
        isDirectoryAvailable: !isFaultOn(world, directoryUnavailable),
        access: accessOf(actor, dkmRole),
        isMember: isMember(world, actor),
      }
      const before = evaluateDkmAccess({ ...facets, hasOpened: false })
      const by = actor.id
      if (secret === undefined || before.outcome !== "allow") {
        const gateName = decidingGate(before).name
        const refused: CryptoEvent = { _tag: "DkmAccessRefused", secretId, by, gate: gateName, at }
        return {
          decision: before,
          events: [...kept, refused],
          audit: [internalEntry("open-mail-secret", secretId, before)],
        }
      }
      const opened = yield* openSecret(secret)
      const decision = evaluateDkmUse({ ...facets, hasOpened: Option.isSome(opened) })
      const used: CryptoEvent = { _tag: "DkmSecretOpened", secretId, by, at }
      return {
        decision,
        events: decision.outcome === "allow" ? [...kept, used] : kept,
        output: [sightOf(secret, opened, contains)],
        audit: [internalEntry("open-mail-secret", secretId, decision)],
      }
    }),
})

export const joinKeyGroup = cryptoOperation({
  name: "join-key-group",
  summary: "An account is put into the group whose members read the keys of mail secrets.",
  params: Schema.Struct({ account: text("Account to add, e.g. svc-exchange-store") }),
  facts: ["CRY-019", "CRY-020"],
  decide: ({ actor, now: at }, { account: given }) => {
    const account = given.toLowerCase()
    const decision = evaluateMembership({
      access: accessOf(actor, dkmRole),
      isServiceAccount: /^svc-[a-z0-9-]+$/.test(account),
    })
    const added: CryptoEvent = { _tag: "DkmMemberAdded", account, at }
    return {
      decision,
      events: decision.outcome === "allow" ? [added] : [],
      audit: [internalEntry("join-key-group", account, decision)],
    }
  },
})

const keysListed = gate<object>()({
  name: "keys-listed",
  facts: ["CRY-023"],
  reads: [],
  check: () => pass("Which keys there are may be known; the keys themselves are never shown."),
})

export const listMailKeys = cryptoOperation({
  name: "Get-DkmKey",
  summary:
    "Lists the keys of mail secrets with the members of their group and what each one protects.",
  params: Schema.Struct({}),
  facts: ["CRY-019", "CRY-023", "CRY-024"],
  isReadOnly: true,
  decide: ({ world }) => {
    const { keys, members, secrets } = world.crypto.dkm
    const output = keys.map(({ keyId, createdAt, archivedAt }) => ({
      Key: keyId,
      Status: archivedAt === undefined ? "Current" : "Archived",
      CreatedAt: isoOf(createdAt),
      ArchivedAt: archivedAt === undefined ? "" : isoOf(archivedAt),
      Secrets: Object.values(secrets).filter((it) => it.keyId === keyId).length,
      Members: members.toSorted(),
    }))
    return { decision: decideByGates([keysListed], {}), output }
  },
})

const rawLook = gate<{ readonly isSecret: boolean }>()({
  name: "dkm-secret",
  facts: ["CRY-018", "CRY-024"],
  reads: ["isSecret"],
  check: ({ isSecret }) =>
    isSecret
      ? deny("On the disk the secret is ciphertext, and the key lies in the directory.")
      : deny("No secret of this name is kept."),
})

export const inspectMailSecret = cryptoOperation({
  name: "inspect-mail-secret",
  summary: "Looks at a mail secret as it lies on the disk, without any key.",
  params: Schema.Struct({
    secret: text("Id of the secret"),
    contains: Schema.optionalKey(text("A text to search for in the stored bytes")),
  }),
  facts: ["CRY-024"],
  isReadOnly: true,
  secrets: ["contains"],
  decide: ({ world }, { secret: secretId, contains }) =>
    Effect.gen(function* () {
      const isSecret = dkmSecretIn(world.crypto.dkm, secretId) !== undefined
      const bytes = Buffer.from(yield* rawSecret(secretId))
      const seen = contains === undefined ? {} : { containsText: bytes.includes(contains) }
      const decision = decideByGates([rawLook], { isSecret })
      const output = [{ id: secretId, bytes: bytes.length, canRead: false, ...seen }]
      return isSecret ? { decision, output } : { decision }
    }),
})
