import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { BlobStore, isEnvelope, openAtRest } from "@twin/crypto"
import { days } from "@twin/kernel"
import { localDocumentOf } from "@twin/mip"
import { Context, Effect } from "effect"
import { itemOf } from "../../src/index.ts"
import {
  audited,
  finance,
  first,
  type Lab,
  launch,
  makeLab,
  oneDrive,
  siteSettings,
  verdict,
} from "../world.ts"

const secret = "The price is 42 million."
const upload = (lab: Lab, more: object = {}, who = "alice") =>
  lab.as(who, "upload-file", { site: launch, file: "Plan.docx", content: secret, ...more })

const digest = (text: string): string => createHash("sha256").update(text).digest("hex")

/** Everything that lies on disk, as one text. */
const disk = (lab: Lab) =>
  Effect.gen(function* () {
    const { services } = yield* lab.simulation.checkpoint
    const store = Context.get(services.context, BlobStore)
    const bytes = yield* Effect.forEach(yield* store.list(), store.get)
    return bytes.map((it) => Buffer.from(it).toString("latin1")).join("\n")
  }).pipe(Effect.orDie)

/** The file as the service reads it: service encryption off, protection still on. */
const atRest = (lab: Lab, file = "Plan.docx") =>
  Effect.gen(function* () {
    const { services, world } = yield* lab.simulation.checkpoint
    const objectId = itemOf(world, file)?.content?.objectId ?? ""
    const read = openAtRest(world, objectId, {}) as Effect.Effect<Uint8Array, unknown, BlobStore>
    return yield* Effect.provideContext(read, services.context)
  }).pipe(Effect.orDie)

