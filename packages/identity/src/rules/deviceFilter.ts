import { Result } from "effect"
import { compileRule, type RuleTest } from "./compileRule.ts"
import { problems, RuleProblem } from "./MembershipRule.ts"
import { parseRule } from "./parseRule.ts"
import type { RuleProperty, RuleScope } from "./properties.ts"
import type { RuleReaders } from "./ruleReaders.ts"

/** What a sign-in says about its device, by the names of the filter language; empty: nothing is known. */
export type DeviceAttributes = Readonly<Record<string, string | boolean>>

const properties: ReadonlyMap<string, RuleProperty> = new Map(
  (
    [
      ...[
        "deviceId",
        "displayName",
        "enrollmentProfileName",
        "manufacturer",
        "mdmAppId",
        "model",
        "operatingSystem",
        "operatingSystemVersion",
        "physicalIds",
        "profileType",
        "systemLabels",
        ...Array.from({ length: 15 }, (_, index) => `extensionAttribute${index + 1}`),
      ].map((name) => ({ name, type: "string" as const })),
      { name: "deviceOwnership", type: "string", values: ["company", "personal"] },
      { name: "trustType", type: "string", values: ["azuread", "serverad", "workplace"] },
      { name: "isCompliant", type: "boolean" },
    ] satisfies readonly RuleProperty[]
  ).map((it) => [it.name.toLowerCase(), it]),
)

/** Attributes that a filter, and therefore a sign-in, may name (IDN-168). */
export const deviceFilterAttributes: readonly string[] = [...properties.values()].map(
  ({ name }) => name,
)

const propertyOf = (scope: RuleScope, name: string): RuleProperty | undefined =>
  scope === "device" ? properties.get(name.toLowerCase()) : undefined

const readers: RuleReaders<DeviceAttributes> = {
  id: () => "",
  manager: () => undefined,
  text: (property) => (device) => {
    const value = Object.hasOwn(device, property) ? device[property] : undefined
    return typeof value === "string" ? value : null
  },
  flags: {
    isCompliant: ({ isCompliant }) => (typeof isCompliant === "boolean" ? isCompliant : null),
  },
  dates: {},
  strings: {},
  plans: () => [],
}

const outside = { now: 0, isDirectMember: () => false }

/**
 * A filter for devices, in the language of membership rules with attributes of its own (IDN-168).
 * Fails with the first problem and its position.
 */
export const parseDeviceFilter = (
  text: string,
): Result.Result<(device: DeviceAttributes) => boolean, RuleProblem> =>
  Result.flatMap(parseRule(text, propertyOf), ({ scope, rule }) => {
    if (scope !== "device") return Result.fail(new RuleProblem(problems.attribute, 0))
    const test: RuleTest<DeviceAttributes> = compileRule(rule, readers)
    return Result.succeed((device: DeviceAttributes) => test(device, outside))
  })

/** Filters read so far, by their text: the same ones are asked in every sign-in. */
const known = new Map<string, ReturnType<typeof parseDeviceFilter>>()
/** More than the policies of any tenant (IDN-152); beyond it the oldest filter goes. */
const keptFilters = 400

/** The same as `parseDeviceFilter`, read once for each text. */
export const knownDeviceFilter = (text: string): ReturnType<typeof parseDeviceFilter> => {
  const earlier = known.get(text)
  if (earlier !== undefined) return earlier
  const filter = parseDeviceFilter(text)
  const oldest = known.keys().next()
  if (known.size >= keptFilters && oldest.done !== true) known.delete(oldest.value)
  known.set(text, filter)
  return filter
}
