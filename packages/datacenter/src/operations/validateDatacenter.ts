import type { CryptoServices } from "@twin/crypto"
import { decideByGates, gate, operation, pass } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { conclude } from "../conclude.ts"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import { outcomeOf } from "../Happening.ts"
import type { DatacenterWorld } from "../State.ts"
import { accessInvariants } from "../validation/accessInvariants.ts"
import { serviceInvariants, uncheckedInvariants } from "../validation/serviceInvariants.ts"
import { callerOf, type DatacenterCall } from "./caller.ts"
import { destroyDeadPasswords } from "./passwordSafe.ts"

const ran = gate<{ readonly checked: number; readonly failed: number }>()({
  name: "validation",
  facts: ["DCO-273", "DCO-274", "DCO-275"],
  reads: ["checked", "failed"],
  check: ({ checked, failed }) =>
    pass(
      failed === 0
        ? "Every promise that was checked holds."
        : "At least one promise does not hold any more.",
      { checked, failed },
    ),
})

const invariants = [...accessInvariants, ...serviceInvariants].toSorted((a, b) =>
  a.id < b.id ? -1 : 1,
)

/** One row for each invariant of section R: held, broken, or not checked. */
export const validateInvariants = (world: DatacenterWorld, now: number) => [
  ...invariants.map(({ id, statement, facts, violations }) => {
    const found = violations(world, now)
    return {
      id,
      status: found.length === 0 ? "pass" : "fail",
      statement,
      violations: [...found],
      facts: [...facts],
    } as const
  }),
  ...uncheckedInvariants.map(({ id, statement, facts }) => ({
    id,
    status: "unknown" as const,
    statement,
    violations: [],
    facts: [...facts],
  })),
]

/** Continuous validation, one run (DCO-273): promises are re-checked, and a regression shows. */
export const validateDatacenter = operation<DatacenterWorld, DatacenterEvent, {}, CryptoServices>({
  name: "validate-datacenter",
  summary: "Checks again whether the promises of the service architecture hold.",
  params: Schema.Struct({}),
  facts: ["DCO-273", "DCO-274", "DCO-277"],
  decide: Effect.fnUntraced(function* ({ world, actor, now }: DatacenterCall) {
    yield* destroyDeadPasswords(world)
    const rows = validateInvariants(world, now)
    const failed = rows.filter(({ status }) => status === "fail").map(({ id }) => id)
    const checked = rows.filter(({ status }) => status !== "unknown").length
    const decision = decideByGates([ran], { checked, failed: failed.length })
    return conclude(world, now, {
      decision,
      events: [{ _tag: "ValidationRan", at: now, failed }],
      happenings: [
        {
          draft: {
            ...callerOf(actor),
            kind: "validation",
            what: "validate-datacenter",
            ...outcomeOf(decision),
            ...(failed.length === 0 ? {} : { code: failed.join(" ") }),
          },
        },
      ],
      output: rows,
      warnings: failed.map((id) => `${id} does not hold any more.`),
    })
  }),
})
