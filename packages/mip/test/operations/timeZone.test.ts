import { assert, describe, it } from "@effect/vitest"
import { instant } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { dayIn, labelOf, midnightIn } from "../../src/index.ts"
import { call, judy, simulate } from "./stage.ts"

describe("days in labels", () => {
  const zones: readonly (readonly [string, string])[] = [
    ["UTC", "2026-10-01T00:00:00Z"],
    ["Europe/Berlin", "2026-09-30T22:00:00Z"],
    ["America/New_York", "2026-10-01T04:00:00Z"],
    ["+05:30", "2026-09-30T18:30:00Z"],
  ]
  it.effect.each(zones)("[MIP-084] content expires at midnight in %s", ([zone, expected]) =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      if (zone !== "UTC") yield* call(sim, judy, "set-time-zone", { zone })
      yield* call(sim, judy, "New-Label", {
        Name: "Deal",
        DisplayName: "Deal",
        Tooltip: "x",
        EncryptionEnabled: true,
        EncryptionProtectionType: "Template",
        EncryptionRightsDefinitions: "contoso.com:VIEW",
        EncryptionContentExpiredOnDateInDaysOrNever: "2026-10-01",
        EncryptionOfflineAccessDays: -1,
      })
      yield* call(sim, judy, "Set-LabelPolicy", { Identity: "Global", AddLabels: ["Deal"] })
      const expiry = labelOf(yield* sim.world, "Deal")?.encryption?.contentExpiry
      assert.strictEqual(expiry?._tag === "OnDate" ? expiry.at : 0, instant(expected))
      yield* call(sim, "alice@contoso.com", "protect-document", { file: "a.docx", label: "Deal" })
      const open = Effect.map(
        call(sim, "bob@contoso.com", "open-document", { file: "a.docx", freshDevice: true }),
        ({ verdict }) => verdict,
      )
      yield* sim.advance(instant(expected) - (yield* sim.now) - 1)
      assert.strictEqual(yield* open, "allow by application-enforces")
      yield* sim.advance(1)
      assert.strictEqual(yield* open, "deny by content-expiry")
      const shown = yield* call(sim, judy, "Get-Label", {
        Identity: "Deal",
        IncludeDetailedLabelActions: true,
      })
      assert.include(JSON.stringify(shown.output), "2026-10-01", "printed as it was given")
    }),
  )

  it.effect("[MIP-084] a zone that does not exist is refused", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      for (const zone of ["Mars/Olympus", "+99:00x", " "]) {
        assert.strictEqual(
          (yield* call(sim, judy, "set-time-zone", { zone })).decision.outcome,
          "deny",
        )
      }
    }),
  )

  it.prop(
    "a day survives the way through its midnight in any zone",
    {
      zone: Schema.Literals(["UTC", "Europe/Berlin", "Asia/Tokyo", "America/New_York", "-03:30"]),
      month: Schema.Literals(["01", "03", "06", "11"]),
      day: Schema.Literals(["01", "08", "15", "29"]),
    },
    ({ zone, month, day }) => {
      const iso = `2027-${month}-${day}`
      assert.strictEqual(dayIn(midnightIn(iso, zone), zone), iso)
    },
  )
})
