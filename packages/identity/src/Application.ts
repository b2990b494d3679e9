import { HashMap, Option, Schema } from "effect"

const id = Schema.NonEmptyString
/** Epoch milliseconds. */
const at = Schema.Number

/** Whose accounts an application is for. */
export const SignInAudience = Schema.Literals([
  "AzureADMyOrg",
  "AzureADMultipleOrgs",
  "AzureADandPersonalMicrosoftAccount",
  "PersonalMicrosoftAccount",
])
export type SignInAudience = typeof SignInAudience.Type

/** A delegated permission that a resource offers. */
export const PermissionScope = Schema.Struct({
  id,
  value: id,
  /** `Admin`: only an administrator may consent. */
  type: Schema.Literals(["User", "Admin"]),
})
export type PermissionScope = typeof PermissionScope.Type

/** An application permission, or a role of an application that people are assigned to. */
export const AppRole = Schema.Struct({
  id,
  value: id,
  displayName: Schema.String,
  allowedMemberTypes: Schema.Array(Schema.Literals(["User", "Application"])),
})
export type AppRole = typeof AppRole.Type

/** What a registration says that the application needs of a resource. */
export const RequiredResourceAccess = Schema.Struct({
  resourceAppId: id,
  resourceAccess: Schema.Array(Schema.Struct({ id, type: Schema.Literals(["Scope", "Role"]) })),
})

/** A registration, here or in another tenant. */
export const Application = Schema.Struct({
  id,
  appId: id,
  displayName: id,
  /** Tenant that registered it. */
  homeTenant: id,
  signInAudience: SignInAudience,
  identifierUris: Schema.Array(Schema.String),
  /** Where tokens and assertions are sent. */
  redirectUris: Schema.Array(Schema.String),
  /** Which groups of the person a token names. */
  groupMembershipClaims: Schema.Literals(["None", "SecurityGroup", "All"]),
  isPublisherVerified: Schema.Boolean,
  requiredResourceAccess: Schema.Array(RequiredResourceAccess),
  scopes: Schema.Array(PermissionScope),
  appRoles: Schema.Array(AppRole),
  /** Object ids of users. */
  owners: Schema.Array(id),
  createdAt: at,
})
export type Application = typeof Application.Type

const { fields } = Application

export const ApplicationChanges = Schema.Struct({
  displayName: Schema.optionalKey(fields.displayName),
  signInAudience: Schema.optionalKey(fields.signInAudience),
  identifierUris: Schema.optionalKey(fields.identifierUris),
  redirectUris: Schema.optionalKey(fields.redirectUris),
  groupMembershipClaims: Schema.optionalKey(fields.groupMembershipClaims),
  requiredResourceAccess: Schema.optionalKey(fields.requiredResourceAccess),
  scopes: Schema.optionalKey(fields.scopes),
  appRoles: Schema.optionalKey(fields.appRoles),
})
export type ApplicationChanges = typeof ApplicationChanges.Type

/** What the assertions for an application are signed with; the private key is in the vault. */
export const SigningCertificate = Schema.Struct({
  keyId: id,
  /** DER, base64. */
  certificate: id,
  /** SHA-1 of the certificate, upper case hexadecimal, as the cmdlets show it. */
  thumbprint: id,
  notAfter: at,
})
export type SigningCertificate = typeof SigningCertificate.Type

/** An application in this tenant: what people sign in to, and what permissions are granted to. */
export const ServicePrincipal = Schema.Struct({
  id,
  appId: id,
  displayName: id,
  accountEnabled: Schema.Boolean,
  /** How people sign in to it; OpenID Connect unless it is `saml`. */
  preferredSingleSignOnMode: Schema.optionalKey(Schema.Literals(["oidc", "saml"])),
  signingCertificate: Schema.optionalKey(SigningCertificate),
  createdAt: at,
})
export type ServicePrincipal = typeof ServicePrincipal.Type

export const ServicePrincipalChanges = Schema.Struct({
  accountEnabled: Schema.optionalKey(Schema.Boolean),
  preferredSingleSignOnMode: ServicePrincipal.fields.preferredSingleSignOnMode,
  signingCertificate: ServicePrincipal.fields.signingCertificate,
})

/** Delegated permissions of a client at a resource, for one user or for everybody. */
export const PermissionGrant = Schema.Struct({
  id,
  /** Object ids of service principals. */
  clientId: id,
  resourceId: id,
  consentType: Schema.Literals(["AllPrincipals", "Principal"]),
  /** Object id of the user; only where the grant is for one. */
  principalId: Schema.optionalKey(id),
  /** Sorted, without repetition. */
  scopes: Schema.Array(id),
})
export type PermissionGrant = typeof PermissionGrant.Type

/** An application permission that a service principal holds at a resource. */
export const AppRoleGrant = Schema.Struct({
  id,
  principalId: id,
  resourceId: id,
  appRoleId: id,
  createdAt: at,
})
export type AppRoleGrant = typeof AppRoleGrant.Type

/** Delegated permissions of a resource that the organization thinks little of. */
export const PermissionClassification = Schema.Struct({
  id,
  resourceId: id,
  permissionId: id,
  permissionName: id,
})
export type PermissionClassification = typeof PermissionClassification.Type

