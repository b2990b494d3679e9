import { assert, describe, it } from "@effect/vitest"
import { days, minutes } from "@twin/kernel"
import { Effect } from "effect"
import {
  localDocumentOf,
  openForService,
  protectContent,
  usageLogFields,
  usageLogRows,
} from "../../src/index.ts"
import { makeStage } from "../makeStage.ts"
import { actor, contosoId, plaintext } from "../world.ts"
import { call, ivan, type Sim, simulate } from "./stage.ts"

const alice = "alice@contoso.com"
const bob = "bob@contoso.com"
const today = "2026-09-01"

const log = (sim: Sim, dates: object = { ForDate: today }) =>
  call(sim, ivan, "Get-AipServiceUserLog", { Path: "C:\\Logs", ...dates })

interface Printed {
  readonly output: readonly Readonly<Record<string, unknown>>[]
}

const contentOf = ({ output }: Printed): string => {
  const content = output[0]?.["Content"]
  return typeof content === "string" ? content : ""
}

/** The lines of a log, each as a record of its columns without quotes. */
const rowsOf = (result: Printed) =>
  contentOf(result)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) =>
      Object.fromEntries(
        line
          .split("\t")
          .map((value, index) => [usageLogFields[index] ?? "more", value.replaceAll(/^'|'$/g, "")]),
      ),
    )

/** A day with a protection, an opening from a computer and a phone, a refusal and a revocation. */
const aDay = Effect.fnUntraced(function* () {
  const sim = yield* simulate()
  yield* call(sim, ivan, "Connect-AipService")
  yield* call(sim, alice, "protect-document", { file: "offer.docx", label: "Confidential" })
  yield* call(sim, bob, "open-document", { file: "offer.docx" })
  yield* call(sim, actor(bob, "office-mobile"), "open-document", { file: "offer.docx" })
  yield* call(sim, "oscar@fabrikam.co.uk", "open-document", { file: "offer.docx" })
  yield* call(sim, alice, "close-document", { file: "offer.docx" })
  yield* call(sim, alice, "revoke-document", { file: "offer.docx" })
  return sim
})

describe("the usage log", () => {
  it.effect("[MIP-274] is always on, in W3C extended format", () =>
    Effect.gen(function* () {
      const sim = yield* aDay()
      yield* sim.advance(days(1))
      const text = contentOf(yield* log(sim))
      const [software, version, fields, first] = text.split("\n")
      assert.strictEqual(software, "#Software: RMS")
      assert.strictEqual(version, "#Version: 1.1")
      assert.strictEqual(fields, `#Fields: ${usageLogFields.join(" ")}`)
      assert.match(first ?? "", /^2026-09-01\t08:00:00\t'[0-9a-f-]{36}'\t'Certify'\t'alice@/)
      const results = rowsOf(yield* log(sim)).map(({ result }) => result)
      assert.include(results, "Success")
      assert.isTrue(
        results.some((it) => it !== "Success"),
        "a refusal shows its error",
      )
    }),
  )

  it.effect("[MIP-275] names the kinds of requests, and the content of a licence only", () =>
    Effect.gen(function* () {
      const sim = yield* aDay()
      yield* sim.advance(days(1))
      const rows = rowsOf(yield* log(sim))
      const contentId = localDocumentOf(yield* sim.world, "offer.docx")?.contentId
      const of = (type: string) => rows.filter((row) => row["request-type"] === type)
      for (const row of of("AcquireLicense")) {
        assert.strictEqual(row["content-id"], contentId)
        assert.strictEqual(row["owner-email"], alice)
        assert.strictEqual(row["file-name"], "offer.docx")
      }
      assert.isNotEmpty(of("AcquireLicense"))
      for (const type of ["Certify", "GetClientLicensorCert", "AcquireTemplates"]) {
        assert.isNotEmpty(of(type), type)
        assert.strictEqual(of(type)[0]?.["content-id"], "-")
      }
      assert.lengthOf(of("FECreateEndUserLicenseV1"), 1)
      assert.strictEqual(of("FECreateEndUserLicenseV1")[0]?.["content-id"], "-")
      const [revoked] = of("RevokeAccess")
      assert.strictEqual(revoked?.["user-id"], alice)
      for (const field of ["owner-email", "issuer", "template-id", "file-name"]) {
        assert.strictEqual(revoked?.[field], "-")
      }
    }),
  )

  it.effect(
    "[MIP-276] shows the organization's own services under the account of the service",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const made = yield* stage.run(alice, (it) =>
          protectContent(it, {
            content: plaintext,
            form: "document",
            name: "offer.docx",
            label: "Confidential",
          }),
        )
        const { bytes = plaintext, contentId = "none" } = made
        yield* stage.run(alice, (it) =>
          openForService(it, { bytes, contentId, service: "Exchange" }),
        )
        const last = usageLogRows(stage.world, today).at(-1)
        assert.strictEqual(last?.["user-id"], `microsoftrmsonline@${contosoId}.rms.eu.aadrm.com`)
        assert.strictEqual(last?.["content-id"], contentId)
      }),
  )

  it.effect("[MIP-277] the current UTC day cannot be downloaded, the one before it can", () =>
    Effect.gen(function* () {
      const sim = yield* aDay()
      assert.strictEqual((yield* log(sim)).verdict, "deny by log-day-complete")
      yield* sim.advance(Date.UTC(2026, 8, 2) - Date.UTC(2026, 8, 1, 8))
      assert.strictEqual((yield* log(sim)).verdict, "deny by log-day-complete", "not settled yet")
      yield* sim.advance(minutes(15))
      assert.strictEqual((yield* log(sim)).decision.outcome, "allow")
      const range = yield* log(sim, { FromDate: "2026-08-31", ToDate: today })
      assert.deepStrictEqual(
        range.output.map((row) => [row["File"], Number(row["Entries"]) > 0]),
        [
          ["C:\\Logs\\rmslog-2026-08-31.log", false],
          ["C:\\Logs\\rmslog-2026-09-01.log", true],
        ],
      )
    }),
  )

  it.effect("[MIP-277] takes one day or a range, and 1 to 32 threads", () =>
    Effect.gen(function* () {
      const sim = yield* aDay()
      yield* sim.advance(days(2))
      const said = (dates: object) => Effect.map(log(sim, dates), ({ verdict }) => verdict)
      assert.strictEqual(yield* said({}), "deny by log-dates")
      assert.strictEqual(yield* said({ FromDate: today }), "deny by log-dates")
      assert.strictEqual(yield* said({ ForDate: today, ToDate: today }), "deny by log-dates")
      assert.strictEqual(
        yield* said({ FromDate: "2026-09-02", ToDate: today }),
        "deny by log-dates",
      )
      const threads = (NumberOfThreads: number) =>
        Effect.exit(
          sim.call(ivan, "Get-AipServiceUserLog", { Path: "x", ForDate: today, NumberOfThreads }),
        )
      assert.strictEqual((yield* threads(32))._tag, "Success")
      assert.strictEqual((yield* threads(33))._tag, "Failure")
    }),
  )

  it.effect("[MIP-280] neither access nor refusal stands in the unified audit log", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* call(sim, alice, "protect-document", { file: "offer.docx", label: "Confidential" })
      const opened = yield* call(sim, bob, "open-document", { file: "offer.docx" })
      assert.isEmpty(opened.record?.audit ?? [])
    }),
  )
})
