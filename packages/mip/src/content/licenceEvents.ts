import { days, refusalOf } from "@twin/kernel"
import { bootstrapEvents } from "../bootstrap.ts"
import type { OpenAnswer } from "../decisions/evaluateOpenContent.ts"
import { validityDays } from "../decisions/openGates.ts"
import { signInTokenOf } from "../decisions/rmsSignIn.ts"
import { canonicalAddress } from "../identityClass.ts"
import type { MipEvent } from "../MipEvent.ts"
import { groupIdsOf, isMembershipCached } from "../membership.ts"
import type { OpenRequest } from "../requests.ts"
import type { ServiceRequest } from "../ServiceLedger.ts"
import { initializesDevice, type Software, softwareOf } from "../Software.ts"
import { protectionOf, rmsServiceOf, trackedContentOf } from "../State.ts"
import { keyVaultRequest, serviceRequested } from "../serviceLoad.ts"
import { canBeTracked } from "../TrackedContent.ts"
import { type UseLicenceRecord } from "../UseLicenceRecord.ts"

/** Until when a licence that is issued now opens without asking (MIP-078, MIP-284 step 8). */
export const licenceValidUntil = (
  { world, now }: OpenRequest,
  { held }: Pick<OpenAnswer, "held">,
): number => {
  const isExempt = held.isIssuer || held.isOwner || held.isSuperUser
  // Issuer and owner are exempt from expiry and from the offline setting (MIP-064, MIP-065).
  const offlineAccessDays = held.isIssuer || held.isOwner ? -1 : held.offlineAccessDays
  const until =
    now + days(validityDays(rmsServiceOf(world).maxUseLicenseValidityDays, offlineAccessDays))
  return held.contentExpiresAt === undefined || isExempt
    ? until
    : Math.min(until, held.contentExpiresAt)
}

/** The licence as it stays on the device; undefined where nothing stays there. */
export const licenceToKeep = (
  request: OpenRequest,
  answer: Pick<OpenAnswer, "held">,
): UseLicenceRecord | undefined => {
  const { world, contentId, address, now } = request
  if (!keeps(request)) return undefined
  const validUntil = licenceValidUntil(request, answer)
  if (validUntil <= now) return undefined
  const self = canonicalAddress(world, address)
  const { held } = answer
  return {
    contentId,
    address: self,
    rights: held.rights,
    issuedAt: now,
    validUntil,
    blobId: `use-licence/${contentId}/${self}`,
    ...(held.contentExpiresAt === undefined || held.isIssuer || held.isOwner || held.isSuperUser
      ? {}
      : { contentExpiresAt: held.contentExpiresAt }),
  }
}

/**
 * What a request leaves behind at the service: what it remembers of the groups, the tracking log and,
 * where the document is met for the first time, its registration. Nothing where the service was not
 * asked (MIP-222).
 */
export const requestEvents = (
  request: OpenRequest,
  { decision, isFromDevice, held }: OpenAnswer,
): readonly MipEvent[] => {
  // What fails before the tenant key is asked for never reached the service.
  if (isFromDevice || !decision.gates.some(({ name }) => name === "tenant-key")) return []
  const isGranted = decision.gates.some(
    ({ name, verdict }) => name === "second-key" && verdict === "pass",
  )
  const error = isGranted ? undefined : refusalOf(decision)?.code
  return [
    ...(keeps(request) ? bootstrapEvents(request) : []),
    ...signInEvents(request),
    ...membershipEvents(request),
    loggedRequest(request, {
      requestType: requestTypeOf(request),
      result: error ?? resultOf(isGranted),
    }),
    ...(isGranted ? keyVaultRequest(request.world, "KeyVaultDecryptRequest", request.now) : []),
    ...trackingEvents(request, { isGranted, rights: isGranted ? held.rights : [], error }),
  ]
}

/** Phones ask for the licence of a reader in a way of their own (MIP-275). */
const requestTypeOf = ({ client }: OpenRequest): "AcquireLicense" | "FECreateEndUserLicenseV1" =>
  client.app === "office-mobile" || client.app === "outlook-mobile"
    ? "FECreateEndUserLicenseV1"
    : "AcquireLicense"

const resultOf = (isGranted: boolean): string => (isGranted ? "Success" : "AccessDenied")

const softwareFor = ({ world, contentId, software, client }: OpenRequest): Software =>
  software ?? softwareOf(client.app, protectionOf(world, contentId)?.form ?? "document")

/** Whether anything stays on the device of the reader (MIP-029). */
const keeps = (request: OpenRequest): boolean =>
  initializesDevice(softwareFor(request), request.client.app)

/** A line of the usage log: it says nothing of super users (MIP-073). */
const loggedRequest = (
  { world, contentId, address, now, client }: OpenRequest,
  request: Pick<ServiceRequest, "requestType" | "result">,
): MipEvent =>
  serviceRequested({
    at: now,
    userId: canonicalAddress(world, address),
    ...request,
    contentId,
    ipAddress: client.ipAddress,
    application: client.app,
  })

/** From a real sign-in on the token lasts; a token does not renew itself (MIP-190). */
const signInEvents = (request: OpenRequest): readonly MipEvent[] => {
  if (!keeps(request) || signInTokenOf(request, softwareFor(request)) === "valid") return []
  const address = canonicalAddress(request.world, request.address)
  return [{ _tag: "RmsSignedIn", address, at: request.now }]
}

const membershipEvents = ({ world, address, now }: OpenRequest): readonly MipEvent[] =>
  isMembershipCached(world, address, now)
    ? []
    : [
        {
          _tag: "MembershipCached",
          membership: {
            address: canonicalAddress(world, address),
            groups: groupIdsOf(world, address, now),
            at: now,
          },
        },
      ]

interface LicenceOutcome {
  readonly isGranted: boolean
  readonly rights: readonly string[]
  readonly error: string | undefined
}

const trackingEvents = (
  { world, contentId, address, now, client }: OpenRequest,
  { isGranted, rights, error }: LicenceOutcome,
): readonly MipEvent[] => {
  const protection = protectionOf(world, contentId)
  if (rmsServiceOf(world).documentTracking === "Disabled" || protection === undefined) return []
  const isRegistered = trackedContentOf(world, contentId) !== undefined
  // MIP-220: registered when next opened in Office, if it was not when it was protected.
  const registers =
    !isRegistered &&
    isGranted &&
    client.app === "office-desktop" &&
    protection.form !== "mail" &&
    canBeTracked(protection.name)
  if (!isRegistered && !registers) return []
  const { owner, issuer, name } = protection
  return [
    ...(registers
      ? [
          {
            _tag: "ContentRegistered" as const,
            content: { contentId, contentName: name, owner, issuer, registeredAt: now },
          },
        ]
      : []),
    {
      _tag: "LicenceRequested",
      contentId,
      attempt: {
        at: now,
        address: canonicalAddress(world, address),
        isGranted,
        rights,
        ipAddress: client.ipAddress,
        ...(error === undefined ? {} : { error }),
      },
    },
  ]
}
