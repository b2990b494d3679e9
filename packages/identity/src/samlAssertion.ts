import { isoOf, minutes } from "@twin/kernel"
import type { Application } from "./Application.ts"
import { type DirectoryUser, isExternalUser } from "./DirectoryUser.ts"
import { groupsOfObject } from "./directory.ts"
import type { Group } from "./Group.ts"
import type { Session } from "./Session.ts"
import type { IdentityWorld } from "./State.ts"
import {
  authenticationMethods,
  groupClaimLimits,
  identityProviderClaim,
  issuers,
  pairwiseSubject,
} from "./tokenClaims.ts"

export const nameIdFormats = {
  persistent: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  emailAddress: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
  unspecified: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
  transient: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
} as const
export type NameIdFormat = keyof typeof nameIdFormats

export const assertionNamespace = "urn:oasis:names:tc:SAML:2.0:assertion"

const identity = "http://schemas.microsoft.com/identity/claims"
const soap = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"

/** The names of the attributes of an assertion (the SAML token claims reference). */
export const samlClaims = {
  tenantId: `${identity}/tenantid`,
  objectId: `${identity}/objectidentifier`,
  displayName: `${identity}/displayname`,
  identityProvider: `${identity}/identityprovider`,
  methods: "http://schemas.microsoft.com/claims/authnmethodsreferences",
  name: `${soap}/name`,
  emailAddress: `${soap}/emailaddress`,
  groups: "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
  /** Stands in for the groups where there are too many (IDN-256). */
  groupsLink: "http://schemas.microsoft.com/claims/groups.link",
} as const

/** From one minute to the next: the assertion is shown at once, the token lives on. */
export const confirmationLifetime = minutes(5)

/** Between the clocks of the issuer and of the application. */
export const assertionSkew = minutes(5)

/** Without a policy: an hour, and the difference of clocks on both sides. */
export const assertionWindow = minutes(70)

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#x9;",
  "\n": "&#xA;",
  "\r": "&#xD;",
}

