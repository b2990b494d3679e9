import { andThen, type Decision, decideByGates, type GateRules } from "@twin/kernel"
import type { EffectiveRights } from "../effectiveRights.ts"
import { canonicalAddress } from "../identityClass.ts"
import type { OpenRequest } from "../requests.ts"
import { useLicenceOf } from "../State.ts"
import { applicationEnforces } from "./enforcement.ts"
import { type OpenFacets, openFacets } from "./OpenFacets.ts"
import {
  contentKnown,
  isCached,
  licenceIssued,
  notExpired,
  notRevoked,
  requestAdmitted,
  rightsGranted,
  secondKey,
  serviceEnabled,
  softwareKnowsCipher,
  softwareReadsFormat,
  softwareSupportsIdentity,
  tenantKeyReachable,
  useLicenceOnDevice,
} from "./openGates.ts"
import { evaluateRmsSignIn } from "./rmsSignIn.ts"

/** What a question about a content came to, and what is needed to act on it. */
export interface OpenAnswer {
  readonly decision: Decision
  /** The licence on the device opens: the service is not asked. */
  readonly isFromDevice: boolean
  readonly held: EffectiveRights
}

/**
 * Opening protected content in the order of MIP-284: the licence on the device, the service, software
 * and identity, sign-in, keys, revocation, expiry, rights, licence, second key, and what the
 * application enforces. The first gate that does not pass is the reason that is reported.
 */
export const evaluateOpenContent = (request: OpenRequest): Decision =>
  answerOpenContent(request).decision

/** The same with what an operation needs to carry it out. */
export const answerOpenContent = (request: OpenRequest): OpenAnswer => {
  const { facets, held } = openFacets(request)
  const first = decideByGates<OpenFacets>([contentKnown, useLicenceOnDevice], facets)
  if (first.outcome === "allow" && isCached(facets)) {
    return fromDevice(request, facets, held, first)
  }
  const reached = andThen(
    andThen(first, () => decideByGates<OpenFacets>(beforeSignIn, facets)),
    () => evaluateRmsSignIn(request, facets),
  )
  const decision = andThen(reached, () => ({
    ...decideByGates<OpenFacets>(afterSignIn, facets),
    rights: held.rights,
  }))
  return { decision: withRights(decision), isFromDevice: false, held }
}

const beforeSignIn: GateRules<OpenFacets> = [
  requestAdmitted,
  serviceEnabled,
  softwareSupportsIdentity,
  softwareReadsFormat,
  softwareKnowsCipher,
]

const afterSignIn: GateRules<OpenFacets> = [
  tenantKeyReachable,
  notRevoked,
  notExpired,
  rightsGranted,
  licenceIssued,
  secondKey,
  applicationEnforces,
]

/** The cached rights count, whatever has changed since (MIP-079). */
const fromDevice = (
  { world, contentId, address }: OpenRequest,
  facets: OpenFacets,
  held: EffectiveRights,
  first: Decision,
): OpenAnswer => {
  const licence = useLicenceOf(world, contentId, canonicalAddress(world, address))
  const rights = licence?.rights ?? []
  const decision = andThen(first, () => ({
    ...decideByGates<OpenFacets>([applicationEnforces], { ...facets, rights: rights.join(", ") }),
    rights,
  }))
  return { decision, isFromDevice: true, held }
}

/** A refusal before the application's own check grants nothing. */
const withRights = (decision: Decision): Decision => {
  const isHeld = decision.gates.some(
    ({ name, verdict }) => name === secondKey.name && verdict === "pass",
  )
  return isHeld ? decision : { ...decision, rights: [] }
}
