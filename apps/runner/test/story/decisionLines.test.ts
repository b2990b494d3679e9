import { assert, describe, it } from "@effect/vitest"
import type { Decision, Gate } from "@twin/kernel"
import { decisionLines, gateChain } from "../../src/story/decisionLines.ts"
import { textOf } from "../../src/text/Span.ts"
import { lineWidth } from "../../src/text/textWidth.ts"
import { hostileTexts } from "../hostile.ts"
import { allowed, refused } from "../player/messages.ts"

const chain = (decision: Decision, columns: number, hasDetails = false) =>
  gateChain(decision, { columns, hasDetails }).map((it) => textOf(it).trimEnd())

describe("the chain of gates", () => {
  it("tells many gates that passed in one line, and the one that decided in full", () => {
    assert.deepStrictEqual(chain(refused, 90), [
      "├ ✓ 5 gates passed          item-present, lock-state, permission, link-kind, domain-limit",
      "└ ✗ external-sharing-level  The sharing level does not admit this recipient.",
    ])
  })

  it("shows every gate with its settings and facts when somebody wants to know", () => {
    const lines = chain(refused, 100, true)
    assert.strictEqual(lines.length, 12)
    assert.deepStrictEqual(lines.slice(-2), [
      "└ ✗ external-sharing-level  The sharing level does not admit this recipient.",
      "                            level: Disabled · floor: ExternalUserSharingOnly · SPO-003 SPO-005",
    ])
  })

  it("puts reasons under the names where there is little room", () => {
    assert.deepStrictEqual(chain(refused, 40), [
      "├ ✓ 5 gates passed",
      "└ ✗ external-sharing-level",
      "    The sharing level does not admit",
      "    this recipient.",
    ])
  })

  it("never hides the last gate in a run, also when it passed", () => {
    const [gate] = allowed.gates
    const gates = [gate, gate, gate, gate, gate] as const
    assert.deepStrictEqual(chain({ ...allowed, gates }, 80), [
      "├ ✓ 4 gates passed  permission, permission, permission, permission",
      "└ ✓ permission      The permission covers this.",
    ])
  })

  it.each(Object.entries(hostileTexts))("stays in its columns with %s", (_, text) => {
    const gate: Gate = { ...refused.gates[0], reason: `x${text}`, details: { [text]: text } }
    for (const columns of [20, 40, 76]) {
      for (const hasDetails of [true, false]) {
        const decision: Decision = { ...refused, gates: [gate, { ...gate, verdict: "deny" }] }
        for (const it of gateChain(decision, { columns, hasDetails })) {
          assert.isAtMost(lineWidth(it), columns)
        }
      }
    }
  })
})

describe("a decision", () => {
  it("says what was decided, why, and the words of the service", () => {
    const refusal = { code: "AccessDenied", message: "Your organization does not allow this." }
    const lines = decisionLines("share-file", refused, refusal, { columns: 90, hasDetails: false })
    assert.deepStrictEqual(lines.map(textOf), [
      "REFUSED  share-file",
      "├ ✓ 5 gates passed          item-present, lock-state, permission, link-kind, domain-limit",
      "└ ✗ external-sharing-level  The sharing level does not admit this recipient.",
      "  says    AccessDenied  Your organization does not allow this.",
    ])
  })

  it("names the usage rights where content is concerned", () => {
    const view = { columns: 80, hasDetails: false }
    assert.include(
      decisionLines("open-file", allowed, undefined, view).map(textOf),
      "  rights  VIEW EDIT",
    )
  })
})
