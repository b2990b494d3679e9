import type { Operation } from "@twin/kernel"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"

/** Every operation of the domain. */
export const identityOperations: readonly Operation<IdentityWorld, IdentityEvent>[] = []
