import { andThen, type Derivation, deriveOperation } from "@twin/kernel"
import { Effect } from "effect"
import { rolesTowards } from "../decisions/evaluateUnitScope.ts"
import { groupOf, userOf } from "../directory.ts"
import type { IdentityWorld } from "../State.ts"
import type { IdentityOperation } from "./logged.ts"

/** Which parameter of an operation names the object that it changes. */
const targets: Readonly<
  Record<string, { readonly parameter: string; readonly of: "user" | "group" }>
> = {
  "Update-MgUser": { parameter: "UserId", of: "user" },
  "Remove-MgUser": { parameter: "UserId", of: "user" },
  "Revoke-MgUserSignInSession": { parameter: "UserId", of: "user" },
  "disable-account": { parameter: "user", of: "user" },
  "enable-account": { parameter: "user", of: "user" },
  "Update-MgGroup": { parameter: "GroupId", of: "group" },
  "Remove-MgGroup": { parameter: "GroupId", of: "group" },
  "New-MgGroupMember": { parameter: "GroupId", of: "group" },
  "Remove-MgGroupMemberByRef": { parameter: "GroupId", of: "group" },
  "New-MgGroupSetting": { parameter: "GroupId", of: "group" },
  "Update-MgGroupSetting": { parameter: "GroupId", of: "group" },
  "Remove-MgGroupSetting": { parameter: "GroupId", of: "group" },
  "Reset-EntraStrongAuthenticationMethodByUpn": { parameter: "UserPrincipalName", of: "user" },
}

const objectIdIn = (world: IdentityWorld, name: string, params: unknown): string | undefined => {
  const target = Object.hasOwn(targets, name) ? targets[name] : undefined
  if (target === undefined || typeof params !== "object" || params === null) return undefined
  const given = Object.entries(params).find(([key]) => key === target.parameter)?.[1]
  if (typeof given !== "string") return undefined
  return (target.of === "user" ? userOf(world, given) : groupOf(world, given))?.id
}

/**
 * The same operation, which counts the roles that its actor has over administrative units: for what is
 * in the unit and for nothing else.
 */
export const withinUnits = (it: IdentityOperation): IdentityOperation =>
  !Object.hasOwn(targets, it.name)
    ? it
    : {
        ...it,
        rule: (call, params) => {
          const objectId = objectIdIn(call.world, it.name, params)
          if (objectId === undefined) return it.rule(call, params)
          const { actor, now } = call
          const { roles, decision } = rolesTowards(call.world, { actor, objectId, now })
          if (decision === undefined) return it.rule(call, params)
          if (decision.outcome !== "allow") return Effect.succeed({ decision })
          return Effect.map(it.rule({ ...call, actor: { ...actor, roles } }, params), (ruling) => ({
            ...ruling,
            decision: andThen(decision, () => ruling.decision),
          }))
        },
      }

/** The operation of another module: it asks for units as its source does. */
export const derived = (
  source: IdentityOperation,
  derivation: Derivation<IdentityWorld>,
): IdentityOperation => deriveOperation(withinUnits(source), derivation)
