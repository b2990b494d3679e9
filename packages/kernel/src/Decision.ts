import { Schema } from "effect"
import { FactId } from "./FactId.ts"

/**
 * What one gate answered. `challenge` asks for more (a code, a stronger sign-in); `unknown` is for
 * what the twin does not model: it says so and never guesses.
 */
export const Verdict = Schema.Literals(["pass", "deny", "challenge", "unknown"])
export type Verdict = typeof Verdict.Type

/** The code and the kind of message that the real service shows with a refusal. */
export const Refusal = Schema.Struct({
  code: Schema.optionalKey(Schema.String),
  message: Schema.NonEmptyString,
})
export type Refusal = typeof Refusal.Type

/** One rule that was asked, what it said, and the settings or numbers that made it say so. */
export const Gate = Schema.Struct({
  name: Schema.NonEmptyString,
  verdict: Verdict,
  /** A sentence a trainer can read aloud: no ids, no identifiers. */
  reason: Schema.NonEmptyString,
  details: Schema.Record(Schema.String, Schema.String),
  facts: Schema.NonEmptyArray(FactId),
  /** Set where several routes were tried (access is their union): the route this gate belongs to. */
  route: Schema.optionalKey(Schema.NonEmptyString),
  refusal: Schema.optionalKey(Refusal),
})
export type Gate = typeof Gate.Type

export const Outcome = Schema.Literals(["allow", "deny", "challenge", "unknown"])
export type Outcome = typeof Outcome.Type

/**
 * An answer that explains itself. The gates stand in the order in which they were asked; the last
 * one decides. Gates of routes that led nowhere come before those of the route that counted.
 */
export const Decision = Schema.Struct({
  outcome: Outcome,
  gates: Schema.NonEmptyArray(Gate),
  /** The effective usage rights, where the question is about content. */
  rights: Schema.optionalKey(Schema.Array(Schema.String)),
})
export type Decision = typeof Decision.Type

/** The gate that made the decision what it is. */
export const decidingGate = (decision: Decision): Gate =>
  decision.gates[decision.gates.length - 1] ?? decision.gates[0]

/** The message the real service would show, or the reason where it shows none. */
export const refusalOf = (decision: Decision): Refusal | undefined => {
  if (decision.outcome === "allow") return undefined
  const gate = decidingGate(decision)
  return gate.refusal ?? { message: gate.reason }
}

/** Asks the next question only when the first answer allows; the gates of both show. */
export const andThen = (first: Decision, next: () => Decision): Decision => {
  if (first.outcome !== "allow") return first
  const second = next()
  const rights = second.rights ?? first.rights
  return {
    outcome: second.outcome,
    gates: [...first.gates, ...second.gates],
    ...(rights === undefined ? {} : { rights }),
  }
}

const hope: Record<Outcome, number> = { allow: 3, challenge: 2, unknown: 1, deny: 0 }

/**
 * Access is the union of all routes (SPO-303): the first route that allows wins; when none does, the
 * most hopeful one speaks (a challenge before an unknown before a refusal, then the given order).
 */
export const anyRoute = (
  routes: readonly [
    { readonly route: string; readonly decision: Decision },
    ...{ readonly route: string; readonly decision: Decision }[],
  ],
): Decision => {
  let chosen = routes[0]
  for (const candidate of routes) {
    if (hope[candidate.decision.outcome] > hope[chosen.decision.outcome]) chosen = candidate
  }
  const marked = ({ route, decision }: (typeof routes)[0]): Gate[] =>
    decision.gates.map((gate) => (gate.route === undefined ? { ...gate, route } : gate))
  const [head, ...rest] = [
    ...routes.filter((it) => it !== chosen && it.decision.outcome !== "allow").flatMap(marked),
    ...marked(chosen),
  ]
  return { ...chosen.decision, gates: [head ?? chosen.decision.gates[0], ...rest] }
}
