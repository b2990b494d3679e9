import { assert, describe, it } from "@effect/vitest"
import { instant } from "@twin/kernel"
import { type Integration, integrationOf } from "../../src/index.ts"
import { baseWorld, evolveAll, settings, worldWith } from "../world.ts"

/** SPO-107, SPO-111, SPO-117, SPO-118 as a table: moment, setting, Entra passcode, who authenticates. */
const eras: readonly (readonly [
  string,
  boolean,
  boolean,
  boolean,
  Integration["forCodeRecipients"],
])[] = [
  ["2018-01-01", true, true, false, "code"],
  ["2019-05-31", true, true, false, "code"],
  ["2020-07-01", false, true, false, "code"],
  ["2020-07-01", true, false, false, "code"],
  ["2020-07-01", true, true, true, "guest-on-demand"],
  ["2022-09-15", true, false, true, "guest-on-demand"],
  ["2024-03-01", false, true, false, "code"],
  ["2025-06-30", true, true, true, "guest-on-demand"],
  ["2025-07-01", true, true, true, "refused"],
  ["2025-07-01", false, true, false, "code"],
  ["2026-04-30", false, true, false, "code"],
  ["2026-05-01", false, true, true, "code"],
  ["2026-05-01", true, true, true, "refused"],
  ["2026-07-01", false, true, true, "refused"],
  ["2026-09-01", true, false, true, "refused"],
]

const madeIn = (day: string, isSet?: boolean) => {
  const { organization } = baseWorld.identity
  if (organization === undefined) throw new Error("no organization")
  const world = evolveAll(baseWorld, [
    {
      _tag: "OrganizationCreated",
      organization: { ...organization, createdAt: instant(day) },
    },
    ...(isSet === undefined ? [] : [settings({ EnableAzureADB2BIntegration: isSet })]),
  ])
  return integrationOf(world, true, instant("2024-03-01")).isInForce
}

describe("the integration with Entra B2B", () => {
  it.each(eras)(
    "[SPO-107] [SPO-118] on %s with the setting %s and the passcode %s: guests %s, old codes %s",
    (day, setting, isPasscodeOn, isInForce, forCodeRecipients) => {
      const world = worldWith(settings({ EnableAzureADB2BIntegration: setting }))
      const integration = integrationOf(world, isPasscodeOn, instant(day))
      assert.strictEqual(integration.isInForce, isInForce)
      assert.strictEqual(integration.forCodeRecipients, forCodeRecipients)
    },
  )

  it("[SPO-117] is on in tenants made from 2023 on, unless somebody switched it", () => {
    assert.isFalse(madeIn("2022-12-31"))
    assert.isTrue(madeIn("2023-01-01"))
    assert.isFalse(madeIn("2023-01-01", false))
    assert.isTrue(madeIn("2022-12-31", true))
  })
})
