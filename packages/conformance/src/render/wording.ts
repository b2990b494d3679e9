import type { ClaimState, ConformanceReport, Shaken, StateCounts } from "../ConformanceReport.ts"

/** Domains as people call them. */
export const domainName: Readonly<Record<string, string>> = {
  crypto: "Encryption and keys",
  datacenter: "Datacenter operations",
  exchange: "Exchange Online",
  identity: "Identity",
  mip: "Information protection",
  spo: "SharePoint and OneDrive",
}

export const stateName: Readonly<Record<ClaimState, string>> = {
  proven: "Proven",
  refuted: "Refuted",
  unproven: "Unproven",
}

/** What could turn an expectation false, in a sentence; empty where it needs no remark. */
export const shakenRemark = (shaken: Shaken, isVacuous: boolean): string => {
  if (isVacuous) return "Held even without the steps that were said to decide: proves nothing"
  switch (shaken) {
    case "counterproof":
      return "Fails without its decisive steps, as it must"
    case "sweep":
      return "Fails when a step before it is left out"
    case "nothing":
      return "No left-out step turned it false"
    case "none":
      return ""
  }
}

export const total = ({ proven, refuted, unproven }: StateCounts): number =>
  proven + refuted + unproven

/** The one sentence at the top of every format. */
export const verdictOf = ({ summary }: Pick<ConformanceReport, "summary">): string => {
  const { claims, scenarios, expectations } = summary
  const bad = [
    counted(claims.refuted, "claim is refuted", "claims are refuted"),
    counted(scenarios.failed, "scenario failed", "scenarios failed"),
    counted(
      scenarios.unusable,
      "scenario file cannot be played",
      "scenario files cannot be played",
    ),
    counted(expectations.vacuous, "counterproof did not fail", "counterproofs did not fail"),
  ].filter((it) => it !== "")
  return bad.length === 0
    ? `Nothing is refuted: ${claims.proven} of ${total(claims)} claims are proven, ${claims.unproven} have no evidence yet.`
    : `${bad.join(", ")}; ${claims.proven} of ${total(claims)} claims are proven.`
}

const counted = (count: number, one: string, many: string): string =>
  count === 0 ? "" : `${count} ${count === 1 ? one : many}`

/** What the report says about the tests whose titles count as evidence. */
export const testsSentence = ({ summary, run }: ConformanceReport): string => {
  const { passed, failed, isMissing } = summary.tests
  return isMissing
    ? "No results of a test run were found: only scenarios count as evidence here. Run npm test first."
    : `${passed} passed and ${failed} failed tests carry a claim id (test run of ${run.testsFrom ?? "unknown time"}).`
}
