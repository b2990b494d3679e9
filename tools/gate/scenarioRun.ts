import { readFileSync, statSync } from "node:fs"
import { bundle, ensureBuilt } from "../setup/build.mjs"
import { at } from "../setup/checkout.mjs"
import { runPinned } from "../setup/processes.mjs"
import type { Section } from "./Section.ts"
import { nothing, oneCheck, sum, type Tally } from "./Tally.ts"
import { scenarioFiles } from "./Workspace.ts"

const out = "reports/ci"
const result = at(`${out}/conformance.json`)

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
    const before = writtenAt()
    const code = await twin(["conform", "--out", out])
    // A report of an earlier run says nothing about this one.
    const played =
      writtenAt() === before ? nothing : scenarioTally(JSON.parse(readFileSync(result, "utf8")))
    const isHeld = code === 0 && played.passed > 0
    return sum([oneCheck(isValid), played, isHeld || played.failed > 0 ? nothing : oneCheck(false)])
  },
}

const twin = (args: ReadonlyArray<string>) => runPinned("node", [bundle, ...args], { cwd: at("") })

const writtenAt = () => statSync(result, { throwIfNoEntry: false })?.mtimeMs

/** The part of conformance.json that is counted. */
export interface SuiteReport {
  readonly scenarios: ReadonlyArray<{ readonly state: "held" | "failed" | "unusable" }>
}

export const scenarioTally = ({ scenarios }: SuiteReport): Tally =>
  sum(scenarios.map(({ state }) => oneCheck(state === "held")))
