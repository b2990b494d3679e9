import { decidingGate } from "@twin/kernel"
import { type Play, runLines } from "@twin/scenario"
import { defaultAdministrator, type Tenant } from "@twin/tenant"
import { Effect, Result } from "effect"
import { shortName } from "../story/shortName.ts"
import type { AccessChange, ForkResult } from "./Asked.ts"
import { aliasOf, peopleOf, thingsFor } from "./askTenant.ts"

/** What is asked before and after, to see a difference. */
const actions = ["open", "edit", "download", "print", "share", "read"]

interface Found {
  readonly who: string
  readonly action: string
  readonly on: string
  readonly outcome: AccessChange["after"]["outcome"]
  readonly gate: string
}

/** What the oracle says about everybody in the story and everything there is. */
const answersOf = Effect.fnUntraced(function* (tenant: Tenant, people: readonly string[]) {
  const found = new Map<string, Found>()
  for (const action of actions) {
    for (const on of yield* thingsFor(tenant, action)) {
      for (const who of people) {
        const answer = yield* Effect.result(tenant.explain({ who, action, on }))
        if (Result.isFailure(answer)) continue
        const gate = decidingGate(answer.success).name
        found.set([action, on, who].join("\n"), {
          who,
          action,
          on,
          outcome: answer.success.outcome,
          gate,
        })
      }
    }
  }
  return found
})

/**
 * Runs cmdlet lines on a copy of this moment: what they print, and whose access they would change.
 * The play itself does not notice.
 */
export const tryOnFork = Effect.fnUntraced(function* (play: Play, script: string) {
  const { tenant, memory } = yield* play.fork
  const people = peopleOf(play.loaded)
  const before = yield* answersOf(tenant, people)
  const { text } = yield* runLines({
    tenant,
    script,
    as: defaultAdministrator,
    variables: memory.variables,
  })
  const after = yield* answersOf(tenant, people)
  const result: ForkResult = {
    script,
    printed: text,
    changes: changesBetween(before, after),
    questions: after.size,
  }
  return result
})

/** What is answered differently now; the same change of several actions is told once. */
const changesBetween = (
  before: ReadonlyMap<string, Found>,
  after: ReadonlyMap<string, Found>,
): readonly AccessChange[] => {
  const changes = [...after].flatMap(([key, now]) => {
    const was = before.get(key)
    return was === undefined || was.outcome === now.outcome ? [] : [{ was, now }]
  })
  const alike = Map.groupBy(changes, ({ was, now }) =>
    [now.who, now.on, was.outcome, was.gate, now.outcome, now.gate].join("\n"),
  )
  return [...alike.values()].flatMap((group): readonly AccessChange[] => {
    const [first] = group
    if (first === undefined) return []
    return [
      {
        who: aliasOf(first.now.who),
        actions: group.map(({ now }) => now.action),
        on: shortName(first.now.on),
        before: first.was,
        after: first.now,
      },
    ]
  })
}
