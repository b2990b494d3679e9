import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { isEnvelope } from "@twin/crypto"
import { serviceRequestsOf } from "@twin/mip"
import { Effect } from "effect"
import { itemOf } from "../../src/index.ts"
import {
  atRest,
  audited,
  finance,
  first,
  type Lab,
  launch,
  makeLab,
  siteSettings,
  verdict,
} from "../world.ts"

const secret = "The price is 42 million."

const upload = (lab: Lab, more: object = {}, who = "alice") =>
  lab.as(who, "upload-file", { site: launch, file: "Plan.docx", content: secret, ...more })

const digest = (text: string): string => createHash("sha256").update(text).digest("hex")

const confidential = (lab: Lab, more: object = {}) =>
  upload(lab, { label: "Confidential", ...more })

const enable = (lab: Lab) => lab.tenant({ EnableAIPIntegration: true })

describe("a labelled file", () => {
  it.effect(
    "[SPO-157] is stored protected: whoever reads the store has an envelope, not the text",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* enable(lab)
        assert.strictEqual(verdict(yield* confidential(lab)), "allow")
        const bytes = yield* atRest(lab)
        assert.isTrue(isEnvelope(bytes))
        assert.notInclude(Buffer.from(bytes).toString("latin1"), "price")
      }),
  )

  it.effect("[SPO-150] [SPO-166] opens in the browser with both permission and rights", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* enable(lab)
      yield* confidential(lab)
      const opened = yield* lab.as("bob", "open-file", { file: "Plan.docx" })
      assert.strictEqual(first(opened, "text"), secret)
      assert.include(opened.decision.rights ?? [], "DOCEDIT")
      assert.strictEqual(
        verdict(yield* lab.as("mallory", "open-file", { file: "Plan.docx" })),
        "deny at link-or-grant",
      )
    }),
  )

  it.effect(
    "[SPO-150] [SPO-153] is opaque in the browser without the integration, and opens on the device",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* confidential(lab)
        const open = (app: "browser" | "office-desktop") =>
          lab.as("bob", "open-file", { file: "Plan.docx" }, { app })
        assert.strictEqual(verdict(yield* open("browser")), "deny at web-processing")
        assert.strictEqual(first(yield* open("office-desktop"), "text"), secret)
      }),
  )

  it.effect(
    "[SPO-151] files that were there before the integration stay opaque until they are saved again",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* confidential(lab)
        yield* enable(lab)
        const browser = lab.as("bob", "open-file", { file: "Plan.docx" })
        assert.strictEqual(verdict(yield* browser), "deny at web-processing")
        yield* lab.does(
          "bob",
          "edit-file",
          { file: "Plan.docx", content: "New" },
          { app: "office-desktop" },
        )
        assert.strictEqual(verdict(yield* browser), "allow")
      }),
  )

  it.effect("[SPO-153] whose content expires is never processed by SharePoint", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* enable(lab)
      yield* upload(lab, { label: "Expiring" })
      assert.strictEqual(
        verdict(yield* lab.as("bob", "open-file", { file: "Plan.docx" })),
        "deny at web-processing",
      )
    }),
  )

  it.effect("[SPO-152] is only processed for types that have labels", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* enable(lab)
      const pdf = { file: "Plan.pdf", label: "Confidential" }
      yield* upload(lab, pdf)
      const open = (file: string) => lab.as("bob", "open-file", { file })
      assert.strictEqual(verdict(yield* open("Plan.pdf")), "deny at web-processing")
      yield* lab.tenant({ EnableSensitivityLabelforPDF: true })
      yield* upload(lab, { ...pdf, file: "Next.pdf" })
      assert.strictEqual(itemOf(yield* lab.world, "Next.pdf")?.content?.processing, "readable")
    }),
  )

  it.effect(
    "[SPO-166] cannot be read by the holder of an Anyone link, who gets an envelope at most",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* enable(lab)
        yield* confidential(lab)
        const shared = yield* lab.does("alice", "share-file", {
          file: "Plan.docx",
          scope: "anonymous",
          role: "view",
        })
        const link = first(shared, "link")
        assert.strictEqual(
          verdict(yield* lab.as("anonymous", "open-file", { link })),
          "deny at content-identity",
        )
        const down = yield* lab.does("anonymous", "download-file", { link })
        assert.notProperty(down.output[0] ?? {}, "text")
      }),
  )

  it.effect(
    "[SPO-166] [SPO-165] sharing adds no rights: a guest without rights is refused, one with rights reads",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* enable(lab)
        yield* confidential(lab)
        const nina = "nina@fabrikam.com"
        const zoe = "zoe@outlook.com"
        const shared = yield* lab.does("alice", "share-file", {
          file: "Plan.docx",
          to: [nina, zoe],
          scope: "users",
          role: "edit",
        })
        const link = first(shared, "link")
        for (const who of [nina, zoe]) yield* lab.does(who, "redeem-invitation", {})
        const opened = yield* lab.as(nina, "open-file", { link })
        assert.strictEqual(verdict(opened), "allow")
        assert.include(opened.decision.rights ?? [], "VIEW")
        assert.notInclude(opened.decision.rights ?? [], "DOCEDIT")
        assert.strictEqual(
          verdict(yield* lab.as(nina, "edit-file", { link })),
          "deny at application-enforces",
        )
        assert.strictEqual(
          verdict(yield* lab.as(zoe, "open-file", { link })),
          "deny at usage-rights",
        )
      }),
  )

  it.effect("[SPO-166] a view link takes from the rights what it does not grant", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* enable(lab)
      yield* confidential(lab)
      yield* lab.does("alice", "share-file", {
        file: "Plan.docx",
        to: ["erin@contoso.com"],
        scope: "users",
        role: "view",
      })
      const opened = yield* lab.does("erin", "open-file", { file: "Plan.docx" })
      assert.notInclude(opened.decision.rights ?? [], "DOCEDIT")
      assert.include(opened.decision.rights ?? [], "VIEW")
    }),
  )

  it.effect("[SPO-157] copied to another site, it takes its protection along", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* enable(lab)
      const up = yield* confidential(lab)
      assert.strictEqual(first(up, "sha256"), digest(secret))
      assert.strictEqual(first(up, "size"), String(secret.length))
      const copied = yield* lab.does("alice", "copy-file", { file: "Plan.docx", toSite: finance })
      const id = first(copied, "id")
      assert.isTrue(isEnvelope(yield* atRest(lab, id)))
      const opened = yield* lab.does("alice", "open-file", { file: id })
      assert.strictEqual(first(opened, "text"), secret)
      assert.strictEqual(first(opened, "label"), "label-confidential")
    }),
  )

  it.effect("[SPO-157] downloaded, it stays encrypted and asks for rights wherever it goes", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* enable(lab)
      yield* confidential(lab)
      const down = yield* lab.does("bob", "download-file", { file: "Plan.docx" })
      const document = first(down, "document")
      const desktop = { app: "office-desktop" } as const
      const read = yield* lab.as("bob", "open-document", { file: document }, desktop)
      assert.strictEqual(first(read, "sha256"), digest(secret))
      const zoe = yield* lab.as("zoe@outlook.com", "open-document", { file: document }, desktop)
      assert.strictEqual(zoe.decision.outcome, "deny")
    }),
  )

  it.effect(
    "[SPO-247] can be labelled later: the stored bytes follow the label, the log names both",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* upload(lab)
        const label = (params: object) =>
          lab.as("alice", "label-file", { file: "Plan.docx", ...params })
        assert.strictEqual(verdict(yield* label({ label: "General" })), "deny at labels-enabled")
        yield* enable(lab)
        assert.deepStrictEqual(audited(yield* label({ label: "General" })), [
          "FileSensitivityLabelApplied",
        ])
        const changed = yield* label({ label: "Confidential" })
        assert.deepStrictEqual(audited(changed), ["FileSensitivityLabelChanged"])
        assert.strictEqual(changed.record?.audit[0]?.["SourceLabel"], "label-general")
        assert.isTrue(isEnvelope(yield* atRest(lab)))
        assert.strictEqual(
          first(yield* lab.does("bob", "open-file", { file: "Plan.docx" }), "text"),
          secret,
        )
        const removed = yield* label({ justification: "Published" })
        assert.deepStrictEqual(audited(removed), ["FileSensitivityLabelRemoved"])
        assert.strictEqual(Buffer.from(yield* atRest(lab)).toString(), secret)
        assert.strictEqual(
          verdict(yield* lab.as("mallory", "label-file", { file: "Plan.docx", label: "General" })),
          "deny at permission",
        )
      }),
  )

  it.effect(
    "[SPO-160] [MIP-075] is unlocked by an administrator with a reason, where SharePoint can process it",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        const unlock = (who = "grace") =>
          lab.as(who, "Unlock-SPOSensitivityLabelEncryptedFile", {
            FileUrl: `${launch}/Shared Documents/Plan.docx`,
            JustificationText: "The owner has left",
          })
        yield* confidential(lab)
        assert.strictEqual(verdict(yield* unlock()), "deny at processed-by-sharepoint")
        yield* enable(lab)
        yield* lab.does(
          "bob",
          "edit-file",
          { file: "Plan.docx", content: secret },
          { app: "office-desktop" },
        )
        assert.strictEqual(verdict(yield* unlock("bob")), "deny at role")
        const unlocked = yield* unlock()
        assert.deepStrictEqual(audited(unlocked), ["FileSensitivityLabelRemoved"])
        assert.strictEqual(
          unlocked.record?.audit[0]?.["SensitivityLabelJustificationText"],
          "The owner has left",
        )
        assert.strictEqual(Buffer.from(yield* atRest(lab)).toString(), secret)
        const log = serviceRequestsOf(yield* lab.world)
        assert.match(log.at(-1)?.userId ?? "", /^microsoftrmsonline@/, "in the usage log")
        assert.strictEqual(log.at(-1)?.requestType, "AcquireLicense")
      }),
  )

  it.effect(
    "[SPO-153] [SPO-165] its label is shown to administrators where SharePoint recognises it",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* confidential(lab)
        const info = lab.does("grace", "Get-FileSensitivityLabelInfo", { FileUrl: "Plan.docx" })
        assert.strictEqual(first(yield* info, "DisplayName"), "")
        yield* enable(lab)
        yield* upload(lab, { file: "New.docx", label: "Confidential" })
        const known = yield* lab.does("grace", "Get-FileSensitivityLabelInfo", {
          FileUrl: "New.docx",
        })
        assert.strictEqual(first(known, "DisplayName"), "Confidential")
        assert.strictEqual(first(known, "IsProtectionEnabled"), "true")
      }),
  )

  it.effect(
    "[SPO-124] [SPO-181] a code recipient has no identity that rights could be given to",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab({ start: Date.UTC(2021, 2, 1) })
        yield* enable(lab)
        yield* confidential(lab)
        const pat = "pat@mailbox.example"
        const shared = yield* lab.does("alice", "share-file", {
          file: "Plan.docx",
          to: [pat],
          scope: "users",
          role: "view",
        })
        yield* lab.given({
          _tag: "AddressVerified",
          address: pat,
          isKept: true,
          at: yield* lab.now,
        })
        const opened = yield* lab.as(pat, "open-file", { link: first(shared, "link") })
        assert.strictEqual(verdict(opened), "deny at content-identity")
      }),
  )
})

