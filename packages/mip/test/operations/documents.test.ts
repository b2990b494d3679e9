import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { localDocumentOf, policySettings, protectionOf, saveLocalCopy } from "../../src/index.ts"
import { questions } from "../../src/questions.ts"
import { makeStage } from "../makeStage.ts"
import { actor, composition, evolveAll, labels, people, plaintext, publishing } from "../world.ts"
import { call, eventsOf, ivan, type Sim, simulate } from "./stage.ts"

const alice = "alice@contoso.com"
const bob = "bob@contoso.com"

const protect = (sim: Sim, params: object, who = alice) =>
  call(sim, who, "protect-document", { file: "offer.docx", ...params })

const opens = (sim: Sim, who: string, more: object = {}) =>
  Effect.map(
    call(sim, who, "open-document", { file: "offer.docx", ...more }),
    ({ verdict }) => verdict,
  )

const records = (result: { readonly record?: { readonly audit: readonly object[] } }) =>
  JSON.parse(JSON.stringify(result.record?.audit ?? [])) as {
    readonly Operation: string
    readonly RecordType: number
    readonly SensitivityLabelEventData?: {
      readonly LabelEventType: number
      readonly JustificationText?: string
    }
  }[]

describe("files on devices", () => {
  it.effect(
    "[MIP-260] [MIP-284] a file that is handed on opens for whoever has rights, and nobody else",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        const made = yield* protect(sim, { to: [bob, "fabrikam.com"], level: "Viewer" })
        assert.strictEqual(made.decision.outcome, "allow")
        const [row] = made.output
        const file = localDocumentOf(yield* sim.world, "offer.docx")
        assert.strictEqual(row?.["content"], file?.contentId)
        const opened = yield* call(sim, bob, "open-document", { file: row?.["id"] })
        assert.strictEqual(opened.output[0]?.["sha256"], file?.plaintextDigest)
        assert.deepStrictEqual(opened.output[0]?.["rights"], ["VIEW", "VIEWRIGHTSDATA"])
        assert.strictEqual(yield* opens(sim, "nina@fabrikam.com"), "allow by application-enforces")
        assert.strictEqual(yield* opens(sim, "dave@contoso.com"), "deny by usage-rights")
        assert.strictEqual(yield* opens(sim, "gus@gmail.com"), "deny by software-supports-identity")
        assert.strictEqual(
          yield* opens(sim, bob, { action: "print" }),
          "deny by application-enforces",
        )
        assert.strictEqual(
          (yield* call(sim, bob, "open-document", { file: "none.docx" })).verdict,
          "deny by file-known",
        )
      }),
  )

  it.effect("the text of a file stays out of journal and output", () =>
    // Guards the rule that plaintext never leaves the services.
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { content: "The offer is 4.2 million.", label: "Confidential" })
      yield* opens(sim, bob)
      assert.notInclude(JSON.stringify(yield* sim.records), "million")
    }),
  )

  it.effect("[MIP-107] an unprotected file opens for whoever has it", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { label: "General" })
      assert.strictEqual(yield* opens(sim, "dave@contoso.com"), "allow by file-known")
    }),
  )

  it.effect("[MIP-260] a copy from a site or a mail keeps its protection", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const saved = yield* stage.run("nina@fabrikam.com", (c) =>
        saveLocalCopy(c, { name: "plan.docx", bytes: plaintext, contentId: "c" }),
      )
      const file = localDocumentOf(stage.world, "plan.docx")
      assert.strictEqual(file?.id, saved.document.id)
      assert.strictEqual(file?.contentId, "c")
      assert.strictEqual(file?.savedBy, "nina@fabrikam.com")
    }),
  )
})

