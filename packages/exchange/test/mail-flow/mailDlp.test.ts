import { assert, describe, it } from "@effect/vitest"
import { type MailDlpRule, type MipEvent } from "@twin/mip"
import { Effect } from "effect"
import { actor, baseline, composition, labelIds, makeTenant, theMessage } from "../tenant.ts"

const alice = actor("alice", "outlook-desktop")
const card = "Visa 4111 1111 1111 1111"

const cards: MailDlpRule = {
  name: "Cards",
  isEnabled: true,
  accessScope: "None",
  removesTemplate: false,
  condition: {
    operator: "And",
    groups: [
      {
        name: "Default",
        operator: "Or",
        items: [
          {
            kind: "type",
            id: "50842eb7-edc8-4019-85dd-5a5c1f2bb085",
            name: "Credit Card Number",
            minCount: 1,
            maxCount: -1,
            minConfidence: 75,
            maxConfidence: 100,
          },
        ],
      },
    ],
  },
}

const tenantWith = (...rules: readonly MailDlpRule[]) =>
  Effect.gen(function* () {
    const events = rules.map((rule): MipEvent => ({ _tag: "MailDlpRuleStored", rule, at: 0 }))
    const tenant = yield* makeTenant({ world: events.reduce(composition.evolve, baseline) })
    const send = (more: object) =>
      Effect.gen(function* () {
        const id = yield* tenant.send(alice, { to: ["bob@contoso.com"], subject: "Hi", ...more })
        return theMessage(yield* tenant.world, id).copies[0]
      })
    return { ...tenant, send }
  })

describe("data loss prevention in mail", () => {
  it.effect("[MIP-158] a rule protects with a template what meets its conditions", () =>
    Effect.gen(function* () {
      const tenant = yield* tenantWith({ ...cards, encryptTemplate: "Do Not Forward" })
      assert.strictEqual((yield* tenant.send({ body: card }))?.protection.kind, "do-not-forward")
      assert.strictEqual((yield* tenant.send({ body: "nothing" }))?.protection.kind, "none")
      const labelled = yield* tenant.send({ body: card, label: "Confidential" })
      assert.strictEqual(labelled?.protection.kind, "template", "what is protected stays so")
    }),
  )

  it.effect("[MIP-158] a rule takes protection off message and attachments", () =>
    Effect.gen(function* () {
      const tenant = yield* tenantWith({ ...cards, removesTemplate: true })
      const attachments = [{ name: "a.docx", content: "x" }]
      const out = yield* tenant.send({ body: card, protection: "encrypt-only", attachments })
      assert.strictEqual(out?.protection.kind, "none")
      assert.strictEqual(out?.attachments[0]?.state, "clear")
      const kept = yield* tenant.send({ body: "nothing", protection: "encrypt-only" })
      assert.strictEqual(kept?.protection.kind, "encrypt-only")
    }),
  )

  it.effect("[MIP-158] labels can be the condition, and who it goes to", () =>
    Effect.gen(function* () {
      const item = { kind: "label", id: labelIds.plain, name: "General" } as const
      const counts = { minCount: 1, maxCount: -1, minConfidence: 75, maxConfidence: 100 }
      const tenant = yield* tenantWith({
        ...cards,
        accessScope: "NotInOrganization",
        condition: {
          operator: "And",
          groups: [{ name: "Default", operator: "Or", items: [{ ...item, ...counts }] }],
        },
        encryptTemplate: "Encrypt",
      })
      const inside = yield* tenant.send({ body: "x", label: "General" })
      assert.strictEqual(inside?.protection.kind, "none")
      const outside = yield* tenant.send({ to: ["nina@fabrikam.com"], body: "x", label: "General" })
      assert.strictEqual(outside?.protection.kind, "encrypt-only")
      const plain = yield* tenant.send({ to: ["nina@fabrikam.com"], body: "x" })
      assert.strictEqual(plain?.protection.kind, "none")
    }),
  )
})
