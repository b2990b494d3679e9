import { Schema } from "effect"
import { classificationEvents } from "./classification/ClassificationState.ts"
import { connectorEvents } from "./connector/RmsConnector.ts"
import { DoubleKeyService } from "./DoubleKeyService.ts"
import { Label } from "./Label.ts"
import { LabelPolicy } from "./LabelPolicy.ts"
import { LocalDocument } from "./LocalDocument.ts"
import { labelingEvents } from "./labelingEvents.ts"
import { ledgerEvents } from "./ledgerEvents.ts"
import { Protection, ProtectionTemplate } from "./Protection.ts"
import { AdminLogLine, RmsServiceChanges } from "./RmsService.ts"
import { sharingApplicationEvents } from "./sharing-application/SharingApplication.ts"
import { AccessAttempt, TrackedContent } from "./TrackedContent.ts"
import { CachedMembership, RightsAccountCertificate, UseLicenceRecord } from "./UseLicenceRecord.ts"

const id = Schema.NonEmptyString
/** Epoch milliseconds. */
const at = Schema.Finite

/** Everything that changes the slice of this domain. A tenant's baseline is a list of these. */
export const MipEvent = Schema.TaggedUnion({
  ...ledgerEvents,
  ...classificationEvents,
  ...sharingApplicationEvents,
  ...connectorEvents,
  ...labelingEvents,
  /** A session of the AIPService module (MIP-009). */
  AipServiceConnected: { admin: id, at },
  AipServiceDisconnected: { admin: id, at },
  /** Settings change, or an attempt is only noted: the line goes into the administration log. */
  RmsServiceConfigured: { changes: RmsServiceChanges, line: AdminLogLine },
  /** `at` where a template was edited: readers see the edit some time later (MIP-202). */
  TemplateStored: { template: ProtectionTemplate, at: Schema.optionalKey(at) },
  TemplateRemoved: { templateId: id, at },

  LabelCreated: { label: Label },
  /** The label as it is from now on; its GUID stays (MIP-090). */
  LabelChanged: { label: Label },
  /** Takes its place in the order; the others move up or down by one (MIP-091). */
  LabelMoved: { labelId: id, priority: Schema.Int, at },
  /** Its template is archived, and so its name stays taken (MIP-101). */
  LabelRemoved: { labelId: id, at },
  LabelPolicyCreated: { policy: LabelPolicy },
  LabelPolicyChanged: { policy: LabelPolicy },
  /** Position 0 is the lowest (MIP-129). */
  LabelPolicyMoved: { name: id, position: Schema.Int, at },
  LabelPolicyRemoved: { name: id, at },
  DoubleKeyServiceSet: { service: DoubleKeyService, at },

  ContentProtected: { protection: Protection },
  /** From now on it can be tracked and revoked (MIP-220). */
  ContentRegistered: { content: TrackedContent },
  ContentRevoked: { contentId: id, by: id, at },
  RevocationCleared: { contentId: id, by: id, at },
  /** A rights account certificate is issued or renewed (MIP-024). */
  IdentityCertified: { certificate: RightsAccountCertificate },
  /** The service looked somebody's groups up and remembers them (MIP-040). */
  MembershipCached: { membership: CachedMembership },
  /** A licence to keep on the device; the one before it for this content is replaced. */
  UseLicenceIssued: { licence: UseLicenceRecord },
  /** A request for a licence, granted or not (MIP-222). */
  LicenceRequested: { contentId: id, attempt: AccessAttempt },

  LocalDocumentSaved: { document: LocalDocument },
  LocalDocumentChanged: { document: LocalDocument, at },
})
export type MipEvent = typeof MipEvent.Type
