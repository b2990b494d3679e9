import { type Due, decideByGates, gate, minutes, pass } from "@twin/kernel"
import { guestUserPrincipalName } from "./Address.ts"
import { type DirectoryUser, memberUser } from "./DirectoryUser.ts"
import { organizationOf, personOf, userOf } from "./directory.ts"
import type { IdentityEvent } from "./IdentityEvent.ts"
import type { IdentityWorld } from "./State.ts"

/** How long it takes until the guest object is there: not at once, the time is not said (IDN-139). */
export const contentGuestDelayMinutes = 15

/**
 * Somebody with a Microsoft account has opened encrypted content of this tenant in an Office app: a
 * guest object follows, unless the directory has an object of that name (IDN-139).
 *
 * @param objectId for the new object, drawn by the caller
 */
export const contentGuestEvents = (
  world: IdentityWorld,
  opened: { readonly address: string; readonly objectId: string; readonly now: number },
): readonly IdentityEvent[] => {
  const { address, objectId, now } = opened
  const person = personOf(world, address)
  const organization = organizationOf(world)
  if (person?.account !== "microsoft-account" || organization === undefined) return []
  const userPrincipalName = guestUserPrincipalName(person.address, organization.initialDomain)
  const isKnown =
    userOf(world, person.address) !== undefined || userOf(world, userPrincipalName) !== undefined
  const isExpected = world.identity.contentGuests.some(
    ({ user }) => user.userPrincipalName === userPrincipalName,
  )
  if (isKnown || isExpected) return []
  const createdAt = now + minutes(contentGuestDelayMinutes)
  const user: DirectoryUser = memberUser({
    id: objectId,
    userPrincipalName,
    displayName: person.displayName,
    mail: person.address,
    userType: "Guest",
    externalUserState: "Accepted",
    externalUserStateChangedAt: createdAt,
    identities: [{ signInType: "federated", issuer: "MicrosoftAccount" }],
    invitedAddress: person.address,
    showInAddressList: false,
    createdAt,
  })
  return [{ _tag: "ContentGuestExpected", user, at: now }]
}

const replicated = gate<{ readonly delayMinutes: number }>()({
  name: "guest-replicated",
  facts: ["IDN-139", "MIP-178"],
  reads: ["delayMinutes"],
  check: ({ delayMinutes }) =>
    pass(
      "The guest of a Microsoft account that opened encrypted content is in the directory now.",
      {
        delayMinutes,
      },
    ),
})

/** Guest objects that are due; the object appears through the event that every user appears by. */
export const dueContentGuests = (
  world: IdentityWorld,
  until: number,
): readonly Due<IdentityEvent>[] =>
  world.identity.contentGuests
    .filter(({ user }) => user.createdAt <= until)
    .map(({ user }) => ({
      at: user.createdAt,
      name: "guest-replicated",
      decision: decideByGates([replicated], { delayMinutes: contentGuestDelayMinutes }),
      events: [{ _tag: "UserCreated", user }],
    }))
