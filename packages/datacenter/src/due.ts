import {
  type Decision,
  type Due,
  decideByGates,
  gate,
  hours,
  minutes,
  pass,
  systemActor,
} from "@twin/kernel"
import { conclude } from "./conclude.ts"
import type { DatacenterEvent } from "./DatacenterEvent.ts"
import { type Happening, lockboxMail } from "./Happening.ts"
import { isLive, type LockboxRequest } from "./LockboxRequest.ts"
import { inactiveAt, type ServiceTeamAccount } from "./ServiceTeamAccount.ts"
import {
  customerRequestsOf,
  type DatacenterWorld,
  engineersOf,
  jitAccountOf,
  openElevationsOf,
  openSessionsOf,
} from "./State.ts"

/** Something that is due, before it is known which is the first. */
interface Deadline {
  readonly at: number
  readonly name: string
  readonly reason: string
  readonly event: DatacenterEvent
  readonly draft: Pick<Happening["draft"], "kind" | "transitions" | "request" | "session" | "code">
  readonly notify: readonly string[]
}

const onTime = gate<{ readonly reason: string }>()({
  name: "deadline",
  facts: ["DCO-052", "DCO-120", "DCO-048"],
  reads: ["reason"],
  check: ({ reason }) => pass(reason),
})

/** A deadline asks nobody: it comes. */
const decided = (reason: string): Decision => decideByGates([onTime], { reason })

const requestDeadline = (world: DatacenterWorld, request: LockboxRequest): readonly Deadline[] => {
  const of = { kind: "request", request: request.id } as const
  if (request.state === "PendingManager") {
    return [
      {
        at: request.dueAt,
        name: "elevation-request-expired",
        reason: "Nobody decided in time, so nobody is elevated.",
        event: { _tag: "ElevationRequestLapsed", request: request.id, at: request.dueAt },
        draft: { ...of, transitions: ["LBX-07"] },
        notify: [request.requester],
      },
    ]
  }
  const account = request.account === undefined ? undefined : jitAccountOf(world, request.account)
  if (!isLive(request.state) || account === undefined) return []
  return [
    {
      at: account.notAfter,
      name: "jit-account-expired",
      reason: "The approved time is over: the account is disabled and deleted, sessions are cut.",
      event: { _tag: "ElevationElapsed", request: request.id, at: account.notAfter },
      draft: { ...of, transitions: ["LBX-13"] },
      notify: [request.requester],
    },
  ]
}

const customerDeadlines = (world: DatacenterWorld): readonly Deadline[] =>
  customerRequestsOf(world).flatMap((asked): Deadline[] => {
    const of = { kind: "customer-decision", request: asked.elevation } as const
    if (asked.status === "Pending") {
      return [
        {
          at: asked.dueAt,
          name: "customer-lockbox-request-expired",
          reason: "The tenant did not decide in time, so nobody gets access.",
          event: { _tag: "CustomerLockboxLapsed", customerRequest: asked.id, at: asked.dueAt },
          draft: { ...of, transitions: ["CLB-05", "LBX-10"] },
          notify: [],
        },
      ]
    }
    return asked.status === "Approved" && asked.accessUntil !== undefined
      ? [
          {
            at: asked.accessUntil,
            name: "customer-access-ended",
            reason: "The access that the tenant approved is over.",
            event: {
              _tag: "CustomerAccessEnded",
              customerRequest: asked.id,
              at: asked.accessUntil,
            },
            draft: { ...of, transitions: ["CLB-07"] },
            notify: [],
          },
        ]
      : []
  })

const sessionDeadlines = (world: DatacenterWorld): readonly Deadline[] => {
  const { tsgIdleMinutes, tsgMaxHours } = world.datacenter.settings
  return openSessionsOf(world)
    .filter((it) => it.interface === "TerminalServiceGateway")
    .map((session) => {
      const idleAt = session.lastActivityAt + minutes(tsgIdleMinutes)
      const maxAt = session.startedAt + hours(tsgMaxHours)
      const isIdle = idleAt < maxAt
      const at = Math.min(idleAt, maxAt)
      return {
        at,
        name: "operator-session-timed-out",
        reason: isIdle
          ? "The gateway disconnects a session that nobody uses."
          : "The gateway ends a session after its longest duration.",
        event: {
          _tag: "OperatorSessionEnded",
          session: session.id,
          because: isIdle ? "idle" : "forced-logoff",
          at,
        },
        draft: { kind: "sign-in", session: session.id },
        notify: [],
      } as const
    })
}

