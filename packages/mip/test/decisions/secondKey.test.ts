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
import { contosoId, evolveAll, fabrikamId, start, type WorldEvent } from "../world.ts"

const everybody = (...rights: UsageRight[]): Grant[] => [{ who: "AuthenticatedUsers", rights }]
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

describe("the second key", () => {
  const url = "https://keys.contoso.com/Board"
  const content = adHoc(everybody("VIEW"), { doubleKeyUrl: url })
  const service = (more: object = {}): MipEvent => ({
    _tag: "DoubleKeyServiceSet",
    at: start,
    service: {
      url,
      authorizedEmailAddresses: ["bob@contoso.com", "nina@fabrikam.com"],
      validTenants: [contosoId],
      isRunning: true,
      ...more,
    },
  })

  it("[MIP-240] [MIP-245] both keys are needed: rights alone or the key alone open nothing", () => {
    const world = evolveAll(withContent(content), [service()])
    assert.strictEqual(asks(world, "bob@contoso.com").outcome, "allow")
    const other = asks(world, "dave@contoso.com")
    assert.strictEqual(verdict(other), "deny by second-key")
    assert.strictEqual(decidingGate(other).refusal?.code, "403")
    const noRights = evolveAll(withContent(adHoc([], { doubleKeyUrl: url })), [service()])
    assert.strictEqual(verdict(asks(noRights, "bob@contoso.com")), "deny by usage-rights")
    assert.strictEqual(
      verdict(asks(withContent(content), "bob@contoso.com")),
      "deny by second-key",
      "a service nobody set up",
    )
  })

  it("[MIP-071] [MIP-240] a super user has no way around the second key", () => {
    const world = evolveAll(withContent(content), [
      service(),
      setService({ superUserFeature: "Enabled", superUsers: ["judy@contoso.com"] }),
    ])
    assert.strictEqual(verdict(asks(world, "judy@contoso.com")), "deny by second-key")
    assert.strictEqual(verdict(asks(world, "alice@contoso.com")), "deny by second-key", "issuer")
  })

  it("[MIP-248] an outsider needs rights, access, and an organisation the service accepts", () => {
    const own = evolveAll(withContent(content), [service()])
    assert.strictEqual(decidingGate(asks(own, "nina@fabrikam.com")).refusal?.code, "401")
    const both = evolveAll(own, [service({ validTenants: [contosoId, fabrikamId] })])
    assert.strictEqual(asks(both, "nina@fabrikam.com").outcome, "allow")
  })

  it("[MIP-243] Office on the web never opens it", () => {
    const world = evolveAll(withContent(content), [service()])
    assert.strictEqual(
      verdict(asks(world, "bob@contoso.com", { app: "office-web" })),
      "deny by software-reads-format",
    )
  })

  it("[MIP-245] a service that does not answer opens nothing, a licence on the device still does", () => {
    const world = evolveAll(withContent(content), [
      service(),
      fault("double-key-service-unreachable"),
    ])
    assert.strictEqual(verdict(asks(world, "bob@contoso.com")), "deny by second-key")
    assert.strictEqual(asks(onDevice(world), "bob@contoso.com").outcome, "allow")
    const stopped = evolveAll(withContent(content), [service({ isRunning: false })])
    assert.strictEqual(verdict(asks(stopped, "bob@contoso.com")), "deny by second-key")
  })
})
