import {
  andThen,
  type Call,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { evaluateUserChange } from "../decisions/evaluateUserChange.ts"
import { rolesOf, userOf } from "../directory.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"

/** An authentication administrator resets people without weighty roles, the privileged one everybody. */
const methodManagers: readonly string[] = [
  roles.authenticationAdministrator,
  roles.privilegedAuthenticationAdministrator,
  roles.globalAdministrator,
]

/** Holders of these alone are within everybody's reach. */
const lightRoles: readonly string[] = [
  roles.authenticationAdministrator,
  roles.directoryReaders,
  roles.guestInviter,
  roles.reportsReader,
]

interface ResetFacets {
  readonly isTargetPrivileged: boolean
  readonly isActorPrivileged: boolean
}

const withinReach = gate<ResetFacets>()({
  name: "administrator-reach",
  facts: ["IDN-172"],
  reads: ["isTargetPrivileged", "isActorPrivileged"],
  check: (facets) =>
    facets.isTargetPrivileged && !facets.isActorPrivileged
      ? deny(
          "A holder of this role can be reset by a privileged authentication administrator only.",
          { ...facets },
          requestDenied,
        )
      : pass("The role reaches this user.", { ...facets }),
})

const resetGates: GateRules<ResetFacets> = [withinReach]

const evaluateReset = ({ world, actor, now }: Call<IdentityWorld>, name: string): Decision =>
  decideByGates(resetGates, {
    isTargetPrivileged: rolesOf(world, name, now).some((it) => !lightRoles.includes(it)),
    isActorPrivileged: actor.roles.some(
      (it) => it !== roles.authenticationAdministrator && methodManagers.includes(it),
    ),
  })

/** For a guest these are the methods registered here; those of the home tenant stay (IDN-172). */
export const resetStrongAuthentication = operation({
  name: "Reset-EntraStrongAuthenticationMethodByUpn",
  summary: "Takes the second factors off a user, who has to register again at the next sign-in.",
  params: Schema.Struct({
    UserPrincipalName: Schema.NonEmptyString.annotate({
      description: "Principal name of the user",
    }),
  }),
  binding: {
    pipeline: "UserPrincipalName",
    aliases: {
      UserId: "UserPrincipalName",
      Identity: "UserPrincipalName",
      UPN: "UserPrincipalName",
      ObjectId: "UserPrincipalName",
    },
  },
  roles: methodManagers,
  roleRefusal: requestDenied,
  facts: ["IDN-172"],
  decide: (call: Call<IdentityWorld>, { UserPrincipalName: name }): Ruling<IdentityEvent> => {
    const { world, now } = call
    const decision = andThen(evaluateUserChange({ world, change: "update", idOrName: name }), () =>
      evaluateReset(call, name),
    )
    const user = userOf(world, name)
    if (decision.outcome !== "allow" || user === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "UserUpdated", userId: user.id, changes: { mfaMethods: [] }, at: now }],
      audit: [auditLine("Admin deleted security info", user.userPrincipalName)],
    }
  },
})
