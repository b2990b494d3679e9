import { matchRule } from "./matchRule.ts"
import { type ActionSet, rejectionOf } from "./RuleActions.ts"
import type { RuleMessage, RuleRecipient } from "./RuleMessage.ts"
import { isActiveAt, type TransportRule } from "./TransportRule.ts"

/** One rule that fired, or could not be asked, on a copy of the message. */
export interface RuleHit {
  readonly rule: string
  /** `enforced` acted; `audited` would have (EXO-107); `ignored` and `deferred` failed (EXO-108). */
  readonly kind: "enforced" | "audited" | "ignored" | "deferred"
  /** What it did, by parameter name; an action without effect is not here. */
  readonly actions: readonly string[]
}

/** An action with the rule that asked for it. */
export interface RuleIntent<out A> {
  readonly rule: string
  readonly value: A
}

/** What the rules leave of the message for some of its recipients. */
export interface RuleCopy {
  readonly recipients: readonly RuleRecipient[]
  readonly message: RuleMessage
  /** Protection to put on after the rules, once (EXO-089, EXO-140). */
  readonly protection?: RuleIntent<{ readonly template: string; readonly isLegacy: boolean }>
  /** The protection that the message came with goes. */
  readonly isProtectionRemoved: boolean
  /** So does that of attachments encrypted before they were attached (EXO-128). */
  readonly isAttachmentProtectionRemoved: boolean
  readonly branding?: RuleIntent<string>
  /** Texts around the body, in the order in which rules added them. */
  readonly disclaimers: readonly { readonly text: string; readonly place: DisclaimerPlace }[]
  /** Whatever leaves the organization leaves over TLS (EXO-135). */
  readonly requiresTls?: true
  readonly rejection?: RuleIntent<{ readonly code: string; readonly text: string }>
  readonly deletedBy?: string
  readonly deferredBy?: string
  readonly hits: readonly RuleHit[]
  readonly isDone: boolean
}

/** `Envelope`: the mail could not be edited, the text stands around it (EXO-138). */
export type DisclaimerPlace = "Append" | "Prepend" | "Envelope"

/** One message before the rules. */
export interface RuleRun {
  /** In order of priority (EXO-105). */
  readonly rules: readonly TransportRule[]
  readonly message: RuleMessage
  readonly now: number
  /** The message came protected: an action that applies protection is ignored (EXO-049). */
  readonly isProtected: boolean
  /** Mail from outside cannot be encrypted; for a month it was rejected instead (EXO-130). */
  readonly canProtect: boolean
  readonly rejectsUnprotectable: boolean
  /** Own protection that transport can open (EXO-093, EXO-132). */
  readonly canUnprotect: boolean
  /** Branding needs a mailbox of the organization as sender (EXO-127). */
  readonly canBrand: boolean
  /** Old rules of the retired product become the current one (EXO-183, EXO-184). */
  readonly legacyEncryption: "as-legacy" | "as-current"
  readonly resolve: (address: string, field: RuleRecipient["field"]) => RuleRecipient
}

/**
 * Runs the rules in order of priority. A condition on recipients acts on those who match, and the
 * message forks (EXO-119); a matching rule that stops ends it for its copy only (EXO-106).
 */
export const runRules = (run: RuleRun): readonly RuleCopy[] => {
  const start: RuleCopy = {
    recipients: run.message.everybody,
    message: run.message,
    isProtectionRemoved: false,
    isAttachmentProtectionRemoved: false,
    disclaimers: [],
    hits: [],
    isDone: false,
  }
  return run.rules
    .filter((rule) => isActiveAt(rule, run.now))
    .reduce<readonly RuleCopy[]>(
      (copies, rule) => copies.flatMap((copy) => runRule(run, rule, copy)),
      [start],
    )
    .filter(({ recipients }) => recipients.length > 0)
}

const runRule = (run: RuleRun, rule: TransportRule, copy: RuleCopy): readonly RuleCopy[] => {
  if (copy.isDone) return [copy]
  const match = matchRule(rule, copy.message, copy.recipients)
  if (match.kind === "failed") return [failed(rule, copy)]
  if (match.recipients.length === 0) return [copy]
  const matching = { ...copy, recipients: match.recipients }
  const others = copy.recipients.filter((it) => !match.recipients.includes(it))
  const acted = rule.mode === "Enforce" ? enforce(run, rule, matching) : audited(rule, matching)
  return others.length === 0 ? [acted] : [acted, { ...copy, recipients: others }]
}

