import { groupOf } from "@twin/identity"
import {
  type Call,
  commonParams,
  commonSwitches,
  type Decision,
  exchangeAdminAudit,
  inForce,
  isoOf,
  notRecognized,
  type OutputObject,
  operation,
  type Ruling,
  whatIfOutput,
} from "@twin/kernel"
import { Schema } from "effect"
import { evaluateTransportRule, type RuleFacets } from "../decisions/evaluateTransportRule.ts"
import { legacyRules } from "../eras.ts"
import { irmInForce } from "../irmInForce.ts"
import { rightsTemplateOf } from "../rightsTemplate.ts"
import {
  badPatternOf,
  badValueOf,
  incompletePairOf,
  patternBytesOf,
  predicateParams,
  printedPredicates,
  propertyParams,
  type RuleProperties,
  withParams,
} from "../rules/ruleParams.ts"
import { emptyRule, type TransportRule } from "../rules/TransportRule.ts"
import {
  type ExchangeEvent,
  type ExchangeWorld,
  omeConfigurationOf,
  transportRuleOf,
  transportRulesOf,
} from "../State.ts"
import { adminRoles, confirmation, readable, readerRoles } from "./cmdlet.ts"

const ruleFacts = ["EXO-104", "EXO-105", "EXO-107", "EXO-110", "EXO-111", "EXO-113"] as const

const identity = Schema.String.annotate({ description: "Name or GUID of the rule" })

interface Stored {
  readonly world: ExchangeWorld
  readonly now: number
  readonly verb: RuleFacets["verb"]
  /** As it would be stored. */
  readonly rule: TransportRule
  readonly before: TransportRule | undefined
  readonly priority: number | undefined
  readonly properties: RuleProperties
}

const decisionFor = (o: Stored): Decision => {
  const { world, rule } = o
  const { actions } = rule
  const others = transportRulesOf(world).filter(({ id }) => id !== rule.id)
  const template = actions.ApplyRightsProtectionTemplate ?? ""
  const branding = actions.ApplyRightsProtectionCustomizationTemplate ?? ""
  const { InternalLicensingEnabled, AzureRMSLicensingEnabled } = irmInForce(world, o.now)
  return evaluateTransportRule({
    verb: o.verb,
    name: rule.name,
    isNameTaken: others.some(({ name }) => name.toLowerCase() === rule.name.toLowerCase()),
    exists: o.before !== undefined,
    ruleCount: transportRulesOf(world).length,
    isPriorityGiven: o.priority !== undefined,
    priority: o.priority ?? 0,
    commentLength: rule.comments.length,
    ruleBytes: Buffer.byteLength(JSON.stringify(rule)),
    patternBytes: patternBytesOf([...others, rule]),
    badPattern: badPatternOf(rule),
    badValue: badValueOf(rule, o.properties),
    incompletePair: incompletePairOf(rule),
    removesAttachmentProtection: actions.RemoveRMSAttachmentEncryption === true,
    removesMessageProtection: actions.RemoveOMEv2 === true,
    legacyAction:
      actions.ApplyOME === true ? "ApplyOME" : actions.RemoveOME === true ? "RemoveOME" : "",
    isLegacyAccepted: inForce(legacyRules, o.now) === "accepted",
    rejectionCode: actions.RejectMessageEnhancedStatusCode ?? "",
    groupInBcc: actions.BlindCopyTo?.find((it) => groupOf(world, it) !== undefined) ?? "",
    template,
    isTemplateKnown: rightsTemplateOf(world, template) !== undefined,
    isLicensingOn: InternalLicensingEnabled && AzureRMSLicensingEnabled,
    branding,
    isBrandingKnown: omeConfigurationOf(world, branding) !== undefined,
  })
}

/** As `Get-TransportRule` prints it. */
const shown = (rule: TransportRule, priority: number): OutputObject => ({
  Name: rule.name,
  State: rule.isEnabled ? "Enabled" : "Disabled",
  Mode: rule.mode,
  Priority: priority,
  Comments: rule.comments,
  ...printedPredicates(rule),
  StopRuleProcessing: rule.stopRuleProcessing,
  RuleErrorAction: rule.ruleErrorAction,
  SenderAddressLocation: rule.senderAddressLocation,
  RecipientAddressType: rule.recipientAddressType,
  ActivationDate: rule.activationDate === null ? null : isoOf(rule.activationDate),
  ExpiryDate: rule.expiryDate === null ? null : isoOf(rule.expiryDate),
  WhenChanged: isoOf(rule.changedAt),
  Guid: rule.id,
  Identity: rule.name,
})

export const newTransportRule = operation({
  name: "New-TransportRule",
  summary: "Makes a mail flow rule.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString.annotate({ description: "Unique, up to 64 characters" }),
    Enabled: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether the rule acts at once" }),
    ),
    ...propertyParams,
    ...predicateParams,
    ...commonParams,
  }),
  roles: adminRoles,
  roleRefusal: notRecognized("New-TransportRule"),
  facts: ruleFacts,
  binding: { positional: ["Name"], switches: commonSwitches },
  decide: ({ world, now, draw }: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const cmdlet = "New-TransportRule"
    const { Name, Enabled, Priority, Confirm, WhatIf } = params
    const started = emptyRule({ id: draw.guid("rule"), name: Name.trim(), changedAt: now })
    const rule = { ...withParams(started, params, params), isEnabled: Enabled ?? true }
    const decision = decisionFor({
      world,
      now,
      rule,
      properties: params,
      verb: "new",
      before: undefined,
      priority: Priority,
    })
    if (decision.outcome !== "allow") return { decision }
    if (WhatIf === true) return { decision, output: whatIfOutput(cmdlet, rule.name) }
    const priority = Priority ?? transportRulesOf(world).length
    return {
      decision,
      events: [{ _tag: "TransportRuleCreated", rule, priority, at: now }],
      output: [shown(rule, priority)],
      audit: [exchangeAdminAudit(cmdlet, rule.name, params)],
      warnings: confirmation(Confirm === undefined ? {} : { Confirm }, false),
    }
  },
})