/** The first condition that a person loses by the clock alone (DCO-028 to DCO-033). */
const accountDeadlines = (
  world: DatacenterWorld,
  account: ServiceTeamAccount,
): readonly Deadline[] => {
  const engineer = account.id
  const lifecycle = { kind: "lifecycle" } as const
  const notify = [engineer, account.manager]
  const lapse = Math.min(
    ...account.eligibilities.flatMap(({ expiresAt }) =>
      expiresAt === undefined ? [] : [expiresAt],
    ),
  )
  const lapses: Deadline[] =
    account.state !== "Removed" && Number.isFinite(lapse)
      ? [
          {
            at: lapse,
            name: "eligibilities-lapsed",
            reason: "The new manager did not confirm the eligibilities in time.",
            event: { _tag: "EligibilitiesLapsed", engineer, at: lapse },
            draft: { ...lifecycle, code: "NotEligible" },
            notify,
          },
        ]
      : []
  if (account.state !== "Active") return lapses
  const ends = [
    { at: account.screeningValidUntil, because: "ScreeningExpired" },
    { at: account.trainingValidUntil, because: "TrainingExpired" },
    { at: inactiveAt(account, world.datacenter.settings.inactivityDays), because: "Inactive" },
  ] as const
  const reasons = {
    ScreeningExpired: "The background check was not renewed, so the account is switched off.",
    TrainingExpired: "The yearly training was missed, so the account is switched off.",
    Inactive: "The account was not used for so long that it is switched off.",
  } as const
  return [
    ...lapses,
    ...ends.map(
      ({ at, because }): Deadline => ({
        at,
        name: "service-team-account-disabled",
        reason: reasons[because],
        event: { _tag: "EngineerDisabled", engineer, because, at },
        draft: { ...lifecycle, code: because },
        notify,
      }),
    ),
  ]
}

/** Everything that falls due by the clock alone, each with its own record at its own moment. */
export const datacenterDue = (
  world: DatacenterWorld,
  until: number,
): readonly Due<DatacenterEvent>[] =>
  [
    ...openElevationsOf(world).flatMap((it) => requestDeadline(world, it)),
    ...customerDeadlines(world),
    ...sessionDeadlines(world),
    ...engineersOf(world).flatMap((it) => accountDeadlines(world, it)),
  ]
    .filter(({ at }) => at <= until)
    .toSorted((a, b) => a.at - b.at || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    // Only the first one: what it changes may cancel the others, and the simulation asks again.
    .slice(0, 1)
    .map((it) => dueOf(world, it))

const subjects: Readonly<Record<string, string>> = {
  "elevation-request-expired": "Your elevation request has expired",
  "jit-account-expired": "Your elevation has ended",
  "eligibilities-lapsed": "Eligibilities have lapsed",
  "service-team-account-disabled": "Service team account switched off",
}

const dueOf = (world: DatacenterWorld, deadline: Deadline): Due<DatacenterEvent> => {
  const { at, name, reason, event, draft, notify } = deadline
  const engineer = "engineer" in event ? event.engineer : systemActor.id
  const { events, audit, mail } = conclude(world, at, {
    decision: decided(reason),
    events: [event],
    happenings: [
      {
        draft: {
          ...draft,
          who: engineer,
          where: systemActor.client.ipAddress,
          what: name,
          outcome: "Succeeded",
        },
      },
    ],
    mail: notify.map((to) => lockboxMail({ to, subject: subjects[name] ?? name, text: reason })),
  })
  return {
    at,
    name,
    decision: decided(reason),
    events: events ?? [],
    ...(audit === undefined ? {} : { audit }),
    ...(mail === undefined ? {} : { mail }),
  }
}
