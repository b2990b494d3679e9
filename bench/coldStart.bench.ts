import { spawnSync } from "node:child_process"
import { existsSync, globSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, test } from "vitest"

const root = fileURLToPath(new URL("..", import.meta.url))
const bundle = path.join(root, "apps/runner/dist/twin.js")
const reports = mkdtempSync(path.join(tmpdir(), "twin bench "))

/** A new process each time: what somebody waits for who types the command. */
const run = (args: ReadonlyArray<string>) => {
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: reports, encoding: "utf8" })
  assert.strictEqual(status, 0, stderr)
}

const coldStarts = { iterations: 10, warmupIterations: 1, time: 0, warmupTime: 0 }

afterAll(() => rmSync(reports, { recursive: true, force: true }))

test("cold start", { timeout: 120_000 }, async ({ bench, skip }) => {
  if (!existsSync(bundle)) skip("twin is not built")
  await bench.compare(
    bench("node alone", () => run(["--eval", ""])),
    bench("twin --help", () => run([bundle, "--help"])),
    coldStarts,
  )
})

test("plain play", { timeout: 120_000 }, async ({ bench, skip }) => {
  const [scenario] = globSync("scenarios/**/*.yaml", { cwd: root }).toSorted()
  if (!existsSync(bundle) || scenario === undefined)
    return skip("twin is not built, or no scenario")
  const play = [bundle, "play", path.join(root, scenario), "--plain", "--report", reports]
  await bench.compare(
    bench("node alone", () => run(["--eval", ""])),
    bench(`twin play ${path.basename(scenario)} --plain`, () => run(play)),
    coldStarts,
  )
})
