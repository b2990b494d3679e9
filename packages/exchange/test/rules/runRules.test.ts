import { assert, describe, it } from "@effect/vitest"
import { matchRule } from "../../src/rules/matchRule.ts"
import { type RuleCopy, type RuleRun, runRules } from "../../src/rules/runRules.ts"
import { insertAt, isActiveAt, type TransportRule } from "../../src/rules/TransportRule.ts"
import { message, recipient, rule, rules, run } from "./arbitraries.ts"

const copyOf = (copies: readonly RuleCopy[], address: string): RuleCopy | undefined =>
  copies.find(({ recipients }) => recipients.some((it) => it.address === address))

const templateApplied = (list: readonly TransportRule[]) =>
  runRules(run(list))[0]?.protection?.value.template

const stopRule = (conditions: TransportRule["conditions"]) =>
  rule("stop", { conditions, stopRuleProcessing: true })

const namesOf = (list: readonly TransportRule[]) => list.map(({ name }) => name)

const disclaimer = (fallback?: "Wrap" | "Ignore" | "Reject") =>
  rule("r", {
    actions: {
      ApplyHtmlDisclaimerText: "Careful",
      ...(fallback === undefined ? {} : { ApplyHtmlDisclaimerFallbackAction: fallback }),
    },
  })

const placesOf = (it: RuleRun) => runRules(it)[0]?.disclaimers.map(({ place }) => place)

const encrypt = { ApplyRightsProtectionTemplate: "Encrypt" }
const toOutside = { SentToScope: "NotInOrganization" } as const

describe("order and priority", () => {
  it("[EXO-105] [EXO-140] of two rules that protect, the one with the higher priority wins", () => {
    const first = rule("first", { actions: encrypt })
    const second = rule("second", { actions: { ApplyRightsProtectionTemplate: "Do Not Forward" } })
    assert.strictEqual(templateApplied([first, second]), "Encrypt")
    assert.strictEqual(templateApplied([second, first]), "Do Not Forward")
    assert.isUndefined(templateApplied([]))
  })

  it("[EXO-140] removing, then applying gives the new protection; the other way round none", () => {
    const apply = rule("apply", { actions: { ApplyRightsProtectionTemplate: "Do Not Forward" } })
    const remove = rule("remove", { actions: { RemoveOMEv2: true } })
    const came = { isProtected: true, canUnprotect: true }
    const [replaced] = runRules(run([remove, apply], came))
    assert.strictEqual(replaced?.protection?.value.template, "Do Not Forward")
    const [bare] = runRules(run([apply, remove], came))
    assert.isUndefined(bare?.protection)
    assert.isTrue(bare?.isProtectionRemoved)
    const [never] = runRules(run([apply, remove]))
    assert.isUndefined(never?.protection)
    assert.deepStrictEqual(
      never?.hits.map(({ actions }) => actions),
      [["ApplyRightsProtectionTemplate"], ["RemoveOMEv2"]],
    )
  })

  it("[EXO-049] a message that came protected keeps its protection", () => {
    const [kept] = runRules(run([rule("apply", { actions: encrypt })], { isProtected: true }))
    assert.isUndefined(kept?.protection)
    const [fresh] = runRules(run([rule("apply", { actions: encrypt })]))
    assert.isDefined(fresh?.protection)
  })

  it("[EXO-106] a matching rule that stops ends it, one that does not match ends nothing", () => {
    const last = rule("last", { actions: encrypt })
    assert.isUndefined(runRules(run([stopRule({}), last]))[0]?.protection)
    assert.isDefined(
      runRules(run([stopRule({ SubjectContainsWords: ["no"] }), last]))[0]?.protection,
    )
    const forked = runRules(run([stopRule(toOutside), last]))
    assert.isUndefined(copyOf(forked, "gus@gmail.com")?.protection)
    assert.isDefined(copyOf(forked, "bob@contoso.com")?.protection)
  })

  it("[EXO-106] deleting and rejecting end the evaluation as well", () => {
    const later = rule("later", { actions: { PrependSubject: "late " } })
    for (const actions of [{ DeleteMessage: true }, { RejectMessageReasonText: "no" }]) {
      const [copy] = runRules(run([rule("end", { actions }), later]))
      assert.strictEqual(copy?.message.subject, "Quarterly payroll")
    }
  })

  it("[EXO-107] neither audit mode changes anything, and the hit is recorded", () => {
    for (const mode of ["Audit", "AuditAndNotify"] as const) {
      const [copy] = runRules(run([rule("r", { mode, actions: encrypt })]))
      assert.isUndefined(copy?.protection)
      assert.deepStrictEqual(
        copy?.hits.map(({ kind }) => kind),
        ["audited"],
      )
    }
    const [enforced] = runRules(run([rule("r", { mode: "Enforce", actions: encrypt })]))
    assert.isDefined(enforced?.protection)
  })

  it("[EXO-112] [EXO-110] outside its period a rule is as good as disabled", () => {
    const period = { activationDate: 500, expiryDate: 1500 }
    const active = (now: number) => isActiveAt(rule("r", period), now)
    assert.deepStrictEqual([499, 500, 1499, 1500].map(active), [false, true, true, false])
    assert.isFalse(isActiveAt(rule("r", { isEnabled: false }), 1000))
    assert.isTrue(isActiveAt(rule("r"), 1000))
  })

  it("[EXO-108] a rule that cannot be evaluated is passed over, or holds the mail back", () => {
    const broken = { message: message({ isInspectionFailing: true }) }
    const conditions = { SubjectOrBodyContainsWords: ["card"] }
    const ignoring = rule("r", { conditions, actions: encrypt })
    const [clear] = runRules(run([ignoring], broken))
    assert.isUndefined(clear?.protection)
    assert.strictEqual(clear?.hits[0]?.kind, "ignored")
    const [held] = runRules(run([{ ...ignoring, ruleErrorAction: "Defer" }], broken))
    assert.strictEqual(held?.deferredBy, "r")
    assert.isDefined(runRules(run([ignoring]))[0]?.protection)
  })

  it("[EXO-105] a new rule takes its place, the others move down", () => {
    const two = [rule("a"), rule("b")]
    assert.deepStrictEqual(namesOf(insertAt(two, rule("c"), 0)), ["c", "a", "b"])
    assert.deepStrictEqual(namesOf(insertAt(two, rule("c"), 1)), ["a", "c", "b"])
    assert.deepStrictEqual(namesOf(insertAt(two, rule("a"), 1)), ["b", "a"])
  })
})

