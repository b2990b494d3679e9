import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { guestExpirationDays } from "../../src/in-force/guestExpiration.ts"
import { anyoneLinkLife, expiryOf, organizationLinkLife } from "../../src/in-force/linkLife.ts"
import { addressListDefect, networkLocationOf } from "../../src/in-force/networkLocation.ts"
import { siteOf } from "../../src/index.ts"
import { launch, oneDrive, settings, siteSettings, worldWith } from "../world.ts"

type Changes = Readonly<Record<string, string | boolean | number>>

const placed = (url: string, tenant: Changes, own: Changes = {}) => {
  const world = worldWith(settings(tenant), siteSettings(url, own))
  const site = siteOf(world, url)
  if (site === undefined) throw new Error("no site")
  return { world, site }
}

const anyone = (url: string, tenant: Changes, own?: Changes) => {
  const { world, site } = placed(url, tenant, own)
  return anyoneLinkLife(world, site)
}

const limit = (tenant: Changes, own?: Changes) => {
  const { world, site } = placed(launch, tenant, own)
  return guestExpirationDays(world, site)
}

const organization = (url: string, tenant: Changes, own?: Changes) => {
  const { world, site } = placed(url, tenant, own)
  return organizationLinkLife(world, site)
}

describe("the life of links", () => {
  it("[SPO-035] Anyone links live for ever until somebody requires otherwise", () => {
    assert.deepStrictEqual(anyone(launch, {}), { maxDays: 0, recommendedDays: 0 })
    assert.strictEqual(anyone(launch, { RequireAnonymousLinksExpireInDays: 0 }).maxDays, 0)
    assert.deepStrictEqual(anyone(launch, { RequireAnonymousLinksExpireInDays: 30 }), {
      maxDays: 30,
      recommendedDays: 30,
    })
  })

  it("[SPO-035] a link without a date gets the maximum, one with a date keeps it", () => {
    const life = { maxDays: 30, recommendedDays: 30 }
    assert.strictEqual(expiryOf(life, undefined, 0), days(30))
    assert.strictEqual(expiryOf(life, days(3), 0), days(3))
    assert.isUndefined(expiryOf({ maxDays: 0, recommendedDays: 0 }, undefined, 0))
  })

  it("[SPO-038] the partition's limit wins over the tenant's, the site's over both", () => {
    const tenant = {
      RequireAnonymousLinksExpireInDays: 100,
      CoreAnyoneSharingLinkMaxExpirationInDays: 20,
      CoreAnyoneSharingLinkRecommendedExpirationInDays: 5,
    }
    assert.deepStrictEqual(anyone(launch, tenant), { maxDays: 20, recommendedDays: 5 })
    assert.strictEqual(anyone(oneDrive, tenant).maxDays, 100)
    const own = { AnonymousLinkExpirationInDays: 200 }
    assert.strictEqual(anyone(launch, tenant, own).maxDays, 20)
    const override = { ...own, OverrideTenantAnonymousLinkExpirationPolicy: true }
    assert.strictEqual(anyone(launch, tenant, override).maxDays, 200)
    const none = { ...override, AnonymousLinkExpirationInDays: 0 }
    assert.strictEqual(anyone(launch, tenant, none).maxDays, 0)
  })

  it("[SPO-031] organization links expire by partition or by site", () => {
    assert.strictEqual(organization(launch, {}).maxDays, 0)
    const tenant = {
      CoreOrganizationSharingLinkMaxExpirationInDays: 90,
      OneDriveOrganizationSharingLinkMaxExpirationInDays: 60,
    }
    assert.deepStrictEqual(organization(launch, tenant), { maxDays: 90, recommendedDays: 90 })
    assert.strictEqual(organization(oneDrive, tenant).maxDays, 60)
    const own = {
      OverrideTenantOrganizationSharingLinkExpirationPolicy: true,
      OrganizationSharingLinkMaxExpirationInDays: 7,
    }
    assert.strictEqual(organization(launch, tenant, own).maxDays, 7)
  })

  it("[SPO-090] guests expire only where a policy says so", () => {
    assert.strictEqual(limit({}), 0)
    assert.strictEqual(limit({ ExternalUserExpireInDays: 90 }), 0)
    assert.strictEqual(limit({ ExternalUserExpirationRequired: true }), 60)
    const own = {
      OverrideTenantExternalUserExpirationPolicy: true,
      ExternalUserExpirationInDays: 10,
    }
    assert.strictEqual(limit({ ExternalUserExpirationRequired: true }, own), 10)
    assert.strictEqual(
      limit({ ExternalUserExpirationRequired: true }, { ...own, ExternalUserExpirationInDays: 0 }),
      0,
    )
  })
})

const at = (list: string, ip: string, isEnforced = true) =>
  networkLocationOf(
    worldWith(settings({ IPAddressEnforcement: isEnforced, IPAddressAllowList: list })),
    ip,
  )

describe("the list of networks", () => {
  it.each([
    ["203.0.113.0/24, 198.51.100.7", "203.0.113.10", "inside"],
    ["203.0.113.0/24, 198.51.100.7", "198.51.100.7", "inside"],
    ["203.0.113.0/24", "203.0.114.1", "outside"],
    ["2001:db8::/32", "2001:db8::1", "inside"],
    ["2001:db8::/32", "203.0.113.10", "outside"],
    ["", "203.0.113.10", "outside"],
    ["203.0.113.0/24", "not an address", "outside"],
  ])("[SPO-217] %s and %s: %s", (list, ip, expected) => {
    assert.strictEqual(at(list, ip), expected)
    assert.strictEqual(at(list, ip, false), "not-enforced")
  })

  it("[SPO-217] refuses overlaps and what is no address", () => {
    assert.isUndefined(addressListDefect("203.0.113.0/25, 203.0.113.128/25"))
    assert.strictEqual(
      addressListDefect("203.0.113.0/24, 203.0.113.10"),
      "The input IP allow list has overlaps.",
    )
    assert.strictEqual(
      addressListDefect("203.0.113.10, 203.0.113.0/24"),
      "The input IP allow list has overlaps.",
    )
    for (const bad of ["203.0.113.0/33", "203.0.113", "10.0.0.0/8/8", "a/b"]) {
      assert.match(addressListDefect(bad) ?? "", /invalid address/)
    }
  })
})