const hit = (copy: RuleCopy, entry: RuleHit): RuleCopy => ({ ...copy, hits: [...copy.hits, entry] })

/** EXO-108: the mail goes on without the rule, or waits. */
const failed = (rule: TransportRule, copy: RuleCopy): RuleCopy =>
  rule.ruleErrorAction === "Ignore"
    ? hit(copy, { rule: rule.name, kind: "ignored", actions: [] })
    : hit(
        { ...copy, deferredBy: rule.name, isDone: true },
        { rule: rule.name, kind: "deferred", actions: [] },
      )

/** EXO-107: neither audit mode changes the mail. */
const audited = (rule: TransportRule, copy: RuleCopy): RuleCopy =>
  hit(copy, { rule: rule.name, kind: "audited", actions: Object.keys(rule.actions).toSorted() })

type Step = (
  copy: RuleCopy,
  context: { readonly run: RuleRun; readonly rule: TransportRule; readonly actions: ActionSet },
) => RuleCopy

/** All actions of a matching rule, in an order that does not depend on how it was written. */
const enforce = (run: RuleRun, rule: TransportRule, copy: RuleCopy): RuleCopy => {
  const done: string[] = []
  let after = copy
  for (const [name, step] of steps) {
    const next = step(after, { run, rule, actions: rule.actions })
    if (next !== after) done.push(name)
    after = next
  }
  const closed = hit(after, { rule: rule.name, kind: "enforced", actions: done })
  return rule.stopRuleProcessing ? { ...closed, isDone: true } : closed
}

/** EXO-140: the first rule that applies protection wins; on protected mail none does (EXO-049). */
const protect: Step = (copy, { run, rule, actions }) => {
  const isLegacy = actions.ApplyRightsProtectionTemplate === undefined
  const template = actions.ApplyRightsProtectionTemplate ?? (actions.ApplyOME ? "Encrypt" : "")
  if (template === "") return copy
  if (!run.canProtect) return run.rejectsUnprotectable ? unprotectable(rule, copy) : copy
  const isProtected = run.isProtected && !copy.isProtectionRemoved
  if (isProtected || copy.protection !== undefined) return copy
  const legacy = isLegacy && run.legacyEncryption === "as-legacy"
  return { ...copy, protection: { rule: rule.name, value: { template, isLegacy: legacy } } }
}

/** EXO-130, as the pages of May 2023 had it. */
const unprotectable = (rule: TransportRule, copy: RuleCopy): RuleCopy => {
  const text = "Mail from outside the organization can't be encrypted."
  return { ...copy, rejection: { rule: rule.name, value: { code: "5.7.1", text } }, isDone: true }
}

/** EXO-140: what an earlier rule wanted to apply goes, too. */
const unprotect: Step = (copy, { run, actions }) => {
  if (actions.RemoveOMEv2 !== true && actions.RemoveOME !== true) return copy
  const { protection, ...rest } = copy
  const removes = run.isProtected && run.canUnprotect && !copy.isProtectionRemoved
  if (protection === undefined && !removes) return copy
  return { ...rest, isProtectionRemoved: copy.isProtectionRemoved || removes }
}

/** EXO-128: only together with the removal of message encryption; the mail itself may be in clear. */
const unprotectAttachments: Step = (copy, { run, actions }) =>
  actions.RemoveRMSAttachmentEncryption === true &&
  actions.RemoveOMEv2 === true &&
  (run.canUnprotect || !run.isProtected) &&
  !copy.isAttachmentProtectionRemoved
    ? { ...copy, isAttachmentProtectionRemoved: true }
    : copy

const brand: Step = (copy, { run, rule, actions }) => {
  const template = actions.ApplyRightsProtectionCustomizationTemplate
  if (template === undefined || !run.canBrand || copy.branding !== undefined) return copy
  return { ...copy, branding: { rule: rule.name, value: template } }
}

/** Content that is not visible cannot be modified either (EXO-093). */
const prependSubject: Step = (copy, { actions: { PrependSubject } }) => {
  const { message } = copy
  if (PrependSubject === undefined || message.body === undefined) return copy
  return { ...copy, message: { ...message, subject: `${PrependSubject}${message.subject}` } }
}

