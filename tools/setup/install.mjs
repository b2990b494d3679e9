// From a fresh clone to a workspace in which everything runs on the pinned versions.
import { existsSync } from "node:fs"
import path from "node:path"
import { pinnedNode, root, say } from "./checkout.mjs"
import { dependencyFingerprint } from "./fingerprint.mjs"
import { withLock } from "./lock.mjs"
import { failed, findPnpm, installerEnvironment, obtainPnpm } from "./pnpm.mjs"
import { pinnedEnvironment, runCaptured } from "./processes.mjs"
import { isStamped, stamp } from "./stamp.mjs"

const progressMs = 10_000

/** Does nothing, quickly, when nothing changed since the last time. */
export const ensureInstalled = async () => {
  if (isInstalled()) return
  await withLock("setup", async () => {
    if (isInstalled()) return
    const pnpm = await obtainPnpm()
    await installPackages(pnpm)
    stamp("setup", dependencyFingerprint())
    say("Set-up is complete.")
  })
}

/** pnpm alone, whatever state the packages are in. */
export const ensurePnpm = async () => (await findPnpm()) ?? withLock("setup", obtainPnpm)

/** The environment for everything that runs after the set-up. */
export const installedEnvironment = async () =>
  pinnedEnvironment(path.dirname((await findPnpm()) ?? root))

const isInstalled = () => isStamped("setup", dependencyFingerprint()) && existsSync(pinnedNode)

/**
 * The lockfile is checked against the registry when it changes, not on every machine: its
 * hashes hold anyway, and a store that is filled needs no network. Few retries, because nobody waits ten minutes
 * to hear that the network is down.
 */
const installArguments = [
  "install",
  "--frozen-lockfile",
  "--trust-lockfile",
  "--reporter=append-only",
  "--config.confirmModulesPurge=false",
  "--config.fetchRetries=2",
  "--config.fetchRetryMintimeout=1000",
  "--config.fetchRetryMaxtimeout=4000",
]

/** @param {string} pnpm */
const installPackages = async (pnpm) => {
  const doing = "Installing Node 26 and the packages"
  say(
    `Setting up: ${doing[0]?.toLowerCase()}${doing.slice(1)} (once, under a minute on most lines) ...`,
  )
  const began = Date.now()
  const progress = setInterval(() => {
    say(`  still installing, ${Math.round((Date.now() - began) / 1000)} s ...`)
  }, progressMs)
  try {
    const { code, output } = await runCaptured(pnpm, installArguments, {
      cwd: root,
      env: installerEnvironment(),
    })
    if (code !== 0) throw failed(doing, output)
    const node = await runCaptured(pinnedNode, ["--version"])
    if (node.code !== 0) throw failed("Starting Node 26", `${output}\n${node.output}`)
  } finally {
    clearInterval(progress)
  }
}