/** Text as it stands in XML; characters that no document may contain are left out. */
export const xmlText = (text: string): string =>
  text
    // Neither control characters nor halves of a pair nor the two that are none.
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll(/[&<>"\t\n\r]/g, (it) => entities[it] ?? it)

export interface AssertionQuestion {
  readonly world: IdentityWorld
  readonly tenantId: string
  readonly user: DirectoryUser
  readonly session: Session
  readonly application: Application
  /** The identifier that the application calls itself by. */
  readonly audience: string
  /** Where the assertion is sent. */
  readonly recipient: string
  readonly format: NameIdFormat
  /** Id of the request; absent where the identity provider begins. */
  readonly inResponseTo?: string
  readonly id: string
  /** Random text for a transient name. */
  readonly transientName: string
  readonly now: number
  /** Minutes of a lifetime policy for the application; absent without one. */
  readonly configuredMinutes?: number
}

const isNamed = (group: Group, claims: Application["groupMembershipClaims"]): boolean =>
  claims === "All" || (claims === "SecurityGroup" && group.securityEnabled)

/** Groups by object id, or where to ask for them: at most 150 stand in an assertion (IDN-256). */
const groupAttributes = ({ world, tenantId, user, application }: AssertionQuestion) => {
  const ids = groupsOfObject(world, user.id)
    .filter((group) => isNamed(group, application.groupMembershipClaims))
    .map(({ id }) => id)
    .toSorted()
  if (ids.length === 0) return []
  return ids.length <= groupClaimLimits.saml
    ? [[samlClaims.groups, ids] as const]
    : [
        [
          samlClaims.groupsLink,
          [`https://graph.microsoft.com/v1.0/${tenantId}/users/${user.id}/getMemberObjects`],
        ] as const,
      ]
}

const attributesOf = (it: AssertionQuestion): readonly (readonly [string, readonly string[]])[] => {
  const { world, tenantId, user, session } = it
  const email = user.mail ?? (isExternalUser(user) ? user.invitedAddress : undefined)
  return [
    [samlClaims.tenantId, [tenantId]],
    [samlClaims.objectId, [user.id]],
    [samlClaims.displayName, [user.displayName]],
    [samlClaims.identityProvider, [identityProviderClaim(world, user) ?? issuers.v1(tenantId)]],
    [samlClaims.methods, authenticationMethods(session).map((method) => `${identity}/${method}`)],
    [samlClaims.name, [user.userPrincipalName]],
    ...(email === undefined ? [] : [[samlClaims.emailAddress, [email]] as const]),
    ...groupAttributes(it),
  ]
}

const nameIdOf = ({
  tenantId,
  user,
  application,
  format,
  transientName,
}: AssertionQuestion): string => {
  switch (format) {
    case "emailAddress":
      return user.userPrincipalName
    case "transient":
      return transientName
    case "persistent":
    case "unspecified":
      return pairwiseSubject(tenantId, user.id, application.appId)
  }
}

/** Until when the assertion is good (IDN-258). Milliseconds. */
export const assertionLifetime = (configuredMinutes: number | undefined): number =>
  configuredMinutes === undefined ? assertionWindow : minutes(configuredMinutes) + assertionSkew

/** An assertion without its signature. Times are UTC with milliseconds. */
export const samlAssertion = (it: AssertionQuestion): string => {
  const { now, tenantId, session } = it
  const response =
    it.inResponseTo === undefined ? "" : ` InResponseTo="${xmlText(it.inResponseTo)}"`
  const attributes = attributesOf(it).map(
    ([name, values]) =>
      `<Attribute Name="${xmlText(name)}">${values
        .map((value) => `<AttributeValue>${xmlText(value)}</AttributeValue>`)
        .join("")}</Attribute>`,
  )
  return [
    `<Assertion xmlns="${assertionNamespace}" ID="${xmlText(it.id)}" IssueInstant="${isoOf(now)}" Version="2.0">`,
    `<Issuer>${xmlText(issuers.v1(tenantId))}</Issuer>`,
    `<Subject><NameID Format="${nameIdFormats[it.format]}">${xmlText(nameIdOf(it))}</NameID>`,
    `<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">`,
    `<SubjectConfirmationData${response} NotOnOrAfter="${isoOf(now + confirmationLifetime)}" Recipient="${xmlText(it.recipient)}"/>`,
    `</SubjectConfirmation></Subject>`,
    `<Conditions NotBefore="${isoOf(now)}" NotOnOrAfter="${isoOf(now + assertionLifetime(it.configuredMinutes))}">`,
    `<AudienceRestriction><Audience>${xmlText(it.audience)}</Audience></AudienceRestriction></Conditions>`,
    `<AttributeStatement>${attributes.join("")}</AttributeStatement>`,
    `<AuthnStatement AuthnInstant="${isoOf(session.authenticatedAt)}" SessionIndex="${xmlText(it.id)}">`,
    `<AuthnContext><AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</AuthnContextClassRef></AuthnContext>`,
    `</AuthnStatement></Assertion>`,
  ].join("")
}

/** The message that the browser posts to the application. */
export const samlResponse = (options: {
  readonly assertion: string
  readonly tenantId: string
  readonly recipient: string
  readonly inResponseTo?: string
  readonly id: string
  readonly now: number
}): string => {
  const { assertion, tenantId, recipient, inResponseTo, id, now } = options
  const response = inResponseTo === undefined ? "" : ` InResponseTo="${xmlText(inResponseTo)}"`
  return [
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${xmlText(id)}" Version="2.0" IssueInstant="${isoOf(now)}" Destination="${xmlText(recipient)}"${response}>`,
    `<Issuer xmlns="${assertionNamespace}">${xmlText(issuers.v1(tenantId))}</Issuer>`,
    `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>`,
    assertion,
    `</samlp:Response>`,
  ].join("")
}
