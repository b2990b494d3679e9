import { existsSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"

/**
 * The checkout this program belongs to: the nearest folder above it that has scenarios; the current
 * folder where there is none (a bundle that was copied elsewhere).
 */
export const workspaceFolder = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, "scenarios"))) {
    const above = dirname(folder)
    if (above === folder) return resolve(".")
    folder = above
  }
  return folder
}
