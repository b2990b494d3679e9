import { assert, describe, it } from "@effect/vitest"
import { hours } from "@twin/kernel"
import { Effect } from "effect"
import { localDocumentOf } from "../../src/index.ts"
import { questions } from "../../src/questions.ts"
import { actor, fabrikamId } from "../world.ts"
import { call, ivan, judy, type Sim, simulate } from "./stage.ts"

const alice = "alice@contoso.com"
/** A reader: whoever protected something may keep a licence longer than the label lets others. */
const bob = "bob@contoso.com"
const url = "https://keys.contoso.com/Board"

const makeLabel = Effect.fnUntraced(function* (sim: Sim) {
  yield* call(sim, ivan, "configure-double-key-service", {
    url,
    authorizedEmailAddresses: [alice, bob],
  })
  yield* call(sim, ivan, "New-Label", {
    Name: "Board",
    DisplayName: "Board",
    Tooltip: "x",
    EncryptionEnabled: true,
    EncryptionProtectionType: "Template",
    EncryptionRightsDefinitions: "contoso.com:VIEW;fabrikam.com:VIEW",
    EncryptionOfflineAccessDays: 0,
    EncryptionDoubleKeyEncryptionUrl: url,
  })
  yield* call(sim, ivan, "Set-LabelPolicy", { Identity: "Global", AddLabels: ["Board"] })
})

const protect = (sim: Sim, file: string, more: object = {}) =>
  Effect.map(
    call(sim, alice, "protect-document", { file, label: "Board", ...more }),
    (it) => it.verdict,
  )

