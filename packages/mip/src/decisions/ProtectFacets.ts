import { groupKindOf, groupOf, isExternalUser, userOf } from "@twin/identity"
import { isFaultOn } from "@twin/kernel"
import { isBootstrapped } from "../bootstrap.ts"
import { formatOf } from "../ContentFormat.ts"
import { type Audience, customFor } from "../customFor.ts"
import { effectiveRights } from "../effectiveRights.ts"
import { faultNames } from "../faults.ts"
import type { Grant } from "../Grant.ts"
import { grantMatcher } from "../grantMatch.ts"
import { effectOf, type Label, type LabelEffect } from "../Label.ts"
import { chosenLabel, compareLabels, labelOf } from "../labelOf.ts"
import { groupIdsOf } from "../membership.ts"
import type { CustomProtection, ProtectionTemplate } from "../Protection.ts"
import {
  canBeApplied,
  isInScope,
  isLabelMandatory,
  isPolicySettingOn,
  policiesFor,
  publishedLabelsOf,
} from "../publishedLabels.ts"
import { existingKindOf, type RelabelEffect, relabelTable } from "../relabelEffect.ts"
import type { ProtectRequest } from "../requests.ts"
import { hasRightsPlan } from "../rightsPlan.ts"
import { initializesDevice, softwareOf } from "../Software.ts"
import { ledgerOf, type MipWorld, protectionOf, rmsServiceOf, templateOf } from "../State.ts"
import { requestsWithin } from "../serviceLoad.ts"
import { type TemplateReader, templateAsSeen } from "../templateRefresh.ts"
import { includesRight } from "../UsageRight.ts"
import { type LabelUseFacets, labelUseFacets } from "./labelUseGates.ts"
import { type DoubleKeyAnswer, doubleKeyAnswer, tenantKeyState } from "./OpenFacets.ts"

/** One wish to protect, flat: everything the gates of MIP-285 may look at. */
export interface ProtectFacets extends LabelUseFacets {
  /** What would happen to the encryption. */
  readonly effect: RelabelEffect
  readonly functionalState: "Enabled" | "Disabled"
  readonly subscription: "Active" | "Expired"
  /** Who makes the publishing licence: the client by itself, or the service for it. */
  readonly publishing: "by-client" | "by-service" | "server-side"
  readonly isServiceReached: boolean
  /** Requests of the organization in the last ten seconds. */
  readonly recentRequests: number
  readonly tenantKey: "reachable" | "unreachable" | "destroyed"
  readonly onboarding: OnboardingAnswer
  readonly author: "member" | "without-policy" | "service"
  readonly label: "none" | "unknown" | "not-published" | "not-applicable" | "out-of-scope" | "fits"
  readonly template: "none" | "missing" | "Archived" | "not-in-scope" | "fits"
  readonly audience: Audience
  /** The first one who is given permissions and cannot be named; empty where all can. */
  readonly badGrantee: string
  readonly format: "protectable" | "not-protectable" | "not-by-this-client"
  readonly method: "manual" | "automatic" | "default"
  readonly present: "unlabelled" | "lower" | "same" | "higher"
  readonly presentMethod: "none" | "Standard" | "Privileged"
  readonly mayChange: "not-needed" | "issuer" | "owner" | "super-user" | "right" | "no"
  readonly isMandatory: boolean
  readonly isRemoval: boolean
  readonly isDowngrade: boolean
  readonly isJustificationRequired: boolean
  readonly isJustified: boolean
  readonly doubleKey: DoubleKeyAnswer
}

/** What the onboarding policy says about who protects (MIP-011 to MIP-016). */
export type OnboardingAnswer =
  | "everybody"
  | "admitted"
  | "other-application"
  | "not-in-group"
  | "not-licensed"
  | "server-side"

/** What a wish comes to once names are looked up: the gates judge it, the operation carries it out. */
export interface ResolvedWish {
  readonly label?: Label
  readonly template?: ProtectionTemplate
  readonly custom?: CustomProtection
  readonly effect: RelabelEffect
}

/** Looks up label, template and permissions of a wish. */
export const resolveWish = (
  request: ProtectRequest,
): ResolvedWish & { readonly audience: Audience } => {
  const { world, existing } = request
  const label = request.label === undefined ? undefined : chosenLabel(world, request.label)
  const seen = { reader: readerOfTemplates(request), now: request.now }
  const named =
    request.template === undefined
      ? undefined
      : templateAsSeen(world, templateOf(world, request.template), seen)
  const behind =
    label === undefined ? undefined : templateAsSeen(world, templateBehind(world, label), seen)
  const { custom, audience } = customFor(request, label)
  // MIP-117: permissions chosen at the first application override the label's own.
  const template = custom === undefined ? (named ?? behind) : undefined
  const before =
    existing?.contentId === undefined ? undefined : protectionOf(world, existing.contentId)
  return {
    effect: relabelTable[existingKindOf(before)][wantedEffect(request, label)],
    audience,
    ...(label === undefined ? {} : { label }),
    ...(template === undefined ? {} : { template }),
    ...(custom === undefined ? {} : { custom }),
  }
}

