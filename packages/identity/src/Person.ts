import { Schema } from "effect"

/**
 * How somebody proves an address. `mail-only` has a mailbox and no account: such a person can do no
 * more than type a code that arrives there.
 */
export const AccountKind = Schema.Literals([
  "entra",
  "microsoft-account",
  "google",
  /** At a SAML or WS-Fed provider, in no Entra tenant. */
  "federated",
  /** A self-made account in a tenant that nobody manages: no longer good for redemption (IDN-035). */
  "unmanaged",
  "mail-only",
])
export type AccountKind = typeof AccountKind.Type

/** Second factors, as authentication strengths name them (IDN-186). */
export const MfaMethod = Schema.Literals([
  "sms",
  "voice",
  "authenticatorPush",
  "authenticatorPhoneSignIn",
  "oathSoftware",
  "oathHardware",
  "fido2",
  "windowsHelloForBusiness",
  "certificate",
])
export type MfaMethod = typeof MfaMethod.Type

/**
 * Somebody in the simulated world, in any tenant or none. What the person is to this tenant is a
 * separate matter: a member and a guest also have a `DirectoryUser`.
 */
export const Person = Schema.Struct({
  /** Lower case; the primary address of the account. */
  address: Schema.NonEmptyString,
  displayName: Schema.String,
  account: AccountKind,
  /** Tenant id of the organization that manages the work account. */
  homeTenant: Schema.optionalKey(Schema.String),
  /** Other addresses that reach the same mailbox, lower case. */
  aliases: Schema.Array(Schema.String),
  /** A personal account of the same address beside the work account (IDN-034). */
  hasMicrosoftAccount: Schema.optionalKey(Schema.Boolean),
  /** Issuer of the SAML or WS-Fed provider that knows the person, beside a work account or alone. */
  federatedIssuer: Schema.optionalKey(Schema.String),
  /** False: the account is disabled where it lives. */
  accountEnabled: Schema.optionalKey(Schema.Boolean),
  /** Object id in the home tenant, which cross-tenant access settings name (IDN-112). */
  objectId: Schema.optionalKey(Schema.String),
  /** In how many tenants besides the home tenant and this one the person is a user (IDN-280). */
  otherTenants: Schema.optionalKey(Schema.Int),
  /** Further properties of the work account by their Graph name: `department`, `jobTitle`, ... */
  profile: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  /** Second factors registered where the account lives. */
  mfaMethods: Schema.optionalKey(Schema.Array(MfaMethod)),
})
export type Person = typeof Person.Type
