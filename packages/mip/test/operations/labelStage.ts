import { Effect } from "effect"
import { actor, baseline, composition, evolveAll, people } from "../world.ts"
import { call, judy, simulate } from "./stage.ts"

export const empty = evolveAll(composition.initial, people)
export const alice = actor("alice@contoso.com")
export const nina = actor("nina@fabrikam.com")

export const stage = (from = baseline) =>
  Effect.gen(function* () {
    const sim = yield* simulate([], from)
    const set = (identity: string, more: object) =>
      call(sim, judy, "Set-Label", { Identity: identity, ...more })
    const protect = (file: string, wish: object, who = alice) =>
      call(sim, who, "protect-document", { file, content: "The plan.", ...wish })
    const metadata = (file: string, who = alice, more: object = {}) =>
      Effect.map(
        call(sim, who, "read-label-metadata", { file, ...more }),
        ({ output }) => output[0] ?? {},
      )
    return { sim, set, protect, metadata }
  })
