import { assert, describe, it } from "@effect/vitest"
import { makePlay } from "@twin/scenario"
import { Effect, SubscriptionRef } from "effect"
import { type Controller, makeController } from "../../src/player/controller.ts"
import { beatOf, type PlayerState } from "../../src/player/PlayerState.ts"
import { paneLines } from "../../src/player/paneLines.ts"
import { textOf } from "../../src/text/Span.ts"
import { loadFixture } from "../fixtures/scenario.ts"

const size = { columns: 100, rows: 30 }

const words = (state: PlayerState) => paneLines(state, 98).map(textOf).join("\n")

/** The state after keys, each worked off. */
const pressed = Effect.fnUntraced(function* (controller: Controller, keys: readonly string[]) {
  for (const key of keys) yield* controller.handle(key, size)
  return yield* SubscriptionRef.get(controller.state)
})

const staged = Effect.fnUntraced(function* (name: string) {
  const play = yield* makePlay(loadFixture(name), { seed: "1" })
  return { play, controller: yield* makeController(play) }
})

/** Through the seat of the recipient, with the code that the file says. */
const throughTheSeat = ["right", "right", "right", "right", "return"]

describe("the player without its screen", () => {
  it.effect("goes through the story beat by beat, and back in time", () =>
    Effect.gen(function* () {
      const { play, controller } = yield* staged("seat")
      const talk = yield* pressed(controller, ["right"])
      assert.strictEqual(beatOf(talk).kind, "talk")
      assert.strictEqual(yield* play.position, 0)
      const shared = yield* pressed(controller, ["right", "right"])
      assert.strictEqual(yield* play.position, 2)
      assert.strictEqual(shared.stage.mails.length, 2)
      const back = yield* pressed(controller, ["left"])
      assert.strictEqual(yield* play.position, 1)
      assert.strictEqual(back.stage.mails.length, 1)
      assert.include(words(back), "Alice shares the press kit")
      const again = yield* pressed(controller, ["right"])
      assert.deepStrictEqual(again.stage.mails, shared.stage.mails)
    }),
  )

  it.effect("lets the presenter type the code that arrived, or a wrong one", () =>
    Effect.gen(function* () {
      const { controller } = yield* staged("seat")
      const before = yield* pressed(controller, ["right", "right", "right"])
      const code = before.stage.mails.at(-1)?.code ?? ""
      assert.match(code, /^\d{8}$/)
      const wrong = yield* pressed(controller, ["right", "1", "2", "return"])
      assert.include(words(wrong), "REFUSED  enter-code")
      assert.include(words(wrong), "code: 12")
      const right = yield* pressed(controller, ["left", "right", ...Array.from(code), "return"])
      assert.include(words(right), "ALLOWED  enter-code")
    }),
  )

  it.effect("replays what was typed", () =>
    Effect.gen(function* () {
      const { controller } = yield* staged("seat")
      const once = yield* pressed(controller, ["right", "right", "right", "right", "7", "return"])
      const twice = yield* pressed(controller, ["r"])
      assert.include(words(once), "code: 7")
      assert.deepStrictEqual(twice.stage, once.stage)
      assert.include(twice.notice, "Played again")
    }),
  )

  it.effect("tries a cmdlet on a fork and tells whose access it would change", () =>
    Effect.gen(function* () {
      const { play, controller } = yield* staged("seat")
      yield* pressed(controller, throughTheSeat)
      const records = yield* (yield* play.tenant).records
      const typed = Array.from(":Set-SPOTenant -SharingCapability Disabled", (it) =>
        it === " " ? "space" : it,
      )
      const tried = yield* pressed(controller, [...typed, "return"])
      assert.include(words(tried), "- pat  open")
      assert.include(words(tried), "refused by external-sharing-level")
      assert.deepStrictEqual(yield* (yield* play.tenant).records, records)
      const mistyped = yield* pressed(controller, ["x", ...Array.from(":Get-Nonsense"), "return"])
      assert.include(words(mistyped), "not recognized")
      assert.include(words(mistyped), "Nobody's access changes")
    }),
  )

  it.effect("fills the panes that have to be asked for", () =>
    Effect.gen(function* () {
      const { controller } = yield* staged("seat")
      yield* pressed(controller, throughTheSeat)
      const matrix = yield* pressed(controller, ["w"])
      assert.match(words(matrix), /Press Kit\.docx +✓ +✓/)
      const settings = yield* pressed(controller, ["s"])
      assert.include(words(settings), "Nothing has been changed")
      const changed = yield* pressed(controller, ["t", "right", "1", "right", "s"])
      assert.match(words(changed), /SharingCapability +Disabled {2}\(was ExternalUserAndGuest/)
      // Back in time, also for what the pane says.
      const before = yield* pressed(controller, ["left", "s"])
      assert.include(words(before), "Nothing has been changed")
    }),
  )

  it.effect("says at the end whether everything held", () =>
    Effect.gen(function* () {
      for (const [name, hasFailed] of [
        ["seat", false],
        ["failing", true],
      ] as const) {
        const { controller } = yield* staged(name)
        const end = yield* pressed(controller, Array(30).fill("return"))
        assert.strictEqual(beatOf(end).kind, "closing")
        assert.include(words(end), hasFailed ? "FAILS  Pat reads on" : "Everything held")
        controller.press("q", size)
        assert.deepStrictEqual(yield* controller.run, { hasFailed })
      }
    }),
  )

  it.effect("leaves at once, whatever is waiting", () =>
    Effect.gen(function* () {
      const { controller } = yield* staged("seat")
      for (let index = 0; index < 50; index++) controller.press("return", size)
      controller.press("ctrl-c", size)
      assert.deepStrictEqual(yield* controller.run, { hasFailed: false })
      assert.isBelow((yield* SubscriptionRef.get(controller.state)).beat, 4)
    }),
  )

  it.effect("takes pasted text only where something is typed", () =>
    Effect.gen(function* () {
      const { controller } = yield* staged("seat")
      controller.paste("rq right", size)
      yield* controller.handle(":", size)
      controller.paste("Get-X q", size)
      controller.press("return", size)
      controller.press("q", size)
      controller.press("q", size)
      yield* controller.run
      const { overlay } = yield* SubscriptionRef.get(controller.state)
      assert.isUndefined(overlay)
      assert.strictEqual((yield* SubscriptionRef.get(controller.state)).beat, 0)
    }),
  )
})
