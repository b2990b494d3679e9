/** Whether somebody sits in front of this: both ends are a terminal that can move its cursor. */
export const isInteractive = (): boolean =>
  process.stdin.isTTY && process.stdout.isTTY && terminalName() !== "dumb"

const terminalName = (): string | undefined => process.env["TERM"]
