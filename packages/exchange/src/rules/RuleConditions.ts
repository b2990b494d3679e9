import { Schema, Struct } from "effect"

/** Where a sender or recipient stands (EXO-115, EXO-116). */
export const Scope = Schema.Literals(["InOrganization", "NotInOrganization"])
export type Scope = typeof Scope.Type

/** EXO-122: `Encrypted` is S/MIME only; `PermissionControlled` is message encryption and labels. */
export const MessageType = Schema.Literals([
  "OOF",
  "AutoForward",
  "Encrypted",
  "Calendaring",
  "PermissionControlled",
  "Voicemail",
  "Signed",
  "ApprovalRequest",
  "ReadReceipt",
])
export type MessageType = typeof MessageType.Type

export const Importance = Schema.Literals(["Low", "Normal", "High"])
export type Importance = typeof Importance.Type

const addresses = (description: string) => Schema.Array(Schema.String).annotate({ description })
/** EXO-111: up to 128 characters each. */
const words = (description: string) =>
  Schema.Array(Schema.String.check(Schema.isMaxLength(128))).annotate({
    description: `${description}: whole words, without case or wildcards (EXO-113)`,
  })
const patterns = (description: string) =>
  Schema.Array(Schema.String.check(Schema.isMaxLength(128))).annotate({
    description: `${description}: regular expressions (EXO-113)`,
  })
const size = (description: string) =>
  Schema.Union([Schema.String, Schema.Finite]).annotate({
    description: `${description}, e.g. 10MB or a number of bytes`,
  })

/**
 * The conditions of a mail flow rule by their parameter names. Every one of them is an exception as
 * well, with `ExceptIf` in front.
 */
export const conditions = {
  From: addresses("The sender is one of these"),
  FromMemberOf: addresses("The sender is a member of one of these groups"),
  FromScope: Scope.annotate({ description: "Where the sender is" }),
  FromAddressContainsWords: words("In the address of the sender"),
  FromAddressMatchesPatterns: patterns("In the address of the sender"),
  SenderDomainIs: Schema.Array(Schema.String).annotate({
    description: "Domain of the sender; subdomains match, too (EXO-117)",
  }),
  SentTo: addresses("The recipient is one of these; primary addresses only (EXO-118)"),
  SentToMemberOf: addresses("The recipient is a member of one of these groups"),
  SentToScope: Scope.annotate({ description: "Where the recipient is" }),
  RecipientDomainIs: Schema.Array(Schema.String).annotate({
    description: "Domain of the recipient; subdomains match, too (EXO-117)",
  }),
  RecipientAddressContainsWords: words("In the address of the recipient"),
  RecipientAddressMatchesPatterns: patterns("In the address of the recipient"),
  AnyOfToHeader: addresses("Any recipient in To; acts on the whole message (EXO-119)"),
  AnyOfToHeaderMemberOf: addresses("Any recipient in To is a member of one of these groups"),
  AnyOfCcHeader: addresses("Any recipient in Cc; acts on the whole message (EXO-119)"),
  AnyOfCcHeaderMemberOf: addresses("Any recipient in Cc is a member of one of these groups"),
  AnyOfToCcHeader: addresses("Any recipient in To or Cc; acts on the whole message (EXO-119)"),
  AnyOfToCcHeaderMemberOf: addresses("Any recipient in To or Cc is a member of a group"),
  AnyOfRecipientAddressContainsWords: words("In the address of any recipient"),
  AnyOfRecipientAddressMatchesPatterns: patterns("In the address of any recipient"),
  SubjectContainsWords: words("In the subject"),
  SubjectMatchesPatterns: patterns("In the subject"),
  SubjectOrBodyContainsWords: words("In subject or body"),
  SubjectOrBodyMatchesPatterns: patterns("In subject or body"),
  HeaderContainsMessageHeader: Schema.String.annotate({
    description: "Name of the header that HeaderContainsWords looks into",
  }),
  HeaderContainsWords: words("In the header that HeaderContainsMessageHeader names"),
  HeaderMatchesMessageHeader: Schema.String.annotate({
    description: "Name of the header that HeaderMatchesPatterns looks into",
  }),
  HeaderMatchesPatterns: patterns("In the header that HeaderMatchesMessageHeader names"),
  AttachmentContainsWords: words("In an attachment"),
  AttachmentMatchesPatterns: patterns("In an attachment"),
  AttachmentNameMatchesPatterns: patterns("In the name of an attachment"),
  AttachmentExtensionMatchesWords: words("Extension of an attachment"),
  AttachmentPropertyContainsWords: Schema.Array(Schema.String).annotate({
    description: "Property of an Office attachment as Name:Value, e.g. a label (EXO-120)",
  }),
  AttachmentIsPasswordProtected: Schema.Boolean.annotate({
    description: "An attachment is locked with a password (EXO-061)",
  }),
  AttachmentSizeOver: size("Some attachment is at least this large"),
  MessageSizeOver: size("The message is at least this large"),
  MessageTypeMatches: MessageType.annotate({ description: "Type of the message (EXO-122)" }),
  HasClassification: Schema.String.annotate({
    description: "Message classification of Outlook; no label and no DLP type (EXO-121)",
  }),
  HasNoClassification: Schema.Boolean.annotate({
    description: "The message has no message classification",
  }),
  WithImportance: Importance.annotate({ description: "Importance of the message" }),
} as const

type Conditions = typeof conditions
export type ConditionName = keyof Conditions
export const conditionNames = Object.keys(conditions) as readonly ConditionName[]

/** Conditions or exceptions of one rule, by condition name; what is absent is not asked. */
export type ConditionSet = { readonly [K in ConditionName]?: Conditions[K]["Type"] }

/** As stored in a rule. */
export const ConditionSet = Schema.Struct(Struct.map(conditions, Schema.optionalKey))
