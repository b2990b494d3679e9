import { isExternalUser, organizationOf, personOf, userOf } from "@twin/identity"
import type { IdentityClass } from "./Software.ts"
import type { MipWorld } from "./State.ts"

/**
 * The rows of the matrix somebody stands in: the account that the person has, and the guest account
 * in this tenant where there is an accepted one. An address nobody has cannot be authenticated.
 */
export const identityClassesOf = (world: MipWorld, address: string): readonly IdentityClass[] => {
  const user = userOf(world, address)
  if (user !== undefined && !isExternalUser(user)) {
    return [user.userType === "Member" ? "work-own-tenant" : "guest"]
  }
  const classes: IdentityClass[] = []
  const person = personOf(world, address)
  switch (person?.account) {
    case "entra":
      // A work account of this tenant without a user object was deleted.
      if (person.homeTenant !== organizationOf(world)?.tenantId) classes.push("work-other-tenant")
      break
    case "microsoft-account":
      classes.push("microsoft-account")
      break
    case "google":
      classes.push("social-sign-in")
      break
    case "unmanaged":
      classes.push("work-other-tenant")
      break
    // The apps know no SAML or WS-Fed provider: what is left is a code by mail.
    case "federated":
    case "mail-only":
      classes.push("one-time-passcode")
      break
    case undefined:
      break
  }
  // MIP-181: a Microsoft account can carry an address of any provider.
  if (person?.hasMicrosoftAccount === true && person.account !== "microsoft-account") {
    classes.push("microsoft-account")
  }
  if (user?.externalUserState === "Accepted") classes.push("guest")
  return classes.length === 0 ? ["none"] : classes
}

/** One address for a person, whichever of theirs was given. */
export const canonicalAddress = (world: MipWorld, address: string): string =>
  personOf(world, address)?.address ?? address.trim().toLowerCase()
