import type { FactId } from "@twin/kernel"
import type { Claim } from "./Claim.ts"
import type {
  ClaimResult,
  ClaimState,
  ConformanceReport,
  Evidence,
  RunHeader,
  ScenarioResult,
  StateCounts,
} from "./ConformanceReport.ts"
import { sourceDocuments } from "./sourceDocuments.ts"
import type { TestEvidence } from "./testEvidence.ts"

export interface ReportParts {
  readonly seed: string
  readonly catalogue: readonly Claim[]
  readonly scenarios: readonly ScenarioResult[]
  readonly tests: TestEvidence
}

/** Everything but the run header: the same parts give the same report. */
export const makeReport = (parts: ReportParts): Omit<ConformanceReport, "run"> => {
  const scenarios = parts.scenarios.toSorted((a, b) => (a.file < b.file ? -1 : 1))
  const fromScenarios = scenarioEvidence(scenarios)
  const claims = parts.catalogue
    .map((claim): ClaimResult => {
      const evidence = [
        ...(fromScenarios.get(claim.id) ?? []),
        ...(parts.tests.byClaim.get(claim.id) ?? []),
      ]
      return { ...claim, state: stateOf(evidence), evidence }
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const expectations = scenarios
    .flatMap(({ sections }) => sections)
    .flatMap(({ steps }) => steps)
    .flatMap((step) => step.expectations)
  return {
    seed: parts.seed,
    summary: {
      claims: countStates(claims),
      byDomain: countBy(claims, ({ domain }) => [domain]),
      bySource: countBy(claims, sourceDocuments),
      scenarios: {
        held: scenarios.filter(({ state }) => state === "held").length,
        failed: scenarios.filter(({ state }) => state === "failed").length,
        unusable: scenarios.filter(({ state }) => state === "unusable").length,
      },
      expectations: {
        held: expectations.filter(({ held }) => held).length,
        failed: expectations.filter(({ held }) => !held).length,
        unshaken: expectations.filter(({ shaken }) => shaken === "nothing").length,
        vacuous: expectations.filter(({ isVacuous }) => isVacuous).length,
      },
      tests: {
        passed: parts.tests.passed,
        failed: parts.tests.failed,
        isMissing: parts.tests.from === undefined,
      },
    },
    claims,
    scenarios,
  }
}

/** Evidence is all or nothing: one failure refutes; none at all leaves the claim unproven. */
const stateOf = (evidence: readonly Evidence[]): ClaimState => {
  if (evidence.length === 0) return "unproven"
  return evidence.every(({ passed }) => passed) ? "proven" : "refuted"
}

/** An expectation that held although its decisive steps were left out proves nothing: it fails. */
const scenarioEvidence = (
  scenarios: readonly ScenarioResult[],
): ReadonlyMap<FactId, readonly Evidence[]> => {
  const byClaim = new Map<FactId, Evidence[]>()
  for (const scenario of scenarios) {
    scenario.sections.forEach((section, at) => {
      section.steps.forEach((step, index) => {
        for (const it of step.expectations) {
          const evidence: Evidence = {
            kind: "scenario",
            where: `${scenario.id} ${at + 1}.${index + 1}`,
            what: it.that,
            passed: it.held && !it.isVacuous,
          }
          for (const id of it.claims) byClaim.set(id, [...(byClaim.get(id) ?? []), evidence])
        }
      })
    })
  }
  return byClaim
}

const noStates: StateCounts = { proven: 0, refuted: 0, unproven: 0 }

const countStates = (claims: readonly ClaimResult[]): StateCounts => ({
  proven: claims.filter(({ state }) => state === "proven").length,
  refuted: claims.filter(({ state }) => state === "refuted").length,
  unproven: claims.filter(({ state }) => state === "unproven").length,
})

const countBy = (
  claims: readonly ClaimResult[],
  keysOf: (claim: ClaimResult) => readonly string[],
): Record<string, StateCounts> => {
  const counts: Record<string, StateCounts> = {}
  for (const claim of claims) {
    for (const key of keysOf(claim)) {
      const before = Object.hasOwn(counts, key) ? (counts[key] ?? noStates) : noStates
      counts[key] = { ...before, [claim.state]: before[claim.state] + 1 }
    }
  }
  return counts
}

/** Whether the run is a success: nothing refuted, failed, unusable or vacuous. */
export const isGreen = ({ summary }: Pick<ConformanceReport, "summary">): boolean =>
  summary.claims.refuted === 0 &&
  summary.scenarios.failed === 0 &&
  summary.scenarios.unusable === 0 &&
  summary.expectations.vacuous === 0

/** Which claims changed their state since an earlier run; new ones count as unproven before. */
export const changesSince = (
  before: Pick<ConformanceReport, "claims">,
  now: Pick<ConformanceReport, "claims">,
): NonNullable<RunHeader["changes"]>["claims"] => {
  const states = new Map(before.claims.map(({ id, state }) => [id, state]))
  return now.claims.flatMap(({ id, state }) => {
    const was = states.get(id) ?? "unproven"
    return was === state ? [] : [{ id, before: was, now: state }]
  })
}
