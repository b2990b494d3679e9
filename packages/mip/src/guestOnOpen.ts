import { memberUser, organizationOf, personOf, userOf } from "@twin/identity"
import { type Due, decideByGates, gate, makeDraw, minutes, pass } from "@twin/kernel"
import { HashMap } from "effect"
import type { DomainEvent } from "./DomainEvent.ts"
import { canonicalAddress, identityClassesOf } from "./identityClass.ts"
import type { MipEvent } from "./MipEvent.ts"
import type { OpenRequest } from "./requests.ts"
import { ledgerOf, type MipWorld } from "./State.ts"

/** How long it takes until the guest is there: the sources only say that there is a delay. */
export const guestReplicationMinutes = 15

/**
 * The first content that somebody opens with a Microsoft account makes a guest of that name in the
 * owner's tenant, unless there is one (MIP-178).
 */
export const guestPromise = ({ world, address, now }: OpenRequest): readonly MipEvent[] => {
  const self = canonicalAddress(world, address)
  const isDue =
    identityClassesOf(world, self).includes("microsoft-account") &&
    userOf(world, self) === undefined &&
    !HashMap.has(ledgerOf(world).promisedGuests, self)
  return isDue ? [{ _tag: "GuestPromised", address: self, at: now }] : []
}

const promised = gate<{ readonly address: string }>()({
  name: "guest-by-opening",
  facts: ["MIP-178"],
  reads: ["address"],
  check: ({ address }) =>
    pass("Opening content with a Microsoft account has made a guest.", { address }),
})

/** Guests whose replication has come to an end. */
export const dueGuests = (world: MipWorld, until: number): readonly Due<DomainEvent>[] =>
  HashMap.toEntries(ledgerOf(world).promisedGuests)
    .map(([address, since]) => ({ address, at: since + minutes(guestReplicationMinutes) }))
    .filter(({ address, at }) => at <= until && userOf(world, address) === undefined)
    .toSorted((a, b) => a.at - b.at || (a.address < b.address ? -1 : 1))
    .map(({ address, at }) => ({
      at,
      name: "guest-by-opening",
      decision: decideByGates([promised], { address }),
      events: [guestOf(world, address, at)],
    }))

const guestOf = (world: MipWorld, address: string, at: number): DomainEvent => ({
  _tag: "UserCreated",
  user: {
    ...memberUser({
      id: makeDraw(`guest ${address}`).guid("object id"),
      userPrincipalName: `${address.replace("@", "_")}#EXT#@${organizationOf(world)?.initialDomain ?? ""}`,
      displayName: personOf(world, address)?.displayName ?? address,
      mail: address,
    }),
    proxyAddresses: [`SMTP:${address}`],
    userType: "Guest",
    creationType: "Invitation",
    externalUserState: "Accepted",
    externalUserStateChangedAt: at,
    identities: [
      { signInType: "federated", issuer: "MicrosoftAccount", issuerAssignedId: address },
    ],
    invitedAddress: address,
    createdAt: at,
  },
})
