import { assert, describe, it } from "@effect/vitest"
import { isEnvelope } from "@twin/crypto"
import { evaluateOpenContent, protectionOf } from "@twin/mip"
import { Effect } from "effect"
import { attachmentTypeOf, inheritsProtection } from "../../src/index.ts"
import { actor, makeTenant, type Tenant, theMessage } from "../tenant.ts"

const alice = actor("alice")
const bob = actor("bob")
const gus = actor("gus@gmail.com")
const text = "Salaries of everybody"

const sendFiles = (
  it: Tenant,
  names: readonly string[],
  more: object = {},
  who = alice,
): Effect.Effect<string> =>
  it.send(who, {
    to: ["bob@contoso.com", "gus@gmail.com"],
    subject: "Files",
    protection: "encrypt-only",
    attachments: names.map((name) => ({ name, content: `${text} ${name}` })),
    ...more,
  })

const statesOf = (it: Tenant, id: string) =>
  Effect.map(it.world, (world) =>
    Object.fromEntries(
      theMessage(world, id).copies[0]?.attachments.map(({ name, state }) => [name, state]) ?? [],
    ),
  )

/** Saves and tells what lies on the device then. */
const save = Effect.fnUntraced(function* (
  it: Tenant,
  who: typeof alice,
  params: { readonly message: string; readonly attachment: string },
) {
  const row = yield* it.allow(who, "save-attachment", params)
  const bytes = (yield* it.blobs).get(row["blob"] as string) ?? new Uint8Array()
  return { ...row, isProtected: row["isProtected"], bytes, text: Buffer.from(bytes).toString() }
})

describe("what inherits the protection of its mail", () => {
  it("[EXO-052] [EXO-053] [EXO-054] types by extension", () => {
    assert.deepStrictEqual(
      ["a.docx", "a.XLSM", "a.thmx", "a.doc", "a.xls", "a.pdf", "a.zip", "noextension"].map(
        attachmentTypeOf,
      ),
      ["office", "office", "office", "office-97", "office-97", "pdf", "other", "other"],
    )
  })

  /** type, by, PDF switch, inherits: the documented cells. */
  const cells = [
    ["office", "service", false, true],
    ["office", "desktop-client", false, true],
    ["office-97", "service", true, false],
    ["office-97", "desktop-client", false, true],
    ["pdf", "service", false, false],
    ["pdf", "service", true, true],
    ["pdf", "desktop-client", true, false],
    ["other", "service", true, false],
    ["other", "desktop-client", true, false],
  ] as const
  it.each(cells)(
    "[EXO-051] [EXO-053] [EXO-054] [EXO-055] %s by %s, PDF switch %s: %s",
    (type, by, isPdfEncryptionEnabled, expected) => {
      assert.strictEqual(inheritsProtection({ type, by, isPdfEncryptionEnabled }), expected)
    },
  )

  it.effect(
    "[EXO-051] [EXO-054] Office files are protected with the mail, others only inside it",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const id = yield* sendFiles(it, ["a.docx", "b.zip"])
        assert.deepStrictEqual(yield* statesOf(it, id), { "a.docx": "inherited", "b.zip": "clear" })
        const blobs = [...(yield* it.blobs).values()]
        assert.isFalse(blobs.some((bytes) => Buffer.from(bytes).toString("latin1").includes(text)))
        const zip = yield* save(it, bob, { message: id, attachment: "b.zip" })
        assert.strictEqual(zip.text, `${text} b.zip`)
        const document = yield* save(it, bob, { message: id, attachment: "a.docx" })
        assert.isTrue(isEnvelope(document.bytes))
        assert.notInclude(document.text, text)
        assert.strictEqual(
          (yield* it.refuse(bob, "save-attachment", { message: id, attachment: "c.txt" })).name,
          "attachment-exists",
        )
      }),
  )

  it.effect(
    "[EXO-020] [EXO-055] [MIP-166] PDF files follow the switch, and only where the service protects",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const state = Effect.fnUntraced(function* (app: "browser" | "outlook-desktop") {
          const id = yield* sendFiles(it, ["a.pdf"], {}, actor("alice", app))
          return (yield* statesOf(it, id))["a.pdf"]
        })
        assert.strictEqual(yield* state("browser"), "clear")
        yield* it.admin("Set-IRMConfiguration", { EnablePdfEncryption: true })
        assert.strictEqual(yield* state("browser"), "inherited")
        assert.strictEqual(yield* state("outlook-desktop"), "clear")
      }),
  )

  it.effect(
    "[EXO-053] formats of 97-2003 are protected by the desktop only, with a warning else",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const mail = {
          to: ["bob@contoso.com"],
          subject: "S",
          protection: "encrypt-only",
          attachments: [{ name: "old.doc", content: text }],
        }
        const web = yield* it.call(alice, "send-mail", mail)
        assert.match(web.warnings[0] ?? "", /'old.doc' has no protection of its own/)
        const desktop = yield* it.call(actor("alice", "outlook-desktop"), "send-mail", mail)
        assert.deepStrictEqual(desktop.warnings, [])
        const { protection: _, ...plain } = mail
        assert.deepStrictEqual((yield* it.call(alice, "send-mail", plain)).warnings, [])
      }),
  )

  it.effect("[EXO-060] protected files of one message share one content id", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* sendFiles(it, ["a.docx", "b.xlsx"])
      const [copy] = theMessage(yield* it.world, id).copies
      const ids = new Set(copy?.attachments.map(({ contentId }) => contentId))
      assert.strictEqual(ids.size, 1)
      assert.notInclude([...ids], copy?.protection.contentId)
    }),
  )

  it.effect(
    "[EXO-041] [MIP-161] files of a Do Not Forward mail may be edited and saved, not printed",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const id = yield* sendFiles(it, ["a.docx"], { protection: "do-not-forward" })
        const world = yield* it.world
        const contentId = theMessage(world, id).copies[0]?.attachments[0]?.contentId ?? ""
        assert.deepStrictEqual(
          [...(protectionOf(world, contentId)?.grants[0]?.rights ?? [])].toSorted(),
          ["DOCEDIT", "EDIT", "OBJMODEL", "VIEW"],
        )
        const ask = (requested: "edit" | "print") =>
          evaluateOpenContent({
            world,
            contentId,
            address: "bob@contoso.com",
            client: { ...bob.client, app: "office-desktop" },
            now: theMessage(world, id).sentAt,
            requested,
          }).outcome
        assert.deepStrictEqual([ask("edit"), ask("print")], ["allow", "deny"])
        yield* it.admin("Set-IRMConfiguration", { DecryptAttachmentForEncryptOnly: true })
        const saved = yield* save(it, bob, { message: id, attachment: "a.docx" })
        assert.isTrue(saved.isProtected)
      }),
  )
})

