import {
  addressDefect,
  allGroups,
  domainOf,
  evaluateSignIn,
  isEmailOtpOn,
  isOwnDomain,
  roles,
  usersOf,
} from "@twin/identity"
import {
  andThen,
  type Call,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
} from "@twin/kernel"
import type { DriveItem } from "../DriveItem.ts"
import { integrationOf } from "../in-force/integration.ts"
import { compareRoles, heldRole, type RouteRole, siteRoutes } from "../Route.ts"
import type { Site } from "../Site.ts"
import { type SpoWorld, siteGuestOf, siteSetting, tenantSetting } from "../State.ts"
import { type Visitor, type VisitorKind, visitorByAddress, visitorOf } from "../Visitor.ts"
import { denied } from "./shareGates.ts"

/** One line of the list that opens while somebody types. */
export interface Suggestion {
  readonly kind: "member" | "guest" | "group" | "claim" | "new-guest"
  readonly name: string
  /** Empty for a claim. */
  readonly address: string
  /** The typed text is the whole address: nothing had to be searched. */
  readonly isExact: boolean
}

/** What the picker of one place goes by. */
interface PickerFacets {
  readonly caller: VisitorKind
  readonly heldRole: RouteRole
  /** How far a guest who shares may look (SPO-080). */
  readonly reach: "directory" | "site" | "site-and-exact-address"
  readonly search: "names" | "exact-addresses"
  readonly siteValue: boolean
  readonly tenantValue: boolean
}

const pickerGate = gate<PickerFacets>()

const mayOpen = pickerGate({
  name: "people-picker",
  facts: ["SPO-070", "SPO-300"],
  reads: ["heldRole"],
  check: ({ heldRole: held }) =>
    held === "none"
      ? deny(
          "Somebody without permission here sees no dialog to share from.",
          { heldRole: held },
          denied("You don't have permission to perform this action."),
        )
      : pass("The person has permission here, and the people picker opens.", { heldRole: held }),
})

const reachOfGuests = pickerGate({
  name: "people-picker-reach",
  facts: ["SPO-080"],
  reads: ["caller", "reach"],
  check: ({ caller, reach }) => {
    const details = { caller, reach }
    switch (reach) {
      case "directory":
        return pass("A member finds people of the whole directory.", details)
      case "site":
        return pass("A guest finds only people who are in this site already.", details)
      case "site-and-exact-address":
        return pass(
          "A guest finds people of this site, and anybody of the directory by the exact address.",
          details,
        )
    }
  },
})

const searching = pickerGate({
  name: "people-picker-search",
  facts: ["SPO-081"],
  reads: ["search"],
  check: ({ search }) =>
    search === "names"
      ? pass("The picker searches names and addresses while somebody types.", { search })
      : pass("The picker takes exact addresses only, and finds no groups.", { search }),
})

const guestSuggestions = pickerGate({
  name: "people-picker-guests",
  facts: ["IDN-088", "SPO-081"],
  reads: ["siteValue", "tenantValue"],
  check: ({ siteValue, tenantValue }) => {
    const details = { siteValue, tenantValue }
    if (siteValue) return pass("Existing guests are suggested on this site.", details)
    return tenantValue
      ? pass(
          "The tenant suggests guests on sites made since; this one is older, so guests need the exact address.",
          details,
        )
      : pass("Existing guests are not suggested: they need the exact address.", details)
  },
})

const gates: GateRules<PickerFacets> = [mayOpen, reachOfGuests, searching, guestSuggestions]

/** Where the picker is opened, and what was typed. */
export interface PickerRequest {
  readonly site: Site
  readonly item?: DriveItem
  readonly text: string
}

/** A list that people read ends somewhere; the length is the twin's own. */
export const suggestionLimit = 30

const heldIn = (
  call: Call<SpoWorld>,
  { site, item }: PickerRequest,
  visitor: Visitor,
): RouteRole =>
  item === undefined
    ? (siteRoutes(call.world, site, visitor)
        .map(({ role }) => role)
        .toSorted(compareRoles)[0] ?? "none")
    : heldRole({ world: call.world, site, item, visitor, now: call.now })

const reachOf = (call: Call<SpoWorld>, caller: VisitorKind): PickerFacets["reach"] => {
  if (caller !== "guest") return "directory"
  const { isInForce } = integrationOf(call.world, isEmailOtpOn(call.world, call.now), call.now)
  return tenantSetting(call.world, "AllowGuestUserShareToUsersNotInSiteCollection") && isInForce
    ? "site-and-exact-address"
    : "site"
}

const administrators: readonly string[] = [roles.sharePointAdministrator, roles.globalAdministrator]

const isInSite = (world: SpoWorld, site: Site, address: string): boolean => {
  const stay = siteGuestOf(world, site.url, address)
  return (
    (stay !== undefined && !stay.isRemoved) ||
    siteRoutes(world, site, visitorByAddress(world, address)).length > 0
  )
}

