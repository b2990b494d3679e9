import { decideByGates } from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import { availabilityKeyAudit } from "../at-rest/availabilityKeyAudit.ts"
import { openAtRest } from "../at-rest/openAtRest.ts"
import { evaluateStoredBytes, storedObject } from "../decisions/evaluateStoredBytes.ts"
import { isEnvelope } from "../rights/Envelope.ts"
import { storedObjectOf } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

/** What the service does with content by itself (CRY-086). */
export const systemTasks = [
  "SearchIndexing",
  "MailboxMove",
  "eDiscovery",
  "DataLossPrevention",
  "AntiVirus",
] as const

export const processContent = cryptoOperation({
  name: "process-content",
  summary:
    "The service reads stored content for work of its own; the availability key leaves a record.",
  params: Schema.Struct({
    object: text("Id of the stored object"),
    task: Schema.Literals(systemTasks).annotate({ description: "What the service does with it" }),
  }),
  facts: ["CRY-004", "CRY-086", "CRY-099", "CRY-129", "CRY-130", "CRY-131"],
  decide: ({ world, now }, { object, task }) =>
    Effect.gen(function* () {
      const stored = storedObjectOf(world, object)
      if (stored === undefined) {
        return { decision: decideByGates([storedObject], { isStored: false }) }
      }
      const request = { origin: "System", now } as const
      const decision = evaluateStoredBytes(world, object, request)
      if (decision.outcome !== "allow") return { decision }
      const bytes = yield* Effect.option(openAtRest(world, object, request))
      const record = availabilityKeyAudit(world, object, request)
      return {
        decision,
        audit: record === undefined ? [] : [record],
        output: [
          {
            id: object,
            task,
            canRead: Option.isSome(bytes),
            bytes: Option.match(bytes, { onNone: () => 0, onSome: ({ length }) => length }),
            // What is protected stays so: that is the affair of rights management (CRY-166).
            isProtected: Option.isSome(bytes) && isEnvelope(bytes.value),
          },
        ],
      }
    }),
})
