import { canonicalJson } from "@twin/kernel"
import type { Play } from "@twin/scenario"
import { runLines } from "@twin/scenario"
import { defaultAdministrator, tenantComposition, type Tenant } from "@twin/tenant"
import { Effect, Result } from "effect"

/**
 * Runs cmdlet lines on a copy of this moment: what they print, and whose access they would change.
 * The play itself does not notice.
 */
export const runOnFork = Effect.fnUntraced(function* (play: Play, script: string) {
  const result = yield* Effect.result(
    Effect.gen(function* () {
      const { tenant, memory } = yield* play.fork
      const before = yield* answers(tenant)
      const shown = yield* runLines({
        tenant,
        script,
        as: defaultAdministrator,
        variables: memory.variables,
      })
      const after = yield* answers(tenant)
      return [...shown.text.split("\n"), "", ...differences(before, after)]
    }),
  )
  return Result.isSuccess(result) ? result.success : [result.failure.message]
})

const people = ["alice", "bob", "mallory", "nina", "oscar", "zoe", "gus", "pat", "anonymous"]

/** What the oracle says about everybody and everything that can be opened. */
const answers = Effect.fnUntraced(function* (tenant: Tenant) {
  const world = yield* tenant.world
  const things = tenantComposition.questions
    .filter(({ action }) => action === "open")
    .flatMap((it) => it.subjects(world))
  const found = new Map<string, string>()
  for (const on of things) {
    for (const who of people) {
      const answer = yield* Effect.result(tenant.explain({ who, action: "open", on }))
      if (Result.isSuccess(answer)) {
        const { outcome, gates } = answer.success
        const name = on.split("/").at(-1) ?? on
        found.set(canonicalJson([who, name]), `${outcome} by ${gates.at(-1)?.name ?? ""}`)
      }
    }
  }
  return found
})

const differences = (
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] => {
  const changed = [...after].flatMap(([key, now]) => {
    const was = before.get(key) ?? "not there"
    const [who = "", what = ""] = JSON.parse(key) as readonly string[]
    return was === now ? [] : [`${who} opens ${what}: ${was} -> ${now}`]
  })
  return changed.length === 0
    ? ["Nobody's access to anything changes."]
    : ["What would change:", ...changed]
}