describe("labels on files", () => {
  it.effect(
    "[MIP-278] [MIP-279] labelling, relabelling and removing are audited with the reason",
    () =>
      Effect.gen(function* () {
        const world = evolveAll(composition.initial, [
          ...people,
          ...publishing(labels, { [policySettings.requireJustification]: "true" }),
        ])
        const sim = yield* simulate([], world)
        const names = (result: Parameters<typeof records>[0]) =>
          records(result).map(({ Operation, RecordType }) => `${RecordType} ${Operation}`)
        const first = yield* protect(sim, { label: "Secret" })
        assert.deepStrictEqual(names(first), ["83 SensitivityLabelApplied", "95 New protection"])
        const unexplained = yield* call(sim, alice, "relabel-document", {
          file: "offer.docx",
          label: "Confidential",
        })
        assert.strictEqual(unexplained.verdict, "deny by justification")
        const lowered = yield* call(sim, alice, "relabel-document", {
          file: "offer.docx",
          label: "Confidential",
          justification: "The deal is public",
        })
        assert.deepStrictEqual(names(lowered), [
          "83 SensitivityLabelUpdated",
          "95 Change protection",
        ])
        assert.strictEqual(
          records(lowered)[0]?.SensitivityLabelEventData?.JustificationText,
          "The deal is public",
        )
        assert.strictEqual(records(lowered)[0]?.SensitivityLabelEventData?.LabelEventType, 2)
        const removed = yield* call(sim, alice, "remove-protection", {
          file: "offer.docx",
          justification: "Not needed",
        })
        assert.deepStrictEqual(names(removed), [
          "83 SensitivityLabelRemoved",
          "95 Remove protection",
        ])
        assert.isUndefined(localDocumentOf(yield* sim.world, "offer.docx")?.contentId)
        assert.strictEqual(yield* opens(sim, "zoe@outlook.com"), "allow by file-known")
      }),
  )

  it.effect("[MIP-280] opening is in the tracking log and not in the unified audit", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { label: "Confidential" })
      const opened = yield* call(sim, bob, "open-document", { file: "offer.docx" })
      assert.isEmpty(opened.record?.audit ?? [])
      assert.include(
        eventsOf(opened).map(({ _tag }) => _tag),
        "LicenceRequested",
      )
    }),
  )

  it.effect("[MIP-117] permissions chosen by hand override those of the label", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { label: "Confidential", to: ["zoe@outlook.com"], level: "Viewer" })
      const file = localDocumentOf(yield* sim.world, "offer.docx")
      assert.isDefined(file?.labelId, "it still shows the label")
      assert.strictEqual(yield* opens(sim, "zoe@outlook.com"), "allow by application-enforces")
      assert.strictEqual(yield* opens(sim, bob), "deny by usage-rights")
    }),
  )

  it.effect("[MIP-126] a refused relabel changes neither label nor encryption", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { label: "Confidential" })
      const before = localDocumentOf(yield* sim.world, "offer.docx")
      const refused = yield* call(sim, bob, "relabel-document", {
        file: "offer.docx",
        label: "Secret",
      })
      assert.strictEqual(refused.verdict, "deny by already-protected")
      assert.deepStrictEqual(localDocumentOf(yield* sim.world, "offer.docx"), before)
      assert.strictEqual(yield* opens(sim, bob), "allow by application-enforces")
    }),
  )

  it.effect("[MIP-066] an owner who protects anew becomes the issuer", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { label: "Confidential", owner: bob })
      const issuer = Effect.map(sim.world, (world) => {
        const { contentId = "" } = localDocumentOf(world, "offer.docx") ?? {}
        return protectionOf(world, contentId)?.issuer
      })
      assert.strictEqual(yield* issuer, alice)
      yield* call(sim, bob, "relabel-document", { file: "offer.docx", label: "Secret" })
      assert.strictEqual(yield* issuer, bob)
    }),
  )
})

describe("the second key", () => {
  it.effect("[MIP-246] [MIP-245] is set up with the people who may use it", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const url = "https://keys.contoso.com/Board"
      const set = (params: object) =>
        call(sim, ivan, "configure-double-key-service", {
          url,
          authorizedEmailAddresses: ["Alice@contoso.com"],
          ...params,
        })
      assert.strictEqual((yield* set({ url: "keys" })).verdict, "deny by key-address")
      yield* set({})
      yield* call(sim, ivan, "New-Label", {
        Name: "Board",
        DisplayName: "Board",
        Tooltip: "x",
        EncryptionEnabled: true,
        EncryptionProtectionType: "Template",
        EncryptionRightsDefinitions: "contoso.com:VIEW",
        EncryptionDoubleKeyEncryptionUrl: url,
      })
      yield* call(sim, ivan, "Set-LabelPolicy", { Identity: "Global", AddLabels: ["Board"] })
      yield* protect(sim, { label: "Board" })
      assert.strictEqual(yield* opens(sim, alice), "allow by application-enforces")
      assert.strictEqual(yield* opens(sim, bob), "deny by second-key")
    }),
  )
})

describe("questions", () => {
  it.effect("[MIP-284] the oracle answers by content id, with the gates of the operation", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { to: [bob], level: "Viewer" })
      const world = yield* sim.world
      const now = yield* sim.now
      const draw = { guid: () => "", digits: () => "", token: () => "" }
      const ask = (action: string, who: string) => {
        const question = questions.find((it) => it.action === action)
        const [subject = ""] = question?.subjects(world) ?? []
        return question?.ask({ world, actor: actor(who), now, draw }, subject)?.outcome
      }
      assert.strictEqual(ask("open", bob), "allow")
      assert.strictEqual(ask("print", bob), "deny")
      assert.strictEqual(ask("print", alice), "allow")
      assert.strictEqual(ask("open", "dave@contoso.com"), "deny")
      const open = questions.find(({ action }) => action === "open")
      assert.isUndefined(open?.ask({ world, actor: actor(bob), now, draw }, "a file of a site"))
    }),
  )
})
