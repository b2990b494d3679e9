import { days, refusalOf } from "@twin/kernel"
import type { OpenAnswer } from "../decisions/evaluateOpenContent.ts"
import { validityDays } from "../decisions/openGates.ts"
import { canonicalAddress } from "../identityClass.ts"
import type { MipEvent } from "../MipEvent.ts"
import { groupIdsOf, isMembershipCached } from "../membership.ts"
import type { OpenRequest } from "../requests.ts"
import { keepsLicences, softwareOf } from "../Software.ts"
import { protectionOf, rmsServiceOf, trackedContentOf } from "../State.ts"
import { canBeTracked } from "../TrackedContent.ts"
import { certificateValidityDays, type UseLicenceRecord } from "../UseLicenceRecord.ts"

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
  const { world, contentId, address, now, client } = request
  const form = protectionOf(world, contentId)?.form ?? "document"
  if (!keepsLicences(request.software ?? softwareOf(client.app, form))) return undefined
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
  return [
    ...membershipEvents(request),
    ...trackingEvents(request, {
      isGranted,
      rights: isGranted ? held.rights : [],
      error: isGranted ? undefined : refusalOf(decision)?.code,
    }),
  ]
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

/** The certificate is renewed whenever the person talks to the service (MIP-024). */
export const certificateEvent = ({ world, address, now }: OpenRequest): MipEvent => ({
  _tag: "IdentityCertified",
  certificate: {
    address: canonicalAddress(world, address),
    issuedAt: now,
    expiresAt: now + days(certificateValidityDays),
  },
})
