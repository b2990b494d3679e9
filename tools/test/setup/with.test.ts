import { spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, assert, beforeEach, it } from "vitest"
import { at, pnpmVersion, toolsHome } from "../../setup/checkout.mjs"

let checkout = ""

/** A checkout in which somebody has added a dependency by hand: the lockfile does not know it. */
beforeEach(() => {
  checkout = mkdtempSync(path.join(tmpdir(), "twin with a space "))
  for (const it of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "tools/setup", "tools/with.mjs"]) {
    cpSync(at(it), path.join(checkout, it), { recursive: true })
  }
  const manifest = JSON.parse(readFileSync(at("package.json"), "utf8"))
  manifest.devDependencies["fast-check"] = "catalog:"
  writeFileSync(path.join(checkout, "package.json"), JSON.stringify(manifest))
  symlinkSync(toolsHome, path.join(checkout, ".tools"), "junction")
})

afterEach(() => rmSync(checkout, { recursive: true, force: true }))

it("runs pnpm also when the lockfile does not fit: that is how one mends it", () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["tools/with.mjs", "pnpm", "--version"],
    { cwd: checkout, encoding: "utf8" },
  )
  assert.strictEqual(stderr, "")
  assert.strictEqual(stdout.trim(), pnpmVersion)
  assert.strictEqual(status, 0)
})
