import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert } from "vitest"

export const bundle = fileURLToPath(new URL("../../dist/twin.js", import.meta.url))
export const checkout = fileURLToPath(new URL("../../../..", import.meta.url))

/** What nothing that is not a terminal may ever get: controls, except for the end of a line. */
// oxlint-disable-next-line no-control-regex
export const controlSequence = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|\p{Cf}/u

export interface Run {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** The built program, away from any terminal; with colour forced, which must not help. */
export const twin = (
  args: readonly string[],
  options: {
    readonly input?: string
    readonly cwd?: string
    readonly env?: Readonly<Record<string, string>>
    readonly node?: readonly string[]
    /** Instead of the bundle where it was built. */
    readonly program?: string
  } = {},
): Run => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...(options.node ?? []), options.program ?? bundle, ...args],
    {
      encoding: "utf8",
      input: options.input ?? "",
      cwd: options.cwd ?? checkout,
      env: { PATH: process.env["PATH"] ?? "", FORCE_COLOR: "3", TERM: "xterm", ...options.env },
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  return { code: status, out: stdout, err: stderr }
}

/** The lines of an output. */
export const linesOf = (text: string): readonly string[] => text.trimEnd().split("\n")

/** Unusable input: exit code 2, nothing on standard output, two lines at most that name something. */
export const complaintOf = ({ code, out, err }: Run): string => {
  assert.strictEqual(code, 2, err)
  assert.strictEqual(out, "")
  assert.isAtMost(linesOf(err).length, 2, err)
  assert.notMatch(err, controlSequence)
  assert.notMatch(err, /\n\s+at /)
  return err
}
