import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect, Result } from "effect"
import { localDocumentOf, protectionOf } from "../../src/index.ts"
import { actor, labelId, templateId } from "../world.ts"
import { call, ivan, type Sim, simulate } from "./stage.ts"

const alice = actor("alice@contoso.com", "powershell")
const erin = "erin@contoso.com"
const nina = "nina@fabrikam.com"

const made = Effect.fnUntraced(function* (sim: Sim, more: object = {}) {
  const { output } = yield* call(sim, alice, "New-CustomPermissions", {
    Users: ["nina@fabrikam.com"],
    Permissions: "Reviewer",
    ...more,
  })
  return output[0] ?? {}
})

const protectionIn = (sim: Sim, file = "offer.docx") =>
  Effect.map(sim.world, (world) => {
    const { contentId = "" } = localDocumentOf(world, file) ?? {}
    return protectionOf(world, contentId)
  })

const opens = (sim: Sim, who: string, file = "offer.docx") =>
  Effect.map(call(sim, who, "open-document", { file }), ({ verdict, output }) => [
    verdict,
    output[0]?.["rights"] ?? [],
  ])

const fresh = Effect.fnUntraced(function* (label = "General") {
  const sim = yield* simulate()
  yield* call(sim, alice, "protect-document", { file: "offer.docx", label })
  return sim
})

describe("permissions of one's own choice", () => {
  it.effect("[MIP-283] replace the protection that the label has", () =>
    Effect.gen(function* () {
      const sim = yield* fresh()
      const done = yield* call(sim, alice, "Set-FileLabel", {
        Path: "offer.docx",
        LabelId: labelId("Confidential"),
        CustomPermissions: yield* made(sim),
      })
      assert.strictEqual(done.output[0]?.["Status"], "Success")
      assert.strictEqual(
        localDocumentOf(yield* sim.world, "offer.docx")?.labelId,
        labelId("Confidential"),
      )
      assert.isUndefined((yield* protectionIn(sim))?.templateId)
      // The label alone admits everybody of the own organization, and nobody of the partner.
      assert.deepStrictEqual(yield* opens(sim, erin), ["deny by usage-rights", []])
      const [verdict, rights] = yield* opens(sim, nina)
      assert.strictEqual(verdict, "allow by application-enforces")
      assert.include(rights, "EDIT")
      assert.notInclude(rights, "PRINT")
    }),
  )

  it.effect("[MIP-283] go on a file without a label, at the level that is named", () =>
    Effect.gen(function* () {
      const sim = yield* fresh()
      for (const [Permissions, right, lacks] of [
        ["Viewer", "VIEW", "EDIT"],
        ["CoAuthor", "PRINT", "EXPORT"],
        ["CoOwner", "EXPORT", "NOTHING"],
      ]) {
        const CustomPermissions = yield* made(sim, { Permissions })
        yield* call(sim, alice, "Set-FileLabel", { Path: "offer.docx", CustomPermissions })
        const [, rights] = yield* opens(sim, nina)
        assert.include(rights, right, Permissions)
        assert.notInclude(rights, lacks, Permissions)
      }
      assert.strictEqual(
        localDocumentOf(yield* sim.world, "offer.docx")?.labelId,
        labelId("General"),
      )
    }),
  )

  it.effect("[MIP-283] [MIP-085] end at their date for others, not for who protected", () =>
    Effect.gen(function* () {
      const sim = yield* fresh()
      const CustomPermissions = yield* made(sim, { ExpirationDate: "2026-09-05T00:00:00.000Z" })
      yield* call(sim, alice, "Set-FileLabel", { Path: "offer.docx", CustomPermissions })
      assert.strictEqual((yield* opens(sim, nina))[0], "allow by application-enforces")
      yield* Effect.orDie(sim.advance(days(5)))
      assert.strictEqual((yield* opens(sim, nina))[0], "deny by content-expiry")
      assert.strictEqual((yield* opens(sim, alice.id))[0], "allow by application-enforces")
    }),
  )

  it.effect("[MIP-283] need somebody and a known level; a file needs a label or permissions", () =>
    Effect.gen(function* () {
      const sim = yield* fresh()
      const refused = (params: object) =>
        Effect.map(Effect.result(sim.call(alice, "New-CustomPermissions", params)), (it) =>
          Result.isFailure(it) && it.failure._tag === "ParametersInvalid"
            ? it.failure.issues[0]?.path[0]
            : "allowed",
        )
      assert.strictEqual(yield* refused({ Users: [], Permissions: "Viewer" }), "Users")
      assert.strictEqual(yield* refused({ Users: [nina], Permissions: "Editor" }), "Permissions")
      assert.strictEqual(yield* refused({ Users: [nina], Permissions: "Viewer" }), "allowed")
      const nothing = yield* call(sim, alice, "Set-FileLabel", { Path: "offer.docx" })
      assert.strictEqual(nothing.verdict, "deny by protection-chosen")
      assert.strictEqual(nothing.code, "AmbiguousParameterSet")
    }),
  )
})

