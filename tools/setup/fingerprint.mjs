// Cheap answers to "did anything change since then?", to be had in milliseconds before every call.
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import path from "node:path"
import { at, root } from "./checkout.mjs"

const groups = ["packages", "apps"]
const single = ["tools", "bench"]

/** The folders of the workspace's packages, relative to the checkout. */
export const packageFolders = () =>
  [
    ...groups.flatMap((group) => namesIn(at(group)).map((name) => `${group}/${name}`)),
    ...single,
  ].filter((folder) => existsSync(at(`${folder}/package.json`)))

/** By content: what decides which packages are installed. */
export const dependencyFingerprint = () => {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`)
  const manifests = ["", ...packageFolders()].map((folder) => path.join(folder, "package.json"))
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests]) {
    hash.update(`\0${file}\0`).update(readFileSync(at(file)))
  }
  return hash.digest("hex")
}

const notBundled = new Set(["node_modules", "dist", ".tsc", "test", "bench", "examples"])

/** By name, size and time of change: what the runner's bundle is made of. */
export const bundleFingerprint = () => {
  const hash = createHash("sha256").update(dependencyFingerprint())
  for (const folder of packageFolders()) {
    if (!single.includes(folder)) addTree(hash, at(folder))
  }
  for (const file of ["tsconfig.base.json", "apps/runner/dist/twin.js"]) addFile(hash, at(file))
  return hash.digest("hex")
}

/**
 * @param {import("node:crypto").Hash} hash
 * @param {string} folder
 */
const addTree = (hash, folder) => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (notBundled.has(entry.name)) continue
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) addTree(hash, file)
    else addFile(hash, file)
  }
}

/**
 * @param {import("node:crypto").Hash} hash
 * @param {string} file
 */
const addFile = (hash, file) => {
  const stat = statSync(file, { throwIfNoEntry: false })
  hash.update(`\0${path.relative(root, file)} ${stat?.size} ${stat?.mtimeMs}`)
}

/** @param {string} folder */
const namesIn = (folder) => (existsSync(folder) ? readdirSync(folder).toSorted() : [])
