import type { CryptoEvent } from "@twin/crypto"
import type { IdentityEvent } from "@twin/identity"
import type { MipEvent } from "./MipEvent.ts"

/** What operations of this domain leave behind: events of its own and of the domains below. */
export type DomainEvent = MipEvent | CryptoEvent | IdentityEvent