const protect = (sim: Sim, params: object = {}) =>
  call(sim, alice, "Protect-RMSFile", {
    File: "offer.docx",
    TemplateID: templateId("Secret"),
    ...params,
  })

describe("Protect-RMSFile", () => {
  it.effect("[MIP-064] [MIP-065] -OwnerEmail owns the file, and who runs it stays the issuer", () =>
    Effect.gen(function* () {
      const sim = yield* fresh()
      const done = yield* protect(sim, { InPlace: true, OwnerEmail: erin })
      assert.deepStrictEqual(done.output, [
        { InputFile: "offer.docx", EncryptedFile: "offer.docx" },
      ])
      const protection = yield* protectionIn(sim)
      assert.strictEqual(protection?.owner, erin)
      assert.strictEqual(protection?.issuer, alice.id)
      // The template admits the finance department, where erin is not.
      assert.include((yield* opens(sim, erin))[1], "OWNER")
      assert.strictEqual((yield* opens(sim, "bob@contoso.com"))[0], "deny by usage-rights")
      const other = yield* fresh()
      yield* protect(other, { InPlace: true })
      assert.strictEqual((yield* protectionIn(other))?.owner, alice.id)
      assert.strictEqual((yield* opens(other, erin))[0], "deny by usage-rights")
    }),
  )

  it.effect("[MIP-065] without -InPlace the file stays, and a copy is protected", () =>
    Effect.gen(function* () {
      const sim = yield* fresh()
      const written = (params: object = {}) =>
        Effect.map(protect(sim, params), ({ output }) => output[0]?.["EncryptedFile"])
      const original = localDocumentOf(yield* sim.world, "offer.docx")
      assert.strictEqual(yield* written(), "offer-Copy.docx")
      assert.strictEqual(yield* written(), "offer-Copy (2).docx")
      assert.strictEqual(
        yield* written({ OutputFolder: "C:\\Temp\\", InPlace: true }),
        "C:\\Temp\\offer.docx",
      )
      assert.deepStrictEqual(localDocumentOf(yield* sim.world, "offer.docx"), original)
      assert.isUndefined(yield* protectionIn(sim))
      assert.strictEqual((yield* opens(sim, erin))[0], "allow by file-known")
      for (const copy of ["offer-Copy.docx", "C:\\Temp\\offer.docx"]) {
        assert.strictEqual((yield* opens(sim, erin, copy))[0], "deny by usage-rights", copy)
        assert.strictEqual((yield* opens(sim, alice.id, copy))[0], "allow by application-enforces")
      }
    }),
  )

  it.effect("[MIP-065] needs a file and a template that are there, or nothing happens", () =>
    Effect.gen(function* () {
      const sim = yield* fresh()
      const before = yield* sim.world
      const verdict = (params: object) =>
        Effect.map(protect(sim, { InPlace: true, ...params }), (it) => it.verdict)
      assert.strictEqual(yield* verdict({ File: "none.docx" }), "deny by file-known")
      assert.strictEqual(yield* verdict({ TemplateID: "none" }), "deny by template-in-scope")
      const without = yield* call(sim, alice, "Protect-RMSFile", { File: "offer.docx" })
      assert.strictEqual(without.verdict, "deny by protection-chosen")
      yield* call(sim, ivan, "Connect-AipService")
      yield* call(sim, ivan, "Disable-AipService")
      assert.strictEqual(yield* verdict({}), "deny by service-enabled")
      assert.strictEqual((yield* sim.world).mip.documents, before.mip.documents)
    }),
  )
})

describe("the earlier name of a cmdlet", () => {
  it.effect("[MIP-258] Get-AIPFileStatus shows what Get-FileStatus shows", () =>
    Effect.gen(function* () {
      const sim = yield* fresh("Confidential")
      const status = (name: string, path = "offer.docx") => call(sim, alice, name, { Path: path })
      const older = yield* status("Get-AIPFileStatus")
      assert.strictEqual(older.output[0]?.["MainLabelName"], "Confidential")
      assert.deepStrictEqual(older.output, (yield* status("Get-FileStatus")).output)
      assert.strictEqual(
        (yield* status("Get-AIPFileStatus", "none.docx")).verdict,
        "deny by file-known",
      )
    }),
  )
})
