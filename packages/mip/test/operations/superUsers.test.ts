import { assert, describe, it } from "@effect/vitest"
import { BlobStore } from "@twin/crypto"
import { Effect } from "effect"
import { localDocumentOf, serviceRequestsOf } from "../../src/index.ts"
import { protectDocument } from "../../src/operations/protectDocument.ts"
import { closeDocument, keepDocumentOpen } from "../../src/operations/temporaryFile.ts"
import { makeStage } from "../makeStage.ts"
import type { WorldEvent } from "../world.ts"
import { call, ivan, type Sim, simulate } from "./stage.ts"

const connected = (sim: Sim) => Effect.as(call(sim, ivan, "Connect-AipService"), sim)
const alice = "alice@contoso.com"
const carol = "carol@contoso.com"
const secret = "The offer is 4.2 million."

const withPlan = Effect.gen(function* () {
  const sim = yield* Effect.flatMap(simulate(), connected)
  yield* call(sim, alice, "protect-document", {
    file: "plan.docx",
    content: secret,
    to: [alice],
    label: "Secret",
  })
  return sim
})
const makeSuperUser = (sim: Sim) =>
  Effect.gen(function* () {
    yield* call(sim, ivan, "Add-AipServiceSuperUser", { EmailAddress: carol })
    yield* call(sim, ivan, "Enable-AipServiceSuperUserFeature")
  })

describe("super users", () => {
  it.effect("[MIP-074] open in bulk by taking labels off, and nobody else can", () =>
    Effect.gen(function* () {
      const sim = yield* withPlan
      const remove = () =>
        call(sim, carol, "Remove-FileLabel", {
          Path: "plan.docx",
          RemoveLabel: true,
          RemoveProtection: true,
          JustificationMessage: "Investigation",
        })
      assert.strictEqual((yield* remove()).output[0]?.["Status"] ?? "Failed", "Failed")
      yield* makeSuperUser(sim)
      const removed = yield* remove()
      assert.strictEqual(removed.output[0]?.["Status"], "Success")
      assert.isUndefined(localDocumentOf(yield* sim.world, "plan.docx")?.contentId)
    }),
  )

  it.effect(
    "[MIP-073] a decryption stands in the usage log, and nothing says why it was allowed",
    () =>
      Effect.gen(function* () {
        const sim = yield* withPlan
        yield* makeSuperUser(sim)
        const open = (who: string) => call(sim, who, "open-document", { file: "plan.docx" })
        assert.strictEqual((yield* open(carol)).decision.outcome, "allow")
        yield* open(alice)
        const licences = serviceRequestsOf(yield* sim.world).filter(
          ({ requestType }) => requestType === "AcquireLicense",
        )
        assert.deepStrictEqual(
          licences.map(({ userId }) => userId),
          [carol, alice],
        )
        const [first, second] = licences
        const { userId: _a, ...byCarol } = first ?? { userId: "" }
        const { userId: _b, ...byAlice } = second ?? { userId: "" }
        assert.deepStrictEqual(byCarol, byAlice, "the same entry as for anybody")
        assert.notMatch(JSON.stringify(licences), /super/i)
      }),
  )
})

describe("temporary files", () => {
  it.effect("[MIP-033] lie beside an open document without protection, until it is closed", () =>
    Effect.gen(function* () {
      const sim = yield* withPlan
      const peek = (who: string) => call(sim, who, "open-document", { file: "~$plan.docx" })
      assert.strictEqual((yield* peek(carol)).verdict, "deny by file-known")
      assert.strictEqual(
        (yield* call(sim, carol, "keep-document-open", { file: "plan.docx" })).verdict,
        "deny by usage-rights",
      )
      assert.strictEqual((yield* peek(carol)).verdict, "deny by file-known", "nothing was left")
      yield* call(sim, alice, "keep-document-open", { file: "plan.docx" })
      const seen = yield* peek(carol)
      assert.strictEqual(seen.output[0]?.["isProtected"], false)
      assert.strictEqual(
        (yield* call(sim, carol, "open-document", { file: "plan.docx" })).decision.outcome,
        "deny",
      )
      yield* call(sim, alice, "close-document", { file: "plan.docx" })
      assert.strictEqual((yield* peek(carol)).verdict, "deny by file-known")
      assert.strictEqual(
        (yield* call(sim, alice, "close-document", { file: "plan.docx" })).verdict,
        "deny by document-open",
      )
    }),
  )

  it.effect("[MIP-033] closing leaves no byte of them behind", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = (operation: typeof keepDocumentOpen, params: object) =>
        stage.run(alice, (call_) =>
          Effect.map(Effect.orDie(operation.rule(call_, params)), (ruling) => ({
            events: (ruling.events ?? []) as readonly WorldEvent[],
          })),
        )
      const holds = stage.run(alice, () =>
        Effect.gen(function* () {
          const blobs = yield* BlobStore
          const found: boolean[] = []
          for (const id of yield* blobs.list("document/")) {
            const bytes = yield* Effect.orDie(blobs.get(id))
            found.push(Buffer.from(bytes).toString("utf8").includes(secret))
          }
          return { isThere: found.includes(true), events: [] }
        }),
      )
      const file = "plan.docx"
      yield* made(protectDocument, { file, content: secret, to: [alice] })
      assert.isFalse((yield* holds).isThere)
      yield* made(keepDocumentOpen, { file })
      assert.isTrue((yield* holds).isThere)
      yield* made(closeDocument, { file })
      assert.isFalse((yield* holds).isThere)
    }),
  )
})
