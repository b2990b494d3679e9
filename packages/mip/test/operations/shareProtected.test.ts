import { assert, describe, it } from "@effect/vitest"
import { days, hours, mailboxOf } from "@twin/kernel"
import { Effect } from "effect"
import { localDocumentOf, protectedName, protectionOf } from "../../src/index.ts"
import { baseline } from "../world.ts"
import { call, ivan, type Sim, simulate } from "./stage.ts"

const alice = "alice@contoso.com"
const bob = "bob@contoso.com"
const nina = "nina@fabrikam.com"
const in2016 = Date.UTC(2016, 8, 15, 8)

/** Alice's computer in 2016, with a file on it. */
const desk = Effect.fnUntraced(function* (file = "Offer.docx", at = in2016) {
  const sim = yield* simulate([], baseline, at)
  yield* call(sim, alice, "save-document", { file, content: "Offer: 4.2 million" })
  return { ...sim, original: localDocumentOf(yield* sim.world, file)?.id ?? "none" }
})
type Desk = Effect.Success<ReturnType<typeof desk>>

const installed = Effect.fnUntraced(function* (name?: string) {
  const sim = yield* desk(name)
  yield* call(sim, alice, "install-sharing-application")
  return sim
})
/** `level: undefined` leaves the slider alone. */
const share = (sim: Desk, more: object = {}) => {
  const wish = { file: sim.original, users: [nina], level: "Viewer", ...more }
  const said = Object.entries(wish).filter(([, value]) => value !== undefined)
  return call(sim, alice, "share-protected", Object.fromEntries(said))
}
const opens = (sim: Sim, who: string, file: string, more: object = {}) =>
  Effect.map(call(sim, who, "open-document", { file, ...more }), ({ verdict }) => verdict)
const mailsTo = (sim: Sim, who: string) =>
  Effect.map(Effect.all([Effect.orDie(sim.mails), sim.now]), ([mails, now]) =>
    mailboxOf(mails, who, now),
  )
const textOf = (value: unknown): string => (typeof value === "string" ? value : "")
const said = (result: { readonly output: readonly Readonly<Record<string, unknown>>[] }, row = 0) =>
  textOf(result.output[row]?.["id"])

