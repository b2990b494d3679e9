import { stripVTControlCharacters } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { cleanup, render } from "ink-testing-library"
import { afterEach, vi } from "vitest"
import { PlayerScreen, Screen } from "../../src/player/Player.tsx"
import type { PlayerState } from "../../src/player/PlayerState.ts"
import type { Store } from "../../src/player/Store.ts"
import { screenOf } from "../../src/player/screen.ts"
import { textOf } from "../../src/text/Span.ts"
import { stateAt } from "./messages.ts"

afterEach(cleanup)

/** The connected component on a store that the test fills, and everything it hands on. */
const opened = () => {
  let state = stateAt(0)
  const listeners = new Set<() => void>()
  const store: Store<PlayerState> = {
    getSnapshot: () => state,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const keys: string[] = []
  const pasted: string[] = []
  const screen = render(
    <Screen
      store={store}
      linesOf={screenOf}
      onKey={(key) => keys.push(key)}
      onPaste={(text) => pasted.push(text)}
      paint="weight"
    />,
  )
  return {
    keys,
    pasted,
    screen,
    set: (next: PlayerState) => {
      state = next
      for (const listener of listeners) listener()
    },
  }
}

describe("keys", () => {
  it.each([
    ["an arrow", "\u001b[C", ["right"]],
    ["the other arrow of some terminals", "\u001bOD", ["left"]],
    ["page down, as a presentation remote sends it", "\u001b[6~", ["pagedown"]],
    ["home and end", "\u001b[H\u001b[F", ["home", "end"]],
    ["tab and shift tab", "\t\u001b[Z", ["tab", "shift-tab"]],
    ["a letter and its capital", "gG", ["g", "G"]],
    ["ctrl-c", "\u0003", ["ctrl-c"]],
    ["fast typing in one piece", "12 ab\r", ["1", "2", "space", "a", "b", "return"]],
    ["backspace held down", "\u007f\u007f", ["backspace", "backspace"]],
    ["wide characters", "機👍", ["機", "👍"]],
    ["a key with alt, which means nothing here", "\u001bq", []],
    ["an answer of the terminal, which nobody pressed", "\u001b[24;80R", []],
  ])("hands on %s", async (_, bytes, expected) => {
    const { screen, keys } = opened()
    screen.stdin.write(bytes)
    await vi.waitFor(() => assert.deepStrictEqual(keys, expected))
  })

  it("takes escape for escape when nothing follows", async () => {
    const { screen, keys } = opened()
    screen.stdin.write("\u001b")
    await vi.waitFor(() => assert.deepStrictEqual(keys, ["escape"]))
  })

  it("never takes pasted text for keys, and only its first line", async () => {
    const { screen, keys, pasted } = opened()
    screen.stdin.write("\u001b[200~Set-X -A q\nsecond\u001b[201~")
    await vi.waitFor(() => assert.deepStrictEqual(pasted, ["Set-X -A q"]))
    assert.deepStrictEqual(keys, [])
  })
})

describe("the screen", () => {
  it("follows the store", async () => {
    const { screen, set } = opened()
    assert.include(stripVTControlCharacters(screen.lastFrame() ?? ""), "What protects content")
    set(stateAt(2))
    await vi.waitFor(() =>
      assert.include(stripVTControlCharacters(screen.lastFrame() ?? ""), "REFUSED  share-file"),
    )
  })

  it("is the same picture as its lines, with colour and without", () => {
    const size = { columns: 100, rows: 24 }
    const lines = screenOf(stateAt(2), size).map((it) => textOf(it).trimEnd())
    for (const paint of ["colour", "weight", "none"] as const) {
      const { lastFrame } = render(<PlayerScreen state={stateAt(2)} size={size} paint={paint} />)
      const frame = lastFrame() ?? ""
      assert.deepStrictEqual(
        stripVTControlCharacters(frame)
          .split("\n")
          .map((it) => it.trimEnd()),
        lines,
      )
      // oxlint-disable-next-line no-control-regex
      assert.strictEqual(/\u001b\[3[0-7]m/.test(frame), paint === "colour")
    }
  })
})
