import { assert, describe, it } from "@effect/vitest"
import { evaluateToken, type TokenFacets } from "../../src/decisions/evaluateToken.ts"
import { verdict } from "../world.ts"

const good: TokenFacets = {
  form: "readable",
  signature: "good",
  issuer: "https://login.microsoftonline.com/own/v2.0",
  isOwnIssuer: true,
  audience: "app",
  expectedAudience: "app",
  lifetime: "current",
  criticalEvent: "none",
  isLocationAllowed: true,
}

describe("what a resource looks at before it believes a token", () => {
  it("[IDN-252] believes a token in which everything is right", () => {
    assert.strictEqual(verdict({ decision: evaluateToken(good) }), "allow")
  })

  it.each([
    ["deny token-form", { form: "unreadable" }],
    [
      "deny token-issuer",
      { issuer: "https://login.microsoftonline.com/other", isOwnIssuer: false },
    ],
    ["deny token-audience", { audience: "another app" }],
  ] as const)("[IDN-252] %s where that alone is wrong", (expected, wrong) => {
    assert.strictEqual(verdict({ decision: evaluateToken({ ...good, ...wrong }) }), expected)
  })
})
