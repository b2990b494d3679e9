import type { DomainEvent } from "@twin/mip"

/** What one step of mail flow leaves behind in the domains below. */
export type LowerEvent = DomainEvent
