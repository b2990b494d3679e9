// Starting other programs without a shell, so that paths with spaces and Windows need no quoting.
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { constants } from "node:os"
import path from "node:path"
import { stripVTControlCharacters } from "node:util"
import { at, manifest, nodeHome, pinnedNode } from "./checkout.mjs"

/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv }} Where */

/**
 * Runs a program on the caller's terminal in our place: what a signal means is its own affair.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Where} where
 * @returns {Promise<number>} its exit code
 */
export const runInherited = async (file, args, where = {}) =>
  (await runOnTerminal(file, args, where)).code

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Where} where
 * @returns {Promise<{ code: number, interruptedBy: NodeJS.Signals | undefined }>}
 */
const runOnTerminal = (file, args, where) =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...where, stdio: "inherit" })
    const stopForwarding = forwardSignals(child)
    child.once("error", reject)
    child.once("close", (code, signal) => {
      const interruptedBy = stopForwarding()
      resolve({ code: code ?? (signal === null ? 1 : codeOf(signal)), interruptedBy })
    })
  })

/** @param {NodeJS.Signals} signal */
const codeOf = (signal) => 128 + constants.signals[signal]

/**
 * Runs a program silently and keeps what it says. A program that does not start at all has failed like any other.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Where} where
 * @returns {Promise<{ code: number, output: string }>}
 */
export const runCaptured = (file, args, where = {}) =>
  new Promise((resolve) => {
    const child = spawn(file, args, { ...where, stdio: ["ignore", "pipe", "pipe"] })
    const stopForwarding = forwardSignals(child)
    let output = ""
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString()
    }
    child.stdout.on("data", collect)
    child.stderr.on("data", collect)
    child.once("error", (error) => {
      stopForwarding()
      resolve({ code: 1, output: `${output}\n${error.message}` })
    })
    child.once("close", (code, signal) => {
      const interruptedBy = stopForwarding() ?? signal
      if (interruptedBy !== null) process.exit(codeOf(interruptedBy))
      resolve({ code: code ?? 1, output: stripVTControlCharacters(output) })
    })
  })

/**
 * The launcher outlives its child. A terminal sends SIGINT to both of them already: forwarding it would make one
 * Ctrl-C two.
 * @param {import("node:child_process").ChildProcess} child
 * @returns {() => NodeJS.Signals | undefined} stops, and tells which signal came
 */
const forwardSignals = (child) => {
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some((it) => it.isTTY)
  /** @type {NodeJS.Signals | undefined} */
  let received
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    received = signal
    if (signal !== "SIGINT" || !hasTerminal) child.kill(signal)
  }
  for (const signal of forwarded) process.on(signal, forward)
  // npm passes a signal on to the shell that it started us with, and not every shell passes it on to us.
  const parent = process.ppid
  const watch = setInterval(() => process.ppid !== parent && forward("SIGTERM"), 500).unref()
  return () => {
    clearInterval(watch)
    for (const signal of forwarded) process.removeListener(signal, forward)
    return received
  }
}

/** @type {readonly NodeJS.Signals[]} */
const forwarded = ["SIGINT", "SIGTERM", "SIGHUP"]

/**
 * What a child finds: the pinned Node and pnpm before anything else of that name.
 * @param {string} pnpmFolder
 */
export const pinnedEnvironment = (pnpmFolder) => {
  const env = { ...process.env }
  const name = Object.keys(env).find((it) => it.toUpperCase() === "PATH") ?? "PATH"
  const first = [nodeHome, pnpmFolder, at("node_modules/.bin")]
  env[name] = [...first, env[name]].filter(Boolean).join(path.delimiter)
  return env
}

/**
 * The script behind a command of one of our development dependencies: shims in node_modules/.bin would need a
 * shell on Windows.
 * @param {string} command
 * @returns {readonly string[] | undefined} arguments for the pinned Node
 */
export const scriptOf = (command) => {
  for (const name of Object.keys(manifest.devDependencies)) {
    const home = at(`node_modules/${name}`)
    /** @type {{ bin?: string | Record<string, string> }} */
    const { bin = {} } = JSON.parse(readFileSync(path.join(home, "package.json"), "utf8"))
    const script = typeof bin === "string" ? { [path.basename(name)]: bin }[command] : bin[command]
    if (script !== undefined && name !== "node-runtime") return [path.join(home, script)]
  }
  return undefined
}

/**
 * One step of several: who interrupts it means all of them.
 * @param {string} command `node`, or a command of a development dependency
 * @param {readonly string[]} args
 * @param {Where} where
 */
export const runPinned = async (command, args, where = {}) => {
  const script = (command === "node" ? [] : scriptOf(command)) ?? []
  const { code, interruptedBy } = await runOnTerminal(pinnedNode, [...script, ...args], where)
  if (interruptedBy !== undefined) process.exit(codeOf(interruptedBy))
  return code
}
