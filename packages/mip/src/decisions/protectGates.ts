import { deny, gate, pass } from "@twin/kernel"
import { judgeLoad, keyUnavailable } from "./openGates.ts"
import type { ProtectFacets } from "./ProtectFacets.ts"

const rule = gate<ProtectFacets>()

/** Whether the service has to take part: a label alone is only a mark in the file. */
const needsService = (effect: ProtectFacets["effect"]): boolean =>
  effect === "apply" || effect === "replace" || effect === "remove"

export const serviceForProtecting = rule({
  name: "service-enabled",
  facts: ["MIP-005", "MIP-006", "MIP-007"],
  reads: ["functionalState", "effect"],
  check: ({ functionalState, effect }) => {
    const details = { functionalState, effect }
    if (functionalState === "Enabled") {
      return pass("The rights management service is on.", details)
    }
    return needsService(effect)
      ? deny("The rights management service is off, so nothing can be protected.", details, {
          code: "ServiceDisabledError",
          message:
            "The rights management service is disabled for this organization. Extent: Tenant.",
        })
      : pass("The service is off, and this changes no encryption.", details)
  },
})

export const subscriptionRuns = rule({
  name: "subscription",
  facts: ["MIP-008"],
  reads: ["subscription", "effect"],
  check: ({ subscription, effect }) => {
    const details = { subscription, effect }
    if (subscription === "Active") return pass("The subscription of the service runs.", details)
    return effect === "apply" || effect === "replace"
      ? deny("The subscription has ended, so nothing new is protected.", details, {
          code: "ServiceDisabledError",
          message: "The organization's subscription has expired. Extent: Tenant.",
        })
      : pass("The subscription has ended, and nothing new is protected.", details)
  },
})

/** A device that is initialized publishes by itself; everything else has to ask (MIP-026, MIP-029). */
export const publishingPossible = rule({
  name: "publishing-certificate",
  facts: ["MIP-017", "MIP-023", "MIP-026", "MIP-029"],
  reads: ["publishing", "isServiceReached", "recentRequests", "effect"],
  check: ({ publishing, isServiceReached, recentRequests, effect }) => {
    const details = { publishing, effect }
    if (!needsService(effect)) return pass("No publishing licence is needed.", details)
    switch (publishing) {
      case "server-side":
        return pass("A service of the organization publishes.", details)
      case "by-client":
        return pass("The device holds the certificate with which it publishes alone.", details)
      case "by-service":
        return isServiceReached
          ? judgeLoad(recentRequests)
          : deny("The service has to take part, and it cannot be reached.", details, {
              code: "NetworkError",
              message: "You need to be online to protect this content.",
            })
    }
  },
})

export const onboardingAdmits = rule({
  name: "onboarding-policy",
  facts: ["MIP-011", "MIP-012", "MIP-014", "MIP-015", "MIP-016"],
  reads: ["onboarding", "effect"],
  check: ({ onboarding, effect }) => {
    const details = { onboarding }
    if (effect !== "apply" && effect !== "replace") {
      return pass("Nothing new is protected, so the onboarding policy is not asked.", details)
    }
    switch (onboarding) {
      case "everybody":
        return pass("The onboarding policy lets everybody protect.", details)
      case "admitted":
        return pass("The onboarding policy admits this person.", details)
      case "other-application":
        return pass("The onboarding policy does not cover this kind of application.", details)
      case "server-side":
        return pass("The onboarding policy does not act on protection by services.", details)
      case "not-in-group":
        return deny("The onboarding policy admits only members of another group.", details, {
          code: "NoPermissionsError",
          message: "The label could not be applied. Contact your administrator. (AccessDenied)",
        })
      case "not-licensed":
        return deny("The onboarding policy asks for a licence that this person lacks.", details, {
          code: "NoPermissionsError",
          message: "The label could not be applied. Contact your administrator. (AccessDenied)",
        })
    }
  },
})

