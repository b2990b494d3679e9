import { type Call, isoOf, type OutputObject, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { evaluateSetUp } from "../decisions/evaluatePackageStep.ts"
import { userOf } from "../directory.ts"
import { assignmentsOf, packageOf, requestsOf } from "../entitlements.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"
import { reviewAdministrators } from "./accessReviews.ts"

const shown = (name: string, summary: string, rows: (world: IdentityWorld) => OutputObject[]) =>
  operation({
    name,
    summary,
    params: Schema.Struct({
      All: Schema.optionalKey(Schema.Boolean.annotate({ description: "All pages; switch" })),
    }),
    binding: { switches: ["All"] },
    roles: reviewAdministrators,
    roleRefusal: requestDenied,
    facts: ["IDN-240"],
    isReadOnly: true,
    decide: ({ world }: Call<IdentityWorld>): Ruling<IdentityEvent> => ({
      decision: evaluateSetUp(""),
      output: rows(world),
    }),
  })

export const getAssignment = shown(
  "Get-MgEntitlementManagementAssignment",
  "Shows who has which package, and until when.",
  (world) =>
    assignmentsOf(world).map((it) => ({
      Id: it.id,
      AccessPackage: packageOf(world, it.accessPackageId)?.displayName ?? "",
      Target: userOf(world, it.userId)?.displayName ?? it.userId,
      TargetId: it.userId,
      State: it.state,
      ExpiredDateTime: it.expiresAt === undefined ? null : isoOf(it.expiresAt),
    })),
)
export const getAssignmentRequest = shown(
  "Get-MgEntitlementManagementAssignmentRequest",
  "Shows who has asked for which package.",
  (world) =>
    requestsOf(world).map((it) => ({
      Id: it.id,
      Requestor: it.requestor,
      RequestType: it.requestType,
      State: it.state,
    })),
)
