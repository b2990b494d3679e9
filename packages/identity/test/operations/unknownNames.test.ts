import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { lab, verdict } from "../world.ts"

describe("names that nobody and nothing has", () => {
  it.effect.each([
    ["detect-user-risk", { user: "nobody@nowhere.example", level: "high" }, "deny account-known"],
    ["read-home-sign-in-log", { tenant: "no-such-tenant" }, "deny home-organization"],
    [
      "Remove-MgIdentityGovernanceAccessReviewDefinition",
      { AccessReviewScheduleDefinitionId: "no-such-review" },
      "deny review-known",
    ],
  ] as const)("%s says so and changes nothing", ([operation, params, expected]) =>
    Effect.gen(function* () {
      const bench = yield* lab()
      const before = yield* bench.world
      const answer = yield* bench.as("ivan", operation, params)
      assert.strictEqual(verdict(answer), expected)
      assert.deepStrictEqual(answer.output, [])
      assert.deepStrictEqual((yield* bench.world).identity.userRisks, before.identity.userRisks)
      assert.deepStrictEqual((yield* bench.world).identity.governance, before.identity.governance)
    }),
  )
})
