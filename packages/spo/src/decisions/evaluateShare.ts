import {
  evaluateSignIn,
  type InvitationOutcome,
  inviteGuestLogged,
  isEmailOtpOn,
} from "@twin/identity"
import { andThen, type Call, type Decision, decideByGates, type Gate } from "@twin/kernel"
import type { DriveItem } from "../DriveItem.ts"
import { integrationOf, isHitByOldDefect } from "../in-force/integration.ts"
import type { LinkMember, LinkRole, LinkScope } from "../SharingLink.ts"
import type { Site } from "../Site.ts"
import type { SpoWorld } from "../State.ts"
import { visitorOf } from "../Visitor.ts"
import { facetsOfShare, recipientKindOf, type ShareQuestion } from "./facetsOfShare.ts"
import { inviteFromSharePoint } from "./inviteFromSharePoint.ts"
import { expiryCap, password, roleCap } from "./linkCaps.ts"
import type { RecipientKind, ShareFacets } from "./ShareFacets.ts"
import {
  barrierMode,
  callerKnown,
  guestResharing,
  itemShareable,
  linkKind,
  maySharerShare,
  recipientLevel,
  restrictedSharing,
  securityGroups,
  siteDomains,
  siteUnlocked,
  tenantDomains,
} from "./shareGates.ts"

/** Gates 1 (second half) to 6 of SPO-300, up to Entra's own. */
export const gatesBeforeEntra = [
  itemShareable,
  siteUnlocked,
  maySharerShare,
  guestResharing,
  barrierMode,
  linkKind,
  recipientLevel,
  securityGroups,
  tenantDomains,
  siteDomains,
  restrictedSharing,
] as const

/** Gate 7 of SPO-300. */
export const gatesAfterEntra = [roleCap, password, expiryCap] as const

/** What somebody wants to share. */
export interface ShareRequest {
  readonly site: Site
  /** Absent where the site itself is shared. */
  readonly item?: DriveItem
  readonly scope: LinkScope | "site"
  readonly role: LinkRole
  /** Addresses; empty for a link that is only copied. */
  readonly to: readonly string[]
  readonly expiresAt?: number
  readonly hasPassword?: boolean
  readonly isGraph?: boolean
}

/** What becomes of one recipient when the share is allowed. */
export interface RecipientPlan {
  /** Lower case, as typed. */
  readonly address: string
  readonly kind: RecipientKind
  readonly addedAs: LinkMember["addedAs"]
  /** The guest object that the share makes, or uses again. */
  readonly invitation?: InvitationOutcome
}

export interface Share {
  readonly decision: Decision
  readonly recipients: readonly RecipientPlan[]
  /** The recipient on whom a refused share failed. */
  readonly refusedAt?: string
  /** The invitation that Entra refused: it leaves its line in Entra's log (IDN-265). */
  readonly refusedInvitation?: InvitationOutcome
}

/**
 * Whether somebody may share something, in the order of SPO-300. Several recipients stand or fall
 * together (SPO-307). Entra is asked about new guests of a site always, of files and folders when
 * the integration is in force (SPO-105); then SharePoint's copy of its settings is asked before it.
 */
