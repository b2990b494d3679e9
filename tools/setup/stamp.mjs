// A stamp lies in node_modules: who deletes that folder starts afresh.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { at } from "./checkout.mjs"

/** @param {"setup" | "bundle"} name */
const fileOf = (name) => at(`node_modules/.tenant-twin-${name}`)

/**
 * @param {"setup" | "bundle"} name
 * @param {string} fingerprint
 */
export const isStamped = (name, fingerprint) =>
  existsSync(fileOf(name)) && readFileSync(fileOf(name), "utf8") === fingerprint

/**
 * @param {"setup" | "bundle"} name
 * @param {string} fingerprint
 */
export const stamp = (name, fingerprint) => {
  const aside = `${fileOf(name)}.${process.pid}`
  writeFileSync(aside, fingerprint)
  renameSync(aside, fileOf(name))
}
