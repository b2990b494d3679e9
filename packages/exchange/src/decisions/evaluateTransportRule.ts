import {
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  objectNotFound,
  pass,
} from "@twin/kernel"
import { isRejectionCode } from "../rules/RuleActions.ts"
import { ruleLimits } from "../rules/TransportRule.ts"

/** A mail flow rule as it is about to be stored, flat. Texts are empty where nothing is given. */
export interface RuleFacets {
  readonly verb: "new" | "set" | "remove" | "enable" | "disable"
  readonly name: string
  /** New: another rule has the name. Else: no rule of this name exists, or another has the new one. */
  readonly isNameTaken: boolean
  readonly exists: boolean
  readonly ruleCount: number
  readonly isPriorityGiven: boolean
  readonly priority: number
  readonly commentLength: number
  readonly ruleBytes: number
  readonly patternBytes: number
  /** The first pattern that is no regular expression. */
  readonly badPattern: string
  /** The first date or size that cannot be read. */
  readonly badValue: string
  /** A condition on a header without its partner. */
  readonly incompletePair: string
  readonly removesAttachmentProtection: boolean
  readonly removesMessageProtection: boolean
  readonly legacyAction: string
  readonly isLegacyAccepted: boolean
  readonly rejectionCode: string
  /** A distribution group in Bcc. */
  readonly groupInBcc: string
  readonly template: string
  readonly isTemplateKnown: boolean
  readonly isLicensingOn: boolean
  readonly branding: string
  readonly isBrandingKnown: boolean
}

const invalid = (message: string) => ({ code: "InvalidArgumentException", message })

const ruleName = gate<RuleFacets>()({
  name: "rule-name",
  facts: ["EXO-111"],
  reads: ["verb", "name", "isNameTaken", "exists"],
  check: ({ verb, name, isNameTaken, exists }) => {
    const details = { name, length: name.length, limit: ruleLimits.nameLength }
    if (verb !== "new" && !exists) {
      return deny("There is no mail flow rule of this name.", details, objectNotFound(name))
    }
    if (isNameTaken) {
      return deny("Another mail flow rule has this name.", details, {
        code: "ManagementObjectAlreadyExistsException",
        message: `The name "${name}" is already being used by another rule. Use a unique name.`,
      })
    }
    return name.length > ruleLimits.nameLength
      ? deny("The name is too long.", details, invalid(`The name "${name}" is too long.`))
      : pass("The name is free and short enough.", details)
  },
})

const limits = gate<RuleFacets>()({
  name: "rule-limits",
  facts: ["EXO-111"],
  reads: ["verb", "ruleCount", "commentLength", "ruleBytes", "patternBytes"],
  check: ({ verb, ruleCount, commentLength, ruleBytes, patternBytes }) => {
    const details = { ruleCount, commentLength, ruleBytes, patternBytes }
    const tooMuch = (reason: string, message: string) => deny(reason, details, invalid(message))
    if (verb === "new" && ruleCount >= ruleLimits.rulesPerOrganization) {
      return tooMuch(
        "The organization has as many mail flow rules as it may have.",
        `The maximum number of rules (${ruleLimits.rulesPerOrganization}) has been reached.`,
      )
    }
    if (commentLength > ruleLimits.commentLength) {
      return tooMuch("The comment is too long.", "The comments exceed 1024 characters.")
    }
    if (ruleBytes > ruleLimits.ruleBytes) {
      return tooMuch("The rule is too large.", "The rule exceeds the size limit of 8 KB.")
    }
    return patternBytes > ruleLimits.patternBytesOfAllRules
      ? tooMuch(
          "The patterns of all rules together are too large.",
          "The regular expressions of all rules exceed 20 KB.",
        )
      : pass("The rule stays within the limits.", details)
  },
})

const priorityInRange = gate<RuleFacets>()({
  name: "rule-priority",
  facts: ["EXO-105"],
  reads: ["verb", "isPriorityGiven", "priority", "ruleCount"],
  check: ({ verb, isPriorityGiven, priority, ruleCount }) => {
    const last = verb === "new" ? ruleCount : Math.max(0, ruleCount - 1)
    const details = { priority, last }
    if (!isPriorityGiven) return pass("The rule takes its place by itself.", { last })
    return priority < 0 || priority > last
      ? deny(
          "The priority is outside the list of rules.",
          details,
          invalid(`The priority value "${priority}" is not valid: use 0 to ${last}.`),
        )
      : pass("The priority is a place in the list; later rules move down.", details)
  },
})

const values = gate<RuleFacets>()({
  name: "rule-values",
  facts: ["EXO-113", "EXO-112", "EXO-120"],
  reads: ["badPattern", "badValue", "incompletePair"],
  check: ({ badPattern, badValue, incompletePair }) => {
    if (badPattern !== "") {
      return deny(
        "A pattern is no regular expression.",
        { pattern: badPattern },
        invalid(`The pattern "${badPattern}" isn't a valid regular expression.`),
      )
    }
    if (badValue !== "") {
      return deny(
        "A date or size cannot be read.",
        { value: badValue },
        invalid(`Cannot convert the value "${badValue}".`),
      )
    }
    return incompletePair === ""
      ? pass("All values can be read.")
      : deny(
          "A condition on a header names only the header or only the text.",
          { parameter: incompletePair },
          invalid(`The parameter ${incompletePair} needs its partner: header name and value.`),
        )
  },
})

