import { BlobStore, type CryptoServices, memoryServices, openAtRest } from "@twin/crypto"
import { rolesOf, userOf } from "@twin/identity"
import {
  type Actor,
  type CallResult,
  type Client,
  type Decision,
  decidingGate,
  defaultClient,
  type JournalRecord,
  type Mail,
  mailboxOf,
  makeSimulation,
  type Simulation,
} from "@twin/kernel"
import { Context, Effect } from "effect"
import { itemOf, SpoEvent, type SpoWorld } from "../src/index.ts"
import { baseline, composition, today, type WorldEvent } from "./baseline.ts"

export const addressOf = (who: string): string => (who.includes("@") ? who : `${who}@contoso.com`)

export const actorOf = (
  world: SpoWorld,
  who: string,
  now: number,
  client: Partial<Client> = {},
): Actor => {
  const id = addressOf(who)
  const user = userOf(world, id)
  return {
    id: who === "anonymous" ? "anonymous" : id,
    kind:
      who === "anonymous"
        ? "anonymous"
        : user === undefined
          ? "external"
          : user.userType === "Guest"
            ? "guest"
            : "member",
    roles: [...rolesOf(world, id, now)],
    client: { ...defaultClient, ...client },
  }
}

export interface Lab {
  readonly simulation: Simulation<SpoWorld, WorldEvent, CryptoServices>
  /** Acts as somebody by first name or address (or `anonymous`), with the roles in force now. */
  readonly as: (
    who: string,
    operation: string,
    params?: unknown,
    client?: Partial<Client>,
  ) => Effect.Effect<CallResult>
  /** The same, and it has to be allowed. */
  readonly does: Lab["as"]
  readonly world: Effect.Effect<SpoWorld>
  readonly now: Effect.Effect<number>
  readonly records: Effect.Effect<readonly JournalRecord[]>
  readonly mailbox: (owner: string) => Effect.Effect<readonly Mail[]>
  readonly wait: (millis: number) => Effect.Effect<readonly JournalRecord[]>
  readonly fault: (name: string, on?: boolean) => Effect.Effect<unknown>
  readonly given: (...events: readonly WorldEvent[]) => Effect.Effect<unknown>
  /** Grace changes the tenant. */
  readonly tenant: (params: Readonly<Record<string, unknown>>) => Effect.Effect<CallResult>
  /** Grace changes a site. */
  readonly site: (
    identity: string,
    params: Readonly<Record<string, unknown>>,
  ) => Effect.Effect<CallResult>
}

/** A tenant that runs, from the given moment on. */
export const makeLab = (
  options: {
    readonly start?: number
    readonly seed?: string
    readonly events?: readonly WorldEvent[]
  } = {},
): Effect.Effect<Lab> =>
  Effect.gen(function* () {
    const simulation = yield* makeSimulation({
      composition,
      seed: options.seed ?? "spo",
      services: yield* memoryServices,
      start: options.start ?? today,
    })
    yield* simulation.establish("baseline", [...baseline, ...(options.events ?? [])])
    const as: Lab["as"] = (who, operation, params = {}, client = {}) =>
      Effect.gen(function* () {
        const actor = actorOf(yield* simulation.world, who, yield* simulation.now, client)
        const result = yield* simulation.call(actor, operation, params)
        harmless(result, `${who} ${operation}`)
        return result
      }).pipe(Effect.orDie)
    const does: Lab["as"] = (who, operation, params = {}, client = {}) =>
      Effect.map(as(who, operation, params, client), (result) => {
        if (result.decision.outcome === "allow") return result
        throw new Error(`${who} cannot ${operation}: ${explained(result.decision)}`)
      })
    return {
      simulation,
      as,
      does,
      world: simulation.world,
      now: simulation.now,
      records: Effect.orDie(simulation.records),
      mailbox: (owner) =>
        Effect.gen(function* () {
          return mailboxOf(yield* simulation.mails, addressOf(owner), yield* simulation.now)
        }).pipe(Effect.orDie),
      wait: (millis) => Effect.orDie(simulation.advance(millis)),
      fault: (name, on = true) => does("ivan", "switch-fault", { fault: name, on }),
      given: (...events) => Effect.orDie(simulation.establish("given", events)),
      tenant: (params) => does("grace", "Set-SPOTenant", params),
      site: (Identity, params) => does("grace", "Set-SPOSite", { Identity, ...params }),
    } satisfies Lab
  }).pipe(Effect.orDie)

/** What an attempt that was not allowed may leave of this domain: a wrong try, a guest on demand. */
const traces: ReadonlySet<string> = new Set([
  "VerificationCodeMissed",
  "LinkMembersAdded",
  "SyncRunFailed",
])

/** In every test: what is not allowed hands nothing out and changes nothing of this domain. */
const harmless = ({ decision, output, record }: CallResult, what: string): void => {
  if (decision.outcome === "allow") return
  const changes = (record?.events ?? [])
    .map(({ _tag }) => _tag)
    .filter((tag) => tag === "LocalDocumentSaved" || Object.hasOwn(SpoEvent.cases, tag))
    .filter((tag) => !traces.has(tag))
  if (output.length > 0 || changes.length > 0) {
    throw new Error(
      `${what} was not allowed, and yet: ${changes.join(", ")} ${JSON.stringify(output)}`,
    )
  }
}

const explained = (decision: Decision): string => {
  const { name, reason, details } = decidingGate(decision)
  return `${decision.outcome} at ${name}: ${reason} ${JSON.stringify(details)}`
}

/** Outcome and deciding gate in one string: what a test asserts about a decision. */
export const verdict = ({ decision }: Pick<CallResult, "decision">): string =>
  decision.outcome === "allow" ? "allow" : `${decision.outcome} at ${decidingGate(decision).name}`

/** The last mail of a kind in somebody's mailbox. */
export const lastMail = (mails: readonly Mail[], kind: Mail["kind"]): Mail | undefined =>
  mails.findLast((it) => it.kind === kind)

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined")

/** A property of the first row that an operation answered. */
export const first = (result: CallResult, name: string): string => textOf(result.output[0]?.[name])

/** Names of the audit records that a call wrote. */
export const audited = ({ record }: CallResult): readonly string[] =>
  (record?.audit ?? []).map(({ Operation }) => Operation)

export const refusal = ({ decision }: Pick<CallResult, "decision">) =>
  decidingGate(decision).refusal

/** Everything that lies on disk, as one text. */
export const disk = (lab: Lab) =>
  Effect.gen(function* () {
    const { services } = yield* lab.simulation.checkpoint
    const store = Context.get(services.context, BlobStore)
    const bytes = yield* Effect.forEach(yield* store.list(), store.get)
    return bytes.map((it) => Buffer.from(it).toString("latin1")).join("\n")
  }).pipe(Effect.orDie)

/** The file as the service reads it: service encryption off, protection still on. */
export const atRest = (lab: Lab, name = "Plan.docx") =>
  Effect.gen(function* () {
    const { services, world } = yield* lab.simulation.checkpoint
    const objectId = itemOf(world, name)?.content?.objectId ?? ""
    return yield* Effect.provideContext(openAtRest(world, objectId), services.context)
  }).pipe(Effect.orDie)
