import { Schema } from "effect"
import { timeOf } from "../timeText.ts"
import { type ActionSet, actionNames, actions } from "./RuleActions.ts"
import {
  type ConditionName,
  type ConditionSet,
  conditionNames,
  conditions,
} from "./RuleConditions.ts"
import { bytesOf, compilePattern } from "./RuleMessage.ts"
import {
  RecipientAddressType,
  RuleErrorAction,
  RuleMode,
  SenderAddressLocation,
  type TransportRule,
} from "./TransportRule.ts"

type Fields = Readonly<Record<string, Schema.Top>>

/** Every parameter may be left out, and `$null` takes it away. */
const nullable = (fields: Fields, prefix = ""): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      `${prefix}${name}`,
      Schema.optionalKey(Schema.NullOr(field)),
    ]),
  )

/** Conditions, exceptions and actions as parameters of `New-` and `Set-TransportRule`. */
export const predicateParams: Fields = {
  ...nullable(conditions),
  ...nullable(conditions, "ExceptIf"),
  ...nullable(actions),
}

const date = (description: string) =>
  Schema.optionalKey(Schema.NullOr(Schema.String).annotate({ description }))

/** Properties of a rule as parameters. */
export const propertyParams = {
  Comments: Schema.optionalKey(
    Schema.NullOr(Schema.String).annotate({ description: "Up to 1024 characters" }),
  ),
  Mode: Schema.optionalKey(RuleMode.annotate({ description: "Audit modes change nothing" })),
  Priority: Schema.optionalKey(
    Schema.Int.annotate({ description: "0 runs first; the last place unless given" }),
  ),
  StopRuleProcessing: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "No later rule runs on mail that this one matches" }),
  ),
  RuleErrorAction: Schema.optionalKey(
    RuleErrorAction.annotate({ description: "What becomes of mail that cannot be evaluated" }),
  ),
  SenderAddressLocation: Schema.optionalKey(
    SenderAddressLocation.annotate({ description: "Where conditions look for the sender" }),
  ),
  RecipientAddressType: Schema.optionalKey(
    RecipientAddressType.annotate({ description: "Which recipient address conditions compare" }),
  ),
  ActivationDate: date("The rule acts from this moment, UTC"),
  ExpiryDate: date("The rule acts until this moment, UTC"),
} as const

const Properties = Schema.Struct(propertyParams)
export type RuleProperties = typeof Properties.Type

/** Decoded parameters: names to values; `null` takes a setting away. */
type Given = Readonly<Record<string, unknown>>

const merged = <Set extends object>(
  before: Set,
  names: readonly string[],
  given: Given,
  prefix = "",
): Set => {
  const after = new Map<string, unknown>(Object.entries(before))
  for (const name of names) {
    const value = given[`${prefix}${name}`]
    if (value === null) after.delete(name)
    else if (value !== undefined) after.set(name, value)
  }
  // Names are those of the set, and the values were decoded by its schemas.
  return Object.fromEntries(after) as Set
}

/** The rule with the parameters of a command put over it. Dates must have been checked. */
export const withParams = (
  rule: TransportRule,
  properties: RuleProperties,
  given: Given,
): TransportRule => ({
  ...rule,
  comments: properties.Comments === undefined ? rule.comments : (properties.Comments ?? ""),
  mode: properties.Mode ?? rule.mode,
  stopRuleProcessing: properties.StopRuleProcessing ?? rule.stopRuleProcessing,
  ruleErrorAction: properties.RuleErrorAction ?? rule.ruleErrorAction,
  senderAddressLocation: properties.SenderAddressLocation ?? rule.senderAddressLocation,
  recipientAddressType: properties.RecipientAddressType ?? rule.recipientAddressType,
  activationDate: moment(properties.ActivationDate, rule.activationDate),
  expiryDate: moment(properties.ExpiryDate, rule.expiryDate),
  conditions: merged<ConditionSet>(rule.conditions, conditionNames, given),
  exceptions: merged<ConditionSet>(rule.exceptions, conditionNames, given, "ExceptIf"),
  actions: merged<ActionSet>(rule.actions, actionNames, given),
})

const moment = (text: string | null | undefined, before: number | null): number | null =>
  text === undefined ? before : text === null ? null : (timeOf(text) ?? before)

const patternConditions = conditionNames.filter((name) => name.endsWith("Patterns"))
const sizeConditions = ["AttachmentSizeOver", "MessageSizeOver"] as const

const patternsOf = (rule: TransportRule): readonly string[] =>
  [rule.conditions, rule.exceptions].flatMap((set) =>
    patternConditions.flatMap((name) => (set[name] ?? []) as readonly string[]),
  )

/** The first pattern of a rule that does not compile; empty where all do. */
export const badPatternOf = (rule: TransportRule): string =>
  patternsOf(rule).find((it) => compilePattern(it) === undefined) ?? ""

/** Bytes of all patterns of these rules (EXO-111). */
export const patternBytesOf = (rules: readonly TransportRule[]): number =>
  Buffer.byteLength(rules.flatMap(patternsOf).join(""))

/** The first date or size that cannot be read; empty where all can. */
export const badValueOf = (rule: TransportRule, properties: RuleProperties): string => {
  const dates = [properties.ActivationDate, properties.ExpiryDate].filter(
    (it) => typeof it === "string" && timeOf(it) === undefined,
  )
  const sizes = [rule.conditions, rule.exceptions]
    .flatMap((set) => sizeConditions.map((name) => set[name]))
    .filter((it) => it !== undefined && bytesOf(it) === undefined)
  return String([...dates, ...sizes][0] ?? "")
}

const headerPairs: readonly (readonly [ConditionName, ConditionName])[] = [
  ["HeaderContainsMessageHeader", "HeaderContainsWords"],
  ["HeaderMatchesMessageHeader", "HeaderMatchesPatterns"],
]

/** The first half of a pair that stands alone; empty where all are whole. */
export const incompletePairOf = (rule: TransportRule): string => {
  for (const [prefix, set] of [
    ["", rule.conditions],
    ["ExceptIf", rule.exceptions],
  ] as const) {
    for (const [name, text] of headerPairs) {
      if ((set[name] === undefined) !== (set[text] === undefined)) {
        return `${prefix}${set[name] === undefined ? text : name}`
      }
    }
  }
  const { SetHeaderName, SetHeaderValue } = rule.actions
  if ((SetHeaderName === undefined) === (SetHeaderValue === undefined)) return ""
  return SetHeaderName === undefined ? "SetHeaderValue" : "SetHeaderName"
}

/** Conditions, exceptions and actions by parameter name, as `Get-TransportRule` prints them. */
export const printedPredicates = (rule: TransportRule): Readonly<Record<string, Schema.Json>> => {
  const rows: [string, Schema.Json][] = []
  for (const name of conditionNames) {
    const value = rule.conditions[name]
    if (value !== undefined) rows.push([name, value])
  }
  for (const name of conditionNames) {
    const value = rule.exceptions[name]
    if (value !== undefined) rows.push([`ExceptIf${name}`, value])
  }
  for (const name of actionNames) {
    const value = rule.actions[name]
    if (value !== undefined) rows.push([name, value])
  }
  return Object.fromEntries(rows)
}