export const applicationEvents = {
  ApplicationAdded: { application: Application },
  ApplicationChanged: { applicationId: id, changes: ApplicationChanges, at },
  /** The service principal of an application of this tenant goes with it. */
  ApplicationRemoved: { applicationId: id, at },
  ServicePrincipalAdded: { servicePrincipal: ServicePrincipal },
  ServicePrincipalChanged: { servicePrincipalId: id, changes: ServicePrincipalChanges, at },
  ServicePrincipalRemoved: { servicePrincipalId: id, at },
  /** Takes the place of an earlier grant of the same id. */
  PermissionGrantAdded: { grant: PermissionGrant, at },
  PermissionGrantRemoved: { grantId: id, at },
  AppRoleGrantAdded: { grant: AppRoleGrant },
  AppRoleGrantRemoved: { grantId: id, at },
  PermissionClassificationAdded: { classification: PermissionClassification, at },
  PermissionClassificationRemoved: { classificationId: id, at },
}
const union = Schema.TaggedUnion(applicationEvents)
export type ApplicationEvent = typeof union.Type

/** Registrations and what they were granted. Everything by its own id. */
export interface ApplicationRegistry {
  readonly applications: HashMap.HashMap<string, Application>
  readonly servicePrincipals: HashMap.HashMap<string, ServicePrincipal>
  readonly permissionGrants: HashMap.HashMap<string, PermissionGrant>
  readonly appRoleGrants: HashMap.HashMap<string, AppRoleGrant>
  readonly classifications: HashMap.HashMap<string, PermissionClassification>
}

export const noApplications: ApplicationRegistry = {
  applications: HashMap.empty(),
  servicePrincipals: HashMap.empty(),
  permissionGrants: HashMap.empty(),
  appRoleGrants: HashMap.empty(),
  classifications: HashMap.empty(),
}

/** Nothing that was granted to a service principal, or at it, outlives it. */
const withoutPrincipal = (it: ApplicationRegistry, principalId: string): ApplicationRegistry => ({
  ...it,
  servicePrincipals: HashMap.remove(it.servicePrincipals, principalId),
  permissionGrants: HashMap.filter(
    it.permissionGrants,
    ({ clientId, resourceId }) => clientId !== principalId && resourceId !== principalId,
  ),
  appRoleGrants: HashMap.filter(
    it.appRoleGrants,
    (grant) => grant.principalId !== principalId && grant.resourceId !== principalId,
  ),
  classifications: HashMap.filter(
    it.classifications,
    ({ resourceId }) => resourceId !== principalId,
  ),
})

const withoutApplication = (it: ApplicationRegistry, applicationId: string) => {
  const application = Option.getOrUndefined(HashMap.get(it.applications, applicationId))
  if (application === undefined) return it
  const principals = HashMap.toValues(it.servicePrincipals).filter(
    ({ appId }) => appId === application.appId,
  )
  return principals.reduce((rest, principal) => withoutPrincipal(rest, principal.id), {
    ...it,
    applications: HashMap.remove(it.applications, applicationId),
  })
}

export const evolveApplications = (
  it: ApplicationRegistry,
  event: ApplicationEvent,
): ApplicationRegistry =>
  union.match(event, {
    ApplicationAdded: ({ application }) => ({
      ...it,
      applications: HashMap.set(it.applications, application.id, application),
    }),
    ApplicationChanged: ({ applicationId, changes }) => ({
      ...it,
      applications: HashMap.modify(it.applications, applicationId, (one) => ({
        ...one,
        ...changes,
      })),
    }),
    ApplicationRemoved: ({ applicationId }) => withoutApplication(it, applicationId),
    ServicePrincipalAdded: ({ servicePrincipal }) => ({
      ...it,
      servicePrincipals: HashMap.set(it.servicePrincipals, servicePrincipal.id, servicePrincipal),
    }),
    ServicePrincipalChanged: ({ servicePrincipalId, changes }) => ({
      ...it,
      servicePrincipals: HashMap.modify(it.servicePrincipals, servicePrincipalId, (one) => ({
        ...one,
        ...changes,
      })),
    }),
    ServicePrincipalRemoved: ({ servicePrincipalId }) => withoutPrincipal(it, servicePrincipalId),
    PermissionGrantAdded: ({ grant }) => ({
      ...it,
      permissionGrants: HashMap.set(it.permissionGrants, grant.id, grant),
    }),
    PermissionGrantRemoved: ({ grantId }) => ({
      ...it,
      permissionGrants: HashMap.remove(it.permissionGrants, grantId),
    }),
    AppRoleGrantAdded: ({ grant }) => ({
      ...it,
      appRoleGrants: HashMap.set(it.appRoleGrants, grant.id, grant),
    }),
    AppRoleGrantRemoved: ({ grantId }) => ({
      ...it,
      appRoleGrants: HashMap.remove(it.appRoleGrants, grantId),
    }),
    PermissionClassificationAdded: ({ classification }) => ({
      ...it,
      classifications: HashMap.set(it.classifications, classification.id, classification),
    }),
    PermissionClassificationRemoved: ({ classificationId }) => ({
      ...it,
      classifications: HashMap.remove(it.classifications, classificationId),
    }),
  })
