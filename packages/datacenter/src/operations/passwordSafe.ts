import { KeyVault } from "@twin/crypto"
import { Effect } from "effect"
import type { JitAccount } from "../JitAccount.ts"
import { type DatacenterWorld, jitAccountsOf } from "../State.ts"

/** A machine-generated password, new for this account; only its name is known outside (DCO-050). */
export const issuePassword = Effect.fn("issuePassword")(function* (account: JitAccount) {
  const vault = yield* KeyVault
  yield* vault.createSymmetricKey(account.credential)
})

/** Whether the safe still holds the account's password. */
export const hasPassword = Effect.fn("hasPassword")(function* (account: JitAccount) {
  const vault = yield* KeyVault
  return yield* vault.has(account.credential)
})

/**
 * Destroys the passwords of accounts that are gone. Deadlines are pure, so the password of an
 * account that ran out is destroyed here, a moment later; the account itself is gone already.
 */
export const destroyDeadPasswords = Effect.fn("destroyDeadPasswords")(function* (
  world: Pick<DatacenterWorld, "datacenter">,
) {
  const vault = yield* KeyVault
  let destroyed = 0
  for (const { state, credential } of jitAccountsOf(world)) {
    if (state !== "Deleted" || !(yield* vault.has(credential))) continue
    yield* vault.destroyKey(credential)
    destroyed += 1
  }
  return destroyed
})
