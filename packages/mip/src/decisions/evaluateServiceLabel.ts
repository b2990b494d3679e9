import {
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  inForce,
  isoOf,
  pass,
} from "@twin/kernel"
import {
  type AutoLabelPolicy,
  type AutoLabelWorkload,
  autoLabelLimits,
} from "../AutoLabelPolicy.ts"
import { automaticLabel } from "../automaticLabel.ts"
import type { Classification } from "../classification/Classification.ts"
import { meetsCondition } from "../classification/ContentCondition.ts"
import { effectOf, type Label, type LabelEffect } from "../Label.ts"
import { compareLabels, labelOf } from "../labelOf.ts"
import type { MipWorld } from "../State.ts"

/** A content that a service looks at: a file at rest, or a message on its way (MIP-143). */
export interface ServiceQuestion {
  readonly world: MipWorld
  readonly now: number
  readonly workload: AutoLabelWorkload
  /** Address of the site or account; of mail, addresses of the sender. */
  readonly places: readonly string[]
  readonly classification: Classification
  readonly isSharedOutside: boolean
  readonly labelId?: string
  readonly labelMethod?: "Standard" | "Privileged"
  /** What a file is, and who changed it last; absent for mail. */
  readonly file?: {
    /** One of the types that the service labels (MIP-147). */
    readonly isSupported: boolean
    readonly isInUse: boolean
    readonly isListAttachment: boolean
    readonly isOwnerThere: boolean
  }
}

/** Policies that look at this content and whose conditions it meets. */
export const matchingPolicies = (question: ServiceQuestion): readonly AutoLabelPolicy[] => {
  const { world, workload, places, classification, isSharedOutside, labelId } = question
  const { policies, rules } = world.mip.labeling
  const asked = { classification, ...(labelId === undefined ? {} : { labelId }) }
  return policies.filter((policy) => {
    if (policy.mode === "Disable" || !covers(policy, workload, places)) return false
    return rules.some(
      (rule) =>
        rule.policy === policy.name &&
        rule.workload === workload &&
        rule.isEnabled &&
        (rule.accessScope === "None" ||
          isSharedOutside === (rule.accessScope === "NotInOrganization")) &&
        meetsCondition(rule.condition, asked) &&
        !(rule.exception !== undefined && meetsCondition(rule.exception, asked)),
    )
  })
}

const covers = (
  policy: AutoLabelPolicy,
  workload: AutoLabelWorkload,
  places: readonly string[],
): boolean => {
  const named =
    workload === "Exchange"
      ? policy.exchangeLocation
      : workload === "SharePoint"
        ? policy.sharePointLocation
        : policy.oneDriveLocation
  const lower = places.map((it) => it.toLowerCase())
  return named.some((it) => it.toLowerCase() === "all" || lower.includes(it.toLowerCase()))
}

/** The policy whose label comes on: of several matching labels the highest (MIP-144). */
export const decidingPolicy = (
  world: MipWorld,
  policies: readonly AutoLabelPolicy[],
): { readonly policy: AutoLabelPolicy; readonly label: Label } | undefined => {
  const known = policies.flatMap((policy) => {
    const label = labelOf(world, policy.labelId)
    return label === undefined ? [] : [{ policy, label }]
  })
  const best = automaticLabel(
    world,
    known.map(({ label }) => ({ label, mode: "automatic" as const })),
    { side: "service" },
  )
  return known.find(({ label }) => label.id === best?.label.id)
}

interface ServiceFacets {
  readonly match: "none" | "simulated" | "enforced"
  readonly file: "mail" | "fits" | "not-supported" | "in-use" | "list-attachment" | "without-owner"
  readonly present: "unlabelled" | "same" | "lower" | "not-lower"
  readonly presentMethod: "none" | "Standard" | "Privileged"
  readonly isOverwriting: boolean
  readonly filesToday: number
  readonly filesPerDay: number
  readonly effect: LabelEffect
}

/** What a service does with a content. */
export interface ServiceLabel {
  readonly decision: Decision
  /** The policy that matched, also where it only simulates. */
  readonly policy?: AutoLabelPolicy
  readonly label?: Label
}

/** Files a tenant's service may label on a day (MIP-147). */
export const filesPerDayOf = (world: MipWorld, now: number): number =>
  world.mip.labeling.filesPerDay ?? inForce(autoLabelLimits, now).filesPerDay

