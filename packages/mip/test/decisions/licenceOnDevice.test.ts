import { assert, describe, it } from "@effect/vitest"
import { days, decidingGate } from "@twin/kernel"
import {
  type Grant,
  type MipEvent,
  type MipWorld,
  UsageRight,
  type UseLicenceRecord,
} from "../../src/index.ts"
import { adHoc, asks, contentId, fault, setService, verdict, withContent } from "../asking.ts"
import { evolveAll, member, start, type WorldEvent } from "../world.ts"

const everybody = (...rights: UsageRight[]): Grant[] => [{ who: "AuthenticatedUsers", rights }]
const forAll = withContent(adHoc(everybody("VIEW")))

const licence = (more: Partial<UseLicenceRecord> = {}): MipEvent => ({
  _tag: "UseLicenceIssued",
  licence: {
    contentId,
    address: "bob@contoso.com",
    rights: ["VIEW"],
    issuedAt: start,
    validUntil: start + days(30),
    blobId: "b",
    ...more,
  },
})
const certificate = (address = "bob@contoso.com", until = start + days(31)): MipEvent => ({
  _tag: "IdentityCertified",
  certificate: { address, issuedAt: start, expiresAt: until },
})
const onDevice = (world: MipWorld, ...events: WorldEvent[]): MipWorld =>
  evolveAll(world, [certificate(), licence(), ...events])
const revoked: MipEvent = { _tag: "ContentRevoked", contentId, by: "alice@contoso.com", at: start }

const superUser = setService({ superUserFeature: "Enabled", superUsers: ["judy@contoso.com"] })
const owned = adHoc(everybody("VIEW"), { owner: "carol@contoso.com" })
const expiringAt = (contentExpiresAt: number) =>
  evolveAll(withContent({ ...owned, contentExpiresAt }), [superUser])

describe("expiry and revocation", () => {
  it("[MIP-085] past its expiry content opens for issuer, owner and super users only", () => {
    for (const who of ["alice", "carol", "judy"]) {
      assert.strictEqual(asks(expiringAt(start), `${who}@contoso.com`).outcome, "allow", who)
    }
    const decision = asks(expiringAt(start), "bob@contoso.com")
    assert.strictEqual(verdict(decision), "deny by content-expiry")
    assert.include(decidingGate(decision).refusal?.message ?? "", "AccessExpired")
    assert.strictEqual(asks(expiringAt(start + 1), "bob@contoso.com").outcome, "allow")
    assert.strictEqual(asks(forAll, "bob@contoso.com").outcome, "allow", "no expiry set")
  })

  it("[MIP-085] a licence on the device carries the expiry", () => {
    const world = onDevice(
      withContent({ ...owned, contentExpiresAt: start + days(2) }),
      licence({ contentExpiresAt: start + days(2) }),
    )
    const on = (now: number) => asks(world, "bob@contoso.com", { now })
    assert.strictEqual(on(start + days(1)).outcome, "allow")
    assert.strictEqual(verdict(on(start + days(2))), "deny by content-expiry")
  })

  it("[MIP-224] [MIP-286] revoked content opens for its issuer and super users, not its owner", () => {
    const world = evolveAll(withContent(owned), [superUser, revoked])
    assert.strictEqual(asks(world, "alice@contoso.com").outcome, "allow")
    assert.strictEqual(asks(world, "judy@contoso.com").outcome, "allow")
    assert.strictEqual(verdict(asks(world, "carol@contoso.com")), "deny by revocation")
    assert.strictEqual(verdict(asks(world, "bob@contoso.com")), "deny by revocation")
  })

  it("[MIP-226] giving access back restores it", () => {
    const back: MipEvent = {
      _tag: "RevocationCleared",
      contentId,
      by: "alice@contoso.com",
      at: start,
    }
    assert.strictEqual(
      asks(evolveAll(withContent(owned), [revoked, back]), "bob@contoso.com").outcome,
      "allow",
    )
  })

  it("[MIP-225] [MIP-079] revoking does not recall a licence that lies on a device", () => {
    const world = onDevice(withContent(owned), revoked)
    assert.strictEqual(asks(world, "bob@contoso.com").outcome, "allow")
    assert.strictEqual(
      verdict(asks(world, "bob@contoso.com", { isFreshDevice: true })),
      "deny by revocation",
    )
    assert.strictEqual(
      verdict(asks(world, "bob@contoso.com", { now: start + days(30) })),
      "deny by revocation",
    )
  })
})

describe("the licence on the device", () => {
  const narrow = withContent(adHoc(everybody("VIEW", "PRINT")))

  it("[MIP-079] its rights count, whatever has changed since", () => {
    const world = onDevice(withContent(adHoc([])))
    const decision = asks(world, "bob@contoso.com")
    assert.strictEqual(decision.outcome, "allow")
    assert.deepStrictEqual(decision.rights, ["VIEW"])
    assert.notInclude(
      decision.gates.map(({ name }) => name),
      "usage-rights",
    )
    assert.strictEqual(
      verdict(asks(onDevice(narrow), "bob@contoso.com", { requested: "print" })),
      "deny by application-enforces",
      "a wider permission waits for the next licence",
    )
    const disabled = onDevice(narrow, member("bob", { accountEnabled: false }))
    assert.strictEqual(asks(disabled, "bob@contoso.com").outcome, "allow")
  })

  it("[MIP-025] [MIP-024] it needs the certificate as well, which lasts 31 days", () => {
    const world = evolveAll(narrow, [
      certificate(),
      licence({ validUntil: start + days(60) }),
      fault("rights-management-unreachable"),
    ])
    const on = (now: number) => asks(world, "bob@contoso.com", { now })
    assert.strictEqual(on(start + days(31) - 1).outcome, "allow")
    assert.strictEqual(verdict(on(start + days(31))), "deny by use-licence-on-device")
  })

  it("[MIP-080] over and offline: denied; over and online: asked again", () => {
    const world = onDevice(narrow)
    const later = start + days(30)
    assert.strictEqual(asks(world, "bob@contoso.com", { now: later }).outcome, "allow")
    const offline = evolveAll(world, [fault("rights-management-unreachable")])
    assert.strictEqual(
      verdict(asks(offline, "bob@contoso.com", { now: later })),
      "deny by use-licence-on-device",
    )
    assert.strictEqual(asks(offline, "bob@contoso.com").outcome, "allow")
    assert.strictEqual(
      verdict(asks(evolveAll(narrow, [fault("rights-management-unreachable")]), "bob@contoso.com")),
      "deny by use-licence-on-device",
      "no licence at all",
    )
  })

  it("[MIP-029] mobile and web software keep none: each open asks", () => {
    const world = evolveAll(onDevice(narrow), [fault("rights-management-unreachable")])
    assert.strictEqual(asks(world, "bob@contoso.com").outcome, "allow")
    for (const app of ["office-mobile", "office-web"] as const) {
      assert.strictEqual(
        verdict(asks(world, "bob@contoso.com", { app })),
        "deny by use-licence-on-device",
      )
    }
  })

  it("[MIP-028] it opens for one person and one content", () => {
    const world = evolveAll(onDevice(withContent(adHoc([]))), [certificate("dave@contoso.com")])
    assert.strictEqual(asks(world, "bob@contoso.com").outcome, "allow")
    assert.strictEqual(verdict(asks(world, "dave@contoso.com")), "deny by usage-rights")
  })
})
