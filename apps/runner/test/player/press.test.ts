import { assert, describe, it } from "@effect/vitest"
import { keyBindings } from "../../src/player/keys.ts"
import { type PlayerState, panes } from "../../src/player/PlayerState.ts"
import { paneLines } from "../../src/player/paneLines.ts"
import { type Pressed, press } from "../../src/player/press.ts"
import { layoutOf, mostScroll } from "../../src/player/screen.ts"
import { textOf } from "../../src/text/Span.ts"
import { closingBeat, stateAt } from "./messages.ts"

const size = { columns: 80, rows: 24 }
const small = { columns: 40, rows: 8 }

/** Several keys one after the other; requests are collected. */
const type = (start: PlayerState, keys: readonly string[], on = size) => {
  let state = start
  const requests: Pressed["request"][] = []
  for (const key of keys) {
    const pressed = press(state, key, on)
    state = pressed.state
    if (pressed.request !== undefined) requests.push(pressed.request)
  }
  return { state, requests }
}

const characters = (text: string) => Array.from(text, (it) => (it === " " ? "space" : it))

describe("walking through the story", () => {
  it("goes on and back, beat by beat", () => {
    assert.deepStrictEqual(press(stateAt(0), "right", size).request, { do: "go", to: 1 })
    assert.deepStrictEqual(press(stateAt(0), "space", size).request, { do: "go", to: 1 })
    assert.deepStrictEqual(press(stateAt(3), "left", size).request, { do: "go", to: 2 })
  })

  it("says at both ends that there is no more", () => {
    assert.include(press(stateAt(0), "left", size).state.notice, "beginning")
    const { state, requests } = type(stateAt(closingBeat), ["right"])
    assert.include(state.notice, "end")
    assert.deepStrictEqual(requests, [])
    assert.strictEqual(press(state, "up", size).state.notice, "")
  })

  it("first pages through what does not fit, then goes on; back likewise", () => {
    const start = stateAt(4, { hasDetails: true })
    const most = mostScroll(start, small)
    assert.isAbove(most, 0)
    const { state, requests } = type(start, Array(20).fill("pagedown"), small)
    assert.strictEqual(state.scroll, most)
    assert.deepStrictEqual(requests[0], { do: "go", to: 5 })
    assert.deepStrictEqual(type(state, ["pageup"], small).requests, [])
    assert.deepStrictEqual(type(state, Array(20).fill("pageup"), small).requests[0], {
      do: "go",
      to: 3,
    })
  })

  it("comes back to the stage before it plays anything unseen", () => {
    const { state, requests } = type(stateAt(2, { pane: "audit" }), ["right"])
    assert.strictEqual(state.pane, "stage")
    assert.deepStrictEqual(requests, [])
  })

  it("replays a step, and nothing else", () => {
    assert.deepStrictEqual(press(stateAt(2), "r", size).request, { do: "replay" })
    assert.isUndefined(press(stateAt(1), "r", size).request)
  })
})

describe("the audience", () => {
  it("answers a poll with a number; the right choice shows only then", () => {
    const open = stateAt(3)
    const before = paneLines(open, 80).map(textOf).join("\n")
    assert.notInclude(before, "✓")
    assert.include(before, "Press 1 to 3")
    const { state } = press(open, "2", size)
    assert.strictEqual(state.answer, 1)
    const after = paneLines(state, 80).map(textOf).join("\n")
    assert.include(after, "✓ 3  No")
    assert.include(after, "▶   2  Only with a code")
    assert.include(after, "The twin says otherwise.")
  })

  it("is asked once, and only for choices that there are", () => {
    assert.isUndefined(press(stateAt(3), "9", size).state.answer)
    const { state } = type(stateAt(3), ["3", "1"])
    assert.strictEqual(state.answer, 2)
    assert.include(paneLines(state, 80).map(textOf).join("\n"), "The twin agrees.")
  })

  it("may stay silent: going on reveals the answer first", () => {
    const { state, requests } = type(stateAt(3), ["right"])
    assert.strictEqual(state.answer, "revealed")
    assert.deepStrictEqual(requests, [])
    assert.deepStrictEqual(press(state, "right", size).request, { do: "go", to: 4 })
  })

  it("leaves numbers alone where there is no poll", () => {
    assert.deepStrictEqual(press(stateAt(2), "1", size).state, stateAt(2))
  })
})

describe("the recipient's seat", () => {
  const seated = press(stateAt(1), "right", size).state

  it("opens before a step in which somebody types, with their mailbox", () => {
    assert.deepStrictEqual(seated.prompt, {
      kind: "seat",
      seat: { who: "pat", parameter: "code" },
      text: "",
    })
    assert.include(paneLines(seated, 80).map(textOf).join("\n"), "in the seat of pat")
  })

  it("plays the step with what was typed, or with what the file says", () => {
    assert.deepStrictEqual(type(seated, ["1", "2", "return"]).requests, [
      { do: "go", to: 2, typed: "12" },
    ])
    assert.deepStrictEqual(type(seated, ["return"]).requests, [{ do: "go", to: 2 }])
  })

  it("is left with escape, and nothing was played", () => {
    const { state, requests } = type(seated, ["1", "escape"])
    assert.deepStrictEqual(state.prompt, { kind: "none" })
    assert.deepStrictEqual(requests, [])
  })
})