describe("forks and recipients", () => {
  it("[EXO-119] [EXO-139] a condition on recipients acts on those who match", () => {
    const copies = runRules(run([rule("r", { conditions: toOutside, actions: encrypt })]))
    assert.strictEqual(copies.length, 2)
    assert.isDefined(copyOf(copies, "gus@gmail.com")?.protection)
    assert.isUndefined(copyOf(copies, "bob@contoso.com")?.protection)
  })

  it("[EXO-119] a condition on any recipient acts on the whole message", () => {
    const conditions = { AnyOfToHeader: ["gus@gmail.com"] }
    const copies = runRules(run([rule("r", { conditions, actions: encrypt })]))
    assert.strictEqual(copies.length, 1)
    assert.isDefined(copies[0]?.protection)
  })

  it("[EXO-099] a recipient whom one rule adds is visible to the next", () => {
    const archive = "archive@archive.example"
    const copies = runRules(
      run(
        [
          rule("bcc", { actions: { BlindCopyTo: [archive] } }),
          rule("clear", { conditions: { SentTo: [archive] }, actions: { RemoveOMEv2: true } }),
        ],
        { isProtected: true, canUnprotect: true },
      ),
    )
    assert.isTrue(copyOf(copies, archive)?.isProtectionRemoved)
    assert.isFalse(copyOf(copies, "gus@gmail.com")?.isProtectionRemoved)
  })

  it("[EXO-130] mail from outside is not encrypted; in May 2023 it was rejected", () => {
    const only = [rule("r", { actions: encrypt })]
    const [delivered] = runRules(run(only, { canProtect: false }))
    assert.isUndefined(delivered?.protection)
    assert.isUndefined(delivered?.rejection)
    const [rejected] = runRules(run(only, { canProtect: false, rejectsUnprotectable: true }))
    assert.isDefined(rejected?.rejection)
  })

  it("[EXO-132] protection that is not the organization's own stays", () => {
    const remove = [rule("r", { actions: { RemoveOMEv2: true } })]
    const [foreign] = runRules(run(remove, { isProtected: true, canUnprotect: false }))
    assert.isFalse(foreign?.isProtectionRemoved)
    const [own] = runRules(run(remove, { isProtected: true, canUnprotect: true }))
    assert.isTrue(own?.isProtectionRemoved)
  })

  it("[EXO-126] [EXO-127] branding is noted for mail from own mailboxes and encrypts nothing", () => {
    const brand = [rule("r", { actions: { ApplyRightsProtectionCustomizationTemplate: "B" } })]
    const [own] = runRules(run(brand))
    assert.strictEqual(own?.branding?.value, "B")
    assert.isUndefined(own?.protection)
    assert.isUndefined(runRules(run(brand, { canBrand: false }))[0]?.branding)
  })

  it("[EXO-138] a disclaimer for mail that cannot be edited goes around it, away, or back", () => {
    const shut = { message: message({ body: undefined }) }
    assert.deepStrictEqual(placesOf(run([disclaimer()], shut)), ["Envelope"])
    assert.deepStrictEqual(placesOf(run([disclaimer("Ignore")], shut)), [])
    assert.isDefined(runRules(run([disclaimer("Reject")], shut))[0]?.rejection)
    assert.deepStrictEqual(placesOf(run([disclaimer()])), ["Append"])
  })

  it("[EXO-128] attachments lose their own encryption only together with the message", () => {
    const actions = { RemoveOMEv2: true, RemoveRMSAttachmentEncryption: true }
    const [both] = runRules(run([rule("r", { actions })]))
    assert.isTrue(both?.isAttachmentProtectionRemoved)
    const only = { RemoveRMSAttachmentEncryption: true }
    assert.isFalse(runRules(run([rule("r", { actions: only })]))[0]?.isAttachmentProtectionRemoved)
  })

  it("[EXO-184] an old rule of the retired product encrypts with the current one", () => {
    const old = [rule("r", { actions: { ApplyOME: true } })]
    assert.deepStrictEqual(runRules(run(old))[0]?.protection?.value, {
      template: "Encrypt",
      isLegacy: false,
    })
    const [before] = runRules(run(old, { legacyEncryption: "as-legacy" }))
    assert.isTrue(before?.protection?.value.isLegacy)
  })
})

