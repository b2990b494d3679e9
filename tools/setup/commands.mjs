// What the npm scripts do once the version of Node is known to be sufficient.
import path from "node:path"
import { bundle, ensureBuilt } from "./build.mjs"
import { at, pinnedNode, root } from "./checkout.mjs"
import { ensureInstalled, ensurePnpm, installedEnvironment } from "./install.mjs"
import { runInherited, scriptOf } from "./processes.mjs"
import { SetupProblem } from "./SetupProblem.mjs"

/** @param {readonly string[]} args */
export const start = async (args) => {
  await ensureInstalled()
  await ensureBuilt()
  return runInherited(pinnedNode, [bundle, ...args], { cwd: callersFolder(), env: compileCache() })
}

/** What Node has compiled of the bundle stays for the next call: half of what `twin --help` takes. */
const compileCache = () => ({ NODE_COMPILE_CACHE: at(".tools/compile-cache"), ...process.env })

/** @param {readonly string[]} args */
export const test = async (args) => onPinnedNode("tools/gate/main.ts", args)

/** @param {readonly string[]} args */
export const bench = async (args) => onPinnedNode("tools/gate/bench.ts", args)

/** @param {readonly string[]} args */
const withPinned = async ([command, ...args]) => {
  // pnpm is how a lockfile that does not fit is mended: it cannot wait for an installation that needs one that fits.
  if (command === "pnpm") {
    const pnpm = await ensurePnpm()
    return runInherited(pnpm, args, { cwd: callersFolder(), env: await installedEnvironment() })
  }
  await ensureInstalled()
  const where = { cwd: callersFolder(), env: await installedEnvironment() }
  const script = command === "node" ? [] : scriptOf(command ?? "")
  if (script === undefined) {
    throw new SetupProblem(
      `Usage: npm run with -- COMMAND ..., where COMMAND is pnpm, node, or comes with a development dependency of the root package.json (nx, vitest, tsc, oxlint, biome, ...).`,
    )
  }
  return runInherited(pinnedNode, [...script, ...args], where)
}

export { withPinned as with }

/**
 * @param {string} script TypeScript, which the pinned Node runs as it is
 * @param {readonly string[]} args
 */
const onPinnedNode = async (script, args) => {
  await ensureInstalled()
  return runInherited(pinnedNode, [at(script), ...args], {
    cwd: root,
    env: await installedEnvironment(),
  })
}

/** npm changes into the checkout before it runs a script, and keeps where it was called. */
const callersFolder = () => {
  const isOurs = path.resolve(process.env["npm_package_json"] ?? "") === at("package.json")
  return (isOurs ? process.env["INIT_CWD"] : undefined) ?? process.cwd()
}
