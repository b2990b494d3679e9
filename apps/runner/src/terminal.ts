import type { Paint } from "./text/painted.ts"

/** Whether somebody sits in front of this: both ends are a terminal. */
export const isPerson = (): boolean => process.stdin.isTTY && process.stdout.isTTY

/** Whether that terminal can move its cursor as well. */
export const isInteractive = (): boolean => isPerson() && variable("TERM") !== "dumb"

/** What the terminal on standard output may be asked for; away from a terminal nothing but text. */
export const paintOf = (): Paint => {
  if (!process.stdout.isTTY || variable("TERM") === "dumb") return "none"
  return (variable("NO_COLOR") ?? "") === "" ? "colour" : "weight"
}

const variable = (name: string): string | undefined => process.env[name]

/** How wide text may get: as the terminal, but no wider than one likes to read. */
export const terminalColumns = (): number =>
  Math.max(20, Math.min(120, process.stdout.isTTY ? process.stdout.columns - 1 : 100))
