import { assert, describe, it } from "@effect/vitest"
import { matchRule } from "../../src/rules/matchRule.ts"
import type { ConditionSet } from "../../src/rules/RuleConditions.ts"
import { bytesOf, containsWord, isInDomain, matchesPattern } from "../../src/rules/RuleMessage.ts"
import { message, recipient, rule } from "./arbitraries.ts"

const label = "12345678-0000-4000-8000-000000000001"
const attachment = {
  name: "salaries.xlsx",
  sizeBytes: 2048,
  text: "Top secret salaries",
  isPasswordProtected: false,
  properties: { [`MSIP_Label_${label}_Enabled`]: "True" },
}

const it1 = message({
  attachments: [attachment],
  headers: { msip_labels: `MSIP_Label_${label}_Enabled=True; MSIP_Label_${label}_Name=X` },
  types: ["PermissionControlled"],
  importance: "High",
  classification: "Attorney",
  everybody: [
    recipient("bob@contoso.com", { original: "legal@contoso.com", groups: ["legal team"] }),
    recipient("gus@mail.gmail.com", { field: "cc" }),
  ],
})

const matched = (conditions: ConditionSet, more = {}): readonly string[] | "failed" => {
  const found = matchRule(rule("r", { conditions, ...more }), it1, it1.everybody)
  return found.kind === "failed" ? "failed" : found.recipients.map(({ address }) => address)
}
const both = ["bob@contoso.com", "gus@mail.gmail.com"]
const bob = ["bob@contoso.com"]
const gus = ["gus@mail.gmail.com"]

/** Condition, for whom it holds. Written from the facts, not from the code. */
const table: readonly (readonly [string, ConditionSet, readonly string[]])[] = [
  ["[EXO-110] no condition", {}, both],
  ["[EXO-104] several values are alternatives", { SubjectContainsWords: ["x", "payroll"] }, both],
  [
    "[EXO-104] several conditions must all hold",
    { SubjectContainsWords: ["payroll"], FromScope: "NotInOrganization" },
    [],
  ],
  ["[EXO-115] sender inside", { FromScope: "InOrganization" }, both],
  ["[EXO-116] recipient outside", { SentToScope: "NotInOrganization" }, gus],
  ["[EXO-117] a domain matches its subdomains", { RecipientDomainIs: ["gmail.com"] }, gus],
  ["[EXO-117] and no other domain that ends alike", { RecipientDomainIs: ["mail.com"] }, []],
  ["[EXO-118] primary address", { SentTo: ["BOB@contoso.com"] }, bob],
  ["[EXO-118] never a proxy address", { SentTo: ["legal@contoso.com"] }, []],
  ["[EXO-119] member of a group", { SentToMemberOf: ["Legal Team"] }, bob],
  ["[EXO-119] anybody in Cc", { AnyOfCcHeader: ["gus@mail.gmail.com"] }, both],
  ["[EXO-119] somebody in To is not in Cc", { AnyOfCcHeader: ["bob@contoso.com"] }, []],
  ["[EXO-114] sender in the header", { From: ["alice@contoso.com"] }, both],
  ["[EXO-114] not the envelope", { From: ["bounce@contoso.com"] }, []],
  ["[EXO-113] words without case", { SubjectContainsWords: ["PAYROLL"] }, both],
  ["[EXO-113] whole words", { SubjectContainsWords: ["pay"] }, []],
  ["[EXO-113] no wildcards", { SubjectContainsWords: ["pay*"] }, []],
  ["[EXO-113] patterns", { SubjectMatchesPatterns: ["^quarterly\\s+pay"] }, both],
  ["[EXO-093] words of the body", { SubjectOrBodyContainsWords: ["card"] }, both],
  [
    "[EXO-120] [EXO-147] label by header",
    {
      HeaderContainsMessageHeader: "msip_labels",
      HeaderContainsWords: [`MSIP_Label_${label}_Enabled=True`],
    },
    both,
  ],
  [
    "[EXO-120] label by attachment",
    { AttachmentPropertyContainsWords: [`MSIP_Label_${label}_Enabled:True`] },
    both,
  ],
  ["[EXO-121] classification", { HasClassification: "attorney" }, both],
  ["[EXO-121] a label is none", { HasClassification: "Confidential" }, []],
  ["[EXO-122] protected mail", { MessageTypeMatches: "PermissionControlled" }, both],
  ["[EXO-122] is not S/MIME", { MessageTypeMatches: "Encrypted" }, []],
  ["[EXO-061] no password", { AttachmentIsPasswordProtected: true }, []],
  ["[EXO-061] text of a file", { AttachmentContainsWords: ["salaries"] }, both],
  ["extension", { AttachmentExtensionMatchesWords: ["xlsx"] }, both],
  ["size", { AttachmentSizeOver: "2KB" }, both],
  ["size above", { AttachmentSizeOver: "3 KB" }, []],
  ["importance", { WithImportance: "High" }, both],
]

