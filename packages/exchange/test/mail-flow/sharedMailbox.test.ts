import { assert, describe, it } from "@effect/vitest"
import type { Client } from "@twin/kernel"
import { Effect } from "effect"
import { trusteesOf } from "../../src/index.ts"
import { actor, makeTenant, type Tenant } from "../tenant.ts"

const alice = actor("alice")
const apps: readonly Client["app"][] = [
  "outlook-desktop",
  "outlook-mobile",
  "outlook-web",
  "office-desktop",
  "office-mobile",
]

/** Dave's mailbox is the shared one; bob is assigned directly, carol through the finance group. */
const shared = Effect.gen(function* () {
  const it = yield* makeTenant()
  yield* it.admin("Add-MailboxPermission", {
    Identity: "dave@contoso.com",
    User: "bob@contoso.com",
    AccessRights: "FullAccess",
  })
  yield* it.admin("convert-mailbox", { mailbox: "dave@contoso.com", type: "Shared" })
  yield* it.admin("Add-MailboxPermission", {
    Identity: "dave@contoso.com",
    User: "finance@contoso.com",
    AccessRights: "FullAccess",
  })
  return it
})

const sendTo = (it: Tenant, more: object = {}) =>
  it.send(alice, {
    to: ["dave@contoso.com"],
    subject: "Order 7",
    body: "Ten pieces",
    protection: "encrypt-only",
    attachments: [{ name: "order.docx", content: "Ten pieces, red" }],
    ...more,
  })

describe("protected mail in a shared mailbox", () => {
  it.effect("[MIP-171] opens for those assigned directly, not for those in an assigned group", () =>
    Effect.gen(function* () {
      const it = yield* shared
      const message = yield* sendTo(it)
      for (const app of apps.slice(0, 3)) {
        yield* it.allow(actor("bob", app), "open-message", { message })
        const refused = yield* it.refuse(actor("carol", app), "open-message", { message })
        assert.strictEqual(refused.name, "usage-rights")
      }
      const plain = yield* sendTo(it, { protection: "none" })
      yield* it.allow(actor("bob"), "open-message", { message: plain })
      yield* it.allow(actor("carol"), "open-message", { message: plain })
      const erin = yield* it.refuse(actor("erin"), "open-message", { message })
      assert.strictEqual(erin.name, "addressed-to-reader")
      yield* it.admin("Remove-MailboxPermission", {
        Identity: "dave@contoso.com",
        User: "bob@contoso.com",
        AccessRights: "FullAccess",
      })
      const gone = yield* it.refuse(actor("bob"), "open-message", { message })
      assert.strictEqual(gone.name, "addressed-to-reader")
    }),
  )

  it.effect("[MIP-171] its attachments open in Office on computers and on the web only", () =>
    Effect.gen(function* () {
      const it = yield* shared
      const message = yield* sendTo(it)
      const row = yield* it.allow(actor("bob"), "save-attachment", {
        message,
        attachment: "order.docx",
      })
      const file = row["document"]
      const expected = [
        ["office-desktop", "allow"],
        ["outlook-desktop", "allow"],
        ["outlook-web", "allow"],
        ["office-mobile", "deny"],
        ["outlook-mobile", "deny"],
        ["office-web", "deny"],
      ] as const
      for (const [app, outcome] of expected) {
        const asked = { file, freshDevice: true }
        const { decision } = yield* it.call(actor("bob", app), "open-document", asked)
        assert.strictEqual(decision.outcome, outcome, app)
      }
      const carol = yield* it.refuse(actor("carol", "office-desktop"), "open-document", { file })
      assert.strictEqual(carol.name, "usage-rights")
    }),
  )

  it.effect("[MIP-089] those assigned directly get a licence with the mail", () =>
    Effect.gen(function* () {
      const it = yield* shared
      const first = yield* sendTo(it)
      yield* it.allow(actor("bob", "outlook-desktop"), "open-message", { message: first })
      const message = yield* sendTo(it)
      yield* it.fault("rights-management-unreachable")
      yield* it.allow(actor("bob", "outlook-desktop"), "open-message", { message })
      const web = yield* it.refuse(actor("bob", "outlook-mobile"), "open-message", { message })
      assert.strictEqual(web.name, "use-licence-on-device")
    }),
  )

  it.effect(
    "[MIP-171] a regular mailbox opens for nobody else, and wrong names change nothing",
    () =>
      Effect.gen(function* () {
        const it = yield* shared
        yield* it.admin("convert-mailbox", { mailbox: "dave@contoso.com", type: "Regular" })
        const message = yield* sendTo(it)
        yield* it.refuse(actor("bob"), "open-message", { message })
        const wrong = [
          ["convert-mailbox", { mailbox: "gus@gmail.com", type: "Shared" }, "mailbox"],
          [
            "Add-MailboxPermission",
            { Identity: "dave@contoso.com", User: "nobody", AccessRights: "FullAccess" },
            "trustee",
          ],
        ] as const
        const before = trusteesOf(yield* it.world, "dave@contoso.com")
        for (const [cmdlet, params, gate] of wrong) {
          const refused = yield* it.refuse(
            actor("heidi", "powershell", ["Exchange Administrator"]),
            cmdlet,
            params,
          )
          assert.strictEqual(refused.name, gate)
        }
        assert.deepStrictEqual(trusteesOf(yield* it.world, "dave@contoso.com"), before)
      }),
  )
})