const labelled = (more: object = {}) =>
  Effect.gen(function* () {
    const lab = yield* makeLab({
      events: [
        { _tag: "SiteLabelChanged", url: launch, labelId: "label-general", at: 0 },
        siteSettings(launch, {}),
      ],
    })
    yield* lab.tenant({ EnableAIPIntegration: true, ...more })
    return lab
  })

describe("a site's label against a file's label", () => {
  const subject = "Incompatible sensitivity label detected"

  it.effect(
    "[SPO-145] a more sensitive file is accepted, logged and told to the people concerned",
    () =>
      Effect.gen(function* () {
        const lab = yield* labelled()
        const up = yield* upload(lab, { label: "Confidential" }, "bob")
        assert.strictEqual(verdict(up), "allow")
        assert.deepStrictEqual(audited(up), ["FileUploaded", "DocumentSensitivityMismatchDetected"])
        for (const who of ["alice", "bob"]) {
          assert.strictEqual((yield* lab.mailbox(who)).at(-1)?.subject, subject)
        }
      }),
  )

  it.effect("[SPO-146] an equal or less sensitive file, or none, is nothing to tell", () =>
    Effect.gen(function* () {
      const lab = yield* labelled()
      for (const [file, label] of [
        ["a.docx", "General"],
        ["b.docx", "Public"],
        ["c.docx", undefined],
      ]) {
        const up = yield* upload(lab, { file, ...(label === undefined ? {} : { label }) })
        assert.deepStrictEqual(audited(up), ["FileUploaded"])
      }
      assert.deepStrictEqual(yield* lab.mailbox("alice"), [])
    }),
  )

  it.effect(
    "[SPO-147] the mail can be stopped and its help link set; the record is written all the same",
    () =>
      Effect.gen(function* () {
        const help = yield* labelled({ LabelMismatchEmailHelpLink: "https://help.contoso.com" })
        yield* upload(help, { label: "Confidential" })
        assert.match(
          (yield* help.mailbox("alice")).at(-1)?.text ?? "",
          /Troubleshooting Guide https:\/\/help/,
        )
        const quiet = yield* labelled({ BlockSendLabelMismatchEmail: true })
        const up = yield* upload(quiet, { label: "Confidential" })
        assert.include(audited(up), "DocumentSensitivityMismatchDetected")
        assert.deepStrictEqual(yield* quiet.mailbox("alice"), [])
      }),
  )
})
