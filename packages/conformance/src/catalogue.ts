import { Schema } from "effect"
import crypto from "../catalogue/crypto.json" with { type: "json" }
import datacenter from "../catalogue/datacenter.json" with { type: "json" }
import exchange from "../catalogue/exchange.json" with { type: "json" }
import identity from "../catalogue/identity.json" with { type: "json" }
import mip from "../catalogue/mip.json" with { type: "json" }
import spo from "../catalogue/spo.json" with { type: "json" }
import { Claim } from "./Claim.ts"

const decode = Schema.decodeUnknownSync(Schema.Array(Claim))

/** Every claim, by id in ascending order within its domain. Reading it costs a few milliseconds. */
export const loadCatalogue = (): readonly Claim[] =>
  [crypto, datacenter, exchange, identity, mip, spo].flatMap((claims) => decode(claims))

/** The ids alone, without checking the rest: quick enough for `twin check`. */
export const claimIds = (): ReadonlySet<string> =>
  new Set([crypto, datacenter, exchange, identity, mip, spo].flat().map(({ id }) => id))
