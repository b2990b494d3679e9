import { Effect } from "effect"
import { decideByGates, defaultClient } from "../src/index.ts"
import { openSqliteJournal } from "../src/SqliteJournal.ts"
import { withinLimit } from "./counter.ts"

/** A process that appends until it is killed and says each number once it is acknowledged. */
const path = process.argv[2] ?? ""

const decision = decideByGates([withinLimit], { by: 1, limit: 1 })

const write = Effect.gen(function* () {
  const journal = yield* openSqliteJournal(path)
  for (;;) {
    const record = yield* journal.append({
      at: 0,
      operation: "count-up",
      actor: { id: "ann@x", kind: "member", roles: [], client: defaultClient },
      params: { by: 1 },
      decision,
      events: [{ _tag: "Counted", by: 1, label: "x".repeat(500) }],
      audit: [],
      mail: [],
    })
    process.stdout.write(`${record.seq}\n`)
  }
})

await Effect.runPromise(Effect.scoped(write))
