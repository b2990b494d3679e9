import type { Client } from "@twin/kernel"
import { normalizeAddress } from "../Address.ts"
import { resourceIdOf, signInTargetOf } from "../applications.ts"
import type { ExternalUserType } from "../ConditionalAccessPolicy.ts"
import { type DirectoryUser, isExternalUser } from "../DirectoryUser.ts"
import { personOf, sessionOf, userOf } from "../directory.ts"
import type { Person } from "../Person.ts"
import type { DeviceAttributes } from "../rules/deviceFilter.ts"
import type { Session } from "../Session.ts"
import type { IdentityWorld } from "../State.ts"
import { externalUserTypesOf } from "./externalUserTypes.ts"
import { boundProviderOf, type Discovered, discoverProvider } from "./identityProvider.ts"
import type { SignInContext } from "./SignInContext.ts"

/** May this person get a token for this application, with this client, now? */
export interface SignInQuestion {
  readonly world: IdentityWorld
  /** Address or principal name. */
  readonly address: string
  /** Application id or display name. */
  readonly app: string
  /** A token request names a resource; a sign-in names the application itself (IDN-276). */
  readonly asksFor?: "application" | "resource"
  readonly client: Client
  readonly now: number
  /** `invitation`: through the link of the invitation mail, which also finds an alias (IDN-092). */
  readonly route?: "direct" | "invitation" | "direct-connect"
  /** The guest that an invitation link leads to. */
  readonly invitedUser?: DirectoryUser
  /** Derived from the client unless given; legacy protocols have no client of their own. */
  readonly clientAppType?: SignInContext["clientAppType"]
  readonly platform?: string
  /** Country of the address, two letters; not recorded if absent. */
  readonly country?: string
  /** Instead of an application: what the person wants to do, e.g. `urn:user:registersecurityinfo`. */
  readonly userAction?: string
  /** Authentication context that the resource asks for (IDN-160). */
  readonly authenticationContext?: string
  /** Scopes of the request; absent where more than the baseline is asked for (IDN-162). */
  readonly scopes?: readonly string[]
  /** Id of the client, where it is an application that keeps a secret of its own. */
  readonly confidentialClient?: string
  /** What the risk engine of this tenant makes of the sign-in; nothing if absent (IDN-167). */
  readonly signInRiskLevel?: string
  /** What the device says about itself, by the attributes of filters; only its management is known if absent. */
  readonly device?: DeviceAttributes
  /** Whether an app protection policy manages the client; not recorded if absent. */
  readonly isAppProtected?: boolean
  readonly hasWrongPassword?: boolean
  /** False: nothing can be shown, so what is missing is said in another code (IDN-274). */
  readonly isInteractive?: boolean
  /** Address of the tenant itself unless `common`, where the organization may be picked (IDN-061). */
  readonly endpoint?: "tenant" | "common" | "common-organization"
  /** "Use another account", and the address typed again (IDN-059). */
  readonly usesAnotherAccount?: boolean
  /** Inside an app, in a web view that is not the system's browser (IDN-063). */
  readonly isEmbeddedWebView?: boolean
  /** Which of two accounts of the same address the person picks (IDN-034). */
  readonly chosenProvider?: "microsoftAccount"
  /** What the person has just proven, instead of what was recorded earlier. */
  readonly session?: Session
}

/** The same question with everything looked up. */
export interface SignInSubject {
  readonly question: SignInQuestion
  readonly person: Person | undefined
  readonly user: DirectoryUser | undefined
  readonly isInternal: boolean
  readonly provider: Discovered
  readonly isBound: boolean
  readonly session: Session | undefined
  readonly appId: string | undefined
  readonly externalUserTypes: readonly ExternalUserType[]
}

/**
 * The user object behind a sign-in. Only the address that the provider vouches for counts: a guest
 * invited under an alias is found through the invitation link, not directly (IDN-092, IDN-093). A
 * bare mailbox proves exactly the address that was typed.
 */
const userBehind = (
  question: SignInQuestion,
  person: Person | undefined,
): DirectoryUser | undefined => {
  const { world, address, invitedUser } = question
  if (person === undefined) return userOf(world, address)
  if (question.route === "invitation" && invitedUser !== undefined) {
    const invited = normalizeAddress(invitedUser.invitedAddress ?? invitedUser.mail ?? "")
    return [person.address, ...person.aliases].includes(invited) ? invitedUser : undefined
  }
  const typed = person.account === "mail-only" ? userOf(world, address) : undefined
  return typed ?? userOf(world, person.address)
}

/** Looks everything up once; gates and policies read the result. */
export const signInSubject = (question: SignInQuestion): SignInSubject => {
  const { world, address, app, asksFor, now } = question
  const appId = asksFor === "resource" ? resourceIdOf(world, app) : signInTargetOf(world, app)
  const person = personOf(world, address)
  const user = userBehind(question, person)
  const bound = user === undefined ? undefined : boundProviderOf(user)
  const found = person === undefined ? "none" : discoverProvider(world, person, now)
  const chosen =
    question.chosenProvider !== undefined && person?.hasMicrosoftAccount === true
      ? question.chosenProvider
      : found
  return {
    question,
    person,
    user,
    isInternal: user !== undefined && !isExternalUser(user),
    provider: bound ?? chosen,
    isBound: bound !== undefined,
    session: question.session ?? sessionOf(world, person?.address ?? address, now),
    appId,
    externalUserTypes: externalUserTypesOf({
      world,
      person,
      user,
      appId,
      isDirectConnect: question.route === "direct-connect",
    }),
  }
}

/** What Conditional Access calls the client (IDN-164). */
export const clientAppTypeOf = ({
  client,
  clientAppType,
}: Pick<SignInQuestion, "client" | "clientAppType">): SignInContext["clientAppType"] => {
  if (clientAppType !== undefined) return clientAppType
  switch (client.app) {
    case "browser":
    case "office-web":
    case "outlook-web":
    case "encrypted-message-portal":
      return "browser"
    default:
      return "mobileAppsAndDesktopClients"
  }
}
