export * from "./Address.ts"
export * from "./CloudApp.ts"
export * from "./CollaborationSettings.ts"
export * from "./ConditionalAccessPolicy.ts"
export * from "./CrossTenantAccess.ts"
export * from "./DirectoryUser.ts"
export * from "./directory.ts"
export * from "./domain.ts"
export * from "./evolve.ts"
export * from "./Group.ts"
export * from "./IdentityEvent.ts"
export * from "./Invitation.ts"
export * from "./OneTimeCode.ts"
export * from "./Organization.ts"
export * from "./Person.ts"
export * from "./principalFacets.ts"
export * from "./Role.ts"
export * from "./Session.ts"
export {
  type IdentityState,
  type IdentityWorld,
  initialState as initialIdentityState,
} from "./State.ts"
