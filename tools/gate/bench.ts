// npm run bench [-- package ...]: measures one package after the other, so that they do not disturb each other.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { ensureBuilt, quietNx } from "../setup/build.mjs"
import { at } from "../setup/checkout.mjs"
import { runPinned } from "../setup/processes.mjs"
import { type BenchReport, measured, measuredOn, type Row, tableOf } from "./benchResults.ts"
import { benchmarkFiles, projectOf, workspacePackages } from "./Workspace.ts"

const resultOf = (name: string) => at(`reports/bench/${name}.json`)

const names = process.argv.slice(2)
const candidates = workspacePackages.filter((it) => benchmarkFiles(it).length > 0)
const chosen = candidates.filter(({ name }) => names.length === 0 || names.includes(name))
const unknown = names.filter((name) => !candidates.some((it) => it.name === name))

if (unknown.length > 0 || chosen.length === 0) {
  const choice = candidates.map(({ name }) => name).join(", ")
  console.error(`No benchmarks in ${unknown.join(", ") || "any package"}. Choose from: ${choice}.`)
  process.exitCode = 2
} else {
  if (existsSync(at("apps/runner/src/main.tsx"))) await ensureBuilt()
  mkdirSync(at("reports/bench"), { recursive: true })
  for (const { name } of chosen) rmSync(resultOf(name), { force: true })
  const code = await runPinned(
    "nx",
    [
      "run-many",
      "--target=bench",
      `--projects=${chosen.map(projectOf).join(",")}`,
      "--parallel=1",
      "--outputStyle=static",
    ],
    { cwd: at(""), env: { ...process.env, ...quietNx } },
  )
  const rows: ReadonlyArray<Row> = chosen
    .filter(({ name }) => existsSync(resultOf(name)))
    .flatMap(({ name }) => measured(name, JSON.parse(readFileSync(resultOf(name), "utf8"))))
  const report: BenchReport = { ...measuredOn(), benchmarks: rows }
  writeFileSync(at("reports/bench.json"), `${JSON.stringify(report, null, 2)}\n`)
  console.log(["", ...tableOf(rows), "", "Written to reports/bench.json"].join("\n"))
  process.exitCode = code
}
