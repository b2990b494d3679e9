import { HashMap, Option } from "effect"
import {
  type CustomerLockboxInput,
  type CustomerLockboxRequest,
  customerLockboxTransition,
} from "./CustomerLockboxRequest.ts"
import { DatacenterEvent } from "./DatacenterEvent.ts"
import type { OperatorSession } from "./JitAccount.ts"
import {
  isFinal,
  type LockboxInput,
  type LockboxRequest,
  lockboxTransition,
} from "./LockboxRequest.ts"
import type { ServiceTeamAccount } from "./ServiceTeamAccount.ts"
import type { DatacenterState } from "./State.ts"

const without = <A>(items: readonly A[], gone: A): readonly A[] => items.filter((it) => it !== gone)

/** Changes one engineer; an unknown one leaves the state as it is. */
const person = (
  state: DatacenterState,
  alias: string,
  change: (account: ServiceTeamAccount) => ServiceTeamAccount,
): DatacenterState => ({ ...state, engineers: HashMap.modify(state.engineers, alias, change) })

/** Moves a request along SM-1. An input that the state has no transition for changes nothing. */
const move = (
  state: DatacenterState,
  id: string,
  input: LockboxInput,
  patch: Partial<LockboxRequest> = {},
): DatacenterState => {
  const request = Option.getOrUndefined(HashMap.get(state.requests, id))
  const transition = request && lockboxTransition(request.state, input)
  if (request === undefined || transition === undefined) return state
  const next = { ...request, ...patch, state: transition.to }
  return {
    ...state,
    requests: HashMap.set(state.requests, id, next),
    openRequests: isFinal(next.state) ? without(state.openRequests, id) : state.openRequests,
  }
}

const moveCustomer = (
  state: DatacenterState,
  id: string,
  input: CustomerLockboxInput,
  patch: Partial<CustomerLockboxRequest> = {},
): DatacenterState => {
  const request = Option.getOrUndefined(HashMap.get(state.customerRequests, id))
  const transition = request && customerLockboxTransition(request.status, input)
  if (request === undefined || transition === undefined) return state
  const next = { ...request, ...patch, status: transition.to }
  return { ...state, customerRequests: HashMap.set(state.customerRequests, id, next) }
}

const endSession = (
  state: DatacenterState,
  id: string,
  end: Pick<OperatorSession, "endedAt" | "endedBecause">,
): DatacenterState => ({
  ...state,
  sessions: HashMap.modify(state.sessions, id, (it) =>
    it.endedAt === undefined ? { ...it, ...end } : it,
  ),
  openSessions: without(state.openSessions, id),
})

/** Ends a live elevation: the account is deleted and its sessions are cut (LBX-13 to LBX-15). */
const endElevation = (
  before: DatacenterState,
  id: string,
  input: "elapse" | "complete" | "revoke",
  at: number,
): DatacenterState => {
  const state = move(before, id, input, { closedAt: at })
  if (state === before) return before
  const request = Option.getOrUndefined(HashMap.get(state.requests, id))
  const account = request?.account
  const open = state.openSessions.filter((session) => {
    const it = Option.getOrUndefined(HashMap.get(state.sessions, session))
    return account !== undefined && it?.account === account
  })
  const closed = open.reduce(
    (it, session) => endSession(it, session, { endedAt: at, endedBecause: "elevation-ended" }),
    state,
  )
  return account === undefined
    ? closed
    : {
        ...closed,
        accounts: HashMap.modify(closed.accounts, account, (it) => ({
          ...it,
          state: "Deleted",
          deletedAt: at,
        })),
      }
}

/** A pending customer step is withdrawn together with its elevation (LBX-08, LBX-16). */
const withdrawCustomerStep = (state: DatacenterState, requestId: string): DatacenterState => {
  const request = Option.getOrUndefined(HashMap.get(state.requests, requestId))
  return request?.customerRequest === undefined
    ? state
    : moveCustomer(state, request.customerRequest, "cancel")
}

const elevationOfCustomerRequest = (state: DatacenterState, id: string): string =>
  Option.getOrUndefined(HashMap.get(state.customerRequests, id))?.elevation ?? ""

const addRequest = (state: DatacenterState, request: LockboxRequest): DatacenterState =>
  HashMap.has(state.requests, request.id)
    ? state
    : {
        ...state,
        requests: HashMap.set(state.requests, request.id, request),
        openRequests: isFinal(request.state)
          ? state.openRequests
          : [...state.openRequests, request.id],
      }

const approvals = (state: DatacenterState, id: string): LockboxRequest["approvals"] =>
  Option.getOrUndefined(HashMap.get(state.requests, id))?.approvals ?? []

const withoutExpiry = (account: ServiceTeamAccount): ServiceTeamAccount => ({
  ...account,
  eligibilities: account.eligibilities.map(({ service, environment }) => ({
    service,
    environment,
  })),
})

const enabled = ({
  disabledBecause: _because,
  ...account
}: ServiceTeamAccount): ServiceTeamAccount => ({ ...account, state: "Active" })

