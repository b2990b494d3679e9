import { type AuditEntry, type Decision, decidingGate, type OutgoingMail } from "@twin/kernel"
import type { RecordDraft } from "./InternalRecord.ts"

/** One thing that happened or was tried: the record it leaves, and what the tenant sees of it. */
export interface Happening {
  readonly draft: Omit<RecordDraft, "at">
  /** The tenant's record; without one the internal record stands in the journal (INV-10). */
  readonly visible?: AuditEntry
}

/** Outcome and reason code of a decision, as records carry them. */
export const outcomeOf = (
  decision: Decision,
): { readonly outcome: "Succeeded" | "Failed"; readonly code?: string } => {
  if (decision.outcome === "allow") return { outcome: "Succeeded" }
  const code = decidingGate(decision).refusal?.code
  return code === undefined ? { outcome: "Failed" } : { outcome: "Failed", code }
}

/** A mail of the Lockbox system to people of the service. */
export const lockboxMail = (o: {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly kind?: OutgoingMail["kind"]
  readonly request?: string
}): OutgoingMail => ({
  kind: o.kind ?? "notification",
  from: "lockbox@datacenter.example",
  to: o.to,
  subject: o.subject,
  text: o.text,
  ...(o.request === undefined ? {} : { link: o.request }),
})
