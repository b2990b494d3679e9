import {
  type Call,
  isoOf,
  notRecognized,
  type OutputObject,
  operation,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { readLabelConditions } from "../classification/readCondition.ts"
import { evaluateLabelChange } from "../decisions/evaluateLabelChange.ts"
import { evaluateLabelRemoval } from "../decisions/evaluateLabelRemoval.ts"
import { formatRightsDefinitions, parseRightsDefinitions } from "../Grant.ts"
import { type Label, makeLabel } from "../Label.ts"
import { printedLocales, readLocales } from "../labelLocales.ts"
import { colorOf, labelOf, labelsOf, sublabelsOf } from "../labelOf.ts"
import { labelSettingKinds, unknownSettings } from "../labelSettings.ts"
import type { MipEvent } from "../MipEvent.ts"
import { policiesOf } from "../publishedLabels.ts"
import type { MipWorld } from "../State.ts"
import { timeZoneOf } from "../timeZone.ts"
import { common, complianceReaderRoles, printedSettings, readable } from "./cmdlet.ts"
import { complianceCmdlet, complianceKind } from "./complianceCmdlet.ts"
import { displayNames, type LabelParams, labelParams } from "./labelParams.ts"
import { expiryOf, labelWith, printedExpiry } from "./labelWith.ts"

type MipRuling = Ruling<MipEvent>

const labelFacts = ["MIP-090", "MIP-091", "MIP-093", "MIP-107", "MIP-108"] as const

/** Labels, as cmdlets name them. */
export const labelNames = complianceKind({
  noun: "Label",
  objects: "labels",
  identity: "Name or GUID of the label",
  facts: ["MIP-090"],
  find: labelOf,
})

/** What the parameters say about rights, before the label is made of them. */
const readDefinitions = (text: string | undefined) => {
  if (text === undefined) return { definitions: "none" as const, defect: "" }
  const [defect] = parseRightsDefinitions(text).defects
  return defect === undefined
    ? { definitions: "valid" as const, defect: "" }
    : { definitions: "invalid" as const, defect: `${defect.problem} in '${defect.part}'` }
}

const readExpiry = (params: LabelParams): boolean => {
  const text = params.EncryptionContentExpiredOnDateInDaysOrNever
  return text === undefined || expiryOf(text) !== undefined
}

/** What conditions and languages say, and what is wrong with them. */
const readTexts = (world: MipWorld, before: Label, params: LabelParams) => {
  const conditions = [params.Conditions ?? []].flat().join("").trim()
  const read = conditions === "" ? undefined : readLabelConditions(world, conditions)
  const locales =
    params.LocaleSettings === undefined
      ? undefined
      : readLocales(before.locales, params.LocaleSettings)
  return {
    conditionProblem: read !== undefined && "problem" in read ? read.problem : "",
    localeProblem: locales !== undefined && "problem" in locales ? locales.problem : "",
    texts: {
      ...(read === undefined || "problem" in read ? {} : { autoLabeling: read }),
      ...(locales === undefined || "problem" in locales ? {} : { locales: locales.locales }),
    },
  }
}

const settingWarning = ({ AdvancedSettings = {} }: LabelParams): readonly string[] => {
  const unknown = unknownSettings(AdvancedSettings, labelSettingKinds)
  return unknown.length === 0 ? [] : [`Nothing reads these settings: ${unknown.join(", ")}.`]
}

export const newLabel = complianceCmdlet({
  name: "New-Label",
  summary: "Makes a sensitivity label; it gets the highest priority.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString.annotate({ description: "Unique, up to 64 characters" }),
    ...displayNames,
    ParentId: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Parent label or label group" }),
    ),
    IsLabelGroup: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "A group of labels, never applied itself" }),
    ),
    ...labelParams,
    ...common,
  }),
  facts: labelFacts,
  binding: { positional: ["Name"], switches: ["IsLabelGroup"] },
  decide: ({ world, actor, now, draw }, params) => {
    const parent = params.ParentId === undefined ? undefined : labelOf(world, params.ParentId)
    const parentId = params.ParentId === undefined ? undefined : (parent?.id ?? params.ParentId)
    const start = makeLabel({
      id: draw.guid("label"),
      name: params.Name.trim(),
      displayName: params.DisplayName,
      tooltip: params.Tooltip,
      priority: labelsOf(world).length,
      isLabelGroup: params.IsLabelGroup ?? false,
      createdAt: now,
      ...(parentId === undefined ? {} : { parentId }),
    })
    const { texts, ...problems } = readTexts(world, start, params)
    const label = labelWith(
      start,
      params,
      { templateId: draw.guid("template"), now, timeZone: timeZoneOf(world, actor.id) },
      texts,
    )
    const decision = evaluateLabelChange({
      world,
      before: undefined,
      after: label,
      isNew: true,
      ...readDefinitions(params.EncryptionRightsDefinitions),
      isExpiryReadable: readExpiry(params),
      priority: undefined,
      ...problems,
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "LabelCreated", label }],
      output: [shown(world, label, true)],
      changed: label.name,
      warnings: settingWarning(params),
    }
  },
})

