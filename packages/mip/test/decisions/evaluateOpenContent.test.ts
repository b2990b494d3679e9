import { assert, describe, it } from "@effect/vitest"
import { type Decision, days, decidingGate } from "@twin/kernel"
import { Schema } from "effect"
import {
  type Grant,
  type IdentityClass,
  type MipEvent,
  type MipWorld,
  softwareKinds,
  UsageRight,
  type UseLicenceRecord,
} from "../../src/index.ts"
import {
  adHoc,
  asks,
  contentId,
  fault,
  protection,
  setService,
  verdict,
  withContent,
} from "../asking.ts"
import { baseline, contosoId, evolveAll, member, start, type WorldEvent } from "../world.ts"

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

const addressIn: Record<IdentityClass, string> = {
  "work-own-tenant": "bob@contoso.com",
  "work-other-tenant": "nina@fabrikam.com",
  "microsoft-account": "zoe@outlook.com",
  guest: "gus@gmail.com",
  "social-sign-in": "gus@gmail.com",
  "one-time-passcode": "pat@mailbox.example",
  none: "nobody@nowhere.example",
}

const chain = (decision: Decision) => decision.gates.map(({ name }) => name)

describe("the order of opening", () => {
  it("[MIP-284] asks in the documented order and reports the first that fails", () => {
    const decision = asks(forAll, "bob@contoso.com")
    assert.strictEqual(decision.outcome, "allow")
    const names = chain(decision)
    const ours = [
      "content-known",
      "use-licence-on-device",
      "service-enabled",
      "software-supports-identity",
      "software-reads-format",
      "tenant-key",
      "revocation",
      "content-expiry",
      "usage-rights",
      "use-licence",
      "second-key",
      "application-enforces",
    ]
    assert.deepStrictEqual(
      names.filter((it) => ours.includes(it)),
      ours,
    )
    assert.isAbove(names.indexOf("home-outbound"), names.indexOf("software-reads-format"))
    assert.isBelow(names.indexOf("conditional-access-grant"), names.indexOf("tenant-key"))
  })

  it("[MIP-284] when everything fails at once, mending each step uncovers the next", () => {
    const broken = withContent(
      adHoc([], {
        contentExpiresAt: start - 1,
        doubleKeyUrl: "https://keys.contoso.com/K",
      }),
      evolveAll(baseline, [
        member("bob", { accountEnabled: false }),
        setService({ functionalState: "Disabled" }),
        fault("tenant-key-unreachable"),
      ]),
    )
    const steps: { readonly reason: string; readonly mend: WorldEvent[] }[] = [
      { reason: "service-enabled", mend: [setService({ functionalState: "Enabled" })] },
      { reason: "account-enabled", mend: [member("bob")] },
      { reason: "tenant-key", mend: [fault("tenant-key-unreachable", false)] },
      {
        reason: "revocation",
        mend: [{ _tag: "RevocationCleared", contentId, by: "alice@contoso.com", at: start }],
      },
      {
        reason: "content-expiry",
        mend: [
          {
            _tag: "ContentProtected",
            protection: adHoc([], { doubleKeyUrl: "https://keys.contoso.com/K" }),
          },
        ],
      },
      {
        reason: "usage-rights",
        mend: [
          {
            _tag: "ContentProtected",
            protection: adHoc(everybody("VIEW"), { doubleKeyUrl: "https://keys.contoso.com/K" }),
          },
        ],
      },
      {
        reason: "second-key",
        mend: [
          {
            _tag: "DoubleKeyServiceSet",
            at: start,
            service: {
              url: "https://keys.contoso.com/K",
              authorizedEmailAddresses: ["bob@contoso.com"],
              validTenants: [contosoId],
              isRunning: true,
            },
          },
        ],
      },
    ]
    let world = evolveAll(broken, [revoked])
    for (const { reason, mend } of steps) {
      const decision = asks(world, "bob@contoso.com")
      assert.strictEqual(verdict(decision), `deny by ${reason}`)
      world = evolveAll(world, mend)
    }
    assert.strictEqual(asks(world, "bob@contoso.com").outcome, "allow")
    assert.strictEqual(
      verdict(asks(world, "bob@contoso.com", { requested: "print" })),
      "deny by application-enforces",
    )
  })

  it("[MIP-031] a content of another organisation is none of this service's business", () => {
    assert.strictEqual(verdict(asks(baseline, "alice@contoso.com")), "deny by content-known")
  })
})

