import { assert, describe, it } from "@effect/vitest"
import type { Client } from "@twin/kernel"
import { Schema } from "effect"
import {
  allRights,
  ContentAction,
  commonNameOf,
  contentActions,
  type Protection,
  UsageRight,
  usageRightTable,
} from "../../src/index.ts"
import { adHoc, asks, withContent } from "../asking.ts"

/** MIP-052: common names and encodings. Only this test reads it. */
const names: readonly (readonly [string, UsageRight])[] = [
  ["View, Open, Read", "VIEW"],
  ["Edit Content, Edit", "DOCEDIT"],
  ["Save", "EDIT"],
  ["Comment", "COMMENT"],
  ["Save As, Export", "EXPORT"],
  ["Forward", "FORWARD"],
  ["Full Control", "OWNER"],
  ["Print", "PRINT"],
  ["Reply", "REPLY"],
  ["Reply All", "REPLYALL"],
  ["Copy", "EXTRACT"],
  ["View Rights", "VIEWRIGHTSDATA"],
  ["Change Rights", "EDITRIGHTSDATA"],
  ["Allow Macros", "OBJMODEL"],
]

const ask = (
  action: ContentAction,
  rights: readonly UsageRight[],
  app: Client["app"] = "office-desktop",
  more: Partial<Protection> & { readonly software?: "office-2016" } = {},
) => {
  const { software, ...rest } = more
  const world = withContent(adHoc([{ who: "bob@contoso.com", rights: ["VIEW", ...rights] }], rest))
  return asks(world, "bob@contoso.com", {
    requested: action,
    app,
    ...(software === undefined ? {} : { software }),
  }).outcome
}
const mail = { form: "mail", name: "offer" } as const

