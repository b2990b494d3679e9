import {
  decideByGates,
  deny,
  gate,
  isoOf,
  type OutputObject,
  operation,
  type PlainStruct,
  pass,
} from "@twin/kernel"
import { Schema } from "effect"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import type { JitAccount } from "../JitAccount.ts"
import { grantEndsAt, LockboxState } from "../LockboxRequest.ts"
import { accountOutput } from "../provision.ts"
import {
  alertsOf,
  blastRadiusOf,
  componentsOf,
  type DatacenterWorld,
  elevationsOf,
  engineersOf,
  internalLogOf,
  jitAccountsOf,
  liveAccountsOf,
  standingPrivilegesOf,
} from "../State.ts"

const serviceView = gate<{ readonly actorKind: string }>()({
  name: "service-view",
  facts: ["DCO-221"],
  reads: ["actorKind"],
  check: ({ actorKind }) =>
    actorKind === "datacenter-engineer" || actorKind === "system"
      ? pass("People of the service see what the service records.", { actorKind })
      : deny(
          "What the service records inside is not shown to anybody outside.",
          { actorKind },
          { code: "AccessDenied", message: "Access is denied." },
        ),
})

const view = <F extends Schema.Struct.Fields>(o: {
  readonly name: string
  readonly summary: string
  readonly params: PlainStruct<F>
  readonly facts: Parameters<typeof operation>[0]["facts"]
  readonly rows: (
    world: DatacenterWorld,
    params: Schema.Struct<F>["Type"],
    now: number,
  ) => readonly OutputObject[]
}) =>
  operation<DatacenterWorld, DatacenterEvent, F>({
    name: o.name,
    summary: o.summary,
    params: o.params,
    facts: o.facts,
    isReadOnly: true,
    decide: ({ world, actor, now }, params) => {
      const decision = decideByGates([serviceView], { actorKind: actor.kind })
      return decision.outcome === "allow"
        ? { decision, output: o.rows(world, params, now) }
        : { decision }
    },
  })

/** What everybody holds without an elevation: nothing, line by line (DCO-011). */
export const listStandingAccess = view({
  name: "list-standing-access",
  summary: "Shows what each person of the service holds without an elevation.",
  params: Schema.Struct({}),
  facts: ["DCO-011", "DCO-016"],
  rows: (world, _params, now) =>
    engineersOf(world).map(({ id, displayName, team, state, lockboxRoles }) => ({
      engineer: id,
      displayName,
      team,
      state,
      standingPrivileges: standingPrivilegesOf(world, id),
      mayAskFor: lockboxRoles,
      liveElevations: liveAccountsOf(world, id, now).length,
    })),
})

export const getLockboxRequest = view({
  name: "Get-LockboxRequest",
  summary: "Lists elevation requests (a cmdlet of the twin; the real tool is not public).",
  params: Schema.Struct({
    RequestId: Schema.optionalKey(Schema.NonEmptyString).annotate({
      description: "Only this request",
    }),
    State: Schema.optionalKey(LockboxState).annotate({ description: "Only this state" }),
  }),
  facts: ["DCO-056"],
  rows: (world, { RequestId, State }) =>
    elevationsOf(world)
      .filter(
        (it) =>
          (RequestId === undefined || it.id === RequestId) &&
          (State === undefined || it.state === State),
      )
      .map((it) => {
        const end = grantEndsAt(it)
        return {
          RequestId: it.id,
          State: it.state,
          Requester: it.requester,
          Role: it.role,
          Partition: it.scope.partition,
          Components: it.scope.components,
          DurationMinutes: it.durationMinutes,
          Reason: it.reason,
          SubmittedAt: isoOf(it.submittedAt),
          Approvers: it.approvals.map(({ by }) => by),
          ...(it.customerRequest === undefined ? {} : { CustomerRequest: it.customerRequest }),
          ...(it.rejectedBecause === undefined ? {} : { RejectedBecause: it.rejectedBecause }),
          ...(it.approvedAt === undefined ? {} : { ApprovedAt: isoOf(it.approvedAt) }),
          ...(end === undefined ? {} : { GrantEndsAt: isoOf(end) }),
        }
      }),
})

export const getJitAccount = view({
  name: "Get-JitAccount",
  summary: "Lists just-in-time accounts with what each could reach.",
  params: Schema.Struct({
    RequestId: Schema.optionalKey(Schema.NonEmptyString).annotate({
      description: "Only the account of this request",
    }),
  }),
  facts: ["DCO-012", "DCO-013", "DCO-097"],
  rows: (world, { RequestId }, now) =>
    jitAccountsOf(world)
      .filter(({ request }) => RequestId === undefined || request === RequestId)
      .map((it) => ({ ...pascal(it), BlastRadius: { ...blastRadiusOf(world, it.id, now) } })),
})

const pascal = (account: JitAccount): OutputObject =>
  Object.fromEntries([
    ...Object.entries(accountOutput(account)).map(([key, value]) => [
      key.charAt(0).toUpperCase() + key.slice(1),
      value,
    ]),
    ["RequestId", account.request],
    ["State", account.state],
  ])

/** The internal log as the security team sees it; no tenant ever does (DCO-221). */
export const getInternalLog = view({
  name: "Get-InternalLog",
  summary: "Shows the internal security log of the service.",
  params: Schema.Struct({
    RequestId: Schema.optionalKey(Schema.NonEmptyString).annotate({
      description: "Only records of this elevation request",
    }),
    Outcome: Schema.optionalKey(Schema.Literals(["Succeeded", "Failed"])).annotate({
      description: "Only this outcome",
    }),
  }),
  facts: ["DCO-204", "DCO-208"],
  rows: (world, { RequestId, Outcome }) =>
    internalLogOf(world)
      .filter(
        (it) =>
          (RequestId === undefined || it.request === RequestId) &&
          (Outcome === undefined || it.outcome === Outcome),
      )
      .map((it) => ({
        Sequence: it.seq,
        Time: isoOf(it.at),
        Who: it.who,
        Where: it.where,
        What: it.what,
        Kind: it.kind,
        Outcome: it.outcome,
        ...(it.code === undefined ? {} : { Code: it.code }),
        ...(it.transitions === undefined ? {} : { Transitions: it.transitions }),
        ...(it.component === undefined ? {} : { Component: it.component }),
        ...(it.request === undefined ? {} : { RequestId: it.request }),
        Hash: it.hash,
      })),
})

export const getDatacenterAlert = view({
  name: "Get-DatacenterAlert",
  summary: "Shows the alerts of the service's own monitoring.",
  params: Schema.Struct({
    Rule: Schema.optionalKey(Schema.NonEmptyString).annotate({ description: "Only this rule" }),
  }),
  facts: ["DCO-240", "DCO-245"],
  rows: (world, { Rule }) =>
    alertsOf(world)
      .filter(({ rule }) => Rule === undefined || rule === Rule.toUpperCase())
      .map((it) => ({
        AlertId: it.id,
        Rule: it.rule,
        Severity: it.severity,
        Summary: it.summary,
        Subject: it.subject,
        Time: isoOf(it.at),
        Records: it.records,
        Responses: it.responses,
      })),
})

export const getDatacenterComponent = view({
  name: "Get-DatacenterComponent",
  summary: "Lists the machines of the service with their partitions.",
  params: Schema.Struct({}),
  facts: ["DCO-005", "DCO-087"],
  rows: (world) =>
    componentsOf(world).map((it) => ({
      Component: it.id,
      Service: it.service,
      Partition: it.partition,
      Kind: it.kind,
      Environment: it.environment,
      Isolated: world.datacenter.isolated.includes(it.id),
    })),
})
