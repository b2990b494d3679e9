import { type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"
import type { ServiceTeamAccount } from "../ServiceTeamAccount.ts"
import { type DatacenterWorld, engineerOf, lockboxRoleOf } from "../State.ts"

/** A change that a manager makes in the identity tool, about one person. */
export interface AccountChangeFacets {
  readonly managerState: ServiceTeamAccount["state"] | "None"
  readonly isAuthorisedManager: boolean
  readonly isSelf: boolean
  readonly isManagerOfPerson: boolean
  readonly personState: ServiceTeamAccount["state"] | "None"
  readonly isRoleKnown: boolean
  readonly wouldHoldPair: boolean
  readonly isScreeningValid: boolean
  readonly isTrainingValid: boolean
}

const authorisedManager = gate<AccountChangeFacets>()({
  name: "authorised-manager",
  facts: ["DCO-027", "DCO-035"],
  reads: ["managerState", "isAuthorisedManager", "isSelf"],
  check: ({ managerState, isAuthorisedManager, isSelf }) =>
    managerState === "Active" && isAuthorisedManager && !isSelf
      ? pass("An authorised manager decides about another person.", { managerState })
      : deny(
          isSelf
            ? "Nobody decides about their own account."
            : "Only an authorised manager decides about accounts and roles.",
          { managerState, isAuthorisedManager },
          { code: "ManagerApprovalRequired", message: "An authorised manager must approve this." },
        ),
})

const ownManager = gate<AccountChangeFacets>()({
  name: "own-manager",
  facts: ["DCO-033", "DCO-035"],
  reads: ["isManagerOfPerson"],
  check: ({ isManagerOfPerson }) =>
    isManagerOfPerson
      ? pass("The person's own manager decides.", { isManagerOfPerson })
      : deny(
          "Only the person's present manager decides about this.",
          { isManagerOfPerson },
          { code: "ManagerApprovalRequired", message: "The person's manager must approve this." },
        ),
})

const personKnown = gate<AccountChangeFacets>()({
  name: "service-team-account",
  facts: ["DCO-027", "DCO-034"],
  reads: ["personState"],
  check: ({ personState }) =>
    personState === "None" || personState === "Removed"
      ? deny(
          "The person has no service team account.",
          { personState },
          { code: "NotEligible", message: "The account could not be found." },
        )
      : pass("The person has a service team account.", { personState }),
})

const roleKnown = gate<AccountChangeFacets>()({
  name: "lockbox-role",
  facts: ["DCO-035"],
  reads: ["isRoleKnown"],
  check: ({ isRoleKnown }) =>
    isRoleKnown
      ? pass("The role exists.", { isRoleKnown })
      : deny(
          "There is no such role.",
          { isRoleKnown },
          { code: "NoLockboxRole", message: "The role could not be found." },
        ),
})

const noOwnApproval = gate<AccountChangeFacets>()({
  name: "separation-of-duties",
  facts: ["DCO-017"],
  reads: ["wouldHoldPair"],
  check: ({ wouldHoldPair }) =>
    wouldHoldPair
      ? deny(
          "One person may not both ask for a role and decide on it.",
          { wouldHoldPair },
          {
            code: "SeparationOfDuties",
            message: "This combination of roles is not allowed.",
          },
        )
      : pass("The person cannot approve what they may ask for.", { wouldHoldPair }),
})

const causeCured = gate<AccountChangeFacets>()({
  name: "cause-cured",
  facts: ["DCO-028", "DCO-029"],
  reads: ["isScreeningValid", "isTrainingValid"],
  check: ({ isScreeningValid, isTrainingValid }) => {
    if (!isScreeningValid) {
      return deny(
        "The background check has not been renewed.",
        { isScreeningValid },
        { code: "ScreeningExpired", message: "The background check has expired." },
      )
    }
    return isTrainingValid
      ? pass("What switched the account off is cured.", { isScreeningValid, isTrainingValid })
      : deny(
          "The training has not been renewed.",
          { isTrainingValid },
          { code: "TrainingExpired", message: "The training has expired." },
        )
  },
})

/** Role membership or an approver's designation (DCO-017, DCO-035). */
export const evaluateRoleChange = (facets: AccountChangeFacets): Decision =>
  decideByGates([authorisedManager, personKnown, roleKnown, noOwnApproval], facets)

/** Removals, locks, terminations: no condition but a manager. */
export const evaluateAccountChange = (facets: AccountChangeFacets): Decision =>
  decideByGates([authorisedManager, personKnown], facets)

/** The new manager keeps what a transfer would let lapse (DCO-033). */
export const evaluateTransferConfirmation = (facets: AccountChangeFacets): Decision =>
  decideByGates([authorisedManager, personKnown, ownManager], facets)

/** Back from Disabled: the cause is cured and the manager approves again (SM-7). */
export const evaluateReenabling = (facets: AccountChangeFacets): Decision =>
  decideByGates([authorisedManager, personKnown, causeCured], facets)

export const factsOfAccountChange = (
  world: Pick<DatacenterWorld, "datacenter">,
  o: {
    readonly manager: string
    readonly engineer: string
    readonly role?: string
    /** What the person would get: the right to ask, or the right to decide. */
    readonly gains?: "membership" | "designation"
  },
  now: number,
): AccountChangeFacets => {
  const manager = engineerOf(world, o.manager)
  const person = engineerOf(world, o.engineer)
  const { role, gains } = o
  const isMember = role !== undefined && (person?.lockboxRoles.includes(role) ?? false)
  const isApprover =
    role !== undefined && (person?.approverFor.some((it) => it.role === role) ?? false)
  return {
    managerState: manager?.state ?? "None",
    isAuthorisedManager: manager?.isAuthorisedManager ?? false,
    isSelf: o.manager.toLowerCase() === o.engineer.toLowerCase(),
    isManagerOfPerson: person?.manager === o.manager.toLowerCase(),
    personState: person?.state ?? "None",
    isRoleKnown: role !== undefined && lockboxRoleOf(world, role) !== undefined,
    wouldHoldPair: (gains === "membership" && isApprover) || (gains === "designation" && isMember),
    isScreeningValid: person !== undefined && now < person.screeningValidUntil,
    isTrainingValid: person !== undefined && now < person.trainingValidUntil,
  }
}
