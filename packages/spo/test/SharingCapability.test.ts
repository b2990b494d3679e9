import { assert, describe, it } from "@effect/vitest"
import {
  adminCenterName,
  effectiveCapability,
  integerOf,
  isAtLeast,
  rankOf,
  SharingCapability,
  type SpoEvent,
  siteOf,
} from "../src/index.ts"
import { launch, oneDrive, settings, siteSettings, worldWith } from "./world.ts"

const everyLevel = SharingCapability.literals

describe("sharing levels", () => {
  it("[SPO-001] are four, with the names of the admin center", () => {
    assert.deepStrictEqual(
      everyLevel.map((it) => adminCenterName[it]),
      ["Only people in your organization", "Existing guests", "New and existing guests", "Anyone"],
    )
  })

  it("[SPO-002] rank by permissiveness, not by the service's integers", () => {
    assert.deepStrictEqual(everyLevel.map(rankOf), [0, 1, 2, 3])
    assert.deepStrictEqual(
      everyLevel.map((it) => integerOf[it]),
      [0, 3, 1, 2],
    )
  })

  it.prop(
    "[SPO-003] a higher level never removes what a lower one allows",
    [SharingCapability, SharingCapability, SharingCapability],
    ([low, high, floor]) => {
      if (rankOf(high) >= rankOf(low) && isAtLeast(low, floor))
        assert.isTrue(isAtLeast(high, floor))
    },
  )
})

const at = (url: string, ...events: readonly SpoEvent[]) => {
  const world = worldWith(...events)
  const site = siteOf(world, url)
  if (site === undefined) throw new Error("no site")
  return effectiveCapability(world, site)
}

describe("the level in force", () => {
  it.prop(
    "[SPO-005] [SPO-006] is the most restrictive of tenant, partition and site, by rank",
    [SharingCapability, SharingCapability, SharingCapability],
    ([tenant, core, site]) => {
      const { level } = at(
        launch,
        settings({ SharingCapability: tenant, CoreSharingCapability: core }),
        siteSettings(launch, { SharingCapability: site }),
      )
      const lowest = Math.min(...[tenant, core, site].map((it) => everyLevel.indexOf(it)))
      assert.strictEqual(everyLevel.indexOf(level), lowest)
    },
  )

  it("[SPO-006] follows the worked example of the cmdlet page", () => {
    const tenant = settings({
      SharingCapability: "ExternalUserAndGuestSharing",
      CoreSharingCapability: "Disabled",
    })
    assert.strictEqual(at(launch, tenant).level, "Disabled")
    assert.strictEqual(at(launch, tenant).setBy, "partition")
    const overridden = siteSettings(launch, { OverrideSharingCapability: true })
    assert.strictEqual(at(launch, tenant, overridden).level, "ExternalUserAndGuestSharing")
  })

  it("[SPO-006] of a OneDrive depends on its own partition, not on that of the sites", () => {
    const core = settings({ CoreSharingCapability: "Disabled" })
    assert.strictEqual(at(oneDrive, core).level, "ExternalUserAndGuestSharing")
    const personal = settings({ OneDriveSharingCapability: "Disabled" })
    assert.strictEqual(at(oneDrive, personal).level, "Disabled")
    assert.strictEqual(at(launch, personal).level, "ExternalUserAndGuestSharing")
  })

  it("[SPO-005] never steps over the tenant, even when the partition is overridden", () => {
    const { level } = at(
      launch,
      settings({ SharingCapability: "ExistingExternalUserSharingOnly" }),
      siteSettings(launch, { OverrideSharingCapability: true }),
    )
    assert.strictEqual(level, "ExistingExternalUserSharingOnly")
  })

  it.prop(
    "[SPO-007] [SPO-008] lowering the tenant and raising it again restores what a site had",
    [SharingCapability, SharingCapability],
    ([lowered, site]) => {
      const before = [siteSettings(launch, { SharingCapability: site })] as const
      const after = at(
        launch,
        ...before,
        settings({ SharingCapability: lowered }),
        settings({ SharingCapability: "ExternalUserAndGuestSharing" }),
      )
      assert.deepStrictEqual(after, at(launch, ...before))
    },
  )

  it("[SPO-010] of an untouched tenant is Anyone for sites and for OneDrive", () => {
    assert.strictEqual(at(launch).level, "ExternalUserAndGuestSharing")
    assert.strictEqual(at(oneDrive).level, "ExternalUserAndGuestSharing")
  })
})
