import { Schema } from "effect"

const id = Schema.NonEmptyString

/** What a package gives besides groups: an assignment to an application, or a place on a site. */
export const PackageResource = Schema.Struct({
  kind: Schema.Literals(["application", "site"]),
  /** Application id, or the address of the site in lower case. */
  id,
})
export type PackageResource = typeof PackageResource.Type

/** The same with what somebody becomes there: a role of the application, or a group of the site. */
export const PackageRole = Schema.Struct({ ...PackageResource.fields, role: id })
export type PackageRole = typeof PackageRole.Type

/** Groups of a site as Graph names them, by the id that every site gives them. */
export const siteGroups = { owners: "3", visitors: "4", members: "5" } as const

/** A container of resources; packages for people outside need it to be visible outside. */
export const Catalog = Schema.Struct({
  id,
  displayName: id,
  isExternallyVisible: Schema.Boolean,
  state: Schema.Literals(["published", "unpublished"]),
  /** Object ids of the groups that packages of this catalogue may give. */
  groupIds: Schema.Array(id),
  resources: Schema.optionalKey(Schema.Array(PackageResource)),
})
export type Catalog = typeof Catalog.Type

/** What somebody gets at once: membership of groups, applications, places on sites. */
export const AccessPackage = Schema.Struct({
  id,
  displayName: id,
  catalogId: id,
  isHidden: Schema.Boolean,
  groupIds: Schema.Array(id),
  roles: Schema.optionalKey(Schema.Array(PackageRole)),
})
export type AccessPackage = typeof AccessPackage.Type

/** An organization whose people may ask: by Entra tenant or by domain. */
export const ConnectedOrganization = Schema.Struct({
  id,
  displayName: id,
  state: Schema.Literals(["configured", "proposed"]),
  tenantIds: Schema.Array(id),
  /** Lower case. */
  domains: Schema.Array(id),
})
export type ConnectedOrganization = typeof ConnectedOrganization.Type

/** Whom a policy lets ask. */
export const AllowedTargetScope = Schema.Literals([
  "notSpecified",
  "specificDirectoryUsers",
  "specificConnectedOrganizationUsers",
  "allMemberUsers",
  "allDirectoryUsers",
  "allConfiguredConnectedOrganizationUsers",
  "allExternalUsers",
])
export type AllowedTargetScope = typeof AllowedTargetScope.Type

export const ApprovalStage = Schema.Struct({
  approverIds: Schema.NonEmptyArray(id),
  /** Days until the request is denied because nobody answered. */
  automaticDenialDays: Schema.Int,
  isApproverJustificationRequired: Schema.Boolean,
})
export type ApprovalStage = typeof ApprovalStage.Type

export const AssignmentPolicy = Schema.Struct({
  id,
  displayName: id,
  accessPackageId: id,
  allowedTargetScope: AllowedTargetScope,
  /** Users, groups or connected organizations, for the scopes that name them. */
  targetIds: Schema.Array(id),
  /** Without a stage a request is approved by itself. */
  stages: Schema.Array(ApprovalStage),
  isRequestorJustificationRequired: Schema.Boolean,
  /** Days from delivery to expiry, or a moment; without both it lasts. */
  durationDays: Schema.optionalKey(Schema.Int),
  endsAt: Schema.optionalKey(Schema.Number),
  canExtend: Schema.Boolean,
})
export type AssignmentPolicy = typeof AssignmentPolicy.Type

export const RequestState = Schema.Literals([
  "pendingApproval",
  "delivered",
  "deliveryFailed",
  "denied",
  "canceled",
])
export type RequestState = typeof RequestState.Type

/** Somebody asks for a package, or for more time. Times are epoch milliseconds. */
export const AssignmentRequest = Schema.Struct({
  id,
  requestType: Schema.Literals(["userAdd", "adminAdd", "userExtend"]),
  accessPackageId: id,
  policyId: id,
  /** Lower-case address; a person from outside may have no user object yet. */
  requestor: id,
  justification: Schema.String,
  state: RequestState,
  /** Index of the stage that waits for an answer. */
  stage: Schema.Int,
  stageSince: Schema.Number,
  at: Schema.Number,
})
export type AssignmentRequest = typeof AssignmentRequest.Type

export const Assignment = Schema.Struct({
  id,
  accessPackageId: id,
  policyId: id,
  userId: id,
  state: Schema.Literals(["delivered", "expired"]),
  deliveredAt: Schema.Number,
  expiresAt: Schema.optionalKey(Schema.Number),
  isReminded: Schema.Boolean,
  endedAt: Schema.optionalKey(Schema.Number),
})
export type Assignment = typeof Assignment.Type

/** What becomes of a guest who came through a package and has lost the last one (IDN-240). */
export const LifecycleSettings = Schema.Struct({
  externalUserLifecycleAction: Schema.Literals(["none", "blockSignIn", "blockSignInAndDelete"]),
  durationUntilExternalUserDeletedAfterBlockedDays: Schema.Int,
})
export type LifecycleSettings = typeof LifecycleSettings.Type

/** By default such guests are blocked for thirty days and then removed. */
export const initialLifecycle: LifecycleSettings = {
  externalUserLifecycleAction: "blockSignInAndDelete",
  durationUntilExternalUserDeletedAfterBlockedDays: 30,
}

/** How long before the end a person is told. */
export const expiryNoticeDays = 14

/** Longest wait for an approver where a stage does not say. */
export const defaultAutomaticDenialDays = 14
