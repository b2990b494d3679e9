import { Schema } from "effect"
import { hierarchyOf } from "../at-rest/Hierarchy.ts"
import { oneAfterTheOther, type Runner, raceForKey } from "../at-rest/intermediateKeyRace.ts"
import { rootAnswers, rootFacetsOf, rootRoute } from "../at-rest/rootRoute.ts"
import { evaluateSealing } from "../decisions/evaluateStoredBytes.ts"
import { TriggerOrigin, Workload } from "../Workload.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

/** A twin parameter: how long a vault takes where nothing is said. */
const usualLatencyMilliseconds = 20

export const traceKeyRequests = cryptoOperation({
  name: "trace-key-requests",
  summary:
    "Shows which key vaults the service asks for one access, in which order, and who answers.",
  params: Schema.Struct({
    workload: Workload,
    container: text("Site, mailbox or store"),
    origin: Schema.optionalKey(TriggerOrigin),
    latencyMilliseconds: Schema.optionalKey(
      Schema.Array(
        Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 600_000 })),
      ).annotate({
        description: "How long each vault takes, in the order of the policy",
      }),
    ),
  }),
  facts: ["CRY-084", "CRY-096", "CRY-131"],
  isReadOnly: true,
  decide: ({ world, now, draw }, params) => {
    const { workload, container, origin = "User", latencyMilliseconds = [] } = params
    const request = { origin, now }
    const hierarchy = hierarchyOf(world, workload, container)
    const { policy } = hierarchy
    const answers = policy === undefined ? [] : rootAnswers(world, policy, now)
    const runners: readonly Runner[] = answers.map(({ uri, result }, index) => ({
      uri,
      result,
      latencyMilliseconds: latencyMilliseconds[index] ?? usualLatencyMilliseconds,
    }))
    // Neither key has precedence: Exchange picks the first one at random (CRY-084, CRY-087).
    const isOther = Number(draw.digits("first key", 1)) % 2 === 1
    const requests =
      workload === "SharePoint"
        ? raceForKey(runners)
        : oneAfterTheOther(isOther ? runners.toReversed() : runners)
    const route = rootRoute(rootFacetsOf(world, hierarchy, request))
    const rows = requests.map(({ uri, startsAt, endsAt, result }) => ({
      Key: uri,
      Operation: "unwrapKey",
      StartsAtMilliseconds: startsAt,
      EndsAtMilliseconds: endsAt,
      Result: result,
    }))
    const decision = evaluateSealing(world, { workload, container }, request)
    return {
      decision,
      output: [...rows, { Key: route, Operation: "route", Result: decision.outcome }],
    }
  },
})
