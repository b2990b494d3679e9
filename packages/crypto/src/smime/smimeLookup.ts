import type { CryptoWorld } from "../State.ts"
import { defaultSmimeConfig, type SmimeConfig } from "./SmimeConfig.ts"

/** What is in force: what was set, and the defaults for the rest. */
export const smimeConfigOf = (world: CryptoWorld): SmimeConfig => ({
  ...defaultSmimeConfig,
  ...world.crypto.smime.changes,
})

/** Roots and intermediates that the organization has given to the service, PEM. */
export const smimeAuthoritiesOf = (world: CryptoWorld): readonly string[] =>
  world.crypto.smime.issuingAuthorities
