import { type Decision, decideByGates, deny, gate, isFaultOn, pass } from "@twin/kernel"
import { lockboxUnavailable } from "../faults.ts"
import type { RejectionReason } from "../LockboxRequest.ts"
import { commandOf } from "../LockboxRole.ts"
import { eligibilitiesAt, isScreenedFor, type ServiceTeamAccount } from "../ServiceTeamAccount.ts"
import { componentOf, type DatacenterWorld, engineerOf, lockboxRoleOf } from "../State.ts"

/** Who is still entitled to ask: the part of the checks that goes on after the submission. */
export interface EligibilityFacets {
  readonly accountState: ServiceTeamAccount["state"] | "None"
  readonly disabledBecause: string
  readonly isScreeningValid: boolean
  readonly isTrainingValid: boolean
  readonly eligibility: "held" | "none" | "screening-kind-missing"
  readonly role: string
  readonly roleMembership: "held" | "not-held" | "no-role-named"
}

export interface SubmissionFacets extends EligibilityFacets {
  readonly isLockboxAvailable: boolean
  readonly actionOutsideRole: string
  readonly scope:
    | "inside"
    | "none-named"
    | "unknown-component"
    | "outside-work-scope"
    | "unknown-tenant"
  readonly partitions: number
  readonly durationMinutes: number
  readonly maximumMinutes: number
  readonly hasReason: boolean
  readonly touchesCustomerContent: boolean
  readonly hasServiceRequest: boolean
  readonly hasTenant: boolean
}

/** A request as it comes in: everything may be missing. */
export interface Submission {
  readonly requester: string
  readonly role: string
  readonly actions: readonly string[]
  readonly components: readonly string[]
  readonly tenant: string | undefined
  readonly durationMinutes: number
  readonly reason: string
  readonly serviceRequest: string | undefined
}

const refused = (code: RejectionReason, message: string) => ({ code, message })

const accountEnabled = gate<SubmissionFacets>()({
  name: "service-team-account",
  facts: ["DCO-062", "DCO-027", "DCO-032"],
  reads: ["accountState", "disabledBecause"],
  check: ({ accountState, disabledBecause }) => {
    if (accountState === "None") {
      return deny(
        "Only people with a service team account can ask for an elevation, and this one has none.",
        { accountState },
        refused("NotEligible", "You are not eligible to request access."),
      )
    }
    return accountState === "Active"
      ? pass("The service team account is enabled.", { accountState })
      : deny(
          "The service team account is switched off.",
          { accountState, disabledBecause },
          refused("AccountDisabled", "Your service team account is disabled."),
        )
  },
})

const screening = gate<SubmissionFacets>()({
  name: "background-check",
  facts: ["DCO-028", "DCO-062"],
  reads: ["isScreeningValid"],
  check: ({ isScreeningValid }) =>
    isScreeningValid
      ? pass("The background check is in date.", { isScreeningValid })
      : deny(
          "The background check has run out.",
          { isScreeningValid },
          refused("ScreeningExpired", "Your background check has expired."),
        ),
})

const training = gate<SubmissionFacets>()({
  name: "training",
  facts: ["DCO-029", "DCO-062"],
  reads: ["isTrainingValid"],
  check: ({ isTrainingValid }) =>
    isTrainingValid
      ? pass("The yearly training is done.", { isTrainingValid })
      : deny(
          "The yearly training has run out.",
          { isTrainingValid },
          refused("TrainingExpired", "Your training has expired."),
        ),
})

const eligibility = gate<SubmissionFacets>()({
  name: "eligibility",
  facts: ["DCO-016", "DCO-037", "DCO-043", "DCO-062"],
  reads: ["eligibility"],
  check: ({ eligibility: held }) =>
    held === "held"
      ? pass("The person is eligible to ask for access to these assets.", { eligibility: held })
      : deny(
          held === "none"
            ? "No eligibility is in force for this person."
            : "A screening kind that this environment demands is missing.",
          { eligibility: held },
          refused("NotEligible", "You are not eligible to request access."),
        ),
})

