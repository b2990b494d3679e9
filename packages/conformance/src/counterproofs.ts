import { isActing, type Message, type PlacedStep, type Play } from "@twin/scenario"
import { Effect } from "effect"
import type { Shaken } from "./ConformanceReport.ts"
import { expectationKey } from "./playResult.ts"

/** What the plays with steps left out have shown about one expectation. */
export interface Shaking {
  readonly shaken: Shaken
  readonly isVacuous: boolean
}

interface Judged {
  readonly key: string
  readonly position: number
  readonly held: boolean
  readonly decisive: readonly string[]
}

/**
 * Which expectations can fail. First the steps that authors named are left out, then one step up to
 * it after the other, until every expectation has turned false once or there is nothing left to try.
 * The play has been played to its end.
 */
export const counterproofs = Effect.fn("counterproofs")(function* (
  play: Play,
  messages: readonly Message[],
) {
  const { steps } = play
  const shakings = new Map<string, Shaking>()
  const failedWithout = Effect.fnUntraced(function* (without: ReadonlySet<number>) {
    const again = yield* play.without(without)
    return new Set(judgedIn(again, steps).flatMap(({ held, key }) => (held ? [] : [key])))
  })
  const held = judgedIn(messages, steps).filter((it) => it.held)
  const byDecisive = Map.groupBy(
    held.filter(({ decisive }) => decisive.length > 0),
    ({ decisive }) => decisive.join(" "),
  )
  for (const group of byDecisive.values()) {
    const failed = yield* failedWithout(positionsOf(group[0]?.decisive ?? [], steps))
    for (const { key } of group) {
      const isVacuous = !failed.has(key)
      shakings.set(key, { shaken: isVacuous ? "nothing" : "counterproof", isVacuous })
    }
  }
  let open = held.filter(({ key }) => !shakings.has(key))
  for (const position of actingPositions(steps)) {
    const later = open.filter((it) => it.position >= position)
    if (later.length === 0) continue
    const failed = yield* failedWithout(new Set([position]))
    for (const { key } of later.filter((it) => failed.has(it.key))) {
      shakings.set(key, { shaken: "sweep", isVacuous: false })
    }
    open = open.filter(({ key }) => !shakings.has(key))
  }
  for (const { key } of open) shakings.set(key, { shaken: "nothing", isVacuous: false })
  const result: ReadonlyMap<string, Shaking> = shakings
  return result
})

const judgedIn = (messages: readonly Message[], steps: readonly PlacedStep[]): readonly Judged[] =>
  messages.flatMap((message) =>
    message._tag === "ExpectationJudged"
      ? [
          {
            key: expectationKey(message.section, message.step, message.index),
            position: steps.findIndex(
              (it) => it.section === message.section && it.step === message.step,
            ),
            held: message.judgement.held,
            decisive: message.judgement.decisiveSteps,
          },
        ]
      : [],
  )

const positionsOf = (ids: readonly string[], steps: readonly PlacedStep[]): ReadonlySet<number> =>
  new Set(
    steps.flatMap(({ body }, position) =>
      body.id !== undefined && ids.includes(body.id) ? [position] : [],
    ),
  )

/** The latest first: the step just before an expectation is the likeliest to matter to it. */
const actingPositions = (steps: readonly PlacedStep[]): readonly number[] =>
  steps.flatMap(({ body }, position) => (isActing(body) ? [position] : [])).toReversed()
