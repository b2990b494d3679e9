import {
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  inForce,
  pass,
} from "@twin/kernel"
import {
  type AutoLabelPolicy,
  type AutoLabelRule,
  autoLabelLimits,
  simulationStatusOf,
  workloadsOf,
} from "../AutoLabelPolicy.ts"
import { effectOf } from "../Label.ts"
import { labelOf } from "../labelOf.ts"
import { canBeApplied } from "../publishedLabels.ts"
import type { MipWorld } from "../State.ts"
import { type NameFacets, nameGate, policyNameTaken } from "./nameGate.ts"

/** A policy as an administrator wants it. */
export interface AutoLabelPolicyChange {
  readonly world: MipWorld
  readonly before: AutoLabelPolicy | undefined
  readonly after: AutoLabelPolicy
  readonly isNew: boolean
  readonly now: number
}

interface PolicyFacets extends NameFacets {
  readonly label: "fits" | "unknown" | "parent" | "user-defined-for-files"
  readonly workloads: number
  readonly policies: number
  readonly policiesMax: number
  readonly locations: number
  readonly locationsMax: number
  readonly mode: string
  /** A new policy, one that was off before, or one that stays as it is. */
  readonly turning: "made" | "turned" | "kept"
  /** The first workload of files that the policy names, as messages call it; empty for mail alone. */
  readonly files: "" | "SharePoint" | "OneDrive"
  readonly simulation: string
  readonly isAuditOn: boolean
}

/** Whether a policy of automatic labelling can be made or changed so (MIP-110, MIP-146, MIP-147). */
export const evaluateAutoLabelPolicy = (change: AutoLabelPolicyChange): Decision => {
  const { world, before, after, isNew, now } = change
  const { policies } = world.mip.labeling
  const limits = inForce(autoLabelLimits, now)
  return decideByGates(policyGates, {
    isNameTaken:
      isNew && policies.some(({ name }) => name.toLowerCase() === after.name.toLowerCase()),
    nameLength: after.name.length,
    label: labelFacet(world, after),
    workloads: workloadsOf(after).length,
    policies: isNew ? policies.length + 1 : policies.length,
    policiesMax: limits.policies,
    locations: Math.max(after.sharePointLocation.length, after.oneDriveLocation.length),
    locationsMax: limits.locationsPerPolicy,
    mode: after.mode,
    turning: isNew ? "made" : before?.mode === after.mode ? "kept" : "turned",
    files:
      after.sharePointLocation.length > 0
        ? "SharePoint"
        : after.oneDriveLocation.length > 0
          ? "OneDrive"
          : "",
    simulation: simulationStatusOf(before ?? after),
    isAuditOn: world.mip.labeling.isUnifiedAuditOn,
  })
}

const labelFacet = (world: MipWorld, policy: AutoLabelPolicy): PolicyFacets["label"] => {
  const label = labelOf(world, policy.labelId)
  if (label === undefined) return "unknown"
  if (!canBeApplied(world, label)) return "parent"
  const hasFiles = policy.sharePointLocation.length > 0 || policy.oneDriveLocation.length > 0
  return effectOf(label) === "user-defined" && hasFiles ? "user-defined-for-files" : "fits"
}

const rule = gate<PolicyFacets>()

