import { tenantKeyStateOf } from "@twin/crypto"
import { microsoftAccountTenantId, personOf } from "@twin/identity"
import { type Dated, inForce, isFaultOn } from "@twin/kernel"
import type { ContentAction } from "../ContentAction.ts"
import { type ContentFormat, formatOf } from "../ContentFormat.ts"
import { cipherOf } from "../consumerSupport.ts"
import { deployedKeyAnswer } from "../DoubleKeyService.ts"
import { type EffectiveRights, effectiveRights } from "../effectiveRights.ts"
import { faultNames } from "../faults.ts"
import { canonicalAddress, identityClassesOf } from "../identityClass.ts"
import type { ContentForm, Protection } from "../Protection.ts"
import { policyInForce } from "../policyInForce.ts"
import type { OpenRequest } from "../requests.ts"
import { initializesDevice, type Software, softwareOf } from "../Software.ts"
import {
  certificateOf,
  doubleKeyServiceOf,
  type MipWorld,
  protectionOf,
  rmsServiceOf,
  useLicenceOf,
} from "../State.ts"
import { requestsWithin } from "../serviceLoad.ts"
import { opensSharedMailbox } from "../sharedMailbox.ts"

/** One question about a protected content, flat: everything the gates of MIP-284 may look at. */
export interface OpenFacets {
  readonly isContentKnown: boolean
  readonly licence: "none" | "valid" | "over"
  readonly certificate: "none" | "valid" | "over"
  readonly isServiceReached: boolean
  /** Requests of the organization in the last ten seconds. */
  readonly recentRequests: number
  readonly functionalState: "Enabled" | "Disabled"
  /** Rows of the matrix, joined. */
  readonly identities: string
  readonly software: Software
  readonly form: ContentForm
  readonly format: ContentFormat
  readonly doubleKey: DoubleKeyAnswer
  readonly cipher: "AES-256-CBC" | "AES-128-ECB"
  /** Product and version of the reader; empty where it does not matter. */
  readonly consumer: string
  readonly tenantKey: "reachable" | "unreachable" | "destroyed"
  readonly isRevoked: boolean
  /** The strongest: what an owner may, an issuer and a super user may as well. */
  readonly standing: "issuer" | "super-user" | "owner" | "other"
  readonly expiry: "never" | "ahead" | "past"
  readonly template: "none" | "Published" | "Archived" | "missing"
  /** Address of the recorded owner: whom a reader may ask for permission (MIP-051). */
  readonly owner: string
  /** Through what there are rights, joined; empty without any. */
  readonly paths: string
  /** In the order of the table, joined. */
  readonly rights: string
  readonly tenantValidityDays: number
  readonly offlineAccessDays: number
  readonly action: ContentAction
  readonly canWebPrint: boolean
}

/** What the second key service says (MIP-245, MIP-246). */
export type DoubleKeyAnswer =
  | "not-needed"
  | "authorized"
  | "not-authorized"
  | "issuer-not-valid"
  | "unreachable"
  | "unknown-service"

/** The facets of a question, and the rights behind them. */
export const openFacets = (
  request: OpenRequest,
): { readonly facets: OpenFacets; readonly held: EffectiveRights } => {
  const { world, contentId, address, client, now, requested = "open" } = request
  const protection = protectionOf(world, contentId)
  const form = protection?.form ?? "document"
  const software = request.software ?? softwareOf(client.app, form)
  const isPortal = software === "portal"
  const isAddressProven = isPortal && request.isProvenByPortal === true
  const held = effectiveRights(world, contentId, address, now, {
    isPortal,
    isAddressProven,
    opensSharedMailbox: opensSharedMailbox(client.app, form),
  })
  const service = rmsServiceOf(world)
  const policy = protection === undefined ? undefined : policyInForce(world, protection)
  const facets: OpenFacets = {
    isContentKnown: protection !== undefined,
    ...deviceFacets(request, software),
    isServiceReached: !isFaultOn(world, faultNames.serviceUnreachable),
    recentRequests: requestsWithin(world, now),
    functionalState: service.functionalState,
    identities: identityClassesOf(world, address).join(", "),
    software,
    form,
    format: form === "mail" ? "mail" : formatOf(protection?.name ?? ""),
    doubleKey: doubleKeyAnswer(world, { address, ...protection }),
    cipher: protection === undefined ? "AES-256-CBC" : cipherOf(protection),
    consumer: request.consumer ?? "",
    tenantKey: tenantKeyState(world, protection?.tenantKeyId),
    isRevoked: protection?.revokedAt !== undefined,
    standing: standingOf(held),
    expiry: expiryFacet(held.contentExpiresAt, now),
    template: policy?.template ?? "none",
    owner: protection?.owner ?? "",
    paths: held.paths.join(", "),
    rights: held.rights.join(", "),
    tenantValidityDays: service.maxUseLicenseValidityDays,
    offlineAccessDays: held.offlineAccessDays,
    action: requested,
    canWebPrint: inForce(webPrint, now),
  }
  return { facets, held }
}