export const labelFits = rule({
  name: "label-in-scope",
  facts: ["MIP-093", "MIP-094", "MIP-095", "MIP-098", "MIP-128"],
  reads: ["label", "author"],
  check: ({ label, author }) => {
    const details = { label, author }
    switch (label) {
      case "none":
        return pass("No label is chosen.", details)
      case "unknown":
        return deny("There is no such label.", details, labelNotFound)
      case "not-applicable":
        return deny(
          "The label only groups others: one of its sublabels has to be chosen.",
          details,
          {
            code: "LabelDisabledError",
            message: "This label cannot be applied. Choose one of its sublabels.",
          },
        )
      case "not-published":
        return author === "without-policy"
          ? deny("No label policy includes this person.", details, {
              code: "NoPolicyError",
              message: "No label policy is available for this account.",
            })
          : deny("No label policy of this person publishes the label.", details, labelNotFound)
      case "out-of-scope":
        return deny(
          "The scope of the label does not include this kind of content.",
          details,
          labelNotFound,
        )
      case "fits":
        return pass("The label is published to this person and meant for this content.", details)
    }
  },
})

const labelNotFound = {
  code: "LabelNotFoundError",
  message: "The label was not found for this account.",
}

export const templateFits = rule({
  name: "template-in-scope",
  facts: ["MIP-199", "MIP-200"],
  reads: ["template"],
  check: ({ template }) => {
    const details = { template }
    switch (template) {
      case "none":
        return pass("No template is involved.", details)
      case "missing":
        return deny("There is no such template.", details, {
          code: "TemplateNotFoundError",
          message: "The template was not found.",
        })
      case "Archived":
        return deny("The template is archived and not offered any more.", details, {
          code: "TemplateArchivedError",
          message: "The template is archived.",
        })
      case "not-in-scope":
        return deny("The template is offered only to other people.", details, {
          code: "TemplateNotFoundError",
          message: "The template was not found.",
        })
      case "fits":
        return pass("The template is published and offered to this person.", details)
    }
  },
})

export const audienceGiven = rule({
  name: "permissions-chosen",
  facts: ["MIP-109", "MIP-110", "MIP-111", "MIP-250", "MIP-282"],
  reads: ["audience", "badGrantee"],
  check: ({ audience, badGrantee }) => {
    if (badGrantee !== "") {
      return deny(
        "Permissions are given to something that is no address and no domain.",
        { audience, badGrantee },
        { code: "InvalidEmail", message: `The email address is not valid: ${badGrantee}` },
      )
    }
    const details = { audience }
    switch (audience) {
      case "not-needed":
        return pass("The permissions need no choice by the person.", details)
      case "given":
        return pass("The person has chosen who may do what.", details)
      case "missing":
        return deny("The label leaves the permissions to the person, who chose none.", details, {
          code: "AdhocProtectionRequiredError",
          message: "Permissions have to be specified to apply this label.",
        })
      case "not-by-hand":
        return deny("A label that lets people decide can only be applied by hand.", details, {
          code: "AdhocProtectionRequiredError",
          message: "A label with user-defined permissions cannot be applied automatically.",
        })
      case "not-offered":
        return deny(
          "The label has no permissions for this kind of content.",
          details,
          labelNotFound,
        )
      case "double-key":
        return deny(
          "A second key cannot be combined with options that are meant for mail.",
          details,
          {
            message: "Outlook cannot apply this label: it combines options that are not supported.",
          },
        )
    }
  },
})

export const formatProtectable = rule({
  name: "file-type",
  facts: ["MIP-256", "MIP-257"],
  reads: ["format"],
  check: ({ format }) => {
    const details = { format }
    switch (format) {
      case "protectable":
        return pass("Content of this type can be labelled and protected.", details)
      case "not-protectable":
        return deny("Files of this type are never protected.", details, {
          code: "NotSupportedError",
          message: "File format not supported",
        })
      case "not-by-this-client":
        return deny("Office does not label files of this type.", details, {
          message: "Sensitivity labels are not available for this file type.",
        })
    }
  },
})