const roleMembership = gate<SubmissionFacets>()({
  name: "lockbox-role",
  facts: ["DCO-035", "DCO-042", "DCO-043", "DCO-062"],
  reads: ["roleMembership", "role"],
  check: ({ roleMembership: held, role }) =>
    held === "held"
      ? pass("The person belongs to the role that the work needs.", { role })
      : deny(
          held === "no-role-named"
            ? "The request names no role."
            : "The person does not belong to the role that the request names.",
          { role },
          refused("NoLockboxRole", "You do not hold the Lockbox role for this request."),
        ),
})

const actionsInRole = gate<SubmissionFacets>()({
  name: "actions-in-role",
  facts: ["DCO-026", "DCO-062", "DCO-199"],
  reads: ["actionOutsideRole"],
  check: ({ actionOutsideRole }) =>
    actionOutsideRole === ""
      ? pass("The role holds every action that was asked for.")
      : deny(
          "The role does not hold an action that was asked for.",
          { actionOutsideRole },
          refused("ActionNotInRole", "The requested action is not part of the role."),
        ),
})

const resourceScope = gate<SubmissionFacets>()({
  name: "resource-scope",
  facts: ["DCO-040", "DCO-042", "DCO-043", "DCO-062"],
  reads: ["scope"],
  check: ({ scope }) => {
    const reasons = {
      "none-named": "The request names no resource.",
      "unknown-component": "The request names a resource that does not exist.",
      "outside-work-scope": "The request names a resource outside the person's scope of work.",
      "unknown-tenant": "The request names a tenant that is not served here.",
    } as const
    return scope === "inside"
      ? pass("The resources lie inside the person's scope of work.", { scope })
      : deny(
          reasons[scope],
          { scope },
          refused("ResourceOutOfScope", "The requested resource is not in your work scope."),
        )
  },
})

const onePartition = gate<SubmissionFacets>()({
  name: "partition-boundary",
  facts: ["DCO-057", "DCO-062"],
  reads: ["partitions"],
  check: ({ partitions }) =>
    partitions === 1
      ? pass("The request stays inside one partition.", { partitions })
      : deny(
          "The request reaches over a partition boundary; each partition needs its own request.",
          { partitions },
          refused("PartitionBoundary", "A request may name resources of one partition only."),
        ),
})

const duration = gate<SubmissionFacets>()({
  name: "duration",
  facts: ["DCO-042", "DCO-045", "DCO-046", "DCO-062", "DCO-066", "DCO-123"],
  reads: ["durationMinutes", "maximumMinutes"],
  check: ({ durationMinutes, maximumMinutes }) => {
    const isNamed = durationMinutes > 0
    return isNamed && durationMinutes <= maximumMinutes
      ? pass("The time asked for is within the maximum of the role.", {
          durationMinutes,
          maximumMinutes,
        })
      : deny(
          isNamed
            ? "The time asked for is longer than the role allows, and it is not shortened silently."
            : "The request names no time.",
          { durationMinutes, maximumMinutes },
          refused("DurationExceedsMaximum", "The requested duration is not allowed for this role."),
        )
  },
})

const justification = gate<SubmissionFacets>()({
  name: "justification",
  facts: ["DCO-042", "DCO-043", "DCO-062"],
  reads: ["hasReason"],
  check: ({ hasReason }) =>
    hasReason
      ? pass("The request gives a business justification.")
      : deny(
          "The request gives no business justification.",
          { hasReason },
          refused("JustificationMissing", "A business justification is required."),
        ),
})

const serviceRequest = gate<SubmissionFacets>()({
  name: "service-request",
  facts: ["DCO-062", "DCO-112", "DCO-113"],
  reads: ["touchesCustomerContent", "hasServiceRequest", "hasTenant"],
  check: ({ touchesCustomerContent, hasServiceRequest, hasTenant }) => {
    if (!touchesCustomerContent) {
      return pass("The role touches no customer content, so no service request is needed.")
    }
    return hasServiceRequest && hasTenant
      ? pass("The request names the customer's service request and the tenant.")
      : deny(
          "Access to customer content needs the customer's service request and the tenant.",
          { hasServiceRequest, hasTenant },
          refused("ServiceRequestMissing", "A service request number and a tenant are required."),
        )
  },
})

const lockboxAvailable = gate<SubmissionFacets>()({
  name: "lockbox-available",
  facts: ["DCO-309"],
  reads: ["isLockboxAvailable"],
  check: ({ isLockboxAvailable }) =>
    isLockboxAvailable
      ? pass("The Lockbox system answers.")
      : deny(
          "The Lockbox system does not answer, and without it nobody is elevated.",
          { isLockboxAvailable },
          { code: "LockboxUnavailable", message: "Lockbox is unavailable. Try again later." },
        ),
})

