import { HashMap, Option, Schema } from "effect"
import { AccessReview, InstanceStatus, ReviewInstance, ReviewItem } from "./AccessReview.ts"
import {
  AccessPackage,
  Assignment,
  AssignmentPolicy,
  AssignmentRequest,
  Catalog,
  ConnectedOrganization,
  initialLifecycle,
  LifecycleSettings,
  PackageResource,
  PackageRole,
  RequestState,
} from "./EntitlementManagement.ts"

const id = Schema.NonEmptyString
const at = Schema.Number

/** Reviews, packages and the lifecycle of guests: one part of the identity slice. */
export interface Governance {
  readonly reviews: HashMap.HashMap<string, AccessReview>
  readonly instances: HashMap.HashMap<string, ReviewInstance>
  readonly catalogs: HashMap.HashMap<string, Catalog>
  readonly packages: HashMap.HashMap<string, AccessPackage>
  readonly policies: HashMap.HashMap<string, AssignmentPolicy>
  readonly connectedOrganizations: HashMap.HashMap<string, ConnectedOrganization>
  readonly requests: HashMap.HashMap<string, AssignmentRequest>
  readonly assignments: HashMap.HashMap<string, Assignment>
  readonly lifecycle: LifecycleSettings
  /** Guests made by a request for a package, by object id. */
  readonly governedGuests: HashMap.HashMap<string, { readonly since: number }>
  /** Guests who lost the last package: blocked since then. */
  readonly blockedGuests: HashMap.HashMap<string, { readonly at: number }>
  /** Address -> moment of the last sign-in to this tenant. */
  readonly lastSignIns: HashMap.HashMap<string, number>
}

export const initialGovernance: Governance = {
  reviews: HashMap.empty(),
  instances: HashMap.empty(),
  catalogs: HashMap.empty(),
  packages: HashMap.empty(),
  policies: HashMap.empty(),
  connectedOrganizations: HashMap.empty(),
  requests: HashMap.empty(),
  assignments: HashMap.empty(),
  lifecycle: initialLifecycle,
  governedGuests: HashMap.empty(),
  blockedGuests: HashMap.empty(),
  lastSignIns: HashMap.empty(),
}

/** Events of reviews and entitlement management, spread into the union of the domain. */
export const governanceEvents = {
  AccessReviewDefined: { review: AccessReview },
  AccessReviewRemoved: { reviewId: id, at },
  AccessReviewStarted: { instance: ReviewInstance },
  AccessReviewReminded: { instanceId: id, at },
  AccessReviewDecided: {
    instanceId: id,
    itemId: id,
    decision: ReviewItem.fields.decision,
    justification: Schema.optionalKey(Schema.String),
    reviewedBy: id,
    at,
  },
  AccessReviewStatusChanged: { instanceId: id, status: InstanceStatus, at },
  AccessReviewApplied: {
    instanceId: id,
    results: Schema.Array(
      Schema.Struct({ itemId: id, applyResult: ReviewItem.fields.applyResult }),
    ),
    at,
  },
  CatalogCreated: { catalog: Catalog },
  CatalogResourceAdded: { catalogId: id, groupId: id, at },
  /** Something else than a group. */
  CatalogExtended: { catalogId: id, resource: PackageResource, at },
  AccessPackageExtended: { accessPackageId: id, role: PackageRole, at },
  AccessPackageCreated: { accessPackage: AccessPackage },
  AccessPackageRoleAdded: { accessPackageId: id, groupId: id, at },
  AssignmentPolicyCreated: { policy: AssignmentPolicy },
  ConnectedOrganizationAdded: { organization: ConnectedOrganization },
  ConnectedOrganizationStateSet: {
    organizationId: id,
    state: ConnectedOrganization.fields.state,
    at,
  },
  PackageRequested: { request: AssignmentRequest },
  PackageRequestMoved: { requestId: id, state: RequestState, stage: Schema.Int, at },
  PackageAssigned: { assignment: Assignment },
  PackageAssignmentNoticed: { assignmentId: id, at },
  PackageAssignmentExtended: { assignmentId: id, expiresAt: Schema.optionalKey(at), at },
  PackageAssignmentEnded: { assignmentId: id, at },
  GovernedGuestMade: { userId: id, at },
  GovernedGuestBlocked: { userId: id, at },
  GovernedGuestReleased: { userId: id, at },
  LifecycleSettingsSet: { settings: LifecycleSettings, at },
} as const

const union = Schema.TaggedUnion(governanceEvents)
export type GovernanceEvent = typeof union.Type

const change = <V>(
  map: HashMap.HashMap<string, V>,
  key: string,
  to: (value: V) => V,
): HashMap.HashMap<string, V> =>
  Option.match(HashMap.get(map, key), {
    onNone: () => map,
    onSome: (value) => HashMap.set(map, key, to(value)),
  })

const withInstance = (
  state: Governance,
  instanceId: string,
  to: (instance: ReviewInstance) => ReviewInstance,
): Governance => ({ ...state, instances: change(state.instances, instanceId, to) })

