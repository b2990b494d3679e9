import { assert, describe, it } from "@effect/vitest"
import { protectionOf } from "@twin/mip"
import { Effect } from "effect"
import { evaluateMessage } from "../../src/index.ts"
import { actor, composition, makeTenant, theMessage } from "../tenant.ts"

const alice = actor("alice")
const bob = actor("bob")
const secret = "The card is 4111 1111 1111 1111."

describe("one encryption for all of mail", () => {
  it.effect("[MIP-172] label, choice and rule end in the same kind of protection", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("New-TransportRule", {
        Name: "Encrypt",
        SubjectContainsWords: ["encrypt"],
        ApplyRightsProtectionTemplate: "Encrypt",
      })
      const ways: readonly object[] = [
        { subject: "S", label: "Confidential" },
        { subject: "S", protection: "do-not-forward" },
        { subject: "S", protection: "encrypt-only" },
        { subject: "encrypt" },
      ]
      for (const way of ways) {
        const id = yield* it.send(alice, { to: ["bob@contoso.com"], body: secret, ...way })
        const world = yield* it.world
        const { contentId = "" } = theMessage(world, id).copies[0]?.protection ?? {}
        assert.strictEqual(protectionOf(world, contentId)?.form, "mail", JSON.stringify(way))
        yield* it.allow(bob, "open-message", { message: id })
      }
    }),
  )

  it.effect("[MIP-172] taking mail back in the portal is one thing, revoking content another", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const gus = actor("gus@gmail.com")
      const outlook = actor("bob", "outlook-web")
      const mail = { to: ["bob@contoso.com", "gus@gmail.com"], subject: "S", body: secret }
      yield* it.admin("New-OMEConfiguration", { Identity: "Customers" })
      yield* it.admin("New-TransportRule", {
        Name: "Portal",
        SentToScope: "NotInOrganization",
        ApplyRightsProtectionCustomizationTemplate: "Customers",
      })
      const message = yield* it.send(alice, { ...mail, protection: "encrypt-only" })
      yield* it.allow(gus, "sign-in-portal", { message })
      const { messageId } = theMessage(yield* it.world, message)
      const revoke = (Revoke: boolean) =>
        it.admin("Set-OMEMessageRevocation", { MessageId: messageId, Revoke })
      yield* revoke(true)
      assert.strictEqual(
        (yield* it.refuse(gus, "open-message", { message })).name,
        "mail-revocation",
      )
      yield* it.allow(outlook, "open-message", { message })
      yield* revoke(false)
      const contents = theMessage(yield* it.world, message).copies.flatMap(
        ({ protection }) => protection.contentId ?? [],
      )
      const revoked = [...new Set(contents)].map((contentId) => ({
        _tag: "ContentRevoked" as const,
        contentId,
        by: "alice@contoso.com",
        at: 0,
      }))
      const after = yield* makeTenant({
        world: revoked.reduce(composition.evolve, yield* it.world),
      })
      for (const reader of [outlook, gus]) {
        const gate = evaluateMessage({
          world: yield* after.world,
          actor: reader,
          now: yield* it.now,
          name: message,
          requested: "open",
        }).gates.at(-1)
        assert.strictEqual(gate?.name, "revocation", reader.id)
      }
    }),
  )
})
