import { andThen, type Domain, type Operation, type Tagged } from "@twin/kernel"
import { Effect } from "effect"
import type { MipWorld } from "../State.ts"
import { serviceRolesOf } from "../serviceRoles.ts"
import { evaluateAipSession } from "./aipCmdlet.ts"

/**
 * A cmdlet of the AIPService module that another domain implements: it asks for the session as the
 * module's own cmdlets do, and takes the service's own administrators for global ones (MIP-009,
 * MIP-010).
 */
export const withAipSession = <World extends MipWorld, Event, R>(
  operation: Operation<World, Event, R>,
): Operation<World, Event, R> => ({
  ...operation,
  rule: (call, params) => {
    const session = evaluateAipSession(call)
    const isOwn = serviceRolesOf(call.world, call.actor.id).includes("GlobalAdministrator")
    const roles = isOwn ? [...call.actor.roles, "Global Administrator"] : call.actor.roles
    const asked = { ...call, actor: { ...call.actor, roles } }
    return Effect.map(operation.rule(asked, params), (ruling) => {
      const decision = andThen(session, () => ruling.decision)
      return session.outcome === "allow" ? { ...ruling, decision } : { decision }
    })
  },
})

/** A domain whose cmdlets of the module stand under the session; the others stay as they are. */
export const underAipSession = <World extends MipWorld, Event extends Tagged, R>(
  domain: Domain<World, Event, R>,
): Domain<World, Event, R> => ({
  ...domain,
  operations: domain.operations.map((it) =>
    /^[A-Z][a-z]+-AipService/.test(it.name) ? withAipSession(it) : it,
  ),
})