const legacyProduct = gate<RuleFacets>()({
  name: "legacy-encryption",
  facts: ["EXO-129", "EXO-183"],
  reads: ["legacyAction", "isLegacyAccepted"],
  check: ({ legacyAction, isLegacyAccepted }) => {
    if (legacyAction === "") return pass("The rule uses the current message encryption.")
    return isLegacyAccepted
      ? pass("At this time rules may still use the former product.", { action: legacyAction })
      : deny(
          "The former product is retired: rules that use it can only be read and removed.",
          { action: legacyAction },
          invalid(
            `The ${legacyAction} action is no longer supported. Use ` +
              `${legacyAction === "ApplyOME" ? "ApplyRightsProtectionTemplate" : "RemoveOMEv2"} instead.`,
          ),
        )
  },
})

const attachmentRemoval = gate<RuleFacets>()({
  name: "attachment-removal",
  facts: ["EXO-128"],
  reads: ["removesAttachmentProtection", "removesMessageProtection"],
  check: ({ removesAttachmentProtection, removesMessageProtection }) =>
    !removesAttachmentProtection || removesMessageProtection
      ? pass("Removal of attachment encryption comes with that of message encryption, or not.")
      : deny(
          "Encryption of attachments can be removed only together with that of the message.",
          { RemoveOMEv2: removesMessageProtection },
          invalid("RemoveRMSAttachmentEncryption requires RemoveOMEv2 to be $true."),
        ),
})

const rejection = gate<RuleFacets>()({
  name: "rejection-code",
  facts: ["EXO-137"],
  reads: ["rejectionCode"],
  check: ({ rejectionCode }) => {
    if (rejectionCode === "") return pass("The rule gives no status code.")
    return isRejectionCode(rejectionCode)
      ? pass("The status code is one that rules may use.", { code: rejectionCode })
      : deny(
          "Rules may use one fixed status code or a range of their own.",
          { code: rejectionCode },
          invalid(
            `The enhanced status code "${rejectionCode}" is not valid: use 5.7.1 or 5.7.900 to 5.7.999.`,
          ),
        )
  },
})

const blindCopies = gate<RuleFacets>()({
  name: "blind-copy-recipients",
  facts: ["EXO-100"],
  reads: ["groupInBcc"],
  check: ({ groupInBcc }) =>
    groupInBcc === ""
      ? pass("No distribution group gets a blind copy.")
      : deny(
          "A distribution group cannot get a blind copy from a rule.",
          { recipient: groupInBcc },
          invalid(`The recipient "${groupInBcc}" is a group and can't be used in BlindCopyTo.`),
        ),
})

const rightsTemplate = gate<RuleFacets>()({
  name: "rights-template",
  facts: ["EXO-044", "EXO-125", "EXO-015"],
  reads: ["template", "isTemplateKnown", "isLicensingOn"],
  check: ({ template, isTemplateKnown, isLicensingOn }) => {
    if (template === "") return pass("The rule applies no template.")
    if (!isLicensingOn) {
      return deny(
        "While IRM licensing is switched off there is no template to apply.",
        { template },
        invalid("IRM licensing is disabled. Enable it with Set-IRMConfiguration, then try again."),
      )
    }
    return isTemplateKnown
      ? pass("The service knows the template.", { template })
      : deny(
          "The service knows no template of this name.",
          { template },
          invalid(`The RMS template "${template}" couldn't be found.`),
        )
  },
})

const brandingTemplate = gate<RuleFacets>()({
  name: "branding-template",
  facts: ["EXO-126"],
  reads: ["branding", "isBrandingKnown"],
  check: ({ branding, isBrandingKnown }) => {
    if (branding === "") return pass("The rule applies no branding.")
    return isBrandingKnown
      ? pass("The branding template exists.", { branding })
      : deny(
          "There is no branding template of this name.",
          { branding },
          invalid(`The OME configuration "${branding}" couldn't be found.`),
        )
  },
})

const stored: GateRules<RuleFacets> = [
  ruleName,
  limits,
  priorityInRange,
  values,
  legacyProduct,
  attachmentRemoval,
  rejection,
  blindCopies,
  rightsTemplate,
  brandingTemplate,
]

/** Whether a mail flow rule may be stored, switched or removed like this. */
export const evaluateTransportRule = (facets: RuleFacets): Decision =>
  decideByGates<RuleFacets>(
    facets.verb === "remove" || facets.verb === "disable"
      ? [ruleName]
      : facets.verb === "enable"
        ? [ruleName, legacyProduct]
        : stored,
    facets,
  )
