import { organizationOf } from "@twin/identity"
import type { Actor, Call } from "@twin/kernel"
import { scrub } from "../InternalRecord.ts"
import type { DatacenterWorld } from "../State.ts"

export type DatacenterCall = Call<DatacenterWorld>

/** The caller as the internal log names them: a tenant's people only as a hash (DCO-207). */
export const callerOf = (actor: Actor): { readonly who: string; readonly where: string } =>
  actor.kind === "datacenter-engineer" || actor.kind === "system" || actor.kind === "attacker"
    ? { who: actor.id.toLowerCase(), where: actor.client.ipAddress }
    : { who: scrub(actor.id), where: scrub(actor.client.ipAddress) }

/** Only people of the service have an account here; a tenant's or corporate identity has none. */
export const engineerAlias = (actor: Actor): string =>
  actor.kind === "datacenter-engineer" ? actor.id.toLowerCase() : ""

/** The tenants that this service serves in the twin: one, by its initial domain. */
export const tenantsOf = (world: DatacenterWorld): readonly string[] => {
  const tenant = organizationOf(world)?.initialDomain
  return tenant === undefined ? [] : [tenant]
}

/** A tenant as somebody writes it (any of its domains), by its initial domain. */
export const canonicalTenant = (world: DatacenterWorld, named: string): string => {
  const organization = organizationOf(world)
  const wanted = named.trim().toLowerCase()
  const isOwn = organization?.verifiedDomains.some((it) => it.toLowerCase() === wanted) ?? false
  return isOwn && organization !== undefined ? organization.initialDomain : wanted
}
