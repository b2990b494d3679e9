// npm test [-- package ...]. Every check of the repository, a heading for each, and the sum in the last line.

import { runSections, summaryLines, total } from "./Section.ts"
import { scenarioRun } from "./scenarioRun.ts"
import { staticChecks } from "./staticChecks.ts"
import { render } from "./Tally.ts"
import { testRun } from "./testRun.ts"
import { workspacePackages } from "./Workspace.ts"

const names = process.argv.slice(2)
const known = [...workspacePackages.map(({ name }) => name), "scenarios"]
const unknown = names.filter((name) => !known.includes(name))

if (unknown.length > 0) {
  console.error(`No package is called ${unknown.join(" or ")}. Choose from: ${known.join(", ")}.`)
  process.exitCode = 2
} else {
  const isChosen = (name: string) => names.length === 0 || names.includes(name)
  const packages = workspacePackages.filter(({ name }) => isChosen(name))
  const sections = [
    ...(packages.length > 0
      ? [...staticChecks(names.length === 0 ? undefined : packages), testRun(packages)]
      : []),
    ...(isChosen("scenarios") ? [scenarioRun] : []),
  ]
  const outcomes = await runSections(sections, (title) => console.log(`\n== ${title} ==`))
  const sum = total(outcomes)
  console.log(["", "== summary ==", ...summaryLines(outcomes), "", render(sum)].join("\n"))
  process.exitCode = sum.failed === 0 ? 0 : 1
}