describe("the service", () => {
  it("[MIP-006] a service that is off gives nobody a licence", () => {
    const off = evolveAll(forAll, [setService({ functionalState: "Disabled" })])
    const decision = asks(off, "bob@contoso.com")
    assert.strictEqual(verdict(decision), "deny by service-enabled")
    assert.strictEqual(decidingGate(decision).refusal?.code, "ServiceDisabledError")
    assert.strictEqual(asks(forAll, "bob@contoso.com").outcome, "allow")
    assert.strictEqual(asks(onDevice(off), "bob@contoso.com").outcome, "allow", "licence held")
  })

  it("[MIP-235] without the tenant key nobody gets a licence, super users and issuer included", () => {
    const world = evolveAll(forAll, [
      fault("tenant-key-unreachable"),
      setService({ superUserFeature: "Enabled", superUsers: ["judy@contoso.com"] }),
    ])
    for (const who of ["bob@contoso.com", "alice@contoso.com", "judy@contoso.com"]) {
      const decision = asks(world, who)
      assert.strictEqual(verdict(decision), "deny by tenant-key", who)
      assert.strictEqual(decidingGate(decision).refusal?.code, "CustomerKeyUnavailableError")
    }
    assert.strictEqual(asks(onDevice(world), "bob@contoso.com").outcome, "allow", "licence held")
    const back = evolveAll(world, [fault("tenant-key-unreachable", false)])
    assert.strictEqual(asks(back, "bob@contoso.com").outcome, "allow")
  })

  it("[MIP-235] a destroyed tenant key is as good as none", () => {
    const world = evolveAll(forAll, [
      {
        _tag: "KeyCreated",
        keyId: "rms-tenant-key/microsoft-managed",
        kind: "RmsTenantKey",
        wrappedBy: [],
      },
      { _tag: "KeyDestroyed", keyId: "rms-tenant-key/microsoft-managed" },
    ])
    assert.strictEqual(verdict(asks(world, "bob@contoso.com")), "deny by tenant-key")
  })
})

describe("templates", () => {
  it("[MIP-200] content of a removed template names it as the reason", () => {
    const world = withContent(protection({ templateId: "gone" }))
    const decision = asks(world, "bob@contoso.com")
    assert.strictEqual(verdict(decision), "deny by usage-rights")
    assert.strictEqual(decidingGate(decision).refusal?.code, "TemplateNotFoundError")
    assert.strictEqual(asks(world, "alice@contoso.com").outcome, "allow")
  })
})

describe("every refusal and every pass", () => {
  it.prop(
    "explains itself in a sentence without ids",
    {
      who: Schema.Literals(Object.values(addressIn)),
      rights: Schema.Array(UsageRight),
      software: Schema.Literals(softwareKinds),
      isRevoked: Schema.Boolean,
    },
    ({ who, rights, software, isRevoked }) => {
      const world = evolveAll(withContent(adHoc(everybody(...rights))), isRevoked ? [revoked] : [])
      const decision = asks(world, who, { software, requested: "print" })
      for (const { reason, verdict: found, facts } of decision.gates) {
        assert.match(reason, /^[A-Z].*[.!]$/)
        assert.notMatch(reason, /[0-9a-f]{8}-|@|MIP-|[a-z][A-Z]{2,}/)
        assert.isNotEmpty(facts)
        assert.isNotEmpty(found)
      }
      if (decision.outcome !== "allow") assert.isDefined(decidingGate(decision).reason)
    },
  )
})
