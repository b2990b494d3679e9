import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { memberIdsOf, userOf } from "../src/index.ts"
import { type Lab, printed, userId, verdict } from "./world.ts"

export const zoe = "zoe@outlook.com"
export const nina = "nina@fabrikam.com"
export const pat = "pat@mailbox.example"

/** A package "Project" with the partners group, for whom the scope says, approved by Bob. */
export const withPackage = Effect.fnUntraced(function* (
  it: Lab,
  options: {
    readonly scope?: string
    readonly isVisible?: boolean
    readonly stages?: readonly object[]
    readonly policy?: object
  } = {},
) {
  const ok = Effect.fnUntraced(function* (name: string, params: object) {
    const result = yield* it.as("ivan", name, params)
    assert.strictEqual(verdict(result), "allow", name)
    return printed(result)
  })
  const catalog = yield* ok("New-MgEntitlementManagementCatalog", {
    DisplayName: "Outside",
    IsExternallyVisible: options.isVisible ?? true,
  })
  yield* ok("New-MgEntitlementManagementResourceRequest", {
    RequestType: "adminAdd",
    Resource: { originId: "partners", originSystem: "AadGroup" },
    Catalog: { id: catalog },
  })
  const id = yield* ok("New-MgEntitlementManagementAccessPackage", {
    DisplayName: "Project",
    Catalog: { id: catalog },
  })
  yield* ok("New-MgEntitlementManagementAccessPackageResourceRoleScope", {
    AccessPackageId: id,
    Role: { originId: "Member_partners", originSystem: "AadGroup" },
  })
  const stages = options.stages ?? [
    { durationBeforeAutomaticDenial: "P14D", primaryApprovers: [{ userId: userId("bob") }] },
  ]
  yield* ok("New-MgEntitlementManagementAssignmentPolicy", {
    DisplayName: "For outside",
    AccessPackage: { id },
    AllowedTargetScope: options.scope ?? "allExternalUsers",
    Expiration: { type: "afterDuration", duration: "P60D" },
    RequestApprovalSettings: { isApprovalRequiredForAdd: stages.length > 0, stages },
    ...options.policy,
  })
  return id
})

export const ask = (it: Lab, who: string, more: object = {}) =>
  it.as(who, "request-access-package", { package: "Project", ...more })
export const approve = (it: Lab, request: string, who = "bob") =>
  it.as(who, "approve-access-request", { request })
export const isPartner = (it: Lab, who: string) =>
  Effect.map(it.world, (world) =>
    memberIdsOf(world, "partners").includes(userOf(world, who)?.id ?? "nobody"),
  )
