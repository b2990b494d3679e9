import { type Decision, decideByGates } from "@twin/kernel"
import type { PrincipalKind } from "../InternalRecord.ts"
import type { CapabilityFinding } from "../RoleCapability.ts"
import { connectionGates } from "./connectionGates.ts"
import { elevationGates } from "./elevationGates.ts"

/** Everything that the gates of DCO-298 look at, for one operation in production. */
export interface ProductionFacets {
  readonly path: "approved" | "local" | "none" | "target-isolated" | "source-blocked" | "no-target"
  readonly sourceSegment: string
  readonly targetSegment: string
  readonly protocol: string
  /** The rules for people: workstation, second factor and session count for them only. */
  readonly isHuman: boolean
  readonly workstation: "compliant" | "non-compliant" | "none"
  readonly interface: "TerminalServiceGateway" | "RemotePowerShell" | "none"
  readonly isRemotePowerShellAuthorised: boolean
  readonly smartCard: "matching" | "other-platform" | "none"
  readonly principal: PrincipalKind
  readonly principalState: "enabled" | "elapsed" | "withdrawn" | "disabled" | "foreign" | "unknown"
  /** Read-only system metadata, or merely the connection. */
  readonly isBaseline: boolean
  readonly isOwnPurpose: boolean
  readonly window: "before" | "inside" | "after" | "not-applicable"
  readonly session:
    | "none"
    | "open"
    | "idle"
    | "over-limit"
    | "ended"
    | "second-on-server"
    | "second-gateway"
  readonly accountPartition: string
  readonly targetPartition: string
  readonly scope: "inside" | "other-component" | "other-tenant" | "other-container" | "no-tenant"
  readonly capability: CapabilityFinding["result"]
  readonly capabilityParameter: string
  readonly touchesContent: boolean
  readonly role: string
  readonly customerApproval: "not-in-force" | "approved" | "missing"
  readonly isAuditAvailable: boolean
  readonly readability: "no-content" | "readable" | "opaque"
}

/**
 * The gates of DCO-298 in their order; the first that fails decides. Network before identity: a
 * blocked path means no connection at all (DCO-090).
 */
export const evaluateProductionAccess = (facets: ProductionFacets): Decision =>
  decideByGates([...connectionGates, ...elevationGates], facets)