/** The beginning of the name, of one of its words, or of the address. */
const isBegunBy = (text: string, name: string, addresses: readonly string[]): boolean =>
  [name.toLowerCase(), ...name.toLowerCase().split(/\s+/), ...addresses].some((it) =>
    it.startsWith(text),
  )

const people = (
  { world }: Call<SpoWorld>,
  { site, text }: PickerRequest,
  facets: PickerFacets,
): readonly Suggestion[] =>
  usersOf(world).flatMap((user): readonly Suggestion[] => {
    const { addresses, address } = visitorByAddress(world, user.id)
    const isExact = addresses.includes(text)
    const isFound =
      isExact || (facets.search === "names" && isBegunBy(text, user.displayName, addresses))
    if (!isFound) return []
    const kind = user.userType === "Guest" ? "guest" : "member"
    if (kind === "guest" && !isExact && !facets.siteValue) return []
    const isReached =
      facets.reach === "directory" ||
      (isExact && facets.reach === "site-and-exact-address") ||
      isInSite(world, site, address)
    return isReached ? [{ kind, name: user.displayName, address, isExact }] : []
  })

const groups = (
  { world }: Call<SpoWorld>,
  text: string,
  { search, reach }: PickerFacets,
): readonly Suggestion[] =>
  search === "exact-addresses" || reach !== "directory"
    ? []
    : allGroups(world)
        .filter(({ displayName, mail }) =>
          isBegunBy(text, displayName, mail === undefined ? [] : [mail.toLowerCase()]),
        )
        .map(({ displayName, mail = "" }) => ({
          kind: "group",
          name: displayName,
          address: mail,
          isExact: mail !== "" && mail.toLowerCase() === text,
        }))

/** The names that stand for everybody, each behind its own switch (SPO-082). */
const claims = (
  { world }: Call<SpoWorld>,
  { site, text }: PickerRequest,
  { search, reach }: PickerFacets,
): readonly Suggestion[] => {
  if (search === "exact-addresses" || reach !== "directory") return []
  const isPrivate = site.privacy === "Private"
  const offered = [
    ...(tenantSetting(world, "ShowEveryoneClaim") ? ["Everyone"] : []),
    ...(tenantSetting(world, "ShowEveryoneExceptExternalUsersClaim") &&
    (!isPrivate || tenantSetting(world, "AllowEveryoneExceptExternalUsersClaimInPrivateSite"))
      ? ["Everyone except external users"]
      : []),
    ...(tenantSetting(world, "ShowAllUsersClaim") ? ["All Users"] : []),
  ]
  return offered
    .filter((name) => isBegunBy(text, name, []))
    .map((name) => ({ kind: "claim", name, address: "", isExact: false }))
}

/** An address that nobody here has: the picker takes it as it stands, and sharing decides. */
const stranger = (
  { world }: Call<SpoWorld>,
  text: string,
  { reach }: PickerFacets,
): readonly Suggestion[] =>
  addressDefect(text) === undefined && !isOwnDomain(world, domainOf(text)) && reach !== "site"
    ? [{ kind: "new-guest", name: text, address: text, isExact: true }]
    : []

/** What the people picker offers to somebody who has typed a text, and why (IDN-088, SPO-080 to SPO-082). */
export const evaluatePeoplePicker = (
  call: Call<SpoWorld>,
  request: PickerRequest,
): { readonly decision: Decision; readonly suggestions: readonly Suggestion[] } => {
  const { world, actor, now } = call
  const visitor = visitorOf(world, actor)
  const isExempt = actor.roles.some((it) => administrators.includes(it))
  const facets: PickerFacets = {
    caller: visitor.kind,
    heldRole: heldIn(call, request, visitor),
    reach: reachOf(call, visitor.kind),
    search:
      tenantSetting(world, "SearchResolveExactEmailOrUPN") && !isExempt
        ? "exact-addresses"
        : "names",
    siteValue: siteSetting(request.site, "ShowPeoplePickerSuggestionsForGuestUsers"),
    tenantValue: tenantSetting(world, "ShowPeoplePickerSuggestionsForGuestUsers"),
  }
  const decision = andThen(
    evaluateSignIn({
      world,
      address: visitor.address,
      app: "Office 365 SharePoint Online",
      client: actor.client,
      now,
    }),
    () => decideByGates(gates, facets),
  )
  if (decision.outcome !== "allow") return { decision, suggestions: [] }
  const asked = { ...request, text: request.text.trim().toLowerCase() }
  const known = [
    ...people(call, asked, facets),
    ...groups(call, asked.text, facets),
    ...claims(call, asked, facets),
  ]
  const isKnown = visitorByAddress(world, asked.text).user !== undefined
  const found = isKnown ? known : [...known, ...stranger(call, asked.text, facets)]
  return { decision, suggestions: found.slice(0, suggestionLimit) }
}
