import path from "node:path"
import { assert, describe, it } from "vitest"
import { packageFolders } from "../setup/fingerprint.mjs"
import { importsOf } from "../tidy/imports.ts"
import { isBesideTheCode, packageOf, read, scripts } from "../tidy/sources.ts"

/** Who may import whom. What a package may reach through another it may also import itself. */
const arrows: Record<string, ReadonlyArray<string>> = {
  kernel: [],
  crypto: ["kernel"],
  identity: ["crypto"],
  mip: ["identity"],
  spo: ["mip"],
  exchange: ["mip"],
  datacenter: ["identity"],
  tenant: ["spo", "exchange", "datacenter"],
  powershell: ["kernel"],
  scenario: ["tenant", "powershell"],
  conformance: ["scenario"],
  runner: ["conformance"],
  tools: [],
  bench: ["runner"],
}

const reachable = (name: string): ReadonlySet<string> =>
  new Set((arrows[name] ?? []).flatMap((next) => [next, ...reachable(next)]))

interface Manifest {
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
}

const manifestOf = (folder: string): Manifest => JSON.parse(read(`${folder}/package.json`))

const listed = (folder: string): ReadonlyArray<string> => {
  const { dependencies = {}, devDependencies = {} } = manifestOf(folder)
  return [...Object.keys(dependencies), ...Object.keys(devDependencies)]
}

const twinOf = (module: string) => /^@twin\/([^/]+)/.exec(module)?.[1]

const packageNameOf = (module: string) => /^(@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? module

const isRelative = (module: string) => /^\.\.?(\/|$)/.test(module)

/** Whose imports are looked at: the root's own scripts and configuration belong to no package. */
const owned = scripts.flatMap((file) => {
  const folder = packageOf(file)
  return folder === undefined
    ? []
    : [{ file, folder, name: path.posix.basename(folder), imports: importsOf(file, read(file)) }]
})

describe("package boundaries", () => {
  it("lists every package in the table of arrows", () => {
    const names = packageFolders().map((folder) => path.posix.basename(folder))
    assert.deepStrictEqual(names.toSorted(), Object.keys(arrows).toSorted())
  })

  it("lets a package depend only on packages below it", () => {
    const wrong = packageFolders().flatMap((folder) => {
      const name = path.posix.basename(folder)
      return listed(folder)
        .filter((it) => twinOf(it) !== undefined && !reachable(name).has(twinOf(it) ?? ""))
        .map((it) => `${folder}/package.json: ${it}`)
    })
    assert.deepStrictEqual(wrong, [])
  })

  it("keeps the project references of TypeScript equal to the dependencies", () => {
    const wrong = packageFolders().filter((folder) => {
      const { references = [] }: { references?: ReadonlyArray<{ path: string }> } = JSON.parse(
        read(`${folder}/tsconfig.json`),
      )
      const referred = references.map((it) => path.posix.basename(it.path))
      const depended = listed(folder).flatMap((it) => twinOf(it) ?? [])
      return referred.toSorted().join() !== depended.toSorted().join()
    })
    assert.deepStrictEqual(wrong, [])
  })

  it("imports only what the package's own package.json lists", () => {
    const wrong = owned.flatMap(({ file, folder, name, imports }) => {
      const shipped = Object.keys(manifestOf(folder).dependencies ?? {})
      const allowed = isBesideTheCode(file) ? [...listed(folder), `@twin/${name}`] : shipped
      return imports
        .map(({ module }) => module)
        .filter((it) => !isRelative(it) && !it.startsWith("node:"))
        .filter((it) => !allowed.includes(packageNameOf(it)))
        .map((it) => `${file}: ${it}`)
    })
    assert.deepStrictEqual(wrong, [])
  })

  it("leaves no package by a relative path", () => {
    const wrong = owned.flatMap(({ file, folder, imports }) =>
      imports
        .filter(({ module }) => isRelative(module))
        .filter(
          ({ module }) => !path.posix.join(path.posix.dirname(file), module).startsWith(folder),
        )
        .map(({ module }) => `${file}: ${module}`),
    )
    assert.deepStrictEqual(wrong, [])
  })
})

describe("decisions", () => {
  const decisions = owned.filter(({ file }) => file.includes("/src/decisions/"))

  it("import no operation and no service of their package", () => {
    const wrong = decisions.flatMap(({ file, imports }) =>
      imports
        .filter(({ module }) => isRelative(module))
        .map(({ module }) => path.posix.join(path.posix.dirname(file), module))
        .filter((target) => target.includes("/operations/") || definesService(target))
        .map((target) => `${file}: ${target}`),
    )
    assert.deepStrictEqual(wrong, [])
  })

  it("are plain functions: they import nothing that runs effects", () => {
    const effectful = new Set(["Context", "Effect", "Fiber", "Layer", "Ref", "Scope", "Stream"])
    const wrong = decisions.flatMap(({ file, imports }) =>
      imports
        .filter(({ module }) => packageNameOf(module) === "effect")
        .flatMap(({ module, names }) => [...names, path.posix.basename(module)])
        .filter((name) => effectful.has(name))
        .map((name) => `${file}: ${name}`),
    )
    assert.deepStrictEqual(wrong, [])
  })
})

const definesService = (file: string) =>
  scripts.includes(file) && read(file).includes("Context.Service<")

it("sees every way to import", () => {
  const text = `
    import type { A } from "a"
    import { B, type C } from "./b.ts"
    export * from "c"
    export { d } from "d"
    const e = await import("e")
    type F = import("f").F
    const text = 'import g from "g"' // import "h"
    export const i = 1
  `
  const modules = importsOf("a.ts", text).map(({ module }) => module)
  assert.deepStrictEqual(modules, ["a", "./b.ts", "c", "d", "e", "f"])
})
