import { assert, describe, it } from "@effect/vitest"
import { labelOf } from "@twin/mip"
import { Effect } from "effect"
import { actor, makeTenant, theMessage } from "../tenant.ts"

const alice = actor("alice", "outlook-desktop")
const judy = actor("judy", "powershell", ["Compliance Administrator"])
const card = "Visa 4111 1111 1111 1111"
const set = (more: object) => ({ Identity: "At once", ...more })

describe("making a policy of automatic labelling", () => {
  it.effect(
    "[MIP-146] a policy for mail alone works from its making on, one for files does not",
    () =>
      Effect.gen(function* () {
        const tenant = yield* makeTenant()
        const make = "New-AutoSensitivityLabelPolicy"
        const policy = {
          Name: "At once",
          ApplySensitivityLabel: "General",
          ExchangeLocation: ["All"],
        }
        for (const [location, name] of [
          ["SharePointLocation", "SharePoint"],
          ["OneDriveLocation", "OneDrive"],
        ] as const) {
          const files = yield* tenant.refuse(judy, make, { ...policy, [location]: ["All"] })
          assert.strictEqual(
            files.refusal?.message,
            `Mode Enable isn't supported for this cmdlet for the ${name} locations.`,
          )
        }
        yield* tenant.allow(judy, make, policy)
        yield* tenant.allow(judy, "New-AutoSensitivityLabelRule", {
          Name: "At once rule",
          Policy: "At once",
          Workload: "Exchange",
          ContentContainsSensitiveInformation: [{ name: "Credit Card Number", mincount: "1" }],
        })
        const id = yield* tenant.send(alice, {
          to: ["bob@contoso.com"],
          subject: "Hi",
          body: card,
        })
        const { labelId } = theMessage(yield* tenant.world, id).copies[0]?.protection ?? {}
        assert.strictEqual(labelOf(yield* tenant.world, labelId ?? "")?.name, "General")
        // What stays on may be changed; files, and turning on again, take a simulation.
        const change = "Set-AutoSensitivityLabelPolicy"
        yield* tenant.allow(judy, change, set({ Comment: "Cards" }))
        const widened = yield* tenant.refuse(judy, change, set({ AddSharePointLocation: ["All"] }))
        assert.strictEqual(widened.name, "auto-label-simulation")
        yield* tenant.allow(judy, change, set({ Mode: "Disable" }))
        const again = yield* tenant.refuse(judy, change, set({ Mode: "Enable" }))
        assert.strictEqual(again.name, "auto-label-simulation")
      }),
  )
})
