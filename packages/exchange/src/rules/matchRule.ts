import {
  type ConditionName,
  type ConditionSet,
  conditionNames,
  type conditions,
} from "./RuleConditions.ts"
import {
  bytesOf,
  containsWord,
  isInDomain,
  matchesPattern,
  type RuleAttachment,
  type RuleMessage,
  type RuleRecipient,
} from "./RuleMessage.ts"
import type { TransportRule } from "./TransportRule.ts"

/** `failed`: the condition could not be evaluated at all (EXO-108). */
type Answer = boolean | "failed"

type Value<K extends ConditionName> = (typeof conditions)[K]["Type"]
interface Asked {
  readonly message: RuleMessage
  readonly rule: TransportRule
  /** The set the condition stands in: some conditions come in pairs. */
  readonly set: ConditionSet
}

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase()

/** EXO-114: which of the two sender addresses count. */
const senders = ({ message, rule }: Asked): readonly string[] => {
  const { header, envelope } = message.sender
  switch (rule.senderAddressLocation) {
    case "Header":
      return [header]
    case "Envelope":
      return [envelope]
    case "HeaderOrEnvelope":
      return [header, envelope]
  }
}

/** EXO-114, EXO-118: primary address unless the rule asks for the original one. */
const addressOf = (recipient: RuleRecipient, rule: TransportRule): string =>
  rule.recipientAddressType === "Original" ? recipient.original : recipient.address

const inGroup = (groups: readonly string[], wanted: readonly string[]): boolean =>
  wanted.some((group) => groups.includes(group.trim().toLowerCase()))

/** Content that is not visible matches nothing (EXO-093, EXO-124). */
const onText =
  (texts: (message: RuleMessage) => readonly (string | undefined)[]) =>
  (found: (text: string, wanted: string) => boolean) =>
  (wanted: readonly string[], { message }: Asked): Answer => {
    if (message.isInspectionFailing) return "failed"
    return texts(message).some((text) => text !== undefined && wanted.some((it) => found(text, it)))
  }

const onAttachments =
  (found: (attachment: RuleAttachment) => boolean) =>
  ({ message }: Asked): Answer =>
    message.isInspectionFailing ? "failed" : (message.attachments?.some(found) ?? false)

const subjectAndBody = onText(({ subject, body }) => [subject, body])
const insideAttachments = onText(({ attachments }) => attachments?.map(({ text }) => text) ?? [])

const anyIn =
  (...fields: readonly RuleRecipient["field"][]) =>
  (wanted: readonly string[], { message, rule }: Asked): boolean =>
    message.everybody.some(
      (recipient) =>
        fields.includes(recipient.field) &&
        wanted.some(
          (it) =>
            same(it, addressOf(recipient, rule)) ||
            (recipient.through !== undefined && same(it, recipient.through)),
        ),
    )

const anyMemberIn =
  (...fields: readonly RuleRecipient["field"][]) =>
  (wanted: readonly string[], { message }: Asked): boolean =>
    message.everybody.some(({ field, groups }) => fields.includes(field) && inGroup(groups, wanted))

const header =
  (pair: "HeaderContainsMessageHeader" | "HeaderMatchesMessageHeader") =>
  (found: (text: string, wanted: string) => boolean) =>
  (wanted: readonly string[], { message, set }: Asked): boolean => {
    const text = message.headers[(set[pair] ?? "").trim().toLowerCase()]
    return text !== undefined && wanted.some((it) => found(text, it))
  }

const property = (attachment: RuleAttachment, wanted: string): boolean => {
  const colon = wanted.indexOf(":")
  const value = attachment.properties[wanted.slice(0, Math.max(0, colon)).trim()]
  return value !== undefined && same(value, wanted.slice(colon + 1))
}

type MessageMatchers = {
  readonly [K in Exclude<ConditionName, keyof typeof ofRecipient>]:
    | ((value: Value<K>, asked: Asked) => Answer)
    /** Only names the header for its partner. */
    | "pair"
}