export const mayChangeProtection = rule({
  name: "already-protected",
  facts: ["MIP-076", "MIP-126", "MIP-127"],
  reads: ["mayChange"],
  check: ({ mayChange }) => {
    const details = { mayChange }
    switch (mayChange) {
      case "not-needed":
        return pass("No protection of others is in the way.", details)
      case "issuer":
      case "owner":
        return pass("Whoever protected or owns the content may change its protection.", details)
      case "super-user":
        return pass("A super user may change any protection of the organization.", details)
      case "right":
        return pass("The permissions include changing the protection.", details)
      case "no":
        return deny(
          "The content is protected, and its permissions do not include changing that.",
          details,
          {
            code: "NoPermissionsError",
            message:
              "You don't have permission to make this change to the sensitivity label. Please contact the content owner.",
          },
        )
    }
  },
})

/** What comes by itself never outranks a choice made by hand or a more sensitive label. */
export const precedence = rule({
  name: "label-precedence",
  facts: ["MIP-121", "MIP-124", "MIP-132"],
  reads: ["method", "present", "presentMethod"],
  check: ({ method, present, presentMethod }) => {
    const details = { method, present, presentMethod }
    if (method === "manual") return pass("The label is chosen by hand.", details)
    if (present === "unlabelled") return pass("Nothing is labelled yet.", details)
    if (method === "default") {
      return deny("A default label never replaces a label.", details, {
        message: "The content has a label already.",
      })
    }
    if (presentMethod === "Privileged") {
      return deny("A label applied by hand is not replaced automatically.", details, {
        code: "PrivilegedRequiredError",
        message: "The existing label was applied by a person.",
      })
    }
    return present === "lower"
      ? pass("The label that is there is less sensitive and came by itself.", details)
      : deny("A label is not replaced automatically by one that is not more sensitive.", details, {
          message: "The content has a label of the same or higher priority.",
        })
  },
})

export const mandatoryKept = rule({
  name: "mandatory-label",
  facts: ["MIP-133"],
  reads: ["isMandatory", "isRemoval", "presentMethod"],
  check: ({ isMandatory, isRemoval, presentMethod }) => {
    const details = { isMandatory, isRemoval }
    return isMandatory && isRemoval && presentMethod !== "none"
      ? deny("The policy demands a label, so it can be changed and not removed.", details, {
          message: "Your organization requires a sensitivity label on this content.",
        })
      : pass("The wish leaves nothing without a label that has to have one.", details)
  },
})

export const justified = rule({
  name: "justification",
  facts: ["MIP-122", "MIP-123"],
  reads: ["isDowngrade", "isJustificationRequired", "isJustified"],
  check: ({ isDowngrade, isJustificationRequired, isJustified }) => {
    const details = { isDowngrade, isJustificationRequired, isJustified }
    if (!isDowngrade) return pass("The label is not removed or lowered.", details)
    if (!isJustificationRequired) return pass("No policy asks for a justification.", details)
    return isJustified
      ? pass("A justification for lowering or removing the label is given.", details)
      : deny("The policy asks why the label is lowered or removed.", details, {
          code: "JustificationRequiredError",
          message: "Justification required",
        })
  },
})

export const keysReachable = rule({
  name: "keys-for-protecting",
  facts: ["MIP-235", "MIP-244"],
  reads: ["tenantKey", "doubleKey", "effect"],
  check: ({ tenantKey, doubleKey, effect }) => {
    const details = { tenantKey, doubleKey }
    if (!needsService(effect)) return pass("No key is needed.", details)
    if (tenantKey !== "reachable") {
      return deny("The service cannot use the tenant key.", details, keyUnavailable)
    }
    // The public key of the second key service is handed out to anybody (MIP-244).
    return doubleKey === "unreachable" || doubleKey === "unknown-service"
      ? deny("The public key of the customer's key service cannot be fetched.", details, {
          message: "The Double Key Encryption service cannot be reached.",
        })
      : pass("The keys that wrap the content key are at hand.", details)
  },
})