/** Office on the web could not print encrypted documents in 2021 (MIP-207). */
const webPrint: Dated<boolean> = { before: false, changes: [{ from: "2022-01-01", value: true }] }

/** What lies on the device: only software that keeps licences has any (MIP-029). */
const deviceFacets = (
  { world, contentId, address, client, now, isFreshDevice = false }: OpenRequest,
  software: Software,
): Pick<OpenFacets, "licence" | "certificate"> => {
  if (isFreshDevice || !initializesDevice(software, client.app))
    return { licence: "none", certificate: "none" }
  const self = canonicalAddress(world, address)
  const licence = useLicenceOf(world, contentId, self)
  const certificate = certificateOf(world, self)
  const isLicenceValid =
    licence !== undefined &&
    now < licence.validUntil &&
    (licence.contentExpiresAt === undefined || now < licence.contentExpiresAt)
  return {
    licence: licence === undefined ? "none" : isLicenceValid ? "valid" : "over",
    certificate:
      certificate === undefined ? "none" : now < certificate.expiresAt ? "valid" : "over",
  }
}

const standingOf = (held: EffectiveRights): OpenFacets["standing"] => {
  if (held.isIssuer) return "issuer"
  if (held.isSuperUser) return "super-user"
  return held.isOwner ? "owner" : "other"
}

const expiryFacet = (at: number | undefined, now: number): OpenFacets["expiry"] =>
  at === undefined ? "never" : now < at ? "ahead" : "past"

/**
 * The key that wraps a content key: the one of that content, which may be archived by now, or the
 * active one for what is new (MIP-234, MIP-235).
 */
export const tenantKeyState = (world: MipWorld, keyId?: string): OpenFacets["tenantKey"] => {
  if (isFaultOn(world, faultNames.tenantKeyUnreachable)) return "unreachable"
  return tenantKeyStateOf(world, keyId)
}

interface SecondKeyQuestion extends Pick<Protection, "doubleKeyId"> {
  readonly address: string
  readonly doubleKeyUrl?: string | undefined
}

/** The customer's key service authorises by address; the reader's tenant must be a valid issuer. */
export const doubleKeyAnswer = (
  world: MipWorld,
  { address, doubleKeyUrl: url, doubleKeyId }: SecondKeyQuestion,
): DoubleKeyAnswer => {
  if (url === undefined) return "not-needed"
  const deployed = deployedKeyAnswer(world, { url, address, doubleKeyId })
  if (deployed !== undefined) return deployed
  const service = doubleKeyServiceOf(world, url)
  if (service === undefined) return "unknown-service"
  if (!service.isRunning || isFaultOn(world, faultNames.doubleKeyUnreachable)) return "unreachable"
  const self = canonicalAddress(world, address)
  const person = personOf(world, self)
  const issuer =
    person?.account === "microsoft-account" ? microsoftAccountTenantId : (person?.homeTenant ?? "")
  if (!service.validTenants.includes(issuer)) return "issuer-not-valid"
  return service.authorizedEmailAddresses.includes(self) ? "authorized" : "not-authorized"
}
