import { type Call, decideByGates, type OutputObject, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { normalizeAddress } from "../Address.ts"
import type { DirectoryUser } from "../DirectoryUser.ts"
import { evaluateRedemptionReset } from "../decisions/evaluateRedemptionReset.ts"
import { userOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { Invitation } from "../Invitation.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"
import { graphFacets, graphPermission } from "./graphSession.ts"
import { invitationRuling, inviteGuest, redeemUrl } from "./inviteGuest.ts"

/** Permissions with which Graph invites: the least one first (IDN-020). */
const inviteScopes = ["User.Invite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"]

const MessageInfo = Schema.Struct({
  customizedMessageBody: Schema.optionalKey(Schema.String),
  messageLanguage: Schema.optionalKey(Schema.String),
  ccRecipients: Schema.optionalKey(Schema.Array(hashtable)),
})

const NewInvitation = Schema.Struct({
  invitedUserEmailAddress: Schema.NonEmptyString,
  inviteRedirectUrl: Schema.NonEmptyString,
  sendInvitationMessage: Schema.optionalKey(Schema.Boolean),
  invitedUserDisplayName: Schema.optionalKey(Schema.String),
  invitedUserType: Schema.optionalKey(Schema.Literals(["Guest", "Member"])),
  invitedUserMessageInfo: Schema.optionalKey(MessageInfo),
  invitedUser: Schema.optionalKey(Schema.Struct({ id: Schema.NonEmptyString })),
  resetRedemption: Schema.optionalKey(Schema.Boolean),
})

const invitationRow = (
  world: IdentityWorld,
  invitation: Invitation,
  user: DirectoryUser,
): OutputObject => ({
  Id: invitation.id,
  InvitedUserEmailAddress: invitation.invitedUserEmailAddress,
  InvitedUserDisplayName: user.displayName,
  InvitedUserType: user.userType,
  InviteRedirectUrl: invitation.inviteRedirectUrl,
  InviteRedeemUrl: redeemUrl(world, invitation),
  Status: invitation.status,
  InvitedUser: { Id: user.id, UserPrincipalName: user.userPrincipalName },
})

type Body = typeof NewInvitation.Type

/** The object stays, its way to sign in goes: a new invitation has to be redeemed (IDN-043). */
const resetRedemption = (
  call: Call<IdentityWorld>,
  body: Body,
  user: DirectoryUser | undefined,
): Ruling<IdentityEvent> => {
  const { world, actor, now, draw } = call
  const address = normalizeAddress(body.invitedUserEmailAddress)
  const decision = evaluateRedemptionReset({ actor, user, address })
  if (decision.outcome !== "allow" || user === undefined) return { decision }
  const invitation: Invitation = {
    id: draw.guid(`reset ${address}`),
    invitedUserEmailAddress: address,
    inviteRedirectUrl: body.inviteRedirectUrl,
    ticket: draw.token(`reset ${address}`, 32),
    status: "PendingAcceptance",
    userId: user.id,
    invitedBy: actor.id,
    at: now,
  }
  return {
    decision,
    events: [{ _tag: "RedemptionReset", invitation, userId: user.id, at: now }],
    audit: [
      auditLine("Invite external user with reset invitation status", user.userPrincipalName, {
        InvitedBy: actor.id,
      }),
    ],
    mail:
      body.sendInvitationMessage === true
        ? [
            {
              kind: "invitation",
              from: "invites@microsoft.com",
              to: address,
              subject: "Accept your invitation again",
              text: "Your sign-in has been reset. Accept the invitation to go on.",
              link: invitation.ticket,
            },
          ]
        : [],
    output: [invitationRow(world, invitation, user)],
  }
}

export const newMgInvitation = graphCmdlet({
  name: "New-MgInvitation",
  summary: "Invites an external person as a guest, or resets how a guest signs in.",
  params: {
    InvitedUserEmailAddress: Schema.optionalKey(
      Schema.String.annotate({ description: "Address of the person" }),
    ),
    InviteRedirectUrl: Schema.optionalKey(
      Schema.String.annotate({ description: "Where the person arrives after redemption" }),
    ),
    SendInvitationMessage: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether the service sends the mail; switch" }),
    ),
    InvitedUserDisplayName: Schema.optionalKey(
      Schema.String.annotate({ description: "Name of the guest" }),
    ),
    InvitedUserType: Schema.optionalKey(
      Schema.Literals(["Guest", "Member"]).annotate({ description: "Guest unless said otherwise" }),
    ),
    InvitedUserMessageInfo: Schema.optionalKey(
      hashtable.annotate({ description: "CustomizedMessageBody, MessageLanguage, CcRecipients" }),
    ),
    InvitedUser: Schema.optionalKey(
      hashtable.annotate({ description: "The guest whose redemption is reset, by id" }),
    ),
    ResetRedemption: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Reset how the guest signs in; switch" }),
    ),
  },
  body: NewInvitation,
  binding: { switches: ["SendInvitationMessage", "ResetRedemption"] },
  facts: ["IDN-015", "IDN-016", "IDN-022", "IDN-043", "IDN-265"],
  decide: (call, body): Ruling<IdentityEvent> => {
    const permitted = decideByGates([graphPermission], graphFacets(call, inviteScopes))
    if (permitted.outcome !== "allow") return { decision: permitted }
    if (body.resetRedemption === true) {
      const user =
        body.invitedUser === undefined ? undefined : userOf(call.world, body.invitedUser.id)
      return resetRedemption(call, body, user)
    }
    const message = body.invitedUserMessageInfo?.customizedMessageBody
    const outcome = inviteGuest(call, {
      address: body.invitedUserEmailAddress,
      redirectUrl: body.inviteRedirectUrl,
      sendMail: body.sendInvitationMessage ?? false,
      userType: body.invitedUserType ?? "Guest",
      ...(body.invitedUserDisplayName === undefined
        ? {}
        : { displayName: body.invitedUserDisplayName }),
      ...(message === undefined ? {} : { message }),
    })
    const { invitation, user } = outcome
    return invitationRuling(
      outcome,
      invitation === undefined || user === undefined
        ? []
        : [invitationRow(call.world, invitation, user)],
    )
  },
})

/** The same from the portal or an app: the mail always goes out. */
export const inviteGuestAction = operation({
  name: "invite-guest",
  summary: "Invites an external person into the tenant; the invitation goes out by mail.",
  params: Schema.Struct({
    address: Schema.NonEmptyString.annotate({ description: "Mail address of the person" }),
    displayName: Schema.optionalKey(Schema.String.annotate({ description: "Name of the guest" })),
    message: Schema.optionalKey(Schema.String.annotate({ description: "Words to the guest" })),
  }),
  facts: ["IDN-001", "IDN-008", "IDN-022", "IDN-024"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const outcome = inviteGuest(call, { ...params, sendMail: true })
    const { invitation, user } = outcome
    return invitationRuling(
      outcome,
      invitation === undefined || user === undefined
        ? []
        : [
            {
              id: user.id,
              userPrincipalName: user.userPrincipalName,
              link: invitation.ticket,
              status: invitation.status,
            },
          ],
    )
  },
})
