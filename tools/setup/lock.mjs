// One writer at a time, also when several terminals or jobs share a checkout.
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { hostname } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { say, toolsHome } from "./checkout.mjs"

const heartbeatMs = 2_000
const deadAfterMs = 30_000
const pollMs = 200

/**
 * Runs `work` while no other process of this checkout holds the lock of that name.
 * @template A
 * @param {string} name
 * @param {() => Promise<A>} work
 */
export const withLock = async (name, work) => {
  mkdirSync(toolsHome, { recursive: true })
  const file = path.join(toolsHome, `${name}.lock`)
  const mine = `${hostname()} ${process.pid}`
  for (let waited = false; !take(file, mine); waited = true) {
    if (!waited) say(`Waiting for another process that is busy with: ${name} ...`)
    const abandoned = abandonedBy(file)
    if (abandoned === undefined) await sleep(pollMs)
    else discard(file, abandoned)
  }
  const heartbeat = setInterval(() => touch(file), heartbeatMs)
  const release = () => rmSync(file, { force: true })
  process.once("exit", release)
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    process.removeListener("exit", release)
    release()
  }
}

/**
 * @param {string} file
 * @param {string} owner
 */
const take = (file, owner) => {
  try {
    writeFileSync(file, owner, { flag: "wx" })
    return true
  } catch (error) {
    // Windows says so of a file that its owner is just removing.
    const isInUse = process.platform === "win32" && codeOf(error) === "EPERM"
    if (codeOf(error) === "EEXIST" || isInUse) return false
    throw error
  }
}

/**
 * A killed owner leaves its file behind. On this host its process number tells; elsewhere, or when the number
 * was given to somebody else, the missing heartbeat does.
 * @param {string} file
 * @returns {string | undefined} the owner that is gone
 */
const abandonedBy = (file) => {
  try {
    const owner = readFileSync(file, "utf8")
    const [host, pid] = owner.split(" ")
    const isGone = host === hostname() && !isAlive(Number(pid))
    return isGone || Date.now() - statSync(file).mtimeMs > deadAfterMs ? owner : undefined
  } catch {
    return undefined
  }
}

/**
 * Of two waiters only one can move the abandoned file away. The slower one may catch the file of the next owner
 * instead, sees that by its content, and puts it back.
 * @param {string} file
 * @param {string} owner
 */
const discard = (file, owner) => {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
    if (readFileSync(aside, "utf8") !== owner) linkSync(aside, file)
    rmSync(aside, { force: true })
  } catch {
    // Another waiter was faster.
  }
}

/** @param {number} pid */
const isAlive = (pid) => {
  if (!Number.isInteger(pid) || pid <= 0) return true // half written: its owner is at work
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) !== "ESRCH"
  }
}

/** @param {string} file */
const touch = (file) => {
  try {
    utimesSync(file, new Date(), new Date())
  } catch {
    // Released in the meantime.
  }
}

/** @param {unknown} error */
const codeOf = (error) => (error instanceof Error && "code" in error ? error.code : undefined)