describe("saving attachments", () => {
  it.effect(
    "[EXO-019] [MIP-165] Encrypt-Only files are saved decrypted once the organization says so",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const id = yield* sendFiles(it, ["a.docx"])
        yield* it.allow(gus, "sign-in-portal", { message: id })
        const params = { message: id, attachment: "a.docx" }
        const first = yield* it.call(gus, "save-attachment", params)
        assert.strictEqual(first.output[0]?.["isProtected"], true)
        assert.include(first.warnings[0] ?? "", "rights to view the attachment")
        const inside = yield* it.call(bob, "save-attachment", params)
        assert.deepStrictEqual(inside.warnings, [])
        yield* it.admin("Set-IRMConfiguration", { DecryptAttachmentForEncryptOnly: true })
        const after = yield* save(it, gus, params)
        assert.isFalse(after.isProtected)
        assert.strictEqual(after.text, `${text} a.docx`)
      }),
  )

  it.effect("[EXO-148] [MIP-167] a file that came protected keeps its own protection", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* sendFiles(it, ["a.docx"], { to: ["bob@contoso.com"] })
      const own = yield* it.allow(bob, "save-attachment", { message: id, attachment: "a.docx" })
      const next = yield* it.send(bob, {
        to: ["carol@contoso.com"],
        subject: "See this",
        protection: "encrypt-only",
        attachments: [{ name: "a.docx", document: own["document"] }],
      })
      assert.deepStrictEqual(yield* statesOf(it, next), { "a.docx": "own" })
      const carol = actor("carol")
      yield* it.allow(carol, "open-message", { message: next })
      const saved = yield* it.allow(carol, "save-attachment", {
        message: next,
        attachment: "a.docx",
      })
      const world = yield* it.world
      const contentId = theMessage(world, next).copies[0]?.attachments[0]?.contentId ?? ""
      const decision = evaluateOpenContent({
        world,
        contentId,
        address: "carol@contoso.com",
        client: { ...carol.client, app: "office-desktop" },
        now: yield* it.now,
      })
      assert.strictEqual(decision.outcome, "deny")
      assert.strictEqual(saved["isProtected"], true)
      yield* it.refuse(bob, "send-mail", {
        to: ["carol@contoso.com"],
        subject: "S",
        attachments: [{ name: "x", document: "no such document" }],
      })
    }),
  )
})