export const setLabel = complianceCmdlet({
  name: "Set-Label",
  summary: "Changes a sensitivity label; what is not named stays.",
  params: Schema.Struct({
    Identity: labelNames.identity,
    DisplayName: Schema.optionalKey(displayNames.DisplayName),
    Tooltip: Schema.optionalKey(displayNames.Tooltip),
    ParentId: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Parent label or label group" }),
    ),
    Priority: Schema.optionalKey(
      Schema.Int.annotate({ description: "Place in the order, 0 is the least sensitive" }),
    ),
    ...labelParams,
    ...common,
  }),
  facts: [...labelFacts, "MIP-241"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  decide: ({ world, actor, now, draw }, params) => {
    const before = labelOf(world, params.Identity)
    if (before === undefined) return { decision: labelNames.known(params.Identity, false) }
    const parentId =
      params.ParentId === undefined
        ? before.parentId
        : (labelOf(world, params.ParentId)?.id ?? params.ParentId)
    const { texts, ...problems } = readTexts(world, before, params)
    const label: Label = {
      ...labelWith(
        before,
        params,
        { templateId: draw.guid("template"), now, timeZone: timeZoneOf(world, actor.id) },
        texts,
      ),
      displayName: params.DisplayName ?? before.displayName,
      tooltip: params.Tooltip ?? before.tooltip,
      ...(parentId === undefined ? {} : { parentId }),
    }
    const decision = evaluateLabelChange({
      world,
      before,
      after: label,
      isNew: false,
      ...readDefinitions(params.EncryptionRightsDefinitions),
      isExpiryReadable: readExpiry(params),
      priority: params.Priority,
      ...problems,
    })
    if (decision.outcome !== "allow") return { decision }
    const { Priority: priority } = params
    return {
      decision,
      events: [
        { _tag: "LabelChanged", label },
        ...(priority === undefined
          ? []
          : [{ _tag: "LabelMoved" as const, labelId: label.id, priority, at: now }]),
      ],
      changed: label.name,
      warnings: settingWarning(params),
    }
  },
})

export const getLabel = operation({
  name: "Get-Label",
  summary: "Shows labels; an identity that does not exist shows all of them.",
  params: Schema.Struct({
    Identity: Schema.optionalKey(labelNames.identity),
    IncludeDetailedLabelActions: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Prints encryption, marks and container settings" }),
    ),
    SkipValidations: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "For tenants with more than 1,000 labels" }),
    ),
  }),
  roles: complianceReaderRoles,
  roleRefusal: notRecognized("Get-Label"),
  facts: ["MIP-090", "MIP-091"],
  binding: {
    positional: ["Identity"],
    switches: ["IncludeDetailedLabelActions", "SkipValidations"],
    pipeline: "Identity",
  },
  isReadOnly: true,
  decide: ({ world }: Call<MipWorld>, params): MipRuling => {
    const { Identity, IncludeDetailedLabelActions = false } = params
    const wanted = Identity === undefined ? undefined : labelOf(world, Identity)
    const found = wanted === undefined ? labelsOf(world) : [wanted]
    return {
      decision: readable("labels"),
      output: found.map((it) => shown(world, it, IncludeDetailedLabelActions)),
    }
  },
})

