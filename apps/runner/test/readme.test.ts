import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, it } from "vitest"
import { keyBindings } from "../src/player/keys.ts"
import { keyCap } from "../src/player/paneLines.ts"
import { shellCommands } from "../src/shell/commands.ts"
import { twin } from "./cli/run.ts"

const readme = readFileSync(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8")

/** Tables as they are before a formatter makes their columns even. */
const tables = readme.replaceAll(/ +\|/g, " |").replaceAll(/-{3,}/g, "---")

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n")

const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``

it("lists the keys as the table in the code has them", () => {
  const rows = [
    ...keyBindings.map(({ keys, help }) => [keys.map((it) => code(keyCap(it))).join(" "), help]),
    [`${code("1")} to ${code("9")}`, "what the audience says to a poll"],
  ]
  assert.include(tables, table(["key", "does"], rows))
})

it("lists the words of the shell as the table in the code has them", () => {
  const rows = shellCommands.map(({ usage, summary }) => [code(usage), summary])
  assert.include(tables, table(["word", "does"], rows))
})

it("shows a shell session as it is", () => {
  const [, input = "", output = ""] =
    /```text\n([\s\S]*?)```\n\nanswers\n\n```text\n([\s\S]*?)```/.exec(readme) ?? []
  assert.notStrictEqual(input, "")
  assert.strictEqual(twin(["shell"], { input }).out.trimEnd(), output.trimEnd())
})
