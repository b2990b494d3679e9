import {
  andThen,
  type Client,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
  systemActor,
} from "@twin/kernel"
import { appIds } from "../CloudApp.ts"
import type { AccessPackage, AssignmentPolicy } from "../EntitlementManagement.ts"
import {
  assignmentsOf,
  catalogOf,
  isInTargetScope,
  policiesFor,
  policyOf,
  type Requestor,
  requestsOf,
} from "../entitlements.ts"
import type { IdentityWorld } from "../State.ts"
import { evaluateInvitation } from "./evaluateInvitation.ts"
import { isLicensed } from "./evaluateReviewDefinition.ts"
import { entitlementSignInGates } from "./evaluateSignIn.ts"
import { isEmailOtpOn } from "./identityProvider.ts"
import { signInFacets } from "./signInFacets.ts"

/** May this person ask for this package, or be given it? */
export interface PackageQuestion {
  readonly world: IdentityWorld
  readonly accessPackage: AccessPackage | undefined
  readonly requestor: Requestor
  /** Named by the request, which has to where more than one would do. */
  readonly policy: AssignmentPolicy | undefined
  readonly justification: string
  readonly wants: "userAdd" | "adminAdd" | "userExtend"
  readonly client: Client
  readonly now: number
}

interface PackageFacets {
  readonly licence: "present" | "missing"
  readonly package: "offered" | "absent" | "catalogue-unpublished"
  readonly isOutside: boolean
  readonly isExternallyVisible: boolean
  readonly policy: "in-scope" | "out-of-scope" | "absent" | "to-be-named"
  readonly scope: string
  readonly isEmailOtpOn: boolean
  readonly held: "none" | "assigned" | "requested"
  readonly wants: PackageQuestion["wants"]
  readonly canExtend: boolean
  readonly hasJustification: boolean
  readonly needsJustification: boolean
}

const packageGate = gate<PackageFacets>()
const bad = (message: string) => ({ code: "InvalidRequest", message })

const licensed = packageGate({
  name: "governance-licence",
  facts: ["IDN-240"],
  reads: ["licence"],
  check: ({ licence }) =>
    licence === "present"
      ? pass("The tenant is licensed for entitlement management.", { licence })
      : deny(
          "Entitlement management needs Microsoft Entra ID P2 or Governance.",
          { licence },
          {
            code: "Forbidden",
            message: "The tenant is not licensed for entitlement management.",
          },
        ),
})

const packageOffered = packageGate({
  name: "access-package",
  facts: ["IDN-240"],
  reads: ["package", "isOutside", "isExternallyVisible"],
  check: ({ package: state, isOutside, isExternallyVisible }) => {
    const details = { package: state, isOutside, isExternallyVisible }
    if (state !== "offered") {
      return deny("There is no such access package on offer.", details, {
        code: "ResourceNotFound",
        message: "The access package was not found.",
      })
    }
    return isOutside && !isExternallyVisible
      ? deny(
          "The catalogue of the package is not enabled for people outside.",
          details,
          bad("The catalog is not enabled for external users."),
        )
      : pass("The package is on offer.", details)
  },
})

const policyAdmits = packageGate({
  name: "assignment-policy",
  facts: ["IDN-240"],
  reads: ["policy", "scope"],
  check: ({ policy, scope }) => {
    if (policy === "to-be-named") {
      return deny(
        "Several policies of the package let this person ask: the request has to name one.",
        { policy },
        bad("The assignment policy must be specified."),
      )
    }
    return policy === "in-scope"
      ? pass("A policy of the package lets this person ask.", { policy, scope })
      : deny(
          "No policy of the package lets this person ask.",
          { policy, scope },
          {
            code: "SubjectNotInPolicyScope",
            message: "You don't have access to request this access package.",
          },
        )
  },
})

const passcodeForEverybody = packageGate({
  name: "passcode-for-everybody",
  facts: ["IDN-240", "IDN-051"],
  reads: ["scope", "isEmailOtpOn"],
  check: ({ scope, isEmailOtpOn: isOn }) =>
    scope === "allExternalUsers" && !isOn
      ? deny(
          "A policy for everybody needs the email one-time passcode, which is switched off.",
          { scope, isOn },
          bad("Email one-time passcode must be enabled to allow all users to request."),
        )
      : pass("Everybody whom the policy admits can prove an identity.", { scope, isOn }),
})

const notHeldYet = packageGate({
  name: "package-held",
  facts: ["IDN-240"],
  reads: ["held", "wants", "canExtend"],
  check: ({ held, wants, canExtend }) => {
    const details = { held, wants, canExtend }
    if (wants === "userExtend") {
      if (held !== "assigned") {
        return deny("There is no assignment to extend.", details, bad("No existing assignment."))
      }
      return canExtend
        ? pass("The assignment may be extended.", details)
        : deny(
            "The policy lets nobody extend an assignment.",
            details,
            bad("The assignment cannot be extended."),
          )
    }
    return held === "none"
      ? pass("The person neither has the package nor waits for it.", details)
      : deny("The person has the package, or waits for it already.", details, {
          code: "ExistingOpenRequest",
          message: "The subject already has an assignment or an open request.",
        })
  },
})

