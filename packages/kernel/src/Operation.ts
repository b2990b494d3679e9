import { Effect, Schema, SchemaIssue } from "effect"
import type { Actor } from "./Actor.ts"
import type { AuditEntry } from "./AuditRecord.ts"
import { andThen, type Decision, type Refusal } from "./Decision.ts"
import type { Draw } from "./Draw.ts"
import { ParametersInvalid } from "./Errors.ts"
import type { FactId } from "./FactId.ts"
import { decideByGates, deny, gate, pass } from "./GateRule.ts"
import type { OutgoingMail } from "./Mail.ts"

/** Who calls, when, and what the world looks like at that moment. */
export interface Call<out World> {
  readonly world: World
  readonly actor: Actor
  /** Epoch milliseconds of the tenant's clock. */
  readonly now: number
  readonly draw: Draw
}

/** A row that a cmdlet prints or an action hands back: property names to plain values. */
export type OutputObject = Readonly<Record<string, Schema.Json>>

/** Everything an operation answers with. A refusal has events, too, where the attempt leaves a trace. */
export interface Ruling<out Event> {
  readonly decision: Decision
  readonly events?: readonly Event[]
  readonly output?: readonly OutputObject[]
  readonly audit?: readonly AuditEntry[]
  readonly mail?: readonly OutgoingMail[]
  /** Printed like a PowerShell warning: allowed, but look here. */
  readonly warnings?: readonly string[]
  /** What the cmdlet leaves in variables of the script, by name: `-CountVariable` asks for one. */
  readonly variables?: OutputObject
}

/** How PowerShell binds parameters beyond their names and types. Names are those of the schema. */
export interface Binding {
  /** Parameters that may be given by position, in order. */
  readonly positional?: readonly string[]
  /** Boolean parameters that are switches: present means true. */
  readonly switches?: readonly string[]
  /** Other name -> parameter. */
  readonly aliases?: Readonly<Record<string, string>>
  /** The parameter that takes a piped object by value or by property name. */
  readonly pipeline?: string
}

/** Fields of plain data: reading them needs no services. */
export interface PlainFields {
  readonly [name: PropertyKey]: Schema.ConstraintDecoder<unknown>
}

/** A struct of plain data. */
export type PlainStruct<F extends Schema.Struct.Fields> = Schema.Struct<F> &
  Schema.ConstraintDecoder<Schema.Struct<F>["Type"]>

/** What every surface (PowerShell, scenario steps, JSON Schema, help) derives from. */
export interface OperationInfo {
  /** A cmdlet name (`Set-SPOTenant`) or a verb-noun in lower case (`share-file`). */
  readonly name: string
  /** `cmdlet`: typed in PowerShell. `action`: done by a person, in a step of a scenario. */
  readonly kind: "cmdlet" | "action"
  /** One sentence for help and editors. */
  readonly summary: string
  readonly params: PlainStruct<Schema.Struct.Fields>
  /** Any one of these admits the actor; empty: anybody may try, the gates decide. */
  readonly roles: readonly string[]
  readonly facts: readonly [FactId, ...FactId[]]
  readonly binding: Binding
  /** Reads only: never journalled. */
  readonly isReadOnly: boolean
  /** Parameters whose values the journal never sees: passwords, codes, the text of a document. */
  readonly secrets?: readonly string[]
  /**
   * Roles of the directory that its own gates accept, where `roles` is empty because something else
   * admits as well. For reports: it decides nothing.
   */
  readonly acceptedRoles?: readonly string[]
  /** Takes the place of the operation of this name in a domain below, and does what that one does. */
  readonly extendsBelow?: boolean
}

/** One operation of a domain, with its parameter type closed over. */
export interface Operation<in World, out Event, out R = never> extends OperationInfo {
  /** Decodes the parameters, asks for the role, then decides. Changes nothing. */
  readonly rule: (
    call: Call<World>,
    params: unknown,
  ) => Effect.Effect<Ruling<Event>, ParametersInvalid, R>
}

type Fields = Schema.Struct.Fields
type Params<F extends Fields> = Schema.Struct<F>["Type"]

