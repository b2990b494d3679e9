import type { ConformanceReport, StateCounts } from "../ConformanceReport.ts"
import { escapeMarkdown } from "./escape.ts"
import { domainName, shakenRemark, stateName, testsSentence, total, verdictOf } from "./wording.ts"

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`

const countsRow = (name: string, counts: StateCounts): string =>
  row([escapeMarkdown(name), counts.proven, counts.refuted, counts.unproven, total(counts)])

/** A summary for a pull request or a chat: counts, what is wrong, what changed. No claim list. */
export const renderMarkdown = (report: ConformanceReport): string => {
  const { summary, run, scenarios, claims, seed } = report
  const refuted = claims.filter(({ state }) => state === "refuted")
  const remarks = scenarios.flatMap((scenario) =>
    scenario.sections.flatMap((section, at) =>
      section.steps.flatMap((step, index) => [
        ...step.expectations.flatMap((it) => {
          const remark = it.held ? shakenRemark(it.shaken, it.isVacuous) : it.found
          const isWorthSaying = !it.held || it.isVacuous || it.shaken === "nothing"
          const where = `${scenario.id} ${at + 1}.${index + 1}`
          return isWorthSaying
            ? [
                `- ${it.held ? "" : "**failed** "}${where}: ${escapeMarkdown(`${it.that}. ${remark}`)}`,
              ]
            : []
        }),
        ...(step.error === undefined
          ? []
          : [
              `- error in ${scenario.id} ${at + 1}.${index + 1}: ${escapeMarkdown(step.error.message)}`,
            ]),
      ]),
    ),
  )
  return [
    "# Conformance of the tenant twin",
    "",
    verdictOf(report),
    "",
    testsSentence(report),
    "",
    `Seed \`${seed.replaceAll("`", "")}\`, run of ${run.startedAt}.`,
    "",
    row(["domain", "proven", "refuted", "unproven", "claims"]),
    row(["---", "---:", "---:", "---:", "---:"]),
    ...Object.entries(summary.byDomain)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([domain, counts]) => countsRow(domainName[domain] ?? domain, counts)),
    countsRow("All", summary.claims),
    "",
    "## Scenarios",
    "",
    row(["scenario", "state", "held", "failed", "errors"]),
    row(["---", "---", "---:", "---:", "---:"]),
    ...scenarios.map(({ title, state, held, failed, errors }) =>
      row([escapeMarkdown(title), state, held, failed, errors]),
    ),
    "",
    ...scenarios.flatMap(({ problems }) => problems.map((it) => `- ${escapeMarkdown(it)}`)),
    ...(refuted.length === 0
      ? []
      : [
          "## Refuted",
          "",
          ...refuted.map(({ id, statement }) => `- ${id} ${escapeMarkdown(statement)}`),
          "",
        ]),
    ...(remarks.length === 0 ? [] : ["## Worth a look", "", ...remarks, ""]),
    ...(run.changes === undefined
      ? []
      : [
          `## Since ${run.changes.since}`,
          "",
          ...(run.changes.claims.length === 0
            ? ["No claim changed its state."]
            : run.changes.claims.map(
                ({ id, before, now }) => `- ${id}: ${stateName[before]} -> ${stateName[now]}`,
              )),
          "",
        ]),
  ]
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
}