/** Who has fetched the templates that are offered here (MIP-202). */
const readerOfTemplates = ({ isServerSide, software }: ProtectRequest): TemplateReader => {
  if (isServerSide === true) return "exchange-online"
  return software === "office-2016" ? "office-classic" : "built-in"
}

const wantedEffect = (request: ProtectRequest, label: Label | undefined): LabelEffect => {
  if (request.isRemoval === true) return "remove"
  if (request.custom !== undefined) return "user-defined"
  if (request.template !== undefined) return "template"
  return label === undefined ? "none" : effectOf(label)
}

const templateBehind = (world: MipWorld, label: Label): ProtectionTemplate | undefined =>
  effectOf(label) === "template" && label.encryption?.templateId !== undefined
    ? templateOf(world, label.encryption.templateId)
    : undefined

/** The facets of a wish to protect. */
export const protectFacets = (request: ProtectRequest): ProtectFacets => {
  const { world, address, now, existing, isServerSide = false, isRemoval = false } = request
  const wish = resolveWish(request)
  const before = existing?.labelId === undefined ? undefined : labelOf(world, existing.labelId)
  const isDowngrade =
    before !== undefined &&
    (isRemoval || (wish.label !== undefined && compareLabels(world, wish.label, before) < 0))
  const { method = "manual" } = request
  const url = wish.template?.doubleKeyUrl ?? wish.label?.encryption?.doubleKeyUrl
  return {
    effect: wish.effect,
    functionalState: rmsServiceOf(world).functionalState,
    subscription: ledgerOf(world).subscription.status,
    publishing: publishingFacet(request, url !== undefined),
    isServiceReached: !isFaultOn(world, faultNames.serviceUnreachable),
    recentRequests: requestsWithin(world, now),
    tenantKey: tenantKeyState(world),
    onboarding: onboardingAnswer(request),
    author: authorOf(request),
    label: labelFacet(request, wish.label),
    template: templateFacet(request, wish),
    audience: wish.audience,
    badGrantee: badGranteeOf(wish.custom?.grants ?? []),
    format: formatFacet(request),
    method,
    present: presentFacet(world, before, wish.label),
    presentMethod: before === undefined ? "none" : (existing?.labelMethod ?? "Privileged"),
    mayChange: mayChangeFacet(request),
    isMandatory: !isServerSide && isLabelMandatory(world, address, request.form, now),
    isRemoval,
    isDowngrade,
    isJustificationRequired:
      !isServerSide &&
      method === "manual" &&
      isPolicySettingOn(world, address, "requireJustification", now),
    isJustified: (request.justification ?? "").trim() !== "",
    ...labelUseFacets(request, wish),
    doubleKey:
      url === undefined || (wish.effect !== "apply" && wish.effect !== "replace")
        ? "not-needed"
        : doubleKeyAnswer(world, { address, doubleKeyUrl: url }),
  }
}

/**
 * A device that is initialized for the person publishes without asking (MIP-026); phones, the web
 * and a second key cannot (MIP-029).
 */
const publishingFacet = (
  request: ProtectRequest,
  hasDoubleKey: boolean,
): ProtectFacets["publishing"] => {
  if (request.isServerSide === true) return "server-side"
  return !hasDoubleKey && canPublishAlone(request) ? "by-client" : "by-service"
}

/** Whether the person's device holds what it takes to publish (MIP-023). */
export const canPublishAlone = (request: ProtectRequest): boolean =>
  initializesDevice(
    request.software ?? softwareOf(request.client.app, request.form),
    request.client.app,
  ) && isBootstrapped(request)

/** What the onboarding policy says about somebody with a client. */
export const onboardingAnswer = ({
  world,
  address,
  client,
  now,
  isServerSide = false,
}: Pick<
  ProtectRequest,
  "world" | "address" | "client" | "now" | "isServerSide"
>): OnboardingAnswer => {
  if (isServerSide) return "server-side"
  const { useRmsUserLicense, securityGroupObjectId, scope } = rmsServiceOf(world).onboarding
  if (!useRmsUserLicense && securityGroupObjectId === undefined) return "everybody"
  const isMobile = client.app === "office-mobile" || client.app === "outlook-mobile"
  if (scope !== "All" && (scope === "MobileApp") !== isMobile) return "other-application"
  if (
    securityGroupObjectId !== undefined &&
    !groupIdsOf(world, address, now).includes(securityGroupObjectId)
  ) {
    return "not-in-group"
  }
  return useRmsUserLicense && !hasRightsPlan(world, address) ? "not-licensed" : "admitted"
}

