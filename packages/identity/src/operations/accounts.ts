import { type Call, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { evaluateUserChange } from "../decisions/evaluateUserChange.ts"
import { userOf } from "../directory.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { userManagers } from "./users.ts"

const switchAccount = (
  call: Call<IdentityWorld>,
  idOrName: string,
  accountEnabled: boolean,
): Ruling<IdentityEvent> => {
  const { world, now } = call
  const decision = evaluateUserChange({ world, change: "update", idOrName })
  const user = userOf(world, idOrName)
  if (decision.outcome !== "allow" || user === undefined) return { decision }
  return {
    decision,
    events: [{ _tag: "UserUpdated", userId: user.id, changes: { accountEnabled }, at: now }],
    audit: [
      auditLine(accountEnabled ? "Enable account" : "Disable account", user.userPrincipalName),
    ],
    output: [{ id: user.id, userPrincipalName: user.userPrincipalName, accountEnabled }],
  }
}

const account = Schema.Struct({
  user: Schema.NonEmptyString.annotate({ description: "Principal name, address or object id" }),
})

/** Blocks the sign-in; memberships and permissions stay (IDN-013). */
export const disableAccount = operation({
  name: "disable-account",
  summary: "Blocks a user of the tenant from signing in.",
  params: account,
  roles: userManagers,
  roleRefusal: requestDenied,
  facts: ["IDN-013"],
  decide: (call: Call<IdentityWorld>, { user }) => switchAccount(call, user, false),
})

export const enableAccount = operation({
  name: "enable-account",
  summary: "Lets a blocked user of the tenant sign in again.",
  params: account,
  roles: userManagers,
  roleRefusal: requestDenied,
  facts: ["IDN-013"],
  decide: (call: Call<IdentityWorld>, { user }) => switchAccount(call, user, true),
})
