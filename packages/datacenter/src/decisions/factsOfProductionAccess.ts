import { type Client, hours, isFaultOn, minutes } from "@twin/kernel"
import { auditUnavailable } from "../faults.ts"
import type { PrincipalKind } from "../InternalRecord.ts"
import type { JitAccount, ManagementInterface, OperatorSession } from "../JitAccount.ts"
import { commandOf, contentRole } from "../LockboxRole.ts"
import { isPathApproved, type Protocol, segmentOf } from "../NetworkRule.ts"
import { type CommandLine, checkCommandLine, defaultCommands } from "../RoleCapability.ts"
import type { Service } from "../Service.ts"
import {
  componentOf,
  customerRequestOf,
  type DatacenterWorld,
  elevationOf,
  engineerOf,
  isCustomerLockboxInForce,
  openSessionsOf,
  serviceAccountOf,
} from "../State.ts"
import type { ProductionFacets } from "./evaluateProductionAccess.ts"

/** One attempt to reach or operate a machine, by whomever and however. */
export interface AccessAttempt {
  /** The person whose identity is used, or the name of a service account; lower case. */
  readonly alias: string
  readonly principal: PrincipalKind
  /** The just-in-time account, where one is used. */
  readonly account?: JitAccount
  readonly client: Client
  /** The machine the attempt comes from; absent for a person's device. */
  readonly sourceComponent?: string
  readonly protocol: Protocol
  readonly interface?: ManagementInterface
  /** Platform of the smart card that is presented. */
  readonly smartCard?: Service
  /** The session in which the command runs. */
  readonly session?: OperatorSession
  /** A service account driven by a person. */
  readonly isInteractive?: boolean
  readonly component: string
  /** Absent when only a session is opened. */
  readonly line?: CommandLine
  readonly tenant?: string
  /** Mailbox or site that the command is about. */
  readonly container?: string
  /** A stored object whose bytes are read: content, whatever command reads it. */
  readonly item?: string
  readonly readability: ProductionFacets["readability"]
}

type World = Pick<DatacenterWorld, "datacenter" | "kernel">

/** Which protocol an interface speaks on the wire. */
export const protocolOf: Readonly<Record<ManagementInterface, Protocol>> = {
  TerminalServiceGateway: "RDP",
  RemotePowerShell: "PowerShell",
}

/** Read-only metadata and the built-in commands of a session need no elevation (DCO-015). */
export const isBaselineCommand = (line: CommandLine | undefined): boolean =>
  line === undefined ||
  commandOf(line.command)?.isBaseline === true ||
  defaultCommands.some((it) => it.toLowerCase() === line.command.toLowerCase())

export const touchesContent = ({ line, item }: Pick<AccessAttempt, "line" | "item">): boolean =>
  item !== undefined ||
  (line !== undefined && commandOf(line.command)?.touches === "customer-content")

const pathOf = (world: World, attempt: AccessAttempt): ProductionFacets["path"] => {
  const { isolated, blockedSources, networkRules } = world.datacenter
  const target = componentOf(world, attempt.component)
  if (target === undefined) return "no-target"
  const source = attempt.sourceComponent
  if (source === attempt.component) return "local"
  if (isolated.includes(target.id)) return "target-isolated"
  if (
    source === undefined
      ? blockedSources.includes(attempt.client.ipAddress)
      : isolated.includes(source)
  ) {
    return "source-blocked"
  }
  return isPathApproved(networkRules, {
    source: sourceSegmentOf(world, attempt),
    target: target.partition,
    protocol: attempt.protocol,
  })
    ? "approved"
    : "none"
}

const sourceSegmentOf = (world: World, { sourceComponent, client }: AccessAttempt): string =>
  sourceComponent === undefined
    ? segmentOf(client.ipAddress)
    : (componentOf(world, sourceComponent)?.partition ?? "")

/** Health of the device an attempt comes from; a machine of the service is no workstation. */
export const workstationOf = (
  world: World,
  { alias, client, sourceComponent }: AccessAttempt,
): ProductionFacets["workstation"] => {
  if (client.app !== "service-workstation" || sourceComponent !== undefined) return "none"
  const isHealthy = engineerOf(world, alias)?.isWorkstationCompliant ?? false
  return client.device === "managed" && isHealthy ? "compliant" : "non-compliant"
}

const smartCardOf = (world: World, attempt: AccessAttempt): ProductionFacets["smartCard"] => {
  const card = attempt.smartCard
  const isHeld =
    card !== undefined && (engineerOf(world, attempt.alias)?.smartCards.includes(card) ?? false)
  if (!isHeld) return "none"
  return card === componentOf(world, attempt.component)?.service ? "matching" : "other-platform"
}

const principalStateOf = (
  world: World,
  { principal, alias, account }: AccessAttempt,
): ProductionFacets["principalState"] => {
  switch (principal) {
    case "jit-account": {
      if (account === undefined) return "unknown"
      if (account.owner !== alias) return "foreign"
      if (account.state === "Enabled") return "enabled"
      return elevationOf(world, account.request)?.state === "Elapsed" ? "elapsed" : "withdrawn"
    }
    case "service-team-account": {
      const state = engineerOf(world, alias)?.state
      return state === undefined ? "unknown" : state === "Active" ? "enabled" : "disabled"
    }
    case "service-account": {
      const isEnabled = serviceAccountOf(world, alias)?.isEnabled
      return isEnabled === undefined ? "unknown" : isEnabled ? "enabled" : "disabled"
    }
    case "corporate-account":
      return "unknown"
  }
}

