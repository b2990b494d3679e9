import { organizationOf } from "@twin/identity"
import type { ExchangeWorld } from "./State.ts"

/**
 * The domain from which the service itself writes: the one that was made the default, else the first
 * verified one; undefined where there is no organization.
 */
export const defaultDomainOf = (world: ExchangeWorld): string | undefined => {
  const organization = organizationOf(world)
  const [first = organization?.initialDomain] = organization?.verifiedDomains ?? []
  return world.exchange.defaultDomain ?? first
}
