import { mkdirSync, rmSync } from "node:fs"
import { plainText, quietNx } from "../setup/build.mjs"
import { at } from "../setup/checkout.mjs"
import { runPinned } from "../setup/processes.mjs"
import type { Section } from "./Section.ts"
import { nothing, render, sum, type Tally } from "./Tally.ts"
import { missingReport, readTally } from "./testResults.ts"
import { hasTests, projectOf, type WorkspacePackage } from "./Workspace.ts"

/**
 * The tests of all packages. nx answers from its cache where neither a package nor what it imports changed; the
 * JSON reports are outputs of the cached target, so that the counts are right either way.
 */
export const testRun = (packages: ReadonlyArray<WorkspacePackage>): Section => ({
  title: "tests",
  run: async () => {
    const tested = packages.filter(hasTests)
    if (tested.length === 0) {
      console.log("No tests in these packages.")
      return nothing
    }
    mkdirSync(at("reports/tests"), { recursive: true })
    for (const it of tested) rmSync(reportOf(it), { force: true })
    const code = await runPinned("nx", nxArguments(tested), {
      cwd: at(""),
      env: { ...process.env, ...quietNx, ...plainUnlessSeen },
    })
    const tallies = tested.map((it) => readTally(reportOf(it)) ?? missingReport)
    printTable(tested, tallies)
    const all = sum(tallies)
    console.log(`${all.passed + all.failed} tests ran.`)
    // A task may fail with all tests passed, for instance on an error that nobody awaited.
    return code !== 0 && all.failed === 0 ? { ...all, failed: 1 } : all
  },
})

/** nx switches colour on for what it starts, also when nobody sees it. */
const plainUnlessSeen =
  process.stdout.isTTY && process.env["NO_COLOR"] === undefined ? {} : plainText

const reportOf = ({ name }: WorkspacePackage) => at(`reports/tests/${name}.json`)

const nxArguments = (packages: ReadonlyArray<WorkspacePackage>) => [
  "run-many",
  "--target=test",
  `--projects=${packages.map(projectOf).join(",")}`,
  "--outputStyle=static-failures-only",
]

const printTable = (packages: ReadonlyArray<WorkspacePackage>, tallies: ReadonlyArray<Tally>) => {
  const widest = Math.max(...packages.map(({ name }) => name.length))
  for (const [index, { name }] of packages.entries()) {
    const tally = tallies[index] ?? missingReport
    const note = tally === missingReport ? "  (no report: the run broke off)" : ""
    console.log(`  ${name.padEnd(widest)}  ${render(tally)}${note}`)
  }
}
