import type { CryptoEvent, CryptoServices } from "@twin/crypto"
import { type IdentityEvent, roles } from "@twin/identity"
import {
  decideByGates,
  type Operation,
  type OperationSpec,
  operation,
  type Ruling,
} from "@twin/kernel"
import type { MipEvent } from "@twin/mip"
import type { Schema } from "effect"
import { networkLocation } from "../decisions/siteGates.ts"
import { networkLocationOf } from "../in-force/networkLocation.ts"
import type { SpoEvent } from "../SpoEvent.ts"
import type { SpoWorld } from "../State.ts"

/** What an operation of this domain may leave behind: its own events and those of the domains below. */
export type EmittedEvent = SpoEvent | MipEvent | IdentityEvent | CryptoEvent

export type SpoOperation = Operation<SpoWorld, EmittedEvent, CryptoServices>

export type SpoRuling = Ruling<EmittedEvent>

/** Who runs the cmdlets of the module. */
const administrators = [roles.sharePointAdministrator, roles.globalAdministrator] as const

/** What the module says to anybody else. */
const notAdministrator = {
  code: "UnauthorizedAccess",
  message:
    "Current site is not a tenant administration site, or you are not a SharePoint Administrator.",
}

/**
 * A cmdlet of the SharePoint module: for administrators, and from an allowed network only, because
 * the limit of networks binds the shell as well (SPO-217).
 */
export const cmdlet = <F extends Schema.Struct.Fields, R extends CryptoServices = never>(
  spec: Omit<OperationSpec<SpoWorld, EmittedEvent, F, R>, "roles" | "roleRefusal">,
): SpoOperation =>
  operation<SpoWorld, EmittedEvent, F, R>({
    ...spec,
    roles: administrators,
    roleRefusal: notAdministrator,
    decide: (call, params) => {
      const { ipAddress } = call.actor.client
      const network = decideByGates([networkLocation], {
        network: networkLocationOf(call.world, ipAddress),
      })
      return network.outcome === "allow" ? spec.decide(call, params) : { decision: network }
    },
  })
