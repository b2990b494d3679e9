import { datacenterBaseline } from "@twin/datacenter"
import { type Actor, days, defaultClient } from "@twin/kernel"
import { Effect } from "effect"
import { contosoTenantId, directoryEvents } from "./contosoDirectory.ts"
import { labelEvents } from "./contosoLabels.ts"
import { addressOf } from "./contosoPeople.ts"
import { documents, siteEvents } from "./contosoSites.ts"
import type { TenantSimulation } from "./TenantWorld.ts"

/** What a baseline needs to know to set a tenant up. */
export interface BaselineOptions {
  readonly seed: string
  /** Members besides the named ones. */
  readonly people: number
}

/**
 * Contoso: twelve named people, four sites, four labels, the partner Fabrikam and three people with
 * accounts of other kinds. Everything goes through the journal; documents are really uploaded.
 */
export const establishContoso = Effect.fnUntraced(function* (
  simulation: TenantSimulation,
  { seed, people }: BaselineOptions,
) {
  // Everything was there for a while before the story begins.
  const now = (yield* simulation.now) - days(30)
  yield* simulation.establish("establish-directory", [
    { _tag: "OrganizationNamed", organizationId: contosoTenantId(seed) },
    ...directoryEvents({ seed, now, people }),
  ])
  yield* simulation.establish("establish-labels", labelEvents({ seed, now }))
  yield* simulation.establish("establish-sites", siteEvents(yield* simulation.world, now))
  yield* simulation.establish("establish-datacenter", datacenterBaseline(now))
  for (const { by, ...params } of documents) {
    const actor: Actor = {
      id: addressOf(by),
      kind: "member",
      roles: [],
      client: { ...defaultClient, app: "office-desktop" },
    }
    yield* simulation.call(actor, "upload-file", params)
  }
})