/** The only place where this slice changes. */
export const evolveDatacenter = (state: DatacenterState, event: DatacenterEvent): DatacenterState =>
  DatacenterEvent.match(event, {
    EngineerOnboarded: ({ account }) => ({
      ...state,
      engineers: HashMap.set(state.engineers, account.id, account),
    }),
    EngineerDisabled: ({ engineer, because }) =>
      person(state, engineer, (it) =>
        it.state === "Removed" ? it : { ...it, state: "Disabled", disabledBecause: because },
      ),
    EngineerEnabled: ({ engineer, at }) =>
      person(state, engineer, (it) =>
        it.state === "Disabled" ? { ...enabled(it), lastUsedAt: at } : it,
      ),
    EngineerLocked: ({ engineer }) =>
      person(state, engineer, (it) => (it.state === "Active" ? { ...it, state: "Locked" } : it)),
    EngineerUnlocked: ({ engineer }) =>
      person(state, engineer, (it) => (it.state === "Locked" ? { ...it, state: "Active" } : it)),
    EngineerTransferred: ({ engineer, manager, expiresAt }) =>
      person(state, engineer, (it) => ({
        ...it,
        manager,
        eligibilities: it.eligibilities.map((one) => ({ ...one, expiresAt })),
      })),
    EngineerTransferConfirmed: ({ engineer }) => person(state, engineer, withoutExpiry),
    EligibilitiesLapsed: ({ engineer, at }) =>
      person(state, engineer, (it) => ({
        ...it,
        eligibilities: it.eligibilities.filter(
          ({ expiresAt }) => expiresAt === undefined || at < expiresAt,
        ),
      })),
    EngineerRemoved: ({ engineer }) =>
      person(state, engineer, (it) => ({
        ...it,
        state: "Removed",
        eligibilities: [],
        lockboxRoles: [],
        approverFor: [],
      })),
    ScreeningRenewed: ({ engineer, validUntil }) =>
      person(state, engineer, (it) => ({ ...it, screeningValidUntil: validUntil })),
    TrainingRenewed: ({ engineer, validUntil }) =>
      person(state, engineer, (it) => ({ ...it, trainingValidUntil: validUntil })),
    WorkstationChecked: ({ engineer, isCompliant }) =>
      person(state, engineer, (it) => ({ ...it, isWorkstationCompliant: isCompliant })),
    LockboxRoleAssigned: ({ engineer, role }) =>
      person(state, engineer, (it) => ({
        ...it,
        lockboxRoles: [...without(it.lockboxRoles, role), role],
      })),
    LockboxRoleRemoved: ({ engineer, role }) =>
      person(state, engineer, (it) => ({ ...it, lockboxRoles: without(it.lockboxRoles, role) })),
    ApproverDesignated: ({ engineer, role, step }) =>
      person(state, engineer, (it) => ({
        ...it,
        approverFor: [
          ...it.approverFor.filter((one) => one.role !== role || one.step !== step),
          { role, step },
        ],
      })),
    StandingPrivilegeAppeared: ({ engineer, privilege }) =>
      person(state, engineer, (it) => ({
        ...it,
        standingPrivileges: [...without(it.standingPrivileges, privilege), privilege],
      })),
    PhysicalAccessAppeared: ({ engineer }) =>
      person(state, engineer, (it) => ({ ...it, hasPhysicalAccess: true })),
    NetworkRuleAppeared: ({ rule }) => ({
      ...state,
      networkRules: [...state.networkRules.filter(({ id }) => id !== rule.id), rule],
    }),

    ElevationRejected: ({ request }) => addRequest(state, { ...request, state: "Rejected" }),
    ElevationRequested: ({ request }) => addRequest(state, { ...request, state: "PendingManager" }),
    ElevationStepApproved: ({ request, approval }) =>
      move(state, request, "approve-step", { approvals: [...approvals(state, request), approval] }),
    ElevationApproved: ({ request, approval, at }) =>
      move(state, request, "approve", {
        approvals: [...approvals(state, request), approval],
        approvedAt: at,
      }),
    ElevationSentToCustomer: ({ request, approval, customerRequest }) => {
      const moved = move(state, request, "approve-for-customer", {
        approvals: [...approvals(state, request), approval],
        customerRequest: customerRequest.id,
        dueAt: customerRequest.dueAt,
      })
      return moved === state
        ? state
        : {
            ...moved,
            customerRequests: HashMap.set(
              moved.customerRequests,
              customerRequest.id,
              customerRequest,
            ),
          }
    },
    ElevationDenied: ({ request, at }) => move(state, request, "deny", { closedAt: at }),
    ElevationRequestLapsed: ({ request, at }) => move(state, request, "time-out", { closedAt: at }),
    ElevationCancelled: ({ request, at }) =>
      withdrawCustomerStep(move(state, request, "cancel", { closedAt: at }), request),
    ElevationEligibilityLost: ({ request, reason, at }) =>
      withdrawCustomerStep(
        move(state, request, "lose-eligibility", { rejectedBecause: reason, closedAt: at }),
        request,
      ),
    JitAccountProvisioned: ({ account }) => {
      const moved = move(state, account.request, "provision", { account: account.id })
      return moved === state
        ? state
        : { ...moved, accounts: HashMap.set(moved.accounts, account.id, account) }
    },
    ElevationActivated: ({ request }) => move(state, request, "first-use"),
    ElevationElapsed: ({ request, at }) => endElevation(state, request, "elapse", at),
    ElevationCompleted: ({ request, at }) => endElevation(state, request, "complete", at),
    ElevationRevoked: ({ request, at }) => endElevation(state, request, "revoke", at),

    CustomerLockboxApproved: ({ customerRequest, by, at, accessUntil, comment }) =>
      move(
        moveCustomer(state, customerRequest, "approve", {
          decidedBy: by,
          decidedAt: at,
          accessUntil,
          ...(comment === undefined ? {} : { comment }),
        }),
        elevationOfCustomerRequest(state, customerRequest),
        "customer-approve",
        { approvedAt: at },
      ),
    CustomerLockboxDenied: ({ customerRequest, by, at, comment }) =>
      move(
        moveCustomer(state, customerRequest, "deny", {
          decidedBy: by,
          decidedAt: at,
          ...(comment === undefined ? {} : { comment }),
        }),
        elevationOfCustomerRequest(state, customerRequest),
        "customer-deny",
        { closedAt: at },
      ),
    CustomerLockboxCanceled: ({ customerRequest, by, at, comment }) =>
      move(
        moveCustomer(state, customerRequest, "cancel", {
          decidedBy: by,
          decidedAt: at,
          ...(comment === undefined ? {} : { comment }),
        }),
        elevationOfCustomerRequest(state, customerRequest),
        "customer-cancel",
        { closedAt: at },
      ),
    CustomerLockboxLapsed: ({ customerRequest, at }) =>
      move(
        moveCustomer(state, customerRequest, "time-out"),
        elevationOfCustomerRequest(state, customerRequest),
        "customer-time-out",
        { closedAt: at },
      ),
    CustomerAccessEnded: ({ customerRequest }) =>
      moveCustomer(state, customerRequest, "access-ends"),
    CustomerLockboxSwitched: ({ isOn }) => ({
      ...state,
      customerLockbox: { ...state.customerLockbox, isOn },
    }),
    CustomerLockboxLicensed: ({ plan, isLicensed }) => ({
      ...state,
      customerLockbox: {
        ...state.customerLockbox,
        plan,
        licence: isLicensed ? ("licensed" as const) : ("unlicensed" as const),
      },
    }),
    MailboxAuditSwitched: ({ isDisabled }) => ({ ...state, isMailboxAuditDisabled: isDisabled }),

    OperatorSessionStarted: ({ session }) => ({
      ...person(state, session.owner, (it) => ({ ...it, lastUsedAt: session.startedAt })),
      sessions: HashMap.set(state.sessions, session.id, session),
      openSessions: [...without(state.openSessions, session.id), session.id],
    }),
    OperatorSessionEnded: ({ session, because, at }) =>
      endSession(state, session, { endedAt: at, endedBecause: because }),
    OperatorActionTaken: ({ action }) => ({
      ...person(state, action.owner, (it) => ({ ...it, lastUsedAt: action.at })),
      actions: HashMap.set(state.actions, action.id, action),
      sessions:
        action.session === undefined
          ? state.sessions
          : HashMap.modify(state.sessions, action.session, (it) => ({
              ...it,
              lastActivityAt: action.at,
            })),
    }),

    InternalRecordWritten: ({ record }) => ({
      ...state,
      log: HashMap.set(state.log, record.seq, record),
      logHead: { seq: record.seq, hash: record.hash },
    }),
    DatacenterAlertRaised: ({ alert }) => ({
      ...state,
      alerts: HashMap.set(state.alerts, alert.id, alert),
    }),
    ComponentIsolated: ({ component }) => ({
      ...state,
      isolated: [...without(state.isolated, component), component],
    }),
    SourceBlocked: ({ ipAddress }) => ({
      ...state,
      blockedSources: [...without(state.blockedSources, ipAddress), ipAddress],
    }),
    ServiceAccountDisabled: ({ account }) => ({
      ...state,
      serviceAccounts: HashMap.modify(state.serviceAccounts, account, (it) => ({
        ...it,
        isEnabled: false,
      })),
    }),
    DatacenterSettingsChanged: ({ settings }) => ({
      ...state,
      settings: { ...state.settings, ...settings },
    }),
    ValidationRan: ({ at, failed }) => ({ ...state, lastValidation: { at, failed } }),
  })

/** The world after some events: what rules that follow from them have to look at. */
export const worldAfter = <W extends { readonly datacenter: DatacenterState }>(
  world: W,
  events: readonly DatacenterEvent[],
): W =>
  events.length === 0
    ? world
    : { ...world, datacenter: events.reduce(evolveDatacenter, world.datacenter) }