describe("labels with a second key", () => {
  it.effect("[CRY-163] are chosen when they are made, and Office may need a day to show them", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* call(sim, judy, "set-label-replication", { mode: "documented" })
      yield* makeLabel(sim)
      yield* sim.advance(hours(24) - 1)
      assert.strictEqual(yield* protect(sim, "a.docx"), "deny by label-arrived", "a day less a bit")
      yield* sim.advance(1)
      assert.strictEqual(yield* protect(sim, "a.docx"), "allow by keys-for-protecting")
      const change = (identity: string, more: object) =>
        Effect.map(
          call(sim, ivan, "Set-Label", { Identity: identity, ...more }),
          (it) => it.verdict,
        )
      const second = { EncryptionDoubleKeyEncryptionUrl: url }
      assert.strictEqual(yield* change("Confidential", second), "deny by double-key-url")
      for (const wrong of ["http://keys.contoso.com/Board", "https://keys.contoso.com/", "Board"]) {
        const other = { EncryptionDoubleKeyEncryptionUrl: wrong }
        assert.strictEqual(yield* change("Board", other), "deny by double-key-url", wrong)
      }
    }),
  )

  it.effect("[MIP-242] an older Office shows them once service, label and registry are there", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const done = Effect.map(
        call(sim, judy, "show-double-key-set-up", { url, person: alice }),
        ({ output }) => output.map((it) => it["Done"]),
      )
      const old = { software: "office-2016" }
      assert.deepStrictEqual(yield* done, [false, false, false])
      yield* makeLabel(sim)
      assert.deepStrictEqual(yield* done, [true, true, false])
      assert.strictEqual(yield* protect(sim, "a.docx", old), "deny by label-arrived")
      const key = "Microsoft\\MSIPC\\flighting\\DoubleKeyProtection"
      const set = (path: string, value: number) =>
        call(sim, ivan, "set-client-registry", { person: alice, path, value })
      yield* set(`HKLM\\SOFTWARE\\${key}`, 1)
      yield* set(`HKLM\\SOFTWARE\\WOW6432Node\\${key}`, 0)
      assert.strictEqual(yield* protect(sim, "a.docx", old), "deny by label-arrived", "one of two")
      yield* set(`HKLM\\SOFTWARE\\WOW6432Node\\${key}`, 1)
      assert.deepStrictEqual(yield* done, [true, true, true])
      assert.notStrictEqual(yield* protect(sim, "a.docx", old), "deny by label-arrived")
      assert.strictEqual(yield* protect(sim, "b.docx"), "allow by keys-for-protecting", "today's")
    }),
  )

  it.effect("[MIP-251] are held for named laws, in own rooms or any cloud", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const [offer] = (yield* call(sim, alice, "show-double-key-offer")).output
      assert.deepStrictEqual(offer, {
        Drivers: [
          "GDPR",
          "HIPAA",
          "GLBA",
          "Federal Law 242-FZ (Russia)",
          "Privacy Act 1988 (Australia)",
          "Privacy Act (New Zealand)",
        ],
        Hosting: ["on-premises", "cloud"],
      })
      for (const hosting of ["on-premises", "cloud"]) {
        const address = `https://${hosting}.contoso.com`
        yield* call(sim, ivan, "deploy-double-key-service", { address, hosting })
        yield* call(sim, ivan, "add-double-key", {
          url: `${address}/Board`,
          AuthorizedEmailAddress: [alice],
        })
        const [shown] = (yield* call(sim, ivan, "get-double-key-service", { address })).output
        assert.deepInclude(shown, { hosting, isRunning: true })
      }
    }),
  )

  it.effect("[MIP-240] [MIP-247] old content opens by its own version, and is lost with it", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* makeLabel(sim)
      yield* protect(sim, "old.docx")
      const [{ id: first = "" } = {}] = (yield* call(sim, ivan, "get-double-key-service", {
        address: "https://keys.contoso.com",
      })).output
      yield* call(sim, ivan, "add-double-key", { url, id: "2027" })
      yield* protect(sim, "new.docx")
      const ask = questions.find((it) => it.action === "open")
      assert.isDefined(ask)
      /** What is decided without a byte, and what the bytes say. */
      const both = Effect.fnUntraced(function* (file: string) {
        const world = yield* sim.world
        const { contentId = "" } = localDocumentOf(world, file) ?? {}
        const draw = { guid: () => "", digits: () => "", token: () => "" }
        const asked = { world, actor: actor(bob), now: yield* sim.now, draw }
        const opened = yield* call(sim, bob, "open-document", { file, freshDevice: true })
        return [ask.ask(asked, contentId)?.outcome, opened.decision.outcome]
      })
      for (const file of ["old.docx", "new.docx"]) {
        assert.deepStrictEqual(yield* both(file), ["allow", "allow"], file)
      }
      yield* call(sim, ivan, "remove-double-key", { url, id: first })
      assert.deepStrictEqual(yield* both("old.docx"), ["deny", "deny"])
      assert.deepStrictEqual(yield* both("new.docx"), ["allow", "allow"])
      const lost = yield* call(sim, bob, "open-document", { file: "old.docx", freshDevice: true })
      assert.strictEqual(lost.verdict, "deny by second-key")
      assert.strictEqual(lost.code, "400")
    }),
  )

  it.effect("[MIP-248] know another organization by its id or by its domain", () =>
    Effect.gen(function* () {
      for (const tenant of [fabrikamId, "fabrikam.com"]) {
        const sim = yield* simulate()
        yield* makeLabel(sim)
        yield* protect(sim, "a.docx")
        const opens = Effect.map(
          call(sim, "nina@fabrikam.com", "open-document", { file: "a.docx" }),
          (it) => it.verdict,
        )
        const trust = (...validTenants: string[]) =>
          call(sim, ivan, "configure-double-key-service", {
            url,
            authorizedEmailAddresses: [alice, "nina@fabrikam.com"],
            validTenants,
          })
        yield* trust("contoso.com")
        assert.strictEqual(yield* opens, "deny by second-key")
        yield* trust("contoso.com", tenant)
        assert.strictEqual(yield* opens, "allow by application-enforces")
      }
    }),
  )
})