const windowOf = (account: JitAccount | undefined, now: number): ProductionFacets["window"] => {
  if (account === undefined) return "not-applicable"
  if (now < account.notBefore) return "before"
  return now < account.notAfter ? "inside" : "after"
}

/** Idle and longest time count for gateway sessions (DCO-071, DCO-072). */
const sessionStateOf = (
  world: World,
  attempt: AccessAttempt,
  now: number,
): ProductionFacets["session"] => {
  const { session, line, alias, component } = attempt
  if (session === undefined) {
    if (line !== undefined) return "none"
    const open = openSessionsOf(world).filter(({ owner }) => owner === alias)
    if (open.some((it) => it.component === component)) return "second-on-server"
    const isSecondGateway = open.some(
      (it) =>
        it.interface === "TerminalServiceGateway" &&
        attempt.interface === "TerminalServiceGateway" &&
        it.ipAddress !== attempt.client.ipAddress,
    )
    return isSecondGateway ? "second-gateway" : "none"
  }
  if (session.endedAt !== undefined) {
    if (session.endedBecause === "idle") return "idle"
    return session.endedBecause === "forced-logoff" ? "over-limit" : "ended"
  }
  if (session.interface !== "TerminalServiceGateway") return "open"
  const { settings } = world.datacenter
  if (now - session.startedAt >= hours(settings.tsgMaxHours)) return "over-limit"
  return now - session.lastActivityAt >= minutes(settings.tsgIdleMinutes) ? "idle" : "open"
}

const scopeOf = (attempt: AccessAttempt): ProductionFacets["scope"] => {
  const { account, component, tenant, container } = attempt
  if (account === undefined) return "inside"
  const { scope } = account
  if (!scope.components.includes(component)) return "other-component"
  if (scope.tenant === undefined) {
    return touchesContent(attempt) && account.role === contentRole ? "no-tenant" : "inside"
  }
  if (tenant !== undefined && tenant !== scope.tenant) return "other-tenant"
  if (!touchesContent(attempt) || scope.container === undefined) return "inside"
  return container === undefined || container.toLowerCase() === scope.container.toLowerCase()
    ? "inside"
    : "other-container"
}

const capabilityOf = (
  world: World,
  { principal, alias, account, line }: AccessAttempt,
): { readonly result: ProductionFacets["capability"]; readonly parameter?: string } => {
  if (line === undefined) return { result: "allowed" }
  switch (principal) {
    case "jit-account":
      return checkCommandLine(account?.capability ?? [], line)
    case "service-account":
      return checkCommandLine(
        (serviceAccountOf(world, alias)?.commands ?? []).map((name) => ({ name })),
        line,
      )
    case "service-team-account":
      return { result: isBaselineCommand(line) ? "allowed" : "cmdlet-not-in-role" }
    case "corporate-account":
      return { result: "cmdlet-not-in-role" }
  }
}

const customerApprovalOf = (
  world: World,
  attempt: AccessAttempt,
  now: number,
): ProductionFacets["customerApproval"] => {
  const service = componentOf(world, attempt.component)?.service
  if (service === undefined || !isCustomerLockboxInForce(world, service, now)) return "not-in-force"
  const { account } = attempt
  const request = account === undefined ? undefined : elevationOf(world, account.request)
  const asked =
    request?.customerRequest === undefined
      ? undefined
      : customerRequestOf(world, request.customerRequest)
  const isApproved =
    asked?.status === "Approved" &&
    asked.tenant === account?.scope.tenant &&
    asked.container === account.scope.container &&
    asked.decidedAt !== undefined &&
    asked.decidedAt <= now &&
    asked.accessUntil !== undefined &&
    now < asked.accessUntil
  return isApproved ? "approved" : "missing"
}

/** Reads the facets of one attempt off the world. */
export const factsOfProductionAccess = (
  world: World,
  attempt: AccessAttempt,
  now: number,
): ProductionFacets => {
  const { account, principal, alias, line } = attempt
  const capability = capabilityOf(world, attempt)
  const held = engineerOf(world, alias)?.lockboxRoles ?? []
  return {
    path: pathOf(world, attempt),
    sourceSegment: sourceSegmentOf(world, attempt),
    targetSegment: componentOf(world, attempt.component)?.partition ?? "",
    protocol: attempt.protocol,
    isHuman: principal !== "service-account",
    workstation: workstationOf(world, attempt),
    interface: attempt.interface ?? "none",
    isRemotePowerShellAuthorised:
      held.includes("ServiceEngineerOperations") && held.includes("ReadOnlyDebug"),
    smartCard: smartCardOf(world, attempt),
    principal,
    principalState: principalStateOf(world, attempt),
    isBaseline: isBaselineCommand(line),
    isOwnPurpose: attempt.isInteractive !== true && capability.result === "allowed",
    window: windowOf(account, now),
    session: sessionStateOf(world, attempt, now),
    accountPartition: account?.scope.partition ?? serviceAccountOf(world, alias)?.partition ?? "",
    targetPartition: componentOf(world, attempt.component)?.partition ?? "",
    scope: scopeOf(attempt),
    capability: capability.result,
    capabilityParameter: capability.parameter ?? "",
    touchesContent: touchesContent(attempt),
    role: account?.role ?? "",
    customerApproval: customerApprovalOf(world, attempt, now),
    isAuditAvailable: !isFaultOn(world, auditUnavailable),
    readability: attempt.readability,
  }
}