describe("typing", () => {
  it("takes letters as letters, not as commands", () => {
    const { state, requests } = type(stateAt(2), [":", ...characters("Get-SPOTenant | fl q")])
    assert.deepStrictEqual(state.prompt, { kind: "cmdlet", text: "Get-SPOTenant | fl q" })
    assert.deepStrictEqual(requests, [])
    assert.deepStrictEqual(press(state, "return", size).request, {
      do: "try",
      script: "Get-SPOTenant | fl q",
    })
  })

  it("corrects: backspace takes a character, ctrl-u the line, arrows nothing", () => {
    const { state } = type(stateAt(2), [":", "a", "機", "👍", "backspace", "left", "tab", "ctrl-x"])
    assert.deepStrictEqual(state.prompt, { kind: "cmdlet", text: "a機" })
    assert.deepStrictEqual(press(state, "ctrl-u", size).state.prompt, { kind: "cmdlet", text: "" })
  })

  it("takes no control characters and no end of input", () => {
    const { state } = type(stateAt(2), [
      ":",
      "\u001b",
      "\u0000",
      "\u009b",
      ...Array(3_000).fill("x"),
    ])
    assert.strictEqual(state.prompt.kind === "cmdlet" ? state.prompt.text.length : 0, 2_000)
  })

  it("tries nothing when nothing was typed", () => {
    assert.deepStrictEqual(type(stateAt(2), [":", "space", "return"]).requests, [])
  })
})

describe("searching", () => {
  it("goes from place to place, and says when there is none", () => {
    const start = stateAt(2, { hasDetails: true })
    const first = type(start, ["/", ...characters("SPO-003"), "return"], small).state
    assert.strictEqual(first.search, "SPO-003")
    assert.isAbove(first.scroll, 0)
    const second = type(first, ["/", "return"], small).state
    assert.isAbove(second.scroll, first.scroll)
    const none = type(start, ["/", ...characters("zebra"), "return"]).state
    assert.include(none.notice, "'zebra' does not occur")
    assert.strictEqual(press(first, "escape", small).state.search, "")
  })

  it("takes its words literally", () => {
    assert.include(
      type(stateAt(2), [...characters("/(.*["), "return"]).state.notice,
      "does not occur",
    )
  })
})

describe("panes and overlays", () => {
  it("are reached by their keys and in a circle", () => {
    let state = stateAt(2)
    for (const pane of [...panes.slice(1), "stage"]) {
      const pressed = press(state, "tab", size)
      assert.strictEqual(pressed.state.pane, pane)
      const isAsked = pane === "settings" || pane === "matrix"
      assert.deepStrictEqual(pressed.request, isAsked ? { do: "ask", pane } : undefined)
      state = pressed.state
    }
    assert.strictEqual(press(state, "shift-tab", size).state.pane, "notes")
    assert.strictEqual(press(state, "u", size).state.pane, "audit")
    assert.strictEqual(type(state, ["u", "escape"]).state.pane, "stage")
  })

  it("scroll, but not further than there is something to see", () => {
    const many = stateAt(2, { hasDetails: true })
    const { bodyRows } = layoutOf(small)
    assert.strictEqual(press(many, "f", small).state.scroll, bodyRows - 1)
    assert.strictEqual(press(many, "up", small).state.scroll, 0)
    assert.strictEqual(type(many, ["end", "down"], small).state.scroll, mostScroll(many, small))
    assert.strictEqual(type(many, ["end", "home"], small).state.scroll, 0)
  })

  it("close on any key, which then does nothing else", () => {
    for (const key of ["right", "q", "x", "return"]) {
      const { state, requests } = type(stateAt(2), ["?", key])
      assert.isUndefined(state.overlay)
      assert.deepStrictEqual(requests, [])
    }
    assert.isDefined(type(stateAt(2), ["?", "down"], small).state.overlay)
  })

  it("show details, and hide them again", () => {
    assert.isTrue(type(stateAt(2), ["e"]).state.hasDetails)
    assert.isFalse(type(stateAt(2), ["e", "e"]).state.hasDetails)
  })
})

describe("leaving", () => {
  it("works by q, and by ctrl-c from everywhere", () => {
    assert.deepStrictEqual(press(stateAt(2), "q", size).request, { do: "leave" })
    for (const keys of [[], [":"], ["?"], ["/", "a"]]) {
      assert.deepStrictEqual(type(stateAt(2), [...keys, "ctrl-c"]).requests, [{ do: "leave" }])
    }
  })
})

it("binds every key once", () => {
  const keys = keyBindings.flatMap((it) => it.keys)
  assert.deepStrictEqual(
    keys.filter((key, index) => keys.indexOf(key) !== index),
    [],
  )
})