const policyGates: GateRules<PolicyFacets> = [
  nameGate({
    name: "auto-label-policy-name",
    facts: ["MIP-146"],
    reason: "A policy has this name already.",
    taken: policyNameTaken,
  }),
  rule({
    name: "auto-label-target",
    facts: ["MIP-093", "MIP-110"],
    reads: ["label"],
    check: ({ label }) => {
      switch (label) {
        case "fits":
          return pass("The label can be applied by a service in these places.", { label })
        case "unknown":
          return deny(
            "There is no such label.",
            { label },
            {
              message: "The label in ApplySensitivityLabel could not be found.",
            },
          )
        case "parent":
          return deny(
            "The label only groups others.",
            { label },
            {
              message: "A parent label can't be applied automatically. Use one of its sublabels.",
            },
          )
        case "user-defined-for-files":
          return deny(
            "A label for files has to say itself who may do what.",
            { label },
            {
              message:
                "A policy for SharePoint or OneDrive needs a label that assigns permissions now.",
            },
          )
      }
    },
  }),
  rule({
    name: "auto-label-limits",
    facts: ["MIP-147"],
    reads: ["workloads", "policies", "policiesMax", "locations", "locationsMax"],
    check: ({ workloads, policies, policiesMax, locations, locationsMax }) => {
      const details = { policies, policiesMax, locations, locationsMax }
      if (workloads === 0) {
        return deny("The policy names no place.", details, {
          message: "Specify ExchangeLocation, SharePointLocation or OneDriveLocation.",
        })
      }
      if (policies > policiesMax) {
        return deny("The tenant has as many policies as it can have.", details, {
          message: "The maximum number of auto-labeling policies has been reached.",
        })
      }
      return locations > locationsMax
        ? deny("The policy names more sites than it can.", details, {
            message: "The policy has too many locations.",
          })
        : pass("The policy stays within the limits of the service.", details)
    },
  }),
  rule({
    name: "auto-label-simulation",
    facts: ["MIP-146"],
    reads: ["mode", "turning", "files", "simulation", "isAuditOn"],
    check: ({ mode, turning, files, simulation, isAuditOn }) => {
      const details = { mode, files, simulation, isAuditOn }
      if (mode.startsWith("Test") && !isAuditOn) {
        return deny("A simulation needs the unified audit log.", details, {
          message: "Turn on auditing before you run the policy in simulation mode.",
        })
      }
      if (mode !== "Enable" || simulation === "Complete") {
        return pass("The policy may run in this mode.", details)
      }
      if (files !== "" && turning === "made") {
        return deny("A policy for files begins with a simulation.", details, {
          code: "ModeNotSupportedByMipCmdletForGivenWorkloadException",
          message: `Mode Enable isn't supported for this cmdlet for the ${files} locations.`,
        })
      }
      return files !== "" || turning === "turned"
        ? deny("The policy has to complete a simulation before it is turned on.", details, {
            message: "Run the policy in simulation mode before you turn it on.",
          })
        : pass("A policy for mail alone may be made turned on.", details)
    },
  }),
]

/** A rule as an administrator wants it. */
export interface AutoLabelRuleChange {
  readonly world: MipWorld
  readonly rule: AutoLabelRule
  readonly policy: AutoLabelPolicy
  readonly isNew: boolean
  /** What is wrong with the conditions; empty where they can be read. */
  readonly problem: string
}

interface RuleFacets {
  readonly isNameTaken: boolean
  readonly problem: string
  readonly isWorkloadOfPolicy: boolean
}

/** Whether a rule can be made or changed so. */
export const evaluateAutoLabelRule = (change: AutoLabelRuleChange): Decision => {
  const { world, rule: wanted, policy, isNew } = change
  const isTaken = world.mip.labeling.rules.some(
    ({ name }) => name.toLowerCase() === wanted.name.toLowerCase(),
  )
  return decideByGates(ruleGates, {
    isNameTaken: isNew && isTaken,
    problem: change.problem,
    isWorkloadOfPolicy: workloadsOf(policy).includes(wanted.workload),
  })
}

const ruleGate = gate<RuleFacets>()

const ruleGates: GateRules<RuleFacets> = [
  ruleGate({
    name: "auto-label-rule-name",
    facts: ["MIP-146"],
    reads: ["isNameTaken"],
    check: ({ isNameTaken }) =>
      isNameTaken
        ? deny(
            "A rule has this name already.",
            {},
            {
              code: "ComplianceRuleAlreadyExistsException",
              message: "A rule with the same name already exists. Specify a different name.",
            },
          )
        : pass("The rule has a name of its own."),
  }),
  ruleGate({
    name: "auto-label-condition",
    facts: ["MIP-151", "MIP-155"],
    reads: ["problem"],
    check: ({ problem }) =>
      problem === ""
        ? pass("The conditions of the rule can be read.")
        : deny(
            "The conditions of the rule cannot be read.",
            { problem },
            {
              message: `The ContentContainsSensitiveInformation value isn't valid: ${problem}.`,
            },
          ),
  }),
  ruleGate({
    name: "auto-label-workload",
    facts: ["MIP-143"],
    reads: ["isWorkloadOfPolicy"],
    check: ({ isWorkloadOfPolicy }) =>
      isWorkloadOfPolicy
        ? pass("The policy names places of this workload.")
        : deny(
            "The policy names no place of this workload.",
            {},
            {
              message: "The workload of the rule isn't among the locations of its policy.",
            },
          ),
  }),
]
