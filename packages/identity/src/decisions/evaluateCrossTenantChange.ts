import {
  type Dated,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  inForce,
  pass,
  unknown,
} from "@twin/kernel"
import { type B2bSetting, settingConflict } from "../CrossTenantAccess.ts"

interface CrossTenantFacets {
  readonly presence: "present" | "absent" | "not-asked"
  readonly wants: "new" | "existing" | "default"
  readonly beyondTheTwin: string
  readonly conflict: string
  readonly namesPeopleInDefault: boolean
  readonly redemption: "fits" | "no-fallback"
  readonly bytes: number
  /** 0: no limit at this time. */
  readonly bytesAllowed: number
}

/** 25 KB for the whole policy until it was stored in another way (IDN-118). */
const sizeLimit: Dated<number> = {
  before: 25_600,
  changes: [{ from: "2023-01-01", value: 0 }],
}

const crossTenantGate = gate<CrossTenantFacets>()

const bad = (message: string) => ({ code: "BadRequest", message })

const partnerPresence = crossTenantGate({
  name: "partner-present",
  facts: ["IDN-109"],
  reads: ["presence", "wants"],
  check: ({ presence, wants }) => {
    if (wants === "existing" && presence === "absent") {
      return deny(
        "There are no settings for this organization.",
        { presence },
        {
          code: "ResourceNotFound",
          message: "The partner configuration was not found.",
        },
      )
    }
    return wants === "new" && presence === "present"
      ? deny(
          "There are settings for this organization already.",
          { presence },
          {
            code: "Conflict",
            message: "A partner configuration for this tenant already exists.",
          },
        )
      : pass("The settings can be written where they belong.", { presence })
  },
})

const settingModelled = crossTenantGate({
  name: "setting-modelled",
  facts: ["IDN-119", "IDN-120", "IDN-121"],
  reads: ["beyondTheTwin"],
  check: ({ beyondTheTwin }) =>
    beyondTheTwin === ""
      ? pass("Everything in the request is something the twin can obey.")
      : unknown("The request sets something that the twin does not model.", { beyondTheTwin }),
})

const settingsAgree = crossTenantGate({
  name: "setting-conflict",
  facts: ["IDN-111"],
  reads: ["conflict"],
  check: ({ conflict }) =>
    conflict === ""
      ? pass("Users and applications of each setting agree.")
      : deny(
          "The setting contradicts itself.",
          { conflict },
          bad(`The settings for external users and applications conflict: ${conflict}.`),
        ),
})

const defaultNamesNobody = crossTenantGate({
  name: "default-targets",
  facts: ["IDN-112"],
  reads: ["namesPeopleInDefault"],
  check: ({ namesPeopleInDefault }) =>
    namesPeopleInDefault
      ? deny(
          "The default towards everybody cannot name single external users or groups.",
          { namesPeopleInDefault },
          bad("Specific external users and groups cannot be targeted in the inbound default."),
        )
      : pass("The default names everybody or nobody."),
})

const redemptionFits = crossTenantGate({
  name: "redemption-order",
  facts: ["IDN-037", "IDN-038"],
  reads: ["redemption"],
  check: ({ redemption }) =>
    redemption === "fits"
      ? pass("Somebody can still redeem an invitation.")
      : deny(
          "Without a Microsoft account as fallback the email one-time passcode has to be on.",
          { redemption },
          bad("At least one fallback identity provider must be enabled."),
        ),
})

const policyFits = crossTenantGate({
  name: "policy-size",
  facts: ["IDN-118"],
  reads: ["bytes", "bytesAllowed"],
  check: ({ bytes, bytesAllowed }) =>
    bytesAllowed === 0 || bytes <= bytesAllowed
      ? pass("The policy can hold the settings.", { bytes, bytesAllowed })
      : deny(
          "The policy is larger than it may be at this time.",
          { bytes, bytesAllowed },
          bad("Failure to update policy due to object limit"),
        ),
})

const gates: GateRules<CrossTenantFacets> = [
  partnerPresence,
  settingModelled,
  settingsAgree,
  defaultNamesNobody,
  redemptionFits,
  policyFits,
]

/** Whether cross-tenant access may be set like this. */
export const evaluateCrossTenantChange = (question: {
  readonly presence: CrossTenantFacets["presence"]
  readonly wants: CrossTenantFacets["wants"]
  readonly beyondTheTwin: readonly string[]
  readonly settings: readonly B2bSetting[]
  /** Set where the default is written. */
  readonly inboundDefault: B2bSetting | undefined
  readonly lacksFallback: boolean
  /** Size of the policy with the change. */
  readonly bytes: number
  readonly now: number
}): Decision => {
  const conflict = question.settings.map(settingConflict).find((it) => it !== undefined)
  return decideByGates(gates, {
    presence: question.presence,
    wants: question.wants,
    beyondTheTwin: question.beyondTheTwin.join(", "),
    conflict: conflict ?? "",
    namesPeopleInDefault:
      question.inboundDefault?.usersAndGroups.targets.some(
        ({ target }) => target !== "AllUsers",
      ) === true,
    redemption: question.lacksFallback ? "no-fallback" : "fits",
    bytes: question.bytes,
    bytesAllowed: inForce(sizeLimit, question.now),
  })
}
