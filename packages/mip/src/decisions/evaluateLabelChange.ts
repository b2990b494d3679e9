import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { effectOf, type Label } from "../Label.ts"
import { encryptingLabelsOf, isLabelNameTaken, labelOf, labelsOf } from "../labelOf.ts"
import type { MipWorld } from "../State.ts"
import {
  type LabelSettingFacets,
  labelSettingFacets,
  labelSettingGates,
} from "./labelSettingGates.ts"
import { type NameFacets, nameGate } from "./nameGate.ts"

/** A label as an administrator wants it, with what the parameters said about its encryption. */
export interface LabelChange {
  readonly world: MipWorld
  /** Undefined for a new label. */
  readonly before: Label | undefined
  readonly after: Label
  readonly isNew: boolean
  readonly definitions: "none" | "valid" | "invalid"
  readonly defect: string
  readonly isExpiryReadable: boolean
  readonly priority: number | undefined
  /** What is wrong with conditions or languages that were given; empty where nothing is. */
  readonly conditionProblem?: string
  readonly localeProblem?: string
}

interface LabelChangeFacets extends LabelSettingFacets, NameFacets {
  readonly parent: "none" | "fits" | "missing" | "is-sublabel"
  readonly definitions: LabelChange["definitions"]
  readonly defect: string
  readonly effect: string
  readonly protectionType: string
  readonly hasGrants: boolean
  readonly mailOptions: "none" | "one" | "both"
  readonly doubleKey: "none" | "kept" | "new" | "changed" | "added-later" | "not-a-url"
  readonly otherEncryptingLabels: number
  readonly isExpiryReadable: boolean
  readonly offlineAccessDays: number
  readonly priority: "same" | "in-range" | "out-of-range"
  readonly longestMark: "fits" | "header-or-footer" | "watermark"
  readonly dynamicWatermark: "none" | "fits" | "without-reader" | "without-encryption"
}

/** Labels that assign permissions in one tenant: a limit of their templates (MIP-099). */
export const encryptingLabelLimit = 500

/** Whether a label can be made or changed so. That RMS is on is not asked (MIP-007). */
export const evaluateLabelChange = (change: LabelChange): Decision =>
  decideByGates(labelChangeGates, facetsOf(change))

const facetsOf = (change: LabelChange): LabelChangeFacets => {
  const { world, before, after, isNew, definitions, defect, isExpiryReadable } = change
  const { encryption } = after
  const chosen = [encryption?.doNotForward, encryption?.encryptOnly].filter((it) => it === true)
  const others = encryptingLabelsOf(world).filter(({ id }) => id !== after.id)
  return {
    isNameTaken: isNew && isLabelNameTaken(world, after.name),
    nameLength: after.name.length,
    parent: parentFacet(world, after),
    definitions,
    defect,
    effect: effectOf(after),
    protectionType: encryption?.protectionType ?? "none",
    hasGrants: (encryption?.grants.length ?? 0) > 0,
    mailOptions: chosen.length === 0 ? "none" : chosen.length === 1 ? "one" : "both",
    doubleKey: doubleKeyFacet(before, after, isNew),
    otherEncryptingLabels: others.length,
    isExpiryReadable,
    offlineAccessDays: encryption?.offlineAccessDays ?? -1,
    priority: priorityFacet(change),
    longestMark: longestMark(after),
    dynamicWatermark: dynamicFacet(after),
    ...labelSettingFacets(world, after, {
      conditionProblem: change.conditionProblem ?? "",
      localeProblem: change.localeProblem ?? "",
    }),
  }
}

const parentFacet = (world: MipWorld, { parentId, id }: Label): LabelChangeFacets["parent"] => {
  if (parentId === undefined) return "none"
  const parent = labelOf(world, parentId)
  if (parent === undefined || parent.id === id) return "missing"
  return parent.parentId === undefined ? "fits" : "is-sublabel"
}

const doubleKeyFacet = (
  before: Label | undefined,
  after: Label,
  isNew: boolean,
): LabelChangeFacets["doubleKey"] => {
  const url = after.encryption?.doubleKeyUrl
  const earlier = before?.encryption?.doubleKeyUrl
  if (url === undefined) return "none"
  if (url === earlier) return "kept"
  if (!/^https:\/\/[^/\s]+\/[^\s]+$/.test(url)) return "not-a-url"
  if (isNew) return "new"
  return earlier === undefined ? "added-later" : "changed"
}

const priorityFacet = ({ world, priority }: LabelChange): LabelChangeFacets["priority"] => {
  if (priority === undefined) return "same"
  return priority >= 0 && priority < labelsOf(world).length ? "in-range" : "out-of-range"
}

const longestMark = ({ marking }: Label): LabelChangeFacets["longestMark"] => {
  const edges = [marking.header, marking.footer].map((it) => it?.text.length ?? 0)
  if (edges.some((length) => length > 1024)) return "header-or-footer"
  return (marking.watermark?.text.length ?? 0) > 255 ? "watermark" : "fits"
}

const dynamicFacet = (label: Label): LabelChangeFacets["dynamicWatermark"] => {
  const { dynamicWatermark } = label.marking
  if (dynamicWatermark === undefined) return "none"
  // The token is literal text, not a template (MIP-119).
  if (!dynamicWatermark.includes("${Consumer.PrincipalName}")) return "without-reader"
  const effect = effectOf(label)
  return effect === "template" || effect === "user-defined" ? "fits" : "without-encryption"
}

const rule = gate<LabelChangeFacets>()