const justified = packageGate({
  name: "request-justification",
  facts: ["IDN-240"],
  reads: ["hasJustification", "needsJustification"],
  check: ({ hasJustification, needsJustification }) =>
    needsJustification && !hasJustification
      ? deny(
          "The policy asks for a reason.",
          { needsJustification },
          bad("Requestor justification is required."),
        )
      : pass("The request is complete.", { hasJustification }),
})

const gates: GateRules<PackageFacets> = [
  licensed,
  packageOffered,
  policyAdmits,
  passcodeForEverybody,
  notHeldYet,
  justified,
]

type PolicyQuestion = Pick<
  PackageQuestion,
  "world" | "accessPackage" | "policy" | "requestor" | "wants"
>

/** The delivered assignment that more time is asked for. */
const heldAssignment = ({ world, accessPackage, requestor }: PolicyQuestion) =>
  assignmentsOf(world, requestor.user?.id ?? "").find(
    (it) => it.accessPackageId === accessPackage?.id && it.state === "delivered",
  )

/** The policies that a question could be decided by. More than one: the request has to choose. */
const policiesOfQuestion = (question: PolicyQuestion): readonly AssignmentPolicy[] => {
  const { world, accessPackage, policy, requestor, wants } = question
  if (accessPackage === undefined) return []
  if (policy !== undefined) return policy.accessPackageId === accessPackage.id ? [policy] : []
  const held = wants === "userExtend" ? heldAssignment(question) : undefined
  return held === undefined
    ? policiesFor(world, accessPackage.id, requestor)
    : [policyOf(world, held.policyId)].filter((it) => it !== undefined)
}

/** The policy that counts for a question: the one that it names, or the only one. */
export const policyOfQuestion = (question: PolicyQuestion): AssignmentPolicy | undefined => {
  const [first, ...others] = policiesOfQuestion(question)
  return others.length === 0 ? first : undefined
}

const heldBy = (world: IdentityWorld, packageId: string, { user, address }: Requestor) => {
  const isAssigned =
    user !== undefined &&
    assignmentsOf(world, user.id).some(
      (it) => it.accessPackageId === packageId && it.state === "delivered",
    )
  if (isAssigned) return "assigned" as const
  return requestsOf(world).some(
    (it) =>
      it.accessPackageId === packageId &&
      it.requestor === address &&
      it.state === "pendingApproval",
  )
    ? ("requested" as const)
    : ("none" as const)
}

const facetsOf = (question: PackageQuestion): PackageFacets => {
  const { world, accessPackage, requestor, wants, now } = question
  const catalog =
    accessPackage === undefined ? undefined : catalogOf(world, accessPackage.catalogId)
  const policy = policyOfQuestion(question)
  // An administrator assigns directly to whomever the package fits.
  const isInScope =
    policy !== undefined && (wants === "adminAdd" || isInTargetScope(world, policy, requestor))
  return {
    licence: isLicensed(world, ["P2", "Governance"]) ? "present" : "missing",
    package:
      accessPackage === undefined
        ? "absent"
        : catalog?.state === "published"
          ? "offered"
          : "catalogue-unpublished",
    isOutside: requestor.isOutside,
    isExternallyVisible: catalog?.isExternallyVisible ?? false,
    policy:
      policiesOfQuestion(question).length > 1
        ? "to-be-named"
        : policy === undefined
          ? "absent"
          : isInScope
            ? "in-scope"
            : "out-of-scope",
    scope: policy?.allowedTargetScope ?? "none",
    isEmailOtpOn: isEmailOtpOn(world, now),
    held: accessPackage === undefined ? "none" : heldBy(world, accessPackage.id, requestor),
    wants,
    canExtend: policy?.canExtend ?? false,
    hasJustification: question.justification.trim() !== "",
    needsJustification: wants !== "adminAdd" && (policy?.isRequestorJustificationRequired ?? false),
  }
}

/** The guest who would be made: domain lists and cross-tenant access still apply (IDN-240). */
export const evaluateGovernedInvitation = (
  world: IdentityWorld,
  address: string,
  now: number,
): Decision => evaluateInvitation({ world, inviter: systemActor, address, now, isGoverned: true })

/**
 * Who asks signs in to My Access first, without a user object if need be, and Conditional Access is
 * asked: that is why entitlement management should be excluded for guests (IDN-241).
 */
export const evaluatePackageRequest = (question: PackageQuestion): Decision => {
  const { world, requestor, now, wants, client } = question
  const signedIn = () =>
    decideByGates(
      entitlementSignInGates,
      signInFacets({
        world,
        address: requestor.address,
        app: appIds.entitlementManagement,
        client,
        now,
      }),
    )
  const asked = () => decideByGates(gates, facetsOf(question))
  const person =
    requestor.user === undefined
      ? andThen(asked(), () => evaluateGovernedInvitation(world, requestor.address, now))
      : asked()
  return wants === "adminAdd" ? person : andThen(signedIn(), () => person)
}