/** A second opinion, one recipient at a time: slow, flat, obviously right. Only this test reads it. */
const protectionFor = (list: readonly TransportRule[], it: RuleRun, address: string) => {
  let template: string | undefined
  let isRemoved = false
  let isRejected = false
  const self = recipient(address)
  for (const each of list) {
    if (!each.isEnabled || isRejected) continue
    const match = matchRule(each, it.message, [self])
    if (match.kind !== "evaluated" || match.recipients.length === 0) continue
    if (each.mode !== "Enforce") continue
    const { actions } = each
    if (actions.RemoveOMEv2 === true) {
      template = undefined
      isRemoved ||= it.isProtected && it.canUnprotect
    }
    const isStillProtected = it.isProtected && !isRemoved
    if (template === undefined && !isStillProtected)
      template = actions.ApplyRightsProtectionTemplate
    if (actions.RejectMessageReasonText !== undefined) isRejected = true
    if (each.stopRuleProcessing) break
  }
  return { template, isRemoved, isRejected }
}

describe("properties", () => {
  for (const isProtected of [false, true]) {
    it.prop(
      `[EXO-104] [EXO-105] [EXO-119] [EXO-140] agrees for each recipient with a second opinion (${isProtected ? "protected" : "in clear"})`,
      [rules],
      ([list]) => {
        const it = run(list, { isProtected, canUnprotect: true })
        const copies = runRules(it)
        for (const address of ["bob@contoso.com", "gus@gmail.com"]) {
          const copy = copyOf(copies, address)
          const expected = protectionFor(list, it, address)
          assert.strictEqual(copy?.rejection !== undefined, expected.isRejected)
          assert.strictEqual(copy?.protection?.value.template, expected.template)
          assert.strictEqual(copy?.isProtectionRemoved, expected.isRemoved)
        }
      },
      { arbitrary: { runs: 1000 } },
    )
  }

  it.prop("[EXO-119] nobody is lost and nobody gets two copies", [rules], ([list]) => {
    const reached = runRules(run(list)).flatMap(({ recipients }) => recipients)
    const originals = ["bob@contoso.com", "gus@gmail.com"]
    for (const address of originals) {
      assert.strictEqual(reached.filter((it) => it.address === address).length, 1)
    }
  })

  it.prop("[EXO-110] disabled rules change nothing", [rules], ([list]) => {
    const disabled = list.map((it) => ({ ...it, isEnabled: false }))
    assert.deepStrictEqual(runRules(run(disabled)), runRules(run([])))
  })
})
