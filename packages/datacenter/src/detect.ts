import { minutes, type OutgoingMail } from "@twin/kernel"
import type { Consequences } from "./consequencesOfLoss.ts"
import type { DatacenterEvent } from "./DatacenterEvent.ts"
import {
  type BasicResponse,
  type DatacenterAlert,
  type DetectionRule,
  detectionRulesWith,
  firingRecords,
} from "./DetectionRule.ts"
import { worldAfter } from "./evolve.ts"
import { type Happening, lockboxMail } from "./Happening.ts"
import type { InternalRecord } from "./InternalRecord.ts"
import { isLive } from "./LockboxRequest.ts"
import {
  alertsOf,
  componentOf,
  type DatacenterWorld,
  elevationOf,
  engineerOf,
  engineersOf,
  newestRecordsOf,
  openSessionsOf,
  serviceAccountOf,
} from "./State.ts"

type World = Pick<DatacenterWorld, "datacenter" | "kernel">

/** Asks every rule about the new records; the automatic response follows at once (DCO-245). */
export const detect = (before: World, written: readonly number[], now: number): Consequences => {
  const events: DatacenterEvent[] = []
  const happenings: Happening[] = []
  const mail: OutgoingMail[] = []
  let world = before
  for (const seq of written) {
    for (const rule of detectionRulesWith(world.datacenter.settings)) {
      const records = firingRecords(rule, recordsFrom(world, seq))
      const newest = records[0]
      if (newest === undefined || isAlreadyRaised(world, rule, newest, now)) continue
      const alert = alertOf(rule, newest, records)
      const raised: DatacenterEvent[] = [{ _tag: "DatacenterAlertRaised", alert }]
      for (const response of alert.responses) {
        happenings.push(
          responseHappening(alert, response, newest, isRevoked(world, response, newest)),
        )
        raised.push(...eventsOfResponse(world, response, newest, now))
      }
      mail.push(...alertMails(world, alert))
      events.push(...raised)
      world = worldAfter(world, raised)
    }
  }
  return { events, happenings, mail }
}

const alertMails = (world: World, alert: DatacenterAlert): readonly OutgoingMail[] =>
  engineersOf(world)
    .filter(({ isSecurityResponder, state }) => isSecurityResponder && state === "Active")
    .map(({ id }) =>
      lockboxMail({
        to: id,
        kind: "alert",
        subject: `${alert.severity}: ${alert.summary}`,
        text: `Rule ${alert.rule}. Done automatically: ${alert.responses.join(", ") || "nothing"}.`,
      }),
    )

function* recordsFrom(world: World, seq: number): Generator<InternalRecord> {
  for (const record of newestRecordsOf(world)) if (record.seq <= seq) yield record
}

/** A rule that counts over time speaks once per subject and window. */
const isAlreadyRaised = (
  world: World,
  rule: DetectionRule,
  newest: InternalRecord,
  now: number,
): boolean =>
  rule.windowMinutes > 0 &&
  alertsOf(world).some(
    (it) =>
      it.rule === rule.id &&
      it.subject === newest[rule.by] &&
      now - it.at < minutes(rule.windowMinutes),
  )

const alertOf = (
  rule: DetectionRule,
  newest: InternalRecord,
  records: readonly InternalRecord[],
): DatacenterAlert => ({
  id: `${rule.id}/${newest.seq}`,
  rule: rule.id,
  severity: rule.severity,
  summary: rule.summary,
  at: newest.at,
  subject: newest[rule.by],
  records: records.map(({ seq }) => seq).toReversed(),
  responses: [...rule.responses],
})

/** Whether the response takes a live elevation away. */
const isRevoked = (world: World, response: BasicResponse, record: InternalRecord): boolean => {
  const request = record.request === undefined ? undefined : elevationOf(world, record.request)
  return response === "RevokeElevation" && request !== undefined && isLive(request.state)
}

const responseHappening = (
  alert: DatacenterAlert,
  response: BasicResponse,
  newest: InternalRecord,
  isRevocation: boolean,
): Happening => ({
  draft: {
    who: "system",
    where: "127.0.0.1",
    kind: "response",
    what: response,
    outcome: "Succeeded",
    code: alert.rule,
    ...(isRevocation && newest.request !== undefined
      ? { request: newest.request, transitions: ["LBX-15"] }
      : {}),
    ...(newest.component === undefined ? {} : { component: newest.component }),
  },
})

const isolate = (
  world: World,
  machines: readonly (string | undefined)[],
): readonly DatacenterEvent[] =>
  machines.flatMap((component) =>
    component !== undefined && componentOf(world, component) !== undefined
      ? [{ _tag: "ComponentIsolated", component } as const]
      : [],
  )

const eventsOfResponse = (
  world: World,
  response: BasicResponse,
  record: InternalRecord,
  at: number,
): readonly DatacenterEvent[] => {
  const isPerson = engineerOf(world, record.who) !== undefined
  switch (response) {
    case "LockAccount":
      return isPerson ? [{ _tag: "EngineerLocked", engineer: record.who, at }] : []
    case "DisableAccount":
      if (serviceAccountOf(world, record.who) !== undefined) {
        return [{ _tag: "ServiceAccountDisabled", account: record.who }]
      }
      return isPerson
        ? [{ _tag: "EngineerDisabled", engineer: record.who, because: "SecurityResponse", at }]
        : []
    case "KillSession":
      return openSessionsOf(world)
        .filter(({ owner }) => owner === record.who)
        .map(({ id }) => ({ _tag: "OperatorSessionEnded", session: id, because: "killed", at }))
    case "RevokeElevation":
      return record.request !== undefined && isRevoked(world, response, record)
        ? [{ _tag: "ElevationRevoked", request: record.request, because: "SecurityResponse", at }]
        : []
    case "BlockSource":
      return record.where === "" || record.sourceComponent !== undefined
        ? isolate(world, [record.sourceComponent])
        : [{ _tag: "SourceBlocked", ipAddress: record.where }]
    case "IsolateMachine":
      return isolate(world, [record.sourceComponent, record.component])
    case "NotifyOnCall":
      return []
  }
}
