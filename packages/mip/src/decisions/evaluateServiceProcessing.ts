import {
  type Dated,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  inForce,
  pass,
} from "@twin/kernel"
import { labelOf } from "../labelOf.ts"
import { policyInForce } from "../policyInForce.ts"
import { type MipWorld, protectionOf, rmsServiceOf } from "../State.ts"
import { tenantKeyState } from "./OpenFacets.ts"
import { serviceEnabled, tenantKeyReachable } from "./openGates.ts"

/** May a service of the organization read a protected content, to render, index or inspect it? */
export interface ProcessingRequest {
  readonly world: MipWorld
  readonly contentId: string
  readonly now: number
  /** Mail in transport is decrypted without the conditions that SharePoint has for files. */
  readonly service: "SharePoint" | "Exchange"
  /** An administrator takes the protection off: that works although the service is off (MIP-075). */
  readonly isUnlock?: boolean
}

interface ProcessingFacets {
  readonly isContentKnown: boolean
  readonly functionalState: "Enabled" | "Disabled"
  readonly tenantKey: "reachable" | "unreachable" | "destroyed"
  readonly service: "SharePoint" | "Exchange"
  readonly isDoubleKey: boolean
  readonly hasLabel: boolean
  readonly isUserDefined: boolean
  readonly expires: boolean
  readonly userDefinedSupport: "none" | "web" | "full"
  readonly isOnPremisesKey: boolean
}

/**
 * Whether the service can process the content (MIP-203 to MIP-206, MIP-249): rights of persons do not
 * enter. That labels are switched on for SharePoint is SharePoint's own gate.
 */
export const evaluateServiceProcessing = (request: ProcessingRequest): Decision => {
  const { world, contentId, now, service, isUnlock = false } = request
  const protection = protectionOf(world, contentId)
  const policy = protection === undefined ? undefined : policyInForce(world, protection)
  return decideByGates(isUnlock ? unlockGates : processingGates, {
    isContentKnown: protection !== undefined,
    functionalState: rmsServiceOf(world).functionalState,
    tenantKey: tenantKeyState(world, protection?.tenantKeyId),
    service,
    isDoubleKey: protection?.doubleKeyUrl !== undefined,
    hasLabel: protection?.labelId !== undefined,
    isUserDefined: protection !== undefined && protection.templateId === undefined,
    expires: policy?.contentExpiresAt !== undefined,
    userDefinedSupport: inForce(userDefinedSupport, now),
    isOnPremisesKey:
      protection?.labelId !== undefined &&
      labelOf(world, protection.labelId)?.encryption?.rightsUrl !== undefined,
  })
}

/** MIP-113: not processed, then opened on the web, then indexed and inspected as well. */
const userDefinedSupport: Dated<ProcessingFacets["userDefinedSupport"]> = {
  before: "none",
  changes: [
    { from: "2023-08-01", value: "web" },
    { from: "2025-08-01", value: "full" },
  ],
}

const rule = gate<ProcessingFacets>()

const ownContent = rule({
  name: "content-known",
  facts: ["MIP-206"],
  reads: ["isContentKnown"],
  check: ({ isContentKnown }) =>
    isContentKnown
      ? pass("This organization protected the content.")
      : deny("Another organization protected the content, so the service cannot read it."),
})

const noSecondKey = rule({
  name: "no-second-key",
  facts: ["MIP-170", "MIP-206", "MIP-249"],
  reads: ["isDoubleKey"],
  check: ({ isDoubleKey }) =>
    isDoubleKey
      ? deny("The content needs a second key, which the service does not have.")
      : pass("The content needs no key that the service does not have."),
})

const noKeyOnPremises = rule({
  name: "no-key-on-premises",
  facts: ["MIP-120", "MIP-206", "MIP-239"],
  reads: ["isOnPremisesKey"],
  check: ({ isOnPremisesKey }) =>
    isOnPremisesKey
      ? deny("The key of the content lies on premises, where the service cannot use it.")
      : pass("The key of the content is one of the service."),
})

const labelledForProcessing = rule({
  name: "protected-by-label",
  facts: ["MIP-206"],
  reads: ["service", "hasLabel"],
  check: ({ service, hasLabel }) =>
    service === "Exchange" || hasLabel
      ? pass("The way the content was protected is one the service reads.", { service })
      : deny("The content was protected without a label, which SharePoint does not process.", {
          service,
        }),
})

const neverExpires = rule({
  name: "no-content-expiry",
  facts: ["MIP-206"],
  reads: ["service", "expires"],
  check: ({ service, expires }) =>
    service === "SharePoint" && expires
      ? deny("Access to the content expires, which SharePoint does not process.", { service })
      : pass("No expiry keeps the service from reading.", { service }),
})

const userDefinedRead = rule({
  name: "user-defined-permissions",
  facts: ["MIP-113", "MIP-206"],
  reads: ["service", "isUserDefined", "userDefinedSupport"],
  check: ({ service, isUserDefined, userDefinedSupport: support }) =>
    service === "SharePoint" && isUserDefined && support === "none"
      ? deny("At this time SharePoint does not process permissions that people chose.", { support })
      : pass("The service reads content with this kind of permissions.", { support }),
})

const readableBytes = [
  tenantKeyReachable,
  noSecondKey,
  noKeyOnPremises,
  labelledForProcessing,
  neverExpires,
  userDefinedRead,
] as const

const processingGates: GateRules<ProcessingFacets> = [ownContent, serviceEnabled, ...readableBytes]

/** Decrypting for good does not need the service to be on (MIP-075). */
const unlockGates: GateRules<ProcessingFacets> = [ownContent, ...readableBytes]

/** The same as a yes or no, for the facets of another domain's gate. */
export const canServiceProcess = (
  world: MipWorld,
  contentId: string,
  now: number,
  service: ProcessingRequest["service"] = "SharePoint",
): boolean => evaluateServiceProcessing({ world, contentId, now, service }).outcome === "allow"