describe("a stored file", () => {
  it.effect(
    "[SPO-295] is really encrypted at rest, opens for a reader, and never enters the journal",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        const up = yield* upload(lab)
        assert.strictEqual(verdict(up), "allow")
        assert.deepStrictEqual(audited(up), ["FileUploaded"])
        assert.strictEqual(first(up, "sha256"), digest(secret))
        assert.notInclude(yield* disk(lab), "price")
        assert.strictEqual(Buffer.from(yield* atRest(lab)).toString(), secret)
        const opened = yield* lab.as("bob", "open-file", { file: "Plan.docx" })
        assert.strictEqual(first(opened, "text"), secret)
        assert.notInclude(JSON.stringify(yield* lab.records), "price")
      }),
  )

  it.effect("[SPO-225] is put into a site only by people who may, where the name is free", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      assert.strictEqual(verdict(yield* upload(lab, {}, "mallory")), "deny at permission")
      assert.strictEqual(
        verdict(yield* upload(lab, {}, "anonymous")),
        "deny at caller-authenticated",
      )
      assert.strictEqual(
        verdict(yield* upload(lab, { site: "https://no.where" })),
        "deny at present",
      )
      assert.strictEqual(verdict(yield* upload(lab)), "allow")
      assert.strictEqual(verdict(yield* upload(lab)), "deny at name-free")
      yield* lab.site(launch, { LockState: "ReadOnly" })
      assert.strictEqual(verdict(yield* upload(lab, { file: "Other.docx" })), "deny at lock-state")
    }),
  )

  it.effect("keeps its links through an edit, and the old text is gone", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* upload(lab)
      const edited = yield* lab.does("bob", "edit-file", { file: "Plan.docx", content: "Cheaper." })
      assert.deepStrictEqual(audited(edited), ["FileModified"])
      const opened = yield* lab.does("alice", "open-file", { file: "Plan.docx" })
      assert.strictEqual(first(opened, "text"), "Cheaper.")
      const item = itemOf(yield* lab.world, "Plan.docx")
      assert.strictEqual(item?.modifiedBy, "bob@contoso.com")
      assert.strictEqual(item?.content?.version, 2)
      const only = yield* lab.does("bob", "edit-file", { file: "Plan.docx" })
      assert.deepStrictEqual(only.record?.events, [])
    }),
  )

  it.effect("[SPO-280] can be deleted and comes back with its links, for 93 days", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* upload(lab)
      const shared = yield* lab.does("alice", "share-file", {
        file: "Plan.docx",
        scope: "anonymous",
        role: "view",
      })
      const open = lab.as("anonymous", "open-file", { link: first(shared, "link") })
      assert.strictEqual(
        verdict(yield* lab.as("mallory", "delete-file", { file: "Plan.docx" })),
        "deny at permission",
      )
      assert.deepStrictEqual(
        audited(yield* lab.does("bob", "delete-file", { file: "Plan.docx" })),
        ["FileRecycled"],
      )
      assert.strictEqual(verdict(yield* open), "deny at item-present")
      assert.deepStrictEqual(
        audited(yield* lab.does("bob", "restore-file", { file: "Plan.docx" })),
        ["FileRestored"],
      )
      assert.strictEqual(verdict(yield* open), "allow")
      assert.strictEqual(
        verdict(yield* lab.as("bob", "restore-file", { file: "Plan.docx" })),
        "deny at recycle-bin",
      )
      yield* lab.does("bob", "delete-file", { file: "Plan.docx" })
      yield* lab.wait(days(93))
      assert.strictEqual(
        verdict(yield* lab.as("bob", "restore-file", { file: "Plan.docx" })),
        "deny at recycle-bin",
      )
    }),
  )

  it.effect(
    "[SPO-280] goes and comes back with its folder, and not into a place that is taken",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* lab.does("alice", "create-folder", { site: launch, folder: "Box" })
        yield* upload(lab, { file: "Shared Documents/Box/Plan.docx" })
        yield* lab.does("alice", "delete-file", { file: "Shared Documents/Box", site: launch })
        const open = lab.as("bob", "open-file", { file: "Plan.docx" })
        assert.strictEqual(verdict(yield* open), "deny at item-present")
        yield* lab.does("alice", "restore-file", { file: "Shared Documents/Box", site: launch })
        assert.strictEqual(verdict(yield* open), "allow")
        yield* lab.does("alice", "delete-file", { file: "Plan.docx" })
        const id = itemOf(yield* lab.world, "Plan.docx")?.id ?? ""
        yield* upload(lab, { file: "Shared Documents/Box/Plan.docx" })
        assert.strictEqual(
          verdict(yield* lab.as("alice", "restore-file", { file: id })),
          "deny at recycle-bin",
        )
      }),
  )

  it.effect(
    "[SPO-157] [SPO-196] copied to another site it is a new file there: no link comes along",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* upload(lab)
        const shared = yield* lab.does("alice", "share-file", {
          file: "Plan.docx",
          scope: "anonymous",
          role: "view",
        })
        const copied = yield* lab.does("alice", "copy-file", { file: "Plan.docx", toSite: finance })
        assert.strictEqual(first(copied, "sha256"), digest(secret))
        const there = yield* lab.as("alice", "open-file", { file: first(copied, "id") })
        assert.strictEqual(first(there, "text"), secret)
        const through = yield* lab.as("anonymous", "open-file", {
          file: first(copied, "id"),
          link: first(shared, "link"),
        })
        assert.strictEqual(verdict(through), "deny at link-or-grant")
        const bob = yield* lab.as("bob", "copy-file", {
          file: "Plan.docx",
          site: launch,
          toSite: finance,
        })
        assert.strictEqual(verdict(bob), "deny at permission")
      }),
  )

  it.effect("[SPO-016] an upload-only link takes files from anyone and shows none", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* lab.does("alice", "create-folder", { site: oneDrive, folder: "Documents/Inbox" })
      const shared = yield* lab.does("alice", "share-file", {
        file: "Documents/Inbox",
        scope: "anonymous",
        role: "createOnly",
      })
      const link = first(shared, "link")
      const sent = yield* lab.as("anonymous", "upload-file", {
        link,
        file: "Offer.docx",
        content: "Offer",
      })
      assert.strictEqual(verdict(sent), "allow")
      const open = yield* lab.as("anonymous", "open-file", { link, file: "Offer.docx" })
      assert.strictEqual(verdict(open), "deny at permission")
      assert.strictEqual(
        first(yield* lab.does("alice", "open-file", { file: "Offer.docx" }), "text"),
        "Offer",
      )
    }),
  )

  it.effect(
    "[SPO-026] [SPO-215] printing and downloading stop where the link or the site says so",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* upload(lab)
        const shared = yield* lab.does("alice", "share-file", {
          file: "Plan.docx",
          to: ["mallory@contoso.com"],
          scope: "users",
          role: "restrictedView",
        })
        assert.strictEqual(String(shared.output[0]?.["preventsDownload"]), "true")
        const act = (operation: string) => lab.as("mallory", operation, { file: "Plan.docx" })
        assert.strictEqual(verdict(yield* act("open-file")), "allow")
        assert.strictEqual(verdict(yield* act("print-file")), "deny at permission")
        assert.strictEqual(verdict(yield* act("download-file")), "deny at permission")
        assert.strictEqual(verdict(yield* act("copy-file")), "allow")
      }),
  )

  it.effect("a plain download is a document on the device with the same bytes", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* upload(lab)
      const down = yield* lab.does("bob", "download-file", { file: "Plan.docx" })
      assert.deepStrictEqual(audited(down), ["FileDownloaded"])
      const local = localDocumentOf(yield* lab.world, first(down, "document"))
      assert.strictEqual(local?.savedBy, "bob@contoso.com")
      const again = yield* lab.as("bob", "upload-file", {
        site: launch,
        file: "Again.docx",
        document: first(down, "document"),
      })
      assert.strictEqual(first(again, "sha256"), digest(secret))
      const missing = yield* lab.as("bob", "upload-file", {
        site: launch,
        file: "No.docx",
        document: "made up",
      })
      assert.strictEqual(verdict(missing), "deny at present")
    }),
  )
})

describe("a labelled file", () => {
  const enable = (lab: Lab) => lab.tenant({ EnableAIPIntegration: true })
  const confidential = (lab: Lab, more: object = {}) =>
    upload(lab, { label: "Confidential", ...more })

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
    "[SPO-160] is unlocked by an administrator with a reason, where SharePoint can process it",
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

describe("a site's label against a file's label", () => {
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
