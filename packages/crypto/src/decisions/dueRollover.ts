import { type Due, decideByGates, gate, pass } from "@twin/kernel"
import { dkmKeyId, dkmRolloverAt, dkmRolloverDays } from "../dkm/DkmEvent.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"

const rolloverPoint = gate<{ readonly ageDays: number }>()({
  name: "rollover-point",
  facts: ["CRY-023"],
  reads: ["ageDays"],
  check: ({ ageDays }) =>
    pass("The key has reached its age: a new one becomes current, and the old one is archived.", {
      ageDays,
    }),
})

/** The group's key rolls by the clock alone; nobody asks for it and nobody approves it (CRY-023). */
export const dueRollover = (world: CryptoWorld, until: number): readonly Due<CryptoEvent>[] => {
  const { dkm } = world.crypto
  const at = dkmRolloverAt(dkm)
  if (at === undefined || at > until) return []
  return [
    {
      at,
      name: "dkm-key-rolled",
      decision: decideByGates([rolloverPoint], { ageDays: dkmRolloverDays }),
      events: [{ _tag: "DkmKeyRolled", keyId: dkmKeyId(dkm.keys.length + 1), at }],
    },
  ]
}