const setHeader: Step = (copy, { actions: { SetHeaderName, SetHeaderValue, RemoveHeader } }) => {
  if (SetHeaderName === undefined && RemoveHeader === undefined) return copy
  const { message } = copy
  const kept = Object.entries(message.headers).filter(
    ([name]) => name !== RemoveHeader?.toLowerCase(),
  )
  const set =
    SetHeaderName === undefined ? [] : [[SetHeaderName.toLowerCase(), SetHeaderValue ?? ""]]
  return { ...copy, message: { ...message, headers: Object.fromEntries([...kept, ...set]) } }
}

const disclaim: Step = (copy, { rule, actions }) => {
  const text = actions.ApplyHtmlDisclaimerText
  if (text === undefined) return copy
  const add = (place: DisclaimerPlace): RuleCopy => ({
    ...copy,
    disclaimers: [...copy.disclaimers, { text, place }],
  })
  if (copy.message.body !== undefined) return add(actions.ApplyHtmlDisclaimerLocation ?? "Append")
  switch (actions.ApplyHtmlDisclaimerFallbackAction ?? "Wrap") {
    case "Wrap":
      return add("Envelope")
    case "Ignore":
      return copy
    case "Reject": {
      const code = "5.7.1"
      const reason = "The message cannot be edited, and the rule returns such mail."
      return {
        ...copy,
        rejection: { rule: rule.name, value: { code, text: reason } },
        isDone: true,
      }
    }
  }
}

/** Recipients that a rule adds are visible to later rules (EXO-099). */
const addRecipients: Step = (copy, { run, actions }) => {
  const wanted = (
    [
      [actions.AddToRecipients, "to"],
      [actions.CopyTo, "cc"],
      [actions.BlindCopyTo, "bcc"],
    ] as const
  ).flatMap(([addresses = [], field]) => addresses.map((it) => run.resolve(it, field)))
  const added = newcomers(wanted, copy.recipients)
  if (added.length === 0) return copy
  const everybody = [...copy.message.everybody, ...newcomers(added, copy.message.everybody)]
  return {
    ...copy,
    recipients: [...copy.recipients, ...added],
    message: { ...copy.message, everybody },
  }
}

const newcomers = (
  wanted: readonly RuleRecipient[],
  known: readonly RuleRecipient[],
): readonly RuleRecipient[] => {
  const seen = new Set(known.map(({ address }) => address))
  return wanted.filter(({ address }) => !seen.has(address) && seen.add(address))
}

const redirect: Step = (copy, { run, actions: { RedirectMessageTo } }) =>
  RedirectMessageTo === undefined
    ? copy
    : {
        ...copy,
        recipients: newcomers(
          RedirectMessageTo.map((it) => run.resolve(it, "to")),
          [],
        ),
      }

const requireTls: Step = (copy, { actions }) =>
  actions.RouteMessageOutboundRequireTls === true && copy.requiresTls === undefined
    ? { ...copy, requiresTls: true }
    : copy

const reject: Step = (copy, { rule, actions }) => {
  const rejection = rejectionOf(actions)
  if (rejection === undefined || copy.rejection !== undefined) return copy
  return { ...copy, rejection: { rule: rule.name, value: rejection }, isDone: true }
}

/** EXO-106: ends the evaluation for this copy. */
const drop: Step = (copy, { rule, actions }) =>
  actions.DeleteMessage === true ? { ...copy, deletedBy: rule.name, isDone: true } : copy

/** A rule that removes and applies removes first: what it applies is the new protection (EXO-140). */
const steps: readonly (readonly [string, Step])[] = [
  ["RemoveOMEv2", unprotect],
  ["RemoveRMSAttachmentEncryption", unprotectAttachments],
  ["ApplyRightsProtectionTemplate", protect],
  ["ApplyRightsProtectionCustomizationTemplate", brand],
  ["PrependSubject", prependSubject],
  ["SetHeader", setHeader],
  ["ApplyHtmlDisclaimer", disclaim],
  ["AddRecipients", addRecipients],
  ["RedirectMessageTo", redirect],
  ["RouteMessageOutboundRequireTls", requireTls],
  ["RejectMessage", reject],
  ["DeleteMessage", drop],
]
