import { existsSync, globSync } from "node:fs"
import path from "node:path"
import { at } from "../setup/checkout.mjs"
import { packageFolders } from "../setup/fingerprint.mjs"

/** A package as the command line names it: `spo` for `@twin/spo` in `packages/spo`. */
export interface WorkspacePackage {
  readonly name: string
  readonly folder: string
}

export const workspacePackages: ReadonlyArray<WorkspacePackage> = packageFolders().map(
  (folder) => ({ name: path.posix.basename(folder), folder }),
)

export const projectOf = ({ name }: WorkspacePackage) => `@twin/${name}`

export const hasTests = ({ folder }: WorkspacePackage) => existsSync(at(`${folder}/test`))

export const benchmarkFiles = ({ folder }: WorkspacePackage): ReadonlyArray<string> =>
  globSync(folder === "bench" ? "bench/*.bench.ts" : `${folder}/bench/*.bench.ts`, { cwd: at("") })

export const scenarioFiles = (): ReadonlyArray<string> =>
  globSync("scenarios/**/*.yaml", { cwd: at("") }).toSorted()
