import { Schema } from "effect"

/** What transport does with protected mail before the rules look at it (EXO-024). */
export const TransportDecryptionSetting = Schema.Literals(["Disabled", "Optional", "Mandatory"])
export type TransportDecryptionSetting = typeof TransportDecryptionSetting.Type

const url = Schema.String

/**
 * Everything of the one IRM object that an admin of the cloud service can set, by the names of the
 * cmdlet (EXO-013). Property order is the order in which `Get-IRMConfiguration` prints.
 */
export const irmSettings = {
  InternalLicensingEnabled: Schema.Boolean.annotate({
    description: "IRM for internal and external mail of the organization (EXO-015)",
  }),
  AzureRMSLicensingEnabled: Schema.Boolean.annotate({
    description: "Exchange Online talks to Azure RMS directly: message encryption works (EXO-014)",
  }),
  TransportDecryptionSetting: TransportDecryptionSetting.annotate({
    description: "Whether transport opens protected mail for inspection (EXO-024)",
  }),
  JournalReportDecryptionEnabled: Schema.Boolean.annotate({
    description: "Journal reports carry a decrypted copy (EXO-025)",
  }),
  SimplifiedClientAccessEnabled: Schema.Boolean.annotate({
    description: "Shows the Encrypt button in Outlook on the web (EXO-022)",
  }),
  SimplifiedClientAccessDoNotForwardDisabled: Schema.Boolean.annotate({
    description: "Hides Do Not Forward in Outlook on the web (EXO-023)",
  }),
  SimplifiedClientAccessEncryptOnlyDisabled: Schema.Boolean.annotate({
    description: "Hides Encrypt-Only in Outlook on the web (EXO-023)",
  }),
  SearchEnabled: Schema.Boolean.annotate({
    description: "Encrypted mail is searchable in Outlook on the web (EXO-026)",
  }),
  EDiscoverySuperUserEnabled: Schema.Boolean.annotate({
    description: "Discovery Management opens IRM mail in a discovery mailbox (EXO-027)",
  }),
  DecryptAttachmentForEncryptOnly: Schema.Boolean.annotate({
    description: "Attachments of Encrypt-Only mail are saved decrypted (EXO-019)",
  }),
  EnablePdfEncryption: Schema.Boolean.annotate({
    description: "The service protects PDF attachments with the policy of the mail (EXO-020)",
  }),
  AutomaticServiceUpdateEnabled: Schema.Boolean.annotate({
    description: "New information protection features switch on by themselves (EXO-028)",
  }),
  RMSOnlineKeySharingLocation: Schema.NullOr(url).annotate({
    description: "Where a trusted publishing domain was imported from before 2018 (EXO-037)",
  }),
  LicensingLocation: Schema.Array(url).annotate({
    description: "Licensing URLs; the one of Azure RMS must be first (EXO-018)",
  }),
  EnablePortalTrackingLogs: Schema.Boolean.annotate({
    description: "Portal activity goes to the audit log; Advanced Message Encryption (EXO-021)",
  }),
  RejectIfRecipientHasNoRights: Schema.Boolean.annotate({
    description: "Returns mail whose recipient the protection leaves out (EXO-029)",
  }),
} as const

export const IrmConfiguration = Schema.Struct(irmSettings)
export type IrmConfiguration = typeof IrmConfiguration.Type
export type IrmSetting = keyof IrmConfiguration

/** A change of some settings, as an event carries it. */
export const IrmChanges = Schema.Struct({
  InternalLicensingEnabled: Schema.optionalKey(irmSettings.InternalLicensingEnabled),
  AzureRMSLicensingEnabled: Schema.optionalKey(irmSettings.AzureRMSLicensingEnabled),
  TransportDecryptionSetting: Schema.optionalKey(irmSettings.TransportDecryptionSetting),
  JournalReportDecryptionEnabled: Schema.optionalKey(irmSettings.JournalReportDecryptionEnabled),
  SimplifiedClientAccessEnabled: Schema.optionalKey(irmSettings.SimplifiedClientAccessEnabled),
  SimplifiedClientAccessDoNotForwardDisabled: Schema.optionalKey(
    irmSettings.SimplifiedClientAccessDoNotForwardDisabled,
  ),
  SimplifiedClientAccessEncryptOnlyDisabled: Schema.optionalKey(
    irmSettings.SimplifiedClientAccessEncryptOnlyDisabled,
  ),
  SearchEnabled: Schema.optionalKey(irmSettings.SearchEnabled),
  EDiscoverySuperUserEnabled: Schema.optionalKey(irmSettings.EDiscoverySuperUserEnabled),
  DecryptAttachmentForEncryptOnly: Schema.optionalKey(irmSettings.DecryptAttachmentForEncryptOnly),
  EnablePdfEncryption: Schema.optionalKey(irmSettings.EnablePdfEncryption),
  AutomaticServiceUpdateEnabled: Schema.optionalKey(irmSettings.AutomaticServiceUpdateEnabled),
  RMSOnlineKeySharingLocation: Schema.optionalKey(irmSettings.RMSOnlineKeySharingLocation),
  LicensingLocation: Schema.optionalKey(irmSettings.LicensingLocation),
  EnablePortalTrackingLogs: Schema.optionalKey(irmSettings.EnablePortalTrackingLogs),
  RejectIfRecipientHasNoRights: Schema.optionalKey(irmSettings.RejectIfRecipientHasNoRights),
})
export type IrmChanges = typeof IrmChanges.Type

/** The only identity that the object has (EXO-013). */
export const irmIdentity = "ControlPoint Configuration"

/** A fresh cloud tenant: encryption works without set-up (EXO-002, defaults of EXO-014 to EXO-029). */
export const defaultIrmConfiguration: IrmConfiguration = {
  InternalLicensingEnabled: true,
  AzureRMSLicensingEnabled: true,
  TransportDecryptionSetting: "Optional",
  JournalReportDecryptionEnabled: true,
  SimplifiedClientAccessEnabled: true,
  SimplifiedClientAccessDoNotForwardDisabled: false,
  SimplifiedClientAccessEncryptOnlyDisabled: false,
  SearchEnabled: true,
  EDiscoverySuperUserEnabled: true,
  DecryptAttachmentForEncryptOnly: false,
  EnablePdfEncryption: false,
  AutomaticServiceUpdateEnabled: true,
  RMSOnlineKeySharingLocation: null,
  // Empty: Exchange Online finds the tenant's own licensing address by itself.
  LicensingLocation: [],
  EnablePortalTrackingLogs: false,
  RejectIfRecipientHasNoRights: false,
}
