import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Exit, Scope } from "effect"
import { afterAll, test } from "vitest"
import { decideByGates, defaultClient, type JournalEntry, makeMemoryJournal } from "../src/index.ts"
import { openSqliteJournal } from "../src/SqliteJournal.ts"
import { withinLimit } from "../test/counter.ts"

const entry: JournalEntry = {
  at: 0,
  operation: "count-up",
  actor: { id: "ann@x", kind: "member", roles: [], client: defaultClient },
  params: { by: 1 },
  decision: decideByGates([withinLimit], { by: 1, limit: 1 }),
  events: [{ _tag: "Counted", by: 1, label: "x".repeat(200) }],
  audit: [],
  mail: [],
}

const folder = mkdtempSync(join(tmpdir(), "twin bench "))
const scope = Scope.makeUnsafe()

afterAll(async () => {
  await Effect.runPromise(Scope.close(scope, Exit.void))
  rmSync(folder, { recursive: true })
})

test("journal append", async ({ bench }) => {
  const memory = makeMemoryJournal([])
  const file = await Effect.runPromise(
    Effect.provideService(openSqliteJournal(join(folder, "a.journal")), Scope.Scope, scope),
  )
  await bench.compare(
    bench("in memory", () => {
      Effect.runSync(memory.append(entry))
    }),
    bench("in a file, on disk when acknowledged", () => {
      Effect.runSync(file.append(entry))
    }),
  )
})
