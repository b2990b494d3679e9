import {
  type AuditEntry,
  type Decision,
  isFaultOn,
  type OutgoingMail,
  type OutputObject,
  type Ruling,
} from "@twin/kernel"
import { internalEntry } from "./auditEntries.ts"
import { consequencesOfLoss } from "./consequencesOfLoss.ts"
import type { DatacenterEvent } from "./DatacenterEvent.ts"
import { detect } from "./detect.ts"
import { worldAfter } from "./evolve.ts"
import { auditUnavailable } from "./faults.ts"
import type { Happening } from "./Happening.ts"
import { linkRecords, type RecordDraft } from "./InternalRecord.ts"
import type { DatacenterWorld } from "./State.ts"

export interface Conclusion {
  readonly decision: Decision
  readonly events?: readonly DatacenterEvent[]
  readonly happenings: readonly [Happening, ...Happening[]]
  readonly output?: readonly OutputObject[]
  readonly mail?: readonly OutgoingMail[]
  readonly warnings?: readonly string[]
}

type World = Pick<DatacenterWorld, "datacenter" | "kernel">

/**
 * Every attempt and every deadline of this domain ends here: exactly one record for each thing that
 * happened (INV-10), near-real-time review of who is still entitled (DCO-036), detection over the
 * new records and the automatic part of the response.
 */
export const conclude = (world: World, now: number, given: Conclusion): Ruling<DatacenterEvent> => {
  const isBuffered = isFaultOn(world, auditUnavailable)
  const events: DatacenterEvent[] = [...(given.events ?? [])]
  const audit: AuditEntry[] = []
  const mail: OutgoingMail[] = [...(given.mail ?? [])]

  const write = (happenings: readonly Happening[]): readonly number[] => {
    const drafts = happenings.map(
      ({ draft }): RecordDraft => ({ ...draft, at: now, ...(isBuffered ? { isBuffered } : {}) }),
    )
    const records = linkRecords(worldAfter(world, events).datacenter.logHead, drafts)
    for (const [index, record] of records.entries()) {
      events.push({ _tag: "InternalRecordWritten", record })
      const visible = happenings[index]?.visible
      audit.push(visible === undefined || isBuffered ? internalEntry(record) : visible)
    }
    return records.map(({ seq }) => seq)
  }
  const review = (): void => {
    const lost = consequencesOfLoss(worldAfter(world, events), now)
    events.push(...lost.events)
    mail.push(...lost.mail)
    write(lost.happenings)
  }

  const written = write(given.happenings)
  review()
  const found = detect(worldAfter(world, events), written, now)
  events.push(...found.events)
  mail.push(...found.mail)
  write(found.happenings)
  if (found.events.length > 0) review()

  return {
    decision: given.decision,
    events,
    audit,
    mail,
    ...(given.output === undefined ? {} : { output: given.output }),
    ...(given.warnings === undefined ? {} : { warnings: given.warnings }),
  }
}
