import type { CryptoWorld } from "@twin/crypto"
import type { IdentityWorld } from "@twin/identity"
import { HashMap, Option } from "effect"
import { type Component, inventory, type ServiceAccount, serviceAccounts } from "./Component.ts"
import type { CustomerLockboxRequest } from "./CustomerLockboxRequest.ts"
import type { OperatorAction } from "./DatacenterEvent.ts"
import type { DatacenterAlert } from "./DetectionRule.ts"
import { emptyLog, type InternalRecord, type LogHead } from "./InternalRecord.ts"
import { isLiveAt, type JitAccount, type OperatorSession } from "./JitAccount.ts"
import type { LockboxRequest } from "./LockboxRequest.ts"
import { type LockboxRole, lockboxRoles } from "./LockboxRole.ts"
import { type NetworkRule, networkRules } from "./NetworkRule.ts"
import { isCoveredByCustomerLockbox, type Service } from "./Service.ts"
import type { ServiceTeamAccount } from "./ServiceTeamAccount.ts"
import { type DatacenterSettings, defaultSettings } from "./Settings.ts"

/** The tenant's side of Customer Lockbox. A licence that nobody recorded is not guessed. */
export interface CustomerLockboxSetting {
  readonly isOn: boolean
  readonly licence: "unrecorded" | "licensed" | "unlicensed"
  readonly plan: string
}

/** The datacenter's slice. Read it through the accessors below: the fields are indexes. */
export interface DatacenterState {
  readonly settings: DatacenterSettings
  readonly customerLockbox: CustomerLockboxSetting
  readonly isMailboxAuditDisabled: boolean
  readonly engineers: HashMap.HashMap<string, ServiceTeamAccount>
  readonly roles: HashMap.HashMap<string, LockboxRole>
  readonly components: HashMap.HashMap<string, Component>
  readonly serviceAccounts: HashMap.HashMap<string, ServiceAccount>
  readonly networkRules: readonly NetworkRule[]
  readonly isolated: readonly string[]
  readonly blockedSources: readonly string[]
  readonly requests: HashMap.HashMap<string, LockboxRequest>
  /** Requests that are not final, so that deadlines need not look at all of them. */
  readonly openRequests: readonly string[]
  readonly customerRequests: HashMap.HashMap<string, CustomerLockboxRequest>
  readonly accounts: HashMap.HashMap<string, JitAccount>
  readonly sessions: HashMap.HashMap<string, OperatorSession>
  readonly openSessions: readonly string[]
  readonly actions: HashMap.HashMap<string, OperatorAction>
  readonly log: HashMap.HashMap<number, InternalRecord>
  readonly logHead: LogHead
  readonly alerts: HashMap.HashMap<string, DatacenterAlert>
  readonly lastValidation: { readonly at: number; readonly failed: readonly string[] } | undefined
}

/** Every world with a datacenter in it. */
export interface DatacenterWorld extends IdentityWorld, CryptoWorld {
  readonly datacenter: DatacenterState
}

const indexed = <A, K extends keyof A>(
  items: readonly A[],
  key: K,
): HashMap.HashMap<A[K] & string, A> =>
  HashMap.fromIterable(items.map((it) => [it[key] as A[K] & string, it] as const))

/** The service fabric without any person in it: nobody may do anything. */
export const initialDatacenterState: DatacenterState = {
  settings: defaultSettings,
  customerLockbox: { isOn: false, licence: "unrecorded", plan: "" },
  isMailboxAuditDisabled: false,
  engineers: HashMap.empty(),
  roles: indexed(lockboxRoles, "name"),
  components: indexed(inventory, "id"),
  serviceAccounts: indexed(serviceAccounts, "id"),
  networkRules,
  isolated: [],
  blockedSources: [],
  requests: HashMap.empty(),
  openRequests: [],
  customerRequests: HashMap.empty(),
  accounts: HashMap.empty(),
  sessions: HashMap.empty(),
  openSessions: [],
  actions: HashMap.empty(),
  log: HashMap.empty(),
  logHead: emptyLog,
  alerts: HashMap.empty(),
  lastValidation: undefined,
}

type In = Pick<DatacenterWorld, "datacenter">

const sortedBy = <A>(items: Iterable<A>, key: (item: A) => string): readonly A[] =>
  [...items].toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))

const lookup =
  <A>(pick: (state: DatacenterState) => HashMap.HashMap<string, A>) =>
  (world: In, id: string): A | undefined =>
    Option.getOrUndefined(HashMap.get(pick(world.datacenter), id))

const listing =
  <A>(pick: (state: DatacenterState) => HashMap.HashMap<string, A>, key: (item: A) => string) =>
  (world: In): readonly A[] =>
    sortedBy(HashMap.values(pick(world.datacenter)), key)

/** An engineer by alias; case does not count. */
export const engineerOf = (world: In, alias: string): ServiceTeamAccount | undefined =>
  Option.getOrUndefined(HashMap.get(world.datacenter.engineers, alias.toLowerCase()))