export const evaluateShare = (call: Call<SpoWorld>, request: ShareRequest): Share => {
  const { world, actor, now } = call
  const sharer = visitorOf(world, actor)
  const question: ShareQuestion = {
    world,
    site: request.site,
    sharer,
    scope: request.scope,
    role: request.role,
    hasPassword: request.hasPassword ?? false,
    isGraph: request.isGraph ?? false,
    now,
    ...(request.item === undefined ? {} : { item: request.item }),
    ...(request.expiresAt === undefined ? {} : { expiresAt: request.expiresAt }),
  }
  const facetsFor = (to: string | undefined): ShareFacets => facetsOfShare(question, to)
  const signedIn = andThen(decideByGates<ShareFacets>([callerKnown], facetsFor(undefined)), () =>
    evaluateSignIn({
      world,
      address: sharer.address,
      app: "Office 365 SharePoint Online",
      client: actor.client,
      now,
    }),
  )
  const addresses = [...new Set(request.to.map((it) => it.trim().toLowerCase()))]
  const answers = (addresses.length === 0 ? [undefined] : addresses).map((to) =>
    towards(call, question, to, signedIn),
  )
  const refused = answers.find(({ decision }) => decision.outcome !== "allow")
  return refused === undefined
    ? {
        decision: together(
          answers.map(({ decision }) => decision),
          signedIn,
        ),
        recipients: answers.flatMap(({ plan }) => plan ?? []),
      }
    : {
        decision: refused.decision,
        recipients: [],
        ...(refused.to === undefined ? {} : { refusedAt: refused.to }),
        ...(refused.plan?.invitation?.decision.outcome === "deny"
          ? { refusedInvitation: refused.plan.invitation }
          : {}),
      }
}

interface Answer {
  readonly to: string | undefined
  readonly decision: Decision
  readonly plan?: RecipientPlan
}

const towards = (
  call: Call<SpoWorld>,
  question: ShareQuestion,
  to: string | undefined,
  signedIn: Decision,
): Answer => {
  const facets = facetsOfShare(question, to)
  const before = andThen(signedIn, () => decideByGates<ShareFacets>(gatesBeforeEntra, facets))
  const after = () => decideByGates<ShareFacets>(gatesAfterEntra, facets)
  if (to === undefined || question.scope === "anonymous" || question.scope === "existingAccess") {
    return { to, decision: andThen(before, after) }
  }
  const kind = recipientKindOf(call.world, to)
  const integration = integrationOf(call.world, isEmailOtpOn(call.world, call.now), call.now)
  const asksEntra =
    kind === "new-guest" &&
    (question.scope === "site" || (integration.isInForce && !isHitByOldDefect(call.world, to)))
  // Without the integration the copy plays no part: a site's invitation goes to Entra itself.
  const invite = integration.isInForce ? inviteFromSharePoint : inviteGuestLogged
  const invitation =
    asksEntra && before.outcome === "allow"
      ? invite(call, {
          address: to,
          redirectUrl: question.site.url,
          // The mail of the share carries the link; a site's invitation is SharePoint's own mail.
          sendMail: false,
        })
      : undefined
  const asked =
    invitation === undefined
      ? before
      : andThen(before, () => inTheWordsOfTheDialog(invitation.decision))
  return {
    to,
    decision: andThen(asked, after),
    plan: {
      address: to,
      kind,
      addedAs:
        kind === "new-guest"
          ? asksEntra
            ? "guest"
            : "ad-hoc"
          : kind === "guest"
            ? "guest"
            : "member",
      ...(invitation === undefined ? {} : { invitation }),
    },
  }
}

const quoted = ({ refusal, ...gate }: Gate): Gate =>
  refusal === undefined
    ? gate
    : {
        ...gate,
        refusal: {
          ...refusal,
          message: `${gate.name.endsWith("invite-policy") ? "At least one invitation failed. " : ""}Error: ResponseStatusNotOK, message: ${refusal.message}`,
        },
      }

/** The Share dialog puts this in front of what Entra says (IDN-028). */
const inTheWordsOfTheDialog = (decision: Decision): Decision => {
  const [first, ...rest] = decision.gates
  return { ...decision, gates: [quoted(first), ...rest.map(quoted)] }
}

/** All recipients passed: what is the same for several is said once. */
const together = (decisions: readonly Decision[], signedIn: Decision): Decision => {
  const seen = new Set<string>()
  const [first, ...rest] = decisions
    .flatMap(({ gates }) => gates)
    .filter((gate) => {
      const key = JSON.stringify(gate)
      const isNew = !seen.has(key)
      seen.add(key)
      return isNew
    })
  return { outcome: "allow", gates: [first ?? signedIn.gates[0], ...rest] }
}
