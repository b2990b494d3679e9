import { type Call, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { domainOf } from "../Address.ts"
import { isExternalUser } from "../DirectoryUser.ts"
import { evaluateAccountCreation } from "../decisions/evaluateAccountCreation.ts"
import { evaluateRedemption } from "../decisions/evaluateRedemption.ts"
import { issuerAt } from "../decisions/identityProvider.ts"
import { registrationEvents, withSecondFactor } from "../decisions/secondFactor.ts"
import { type SignInSubject, signInSubject } from "../decisions/signInSubject.ts"
import { foreignOrganizationByDomain, invitationByTicket, personOf, userOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { ticketIn } from "../Invitation.ts"
import type { Session } from "../Session.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { shownAtSignIn, shownQuestion, signInAudit } from "./signIn.ts"

const redeemed = (
  { user, person }: SignInSubject,
  session: Session,
  now: number,
): readonly IdentityEvent[] => {
  if (
    user === undefined ||
    person === undefined ||
    user.externalUserState !== "PendingAcceptance"
  ) {
    return []
  }
  // A bare mailbox has no account whose primary address could differ from the one invited.
  const address =
    session.provider === "emailOneTimePasscode"
      ? (user.invitedAddress ?? person.address)
      : person.address
  return [
    {
      _tag: "InvitationRedeemed",
      userId: user.id,
      identities: [
        {
          signInType: "federated",
          issuer: issuerAt(session.provider, person),
          issuerAssignedId: person.objectId ?? address,
        },
      ],
      address,
      at: now,
    },
  ]
}

/** The first proof of identity, and the consent: what makes a pending guest an accepted one. */
export const redeemInvitation = operation({
  name: "redeem-invitation",
  summary: "Accepts an invitation, through its link or by going to the tenant directly.",
  params: Schema.Struct({
    link: Schema.optionalKey(
      Schema.NonEmptyString.annotate({
        description:
          "Link of the invitation mail or its ticket; without it the person comes directly",
      }),
    ),
    consent: Schema.optionalKey(
      Schema.Boolean.annotate({
        description: "Answer to 'Review permissions'; accepts if absent",
      }),
    ),
    ...shownAtSignIn,
  }),
  facts: ["IDN-006", "IDN-033", "IDN-039", "IDN-042", "IDN-046", "IDN-092", "IDN-093", "IDN-266"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { link, consent = true } = params
    const invitation =
      link === undefined ? undefined : invitationByTicket(call.world, ticketIn(link))
    const invited = invitation === undefined ? undefined : userOf(call.world, invitation.userId)
    const { subject, question } = shownQuestion(call, params, {
      app: "My Apps",
      route: link === undefined ? "direct" : "invitation",
      ...(invited === undefined ? {} : { invitedUser: invited }),
    })
    const meant = link === undefined ? subject.user : invited
    const user = meant !== undefined && isExternalUser(meant) ? meant : undefined
    const decision = withSecondFactor(
      evaluateRedemption({ signIn: question, user, hasConsented: consent }),
      subject,
      params,
    )
    const { session } = question
    if (decision.outcome !== "allow" || session === undefined || user === undefined) {
      return { decision, audit: signInAudit(question, subject, decision) }
    }
    const events = redeemed(subject, session, call.now)
    return {
      decision,
      events: [
        ...events,
        ...registrationEvents(subject, params, call.now),
        { _tag: "SignedIn", session },
      ],
      audit: [
        ...signInAudit(question, subject, decision),
        ...(events.length === 0
          ? []
          : [
              auditLine("Update user", user.userPrincipalName, {
                OldUserState: "PendingAcceptance",
                NewUserState: "Accepted",
              }),
              auditLine("Redeem external user invite", user.userPrincipalName),
            ]),
      ],
      output: [
        {
          id: user.id,
          userPrincipalName: user.userPrincipalName,
          provider: session.provider,
          issuer: issuerAt(session.provider, subject.person),
        },
      ],
    }
  },
})

/** The last resort of the discovery: the person makes a personal account of the address (IDN-033). */
export const createMicrosoftAccount = operation({
  name: "create-microsoft-account",
  summary: "Makes a Microsoft account with the actor's own mail address.",
  params: Schema.Struct({}),
  facts: ["IDN-033", "IDN-036"],
  decide: (call: Call<IdentityWorld>): Ruling<IdentityEvent> => {
    const { world, actor, now } = call
    const person = personOf(world, actor.id)
    const subject = signInSubject({
      world,
      address: actor.id,
      app: "My Apps",
      client: actor.client,
      now,
    })
    const decision = evaluateAccountCreation({
      account: person?.account ?? "unknown",
      hasMicrosoftAccount:
        person?.account === "microsoft-account" || person?.hasMicrosoftAccount === true,
      isDomainOwned:
        subject.isInternal ||
        foreignOrganizationByDomain(world, domainOf(person?.address ?? actor.id)) !== undefined,
    })
    if (decision.outcome !== "allow" || person === undefined) return { decision }
    const change = person.account === "mail-only" ? { account: "microsoft-account" as const } : {}
    return {
      decision,
      events: [
        {
          _tag: "PersonChanged",
          address: person.address,
          hasMicrosoftAccount: true,
          ...change,
          at: now,
        },
      ],
      output: [{ id: person.address, account: "microsoft-account" }],
    }
  },
})
