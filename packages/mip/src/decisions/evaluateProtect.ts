import { type Decision, decideByGates, type GateRules } from "@twin/kernel"
import type { ProtectRequest } from "../requests.ts"
import { connectionSuffices, labelArrived, technologySupported } from "./labelUseGates.ts"
import { type ProtectFacets, protectFacets } from "./ProtectFacets.ts"
import {
  audienceGiven,
  formatProtectable,
  justified,
  keysReachable,
  labelFits,
  mandatoryKept,
  mayChangeProtection,
  onboardingAdmits,
  precedence,
  publishingPossible,
  serviceForProtecting,
  subscriptionRuns,
  templateFits,
} from "./protectGates.ts"

/**
 * Labelling, protecting, relabelling and removing, in the order of MIP-285. The first gate that does
 * not pass stops everything: nothing changes, neither label nor encryption (MIP-126).
 */
export const evaluateProtect = (request: ProtectRequest): Decision =>
  decideByGates(protectGates, protectFacets(request))

const protectGates: GateRules<ProtectFacets> = [
  publishingPossible,
  serviceForProtecting,
  subscriptionRuns,
  onboardingAdmits,
  labelFits,
  templateFits,
  audienceGiven,
  formatProtectable,
  labelArrived,
  technologySupported,
  connectionSuffices,
  mayChangeProtection,
  precedence,
  mandatoryKept,
  justified,
  keysReachable,
]
