import { type CodeState, checkCode } from "@twin/identity"
import {
  andThen,
  type Call,
  type Decision,
  decideByGates,
  deny,
  gate,
  isFaultOn,
  minutes,
  pass,
} from "@twin/kernel"
import type { DriveItem } from "../DriveItem.ts"
import { faultNames } from "../faults.ts"
import { retiredCodeMessage } from "../in-force/integration.ts"
import { type Route, routesTo } from "../Route.ts"
import type { SharingLink } from "../SharingLink.ts"
import { codeOf, codeRequestsOf, itemById, linkOf, type SpoWorld, siteOf } from "../State.ts"
import { type Visitor, visitorOf } from "../Visitor.ts"
import type { AccessFacets } from "./AccessFacets.ts"
import { facetsOfAccess } from "./facetsOfAccess.ts"
import { missing } from "./missing.ts"
import { domainLimit, itemPresent, linkScope, lock, sharingLevel, wayIn } from "./routeGates.ts"

/** Fifteen minutes, eight digits; five tries and five sends are choices of the twin (SPO-098). */
export const codeRules = { lifetimeMinutes: 15, digits: 8, tries: 5 } as const
export const sendsAllowed = 5
export const sendWindowMinutes = 15

/** The link and the address whose mailbox has to be proven. */
export interface CodeSubject {
  readonly link: SharingLink
  readonly item: DriveItem
  readonly visitor: Visitor
  /** As the link names it: the code goes there and nowhere else (SPO-097). */
  readonly address: string
}

export interface CodeAnswer {
  readonly decision: Decision
  readonly subject?: CodeSubject
  readonly state?: CodeState
}

interface ApplyFacets {
  readonly person: AccessFacets["person"]
  readonly route: AccessFacets["route"]
  readonly addedAs: AccessFacets["addedAs"]
  readonly codeAccess: AccessFacets["codeAccess"]
  readonly tracksAnyoneUsers: boolean
}

const codeApplies = gate<ApplyFacets>()({
  name: "code-applies",
  facts: ["SPO-096", "SPO-106", "SPO-118", "SPO-041"],
  reads: ["person", "route", "addedAs", "codeAccess", "tracksAnyoneUsers"],
  check: ({ person, route, addedAs, codeAccess, tracksAnyoneUsers }) => {
    if (person === "member" || person === "guest") {
      return deny("The person has an account in the directory and signs in with it.", { person })
    }
    if (person === "anonymous") return deny("Without an address there is nowhere to send a code.")
    if (route === "anonymous-link") {
      return tracksAnyoneUsers
        ? pass("Holders of Anyone links verify an address here.")
        : deny("An Anyone link asks for no code.")
    }
    if (codeAccess === "code" && addedAs === "ad-hoc") {
      return pass("SharePoint itself verifies this person by a code.", { codeAccess })
    }
    return deny(
      "SharePoint sends no codes to this person.",
      { codeAccess, addedAs },
      {
        code: "accessDenied",
        message: retiredCodeMessage,
      },
    )
  },
})

/** The item behind a link and the way of this visitor through exactly this link. */
const through = (
  { world, actor, now }: Call<SpoWorld>,
  token: string,
): { readonly subject: CodeSubject; readonly decision: Decision } | undefined => {
  const link = linkOf(world, token)
  const item = link === undefined ? undefined : itemById(world, link.itemId)
  const site = item === undefined ? undefined : siteOf(world, item.site)
  if (link === undefined || item === undefined || site === undefined) return undefined
  const visitor = visitorOf(world, actor)
  const route: Route | undefined = routesTo({ world, site, item, visitor, token }).find(
    (it) => it.link?.id === link.id,
  )
  if (route === undefined) return undefined
  const question = {
    world,
    site,
    item,
    visitor,
    action: "open",
    client: actor.client,
    now,
  } as const
  const facets = facetsOfAccess(question, route)
  const door = decideByGates<AccessFacets>(
    // The password of a link is asked when it opens something, not for the code.
    [itemPresent, wayIn, lock, sharingLevel, domainLimit, linkScope],
    { ...facets, password: "none" },
  )
  const named = link.members.find(
    (it) => visitor.addresses.includes(it.address) || visitor.aliases.includes(it.address),
  )
  return {
    subject: { link, item, visitor, address: named?.address ?? visitor.address },
    decision: andThen(door, () => decideByGates<ApplyFacets>([codeApplies], facets)),
  }
}

interface SendFacets {
  readonly recentSends: number
  readonly isMailDown: boolean
}

/** The seed's error, when the code mail cannot be issued or was asked for too often (SPO-101). */
const codeSendable = gate<SendFacets>()({
  name: "code-sendable",
  facts: ["SPO-101"],
  reads: ["recentSends", "isMailDown"],
  check: ({ recentSends, isMailDown }) => {
    const refusal = { message: "Unable to send a code. Wait a few minutes and try again." }
    if (isMailDown) return deny("The code mail cannot be sent at the moment.", {}, refusal)
    return recentSends < sendsAllowed
      ? pass("A code can be sent.", { recentSends, sendsAllowed })
      : deny(
          "Too many codes were asked for in a short time.",
          { recentSends, sendsAllowed },
          refusal,
        )
  },
})

/** Whether a code is sent to the person who opened a link. */
export const evaluateCodeRequest = (call: Call<SpoWorld>, token: string): CodeAnswer => {
  const answer = through(call, token)
  if (answer === undefined) return { decision: missing("link") }
  const { world, now } = call
  const { subject } = answer
  const recentSends = codeRequestsOf(world, subject.address).filter(
    (at) => now - at < minutes(sendWindowMinutes),
  ).length
  const decision = andThen(answer.decision, () =>
    decideByGates([codeSendable], {
      recentSends,
      isMailDown: isFaultOn(world, faultNames.codeMailUnavailable),
    }),
  )
  return { decision, subject }
}

interface EnterFacets {
  readonly state: CodeState
}

const reasons: Readonly<Record<Exclude<CodeState, "accepted">, string>> = {
  "not-issued": "No code was sent for this link.",
  "other-address": "The code was sent to another address.",
  "other-purpose": "The code belongs to another link.",
  used: "The code has been used already.",
  "not-yet-valid": "The code is not valid yet.",
  expired: "The code has expired.",
  "too-many-tries": "The code was tried too often.",
  wrong: "The code is wrong.",
}

const codeAccepted = gate<EnterFacets>()({
  name: "verification-code",
  facts: ["SPO-097", "SPO-098"],
  reads: ["state"],
  check: ({ state }) =>
    state === "accepted"
      ? pass("The code proves the mailbox.")
      : deny(
          reasons[state],
          { state },
          {
            message: "That code didn't work. Check the code and try again, or request a new one.",
          },
        ),
})

/** What a code is for: one link, one address. */
export const purposeOf = (link: SharingLink): string => `sharing-link ${link.id}`

/** Whether an entered code opens the link. */
export const evaluateCodeEntry = (
  call: Call<SpoWorld>,
  token: string,
  code: string,
): CodeAnswer => {
  const answer = through(call, token)
  if (answer === undefined) return { decision: missing("link") }
  const { subject } = answer
  const state = checkCode(codeOf(call.world, subject.link.id, subject.address), {
    purpose: purposeOf(subject.link),
    address: subject.address,
    code,
    now: call.now,
  })
  return {
    subject,
    state,
    decision: andThen(answer.decision, () => decideByGates([codeAccepted], { state })),
  }
}