describe("what each right allows", () => {
  it("[MIP-052] fourteen rights with their names, and what Office makes of them", () => {
    assert.strictEqual(names.length, allRights.length)
    for (const [name, right] of names) assert.strictEqual(commonNameOf[right], name)
    const special = allRights
      .filter((right) => usageRightTable[right].inOffice !== "enforced")
      .map((right) => `${right} ${usageRightTable[right].inOffice}`)
    assert.deepStrictEqual(special, [
      "COMMENT ignored",
      "VIEWRIGHTSDATA not-enforced",
      "EDITRIGHTSDATA not-honoured",
    ])
    assert.deepStrictEqual(
      allRights.filter((right) => usageRightTable[right].isForMail),
      ["FORWARD", "REPLY", "REPLYALL"],
    )
  })

  /** Action, the rights that are just enough, and one that is not. */
  const rows: readonly (readonly [ContentAction, readonly UsageRight[], readonly UsageRight[]])[] =
    [
      ["edit", ["DOCEDIT"], ["EDIT"]],
      ["save", ["EDIT"], ["DOCEDIT"]],
      ["save-as", ["EDIT"], ["DOCEDIT"]],
      ["export", ["EXPORT"], ["EDIT", "EXTRACT"]],
      ["send-to-onenote", ["EXPORT"], ["EXTRACT"]],
      ["print", ["PRINT"], ["EXTRACT"]],
      ["copy", ["EXTRACT"], ["DOCEDIT"]],
      ["screen-capture", ["EXTRACT"], ["PRINT"]],
      ["present-in-meeting", ["EXTRACT"], ["PRINT"]],
      ["call-out-from-script", ["EXTRACT"], ["OBJMODEL"]],
      ["sort", ["DOCEDIT"], ["EXTRACT"]],
      ["filter", ["DOCEDIT", "EXTRACT"], ["DOCEDIT"]],
      ["filter", ["DOCEDIT", "EXTRACT"], ["EXTRACT"]],
      ["run-macro", ["OBJMODEL"], ["EXTRACT", "DOCEDIT"]],
      ["change-protection", ["EXPORT"], ["EXTRACT", "EDITRIGHTSDATA"]],
      ["track-changes", ["DOCEDIT"], ["COMMENT"]],
    ]
  it.each(rows)("[MIP-052] [MIP-053] %s takes %s, not %s", (action, enough, not) => {
    assert.strictEqual(ask(action, enough), "allow")
    assert.strictEqual(ask(action, not), "deny")
    assert.strictEqual(ask(action, []), "deny")
    assert.strictEqual(ask(action, ["OWNER"]), "allow")
  })

  it("[MIP-052] answering and passing on are rights of messages", () => {
    const rights = {
      forward: "FORWARD",
      "add-recipients": "FORWARD",
      reply: "REPLY",
      "reply-all": "REPLYALL",
    } as const
    for (const [action, right] of Object.entries(rights)) {
      const asked = action as ContentAction
      assert.strictEqual(ask(asked, [right], "outlook-desktop", mail), "allow")
      const others = allRights.filter((it) => it !== right && it !== "OWNER")
      assert.strictEqual(ask(asked, others, "outlook-desktop", mail), "deny")
      assert.strictEqual(ask(asked, []), "allow", "on a file it stands for nothing")
    }
  })

  it("[MIP-052] Office ignores, does not enforce and does not honour three of them", () => {
    assert.strictEqual(ask("annotate", ["COMMENT"]), "deny", "ignored: a comment is a change")
    assert.strictEqual(ask("annotate", ["DOCEDIT"]), "allow")
    const pdf = { name: "offer.pdf" }
    assert.strictEqual(ask("annotate", ["COMMENT"], "pdf-reader", pdf), "allow", "not by others")
    assert.strictEqual(ask("annotate", ["DOCEDIT"], "pdf-reader", pdf), "deny")
    assert.strictEqual(ask("view-rights", []), "allow", "not enforced")
    assert.strictEqual(ask("view-rights", [], "pdf-reader", pdf), "deny")
    assert.strictEqual(ask("change-rights", ["EDITRIGHTSDATA"]), "deny", "not honoured")
    assert.strictEqual(ask("change-rights", ["EXPORT"]), "allow")
    assert.strictEqual(ask("change-rights", ["EDITRIGHTSDATA"], "pdf-reader", pdf), "allow")
  })

  it("[MIP-052] [MIP-053] the web and older editions ask for other rights", () => {
    for (const action of ["edit", "save", "save-as", "track-changes"] as const) {
      assert.strictEqual(ask(action, ["EDIT"], "office-web"), "allow", action)
      assert.strictEqual(ask(action, ["DOCEDIT"], "office-web"), "allow", action)
      assert.strictEqual(ask(action, [], "office-web"), "deny", action)
    }
    const old = { software: "office-2016" } as const
    assert.strictEqual(ask("track-changes", ["DOCEDIT"], "office-desktop", old), "deny")
    assert.strictEqual(ask("track-changes", ["OWNER"], "office-desktop", old), "allow")
  })

  it("[MIP-056] capturing and presenting are prevented on computers only", () => {
    const expected: readonly (readonly [Client["app"], string])[] = [
      ["office-desktop", "deny"],
      ["office-mobile", "allow"],
      ["office-web", "allow"],
    ]
    for (const action of ["screen-capture", "present-in-meeting"] as const) {
      for (const [app, outcome] of expected) assert.strictEqual(ask(action, [], app), outcome, app)
    }
  })

  it.prop(
    "[MIP-057] full control is enough for everything, and more rights never allow less",
    {
      action: ContentAction,
      rights: Schema.Array(UsageRight),
      more: Schema.Array(UsageRight),
      app: Schema.Literals(["office-desktop", "office-mobile", "office-web"]),
    },
    ({ action, rights, more, app }) => {
      assert.strictEqual(ask(action, ["OWNER"], app), "allow")
      const few = ask(action, rights, app)
      const many = ask(action, [...rights, ...more], app)
      if (few === "allow") assert.strictEqual(many, "allow")
      assert.isNotEmpty(contentActions[action].summary)
    },
  )
})
