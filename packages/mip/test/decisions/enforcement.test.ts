import { assert, describe, it } from "@effect/vitest"
import { type Decision, decidingGate } from "@twin/kernel"
import { type ContentAction, type Grant, UsageRight } from "../../src/index.ts"
import { adHoc, asks, verdict, withContent } from "../asking.ts"
import { evolveAll, joins, start, userIdOf } from "../world.ts"

const everybody = (...rights: UsageRight[]): Grant[] => [{ who: "AuthenticatedUsers", rights }]
const forAll = withContent(adHoc(everybody("VIEW")))

const with_ = (action: ContentAction, app: "office-desktop" | "office-web", ...r: UsageRight[]) =>
  asks(withContent(adHoc(everybody(...r))), "bob@contoso.com", { requested: action, app }).outcome

const mail = (...rights: UsageRight[]) =>
  asks(
    withContent(adHoc(everybody(...rights), { form: "mail", name: "offer" })),
    "bob@contoso.com",
    { requested: "reply", app: "outlook-desktop" },
  )

const delivery = (decision: Decision) => decidingGate(decision).details["delivery"]

describe("rights", () => {
  it("[MIP-051] without the right to view there is no licence; with it there is", () => {
    const decision = asks(withContent(adHoc(everybody("PRINT"))), "bob@contoso.com")
    assert.strictEqual(verdict(decision), "deny by usage-rights")
    const { refusal, details } = decidingGate(decision)
    assert.strictEqual(refusal?.code, "NoPermissionsError")
    assert.include(refusal?.message, "alice@contoso.com", "whom to ask")
    assert.include(details, { owner: "alice@contoso.com", choices: "Change User, Yes, No" })
    assert.deepStrictEqual(decision.rights, [])
    assert.deepStrictEqual(asks(forAll, "bob@contoso.com").rights, ["VIEW"])
    assert.strictEqual(
      verdict(asks(withContent(adHoc([])), "bob@contoso.com")),
      "deny by usage-rights",
    )
  })

  it("[MIP-160] a template's audience opens the content wherever it is met", () => {
    const world = withContent(
      adHoc([{ who: "finance@contoso.com", rights: ["VIEW"] }], {
        issuer: "bob@contoso.com",
        owner: "bob@contoso.com",
      }),
    )
    assert.strictEqual(asks(world, "alice@contoso.com").outcome, "allow")
    assert.strictEqual(asks(world, "carol@contoso.com").outcome, "deny")
    assert.strictEqual(
      asks(evolveAll(world, [joins("Finance", userIdOf("carol"))]), "carol@contoso.com").outcome,
      "allow",
    )
  })

  it("[MIP-053] typing needs one right, saving another; on the web saving is enough to edit", () => {
    assert.strictEqual(with_("edit", "office-desktop", "VIEW", "DOCEDIT"), "allow")
    assert.strictEqual(with_("save", "office-desktop", "VIEW", "DOCEDIT"), "deny")
    assert.strictEqual(with_("save", "office-desktop", "VIEW", "EDIT"), "allow")
    assert.strictEqual(with_("edit", "office-desktop", "VIEW", "EDIT"), "deny")
    assert.strictEqual(with_("edit", "office-web", "VIEW", "EDIT"), "allow")
    assert.strictEqual(with_("edit", "office-web", "VIEW"), "deny")
  })

  it("[MIP-207] [MIP-056] the web cannot stop an editor from copying, nor anybody's screen", () => {
    assert.strictEqual(with_("copy", "office-web", "VIEW", "DOCEDIT"), "allow")
    assert.strictEqual(with_("copy", "office-web", "VIEW"), "deny")
    assert.strictEqual(with_("copy", "office-desktop", "VIEW", "DOCEDIT"), "deny")
    assert.strictEqual(with_("screen-capture", "office-web", "VIEW"), "allow")
    assert.strictEqual(with_("screen-capture", "office-desktop", "VIEW"), "deny")
    assert.strictEqual(with_("screen-capture", "office-desktop", "VIEW", "EXTRACT"), "allow")
  })

  it("[MIP-207] in 2021 the web could not print what is encrypted", () => {
    const world = withContent(adHoc(everybody("VIEW", "PRINT")))
    const ask = (now: number) =>
      asks(world, "bob@contoso.com", { requested: "print", app: "office-web", now }).outcome
    assert.strictEqual(ask(Date.UTC(2021, 5, 1)), "deny")
    assert.strictEqual(ask(start), "allow")
  })

  it("[MIP-032] a generically protected file is free to use once it is open", () => {
    const zip = withContent(adHoc(everybody("VIEW"), { name: "plans.zip" }))
    const open = asks(zip, "bob@contoso.com", { requested: "print", app: "pdf-reader" })
    assert.strictEqual(open.outcome, "allow")
    assert.strictEqual(with_("print", "office-desktop", "VIEW"), "deny")
  })

  it("[MIP-055] a reply without both edit rights carries the original as an attachment", () => {
    assert.strictEqual(delivery(mail("VIEW", "REPLY")), "as an attachment")
    assert.isUndefined(delivery(mail("VIEW", "REPLY", "EDIT", "DOCEDIT")))
    assert.strictEqual(mail("VIEW").outcome, "deny")
  })

  it("[MIP-076] changing the protection takes the right to export, or full control", () => {
    assert.strictEqual(with_("change-protection", "office-desktop", "VIEW", "EXPORT"), "allow")
    assert.strictEqual(with_("change-protection", "office-desktop", "OWNER"), "allow")
    assert.strictEqual(with_("change-protection", "office-desktop", "VIEW", "EXTRACT"), "deny")
  })
})