/** Whether the onboarding policy would accept this group: security, whatever its address (MIP-013). */
export const isSecurityGroup = (world: MipWorld, objectId: string): boolean => {
  const group = groupOf(world, objectId)
  if (group?.id !== objectId) return false
  const kind = groupKindOf(group)
  return kind === "security" || kind === "mail-enabled-security"
}

const authorOf = ({
  world,
  address,
  now,
  isServerSide = false,
}: ProtectRequest): ProtectFacets["author"] => {
  if (isServerSide) return "service"
  const user = userOf(world, address)
  if (user === undefined || isExternalUser(user)) return "without-policy"
  return policiesFor(world, address, now).length === 0 ? "without-policy" : "member"
}

const labelFacet = (request: ProtectRequest, label: Label | undefined): ProtectFacets["label"] => {
  const { world, address, now, form, isServerSide = false } = request
  if (request.label === undefined) return "none"
  if (label === undefined) return "unknown"
  if (!canBeApplied(world, label)) return "not-applicable"
  if (!isServerSide && !publishedLabelsOf(world, address, now).some(({ id }) => id === label.id)) {
    return "not-published"
  }
  const isIn =
    request.isMeeting === true ? label.contentTypes.includes("Teamwork") : isInScope(label, form)
  return isIn ? "fits" : "out-of-scope"
}

const templateFacet = (
  {
    world,
    address,
    now,
    client,
    template: wanted,
    isRemoval = false,
    isServerSide = false,
  }: ProtectRequest,
  { template, custom, label }: ResolvedWish,
): ProtectFacets["template"] => {
  if (custom !== undefined || isRemoval) return "none"
  if (template === undefined) {
    const isNeeded = wanted !== undefined || (label !== undefined && effectOf(label) === "template")
    return isNeeded ? "missing" : "none"
  }
  if (template.status === "Archived") return "Archived"
  if (template.scopedIdentities.length > 0 && cannotReadScope(client.app, isServerSide)) {
    return template.enableInLegacyApps === true ? "fits" : "not-in-scope"
  }
  return isScopedTo(world, template, address, now) ? "fits" : "not-in-scope"
}

/** Outlook on the web and the mail apps of phones show a scoped template to all or to none (MIP-199). */
const cannotReadScope = (app: ProtectRequest["client"]["app"], isServerSide: boolean): boolean =>
  !isServerSide && (app === "outlook-web" || app === "browser" || app === "other-mail-app")

/** Scoping limits who can apply a template, never who can open (MIP-199). */
const isScopedTo = (
  world: MipWorld,
  { scopedIdentities }: ProtectionTemplate,
  address: string,
  now: number,
): boolean => {
  if (scopedIdentities.length === 0) return true
  const matches = grantMatcher({ world, address, now, isPortal: false })
  return scopedIdentities.some((it) => matches(it) !== undefined)
}

/** Office labels Open XML only; what the system needs is never protected (MIP-256, MIP-257). */
/** An address, a domain, a group by its address, or one of the service's own words. */
const badGranteeOf = (grants: readonly Grant[]): string =>
  grants.find(({ who }) => !/^([^\s@<>,;]+@)?[^\s@<>,;]+$/.test(who))?.who ?? ""

const formatFacet = ({ form, name, client }: ProtectRequest): ProtectFacets["format"] => {
  if (form === "mail") return "protectable"
  const format = formatOf(name)
  if (format === "excluded") return "not-protectable"
  const isOffice = client.app.startsWith("office-")
  return isOffice && format !== "office" && format !== "pdf" ? "not-by-this-client" : "protectable"
}

const presentFacet = (
  world: MipWorld,
  before: Label | undefined,
  next: Label | undefined,
): ProtectFacets["present"] => {
  if (before === undefined) return "unlabelled"
  if (next === undefined || next.id === before.id) return "same"
  // Between sublabels of one parent the own priority decides what is automatic (MIP-144).
  const difference = compareLabels(world, before, next) || before.priority - next.priority
  return difference < 0 ? "lower" : "higher"
}

/** Who may change or remove protection that exists (MIP-076). */
const mayChangeFacet = ({
  world,
  address,
  now,
  existing,
  isServerSide = false,
}: ProtectRequest): ProtectFacets["mayChange"] => {
  if (existing?.contentId === undefined || isServerSide) return "not-needed"
  const held = effectiveRights(world, existing.contentId, address, now)
  if (held.isIssuer) return "issuer"
  if (held.isOwner) return "owner"
  if (held.isSuperUser) return "super-user"
  return includesRight(held.rights, "EXPORT") ? "right" : "no"
}
