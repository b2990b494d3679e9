import type { Decision, Gate, Outcome, Refusal, Verdict } from "./Decision.ts"
import type { FactId } from "./FactId.ts"

/** What a facet may hold: small and comparable, so that equal questions are recognised as equal. */
export type FacetValue = string | number | boolean

/** A flat record of facets: one question, with everything the gates may look at. */
export type Facets = Readonly<Record<string, FacetValue>>

/** What a gate found: the verdict, the sentence, and the settings or numbers behind it. */
export interface Finding {
  readonly verdict: Verdict
  readonly reason: string
  readonly details: Readonly<Record<string, string>>
  readonly refusal?: Refusal
}

type Details = Readonly<Record<string, FacetValue | readonly string[]>>

const finding =
  (verdict: Verdict) =>
  (reason: string, details: Details = {}, refusal?: Refusal): Finding => {
    const shown: Record<string, string> = {}
    for (const key of Object.keys(details)) {
      const value = details[key]
      shown[key] = typeof value === "object" ? value.join(", ") : String(value)
    }
    const found = { verdict, reason, details: shown }
    return refusal === undefined ? found : { ...found, refusal }
  }

/** The rule lets the question pass. A reason is due here, too. */
export const pass = finding("pass")
/** The rule refuses, optionally in the words of the real service. */
export const deny = finding("deny")
/** The rule asks for more: a code, a sign-in, an approval. */
export const challenge = finding("challenge")
/** The twin does not model what would decide here. */
export const unknown = finding("unknown")

/**
 * One rule as a value. `check` sees the facets it reads and no others: by its type, and at run time
 * because only those are handed over. Therefore one rule serves one question as well as a population.
 */
export interface GateRule<in F> {
  readonly name: string
  readonly facts: readonly [FactId, ...FactId[]]
  readonly reads: readonly string[]
  readonly check: (facets: F) => Finding
}

/** `gate<ShareFacets>()({ name, facts, reads: ["level"], check: ({ level }) => ... })`. */
export const gate =
  <F extends object>() =>
  <const Reads extends readonly (keyof F & string)[]>(rule: {
    readonly name: string
    readonly facts: readonly [FactId, ...FactId[]]
    readonly reads: Reads
    readonly check: (facets: Pick<F, Reads[number]>) => Finding
  }): GateRule<Pick<F, Reads[number]>> =>
    rule

const project = <F extends object>(rule: GateRule<F>, facets: F): F => {
  const seen: Record<string, unknown> = {}
  for (const key of rule.reads) seen[key] = facets[key as keyof F]
  return seen as F
}

const asked = <F extends object>(rule: GateRule<F>, found: Finding): Gate => ({
  name: rule.name,
  facts: rule.facts,
  ...found,
})

const outcomeOf: Record<Verdict, Outcome> = {
  pass: "allow",
  deny: "deny",
  challenge: "challenge",
  unknown: "unknown",
}

const decide = <F extends object>(
  rules: GateRules<F>,
  ask: (rule: GateRule<F>) => Finding,
): Decision => {
  const [first, ...rest] = rules
  const gates: [Gate, ...Gate[]] = [asked(first, ask(first))]
  let verdict = gates[0].verdict
  for (const rule of rest) {
    if (verdict !== "pass") break
    const next = asked(rule, ask(rule))
    verdict = next.verdict
    gates.push(next)
  }
  return { outcome: outcomeOf[verdict], gates }
}

/** At least one rule, in the order in which the service asks. */
export type GateRules<F extends object> = readonly [GateRule<F>, ...GateRule<F>[]]

/** Asks in order and stops at the first gate that does not pass. */
export const decideByGates = <const F extends object>(
  rules: GateRules<NoInfer<F>>,
  facets: F,
): Decision => decide<F>(rules, (rule) => rule.check(project(rule, facets)))

/**
 * As `decideByGates`, for a question that comes again and again: an equal question gets the answer of
 * the one before without asking the gates, which answer by their facets alone.
 */
export const decideAgainByGates = <const F extends object>(
  rules: GateRules<NoInfer<F>>,
): ((facets: F) => Decision) => {
  let last: { readonly facets: F; readonly decision: Decision } | undefined
  return (facets) => {
    if (last === undefined || !isSameQuestion(last.facets, facets)) {
      last = { facets, decision: decideByGates<F>(rules, facets) }
    }
    return last.decision
  }
}

const isSameQuestion = <F extends object>(one: F, other: F): boolean => {
  for (const key in other) if (one[key] !== other[key]) return false
  return true
}

/** Everybody with the same answer: the decision once, and who it is for. */
export interface DecisionGroup<out A> {
  readonly decision: Decision
  readonly members: readonly A[]
}

/**
 * "Everybody against everything": each gate runs once per distinct combination of the facets it
 * reads, and the answers are spread over the population. Same answers as asking one by one; the
 * groups come in the order of their first member.
 */
export const decideForAll = <A, F extends object>(
  rules: GateRules<F>,
  population: Iterable<A>,
  facetsOf: (member: A) => F,
): readonly DecisionGroup<A>[] => {
  const findings = new Map<GateRule<F>, Map<string, Finding>>(
    rules.map((rule) => [rule, new Map()]),
  )
  const groups = new Map<string, { decision: Decision; members: A[] }>()
  const reads = [...new Set(rules.flatMap((rule) => rule.reads))]
  for (const member of population) {
    const facets = facetsOf(member)
    const key = keyOf(reads, facets)
    const known = groups.get(key)
    if (known !== undefined) {
      known.members.push(member)
      continue
    }
    const decision = decide<F>(rules, (rule) => {
      const memo = findings.get(rule)
      const part = keyOf(rule.reads, facets)
      const found = memo?.get(part) ?? rule.check(project(rule, facets))
      memo?.set(part, found)
      return found
    })
    groups.set(key, { decision, members: [member] })
  }
  return [...groups.values()]
}

const keyOf = (reads: readonly string[], facets: object): string =>
  JSON.stringify(reads.map((key) => (facets as Facets)[key]))
