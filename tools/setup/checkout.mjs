// Where things are in this checkout.
import { readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("../../", import.meta.url))

/** @param {string} file relative to the checkout */
export const at = (file) => path.join(root, file)

/** @type {{ packageManager: string, devDependencies: Record<string, string> }} */
export const manifest = JSON.parse(readFileSync(at("package.json"), "utf8"))

const pin = /^pnpm@(\d+\.\d+\.\d+)/.exec(manifest.packageManager)
if (pin?.[1] === undefined) throw new Error("package.json: packageManager must pin pnpm")

export const pnpmVersion = pin[1]

/** Everything that the set-up keeps apart from node_modules: pnpm, locks, logs. */
export const toolsHome = at(".tools")

export const pnpmHome = path.join(toolsHome, `pnpm-${pnpmVersion}`)

export const nodeHome = at("node_modules/node-runtime/bin")

/** The pinned Node, once it is installed. */
export const pinnedNode = path.join(nodeHome, process.platform === "win32" ? "node.exe" : "node")

/**
 * Keeps what a failed program said, for who wants to know more than two lines.
 * @param {string} name
 * @param {string} output
 * @returns {string} the file
 */
export const keepLog = (name, output) => {
  const file = path.join(toolsHome, `${name}.log`)
  writeFileSync(file, output)
  return file
}

/** @param {string} text */
export const say = (text) => process.stderr.write(`${text}\n`)
