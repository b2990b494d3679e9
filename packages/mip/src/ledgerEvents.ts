import { Schema } from "effect"
import {
  ConnectorServer,
  RmsSubscription,
  RoleBasedAdministrator,
  ServiceRequest,
} from "./ServiceLedger.ts"

const id = Schema.NonEmptyString
const at = Schema.Finite

/** Events of what the service keeps beside its settings: part of `MipEvent`. */
export const ledgerEvents = {
  /** The organization has bought the service, or its subscription has ended (MIP-002, MIP-008). */
  RmsSubscriptionChanged: {
    subscription: RmsSubscription,
    functionalState: Schema.Literals(["Enabled", "Disabled"]),
    at,
  },
  PublishingDomainExported: { at },
  RoleBasedAdministratorAdded: { administrator: RoleBasedAdministrator, at },
  RoleBasedAdministratorRemoved: { objectId: id, role: RoleBasedAdministrator.fields.role, at },
  RoleBasedAdministratorsCleared: { at },
  /** A request reached the service, whatever became of it. */
  ServiceRequested: { request: ServiceRequest },
  /** Somebody signed in to the service on the own device (MIP-190). */
  RmsSignedIn: { address: id, at },
  ConnectorServerAuthorized: { server: ConnectorServer, at },
  /** Somebody is assigned to a shared mailbox directly, or no more (MIP-171). */
  MailboxDelegated: { mailbox: id, delegate: id, isGranted: Schema.Boolean, at },
  /** An open document was closed: its temporary file is gone (MIP-033). */
  TemporaryFileRemoved: { documentId: id, at },
  TemplateExported: { path: id, text: Schema.String, at },
  /** An edited version of a content was saved under its protection (MIP-021). */
  ContentRepublished: {
    contentId: id,
    at,
    tenantKeyId: Schema.optionalKey(Schema.NonEmptyString),
    doubleKeyId: Schema.optionalKey(Schema.NonEmptyString),
  },
} as const