/** All engineers, sorted by alias. */
export const engineersOf = listing(
  (it) => it.engineers,
  ({ id }) => id,
)
/** A Lockbox role by its exact name. */
export const lockboxRoleOf = lookup((it) => it.roles)
export const lockboxRolesOf = listing(
  (it) => it.roles,
  ({ name }) => name,
)
export const componentOf = lookup((it) => it.components)
export const componentsOf = listing(
  (it) => it.components,
  ({ id }) => id,
)
export const serviceAccountOf = lookup((it) => it.serviceAccounts)
export const elevationOf = lookup((it) => it.requests)
/** All elevation requests, oldest first. */
export const elevationsOf = (world: In): readonly LockboxRequest[] =>
  [...HashMap.values(world.datacenter.requests)].toSorted(
    (a, b) => a.submittedAt - b.submittedAt || (a.id < b.id ? -1 : 1),
  )
/** Requests that are not final. */
export const openElevationsOf = (world: In): readonly LockboxRequest[] =>
  world.datacenter.openRequests.flatMap((id) => elevationOf(world, id) ?? [])
export const customerRequestOf = (world: In, id: string): CustomerLockboxRequest | undefined =>
  Option.getOrUndefined(HashMap.get(world.datacenter.customerRequests, id.toUpperCase()))
/** All Customer Lockbox requests, oldest first. */
export const customerRequestsOf = (world: In): readonly CustomerLockboxRequest[] =>
  [...HashMap.values(world.datacenter.customerRequests)].toSorted(
    (a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1),
  )
export const jitAccountOf = lookup((it) => it.accounts)
export const jitAccountsOf = listing(
  (it) => it.accounts,
  ({ id }) => id,
)
export const operatorSessionOf = lookup((it) => it.sessions)
/** Sessions that have not ended, in the order in which they began. */
export const openSessionsOf = (world: In): readonly OperatorSession[] =>
  world.datacenter.openSessions.flatMap((id) => operatorSessionOf(world, id) ?? [])
/** Operations that took place, oldest first. */
export const operatorActionsOf = (world: In): readonly OperatorAction[] =>
  [...HashMap.values(world.datacenter.actions)].toSorted(
    (a, b) => a.at - b.at || (a.id < b.id ? -1 : 1),
  )
/** The internal log, oldest first. */
export const internalLogOf = (world: In): readonly InternalRecord[] =>
  [...HashMap.values(world.datacenter.log)].toSorted((a, b) => a.seq - b.seq)
/** The internal log backwards, read lazily. */
export function* newestRecordsOf(world: In): Generator<InternalRecord> {
  for (let seq = world.datacenter.logHead.seq; seq > 0; seq--) {
    const record = Option.getOrUndefined(HashMap.get(world.datacenter.log, seq))
    if (record !== undefined) yield record
  }
}
/** Alerts, oldest first. */
export const alertsOf = (world: In): readonly DatacenterAlert[] =>
  [...HashMap.values(world.datacenter.alerts)].toSorted(
    (a, b) => a.at - b.at || (a.id < b.id ? -1 : 1),
  )

/**
 * Privileged rights that a person holds without an elevation: empty for everybody, unless drift put
 * something there (DCO-011, INV-01). Unknown people hold nothing.
 */
export const standingPrivilegesOf = (world: In, alias: string): readonly string[] =>
  engineerOf(world, alias)?.standingPrivileges ?? []

/** The elevations that a person can use at this moment: their just-in-time accounts. */
export const liveAccountsOf = (world: In, alias: string, now: number): readonly JitAccount[] =>
  openElevationsOf(world).flatMap(({ account }) => {
    const it = account === undefined ? undefined : jitAccountOf(world, account)
    return it !== undefined && it.owner === alias.toLowerCase() && isLiveAt(it, now) ? [it] : []
  })

/** What one account could reach if it fell into wrong hands (DCO-097). */
export interface BlastRadius {
  readonly commands: number
  readonly components: number
  readonly partitions: number
  readonly tenants: number
  readonly minutesLeft: number
}

/** Of a just-in-time account; everything else has none (INV-07). */
export const blastRadiusOf = (world: In, accountId: string, now: number): BlastRadius => {
  const account = jitAccountOf(world, accountId)
  if (account === undefined || !isLiveAt(account, now)) {
    return { commands: 0, components: 0, partitions: 0, tenants: 0, minutesLeft: 0 }
  }
  return {
    commands: account.capability.length,
    components: account.scope.components.length,
    partitions: 1,
    tenants: account.scope.tenant === undefined ? 0 : 1,
    minutesLeft: Math.ceil((account.notAfter - now) / 60_000),
  }
}

/** `customerLockboxInForce(T, service)` of the facts: on, licensed and covered (DCO-107..110). */
export const isCustomerLockboxInForce = (world: In, service: Service, now: number): boolean =>
  world.datacenter.customerLockbox.isOn &&
  world.datacenter.customerLockbox.licence === "licensed" &&
  isCoveredByCustomerLockbox(service, now)
