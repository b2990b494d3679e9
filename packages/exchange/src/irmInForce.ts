import { inForce } from "@twin/kernel"
import { keySharing } from "./eras.ts"
import type { IrmConfiguration } from "./IrmConfiguration.ts"
import { type ExchangeWorld, irmConfigurationOf, publishingDomainsOf } from "./State.ts"

/** Whether Exchange Online already has the keys of rights management, or an import brought them (EXO-037). */
export const hasRightsKeys = (world: ExchangeWorld, now: number): boolean =>
  inForce(keySharing, now) === "automatic" || publishingDomainsOf(world).length > 0

/**
 * The configuration as it acts. Before the service shared its keys by itself nothing was licensed until a
 * trusted publishing domain was imported (EXO-037, MIP-262).
 */
export const irmInForce = (world: ExchangeWorld, now: number): IrmConfiguration => {
  const irm = irmConfigurationOf(world)
  return {
    ...irm,
    InternalLicensingEnabled: irm.InternalLicensingEnabled && hasRightsKeys(world, now),
  }
}
