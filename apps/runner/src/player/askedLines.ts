import type { Decision } from "@twin/kernel"
import type { Play } from "@twin/scenario"
import { runLines } from "@twin/scenario"
import { defaultAdministrator, tenantComposition } from "@twin/tenant"
import { Effect, Result } from "effect"

const marks: Record<Decision["outcome"], string> = {
  allow: "yes",
  deny: "-",
  challenge: "code",
  unknown: "?",
}

/** What has to be asked of the tenant of this moment; on a fork, so that nothing is journalled. */
export const askedLines = Effect.fnUntraced(function* (play: Play, pane: "settings" | "matrix") {
  const lines = pane === "settings" ? settingsLines(play) : matrixLines(play)
  return yield* lines.pipe(
    Effect.catch((error) => Effect.succeed([`This cannot be shown now: ${error.message}`])),
  )
})

const settingsLines = Effect.fnUntraced(function* (play: Play) {
  const { tenant, memory } = yield* play.fork
  const shown = yield* runLines({
    tenant,
    script: "Get-SPOTenant | Format-List",
    as: defaultAdministrator,
    variables: memory.variables,
  })
  return shown.text.split("\n")
})

/** Who can open what: the people the story is about, and everything that can be opened. */
const matrixLines = Effect.fnUntraced(function* (play: Play) {
  const tenant = yield* play.tenant
  const world = yield* tenant.world
  const open = tenantComposition.questions.filter(({ action }) => action === "open")
  const things = open.flatMap((it) => it.subjects(world))
  const people = ["alice", "bob", "mallory", "nina", "zoe", "gus", "pat", "anonymous"]
  const lines = [`${"".padEnd(28)}${people.map((who) => who.slice(0, 6).padEnd(7)).join("")}`]
  for (const on of things) {
    const cells: string[] = []
    for (const who of people) {
      const answer = yield* Effect.result(tenant.explain({ who, action: "open", on }))
      cells.push((Result.isSuccess(answer) ? marks[answer.success.outcome] : "").padEnd(7))
    }
    lines.push(`${shortName(on).padEnd(28)}${cells.join("")}`.trimEnd())
  }
  return [...lines, "", "yes: opens now   code: has to prove something first   -: refused"]
})

const shortName = (thing: string): string => {
  const last = thing.split("/").at(-1) ?? thing
  return last.length > 26 ? `${last.slice(0, 25)}…` : last
}
