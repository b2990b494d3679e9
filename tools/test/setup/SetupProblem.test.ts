import { assert, it } from "vitest"
import { explain, explainBuild, SetupProblem, wordsFor } from "../../setup/SetupProblem.mjs"

it.each([
  ["npm error code ENOTFOUND", "Check the network"],
  ["dns error: failed to lookup address information", "Check the network"],
  ["write error: No space left on device (os error 28)", "The disk is full"],
  ["EACCES: permission denied, mkdir", "not writable"],
  ["ERR_PNPM_OUTDATED_LOCKFILE Cannot install", "npm run with -- pnpm install"],
])("says what to do about: %s", (output, advice) => {
  const { message } = explain("Installing", `first line\n${output}\nlast line`, "setup.log")
  assert.include(message, advice)
  assert.strictEqual(message.split("\n").length, 2)
})

it("quotes the error where it knows no advice", () => {
  const { message } = explain("Installing", "ok\nERR_PNPM_SOMETHING new\nbye\n", "setup.log")
  assert.include(message, "ERR_PNPM_SOMETHING new")
})

it("shows the complaint of the bundler, and not its stack", () => {
  const output =
    "Build failed with 1 error:\n\n[X] Could not resolve './a.ts'\n    at build (b.js:1:2)\n"
  const { message } = explainBuild(output, "build.log")
  assert.include(message, "Could not resolve './a.ts'")
  assert.notInclude(message, "b.js")
})

it("shows the stack of a mistake of ours, and of nothing else", () => {
  const mistake = new TypeError("undefined is not a function")
  assert.strictEqual(wordsFor(mistake), mistake)
  assert.strictEqual(wordsFor(new SetupProblem("Do this.")), "Do this.")
  assert.include(wordsFor(new Error("EROFS: read-only file system")), "not writable")
})
