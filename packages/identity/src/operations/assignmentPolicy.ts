import type { Ruling } from "@twin/kernel"
import { momentIn } from "@twin/kernel"
import { Schema } from "effect"
import { evaluateSetUp } from "../decisions/evaluatePackageStep.ts"
import { packageLine } from "../deliverPackage.ts"
import { groupOf, userOf } from "../directory.ts"
import {
  AllowedTargetScope,
  type AssignmentPolicy,
  defaultAutomaticDenialDays,
} from "../EntitlementManagement.ts"
import { packageOf } from "../entitlements.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { parseDuration } from "../rules/parseDuration.ts"
import type { IdentityWorld } from "../State.ts"
import { reviewAdministrators } from "./accessReviews.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"

const text = Schema.optionalKey(Schema.String)
const flag = Schema.optionalKey(Schema.Boolean)
const named = (description: string) => Schema.optionalKey(Schema.String.annotate({ description }))
const table = (description: string) => Schema.optionalKey(hashtable.annotate({ description }))
const tables = (description: string) =>
  Schema.optionalKey(Schema.Array(hashtable).annotate({ description }))
const Reference = Schema.Struct({ id: Schema.NonEmptyString })

const Stage = Schema.Struct({
  durationBeforeAutomaticDenial: text,
  isApproverJustificationRequired: flag,
  primaryApprovers: Schema.NonEmptyArray(
    Schema.Struct({ userId: text, groupId: text, description: text }),
  ),
})

const PolicyBody = Schema.Struct({
  displayName: Schema.NonEmptyString,
  description: text,
  accessPackage: Reference,
  allowedTargetScope: AllowedTargetScope,
  specificAllowedTargets: Schema.optionalKey(
    Schema.Array(Schema.Struct({ userId: text, groupId: text, connectedOrganizationId: text })),
  ),
  expiration: Schema.optionalKey(
    Schema.Struct({
      type: Schema.Literals(["noExpiration", "afterDuration", "afterDateTime"]),
      duration: text,
      endDateTime: text,
    }),
  ),
  requestorSettings: Schema.optionalKey(hashtable),
  requestApprovalSettings: Schema.optionalKey(
    Schema.Struct({
      isApprovalRequiredForAdd: flag,
      isApprovalRequiredForUpdate: flag,
      isRequestorJustificationRequired: flag,
      stages: Schema.optionalKey(Schema.Array(Stage)),
    }),
  ),
  canExtend: flag,
})

const wholeDays = (duration: string | undefined): number | undefined => {
  const millis = duration === undefined ? undefined : parseDuration(duration)
  return millis === undefined ? undefined : Math.floor(millis / 86_400_000)
}

/** Only users and groups that exist are taken. */
const objectIn = (
  world: IdentityWorld,
  given: { readonly userId?: string; readonly groupId?: string },
): readonly string[] => {
  const { userId, groupId } = given
  const found =
    userId !== undefined
      ? userOf(world, userId)?.id
      : groupId === undefined
        ? undefined
        : groupOf(world, groupId)?.id
  return found === undefined ? [] : [found]
}

const policyIn = (
  world: IdentityWorld,
  id: string,
  accessPackageId: string,
  body: typeof PolicyBody.Type,
): AssignmentPolicy => {
  const { requestApprovalSettings: approval = {}, expiration } = body
  const durationDays =
    expiration?.type === "afterDuration" ? wholeDays(expiration.duration) : undefined
  const endsAt =
    expiration?.type === "afterDateTime"
      ? (momentIn(expiration.endDateTime ?? "") ?? Number.NaN)
      : Number.NaN
  return {
    id,
    displayName: body.displayName,
    accessPackageId,
    allowedTargetScope: body.allowedTargetScope,
    targetIds: (body.specificAllowedTargets ?? []).flatMap((it) =>
      it.connectedOrganizationId === undefined ? objectIn(world, it) : [it.connectedOrganizationId],
    ),
    stages:
      approval.isApprovalRequiredForAdd === true
        ? (approval.stages ?? []).flatMap((stage) => {
            const [first, ...rest] = stage.primaryApprovers.flatMap((it) => objectIn(world, it))
            return first === undefined
              ? []
              : [
                  {
                    approverIds: [first, ...rest] as const,
                    automaticDenialDays:
                      wholeDays(stage.durationBeforeAutomaticDenial) ?? defaultAutomaticDenialDays,
                    isApproverJustificationRequired: stage.isApproverJustificationRequired ?? false,
                  },
                ]
          })
        : [],
    isRequestorJustificationRequired: approval.isRequestorJustificationRequired ?? false,
    ...(durationDays === undefined ? {} : { durationDays }),
    ...(Number.isNaN(endsAt) ? {} : { endsAt }),
    canExtend: body.canExtend ?? true,
  }
}

export const newAssignmentPolicy = graphCmdlet({
  name: "New-MgEntitlementManagementAssignmentPolicy",
  summary: "Says who may ask for a package, who approves, and how long it lasts.",
  params: {
    DisplayName: named("Name of the policy"),
    Description: named("What it is for"),
    AllowedTargetScope: named("Who may ask"),
    SpecificAllowedTargets: tables("Users, groups or connected organizations"),
    Expiration: table("noExpiration, afterDuration or afterDateTime"),
    RequestApprovalSettings: table("Whether and by whom requests are approved"),
    RequestorSettings: table("What requestors may do"),
    CanExtend: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether assignments may be extended; switch" }),
    ),
    AccessPackage: table("The package by id"),
  },
  body: PolicyBody,
  binding: { switches: ["CanExtend"] },
  roles: reviewAdministrators,
  facts: ["IDN-240"],
  decide: ({ world, draw }, body): Ruling<IdentityEvent> => {
    const accessPackage = packageOf(world, body.accessPackage.id)
    const policy = policyIn(
      world,
      draw.guid(`policy ${body.displayName}`),
      accessPackage?.id ?? "none",
      body,
    )
    const approval = body.requestApprovalSettings
    const decision = evaluateSetUp(
      accessPackage === undefined ? "access package" : "",
      approval?.isApprovalRequiredForAdd === true && policy.stages.length === 0
        ? "Approval needs at least one stage with approvers."
        : body.expiration?.type === "afterDuration" && (policy.durationDays ?? 0) < 1
          ? "The duration of the assignment is invalid."
          : "",
    )
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "AssignmentPolicyCreated", policy }],
      audit: [packageLine("Create access package assignment policy", policy.displayName)],
      output: [
        {
          Id: policy.id,
          DisplayName: policy.displayName,
          AllowedTargetScope: policy.allowedTargetScope,
          CanExtend: policy.canExtend,
        },
      ],
    }
  },
})
