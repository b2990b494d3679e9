// The runner's bundle, rebuilt only when one of its sources changed. nx would answer the same question, but takes
// longer to ask than a call of `twin` may last.
import { existsSync } from "node:fs"
import { at, keepLog, pinnedNode, root, say } from "./checkout.mjs"
import { bundleFingerprint } from "./fingerprint.mjs"
import { installedEnvironment } from "./install.mjs"
import { withLock } from "./lock.mjs"
import { runCaptured, scriptOf } from "./processes.mjs"
import { explainBuild } from "./SetupProblem.mjs"
import { isStamped, stamp } from "./stamp.mjs"

export const bundle = at("apps/runner/dist/twin.js")

export const ensureBuilt = async () => {
  if (isBuilt()) return
  await withLock("build", async () => {
    if (isBuilt()) return
    say("Building twin ...")
    const { code, output } = await runCaptured(
      pinnedNode,
      [...(scriptOf("nx") ?? []), "run", "@twin/runner:build", "--outputStyle=static"],
      { cwd: root, env: { ...(await installedEnvironment()), ...quietNx, ...plainText } },
    )
    if (code !== 0) throw explainBuild(output, keepLog("build", output))
    stamp("bundle", bundleFingerprint())
  })
}

/** For output that is read, not shown: nx switches colour on for what it starts. */
export const plainText = { FORCE_COLOR: "0", NO_COLOR: "1" }

/** nx as a plain program: no daemon that outlives the call, no full-screen view, no cloud. */
export const quietNx = { NX_DAEMON: "false", NX_TUI: "false", NX_NO_CLOUD: "true" }

const isBuilt = () => existsSync(bundle) && isStamped("bundle", bundleFingerprint())
