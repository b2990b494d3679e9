import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { localDocumentOf } from "@twin/mip"
import { Effect } from "effect"
import { itemOf } from "../../src/index.ts"
import {
  atRest,
  audited,
  disk,
  finance,
  first,
  type Lab,
  launch,
  makeLab,
  oneDrive,
  file as storedWithoutBytes,
  verdict,
} from "../world.ts"

const secret = "The price is 42 million."

const upload = (lab: Lab, more: object = {}, who = "alice") =>
  lab.as(who, "upload-file", { site: launch, file: "Plan.docx", content: secret, ...more })

const digest = (text: string): string => createHash("sha256").update(text).digest("hex")

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

  it.effect(
    "[SPO-295] whose bytes are gone or damaged opens for nobody, whatever the gates say",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* lab.given(...storedWithoutBytes("Ghost.docx"))
        for (const operation of ["open-file", "print-file", "download-file", "copy-file"]) {
          const ghost = yield* lab.as("alice", operation, { file: "Ghost.docx" })
          assert.strictEqual(verdict(ghost), "deny at stored-bytes")
          assert.deepStrictEqual(ghost.output, [])
        }
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
        assert.strictEqual(first(shared, "preventsDownload"), "true")
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