/** Exactly the order of DCO-062; only availability comes before. */
export const evaluateSubmission = (facets: SubmissionFacets): Decision =>
  decideByGates(
    [
      lockboxAvailable,
      accountEnabled,
      screening,
      training,
      eligibility,
      roleMembership,
      actionsInRole,
      resourceScope,
      onePartition,
      duration,
      justification,
      serviceRequest,
    ],
    facets,
  )

/** The checks that are repeated in near real time while a request lives (DCO-036). */
export const evaluateStillEligible = (facets: EligibilityFacets): Decision =>
  decideByGates([accountEnabled, screening, training, eligibility, roleMembership], {
    ...facets,
    // The gates asked here read none of these.
    ...notRead,
  })

const notRead: Omit<SubmissionFacets, keyof EligibilityFacets> = {
  isLockboxAvailable: false,
  actionOutsideRole: "",
  scope: "none-named",
  partitions: 0,
  durationMinutes: 0,
  maximumMinutes: 0,
  hasReason: false,
  touchesCustomerContent: true,
  hasServiceRequest: false,
  hasTenant: false,
}

/** What the directory and the identity tool know about a requester now. */
export const factsOfEligibility = (
  world: Pick<DatacenterWorld, "datacenter">,
  asked: Pick<Submission, "requester" | "role" | "components">,
  now: number,
): EligibilityFacets => {
  const account = engineerOf(world, asked.requester)
  const held = account === undefined ? [] : eligibilitiesAt(account, now)
  const environments = asked.components.flatMap((id) => componentOf(world, id)?.environment ?? [])
  return {
    accountState: account?.state ?? "None",
    disabledBecause: account?.disabledBecause ?? "",
    isScreeningValid: account !== undefined && now < account.screeningValidUntil,
    isTrainingValid: account !== undefined && now < account.trainingValidUntil,
    eligibility:
      account === undefined || held.length === 0
        ? "none"
        : environments.every((it) => isScreenedFor(account, it))
          ? "held"
          : "screening-kind-missing",
    role: asked.role,
    roleMembership:
      asked.role === ""
        ? "no-role-named"
        : account?.lockboxRoles.includes(asked.role) === true &&
            lockboxRoleOf(world, asked.role) !== undefined
          ? "held"
          : "not-held",
  }
}

export const factsOfSubmission = (
  world: DatacenterWorld,
  asked: Submission,
  tenants: readonly string[],
  now: number,
): SubmissionFacets => {
  const account = engineerOf(world, asked.requester)
  const role = lockboxRoleOf(world, asked.role)
  const held = account === undefined ? [] : eligibilitiesAt(account, now)
  const components = asked.components.map((id) => componentOf(world, id))
  const isInWorkScope = components.every(
    (it) =>
      it !== undefined &&
      held.some(
        ({ service, environment }) => service === it.service && environment === it.environment,
      ),
  )
  const inRole = (action: string): boolean =>
    role?.capability.some(({ name }) => name.toLowerCase() === action.toLowerCase()) ?? false
  return {
    ...factsOfEligibility(world, asked, now),
    isLockboxAvailable: !isFaultOn(world, lockboxUnavailable),
    actionOutsideRole: asked.actions.find((it) => !inRole(it)) ?? "",
    scope:
      asked.components.length === 0
        ? "none-named"
        : components.includes(undefined)
          ? "unknown-component"
          : !isInWorkScope
            ? "outside-work-scope"
            : asked.tenant !== undefined && !tenants.includes(asked.tenant)
              ? "unknown-tenant"
              : "inside",
    partitions: new Set(components.map((it) => it?.partition)).size,
    durationMinutes: asked.durationMinutes,
    maximumMinutes: role?.maxDurationMinutes ?? 0,
    hasReason: asked.reason.trim() !== "",
    touchesCustomerContent:
      role?.touchesCustomerContent ??
      asked.actions.some((it) => commandOf(it)?.touches === "customer-content"),
    hasServiceRequest: (asked.serviceRequest ?? "").trim() !== "",
    hasTenant: asked.tenant !== undefined,
  }
}