export const removeLabel = complianceCmdlet({
  name: "Remove-Label",
  summary: "Removes a label that no policy publishes; its template is archived.",
  params: Schema.Struct({ Identity: labelNames.identity, ...common }),
  facts: ["MIP-101", "MIP-102"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  decide: ({ world, now }, params) => {
    const label = labelOf(world, params.Identity)
    if (label === undefined) return { decision: labelNames.known(params.Identity, false) }
    return {
      decision: evaluateLabelRemoval(world, label),
      events: [{ _tag: "LabelRemoved", labelId: label.id, at: now }],
      changed: label.name,
    }
  },
})

/** A label the way `Get-Label` prints it. */
const shown = (world: MipWorld, label: Label, isDetailed: boolean): OutputObject => {
  const parent = label.parentId === undefined ? undefined : labelOf(world, label.parentId)
  return {
    Name: label.name,
    DisplayName: label.displayName,
    Guid: label.id,
    ImmutableId: label.id,
    Priority: label.priority,
    ParentId: label.parentId ?? null,
    ParentLabelDisplayName: parent?.displayName ?? null,
    IsParent: sublabelsOf(world, label.id).length > 0,
    IsLabelGroup: label.isLabelGroup,
    ContentType: label.contentTypes.join(", "),
    Tooltip: label.tooltip,
    Comment: label.comment,
    Settings: printedSettings(label.advancedSettings),
    LocaleSettings: printedLocales(label),
    Color: colorOf(world, label) ?? null,
    Policies: policiesOf(world)
      .filter(({ labels }) => labels.includes(label.id))
      .map(({ name }) => name),
    Disabled: false,
    Mode: "Enforce",
    WhenCreatedUTC: isoOf(label.createdAt),
    WhenChangedUTC: isoOf(label.changedAt),
    ...(isDetailed ? details(label) : {}),
  }
}

const details = ({ encryption, container, marking, autoLabeling }: Label): OutputObject => ({
  Conditions: autoLabeling === undefined ? null : JSON.stringify(autoLabeling.condition),
  AutoApplyType:
    autoLabeling === undefined
      ? null
      : autoLabeling.mode === "automatic"
        ? "Automatic"
        : "Recommend",
  PolicyTip: autoLabeling?.policyTip ?? null,
  EncryptionEnabled: encryption?.isEnabled ?? false,
  EncryptionProtectionType: encryption?.protectionType ?? null,
  EncryptionTemplateId: encryption?.templateId ?? null,
  EncryptionRightsDefinitions:
    encryption === undefined ? null : formatRightsDefinitions(encryption.grants),
  EncryptionContentExpiredOnDateInDaysOrNever:
    encryption === undefined ? null : printedExpiry(encryption.contentExpiry),
  EncryptionOfflineAccessDays: encryption?.offlineAccessDays ?? null,
  EncryptionDoNotForward: encryption?.doNotForward ?? null,
  EncryptionEncryptOnly: encryption?.encryptOnly ?? null,
  EncryptionPromptUser: encryption?.promptUser ?? null,
  EncryptionRightsUrl: encryption?.rightsUrl ?? null,
  EncryptionDoubleKeyEncryptionUrl: encryption?.doubleKeyUrl ?? null,
  ApplyContentMarkingHeaderEnabled: marking.header?.isEnabled ?? false,
  ApplyContentMarkingHeaderText: marking.header?.text ?? null,
  ApplyContentMarkingFooterEnabled: marking.footer?.isEnabled ?? false,
  ApplyContentMarkingFooterText: marking.footer?.text ?? null,
  ApplyWaterMarkingEnabled: marking.watermark?.isEnabled ?? false,
  ApplyWaterMarkingText: marking.watermark?.text ?? null,
  ApplyDynamicWatermarkingEnabled: marking.dynamicWatermark !== undefined,
  DynamicWatermarkDisplay: marking.dynamicWatermark ?? null,
  SiteAndGroupProtectionEnabled: container?.isEnabled ?? false,
  SiteAndGroupProtectionPrivacy: container?.privacy ?? null,
  SiteAndGroupProtectionAllowAccessToGuestUsers: container?.allowAccessToGuestUsers ?? null,
  SiteAndGroupProtectionAllowEmailFromGuestUsers: container?.allowEmailFromGuestUsers ?? null,
  SiteAndGroupProtectionAllowFullAccess: container?.allowFullAccess ?? null,
  SiteAndGroupProtectionAllowLimitedAccess: container?.allowLimitedAccess ?? null,
  SiteAndGroupProtectionBlockAccess: container?.blockAccess ?? null,
  SiteExternalSharingControlType: container?.siteExternalSharingControlType ?? null,
})