/** An operation as a domain writes it. Optional things have sensible defaults. */
export interface OperationSpec<World, Event, F extends Fields, R> {
  readonly name: string
  readonly kind?: "cmdlet" | "action"
  readonly summary: string
  readonly params: PlainStruct<F>
  readonly roles?: readonly string[]
  /** What the service says to somebody without the role. */
  readonly roleRefusal?: Refusal
  readonly facts: readonly [FactId, ...FactId[]]
  readonly binding?: Binding
  readonly isReadOnly?: boolean
  readonly secrets?: readonly string[]
  readonly acceptedRoles?: readonly string[]
  readonly extendsBelow?: boolean
  /**
   * Pure where it can be. Operations on keys and stored bytes return an Effect that needs the
   * services; their gates are pure all the same.
   */
  readonly decide: (
    call: Call<World>,
    params: Params<F>,
  ) => Ruling<Event> | Effect.Effect<Ruling<Event>, never, R>
}

const toIssues = SchemaIssue.makeFormatterStandardSchemaV1()
const strict = { errors: "all", onExcessProperty: "error" } as const

interface RoleFacets {
  readonly roleHeld: string
  readonly rolesAccepted: string
}

const roleGate = (facts: OperationInfo["facts"], refusal: Refusal | undefined) =>
  gate<RoleFacets>()({
    name: "role",
    facts,
    reads: ["roleHeld", "rolesAccepted"],
    check: ({ roleHeld, rolesAccepted }) =>
      roleHeld === ""
        ? deny(
            "The operation needs a role that is not active for this account.",
            { rolesAccepted },
            refusal ?? {
              code: "AccessDenied",
              message: "Access is denied. You do not have permission to perform this operation.",
            },
          )
        : pass("The account holds a role that may do this.", { roleHeld }),
  })

/** Reads what was given as the parameters say, or tells everything about it that does not fit. */
export const parameterReader = <F extends Fields>(name: string, params: PlainStruct<F>) => {
  const decode = Schema.decodeUnknownEffect(params)
  return (raw: unknown): Effect.Effect<Params<F>, ParametersInvalid> =>
    decode(raw, strict).pipe(
      Effect.mapError(
        ({ issue }) =>
          new ParametersInvalid({
            operation: name,
            issues: toIssues(issue).issues.map(({ message, path = [] }) => ({
              path: path.map((it) => (typeof it === "object" ? String(it.key) : String(it))),
              message,
            })),
          }),
      ),
    )
}

/** Makes an operation out of its description. The name tells the kind: cmdlets are `Verb-Noun`. */
export const operation = <World, Event, F extends Fields, R = never>(
  spec: OperationSpec<World, Event, F, R>,
): Operation<World, Event, R> => {
  const {
    name,
    summary,
    params,
    roles = [],
    facts,
    binding = {},
    isReadOnly = false,
    secrets = [],
    acceptedRoles = roles,
    extendsBelow = false,
  } = spec
  const read = parameterReader(name, params)
  const asksRole = roleGate(facts, spec.roleRefusal)
  const decideRole = (actor: Actor): Decision =>
    decideByGates([asksRole], {
      roleHeld: roles.find((role) => actor.roles.includes(role)) ?? "",
      rolesAccepted: roles.join(", "),
    })
  return {
    name,
    kind: spec.kind ?? (/^[A-Z]/.test(name) ? "cmdlet" : "action"),
    summary,
    params,
    roles,
    facts,
    binding,
    isReadOnly,
    secrets,
    acceptedRoles,
    extendsBelow,
    rule: Effect.fnUntraced(function* (call, raw) {
      const given = yield* read(raw)
      if (roles.length === 0) return yield* settle(spec.decide(call, given))
      const role = decideRole(call.actor)
      if (role.outcome !== "allow") return { decision: role }
      const ruling = yield* settle(spec.decide(call, given))
      return { ...ruling, decision: andThen(role, () => ruling.decision) }
    }),
  }
}

const settle = <Event, R>(
  answer: Ruling<Event> | Effect.Effect<Ruling<Event>, never, R>,
): Effect.Effect<Ruling<Event>, never, R> =>
  Effect.isEffect(answer) ? answer : Effect.succeed(answer)
