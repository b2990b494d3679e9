import { assert, describe, it } from "@effect/vitest"
import { labelOf, localDocumentOf, protectionOf } from "@twin/mip"
import { Effect } from "effect"
import { itemOf } from "../../src/index.ts"
import { atRest, first, launch, makeLab, verdict } from "../world.ts"
import { card, desktop, story, web } from "./labelStory.ts"

describe("labels switched on for SharePoint", () => {
  it.effect(
    "[MIP-203] off, an encrypted file is opaque; on, it is processed, and what lay there has to be uploaded or edited again",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab({})
        const put = (file: string) =>
          lab.does("alice", "upload-file", {
            site: launch,
            file,
            content: card,
            label: "Confidential",
          })
        const of = (file: string) => Effect.map(lab.world, (world) => itemOf(world, file)?.content)
        yield* put("Before.docx")
        assert.strictEqual((yield* of("Before.docx"))?.processing, "opaque-encryption")
        assert.deepStrictEqual((yield* of("Before.docx"))?.infoTypes, [])
        assert.strictEqual(
          verdict(yield* lab.as("bob", "open-file", { file: "Before.docx" }, web)).startsWith(
            "deny",
          ),
          true,
        )
        yield* lab.tenant({ EnableAIPIntegration: true })
        yield* put("After.docx")
        assert.strictEqual((yield* of("After.docx"))?.processing, "readable")
        assert.include((yield* of("After.docx"))?.infoTypes ?? [], "Credit Card Number")
        assert.strictEqual(
          verdict(yield* lab.as("bob", "open-file", { file: "After.docx" }, web)),
          "allow",
        )
        assert.strictEqual(
          (yield* of("Before.docx"))?.processing,
          "opaque-encryption",
          "not by itself",
        )
      }),
  )

  it.effect(
    "[MIP-205] what somebody uploads who cannot view it, the service neither recognises nor processes",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.does(
          "alice",
          "protect-document",
          { file: "plan.docx", content: card, label: "Secret" },
          desktop,
        )
        const uploaded = yield* lab.does("bob", "upload-file", {
          site: launch,
          file: "Plan.docx",
          document: "plan.docx",
        })
        assert.strictEqual(uploaded.decision.outcome, "allow")
        assert.strictEqual((yield* lab.content("Plan.docx"))?.processing, "opaque-encryption")
        const info = yield* lab.as("grace", "Get-FileSensitivityLabelInfo", {
          FileUrl: "Plan.docx",
        })
        assert.strictEqual(info.output[0]?.["LabelId"], "")
      }),
  )

  it.effect(
    "[MIP-208] encryption that somebody took off a labelled file comes back at the next access",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.upload("Plan.docx", { label: "Confidential" })
        const before = itemOf(yield* lab.world, "Plan.docx")
        if (before?.content === undefined) return assert.fail("no file")
        // An older app saves it with its label and without the encryption.
        const { contentId: _, ...bare } = before.content
        yield* lab.upload("Bare.docx")
        const plain = (yield* lab.content("Bare.docx")) ?? before.content
        yield* lab.given({
          _tag: "FileContentReplaced",
          itemId: before.id,
          content: { ...bare, objectId: plain.objectId, processing: "readable" },
          by: "alice@contoso.com",
          scan: before.scan ?? { isNewAndSensitive: false, matches: [], isOverridden: false },
          at: before.modifiedAt,
        })
        assert.isUndefined((yield* lab.content("Plan.docx"))?.contentId)
        const opened = yield* lab.does("bob", "open-file", { file: "Plan.docx" }, web)
        assert.strictEqual(opened.output[0]?.["text"], card)
        const after = yield* lab.content("Plan.docx")
        assert.isDefined(after?.contentId)
        const world = yield* lab.world
        assert.strictEqual(protectionOf(world, after?.contentId ?? "")?.kind, "template")
        assert.strictEqual(itemOf(world, "Plan.docx")?.modifiedBy, "alice@contoso.com")
        assert.notInclude(Buffer.from(yield* atRest(lab)).toString("latin1"), "4111")
      }),
  )

  it.effect(
    "[MIP-103] a stored file follows its label: encrypted when the label is, and clear when it is not any more",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.upload("Plan.docx", { label: "General" })
        assert.isUndefined((yield* lab.content("Plan.docx"))?.contentId)
        yield* lab.does("judy", "Set-Label", {
          Identity: "General",
          EncryptionEnabled: true,
          EncryptionProtectionType: "Template",
          EncryptionRightsDefinitions: "contoso.com:VIEW,EDIT,DOCEDIT",
        })
        assert.isUndefined((yield* lab.content("Plan.docx"))?.contentId, "not before it is used")
        yield* lab.does("bob", "open-file", { file: "Plan.docx" }, web)
        assert.isDefined((yield* lab.content("Plan.docx"))?.contentId)
        yield* lab.does("judy", "Set-Label", { Identity: "General", EncryptionEnabled: false })
        yield* lab.does("bob", "download-file", { file: "Plan.docx" })
        assert.isUndefined((yield* lab.content("Plan.docx"))?.contentId)
        assert.strictEqual(yield* lab.labelName("Plan.docx"), "General")
      }),
  )

  it.effect(
    "[MIP-101] with a deleted label the file leaves unlabelled and unencrypted; a copy outside stays encrypted",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.upload("Plan.docx", { label: "Confidential" })
        const copy = yield* lab.does("alice", "download-file", { file: "Plan.docx" }, desktop)
        const { labels, name } = (yield* lab.world).mip.policies[0] ?? { labels: [], name: "" }
        const confidential = labelOf(yield* lab.world, "Confidential")
        assert.include(labels, confidential?.id)
        for (const policy of (yield* lab.world).mip.policies) {
          yield* lab.as("judy", "Set-LabelPolicy", {
            Identity: policy.name,
            RemoveLabels: ["Confidential"],
          })
        }
        assert.isNotEmpty(name)
        yield* lab.does("judy", "Remove-Label", { Identity: "Confidential" })
        yield* lab.does("bob", "download-file", { file: "Plan.docx" })
        const after = yield* lab.content("Plan.docx")
        assert.isUndefined(after?.contentId)
        assert.isUndefined(after?.labelId)
        assert.isDefined(localDocumentOf(yield* lab.world, first(copy, "document"))?.contentId)
      }),
  )

  it.effect(
    "[MIP-209] an app cannot upload other encryption over an encrypted file, unless it is unlocked or renamed",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.upload("Plan.docx", { label: "Confidential" })
        yield* lab.does(
          "alice",
          "protect-document",
          { file: "new.docx", content: "new", label: "Secret" },
          desktop,
        )
        yield* lab.does(
          "alice",
          "protect-document",
          { file: "same.docx", content: "same", label: "Confidential" },
          desktop,
        )
        const app = (params: object) =>
          lab.asApp("alice", "replace-file", { file: "Plan.docx", ...params })
        assert.strictEqual(
          verdict(yield* app({ document: "new.docx" })),
          "deny at app-keeps-encryption",
        )
        assert.strictEqual(verdict(yield* app({ document: "same.docx" })), "allow")
        yield* lab.does("grace", "Unlock-SPOSensitivityLabelEncryptedFile", {
          FileUrl: "Plan.docx",
          JustificationText: "Migration",
        })
        assert.strictEqual(verdict(yield* app({ document: "new.docx" })), "allow")
        assert.strictEqual(
          verdict(
            yield* lab.as("alice", "replace-file", { file: "Plan.docx", document: "same.docx" }),
          ),
          "allow",
          "people may",
        )
      }),
  )

  it.effect("[MIP-211] PDF, OneNote and video have switches of their own, off at first", () =>
    Effect.gen(function* () {
      const lab = yield* story
      const processing = (file: string) =>
        Effect.gen(function* () {
          yield* lab.does(
            "alice",
            "protect-document",
            { file: `local-${file}`, content: card, label: "Confidential" },
            { app: "powershell" },
          )
          yield* lab.does("alice", "upload-file", { site: launch, file, document: `local-${file}` })
          return (yield* lab.content(file))?.processing
        })
      const switches = {
        pdf: "EnableSensitivityLabelforPDF",
        one: "EnableSensitivityLabelforOneNote",
        mp4: "EnableSensitivityLabelforVideoFiles",
      }
      for (const [extension, setting] of Object.entries(switches)) {
        assert.strictEqual((yield* lab.does("grace", "Get-SPOTenant")).output[0]?.[setting], false)
        assert.strictEqual(yield* processing(`off.${extension}`), "opaque-encryption")
        yield* lab.tenant({ [setting]: true })
        assert.strictEqual(yield* processing(`on.${extension}`), "readable")
      }
    }),
  )
})
