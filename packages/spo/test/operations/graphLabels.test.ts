import { assert, describe, it } from "@effect/vitest"
import { localDocumentOf, trackedContentOf } from "@twin/mip"
import { Effect } from "effect"
import { itemOf } from "../../src/index.ts"
import { first, type Lab, labelId, launch, makeLab, verdict } from "../world.ts"

const assigning = "assign-sensitivity-label"
const extracting = "extract-sensitivity-labels"

const ready = Effect.fnUntraced(function* (label?: string) {
  const lab = yield* makeLab()
  yield* lab.tenant({ EnableAIPIntegration: true })
  yield* lab.as("alice", "upload-file", {
    site: launch,
    file: "Plan.docx",
    content: "The price is 42 million.",
    ...(label === undefined ? {} : { label }),
  })
  return lab
})
const assign = (lab: Lab, sensitivityLabelId: string, more: object = {}) =>
  lab.as("alice", assigning, { driveItem: "Plan.docx", sensitivityLabelId, ...more })
const extract = (lab: Lab) => lab.as("alice", extracting, { driveItem: "Plan.docx" })

const code = (result: { readonly decision: { readonly gates: readonly object[] } }) =>
  (result.decision.gates.at(-1) as { readonly refusal?: { readonly code?: string } }).refusal?.code

describe("labels over Graph", () => {
  it.effect(
    "[MIP-281] assigning is accepted with a monitor, metered, and extracting reads it",
    () =>
      Effect.gen(function* () {
        const lab = yield* ready()
        assert.deepStrictEqual((yield* extract(lab)).output, [])
        const done = yield* assign(lab, labelId("Confidential"))
        assert.strictEqual(first(done, "statusCode"), "202")
        assert.match(first(done, "location"), /^https:\/\/graph\.microsoft\.com\/.+monitor/)
        assert.strictEqual(first(done, "isMetered"), "true")
        assert.deepStrictEqual((yield* extract(lab)).output, [
          { sensitivityLabelId: labelId("Confidential"), assignmentMethod: "standard" },
        ])
        assert.isDefined(itemOf(yield* lab.world, "Plan.docx")?.content?.contentId)
      }),
  )

  it.effect("[MIP-281] the method says how the label came on", () =>
    Effect.gen(function* () {
      for (const [method, read] of [
        ["standard", "standard"],
        ["privileged", "privileged"],
        ["auto", "standard"],
      ]) {
        const lab = yield* ready()
        yield* assign(lab, labelId("General"), { assignmentMethod: method })
        assert.strictEqual(first(yield* extract(lab), "assignmentMethod"), read)
      }
    }),
  )

  it.effect("[MIP-281] a label by hand is not replaced by an automatic one", () =>
    Effect.gen(function* () {
      const lab = yield* ready()
      yield* assign(lab, labelId("General"), { assignmentMethod: "privileged" })
      const refused = yield* assign(lab, labelId("Confidential"), { assignmentMethod: "auto" })
      assert.strictEqual(verdict(refused), "deny at label-precedence")
    }),
  )

  it.effect("[MIP-281] [MIP-252] 423 where the service cannot decrypt, with the reason", () =>
    Effect.gen(function* () {
      const expiring = yield* ready("Expiring")
      assert.strictEqual(code(yield* extract(expiring)), "fileDecryptionNotSupported")
      const refused = yield* assign(expiring, labelId("General"))
      assert.strictEqual(code(refused), "fileDecryptionNotSupported")

      const away = yield* ready("Confidential")
      yield* away.as("ivan", "switch-fault", { fault: "tenant-key-unreachable", on: true })
      assert.strictEqual(code(yield* extract(away)), "fileDecryptionDeferred")
      yield* away.as("ivan", "switch-fault", { fault: "tenant-key-unreachable", on: false })
      assert.strictEqual(verdict(yield* extract(away)), "allow")

      const twoKeys = yield* ready("Confidential")
      const contentId = itemOf(yield* twoKeys.world, "Plan.docx")?.content?.contentId ?? ""
      yield* twoKeys.given({
        _tag: "ContentProtected",
        protection: {
          contentId,
          name: "Plan.docx",
          form: "document",
          kind: "template",
          issuer: "alice@contoso.com",
          owner: "alice@contoso.com",
          issuedAt: 0,
          grants: [],
          doubleKeyUrl: "https://keys.contoso.com/Deal",
        },
      })
      assert.strictEqual(code(yield* extract(twoKeys)), "fileDoubleKeyEncrypted")
      assert.strictEqual(code(yield* assign(twoKeys, "")), "fileDoubleKeyEncrypted")
    }),
  )

  it.effect("[MIP-281] refuses what is not there, and whoever may not touch it", () =>
    Effect.gen(function* () {
      const lab = yield* ready()
      const nothing = yield* lab.as("alice", extracting, { driveItem: "None.docx" })
      assert.strictEqual(nothing.decision.outcome, "deny")
      const mallory = yield* lab.as("mallory", assigning, {
        driveItem: "Plan.docx",
        sensitivityLabelId: labelId("General"),
      })
      assert.strictEqual(mallory.decision.outcome, "deny")
      assert.isUndefined(itemOf(yield* lab.world, "Plan.docx")?.content?.labelId)
      yield* lab.tenant({ EnableAIPIntegration: false })
      assert.strictEqual(verdict(yield* extract(lab)), "deny at labels-enabled")
    }),
  )
})

describe("what leaves SharePoint", () => {
  it.effect(
    "[MIP-231] each downloaded copy is a content of its own, to be followed and revoked alone",
    () =>
      Effect.gen(function* () {
        const lab = yield* ready("Confidential")
        const desktop = { app: "office-desktop" } as const
        const stored = itemOf(yield* lab.world, "Plan.docx")?.content?.contentId
        const copies = []
        for (const who of ["bob", "alice"]) {
          const down = yield* lab.as(who, "download-file", { file: "Plan.docx" })
          const id = first(down, "document")
          copies.push({ id, contentId: localDocumentOf(yield* lab.world, id)?.contentId })
        }
        const ids = new Set([stored, ...copies.map(({ contentId }) => contentId)])
        assert.strictEqual(ids.size, 3)
        const [one, other] = copies
        const open = (file = "none") =>
          Effect.map(
            lab.as("bob", "open-document", { file, freshDevice: true }, desktop),
            ({ decision }) => decision.outcome,
          )
        assert.strictEqual(yield* open(one?.id), "allow")
        assert.strictEqual(yield* open(other?.id), "allow")
        yield* lab.as("alice", "revoke-document", { file: one?.id }, desktop)
        assert.strictEqual(yield* open(one?.id), "deny")
        assert.strictEqual(yield* open(other?.id), "allow")
      }),
  )

  it.effect("[MIP-231] a registered document loses its identity when it is uploaded", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* lab.tenant({ EnableAIPIntegration: true })
      const desktop = { app: "office-desktop" } as const
      const wish = { file: "Offer.docx", label: "Confidential" }
      yield* lab.as("alice", "protect-document", wish, desktop)
      const before = localDocumentOf(yield* lab.world, "Offer.docx")?.contentId ?? ""
      assert.isDefined(trackedContentOf(yield* lab.world, before))
      yield* lab.as("alice", "upload-file", {
        site: launch,
        file: "Offer.docx",
        document: "Offer.docx",
      })
      const hosted = itemOf(yield* lab.world, "Offer.docx")?.content?.contentId ?? ""
      assert.isUndefined(trackedContentOf(yield* lab.world, hosted))
      assert.notStrictEqual(hosted, before)
    }),
  )
})