describe("conditions", () => {
  it.each(table)("%s", (_title, conditions, expected) => {
    assert.deepStrictEqual(matched(conditions), expected)
  })

  it("[EXO-104] any exception cancels, for the recipients it holds for", () => {
    const exceptions = { SentTo: ["bob@contoso.com"], SubjectContainsWords: ["nothing"] }
    assert.deepStrictEqual(matched({}, { exceptions }), gus)
    assert.deepStrictEqual(matched({}, { exceptions: { SubjectContainsWords: ["payroll"] } }), [])
    assert.deepStrictEqual(matched({}, { exceptions: {} }), both)
  })

  it("[EXO-114] original recipients and envelope senders count when the rule says so", () => {
    const original = { recipientAddressType: "Original" }
    const words = { RecipientAddressContainsWords: ["legal"] }
    assert.deepStrictEqual(matched(words, original), bob)
    assert.deepStrictEqual(matched(words), [])
    const envelope = { senderAddressLocation: "HeaderOrEnvelope" }
    assert.deepStrictEqual(matched({ From: ["bounce@contoso.com"] }, envelope), both)
  })

  it("[EXO-093] [EXO-124] [EXO-151] what cannot be seen matches nothing; headers still do", () => {
    const shut = message({ ...it1, body: undefined, attachments: undefined })
    const on = (conditions: ConditionSet) => {
      const found = matchRule(rule("r", { conditions }), shut, shut.everybody)
      return found.kind === "evaluated" && found.recipients.length > 0
    }
    assert.isFalse(on({ SubjectOrBodyContainsWords: ["card"] }))
    assert.isFalse(on({ AttachmentContainsWords: ["salaries"] }))
    assert.isTrue(on({ SubjectContainsWords: ["payroll"] }))
    const byHeader = (pattern: string) =>
      on({ HeaderMatchesMessageHeader: "MSIP_Labels", HeaderMatchesPatterns: [pattern] })
    assert.isTrue(byHeader(label))
    assert.isFalse(byHeader("^nothing$"))
  })

  it("[EXO-108] a condition on content fails where inspection fails", () => {
    const broken = message({ isInspectionFailing: true })
    const ask = (conditions: ConditionSet) =>
      matchRule(rule("r", { conditions }), broken, broken.everybody).kind
    assert.strictEqual(ask({ SubjectOrBodyContainsWords: ["card"] }), "failed")
    assert.strictEqual(ask({ SubjectContainsWords: ["payroll"] }), "evaluated")
  })
})

describe("texts, domains and sizes", () => {
  it("[EXO-113] words stand alone and are taken literally", () => {
    assert.isTrue(containsWord("pay-roll (2026)", "(2026)"))
    assert.isTrue(containsWord("a.b", "a.b"))
    assert.isFalse(containsWord("axb", "a.b"))
    assert.isFalse(containsWord("anything", ""))
    assert.isTrue(containsWord("Gehälter für März", "märz"))
  })

  it("[EXO-113] a broken pattern matches nothing", () => {
    assert.isFalse(matchesPattern("(", "("))
    assert.isTrue(matchesPattern("4111 1111", String.raw`\d{4} \d{4}`))
  })

  it("[EXO-117] a domain is compared at its dots", () => {
    assert.isTrue(isInDomain("a@b.contoso.com", "contoso.com"))
    assert.isFalse(isInDomain("a@evilcontoso.com", "contoso.com"))
    assert.isFalse(isInDomain("a@contoso.com", ""))
  })

  it("sizes are read as PowerShell writes them", () => {
    assert.deepStrictEqual(["10MB", "1.5 KB", "10 MB (10,485,760 bytes)", 7, "many"].map(bytesOf), [
      10_485_760,
      1536,
      10_485_760,
      7,
      undefined,
    ])
  })
})
