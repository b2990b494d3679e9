import { Effect, Schema, SchemaAST } from "effect"
import { andThen, type Decision } from "./Decision.ts"
import { ParametersInvalid } from "./Errors.ts"
import {
  type Binding,
  type Call,
  type Operation,
  type OutputObject,
  type PlainFields,
  type PlainStruct,
  parameterReader,
  type Ruling,
} from "./Operation.ts"

type Field = PlainFields[string]

/** Parameters by name, as somebody gave them. */
export type Given = Readonly<Record<string, Schema.Json>>

/** How a cmdlet does what another one does: other names, fewer parameters, a binding of its own. */
export interface Derivation<World> {
  readonly name: string
  readonly summary: string
  /** Parameter here -> parameter of the source. What is not listed is not known here. */
  readonly params: Readonly<Record<string, string>>
  /** Parameters that have to be given here, though the source could do without. */
  readonly mandatory?: readonly string[]
  /** Parameters that the source does not have under any name; `request` or `output` read them. */
  readonly own?: PlainFields
  /** By the names used here; nothing is inherited. */
  readonly binding?: Binding
  /** Asked before the source decides anything. */
  readonly asks?: (call: Call<World>, given: Given) => Decision
  /** The world as the source sees it, where the module differs in what it brings along. */
  readonly call?: (call: Call<World>) => Call<World>
  /** What goes to the source, out of what was given here under the source's names. */
  readonly request?: (renamed: Given, given: Given) => Given
  /** What is printed, out of what the source prints where it allows. */
  readonly output?: (
    rows: readonly OutputObject[],
    given: Given,
    call: Call<World>,
  ) => readonly OutputObject[]
  /** Warnings beside those of the source, by what is printed in the end. */
  readonly warnings?: (printed: readonly OutputObject[], given: Given) => readonly string[]
}

/** What is optional in plain data wraps plain data. */
const wraps = (field: Field): field is Field & { readonly schema: Field } =>
  SchemaAST.isOptional(field.ast) && "schema" in field && Schema.isSchema(field.schema)

/** The schema of a parameter that has to be given. */
const required = (field: Field): Field => (wraps(field) ? field.schema : field)

/**
 * The same operation under the names of another module. Gates, events and records are those of the
 * source; a parameter that does not fit is named as it was typed here.
 */
export const deriveOperation = <World, Event, R>(
  source: Operation<World, Event, R>,
  derivation: Derivation<World>,
): Operation<World, Event, R> => {
  const { name, summary, params: names, mandatory = [], own = {}, binding = {} } = derivation
  const { asks, request = (renamed) => renamed, output = (rows) => rows } = derivation
  const { warnings = () => [] } = derivation
  const viewed = derivation.call ?? ((call: Call<World>) => call)
  // Parameters of operations are plain data, each of them as well as all together.
  const plain = source.params.fields as PlainFields
  const fields = Object.entries(names).map(([here, there]): [string, Field] => {
    const field = plain[there]
    if (field === undefined) throw new Error(`${source.name} has no parameter ${there}`)
    return [here, mandatory.includes(here) ? required(field) : field]
  })
  // Plain data: each field is the source's or plain by the type of `own`.
  const params = Schema.Struct({
    ...Object.fromEntries(fields),
    ...own,
  }) as PlainStruct<Schema.Struct.Fields>
  const read = parameterReader(name, params)
  const hereOf = (there: string): string =>
    Object.entries(names).find(([, it]) => it === there)?.[0] ?? there

  const asTyped = ({ issues }: ParametersInvalid) =>
    new ParametersInvalid({
      operation: name,
      issues: issues.map(({ path: [first = "", ...rest], message }) => ({
        path: [hereOf(String(first)), ...rest],
        message,
      })),
    })

  const rule = Effect.fnUntraced(function* (
    call: Call<World>,
    raw: unknown,
  ): Effect.fn.Return<Ruling<Event>, ParametersInvalid, R> {
    yield* read(raw)
    // What fits the schema above is a record of plain values.
    const given = raw as Given
    const asked = asks?.(call, given)
    if (asked !== undefined && asked.outcome !== "allow") return { decision: asked }
    const renamed = Object.fromEntries(
      Object.entries(given).flatMap(([here, value]) => {
        const there = names[here]
        return there === undefined ? [] : [[there, value]]
      }),
    )
    const ruling = yield* source
      .rule(viewed(call), request(renamed, given))
      .pipe(Effect.mapError(asTyped))
    const decision = asked === undefined ? ruling.decision : andThen(asked, () => ruling.decision)
    if (decision.outcome !== "allow" || ruling.output === undefined) return { ...ruling, decision }
    const printed = output(ruling.output, given, call)
    return {
      ...ruling,
      decision,
      output: printed,
      warnings: [...(ruling.warnings ?? []), ...warnings(printed, given)],
    }
  })

  return {
    ...source,
    name,
    kind: "cmdlet",
    summary,
    params,
    binding,
    secrets: Object.entries(names).flatMap(([here, there]) =>
      source.secrets?.includes(there) === true ? [here] : [],
    ),
    rule,
  }
}