/** The only place where this part changes; pure and total. */
export const evolveGovernance = (state: Governance, event: GovernanceEvent): Governance =>
  union.match(event, {
    AccessReviewDefined: ({ review }) => ({
      ...state,
      reviews: HashMap.set(state.reviews, review.id, review),
    }),
    AccessReviewRemoved: ({ reviewId }) => ({
      ...state,
      reviews: HashMap.remove(state.reviews, reviewId),
      instances: HashMap.filter(state.instances, (it) => it.reviewId !== reviewId),
    }),
    AccessReviewStarted: ({ instance }) => ({
      ...state,
      instances: HashMap.set(state.instances, instance.id, instance),
    }),
    AccessReviewReminded: ({ instanceId }) =>
      withInstance(state, instanceId, (it) => ({ ...it, isReminded: true })),
    AccessReviewDecided: ({ instanceId, itemId, decision, justification, reviewedBy, at: now }) =>
      withInstance(state, instanceId, (it) => ({
        ...it,
        items: it.items.map((item) =>
          item.id === itemId
            ? {
                ...item,
                decision,
                reviewedBy,
                reviewedAt: now,
                ...(justification === undefined ? {} : { justification }),
              }
            : item,
        ),
      })),
    AccessReviewStatusChanged: ({ instanceId, status, at: now }) =>
      withInstance(state, instanceId, (it) => ({
        ...it,
        status,
        endsAt: status === "Completed" ? Math.min(it.endsAt, now) : it.endsAt,
      })),
    AccessReviewApplied: ({ instanceId, results, at: now }) =>
      withInstance(state, instanceId, (it) => ({
        ...it,
        appliedAt: now,
        items: it.items.map((item) => ({
          ...item,
          applyResult: results.find(({ itemId }) => itemId === item.id)?.applyResult ?? "New",
        })),
      })),
    CatalogCreated: ({ catalog }) => ({
      ...state,
      catalogs: HashMap.set(state.catalogs, catalog.id, catalog),
    }),
    CatalogResourceAdded: ({ catalogId, groupId }) => ({
      ...state,
      catalogs: change(state.catalogs, catalogId, (it) => ({
        ...it,
        groupIds: [...it.groupIds.filter((known) => known !== groupId), groupId],
      })),
    }),
    CatalogExtended: ({ catalogId, resource }) => ({
      ...state,
      catalogs: change(state.catalogs, catalogId, (it) => ({
        ...it,
        resources: [...(it.resources ?? []).filter((known) => known.id !== resource.id), resource],
      })),
    }),
    AccessPackageExtended: ({ accessPackageId, role }) => ({
      ...state,
      packages: change(state.packages, accessPackageId, (it) => ({
        ...it,
        roles: [...(it.roles ?? []).filter((known) => known.id !== role.id), role],
      })),
    }),
    AccessPackageCreated: ({ accessPackage }) => ({
      ...state,
      packages: HashMap.set(state.packages, accessPackage.id, accessPackage),
    }),
    AccessPackageRoleAdded: ({ accessPackageId, groupId }) => ({
      ...state,
      packages: change(state.packages, accessPackageId, (it) => ({
        ...it,
        groupIds: [...it.groupIds.filter((known) => known !== groupId), groupId],
      })),
    }),
    AssignmentPolicyCreated: ({ policy }) => ({
      ...state,
      policies: HashMap.set(state.policies, policy.id, policy),
    }),
    ConnectedOrganizationAdded: ({ organization }) => ({
      ...state,
      connectedOrganizations: HashMap.set(
        state.connectedOrganizations,
        organization.id,
        organization,
      ),
    }),
    ConnectedOrganizationStateSet: ({ organizationId, state: to }) => ({
      ...state,
      connectedOrganizations: change(state.connectedOrganizations, organizationId, (it) => ({
        ...it,
        state: to,
      })),
    }),
    PackageRequested: ({ request }) => ({
      ...state,
      requests: HashMap.set(state.requests, request.id, request),
    }),
    PackageRequestMoved: ({ requestId, state: to, stage, at: now }) => ({
      ...state,
      requests: change(state.requests, requestId, (it) => ({
        ...it,
        state: to,
        stage,
        stageSince: now,
      })),
    }),
    PackageAssigned: ({ assignment }) => ({
      ...state,
      assignments: HashMap.set(state.assignments, assignment.id, assignment),
      blockedGuests: HashMap.remove(state.blockedGuests, assignment.userId),
    }),
    PackageAssignmentNoticed: ({ assignmentId }) => ({
      ...state,
      assignments: change(state.assignments, assignmentId, (it) => ({ ...it, isReminded: true })),
    }),
    PackageAssignmentExtended: ({ assignmentId, expiresAt }) => ({
      ...state,
      assignments: change(state.assignments, assignmentId, ({ expiresAt: _old, ...it }) => ({
        ...it,
        isReminded: false,
        ...(expiresAt === undefined ? {} : { expiresAt }),
      })),
    }),
    PackageAssignmentEnded: ({ assignmentId, at: now }) => ({
      ...state,
      assignments: change(state.assignments, assignmentId, (it) => ({
        ...it,
        state: "expired" as const,
        endedAt: now,
      })),
    }),
    GovernedGuestMade: ({ userId, at: now }) => ({
      ...state,
      governedGuests: HashMap.set(state.governedGuests, userId, { since: now }),
    }),
    GovernedGuestBlocked: ({ userId, at: now }) => ({
      ...state,
      blockedGuests: HashMap.set(state.blockedGuests, userId, { at: now }),
    }),
    GovernedGuestReleased: ({ userId }) => ({
      ...state,
      blockedGuests: HashMap.remove(state.blockedGuests, userId),
    }),
    LifecycleSettingsSet: ({ settings }) => ({ ...state, lifecycle: settings }),
  })