/** Whether a service puts a label on, and why not (MIP-121, MIP-146 to MIP-149). */
export const evaluateServiceLabel = (question: ServiceQuestion): ServiceLabel => {
  const { world, now } = question
  const matching = matchingPolicies(question)
  const enforced = decidingPolicy(
    world,
    matching.filter(({ mode }) => mode === "Enable"),
  )
  const found = enforced ?? decidingPolicy(world, matching)
  const before = question.labelId === undefined ? undefined : labelOf(world, question.labelId)
  const decision = decideByGates(serviceGates, {
    match: found === undefined ? "none" : enforced === undefined ? "simulated" : "enforced",
    file: fileFacet(question),
    present: presentFacet(world, before, found?.label),
    presentMethod: before === undefined ? "none" : (question.labelMethod ?? "Privileged"),
    isOverwriting: question.workload === "Exchange" && found?.policy.overwriteLabel === true,
    filesToday: world.mip.labeling.labelled[isoOf(now).slice(0, 10)] ?? 0,
    filesPerDay: filesPerDayOf(world, now),
    effect: found === undefined ? "none" : effectOf(found.label),
  })
  return { decision, ...found }
}

const fileFacet = ({ file }: ServiceQuestion): ServiceFacets["file"] => {
  if (file === undefined) return "mail"
  if (!file.isSupported) return "not-supported"
  if (file.isListAttachment) return "list-attachment"
  if (file.isInUse) return "in-use"
  return file.isOwnerThere ? "fits" : "without-owner"
}

const presentFacet = (
  world: MipWorld,
  before: Label | undefined,
  next: Label | undefined,
): ServiceFacets["present"] => {
  if (before === undefined || next === undefined) return "unlabelled"
  if (before.id === next.id) return "same"
  const difference = compareLabels(world, before, next) || before.priority - next.priority
  return difference < 0 ? "lower" : "not-lower"
}

const rule = gate<ServiceFacets>()

const serviceGates: GateRules<ServiceFacets> = [
  rule({
    name: "auto-label-match",
    facts: ["MIP-143", "MIP-146"],
    reads: ["match"],
    check: ({ match }) => {
      switch (match) {
        case "enforced":
          return pass("The content meets the conditions of a policy that is on.", { match })
        case "simulated":
          return deny(
            "The content would be labelled; the policy only simulates.",
            { match },
            {
              code: "Simulated",
              message: "The policy is in simulation mode.",
            },
          )
        case "none":
          return deny(
            "The content meets the conditions of no policy.",
            { match },
            {
              message: "No auto-labeling policy matches.",
            },
          )
      }
    },
  }),
  rule({
    name: "auto-label-file",
    facts: ["MIP-147", "MIP-148"],
    reads: ["file", "effect"],
    check: ({ file, effect }) => {
      const details = { file }
      switch (file) {
        case "mail":
          return pass("A message on its way is labelled as it passes.", details)
        case "fits":
          return pass("The file is of a type the service labels, and nobody has it open.", details)
        case "not-supported":
          return deny("The service does not label files of this type.", details, {
            message: "File type not supported for auto-labeling.",
          })
        case "in-use":
          return deny("Somebody has the file open or checked out.", details, {
            message: "The file is in use.",
          })
        case "list-attachment":
          return deny("Attachments of list items are not labelled.", details, {
            message: "List attachments aren't supported.",
          })
        case "without-owner":
          return effect === "template" || effect === "user-defined"
            ? deny(
                "Whoever changed the file last is gone, and nobody else would own it.",
                details,
                {
                  message: "The last modifier doesn't exist any more.",
                },
              )
            : pass("The label encrypts nothing, so no owner is needed.", details)
      }
    },
  }),
  rule({
    name: "auto-label-precedence",
    facts: ["MIP-121", "MIP-144", "MIP-149"],
    reads: ["present", "presentMethod", "isOverwriting"],
    check: ({ present, presentMethod, isOverwriting }) => {
      const details = { present, presentMethod, isOverwriting }
      switch (present) {
        case "unlabelled":
          return pass("Nothing is labelled yet.", details)
        case "same":
          return deny("The content has this label already.", details, {
            message: "The label is already applied.",
          })
        case "lower":
          return presentMethod !== "Privileged" || isOverwriting
            ? pass("The label that is there is less sensitive and may be replaced.", details)
            : deny("A label applied by hand is not replaced automatically.", details, {
                code: "PrivilegedRequiredError",
                message: "The existing label was applied by a person.",
              })
        case "not-lower":
          return isOverwriting
            ? pass("The policy replaces labels whatever they are.", details)
            : deny("A label is not replaced by one that is not more sensitive.", details, {
                message: "The content has a label of the same or higher priority.",
              })
      }
    },
  }),
  rule({
    name: "auto-label-quota",
    facts: ["MIP-147"],
    reads: ["file", "filesToday", "filesPerDay"],
    check: ({ file, filesToday, filesPerDay }) => {
      const details = { filesToday, filesPerDay }
      return file === "mail" || filesToday < filesPerDay
        ? pass("The limit of files for a day is not reached.", details)
        : deny("The tenant has reached the number of files for this day.", details, {
            message: "The daily limit of auto-labeled files has been reached.",
          })
    },
  }),
]
