// Draws docs/player.svg from a real run: npm run with -- node apps/runner/examples/drawPlayer.ts
import { writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { openTerminal } from "../test/terminal/Terminal.ts"
import { svgOf } from "./svgOf.ts"

const scenario = "scenarios/external-collaboration/secure-external-collaboration.yaml"
const picture = fileURLToPath(new URL("../../../docs/player.svg", import.meta.url))

/** Plays the flagship up to its first poll, and lets the audience be wrong. */
export const pollOnStage = async () => {
  const terminal = openTerminal(["play", scenario], { columns: 100, rows: 30 })
  try {
    await terminal.waitFor(({ isBracketedPaste }) => isBracketedPaste, "a program that listens")
    let at = 0
    while (!terminal.grid.text.includes("Press 1 to 3")) {
      at += 1
      if (at > 60) throw new Error(`no poll in ${scenario}`)
      const before = terminal.grid.text
      terminal.type("\r")
      // One beat after the other is the point.
      // oxlint-disable-next-line no-await-in-loop
      await terminal.waitFor(({ text }) => text !== before, "the next beat")
    }
    terminal.type("1")
    await terminal.sees("The twin says otherwise.")
    return terminal.grid
  } finally {
    terminal.close()
  }
}

if (import.meta.main) {
  writeFileSync(picture, svgOf(await pollOnStage(), "The player of tenant-twin, on stage"))
  process.stdout.write(`${picture}\n`)
}
