import { HashMap, Schema } from "effect"

/** Roles that the service itself gives, beside those of the directory (MIP-010). */
export const ServiceRole = Schema.Literals(["GlobalAdministrator", "ConnectorAdministrator"])
export type ServiceRole = typeof ServiceRole.Type

/** Somebody, or the members of a security group, who may administer the service (MIP-010). */
export const RoleBasedAdministrator = Schema.Struct({
  /** Object id of the user or group in the directory. */
  objectId: Schema.NonEmptyString,
  displayName: Schema.String,
  emailAddress: Schema.optionalKey(Schema.String),
  role: ServiceRole,
})
export type RoleBasedAdministrator = typeof RoleBasedAdministrator.Type

/** What the organization bought, and what it still has on premises (MIP-002, MIP-004, MIP-008). */
export const RmsSubscription = Schema.Struct({
  status: Schema.Literals(["Active", "Expired"]),
  /** Epoch milliseconds; absent in a tenant of today. */
  boughtAt: Schema.optionalKey(Schema.Finite),
  /** The first time the service was on: its own templates are made then (MIP-195). */
  activatedAt: Schema.optionalKey(Schema.Finite),
  hasBeenActive: Schema.Boolean,
  adRms: Schema.Literals(["none", "deployed", "migrated"]),
  /** When a trusted publishing domain with the tenant key was handed out (MIP-008). */
  publishingDomainExportedAt: Schema.optionalKey(Schema.Finite),
})
export type RmsSubscription = typeof RmsSubscription.Type

/** Kinds of requests, by the names of the usage log (MIP-275). */
export const RequestType = Schema.Literals([
  "AcquireLicense",
  "AcquirePreLicense",
  "AcquireTemplates",
  "Certify",
  "FECreateEndUserLicenseV1",
  "FECreatePublishingLicenseV1",
  "GetClientLicensorCert",
  "KeyVaultDecryptRequest",
  "KeyVaultSignDigest",
  "RevokeAccess",
  "ServerCertify",
])
export type RequestType = typeof RequestType.Type

/** One request that reached the service; `count` stands for a burst of equal ones. */
export const ServiceRequest = Schema.Struct({
  at: Schema.Finite,
  requestType: RequestType,
  /** The account that asked, or the service's own. */
  userId: Schema.NonEmptyString,
  /** `Success`, or the error code. */
  result: Schema.NonEmptyString,
  contentId: Schema.optionalKey(Schema.String),
  ipAddress: Schema.optionalKey(Schema.String),
  application: Schema.optionalKey(Schema.String),
  /** Whom a server asks for, where it does not ask for itself (MIP-274). */
  actingAs: Schema.optionalKey(Schema.String),
  count: Schema.Int,
})
export type ServiceRequest = typeof ServiceRequest.Type

/** A server on premises that the connector lets in (MIP-072, MIP-266). */
export const ConnectorServer = Schema.Struct({
  account: Schema.NonEmptyString,
  role: Schema.Literals(["Exchange", "SharePoint", "FCI"]),
})
export type ConnectorServer = typeof ConnectorServer.Type

/** What the service keeps beside its settings. */
export interface ServiceLedger {
  readonly subscription: RmsSubscription
  /** In the order in which they were added. */
  readonly administrators: readonly RoleBasedAdministrator[]
  /** By number, beginning with 0. */
  readonly requests: HashMap.HashMap<number, ServiceRequest>
  /** When somebody last signed in to the service on the own device, by address (MIP-190). */
  readonly signIns: HashMap.HashMap<string, number>
  readonly connectorServers: readonly ConnectorServer[]
  /** Shared mailboxes to which somebody is assigned directly, by address (MIP-171). */
  readonly delegations: HashMap.HashMap<string, readonly string[]>
  /** Exported templates by path: the text of the file. */
  readonly templateFiles: HashMap.HashMap<string, string>
  /** Versions of edited templates, oldest first, by id (MIP-202). */
  readonly templateVersions: HashMap.HashMap<string, readonly TemplateVersion[]>
}

/** From when a template had this content; the content itself as canonical text. */
export interface TemplateVersion {
  readonly at: number
  readonly text: string
}

/** A tenant of today: on from the start (MIP-001), nothing on premises. */
export const initialLedger: ServiceLedger = {
  subscription: { status: "Active", hasBeenActive: true, adRms: "none" },
  administrators: [],
  requests: HashMap.empty(),
  signIns: HashMap.empty(),
  connectorServers: [],
  delegations: HashMap.empty(),
  templateFiles: HashMap.empty(),
  templateVersions: HashMap.empty(),
}

/** More requests than this in ten seconds are turned away (MIP-017). */
export const requestLimit = 7500
export const requestWindowSeconds = 10

/** Days for which a Windows device signs in to the service by itself unless tuned (MIP-190). */
export const defaultSignInTokenDays = 30
