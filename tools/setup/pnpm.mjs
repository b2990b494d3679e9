// pnpm at the pinned version, in a folder of the checkout. Nothing is installed globally.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { pathToFileURL } from "node:url"
import { keepLog, pnpmHome, pnpmVersion, say } from "./checkout.mjs"
import { runCaptured } from "./processes.mjs"
import { explain } from "./SetupProblem.mjs"

const wrapper = path.join(pnpmHome, "node_modules/pnpm/native-binary.mjs")

/**
 * The native program, or undefined while pnpm is not installed. It is looked up the way pnpm does it itself,
 * because npm may be set to skip the install script that would link it.
 * @returns {Promise<string | undefined>}
 */
export const findPnpm = async () => {
  if (!existsSync(wrapper)) return undefined
  /** @type {{ resolveInstalledBinary: () => string | undefined }} */
  const { resolveInstalledBinary } = await import(pathToFileURL(wrapper).href)
  return resolveInstalledBinary() ?? undefined
}

export const obtainPnpm = async () => {
  const found = await findPnpm()
  if (found !== undefined) return found
  say(`Setting up: pnpm ${pnpmVersion} ...`)
  // Installed aside and renamed when complete, so that a killed set-up leaves nothing half done.
  const aside = `${pnpmHome}.${process.pid}`
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside, { recursive: true })
  writeFileSync(path.join(aside, "package.json"), JSON.stringify({ private: true }))
  const [file, ...first] = npmCommand()
  const { code, output } = await runCaptured(
    file,
    [
      ...first,
      "install",
      "--prefix",
      aside,
      "--no-audit",
      "--no-fund",
      "--fetch-retries=2",
      "--fetch-retry-mintimeout=1000",
      "--fetch-retry-maxtimeout=4000",
      "--ignore-scripts",
      `pnpm@${pnpmVersion}`,
    ],
    { cwd: aside, env: installerEnvironment() },
  )
  if (code !== 0) {
    rmSync(aside, { recursive: true, force: true })
    throw failed(`Fetching pnpm ${pnpmVersion}`, output)
  }
  rmSync(pnpmHome, { recursive: true, force: true })
  renameSync(aside, pnpmHome)
  const installed = await findPnpm()
  if (installed === undefined) throw failed(`Fetching pnpm ${pnpmVersion}`, output)
  return installed
}

/**
 * @param {string} doing
 * @param {string} output
 */
export const failed = (doing, output) => explain(doing, output, keepLog("setup", output))

/**
 * What npm hands to its scripts would reach the installers below as their own settings: a `--prefix` of the caller
 * would make them write into the wrong folder, and a silent level would hide their errors.
 */
export const installerEnvironment = () => {
  const ours =
    /^npm_config_(prefix|local_prefix|global|global_prefix|location|workspace|workspaces|include_workspace_root|loglevel|silent|json|dry_run|ignore_scripts|omit|include|production|only)$/i
  const env = Object.entries(process.env).filter(
    ([name]) => !ours.test(name) && name.toUpperCase() !== "NODE_ENV",
  )
  return { ...Object.fromEntries(env), npm_config_loglevel: "error" }
}

/**
 * npm by the Node that runs us, without `npm.cmd`, which Node starts only through a shell.
 * @returns {[string, ...string[]]}
 */
const npmCommand = () => {
  const nodeFolder = path.dirname(process.execPath)
  const script = [
    process.env["npm_execpath"] ?? "",
    path.join(nodeFolder, "node_modules/npm/bin/npm-cli.js"),
    path.join(nodeFolder, "../lib/node_modules/npm/bin/npm-cli.js"),
  ].find((it) => path.basename(it) === "npm-cli.js" && existsSync(it))
  return script === undefined ? ["npm"] : [process.execPath, script]
}
