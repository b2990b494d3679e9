/** Whether somebody sits in front of this: both ends are a terminal that can move its cursor. */
export const isInteractive = (): boolean =>
  process.stdin.isTTY && process.stdout.isTTY && variable("TERM") !== "dumb"

/** Whether colour may be used on a terminal (no-color.org). */
export const hasColour = (): boolean =>
  (variable("NO_COLOR") ?? "") === "" && variable("TERM") !== "dumb"

const variable = (name: string): string | undefined => process.env[name]

/** How wide text may get: as the terminal, but no wider than one likes to read. */
export const terminalColumns = (): number =>
  Math.max(20, Math.min(120, process.stdout.isTTY ? process.stdout.columns - 1 : 100))
