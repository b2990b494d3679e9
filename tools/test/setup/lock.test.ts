import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, assert, it } from "vitest"
import { toolsHome } from "../../setup/checkout.mjs"
import { withLock } from "../../setup/lock.mjs"

const name = `test-${process.pid}`
const file = path.join(toolsHome, `${name}.lock`)
const noSuchProcess = 2 ** 30

afterEach(() => rmSync(file, { force: true }))

/** Leaves a lock behind, as an owner does who is killed. */
const leave = (owner: string, ageSeconds: number) => {
  mkdirSync(toolsHome, { recursive: true })
  writeFileSync(file, owner)
  const then = new Date(Date.now() - ageSeconds * 1000)
  utimesSync(file, then, then)
}

it("lets one in at a time", async () => {
  let inside = 0
  let most = 0
  const visit = () =>
    withLock(name, async () => {
      inside += 1
      most = Math.max(most, inside)
      await sleep(20)
      inside -= 1
    })
  await Promise.all([visit(), visit(), visit(), visit()])
  assert.strictEqual(most, 1)
  assert.isFalse(existsSync(file))
})

it("opens again after a failure, which it passes on", async () => {
  const failing = withLock(name, () => Promise.reject(new Error("disk full")))
  const message = await failing.then(
    () => "held",
    (error: Error) => error.message,
  )
  assert.strictEqual(message, "disk full")
  assert.isFalse(existsSync(file))
})

it("takes over from a process of this host that is gone", async () => {
  leave(`${hostname()} ${noSuchProcess}`, 0)
  assert.strictEqual(await withLock(name, () => Promise.resolve("in")), "in")
})

it("takes over from another host whose heartbeat has stopped", async () => {
  leave("elsewhere 1", 60)
  assert.strictEqual(await withLock(name, () => Promise.resolve("in")), "in")
})

it("waits for another host whose heart beats", async () => {
  leave("elsewhere 1", 0)
  const owner = withLock(name, () => Promise.resolve(readFileSync(file, "utf8")))
  await sleep(100)
  assert.strictEqual(readFileSync(file, "utf8"), "elsewhere 1")
  rmSync(file)
  assert.strictEqual(await owner, `${hostname()} ${process.pid}`)
})