/** Conditions on the message: they hold for all recipients of a copy or for none. */
const ofMessage: MessageMatchers = {
  From: (wanted, asked) => senders(asked).some((it) => wanted.some((want) => same(want, it))),
  FromMemberOf: (wanted, { message }) => inGroup(message.sender.groups, wanted),
  FromScope: (wanted, { message }) => message.sender.scope === wanted,
  FromAddressContainsWords: (wanted, asked) =>
    senders(asked).some((it) => wanted.some((word) => containsWord(it, word))),
  FromAddressMatchesPatterns: (wanted, asked) =>
    senders(asked).some((it) => wanted.some((pattern) => matchesPattern(it, pattern))),
  SenderDomainIs: (wanted, asked) =>
    senders(asked).some((it) => wanted.some((domain) => isInDomain(it, domain))),
  AnyOfToHeader: anyIn("to"),
  AnyOfToHeaderMemberOf: anyMemberIn("to"),
  AnyOfCcHeader: anyIn("cc"),
  AnyOfCcHeaderMemberOf: anyMemberIn("cc"),
  AnyOfToCcHeader: anyIn("to", "cc"),
  AnyOfToCcHeaderMemberOf: anyMemberIn("to", "cc"),
  AnyOfRecipientAddressContainsWords: (wanted, { message, rule }) =>
    message.everybody.some((it) => wanted.some((word) => containsWord(addressOf(it, rule), word))),
  AnyOfRecipientAddressMatchesPatterns: (wanted, { message, rule }) =>
    message.everybody.some((it) =>
      wanted.some((pattern) => matchesPattern(addressOf(it, rule), pattern)),
    ),
  SubjectContainsWords: (wanted, { message }) =>
    wanted.some((word) => containsWord(message.subject, word)),
  SubjectMatchesPatterns: (wanted, { message }) =>
    wanted.some((pattern) => matchesPattern(message.subject, pattern)),
  SubjectOrBodyContainsWords: subjectAndBody(containsWord),
  SubjectOrBodyMatchesPatterns: subjectAndBody(matchesPattern),
  HeaderContainsMessageHeader: "pair",
  HeaderContainsWords: header("HeaderContainsMessageHeader")(containsWord),
  HeaderMatchesMessageHeader: "pair",
  HeaderMatchesPatterns: header("HeaderMatchesMessageHeader")(matchesPattern),
  AttachmentContainsWords: insideAttachments(containsWord),
  AttachmentMatchesPatterns: insideAttachments(matchesPattern),
  AttachmentNameMatchesPatterns: (wanted, asked) =>
    onAttachments(({ name }) => wanted.some((it) => matchesPattern(name, it)))(asked),
  AttachmentExtensionMatchesWords: (wanted, asked) =>
    onAttachments(({ name }) =>
      wanted.some((it) => same(it.replace(/^\./, ""), name.slice(name.lastIndexOf(".") + 1))),
    )(asked),
  AttachmentPropertyContainsWords: (wanted, asked) =>
    onAttachments((attachment) => wanted.some((it) => property(attachment, it)))(asked),
  AttachmentIsPasswordProtected: (wanted, asked) =>
    onAttachments(({ isPasswordProtected }) => isPasswordProtected === wanted)(asked),
  AttachmentSizeOver: (wanted, asked) =>
    onAttachments(({ sizeBytes }) => sizeBytes >= (bytesOf(wanted) ?? Infinity))(asked),
  MessageSizeOver: (wanted, { message }) => message.sizeBytes >= (bytesOf(wanted) ?? Infinity),
  MessageTypeMatches: (wanted, { message }) => message.types.includes(wanted),
  HasClassification: (wanted, { message }) =>
    message.classification !== undefined && same(message.classification, wanted),
  HasNoClassification: (wanted, { message }) => (message.classification === undefined) === wanted,
  WithImportance: (wanted, { message }) => message.importance === wanted,
}