export const setTransportRule = operation({
  name: "Set-TransportRule",
  summary: "Changes a mail flow rule; $null takes a condition or action away.",
  params: Schema.Struct({
    Identity: identity,
    Name: Schema.optionalKey(Schema.NonEmptyString.annotate({ description: "The new name" })),
    ...propertyParams,
    ...predicateParams,
    ...commonParams,
  }),
  roles: adminRoles,
  roleRefusal: notRecognized("Set-TransportRule"),
  facts: ruleFacts,
  binding: { positional: ["Identity"], switches: commonSwitches, pipeline: "Identity" },
  decide: ({ world, now }: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const cmdlet = "Set-TransportRule"
    const { Identity, Name, Priority, Confirm, WhatIf } = params
    const before = transportRuleOf(world, Identity)
    const started = before ?? emptyRule({ id: Identity, name: Identity, changedAt: now })
    const rule = {
      ...withParams(started, params, params),
      name: Name?.trim() ?? started.name,
      changedAt: now,
    }
    const decision = decisionFor({
      world,
      now,
      rule,
      before,
      properties: params,
      verb: "set",
      priority: Priority,
    })
    if (decision.outcome !== "allow") return { decision }
    if (WhatIf === true) return { decision, output: whatIfOutput(cmdlet, rule.name) }
    const priority = Priority ?? placeOf(world, rule)
    return {
      decision,
      events: [{ _tag: "TransportRuleChanged", rule, priority, at: now }],
      audit: [exchangeAdminAudit(cmdlet, rule.name, params)],
      warnings: confirmation(Confirm === undefined ? {} : { Confirm }, false),
    }
  },
})

const placeOf = (world: ExchangeWorld, rule: Pick<TransportRule, "id">): number =>
  transportRulesOf(world).findIndex(({ id }) => id === rule.id)

export const getTransportRule = operation({
  name: "Get-TransportRule",
  summary: "Shows mail flow rules in order of priority.",
  params: Schema.Struct({
    Identity: Schema.optionalKey(identity),
    State: Schema.optionalKey(
      Schema.Literals(["Enabled", "Disabled"]).annotate({
        description: "Only rules in this state",
      }),
    ),
  }),
  roles: readerRoles,
  roleRefusal: notRecognized("Get-TransportRule"),
  facts: ["EXO-105"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  isReadOnly: true,
  decide: ({ world, now }: Call<ExchangeWorld>, { Identity, State }): Ruling<ExchangeEvent> => {
    const rules = transportRulesOf(world)
    const rule = Identity === undefined ? undefined : transportRuleOf(world, Identity)
    if (Identity !== undefined && rule === undefined) {
      return { decision: switching({ world, now, verb: "disable", name: Identity }).decision }
    }
    return {
      decision: readable(Identity ?? "mail flow rules"),
      output: rules
        .map(shown)
        .filter((it) => rule === undefined || it["Guid"] === rule.id)
        .filter((it) => State === undefined || it["State"] === State),
    }
  },
})

/** The decision about a rule that is only switched or removed. */
const switching = (o: {
  readonly world: ExchangeWorld
  readonly now: number
  readonly verb: "remove" | "enable" | "disable"
  readonly name: string
}): { readonly decision: Decision; readonly rule: TransportRule | undefined } => {
  const before = transportRuleOf(o.world, o.name)
  const rule = before ?? emptyRule({ id: o.name, name: o.name, changedAt: o.now })
  const decision = decisionFor({ ...o, rule, before, priority: undefined, properties: {} })
  return { decision, rule: before }
}

const switchOperation = (verb: "remove" | "enable" | "disable", cmdlet: string, summary: string) =>
  operation({
    name: cmdlet,
    summary,
    params: Schema.Struct({ Identity: identity, ...commonParams }),
    roles: adminRoles,
    roleRefusal: notRecognized(cmdlet),
    facts: ["EXO-105", "EXO-110"],
    binding: { positional: ["Identity"], switches: commonSwitches, pipeline: "Identity" },
    decide: ({ world, now }: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
      const { decision, rule } = switching({ world, now, verb, name: params.Identity })
      if (decision.outcome !== "allow" || rule === undefined) return { decision }
      if (params.WhatIf === true) return { decision, output: whatIfOutput(cmdlet, rule.name) }
      const changed = { ...rule, isEnabled: verb === "enable", changedAt: now }
      const event: ExchangeEvent =
        verb === "remove"
          ? { _tag: "TransportRuleRemoved", ruleId: rule.id, at: now }
          : {
              _tag: "TransportRuleChanged",
              rule: changed,
              priority: placeOf(world, rule),
              at: now,
            }
      return {
        decision,
        events: [event],
        audit: [exchangeAdminAudit(cmdlet, rule.name, params)],
        warnings: confirmation(params, verb !== "enable"),
      }
    },
  })

export const removeTransportRule = switchOperation(
  "remove",
  "Remove-TransportRule",
  "Removes a mail flow rule.",
)
export const enableTransportRule = switchOperation(
  "enable",
  "Enable-TransportRule",
  "Switches a mail flow rule on.",
)
export const disableTransportRule = switchOperation(
  "disable",
  "Disable-TransportRule",
  "Switches a mail flow rule off.",
)
