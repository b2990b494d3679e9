import { Effect, Result } from "effect"
import { decodeScenario, type LoadedScenario, type Message, makePlay } from "../src/index.ts"
import { vocabulary } from "./vocabulary.ts"

const head = `id: story
title: A story
abstract: What happens.
level: 100
durationMinutes: 5
sources: [test]
tenant: { baseline: contoso }
agenda:
  - title: Section
    talk: Talk.
    steps:
`

/** A scenario file around steps; the steps begin at line 12. */
export const storyText = (steps: string): string =>
  `${head}${steps
    .trim()
    .split("\n")
    .map((line) => `      ${line}`.trimEnd())
    .join("\n")}\n`

export const decodeText = (text: string) =>
  decodeScenario("story.yaml", new TextEncoder().encode(text), vocabulary)

export const load = (steps: string): LoadedScenario =>
  Result.getOrThrow(decodeText(storyText(steps)))

/** All messages of a play from beginning to end. */
export const playedMessages = Effect.fnUntraced(function* (loaded: LoadedScenario, seed = "1") {
  const play = yield* makePlay(loaded, { seed })
  const messages: Message[] = [play.opening]
  for (const _ of play.steps) messages.push(...(yield* play.forward()))
  return messages
})

/** What the expectations came to, in order. */
export const judgements = (messages: readonly Message[]) =>
  messages.flatMap((it) => (it._tag === "ExpectationJudged" ? [it.judgement] : []))