describe("the sharing application", () => {
  it.effect(
    "[MIP-259] is installed once; where the button is on the ribbon there is nothing to do",
    () =>
      Effect.gen(function* () {
        const sim = yield* desk()
        assert.strictEqual((yield* share(sim)).verdict, "deny by sharing-application-installed")
        const first = yield* call(sim, alice, "install-sharing-application", {
          method: "automatic",
        })
        assert.strictEqual(first.decision.outcome, "allow")
        const again = yield* call(sim, alice, "install-sharing-application")
        assert.strictEqual(again.verdict, "deny by already-on-ribbon")
        assert.strictEqual((yield* share(sim)).decision.outcome, "allow")
      }),
  )

  it.effect("[MIP-267] the dialog needs version 1.0.1770.0 or later", () =>
    Effect.gen(function* () {
      const sim = yield* desk()
      yield* call(sim, alice, "install-sharing-application", { version: "1.0.1769.9" })
      assert.strictEqual((yield* share(sim)).verdict, "deny by sharing-application-installed")
      yield* call(sim, alice, "install-sharing-application", { version: "1.0.1770.0" })
      assert.strictEqual((yield* share(sim)).decision.outcome, "allow")
    }),
  )

  it.effect("[MIP-273] lost its support in 2019 and went away in 2024", () =>
    Effect.gen(function* () {
      const late = yield* desk("Offer.docx", Date.UTC(2020, 0, 1))
      assert.strictEqual(
        (yield* call(late, alice, "install-sharing-application")).verdict,
        "deny by sharing-application-supported",
      )
      const sim = yield* installed()
      yield* sim.advance(Date.UTC(2023, 0, 1) - in2016)
      assert.strictEqual((yield* share(sim)).decision.outcome, "allow")
      yield* sim.advance(Date.UTC(2024, 4, 1) - Date.UTC(2023, 0, 1))
      assert.strictEqual((yield* share(sim)).verdict, "deny by sharing-application-supported")
    }),
  )

  it.effect("[MIP-267] [MIP-272] sends a protected copy; the original stays as it is", () =>
    Effect.gen(function* () {
      const sim = yield* installed()
      const shared = yield* share(sim)
      assert.deepStrictEqual(
        shared.output.map((row) => row["file"]),
        ["Offer.docx", "Offer.ppdf"],
      )
      const [mail] = yield* mailsTo(sim, nina)
      assert.lengthOf(mail?.attachments ?? [], 2)
      assert.strictEqual(yield* opens(sim, nina, said(shared)), "allow by application-enforces")
      assert.strictEqual(
        yield* opens(sim, nina, said(shared), { action: "edit" }),
        "deny by application-enforces",
      )
      assert.strictEqual(
        yield* opens(sim, "oscar@fabrikam.co.uk", said(shared)),
        "deny by usage-rights",
      )
      const world = yield* sim.world
      assert.isUndefined(localDocumentOf(world, sim.original)?.contentId)
    }),
  )

  for (const [level, can, cannot] of [
    ["Viewer", "open", "edit"],
    ["Reviewer", "edit", "print"],
    ["Co-Author", "print", "change-rights"],
  ] as const) {
    it.effect(`[MIP-267] ${level} may ${can} and not ${cannot}`, () =>
      Effect.gen(function* () {
        const sim = yield* installed()
        const file = said(yield* share(sim, { level }))
        const asked = (action: string) =>
          Effect.map(
            call(sim, nina, "open-document", { file, action }),
            ({ decision }) => decision.outcome,
          )
        assert.strictEqual(yield* asked(can), "allow")
        if (level !== "Co-Author") assert.strictEqual(yield* asked(cannot), "deny")
      }),
    )
  }

  it.effect("[MIP-268] personal addresses are refused, work addresses outside are not", () =>
    Effect.gen(function* () {
      const sim = yield* installed()
      for (const users of [["gus@gmail.com"], [nina, "zoe@outlook.com"]]) {
        assert.strictEqual((yield* share(sim, { users })).verdict, "deny by work-addresses")
      }
      assert.strictEqual(
        (yield* share(sim, { users: ["kim@another.example"] })).decision.outcome,
        "allow",
      )
      assert.isEmpty(yield* mailsTo(sim, "gus@gmail.com"))
    }),
  )

  it.effect("[MIP-268] where servers on premises protect, nobody outside can be shared with", () =>
    Effect.gen(function* () {
      const sim = yield* installed()
      yield* call(sim, ivan, "Connect-AipService")
      yield* call(sim, ivan, "Disable-AipService")
      assert.notStrictEqual((yield* share(sim)).verdict, "deny by within-company")
      yield* call(sim, ivan, "set-ad-rms", { state: "deployed" })
      assert.strictEqual((yield* share(sim)).verdict, "deny by within-company")
      assert.notStrictEqual((yield* share(sim, { users: [bob] })).verdict, "deny by within-company")
      yield* call(sim, ivan, "set-ad-rms", { state: "migrated" })
      assert.notStrictEqual((yield* share(sim)).verdict, "deny by within-company")
    }),
  )

  it.effect(
    "[MIP-268] editing the recipients in Outlook changes who gets the mail, not who may open",
    () =>
      Effect.gen(function* () {
        const sim = yield* installed()
        const file = said(yield* share(sim, { mailTo: [nina, bob] }))
        assert.lengthOf(yield* mailsTo(sim, bob), 1)
        assert.strictEqual(yield* opens(sim, bob, file), "deny by usage-rights")
      }),
  )

  it.effect("[MIP-269] others are shut out at the midnight of the sender, who is not", () =>
    Effect.gen(function* () {
      const sim = yield* installed()
      const zone = { expiresOn: "2016-09-15", timeZone: "America/New_York" }
      const file = said(yield* share(sim, { ...zone, allowInstantRevoke: true }))
      yield* sim.advance(hours(20) - 1000)
      assert.strictEqual(yield* opens(sim, nina, file), "allow by application-enforces")
      yield* sim.advance(1000)
      assert.match(yield* opens(sim, nina, file), /^deny by .*expir/)
      assert.strictEqual(yield* opens(sim, alice, file), "allow by application-enforces")
    }),
  )

  it.effect("[MIP-269] [MIP-267] a template goes without level and without expiry", () =>
    Effect.gen(function* () {
      const sim = yield* installed()
      const template = { level: undefined, template: "Confidential" }
      assert.strictEqual(
        (yield* share(sim, { template: "Confidential" })).verdict,
        "deny by dialog-choices",
      )
      assert.strictEqual(
        (yield* share(sim, { ...template, expiresOn: "2016-10-01" })).verdict,
        "deny by dialog-choices",
      )
      assert.strictEqual(
        (yield* share(sim, { level: undefined })).verdict,
        "deny by dialog-choices",
      )
    }),
  )

  it.effect("[MIP-270] the sender hears of each request for a licence, granted or not", () =>
    Effect.gen(function* () {
      const sim = yield* installed()
      const file = said(yield* share(sim, { emailMe: true }))
      yield* opens(sim, nina, file)
      yield* opens(sim, bob, file)
      const subjects = Effect.map(mailsTo(sim, alice), (mails) =>
        mails.map(({ subject }) => subject),
      )
      assert.deepStrictEqual(yield* subjects, [
        "nina@fabrikam.com opened Offer.docx",
        "bob@contoso.com could not open Offer.docx",
      ])
      yield* opens(sim, nina, file)
      assert.lengthOf(yield* subjects, 2, "opened from the licence on the device")
    }),
  )

  it.effect("[MIP-270] nobody hears anything where it was not asked for", () =>
    Effect.gen(function* () {
      const sim = yield* installed()
      yield* opens(sim, nina, said(yield* share(sim)))
      assert.isEmpty(yield* mailsTo(sim, alice))
    }),
  )

  it.effect("[MIP-271] instant revocation means that nothing is kept offline", () =>
    Effect.gen(function* () {
      const sim = yield* installed()
      const at = said(yield* share(sim, { allowInstantRevoke: true }))
      const later = said(yield* share(sim))
      for (const file of [at, later]) yield* opens(sim, nina, file)
      for (const file of [at, later]) yield* call(sim, alice, "revoke-document", { file })
      assert.strictEqual(yield* opens(sim, nina, at), "deny by revocation")
      assert.strictEqual(yield* opens(sim, nina, later), "allow by application-enforces")
      yield* sim.advance(days(31))
      assert.strictEqual(yield* opens(sim, nina, later), "deny by revocation")
    }),
  )

  it.effect("[MIP-272] the read-only copy is the same content, and goes with a revocation", () =>
    Effect.gen(function* () {
      const sim = yield* installed()
      const shared = yield* share(sim, { allowInstantRevoke: true })
      const pdf = said(shared, 1)
      assert.strictEqual(shared.output[0]?.["content"], shared.output[1]?.["content"])
      const open = () =>
        Effect.map(
          call(sim, nina, "open-document", { file: pdf }),
          ({ decision }) => decision.outcome,
        )
      yield* open()
      yield* call(sim, alice, "revoke-document", { file: said(shared) })
      assert.strictEqual(yield* open(), "deny")
      assert.strictEqual(
        protectionOf(yield* sim.world, textOf(shared.output[0]?.["content"]))?.issuer,
        alice,
      )
    }),
  )

  it.effect(
    "[MIP-272] [MIP-255] a type without support of its own is protected generically, without a level",
    () =>
      Effect.gen(function* () {
        const sim = yield* installed("Plan.dwg")
        assert.strictEqual((yield* share(sim)).verdict, "deny by generic-protection")
        const shared = yield* share(sim, { level: undefined })
        assert.deepStrictEqual(
          shared.output.map((row) => row["file"]),
          ["Plan.dwg.pfile"],
        )
        const excluded = yield* installed("setup.exe")
        assert.strictEqual(
          (yield* share(excluded, { level: "Viewer" })).verdict,
          "deny by generic-protection",
        )
      }),
  )
})

describe("names of protected files", () => {
  it("[MIP-255] follow the type of the file", () => {
    const names = [
      ["a.docx", "a.docx"],
      ["a.pdf", "a.pdf"],
      ["note.txt", "note.ptxt"],
      ["data.xml", "data.pxml"],
      ["photo.jpg", "photo.pjpg"],
      ["photo.PNG", "photo.ppng"],
      ["plan.dwg", "plan.dwg.pfile"],
      ["README", "README.pfile"],
      ["plan.dwg.pfile", "plan.dwg.pfile"],
      ["note.ptxt", "note.ptxt"],
    ] as const
    for (const [name, wanted] of names) assert.strictEqual(protectedName(name), wanted)
  })
})
