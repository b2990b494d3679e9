import { getAccessReview, newAccessReview, removeAccessReview } from "./accessReviews.ts"
import { newAssignmentPolicy } from "./assignmentPolicy.ts"
import {
  newAccessPackage,
  newCatalog,
  newConnectedOrganization,
  updateLifecycle,
} from "./entitlementSetUp.ts"
import type { IdentityOperation } from "./logged.ts"
import { getAssignment, getAssignmentRequest } from "./packageLists.ts"
import {
  approveAccessRequest,
  cancelAccessRequest,
  denyAccessRequest,
  newAssignmentRequest,
  requestAccessPackage,
  returnAccessPackage,
} from "./packageRequests.ts"
import { newPackageRole, newResourceRequest } from "./packageResources.ts"
import {
  applyReviewInstance,
  getReviewDecision,
  getReviewInstance,
  reviewAccess,
  stopReviewInstance,
  updateReviewDecision,
} from "./reviewDecisions.ts"

/** Packages of access, and the reviews of who has what. */
export const governanceOperations: readonly IdentityOperation[] = [
  newAccessReview,
  getAccessReview,
  removeAccessReview,
  getReviewInstance,
  getReviewDecision,
  updateReviewDecision,
  reviewAccess,
  stopReviewInstance,
  applyReviewInstance,
  newCatalog,
  newResourceRequest,
  newAccessPackage,
  newPackageRole,
  newConnectedOrganization,
  newAssignmentPolicy,
  updateLifecycle,
  requestAccessPackage,
  approveAccessRequest,
  denyAccessRequest,
  cancelAccessRequest,
  returnAccessPackage,
  newAssignmentRequest,
  getAssignment,
  getAssignmentRequest,
]
