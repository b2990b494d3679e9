import { spawnSync } from "node:child_process"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { spawn } from "@lydell/node-pty"
import { Grid } from "./Grid.ts"

export const bundle = fileURLToPath(new URL("../../dist/twin.js", import.meta.url))

const arrows = { right: "\u001b[C", left: "\u001b[D", up: "\u001b[A", down: "\u001b[B" } as const

export interface TerminalOptions {
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/**
 * The real program in a pseudo-terminal. A shell around it says afterwards what it has left behind:
 * its exit code, and whether the terminal is as it was.
 */
export const openTerminal = (args: readonly string[], options: TerminalOptions = {}) => {
  const { columns = 80, rows = 24, env = {} } = options
  const grid = new Grid(columns, rows)
  let raw = ""
  const afterwards = 'stty -a | tr ";" "\\n" | grep -E "icanon|isig" ; echo "[ended $code]"'
  const pty = spawn(
    "/bin/sh",
    ["-c", `trap : INT; "$@"; code=$?; ${afterwards}`, "sh", process.execPath, bundle, ...args],
    {
      name: env["TERM"] ?? "xterm-256color",
      cols: columns,
      rows,
      cwd: options.cwd ?? fileURLToPath(new URL("../../../..", import.meta.url)),
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: process.env["HOME"] ?? "",
        ...env,
      },
    },
  )
  pty.onData((data) => {
    raw += data
    grid.write(data)
  })
  let hasExited = false
  const exited = new Promise<void>((resolve) => {
    pty.onExit(() => {
      hasExited = true
      resolve()
    })
  })

  const waitFor = async (holds: (screen: Grid) => boolean, what: string): Promise<void> => {
    // oxlint-disable no-await-in-loop -- Looking again is the point.
    for (let tries = 0; !holds(grid); tries += 1) {
      if (tries > 1_000 || (hasExited && tries > 20)) {
        throw new Error(`never saw ${what}:\n${grid.text}`)
      }
      await sleep(20)
    }
  }

  return {
    grid,
    /** Everything that the program wrote. */
    output: () => raw,
    type: (text: string) => pty.write(text),
    press: (key: keyof typeof arrows) => pty.write(arrows[key]),
    resize: (to: { readonly columns: number; readonly rows: number }) => {
      grid.resize(to.columns, to.rows)
      pty.resize(to.columns, to.rows)
    },
    waitFor,
    sees: (text: string | RegExp) =>
      waitFor(
        (screen) =>
          typeof text === "string" ? screen.text.includes(text) : text.test(screen.text),
        String(text),
      ),
    /** Sends a signal to the program itself, not to the shell around it. */
    signal: (name: NodeJS.Signals) => process.kill(programOf(pty.pid), name),
    /** Hangs up, as a window does that is closed. */
    hangUp: () => pty.kill("SIGHUP"),
    /** The process of the program itself. */
    programId: () => programOf(pty.pid),
    /** How the program ended, and in which state it left the terminal. */
    ended: async () => {
      await Promise.race([exited, sleep(20_000)])
      // The end may be told before the last words have arrived.
      for (let tries = 0; tries < 100 && !raw.includes("[ended "); tries += 1) await sleep(20)
      const code = /\[ended (\d+)\]/.exec(raw)?.[1]
      return {
        code: code === undefined ? undefined : Number(code),
        isCooked: /(?<!-)icanon/.test(raw),
        isAlternate: grid.isAlternate,
        isCursorShown: grid.isCursorShown,
        isBracketedPaste: grid.isBracketedPaste,
        unknown: grid.unknown,
      }
    },
    close: () => {
      if (!hasExited) pty.kill("SIGKILL")
    },
  }
}

/** What `ended` says of a program that left the terminal as it found it. */
export const restored = (code: number) => ({
  code,
  isCooked: true,
  isAlternate: false,
  isCursorShown: true,
  isBracketedPaste: false,
  unknown: [],
})

/** The child of the shell. */
const programOf = (shell: number): number => {
  const { stdout } = spawnSync("pgrep", ["-P", String(shell)], { encoding: "utf8" })
  return Number(stdout.trim().split("\n")[0])
}

export type OpenTerminal = ReturnType<typeof openTerminal>
