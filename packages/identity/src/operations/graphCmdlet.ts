import {
  andThen,
  type Binding,
  type Call,
  decideByGates,
  deny,
  type FactId,
  gate,
  type Operation,
  operation,
  type PlainFields,
  type PlainStruct,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Result, Schema } from "effect"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"
import { readBody } from "./graphBody.ts"

type Fields = Schema.Struct.Fields

/** A hashtable as PowerShell hands it over. */
export const hashtable = Schema.Record(Schema.String, Schema.Json)

export interface GraphCmdletSpec<P extends PlainFields, B extends Fields> {
  readonly name: string
  readonly summary: string
  /** Parameters by their documented names, without BodyParameter. */
  readonly params: P
  /** Parameters that stand in the address of the request and not in its body. */
  readonly path?: readonly (keyof P & string)[]
  /** The body of the request, by the property names of the service. */
  readonly body: PlainStruct<B>
  readonly roles?: readonly string[]
  readonly facts: readonly [FactId, ...FactId[]]
  readonly binding?: Binding
  /** Parameters that the journal never sees. */
  readonly secrets?: readonly string[]
  readonly decide: (
    call: Call<IdentityWorld>,
    body: Schema.Struct<B>["Type"],
    params: Schema.Struct<P>["Type"],
  ) => Ruling<IdentityEvent>
}

const bodyGate = (facts: readonly [FactId, ...FactId[]]) =>
  gate<{ readonly problem: string }>()({
    name: "request-body",
    facts,
    reads: ["problem"],
    check: ({ problem }) =>
      problem === ""
        ? pass("The request is complete and its values fit.")
        : deny(
            "The request is incomplete, or a value does not fit.",
            { problem },
            {
              code: "Request_BadRequest",
              message: `Invalid value specified for property. ${problem}`,
            },
          ),
  })

/**
 * A cmdlet of the Microsoft Graph SDK that sends a body: its named parameters, or `-BodyParameter`
 * with a hashtable, or both together.
 */
export const graphCmdlet = <P extends PlainFields, B extends Fields>(
  spec: GraphCmdletSpec<P, B>,
): Operation<IdentityWorld, IdentityEvent> => {
  const path: readonly string[] = spec.path ?? []
  const asksBody = bodyGate(spec.facts)
  return operation({
    name: spec.name,
    summary: spec.summary,
    params: Schema.Struct({
      ...spec.params,
      BodyParameter: Schema.optionalKey(
        hashtable.annotate({ description: "The body of the request as a hashtable" }),
      ),
    }),
    roles: spec.roles ?? [],
    roleRefusal: requestDenied,
    facts: spec.facts,
    binding: spec.binding ?? {},
    secrets: spec.secrets ?? [],
    decide: (call: Call<IdentityWorld>, given): Ruling<IdentityEvent> => {
      const { BodyParameter: table = {}, ...named } = given as {
        readonly BodyParameter?: Readonly<Record<string, Schema.Json>>
      } & Readonly<Record<string, Schema.Json>>
      const inBody = Object.entries(named).filter(([name]) => !path.includes(name))
      const body = readBody(spec.body, { ...table, ...Object.fromEntries(inBody) })
      const decision = decideByGates([asksBody], {
        problem: Result.isSuccess(body) ? "" : body.failure,
      })
      if (Result.isFailure(body)) return { decision }
      // Decoded by the same fields above; the spread of BodyParameter hides it from the types.
      const ruling = spec.decide(call, body.success, given as Schema.Struct<P>["Type"])
      return { ...ruling, decision: andThen(decision, () => ruling.decision) }
    },
  })
}
