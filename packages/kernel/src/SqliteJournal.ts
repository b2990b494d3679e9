import { DatabaseSync, type StatementSync } from "node:sqlite"
import { Effect, Layer, Schema, Scope } from "effect"
import { JournalUnusable } from "./Errors.ts"
import { chain, firstBreak, Journal, type JournalEntry, JournalRecord } from "./Journal.ts"

const applicationId = 0x7477696e // "twin"
const version = 1

/**
 * A journal in an SQLite file (write-ahead log, synchronous). `append` answers when the record is on
 * disk, so a kill at any moment loses nothing that was acknowledged. Opening verifies the whole
 * chain. One process writes at a time; a second one is told so.
 */
export const layerSqlite = (path: string): Layer.Layer<Journal, JournalUnusable> =>
  Layer.effect(Journal, openSqliteJournal(path))

/** Opens, creates or refuses; closes with the scope. */
export const openSqliteJournal = (
  path: string,
): Effect.Effect<Journal["Service"], JournalUnusable, Scope.Scope> =>
  Effect.gen(function* () {
    const database = yield* Effect.acquireRelease(
      attempt(path, "not-a-journal", () => new DatabaseSync(path)),
      (it) => Effect.sync(() => it.close()),
    )
    yield* prepare(path, database)
    const rows = yield* attempt(path, "damaged", () =>
      database.prepare("select seq, body from record order by seq").all(),
    )
    const records = yield* Effect.forEach(rows, ({ seq, body }) =>
      decodeRecord(String(body)).pipe(
        Effect.mapError(
          () =>
            new JournalUnusable({
              reason: "damaged",
              path,
              seq: Number(seq),
              detail: "the record is not a journal record; restore the file from a copy",
            }),
        ),
      ),
    )
    const broken = firstBreak(records)
    if (broken !== undefined) {
      return yield* new JournalUnusable({
        reason: "damaged",
        path,
        seq: broken,
        detail: "the hash chain does not verify; restore the file from a copy",
      })
    }
    const insert = yield* attempt(path, "unwritable", () =>
      database.prepare("insert into record (seq, hash, body) values (?, ?, ?)"),
    )
    return makeService(path, insert, records)
  })

const decodeRecord = Schema.decodeUnknownEffect(Schema.fromJsonString(JournalRecord))

const makeService = (
  path: string,
  insert: StatementSync,
  records: JournalRecord[],
): Journal["Service"] =>
  Journal.of({
    append: (entry: JournalEntry) =>
      attempt(path, "unwritable", () => {
        const record = chain(records.at(-1), entry)
        insert.run(record.seq, record.hash, JSON.stringify(record))
        records.push(record)
        return record
      }),
    records: Effect.sync(() => [...records]),
  })

/** Exclusive locking makes the first writer the only one; FULL waits for the disk on each commit. */
const prepare = (path: string, database: DatabaseSync) =>
  attempt(path, "not-a-journal", () => {
    database.exec("pragma busy_timeout = 0")
    database.exec("pragma locking_mode = exclusive")
    const isNew =
      number(database, "application_id") === 0 && number(database, "schema_version") === 0
    if (!isNew && number(database, "application_id") !== applicationId) {
      throw new JournalUnusable({
        reason: "not-a-journal",
        path,
        detail: "it is a database of another program; choose another file",
      })
    }
    if (!isNew && number(database, "user_version") !== version) {
      throw new JournalUnusable({
        reason: "other-version",
        path,
        detail: `it has version ${number(database, "user_version")}, this twin reads ${version}`,
      })
    }
    database.exec("pragma journal_mode = wal")
    database.exec("pragma synchronous = full")
    database.exec(`begin immediate;
      create table if not exists record (
        seq integer primary key, hash text not null, body text not null
      ) strict;
      pragma application_id = ${applicationId};
      pragma user_version = ${version};
      commit`)
  })

const number = (database: DatabaseSync, pragma: string): number =>
  Number(Object.values(database.prepare(`pragma ${pragma}`).get() ?? {})[0])

const attempt = <A>(
  path: string,
  reason: JournalUnusable["reason"],
  run: () => A,
): Effect.Effect<A, JournalUnusable> =>
  Effect.try({
    try: run,
    catch: (cause) => {
      if (cause instanceof JournalUnusable) return cause
      const detail = cause instanceof Error ? cause.message : String(cause)
      const isLocked = /locked|busy/i.test(detail)
      return new JournalUnusable({
        reason: isLocked ? "locked" : reason,
        path,
        detail: isLocked ? "another process is writing to it; close that one first" : detail,
      })
    },
  })
