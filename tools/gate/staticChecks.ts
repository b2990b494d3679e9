import { at } from "../setup/checkout.mjs"
import { runPinned } from "../setup/processes.mjs"
import type { Section } from "./Section.ts"
import { oneCheck } from "./Tally.ts"
import type { WorkspacePackage } from "./Workspace.ts"

/**
 * Checks of the sources. Each is one program over the whole repository: started once per package, they would load
 * the same types again and again. `undefined` means all packages.
 */
export const staticChecks = (
  chosen: ReadonlyArray<WorkspacePackage> | undefined,
): ReadonlyArray<Section> => {
  const folders = chosen?.map(({ folder }) => folder)
  const projects = folders ?? ["tsconfig.json"]
  return [
    checkOf("format", "biome", ["check", ...(folders ?? ["."])]),
    checkOf("lint", "oxlint", folders ?? []),
    checkOf("types", "tsc", ["-b", ...projects]),
    {
      title: "Effect rules",
      run: async () => {
        const codes: Array<number> = []
        for (const project of projects) {
          const file = project.endsWith(".json") ? project : `${project}/tsconfig.json`
          codes.push(await runPinned("effect-tsgo", effectRules(file), { cwd: at("") }))
        }
        return oneCheck(codes.every((code) => code === 0))
      },
    },
  ]
}

const effectRules = (project: string) => [
  "diagnostics",
  "--project",
  project,
  "--strict",
  "--format=text",
  "--severity=error,warning",
]

const checkOf = (title: string, command: string, args: ReadonlyArray<string>): Section => ({
  title,
  run: async () => oneCheck((await runPinned(command, args, { cwd: at("") })) === 0),
})
