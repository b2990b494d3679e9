import { Schema, Struct } from "effect"

export const DisclaimerFallback = Schema.Literals(["Wrap", "Ignore", "Reject"])

const addresses = (description: string) => Schema.Array(Schema.String).annotate({ description })

/** The actions of a mail flow rule by their parameter names. */
export const actions = {
  ApplyRightsProtectionTemplate: Schema.String.annotate({
    description: "Protects message and attachments: Encrypt, Do Not Forward, a template or a label",
  }),
  ApplyRightsProtectionCustomizationTemplate: Schema.String.annotate({
    description:
      "Branding template for mail that is encrypted; alone it encrypts nothing (EXO-126)",
  }),
  ApplyOME: Schema.Boolean.annotate({ description: "The retired product (EXO-129, EXO-183)" }),
  RemoveOME: Schema.Boolean.annotate({ description: "The retired product (EXO-129, EXO-183)" }),
  RemoveOMEv2: Schema.Boolean.annotate({
    description: "Removes the organization's own message encryption (EXO-128, EXO-132)",
  }),
  RemoveRMSAttachmentEncryption: Schema.Boolean.annotate({
    description: "Also from attachments encrypted before they were attached; needs RemoveOMEv2",
  }),
  PrependSubject: Schema.String.check(Schema.isMaxLength(32)).annotate({
    description: "Text in front of the subject",
  }),
  SetHeaderName: Schema.String.check(Schema.isMaxLength(64)).annotate({
    description: "Header to set, with SetHeaderValue",
  }),
  SetHeaderValue: Schema.String.check(Schema.isMaxLength(256)).annotate({
    description: "Value for SetHeaderName",
  }),
  RemoveHeader: Schema.String.check(Schema.isMaxLength(64)).annotate({
    description: "Header to take away",
  }),
  ApplyHtmlDisclaimerText: Schema.String.check(Schema.isMaxLength(5000)).annotate({
    description: "Text to add to the body (EXO-138)",
  }),
  ApplyHtmlDisclaimerLocation: Schema.Literals(["Append", "Prepend"]).annotate({
    description: "Where the disclaimer stands; Append by default",
  }),
  ApplyHtmlDisclaimerFallbackAction: DisclaimerFallback.annotate({
    description: "For mail that cannot be edited; Wrap by default (EXO-138)",
  }),
  AddToRecipients: addresses("Recipients to add in To"),
  CopyTo: addresses("Recipients to add in Cc"),
  BlindCopyTo: addresses("Recipients to add in Bcc; no distribution groups (EXO-100)"),
  RedirectMessageTo: addresses("Recipients instead of the original ones"),
  RejectMessageReasonText: Schema.String.check(Schema.isMaxLength(1024)).annotate({
    description: "Returns the message with this text (EXO-137)",
  }),
  RejectMessageEnhancedStatusCode: Schema.String.annotate({
    description: "Returns the message with this code: 5.7.1 or 5.7.900 to 5.7.999 (EXO-137)",
  }),
  RouteMessageOutboundRequireTls: Schema.Boolean.annotate({
    description: "Outside the message goes over TLS or not at all (EXO-135)",
  }),
  DeleteMessage: Schema.Boolean.annotate({ description: "Drops the message without notice" }),
} as const

type Actions = typeof actions
export type ActionName = keyof Actions
export const actionNames = Object.keys(actions) as readonly ActionName[]

/** Actions of one rule; what is absent is not done. */
export const ActionSet = Schema.Struct(Struct.map(actions, Schema.optionalKey))
export type ActionSet = typeof ActionSet.Type

/** EXO-137: what a rejection says when the rule leaves it open. */
export const rejectionDefaults = {
  code: "5.7.1",
  text: "Delivery not authorized, message refused",
} as const

/** EXO-137: a text puts the code back to the default. */
export const rejectionOf = (
  set: ActionSet,
): { readonly code: string; readonly text: string } | undefined => {
  const { RejectMessageReasonText: text, RejectMessageEnhancedStatusCode: code } = set
  if (text === undefined && code === undefined) return undefined
  return {
    code: text === undefined ? (code ?? rejectionDefaults.code) : rejectionDefaults.code,
    text: text ?? rejectionDefaults.text,
  }
}

/** EXO-137: the codes that a rule may give. */
export const isRejectionCode = (code: string): boolean =>
  code === "5.7.1" || /^5\.7\.9\d\d$/.test(code)
