import { Schema } from "effect"
import { servicePrincipals } from "./AzureKeyVault.ts"

/** What a policy is for; each kind has cmdlets and a service principal of its own. */
export const PolicyKind = Schema.Literals(["Mailbox", "MultiWorkload", "SharePointGeo"])
export type PolicyKind = typeof PolicyKind.Type

/** What an administrator sees of a data encryption policy, and the names of the keys that hang on it. */
export const DataEncryptionPolicy = Schema.Struct({
  id: Schema.NonEmptyString,
  kind: PolicyKind,
  name: Schema.NonEmptyString,
  description: Schema.String,
  isEnabled: Schema.Boolean,
  /** Root keys with their versions: what the policy's own key is wrapped under. Equal rank (CRY-087). */
  rootKeys: Schema.Array(Schema.NonEmptyString),
  /** Root keys of former times: old backups may still hang on them (CRY-110). */
  formerRootKeys: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  /** The symmetric key of the policy, wrapped once under each root (CRY-081). */
  depKeyId: Schema.NonEmptyString,
  /** The third root, held by Microsoft; one for each policy, shown to nobody (CRY-088, CRY-089). */
  availabilityKeyId: Schema.NonEmptyString,
  /** Changes with each refresh; the identity does not. Newest last. */
  versionIds: Schema.Array(Schema.NonEmptyString),
  createdAt: Schema.Finite,
  purgeRequest: Schema.optionalKey(
    Schema.Struct({
      reason: Schema.String,
      contact: Schema.String,
      requestedBy: Schema.String,
      at: Schema.Finite,
      /** When support issued the document that is to be signed (CRY-122). */
      documentAt: Schema.optionalKey(Schema.Finite),
    }),
  ),
  /** Microsoft has deleted the policy and its availability key: for ever. */
  isPurged: Schema.Boolean,
})
export type DataEncryptionPolicy = typeof DataEncryptionPolicy.Type

/** Whose permission on the vault counts (CRY-042). */
export const principalOf = (kind: PolicyKind): string => {
  switch (kind) {
    case "Mailbox":
      return servicePrincipals.Exchange
    case "SharePointGeo":
      return servicePrincipals.SharePoint
    case "MultiWorkload":
      return servicePrincipals.M365DataAtRestEncryption
  }
}

/** CRY-071. */
export const activeMailboxPolicyLimit = 50
