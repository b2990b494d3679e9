import { evaluateStoredBytes } from "@twin/crypto"
import { evaluateSignIn } from "@twin/identity"
import { andThen, anyRoute, type Call, type Decision, decideByGates } from "@twin/kernel"
import { canServiceProcess, evaluateOpenContent, type UsageRight } from "@twin/mip"
import type { DriveItem } from "../DriveItem.ts"
import { type Route, type RouteRole, routesTo } from "../Route.ts"
import type { Site } from "../Site.ts"
import { type SpoWorld, siteOf, tenantSetting } from "../State.ts"
import { visitorOf } from "../Visitor.ts"
import type { AccessFacets, FileAction } from "./AccessFacets.ts"
import { contentIdentity, webProcessing } from "./contentGates.ts"
import { type AccessQuestion, facetsOfAccess, isBrowser } from "./facetsOfAccess.ts"
import { missing } from "./missing.ts"
import {
  domainLimit,
  itemPresent,
  linkScope,
  lock,
  organizationLinks,
  sharingLevel,
  verificationCode,
  wayIn,
} from "./routeGates.ts"
import {
  authenticationContext,
  devicePolicy,
  guestExpiration,
  informationBarriers,
  networkLocation,
  restrictedAccess,
} from "./siteGates.ts"
import {
  dlpBlock,
  downloadPolicy,
  permission,
  roleAdmits,
  sensitiveByDefault,
} from "./stateGates.ts"

/** Gates 1 to 5 of SPO-301, up to the sign-in, which Entra decides. */
export const gatesToTheDoor = [
  itemPresent,
  wayIn,
  lock,
  sharingLevel,
  domainLimit,
  organizationLinks,
  linkScope,
  verificationCode,
] as const

/** Gates 6 to 9 of SPO-301, behind the sign-in. */
export const gatesInside = [
  networkLocation,
  devicePolicy,
  authenticationContext,
  restrictedAccess,
  informationBarriers,
  guestExpiration,
  sensitiveByDefault,
  dlpBlock,
  permission,
  downloadPolicy,
] as const

/** What somebody asks of a file, and how they come. */
export interface AccessRequest {
  readonly item: DriveItem | undefined
  readonly action: FileAction
  /** Token of the link by which they come. */
  readonly token?: string
  readonly password?: string
}

/** The answer, and the way that counted. */
export interface Access {
  readonly decision: Decision
  readonly route?: Route
  readonly site?: Site
}

/** Whether somebody may do something with a file: the union of all routes, in the order of SPO-301. */
export const evaluateAccess = (
  { world, actor, now }: Pick<Call<SpoWorld>, "world" | "actor" | "now">,
  request: AccessRequest,
): Access => {
  const { item, action, token, password } = request
  const site = item === undefined ? undefined : siteOf(world, item.site)
  if (item === undefined || site === undefined) return { decision: missing("item") }
  const visitor = visitorOf(world, actor)
  const question: AccessQuestion = {
    world,
    site,
    item,
    visitor,
    action,
    client: actor.client,
    now,
    ...(password === undefined ? {} : { password }),
  }
  const signIn = signInOnce(question)
  const [first, ...rest] = routesTo({
    world,
    site,
    item,
    visitor,
    ...(token === undefined ? {} : { token }),
  }).map((route) => ({
    route,
    decision: throughRoute(facetsOfAccess(question, route), signIn),
  }))
  if (first === undefined) return { decision: missing("item"), site }
  const routes = [first, ...rest] as const
  const named = ({ route, decision }: typeof first) => ({ route: route.kind, decision })
  const decision = anyRoute([named(first), ...rest.map(named)])
  const chosen = routes.find((it) => it.decision.outcome === decision.outcome)?.route
  const whole = andThen(decision, () => insideContent(question, chosen?.role ?? "none"))
  return { decision: whole, site, ...(chosen === undefined ? {} : { route: chosen }) }
}

const throughRoute = (facets: AccessFacets, signIn: () => Decision): Decision => {
  const door = decideByGates<AccessFacets>(gatesToTheDoor, facets)
  const needsAccount = facets.person === "member" || facets.person === "guest"
  const signedIn = facets.route === "anonymous-link" || !needsAccount ? door : andThen(door, signIn)
  return andThen(signedIn, () => decideByGates<AccessFacets>(gatesInside, facets))
}

/** Entra is asked at most once, however many routes there are. */
const signInOnce = ({ world, visitor, client, now }: AccessQuestion): (() => Decision) => {
  let answer: Decision | undefined
  return () =>
    (answer ??= evaluateSignIn({
      world,
      address: visitor.address,
      app: "Office 365 SharePoint Online",
      client,
      now,
    }))
}

/** The stored bytes, then the protection of the content; folders have neither. */
const insideContent = (question: AccessQuestion, role: RouteRole): Decision => {
  const { world, item, visitor, action, client, now } = question
  const { content } = item
  const rights = rightsOfRole(role)
  if (content === undefined) return { ...onlyFolder, rights }
  const stored = evaluateStoredBytes(world, content.objectId, { origin: "User", now })
  const { contentId } = content
  const identified = andThen(stored, () => ({
    ...decideByGates([contentIdentity, webProcessing], {
      action,
      isProtected: contentId !== undefined,
      person: visitor.kind,
      isBrowser: isBrowser(client),
      processing: content.processing,
      canProcessNow: contentId !== undefined && canServiceProcess(world, contentId, now),
      isIntegrationOn: tenantSetting(world, "EnableAIPIntegration"),
    }),
    rights,
  }))
  if (contentId === undefined || action === "download" || action === "upload") return identified
  return andThen(identified, () => {
    const opened = evaluateOpenContent({
      world,
      contentId,
      address: visitor.address,
      client,
      now,
      requested: action,
    })
    return { ...opened, rights: bothRights(rights, opened.rights ?? []) }
  })
}

/** What a role is worth in usage rights, so that it can be compared with those of a label. */
export const rightsOfRole = (role: RouteRole): readonly UsageRight[] => {
  const all = (
    ["VIEW", "COMMENT", "DOCEDIT", "EDIT", "EXPORT", "PRINT", "EXTRACT"] as const
  ).filter((right) => {
    switch (right) {
      case "VIEW":
        return roleAdmits(role, "open")
      case "COMMENT":
        return role === "review" || roleAdmits(role, "edit")
      case "DOCEDIT":
      case "EDIT":
        return roleAdmits(role, "edit")
      case "EXPORT":
        return roleAdmits(role, "download")
      case "PRINT":
        return roleAdmits(role, "print")
      case "EXTRACT":
        return roleAdmits(role, "copy")
    }
  })
  return all
}

/** Sharing rights and label rights are both needed (SPO-166). */
const bothRights = (
  sharing: readonly UsageRight[],
  label: readonly string[],
): readonly string[] => {
  const governed = rightsOfRole("full")
  return label.filter((right) => {
    if (right === "OWNER") return sharing.includes("EDIT")
    const known = governed.find((it) => it === right)
    return known === undefined || sharing.includes(known)
  })
}

const onlyFolder: Decision = {
  outcome: "allow",
  gates: [
    {
      name: "folder",
      verdict: "pass",
      reason: "A folder has no content of its own.",
      details: {},
      facts: ["SPO-229"],
    },
  ],
}
