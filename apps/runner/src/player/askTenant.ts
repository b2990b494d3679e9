import { type LoadedScenario, type Play, runLines } from "@twin/scenario"
import { defaultAdministrator, type Tenant, tenantComposition } from "@twin/tenant"
import { Effect, Result } from "effect"
import { isOnlyAnId, shortName } from "../story/shortName.ts"
import type { Asked, Setting } from "./Asked.ts"

/** The cmdlets that show a tenant's configuration, as an administrator would look it up. */
const settingCmdlets = [
  "Get-SPOTenant",
  "Get-IRMConfiguration",
  "Get-OMEConfiguration",
  "Get-AipServiceConfiguration",
  "Get-OrganizationConfig",
].filter((name) => tenantComposition.operations.has(name.toLowerCase()))

/** Name and value of every property, by cmdlet. */
export type SettingTexts = ReadonlyMap<string, readonly (readonly [name: string, value: string])[]>

/** The configuration of this moment; read on a fork, so that nothing is journalled. */
export const readSettings = Effect.fnUntraced(function* (play: Play) {
  const { tenant, memory } = yield* play.fork
  const found = new Map<string, readonly (readonly [string, string])[]>()
  for (const cmdlet of settingCmdlets) {
    const { text } = yield* runLines({
      tenant,
      script: `${cmdlet} | Format-List`,
      as: defaultAdministrator,
      variables: memory.variables,
    })
    found.set(cmdlet, propertiesIn(text))
  }
  const texts: SettingTexts = found
  return texts
})

/** What `Format-List` prints: `Name : value`, longer values going on below. */
const propertiesIn = (text: string): readonly (readonly [name: string, value: string])[] => {
  const found: [name: string, value: string][] = []
  for (const row of text.split("\n")) {
    const [, name, value = ""] = /^(\S+)\s*: ?(.*)$/.exec(row) ?? []
    const last = found.at(-1)
    if (name !== undefined) found.push([name, value.trim()])
    else if (last !== undefined && row.trim() !== "") last[1] += ` ${row.trim()}`
  }
  return found
}

/** The settings of now beside those of the beginning. */
export const compareSettings = (start: SettingTexts, now: SettingTexts): Asked => ({
  kind: "settings",
  sections: [...now].map(([title, properties]) => {
    const before = new Map(start.get(title))
    return {
      title,
      settings: properties.map(([name, value]): Setting => {
        const was = before.get(name)
        return { name, value, was: was === value ? undefined : (was ?? "") }
      }),
    }
  }),
})

/** Whom the story is about: everybody who acts in it or is asked about, by the name it uses. */
export const peopleOf = ({ scenario }: LoadedScenario): readonly string[] => {
  const names = scenario.agenda
    .flatMap(({ steps }) => steps)
    .flatMap((step) => [
      ...("as" in step && step.as !== undefined ? [step.as] : []),
      ...("poll" in step ? [step.asks.who] : []),
      ...("expect" in step
        ? [step.expect].flat().flatMap(({ can }) => (can === undefined ? [] : [can.who]))
        : []),
    ])
  const byAlias = new Map(names.map((name) => [aliasOf(name), name]))
  return [...byAlias.values()].slice(0, mostPeople)
}

export const aliasOf = (name: string): string => (name.split("@")[0] ?? name).toLowerCase()

const mostPeople = 12
const mostThings = 60

/** The things of this moment that somebody can be asked to do something with. */
export const thingsFor = Effect.fnUntraced(function* (tenant: Tenant, action: string) {
  const world = yield* tenant.world
  return tenantComposition.questions
    .filter((it) => it.action === action)
    .flatMap((it) => it.subjects(world))
    .filter((thing) => !isOnlyAnId(thing))
    .slice(0, mostThings)
})

/** Who of the story can open what, now. */
export const readMatrix = Effect.fnUntraced(function* (play: Play) {
  const tenant = yield* play.tenant
  const people = peopleOf(play.loaded)
  const rows: Extract<Asked, { kind: "matrix" }>["rows"][number][] = []
  for (const on of yield* thingsFor(tenant, "open")) {
    const answers = yield* Effect.forEach(people, (who) =>
      Effect.map(Effect.result(tenant.explain({ who, action: "open", on })), (answer) =>
        Result.isSuccess(answer) ? answer.success.outcome : undefined,
      ),
    )
    rows.push({ thing: shortName(on), answers })
  }
  const matrix: Asked = { kind: "matrix", people: people.map(aliasOf), rows }
  return matrix
})
