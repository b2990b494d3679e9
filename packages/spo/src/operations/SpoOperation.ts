import type { CryptoEvent, CryptoServices } from "@twin/crypto"
import { type IdentityEvent, roles } from "@twin/identity"
import type { Operation, Ruling } from "@twin/kernel"
import type { MipEvent } from "@twin/mip"
import type { SpoEvent } from "../SpoEvent.ts"
import type { SpoWorld } from "../State.ts"

/** What an operation of this domain may leave behind: its own events and those of the domains below. */
export type EmittedEvent = SpoEvent | MipEvent | IdentityEvent | CryptoEvent

export type SpoOperation = Operation<SpoWorld, EmittedEvent, CryptoServices>

export type SpoRuling = Ruling<EmittedEvent>

/** Who runs the cmdlets of the module. */
export const administrators = [roles.sharePointAdministrator, roles.globalAdministrator] as const

/** What the module says to anybody else. */
export const notAdministrator = {
  code: "UnauthorizedAccess",
  message:
    "Current site is not a tenant administration site, or you are not a SharePoint Administrator.",
}