const nameFree = nameGate({
  name: "label-name",
  facts: ["MIP-090", "MIP-101"],
  reason: "A label, or the template of a removed one, has this name already.",
  taken: {
    code: "ComplianceRuleAlreadyExistsException",
    message: "A label with the same name already exists. Specify a different name.",
  },
})

const parentFits = rule({
  name: "parent-label",
  facts: ["MIP-093", "MIP-094"],
  reads: ["parent"],
  check: ({ parent }) => {
    const details = { parent }
    if (parent === "missing") {
      return deny("There is no such parent label.", details, {
        code: "ErrorRuleNotFoundException",
        message: "The parent label could not be found.",
      })
    }
    return parent === "is-sublabel"
      ? deny("A sublabel cannot have sublabels itself.", details, {
          message: "The parent label is a sublabel and can't have sublabels.",
        })
      : pass("The label stands in the taxonomy where it may.", details)
  },
})

const rightsReadable = rule({
  name: "rights-definitions",
  facts: ["MIP-108", "MIP-052"],
  reads: ["definitions", "defect", "protectionType", "effect", "hasGrants"],
  check: ({ definitions, defect, protectionType, effect, hasGrants }) => {
    const details = { definitions, protectionType, defect }
    if (definitions === "invalid") {
      return deny("A rights definition cannot be read.", details, {
        code: "InvalidEncryptionRightsDefinitions",
        message: `The EncryptionRightsDefinitions value isn't valid: ${defect}. Use Identity1:Rights1,Rights2;Identity2:Rights3.`,
      })
    }
    if (definitions === "valid" && protectionType !== "Template") {
      return deny("Rights definitions belong to labels that assign permissions now.", details, {
        message:
          "The EncryptionRightsDefinitions parameter can be used only when EncryptionProtectionType is Template.",
      })
    }
    return effect === "template" && !hasGrants
      ? deny("A label that assigns permissions has to name somebody.", details, {
          message:
            "EncryptionRightsDefinitions is required when EncryptionProtectionType is Template.",
        })
      : pass("The permissions of the label can be read.", details)
  },
})

const mailOption = rule({
  name: "outlook-option",
  facts: ["MIP-109"],
  reads: ["mailOptions"],
  check: ({ mailOptions }) =>
    mailOptions === "both"
      ? deny(
          "Do Not Forward and Encrypt-Only exclude each other.",
          { mailOptions },
          {
            message: "EncryptionDoNotForward and EncryptionEncryptOnly can't both be true.",
          },
        )
      : pass("At most one of the two options for Outlook is chosen.", { mailOptions }),
})

const doubleKeyAllowed = rule({
  name: "double-key-url",
  facts: ["MIP-241"],
  reads: ["doubleKey"],
  check: ({ doubleKey }) => {
    const details = { doubleKey }
    if (doubleKey === "not-a-url") {
      return deny("The endpoint of the second key is not a web address with a key name.", details, {
        message:
          "EncryptionDoubleKeyEncryptionUrl has to be an https URL that ends with the key name.",
      })
    }
    return doubleKey === "added-later"
      ? deny("An existing label cannot be turned into one with a second key.", details, {
          message: "Double Key Encryption can be configured only when the label is created.",
        })
      : pass("The second key stays as it was made.", details)
  },
})

const limitsKept = rule({
  name: "label-limits",
  facts: ["MIP-099", "MIP-138", "MIP-119"],
  reads: ["effect", "otherEncryptingLabels", "longestMark", "dynamicWatermark"],
  check: ({ effect, otherEncryptingLabels, longestMark: mark, dynamicWatermark }) => {
    const details = { otherEncryptingLabels, encryptingLabelLimit, mark, dynamicWatermark }
    if (effect === "template" && otherEncryptingLabels >= encryptingLabelLimit) {
      return deny("The organization has as many encrypting labels as it can have.", details, {
        message: "The maximum number of labels with encryption has been reached.",
      })
    }
    if (mark !== "fits") {
      return deny("A mark is longer than the service takes.", details, {
        message: "Header and footer have at most 1024 characters, a watermark at most 255.",
      })
    }
    if (dynamicWatermark === "without-reader") {
      return deny("A watermark that changes has to name the reader.", details, {
        message: "DynamicWatermarkDisplay has to contain ${Consumer.PrincipalName}.",
      })
    }
    return dynamicWatermark === "without-encryption"
      ? deny("A watermark that names the reader needs a label that encrypts.", details, {
          message: "Dynamic watermarking requires a label with encryption.",
        })
      : pass("The label stays within the limits of the service.", details)
  },
})

const valuesReadable = rule({
  name: "label-values",
  facts: ["MIP-082", "MIP-084", "MIP-091"],
  reads: ["isExpiryReadable", "offlineAccessDays", "priority"],
  check: ({ isExpiryReadable, offlineAccessDays, priority }) => {
    const details = { offlineAccessDays, priority }
    if (!isExpiryReadable) {
      return deny("The expiry is neither a date nor days nor never.", details, {
        message:
          "EncryptionContentExpiredOnDateInDaysOrNever takes a date, a number of days or Never.",
      })
    }
    if (offlineAccessDays < -1) {
      return deny("The days of offline access are less than always.", details, {
        message: "EncryptionOfflineAccessDays takes -1, 0 or a number of days.",
      })
    }
    return priority === "out-of-range"
      ? deny("There is no such place in the order of labels.", details, {
          message: "The Priority value is out of range.",
        })
      : pass("Expiry, offline access and priority have values the service takes.", details)
  },
})

const labelChangeGates: GateRules<LabelChangeFacets> = [
  nameFree,
  parentFits,
  rightsReadable,
  mailOption,
  doubleKeyAllowed,
  limitsKept,
  ...labelSettingGates,
  valuesReadable,
]
