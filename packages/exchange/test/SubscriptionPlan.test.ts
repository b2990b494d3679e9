import { assert, describe, it } from "@effect/vitest"
import {
  hasAdvancedMessageEncryption,
  hasExpiryAndRevocation,
  hasMessageEncryption,
  SubscriptionPlan,
} from "../src/SubscriptionPlan.ts"

/** EXO-006, EXO-007: what the pages list; everything else brings neither. */
const withEncryption = [
  "Office 365 E3",
  "Office 365 A3",
  "Microsoft 365 Business Premium",
  "Microsoft 365 E3",
]
const withAdvanced = ["Office 365 E5", "Office 365 A5", "Microsoft 365 E5"]

describe("plans", () => {
  it.each(SubscriptionPlan.literals)("[EXO-006] [EXO-007] [EXO-008] %s", (plan) => {
    const isAddOn = / with (Microsoft|Office) 365 /.test(plan)
    const isAdvanced = withAdvanced.includes(plan) || isAddOn
    const isEncrypting =
      isAdvanced || withEncryption.includes(plan) || plan.includes("Azure Information Protection")
    for (const hasPremiumEncryption of [true, false]) {
      const subscription = { plan, hasPremiumEncryption }
      assert.strictEqual(hasMessageEncryption(subscription), isEncrypting)
      assert.strictEqual(hasAdvancedMessageEncryption(subscription), isAdvanced)
      assert.strictEqual(hasExpiryAndRevocation(subscription), isAdvanced && hasPremiumEncryption)
    }
  })
})
