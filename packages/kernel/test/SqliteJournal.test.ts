import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { decideByGates, defaultClient, firstBreak, type JournalEntry } from "../src/index.ts"
import { openSqliteJournal } from "../src/SqliteJournal.ts"
import { withinLimit } from "./counter.ts"

const entry = (by: number): JournalEntry => ({
  at: by,
  operation: "count-up",
  actor: { id: "ann@x", kind: "member", roles: [], client: defaultClient },
  params: { by },
  decision: decideByGates([withinLimit], { by, limit: 10 }),
  events: [{ _tag: "Counted", by, label: "é\u0000\u2028" }],
  audit: [],
  mail: [],
})

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "journal "))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true })),
)

const write = (path: string, count: number) =>
  Effect.scoped(
    Effect.gen(function* () {
      const journal = yield* openSqliteJournal(path)
      for (let by = 0; by < count; by++) yield* journal.append(entry(by))
    }),
  )

const read = (path: string) =>
  Effect.scoped(Effect.flatMap(openSqliteJournal(path), (journal) => journal.records))

const tamper = (path: string, sql: string) => {
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
}

describe("SqliteJournal", () => {
  it.live("gives back after reopening what it acknowledged, and goes on behind it", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "a.journal")
      yield* write(path, 3)
      yield* write(path, 2)
      const records = yield* read(path)
      assert.deepStrictEqual(
        records.map(({ seq, at }) => [seq, at]),
        [
          [1, 0],
          [2, 1],
          [3, 2],
          [4, 0],
          [5, 1],
        ],
      )
      assert.isUndefined(firstBreak(records))
    }),
  )

  it.live.each([
    [
      "a changed body",
      "update record set body = replace(body, '\"by\":1', '\"by\":9') where seq = 2",
      2,
    ],
    ["a removed record", "delete from record where seq = 2", 2],
    ["a record that is not one", "update record set body = '{}' where seq = 3", 3],
    ["two records exchanged", "update record set seq = -seq; update record set seq = 5 + seq", 1],
  ] as const)("is not opened with %s, and says where", ([, sql, seq]) =>
    Effect.gen(function* () {
      const path = join(yield* folder, "b.journal")
      yield* write(path, 4)
      tamper(path, sql)
      const error = yield* Effect.flip(read(path))
      assert.strictEqual(error.reason, "damaged")
      assert.strictEqual(error.seq, seq)
    }),
  )

  it.live("refuses a file of another kind, another program or another version", () =>
    Effect.gen(function* () {
      const path = yield* folder
      const text = join(path, "notes.txt")
      writeFileSync(text, "not a database, but long enough to be taken for one ".repeat(40))
      assert.strictEqual((yield* Effect.flip(read(text))).reason, "not-a-journal")
      const other = join(path, "other.db")
      tamper(other, "create table t (x); insert into t values (1)")
      assert.strictEqual((yield* Effect.flip(read(other))).reason, "not-a-journal")
      const later = join(path, "later.journal")
      yield* write(later, 1)
      tamper(later, "pragma user_version = 99")
      assert.strictEqual((yield* Effect.flip(read(later))).reason, "other-version")
      assert.strictEqual(
        (yield* Effect.flip(read(join(path, "no", "such")))).reason,
        "not-a-journal",
      )
      const cut = join(path, "cut.journal")
      yield* write(cut, 200)
      const bytes = readFileSync(cut)
      writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length / 2)))
      assert.include(["damaged", "not-a-journal"], (yield* Effect.flip(read(cut))).reason)
    }),
  )

  it.live("lets one process write at a time and tells the second", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "c.journal")
      const journal = yield* openSqliteJournal(path)
      yield* journal.append(entry(1))
      const error = yield* Effect.flip(read(path))
      assert.strictEqual(error.reason, "locked")
      assert.include(error.message, "close that one first")
    }),
  )

  const writer = join(import.meta.dirname, "journalWriter.ts")

  /** Kills the writer without warning some milliseconds after its first record; the last number it said. */
  const killedAfter = (path: string, millis: number) =>
    Effect.callback<number>((resume) => {
      let said = ""
      let isArmed = false
      const child = spawn(process.execPath, [writer, path], {
        stdio: ["ignore", "pipe", "inherit"],
      })
      child.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString()
        if (isArmed) return
        isArmed = true
        setTimeout(() => child.kill("SIGKILL"), millis)
      })
      child.on("close", () => {
        const whole = said.slice(0, said.lastIndexOf("\n"))
        resume(Effect.succeed(Number(whole.slice(whole.lastIndexOf("\n") + 1))))
      })
    })

  it.live(
    "loses no acknowledged record when it is killed at 50 random moments",
    () =>
      Effect.gen(function* () {
        const path = yield* folder
        // Two journals side by side, 25 kills each, every time going on behind the last record.
        const kills = Effect.fnUntraced(function* (name: string) {
          const file = join(path, name)
          let acknowledged = 0
          for (let round = 0; round < 25; round++) {
            const last = yield* killedAfter(file, (round * 37) % 101)
            assert.isAbove(last, acknowledged)
            const records = yield* read(file)
            assert.isAtLeast(records.length, last)
            assert.isUndefined(firstBreak(records))
            acknowledged = records.length
          }
        })
        yield* Effect.all([kills("d.journal"), kills("e.journal")], { concurrency: 2 })
      }),
    180_000,
  )
})
