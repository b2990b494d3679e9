import { assert, describe, it } from "@effect/vitest"
import { minutes } from "@twin/kernel"
import { Effect } from "effect"
import { contentGuestDelayMinutes, userOf } from "../src/index.ts"
import { type Lab, lab, start, verdict } from "./world.ts"

const office = { app: "office-desktop" } as const
const rights = { app: "Microsoft Rights Management Services" }
const opens = (it: Lab, who: string) => it.as(who, "sign-in", rights, office)

describe("the guest that opening encrypted content leaves", () => {
  it.effect("[IDN-139] appears for a Microsoft account, but not at once", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.strictEqual(verdict(yield* opens(it, "zoe@outlook.com")), "allow")
      assert.isUndefined(userOf(yield* it.world, "zoe@outlook.com"))
      yield* it.wait(minutes(contentGuestDelayMinutes) - 1)
      assert.isUndefined(userOf(yield* it.world, "zoe@outlook.com"))
      yield* it.wait(1)
      const user = userOf(yield* it.world, "zoe@outlook.com")
      assert.strictEqual(user?.userType, "Guest")
      assert.strictEqual(user?.externalUserState, "Accepted")
      assert.strictEqual(user?.identities[0]?.issuer, "MicrosoftAccount")
      assert.strictEqual(user?.userPrincipalName, "zoe_outlook.com#EXT#@contoso.onmicrosoft.com")
    }),
  )

  it.effect("[IDN-139] makes signing in to SharePoint possible", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const toSharePoint = () => it.as("zoe@outlook.com", "sign-in", { app: "SharePoint" })
      assert.strictEqual(verdict(yield* toSharePoint()), "deny account-in-directory")
      yield* opens(it, "zoe@outlook.com")
      yield* it.wait(minutes(contentGuestDelayMinutes))
      assert.strictEqual(verdict(yield* toSharePoint()), "allow")
    }),
  )

  it.effect("[IDN-139] is made once, and never beside a guest that exists", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* opens(it, "zoe@outlook.com")
      yield* opens(it, "zoe@outlook.com")
      assert.lengthOf((yield* it.world).identity.contentGuests, 1)
      yield* it.wait(minutes(contentGuestDelayMinutes))
      assert.lengthOf((yield* it.world).identity.contentGuests, 0)
      yield* opens(it, "zoe@outlook.com")
      assert.lengthOf((yield* it.world).identity.contentGuests, 0)
    }),
  )

  it.effect("[IDN-139] is nothing that a work account or a refused sign-in leaves", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        { _tag: "PersonChanged", address: "zoe@outlook.com", accountEnabled: false, at: start },
      ])
      yield* opens(it, "nina@fabrikam.com")
      assert.strictEqual((yield* opens(it, "zoe@outlook.com")).decision.outcome, "deny")
      assert.lengthOf((yield* it.world).identity.contentGuests, 0)
    }),
  )
})
