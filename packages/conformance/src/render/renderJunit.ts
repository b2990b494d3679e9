import type { ConformanceReport, ExpectationResult, ScenarioResult } from "../ConformanceReport.ts"
import { escapeMarkup } from "./escape.ts"
import { shakenRemark } from "./wording.ts"

/**
 * JUnit XML: a suite for each scenario (a case for each expectation) and one for the claims of each
 * domain. Refuted claims fail, unproven ones are skipped, so that the counts agree with the report.
 */
export const renderJunit = (report: ConformanceReport): string => {
  const scenarios = report.scenarios.map(scenarioSuite)
  const byDomain = Map.groupBy(report.claims, ({ domain }) => domain)
  const claims = [...byDomain].map(([domain, list]) =>
    suite(
      `claims.${domain}`,
      list.map(({ id, statement, state, evidence }) => {
        const against = evidence.filter(({ passed }) => !passed)
        return testCase({
          className: `claims.${domain}`,
          name: `${id} ${statement}`,
          ...(state === "refuted"
            ? { failure: against.map(({ where, what }) => `${where}: ${what}`).join("\n") }
            : {}),
          isSkipped: state === "unproven",
        })
      }),
    ),
  )
  const suites = [...scenarios, ...claims]
  const cases = suites.flatMap((it) => it.cases)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="tenant-twin" ${counts(cases)}>`,
    ...suites.map(({ name, cases: list }) =>
      [
        `  <testsuite name="${escapeMarkup(name)}" ${counts(list)}>`,
        ...list.map(({ xml }) => `    ${xml}`),
        "  </testsuite>",
      ].join("\n"),
    ),
    "</testsuites>",
    "",
  ].join("\n")
}

interface Case {
  readonly xml: string
  readonly state: "passed" | "failed" | "skipped"
}

interface Suite {
  readonly name: string
  readonly cases: readonly Case[]
}

const suite = (name: string, cases: readonly Case[]): Suite => ({ name, cases })

const counts = (cases: readonly Case[]): string => {
  const failures = cases.filter(({ state }) => state === "failed").length
  const skipped = cases.filter(({ state }) => state === "skipped").length
  return `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`
}

const testCase = (it: {
  readonly className: string
  readonly name: string
  readonly failure?: string
  readonly isSkipped?: boolean
}): Case => {
  const open = `<testcase classname="${escapeMarkup(it.className)}" name="${escapeMarkup(it.name)}"`
  if (it.failure !== undefined) {
    const message = escapeMarkup(it.failure.split("\n")[0] ?? "")
    const body = escapeMarkup(it.failure)
    const xml = `${open}><failure message="${message}">${body}</failure></testcase>`
    return { xml, state: "failed" }
  }
  return it.isSkipped === true
    ? { xml: `${open}><skipped message="no evidence yet"/></testcase>`, state: "skipped" }
    : { xml: `${open}/>`, state: "passed" }
}

const scenarioSuite = (scenario: ScenarioResult): Suite => {
  const className = `scenarios.${scenario.id === "" ? scenario.file : scenario.id}`
  if (scenario.state === "unusable") {
    const failure = scenario.problems.join("\n")
    return suite(className, [testCase({ className, name: "can be played", failure })])
  }
  const cases = scenario.sections.flatMap((section, at) =>
    section.steps.flatMap((step, index) =>
      step.expectations.map((it) =>
        testCase({
          className,
          name: `${at + 1}.${index + 1} ${it.that}`,
          ...failureOf(it),
        }),
      ),
    ),
  )
  const left =
    scenario.errors === 0
      ? []
      : [
          testCase({
            className,
            name: "ends without unexpected errors",
            failure: scenario.sections
              .flatMap(({ steps }) => steps)
              .flatMap(({ title, error }) =>
                error === undefined ? [] : [`${title}: ${error.message}`],
              )
              .join("\n"),
          }),
        ]
  return suite(className, [...cases, ...left])
}

const failureOf = ({ held, found, shaken, isVacuous }: ExpectationResult) => {
  if (!held) return { failure: found }
  return isVacuous ? { failure: shakenRemark(shaken, isVacuous) } : {}
}
