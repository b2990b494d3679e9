import { domain } from "@twin/kernel"
import { evolveIdentity } from "./evolve.ts"
import { IdentityEvent } from "./IdentityEvent.ts"
import { identityOperations } from "./operations/table.ts"
import { type IdentityState, type IdentityWorld, initialState } from "./State.ts"

/** Entra ID as a domain of the tenant: the slice `world.identity`. */
export const identityDomain = domain<IdentityWorld, IdentityState, IdentityEvent, IdentityEvent>({
  name: "identity",
  initial: initialState,
  events: IdentityEvent,
  evolve: evolveIdentity,
  operations: identityOperations,
})
