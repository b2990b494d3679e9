import { assert, describe, it } from "@effect/vitest"
import { ClientApp } from "@twin/kernel"
import { Schema } from "effect"
import { DeliveryForm } from "../src/MailMessage.ts"
import { accountMethodOf, offeredMethods } from "../src/Portal.ts"
import { protectedForm, recipientKindOf, routeOf } from "../src/recipientExperience.ts"

/** EXO-062, EXO-063, EXO-072, EXO-073 as the pages have it: whom, by itself, with a template. */
const matrix = [
  ["alice@contoso.com", true, "entra", "native", "native"],
  ["nina@fabrikam.com", false, "entra", "native", "wrapper"],
  ["zoe@outlook.com", false, "microsoft-account", "native", "wrapper"],
  ["zoe@hotmail.com", false, "microsoft-account", "native", "wrapper"],
  ["zoe@mailbox.example", false, "microsoft-account", "wrapper", "wrapper"],
  ["gus@gmail.com", false, "google", "wrapper", "wrapper"],
  ["yara@yahoo.com", false, "mail-only", "wrapper", "wrapper"],
  ["pat@mailbox.example", false, "mail-only", "wrapper", "wrapper"],
  ["nobody@nowhere.example", false, "unknown", "wrapper", "wrapper"],
] as const

describe("what each recipient sees", () => {
  it.each(matrix)(
    "[EXO-062] [EXO-063] [EXO-072] [EXO-073] %s",
    (address, isOwnMailbox, account, plain, branded) => {
      const kind = recipientKindOf({ address, isOwnMailbox, account })
      assert.strictEqual(protectedForm(kind, false), plain)
      assert.strictEqual(protectedForm(kind, true), branded)
    },
  )

  it("[EXO-062] a native mail opens in any Outlook and leads to the portal elsewhere", () => {
    const inline = ["outlook-desktop", "outlook-mobile", "outlook-web", "browser", "office-web"]
    const portal = ["other-mail-app", "encrypted-message-portal"]
    for (const app of ClientApp.literals) {
      const expected = inline.includes(app) ? "inline" : portal.includes(app) ? "portal" : "none"
      assert.strictEqual(routeOf("native", app), expected, app)
    }
  })

  it.prop(
    "[EXO-064] a wrapper is never opened inline",
    { form: DeliveryForm, app: ClientApp },
    ({ form, app }) => {
      if (form === "wrapper") assert.notStrictEqual(routeOf(form, app), "inline")
      if (form === "plain") assert.notStrictEqual(routeOf(form, app), "portal")
    },
  )

  it("[EXO-065] addresses and their accounts", () => {
    const methods = matrix.map(([address, isOwnMailbox, account]) =>
      accountMethodOf({
        kind: recipientKindOf({ address, isOwnMailbox, account }),
        hasMicrosoftAccount: account === "microsoft-account",
      }),
    )
    assert.deepStrictEqual(methods, [
      "Microsoft365",
      "Microsoft365",
      "Microsoft",
      "Microsoft",
      "Microsoft",
      "Google",
      "Yahoo",
      undefined,
      undefined,
    ])
  })

  const Method = Schema.Literals(["Microsoft365", "Microsoft", "Google", "Yahoo"])
  it.prop(
    "[EXO-066] [EXO-067] switching an option off never offers more",
    { account: Method, otp: Schema.Boolean, social: Schema.Boolean },
    ({ account, otp, social }) => {
      const offered = (OTPEnabled: boolean, SocialIdSignIn: boolean) =>
        offeredMethods({ account, template: { OTPEnabled, SocialIdSignIn } })
      assert.includeMembers([...offered(true, true)], [...offered(otp, social)])
      assert.strictEqual(offered(otp, social).includes("OTP"), otp)
      const isKept = account === "Microsoft365" || social
      assert.strictEqual(offered(otp, social).includes(account), isKept)
    },
  )
})