/** Conditions on one recipient: they hold for those who match, and the message forks (EXO-119). */
const ofRecipient = {
  SentTo: (wanted: readonly string[], it: RuleRecipient) =>
    wanted.some((address) => same(address, it.address)),
  SentToMemberOf: (wanted: readonly string[], it: RuleRecipient) => inGroup(it.groups, wanted),
  SentToScope: (wanted: string, it: RuleRecipient) => it.scope === wanted,
  RecipientDomainIs: (wanted: readonly string[], it: RuleRecipient) =>
    wanted.some((domain) => isInDomain(it.address, domain)),
  RecipientAddressContainsWords: (
    wanted: readonly string[],
    it: RuleRecipient,
    rule: TransportRule,
  ) => wanted.some((word) => containsWord(addressOf(it, rule), word)),
  RecipientAddressMatchesPatterns: (
    wanted: readonly string[],
    it: RuleRecipient,
    rule: TransportRule,
  ) => wanted.some((pattern) => matchesPattern(addressOf(it, rule), pattern)),
} as const

const isOfRecipient = (name: ConditionName): name is keyof typeof ofRecipient =>
  Object.hasOwn(ofRecipient, name)

const askRecipient = (
  name: keyof typeof ofRecipient,
  set: ConditionSet,
  recipient: RuleRecipient,
  rule: TransportRule,
): boolean => {
  // Value and matcher come from the same key; TypeScript cannot see that across the union.
  const matcher = ofRecipient[name] as (
    wanted: unknown,
    recipient: RuleRecipient,
    rule: TransportRule,
  ) => boolean
  return matcher(set[name], recipient, rule)
}

const askMessage = (name: ConditionName, asked: Asked): Answer => {
  const matcher = ofMessage[name as keyof MessageMatchers] as
    | ((wanted: unknown, asked: Asked) => Answer)
    | "pair"
  return matcher === "pair" ? true : matcher(asked.set[name], asked)
}

export type RuleMatch =
  | { readonly kind: "failed" }
  /** Addresses of the copy's recipients on whom the rule acts; empty: it does not match. */
  | { readonly kind: "evaluated"; readonly recipients: readonly RuleRecipient[] }

const isGiven = (set: ConditionSet, name: ConditionName): boolean => set[name] !== undefined

/**
 * For whom of a copy's recipients a rule acts (EXO-104): all conditions must hold, any exception
 * cancels; a rule without conditions holds for everybody (EXO-110).
 */
export const matchRule = (
  rule: TransportRule,
  message: RuleMessage,
  recipients: readonly RuleRecipient[],
): RuleMatch => {
  const given = conditionNames.filter((name) => isGiven(rule.conditions, name))
  const excepted = conditionNames.filter((name) => isGiven(rule.exceptions, name))
  const inConditions: Asked = { message, rule, set: rule.conditions }
  const inExceptions: Asked = { message, rule, set: rule.exceptions }
  const wholly = given.filter((name) => !isOfRecipient(name))
  const answers = wholly.map((name) => askMessage(name, inConditions))
  if (answers.includes(false)) return { kind: "evaluated", recipients: [] }
  const cancels = excepted
    .filter((name) => !isOfRecipient(name) && ofMessage[name] !== "pair")
    .map((name) => askMessage(name, inExceptions))
  if (cancels.includes(true)) return { kind: "evaluated", recipients: [] }
  if (answers.includes("failed") || cancels.includes("failed")) return { kind: "failed" }
  return {
    kind: "evaluated",
    recipients: recipients.filter(
      (recipient) =>
        given.every(
          (it) => !isOfRecipient(it) || askRecipient(it, rule.conditions, recipient, rule),
        ) &&
        !excepted.some(
          (it) => isOfRecipient(it) && askRecipient(it, rule.exceptions, recipient, rule),
        ),
    ),
  }
}
