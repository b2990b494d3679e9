import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { type AccessReview, inactiveDaysLimits } from "../AccessReview.ts"
import { appIdOf } from "../CloudApp.ts"
import { groupOf, organizationOf } from "../directory.ts"
import { assignmentOf } from "../SignInProtection.ts"
import type { IdentityWorld } from "../State.ts"

/** What an administrator wants, before it becomes a review. */
export type ReviewWish = Pick<
  AccessReview,
  | "scope"
  | "reviewers"
  | "reviewerIds"
  | "fallbackReviewerIds"
  | "deniedAction"
  | "durationDays"
  | "recursEveryMillis"
>

interface ReviewFacets {
  readonly licence: "present" | "missing"
  readonly scope:
    | "groups"
    | "every-group"
    | "unreadable"
    | "unknown-group"
    | "application"
    | "unknown-application"
    | "open-application"
  readonly users: "guests" | "everyone"
  readonly inactiveDays: number | "any"
  readonly reviewers: string
  readonly hasReviewers: boolean
  readonly hasFallback: boolean
  readonly deniedAction: string
  readonly duration: "fits" | "too-short" | "longer-than-recurrence"
}

const reviewGate = gate<ReviewFacets>()
const bad = (message: string) => ({ code: "InvalidRequest", message })

const licensed = reviewGate({
  name: "governance-licence",
  facts: ["IDN-237"],
  reads: ["licence"],
  check: ({ licence }) =>
    licence === "present"
      ? pass("The tenant is licensed for access reviews.", { licence })
      : deny(
          "Access reviews need Microsoft Entra ID P2 or Governance.",
          { licence },
          {
            code: "Forbidden",
            message:
              "The tenant does not have a Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
          },
        ),
})

const scopeKnown = reviewGate({
  name: "review-scope",
  facts: ["IDN-233"],
  reads: ["scope", "users"],
  check: ({ scope, users }) => {
    switch (scope) {
      case "groups":
        return pass("The review asks about groups of the tenant.", { scope, users })
      case "every-group":
        return users === "guests"
          ? pass("The review asks about the guests of every Microsoft 365 group.", { scope, users })
          : deny(
              "The review of every Microsoft 365 group asks about guests only.",
              { scope, users },
              bad("Only guest users can be reviewed across all Microsoft 365 groups."),
            )
      case "application":
        return pass("The review asks who is assigned to an application.", { scope, users })
      case "open-application":
        return deny(
          "An application that asks for no assignment lets everybody in: there is nothing to review.",
          { scope },
          bad("User assignment must be required for the application to be reviewed."),
        )
      case "unknown-application":
      case "unknown-group":
        return deny(
          "A group or an application of the scope does not exist.",
          { scope },
          {
            code: "ResourceNotFound",
            message: "The resource in the scope of the access review was not found.",
          },
        )
      case "unreadable":
        return deny("The scope is none that a review can have.", { scope }, bad("Invalid scope."))
    }
  },
})

const inactiveWindow = reviewGate({
  name: "inactive-window",
  facts: ["IDN-233"],
  reads: ["inactiveDays"],
  check: ({ inactiveDays }) => {
    const { minimum, maximum } = inactiveDaysLimits
    if (inactiveDays === "any") return pass("Active and inactive people are in scope.")
    return inactiveDays >= minimum && inactiveDays <= maximum
      ? pass("Only people who have not signed in for so long are in scope.", { inactiveDays })
      : deny(
          "The inactive filter reaches from one day to two years.",
          { inactiveDays, minimum, maximum },
          bad("inactiveDuration must be between 1 and 730 days."),
        )
  },
})

const reviewersNamed = reviewGate({
  name: "reviewers",
  facts: ["IDN-234"],
  reads: ["reviewers", "hasReviewers", "hasFallback"],
  check: ({ reviewers, hasReviewers, hasFallback }) => {
    const details = { reviewers, hasReviewers, hasFallback }
    if (reviewers === "managers" && !hasFallback) {
      return deny(
        "People without a manager need a fallback reviewer.",
        details,
        bad("Fallback reviewers are required when managers are reviewers."),
      )
    }
    return hasReviewers
      ? pass("Somebody answers for everybody in scope.", details)
      : deny("The named reviewers do not exist.", details, bad("Invalid reviewers."))
  },
})

const deniedActionFits = reviewGate({
  name: "denied-guests",
  facts: ["IDN-236"],
  reads: ["deniedAction", "users", "scope"],
  check: ({ deniedAction, users, scope }) => {
    const details = { deniedAction, users, scope }
    if (deniedAction === "remove-access") {
      return pass("Who is denied loses the membership.", details)
    }
    return users === "guests" && (scope === "groups" || scope === "application")
      ? pass("Guests who are denied are blocked for thirty days and then deleted.", details)
      : deny(
          "Only a review of guests in selected groups or applications can block and delete them.",
          details,
          bad(
            "disableAndDeleteUserApplyAction is supported only for reviews of guest users on selected resources.",
          ),
        )
  },
})

const durationFits = reviewGate({
  name: "review-duration",
  facts: ["IDN-233"],
  reads: ["duration"],
  check: ({ duration }) =>
    duration === "fits"
      ? pass("An instance ends before the next one starts.", { duration })
      : deny(
          "An instance has to last a day at least, and to end before the next one starts.",
          { duration },
          bad("Invalid instanceDurationInDays."),
        ),
})

const gates: GateRules<ReviewFacets> = [
  licensed,
  scopeKnown,
  inactiveWindow,
  reviewersNamed,
  deniedActionFits,
  durationFits,
]

/** Whether the tenant holds one of the licences; where none is recorded it has all. */
export const isLicensed = (world: IdentityWorld, accepted: readonly string[]): boolean => {
  const licenses = organizationOf(world)?.licenses
  return licenses === undefined || licenses.some((it) => accepted.includes(it))
}

const durationOf = ({ durationDays, recursEveryMillis }: ReviewWish): ReviewFacets["duration"] => {
  if (durationDays < 1) return "too-short"
  return recursEveryMillis !== undefined && durationDays * 86_400_000 > recursEveryMillis
    ? "longer-than-recurrence"
    : "fits"
}

const applicationState = (
  world: IdentityWorld,
  ids: readonly string[],
): "application" | "unknown-application" | "open-application" => {
  if (ids.length === 0 || ids.some((id) => appIdOf(id) === undefined)) return "unknown-application"
  return ids.every((id) => assignmentOf(world.identity.signInProtection, id).isRequired)
    ? "application"
    : "open-application"
}

/** May the review be defined like this? `scope` is undefined where no group is meant at all. */
export const evaluateReviewDefinition = (
  world: IdentityWorld,
  wish: ReviewWish,
  kind: "groups" | "application" | "unreadable",
): Decision => {
  const { scope, reviewers } = wish
  const isMissing = scope.groupIds.some((id) => groupOf(world, id) === undefined)
  return decideByGates(gates, {
    licence: isLicensed(world, ["P2", "Governance"]) ? "present" : "missing",
    scope:
      kind === "application"
        ? applicationState(world, scope.applicationIds ?? [])
        : kind === "unreadable"
          ? kind
          : scope.isEveryMicrosoft365Group
            ? "every-group"
            : isMissing || scope.groupIds.length === 0
              ? "unknown-group"
              : "groups",
    users: scope.users,
    inactiveDays: scope.inactiveDays ?? "any",
    reviewers,
    hasReviewers: reviewers !== "selected" || wish.reviewerIds.length > 0,
    hasFallback: wish.fallbackReviewerIds.length > 0,
    deniedAction: wish.deniedAction,
    duration: durationOf(wish),
  })
}
