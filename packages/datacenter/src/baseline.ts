import { type Actor, type Client, days } from "@twin/kernel"
import type { DatacenterEvent } from "./DatacenterEvent.ts"
import { contentRole } from "./LockboxRole.ts"
import type { Service } from "./Service.ts"
import { calendarLater, type ServiceTeamAccount, screeningsFor } from "./ServiceTeamAccount.ts"

/** A compliant secure access workstation in the operators' network: without it nothing opens. */
export const secureWorkstation: Client = {
  app: "service-workstation",
  device: "managed",
  ipAddress: "198.51.100.20",
}

/** An engineer at the secure workstation; `client` for what happens elsewhere. */
export const engineerActor = (alias: string, client: Client = secureWorkstation): Actor => ({
  id: alias.toLowerCase(),
  kind: "datacenter-engineer",
  roles: [],
  client,
})

const services: readonly Service[] = [
  "Exchange",
  "SharePoint",
  "OneDrive",
  "Teams",
  "Windows365",
  "Planner",
]

const person = (
  now: number,
  id: string,
  displayName: string,
  team: string,
  more: Partial<ServiceTeamAccount> = {},
): ServiceTeamAccount => ({
  id,
  displayName,
  team,
  manager: "max",
  state: "Active",
  isAuthorisedManager: false,
  isSecurityResponder: false,
  eligibilities: services.map((service) => ({ service, environment: "worldwide" })),
  lockboxRoles: [],
  approverFor: [],
  screenings: screeningsFor.worldwide,
  // Half of the time is left, as in the middle of any year.
  screeningValidUntil: calendarLater(now, { years: 1 }),
  trainingValidUntil: calendarLater(now, { months: 6 }),
  lastUsedAt: now - days(1),
  smartCards: services,
  isWorkstationCompliant: true,
  hasPhysicalAccess: false,
  standingPrivileges: [],
  ...more,
})

const decides = (...roles: readonly string[]): ServiceTeamAccount["approverFor"] =>
  roles.map((role) => ({ role, step: "Manager" }))

const everyRole = [
  "ReadOnlyDebug",
  "ServiceEngineerOperations",
  contentRole,
  "DkmKeyAccess",
  "SecretStoreAccess",
] as const

/**
 * The people of the service in every baseline: ed the engineer, eva and max who approve (max is
 * their manager), lea and lou of the legal team, and sam of the security response. Nobody holds a
 * privilege.
 */
export const baselineEngineers = (now: number): readonly DatacenterEvent[] =>
  [
    person(now, "ed", "Ed Engineer", "Exchange operations", { lockboxRoles: everyRole }),
    person(now, "eva", "Eva Approver", "Exchange operations", {
      isAuthorisedManager: true,
      approverFor: decides(...everyRole),
    }),
    person(now, "max", "Max Manager", "Service operations", {
      manager: "mia",
      isAuthorisedManager: true,
      approverFor: decides(...everyRole),
    }),
    person(now, "lea", "Lea Legal", "Legal", {
      approverFor: [{ role: "DkmKeyAccess", step: "Legal" }],
    }),
    person(now, "lou", "Lou Legal", "Legal", {
      approverFor: [{ role: "DkmKeyAccess", step: "Legal" }],
    }),
    person(now, "sam", "Sam Security", "Security response", { isSecurityResponder: true }),
  ].map((account) => ({ _tag: "EngineerOnboarded", account }))

/** How a tenant's datacenter starts: its people, and the tenant's subscription. */
export const datacenterBaseline = (now: number): readonly DatacenterEvent[] => [
  ...baselineEngineers(now),
  { _tag: "CustomerLockboxLicensed", plan: "Microsoft 365 E5", isLicensed: true },
]
