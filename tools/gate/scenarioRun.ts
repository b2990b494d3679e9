import { existsSync, readFileSync } from "node:fs"
import { bundle, ensureBuilt } from "../setup/build.mjs"
import { at } from "../setup/checkout.mjs"
import { runPinned } from "../setup/processes.mjs"
import type { Section } from "./Section.ts"
import { nothing, oneCheck, sum, type Tally } from "./Tally.ts"
import { scenarioFiles } from "./Workspace.ts"

const out = "reports/ci"

/** Every scenario file is valid, and the whole suite holds. */
export const scenarioRun: Section = {
  title: "scenarios",
  run: async () => {
    const files = scenarioFiles()
    if (files.length === 0) {
      console.log("There are no scenario files yet: nothing to check or play.")
      return { ...nothing, skipped: 1 }
    }
    await ensureBuilt()
    const isValid = (await twin(["check", ...files])) === 0
    const code = await twin(["conform", "--out", out])
    return sum([oneCheck(isValid), playedScenarios(code)])
  },
}

const twin = (args: ReadonlyArray<string>) => runPinned("node", [bundle, ...args], { cwd: at("") })

/** The suite is one check, unless its report tells each scenario apart. */
const playedScenarios = (code: number): Tally => {
  const file = at(`${out}/conformance.json`)
  if (!existsSync(file)) return oneCheck(false)
  const { scenarios = [] }: { scenarios?: ReadonlyArray<unknown> } = JSON.parse(
    readFileSync(file, "utf8"),
  )
  return code === 0 ? { ...nothing, passed: scenarios.length } : oneCheck(false)
}
