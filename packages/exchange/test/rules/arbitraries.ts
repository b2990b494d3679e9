import { Arbitrary, Schema } from "effect"
import type { ConditionSet } from "../../src/rules/RuleConditions.ts"
import type { RuleMessage, RuleRecipient } from "../../src/rules/RuleMessage.ts"
import type { RuleRun } from "../../src/rules/runRules.ts"
import { emptyRule, type TransportRule } from "../../src/rules/TransportRule.ts"

export const recipient = (address: string, more: Partial<RuleRecipient> = {}): RuleRecipient => ({
  address,
  original: address,
  field: "to",
  scope: address.endsWith("@contoso.com") ? "InOrganization" : "NotInOrganization",
  groups: [],
  ...more,
})

export const message = (more: Partial<RuleMessage> = {}): RuleMessage => ({
  sender: {
    header: "alice@contoso.com",
    envelope: "bounce@contoso.com",
    scope: "InOrganization",
    groups: ["finance", "finance@contoso.com"],
  },
  everybody: [recipient("bob@contoso.com"), recipient("gus@gmail.com")],
  subject: "Quarterly payroll",
  headers: {},
  body: "The card number is inside.",
  attachments: [],
  sizeBytes: 1000,
  types: [],
  importance: "Normal",
  classification: undefined,
  isInspectionFailing: false,
  ...more,
})

export const rule = (name: string, more: Partial<TransportRule> = {}): TransportRule => ({
  ...emptyRule({ id: name, name, changedAt: 0 }),
  ...more,
})

export const run = (
  rules: readonly TransportRule[],
  more: Partial<Omit<RuleRun, "rules">> = {},
): RuleRun => ({
  rules,
  message: message(),
  now: 1000,
  isProtected: false,
  canProtect: true,
  rejectsUnprotectable: false,
  canUnprotect: false,
  canBrand: true,
  legacyEncryption: "as-current",
  resolve: (address, field) => recipient(address, { field }),
  ...more,
})

/** Conditions that hold for some of the messages and recipients of these tests, and for others not. */
const conditions: readonly ConditionSet[] = [
  {},
  { SentToScope: "NotInOrganization" },
  { SentToScope: "InOrganization" },
  { SentTo: ["gus@gmail.com"] },
  { SubjectContainsWords: ["payroll"] },
  { SubjectContainsWords: ["absent"] },
  { AnyOfToHeader: ["bob@contoso.com"] },
  { SentToScope: "InOrganization", SubjectContainsWords: ["payroll"] },
]

const actions: readonly TransportRule["actions"][] = [
  { ApplyRightsProtectionTemplate: "Encrypt" },
  { ApplyRightsProtectionTemplate: "Do Not Forward" },
  { RemoveOMEv2: true },
  // The interesting ones twice.
  { ApplyRightsProtectionTemplate: "Encrypt" },
  { RemoveOMEv2: true },
  { ApplyRightsProtectionCustomizationTemplate: "Brand" },
  { BlindCopyTo: ["archive@archive.example"] },
  { RejectMessageReasonText: "no" },
  { PrependSubject: "[x] " },
]

const below = (count: number) =>
  Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: count - 1 }))

const Choice = Schema.Struct({
  conditions: below(conditions.length),
  exceptions: below(conditions.length),
  hasExceptions: Schema.Boolean,
  actions: below(actions.length),
  isEnabled: below(5),
  stopRuleProcessing: below(5),
  isAudit: below(5),
})

/** Rules that collide: few conditions, few actions, any order. */
export const rules: Arbitrary.Arbitrary<readonly TransportRule[]> = Arbitrary.array(
  Arbitrary.schema(Choice),
  { minLength: 2, maxLength: 6 },
).pipe(
  Arbitrary.map((list) =>
    list.map((it, index) =>
      rule(`rule ${index}`, {
        conditions: conditions[it.conditions] ?? {},
        exceptions: it.hasExceptions ? (conditions[it.exceptions] ?? {}) : {},
        actions: actions[it.actions] ?? {},
        isEnabled: it.isEnabled > 0,
        stopRuleProcessing: it.stopRuleProcessing === 1,
        mode: it.isAudit === 1 ? "Audit" : "Enforce",
      }),
    ),
  ),
)
