import { type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"
import type { Access } from "../Elevation.ts"

/** Somebody who wants to use the group's keys. */
export interface DkmFacets {
  readonly isSecret: boolean
  readonly isDirectoryAvailable: boolean
  /** `service`: service code; `elevated`: under an approved elevation; `none`: anybody else. */
  readonly access: Access
  /** The account stands in the group. An elevation puts its account there while it runs. */
  readonly isMember: boolean
  readonly hasOpened: boolean
}

const secretKnown = gate<DkmFacets>()({
  name: "dkm-secret",
  facts: ["CRY-024"],
  reads: ["isSecret"],
  check: ({ isSecret }) =>
    isSecret ? pass("Such a secret is kept.") : deny("No secret of this name is kept."),
})

const directoryAnswers = gate<DkmFacets>()({
  name: "directory",
  facts: ["CRY-019"],
  reads: ["isDirectoryAvailable"],
  check: ({ isDirectoryAvailable }) =>
    isDirectoryAvailable
      ? pass("The directory, which holds the keys, answers.")
      : deny("The directory, which holds the keys, does not answer."),
})

const groupMembership = gate<DkmFacets>()({
  name: "dkm-group",
  facts: ["CRY-019", "CRY-020", "CRY-021", "CRY-022"],
  reads: ["access", "isMember"],
  check: ({ access, isMember }) => {
    if (isMember) {
      return access === "elevated"
        ? pass("A running elevation has put this account into the group for its time.", { access })
        : pass("The service account is a member of the group.", { access })
    }
    return deny(
      access === "service"
        ? "This service account is not in the group that reads the keys."
        : "Only members of the group read the keys, and no person is a member without an elevation.",
      { access },
      { code: "AccessDenied", message: "Access to the distributed key manager is denied." },
    )
  },
})

const secretOpens = gate<DkmFacets>()({
  name: "dkm-key",
  facts: ["CRY-023"],
  reads: ["hasOpened"],
  check: ({ hasOpened }) =>
    hasOpened
      ? pass("The key that the secret was written under opens it, whether current or archived.")
      : deny("The key of this secret is gone, or the secret was changed."),
})

/** Before any key is touched. */
export const evaluateDkmAccess = (facets: DkmFacets): Decision =>
  decideByGates([secretKnown, directoryAnswers, groupMembership], facets)

export const evaluateDkmUse = (facets: DkmFacets): Decision =>
  decideByGates([secretKnown, directoryAnswers, groupMembership, secretOpens], facets)

const accountKind = gate<{ readonly isServiceAccount: boolean }>()({
  name: "service-accounts-only",
  facts: ["CRY-019", "CRY-020"],
  reads: ["isServiceAccount"],
  check: ({ isServiceAccount }) =>
    isServiceAccount
      ? pass("The account belongs to a process, not to a person.")
      : deny(
          "Only service accounts become members of the group: a person asks for an elevation.",
          {},
          { code: "HumanAccount", message: "Human accounts cannot be members of this group." },
        ),
})

const groupKeeper = gate<{ readonly access: Access }>()({
  name: "group-keeper",
  facts: ["CRY-019", "CRY-020"],
  reads: ["access"],
  check: ({ access }) =>
    access === "service"
      ? pass("The service looks after its own group.", { access })
      : deny("Nobody but the service changes the group.", { access }),
})

export const evaluateMembership = (o: {
  readonly access: Access
  readonly isServiceAccount: boolean
}): Decision => decideByGates([groupKeeper, accountKind], o)
