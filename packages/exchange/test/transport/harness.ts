import { assert } from "@effect/vitest"
import { memoryServices } from "@twin/crypto"
import {
  type Actor,
  decidingGate,
  defaultClient,
  defaultEra,
  makeSimulation,
  type OutputObject,
} from "@twin/kernel"
import { Effect } from "effect"
import { baseline, composition } from "../tenant.ts"

const actor = (id: string, ...roles: string[]): Actor => ({
  id,
  kind: "member",
  roles,
  client: { ...defaultClient, app: "powershell" },
})
export const heidi = actor("heidi@contoso.com", "Exchange Administrator")
export const ivan = actor("ivan@contoso.com", "Global Administrator")
export const mallory = actor("mallory@contoso.com")

/** The tenant of these tests, with every row that is handed back and every record of the clock. */
export const startTwin = Effect.fnUntraced(function* (seed: string, start = defaultEra) {
  const services = yield* memoryServices
  const simulation = yield* makeSimulation({
    composition: { ...composition, initial: baseline },
    seed,
    services,
    start,
  })
  const allow = Effect.fnUntraced(function* (who: Actor, operation: string, params: object) {
    const { decision, output } = yield* simulation.call(who, operation, params)
    const { reason } = decidingGate(decision)
    assert.strictEqual(decision.outcome, "allow", `${operation}: ${reason}`)
    return output
  })
  /** The gate that refused. */
  const refuse = Effect.fnUntraced(function* (who: Actor, operation: string, params: object) {
    const { decision } = yield* simulation.call(who, operation, params)
    assert.notStrictEqual(decision.outcome, "allow", operation)
    return decidingGate(decision)
  })
  return { ...simulation, allow, refuse }
})
export type Twin = Effect.Success<ReturnType<typeof startTwin>>

/** A property of a printed row that is text; empty where it is none. */
export const textOf = (row: OutputObject | undefined, name: string): string => {
  const value = row?.[name]
  return typeof value === "string" ? value : ""
}
