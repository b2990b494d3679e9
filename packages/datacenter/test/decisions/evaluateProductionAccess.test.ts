import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Arbitrary, Schema } from "effect"
import { evaluateProductionAccess, type ProductionFacets } from "../../src/index.ts"

/** A person inside an approved elevation, with everything as it should be. */
const inside: ProductionFacets = {
  path: "approved",
  sourceSegment: "operator-access",
  targetSegment: "exchange-nam-01",
  protocol: "RDP",
  isHuman: true,
  workstation: "compliant",
  interface: "TerminalServiceGateway",
  isRemotePowerShellAuthorised: true,
  smartCard: "matching",
  principal: "jit-account",
  principalState: "enabled",
  isBaseline: false,
  isOwnPurpose: false,
  window: "inside",
  session: "open",
  accountPartition: "exchange-nam-01",
  targetPartition: "exchange-nam-01",
  scope: "inside",
  capability: "allowed",
  capabilityParameter: "",
  touchesContent: true,
  role: "AccessToCustomerData",
  customerApproval: "approved",
  isAuditAvailable: true,
  readability: "readable",
}

/** One row for each reason of DCO-298, in the order of the gates. Only this test reads it. */
const order: readonly (readonly [gate: string, code: string, broken: Partial<ProductionFacets>])[] =
  [
    ["network-path", "NetworkDenied", { path: "none" }],
    ["network-path", "NetworkDenied", { path: "target-isolated" }],
    ["network-path", "NetworkDenied", { path: "source-blocked" }],
    ["network-path", "NetworkDenied", { path: "no-target" }],
    ["secure-workstation", "SawRequired", { workstation: "none" }],
    ["secure-workstation", "SawRequired", { interface: "none" }],
    ["secure-workstation", "SawNonCompliant", { workstation: "non-compliant" }],
    ["smart-card", "MfaRequired", { smartCard: "none" }],
    ["smart-card", "MfaRequired", { smartCard: "other-platform" }],
    ["no-standing-access", "NoStandingAccess", { principal: "service-team-account" }],
    ["no-standing-access", "NoStandingAccess", { principal: "corporate-account" }],
    ["no-standing-access", "NoStandingAccess", { principalState: "foreign" }],
    ["no-standing-access", "NoStandingAccess", { principalState: "withdrawn" }],
    ["no-standing-access", "NoStandingAccess", { principalState: "unknown" }],
    ["grant-window", "ElevationExpired", { window: "after" }],
    ["grant-window", "ElevationExpired", { window: "before" }],
    ["session-rules", "SessionLimitReached", { session: "second-on-server" }],
    ["session-rules", "SessionLimitReached", { session: "second-gateway" }],
    ["session-rules", "SessionTimedOut", { session: "idle" }],
    ["session-rules", "SessionTimedOut", { session: "over-limit" }],
    ["session-rules", "SessionTimedOut", { session: "ended" }],
    ["partition-boundary", "PartitionBoundary", { targetPartition: "exchange-eur-01" }],
    ["resource-scope", "OutOfScope", { scope: "other-component" }],
    ["resource-scope", "OutOfScope", { scope: "other-tenant" }],
    ["resource-scope", "OutOfScope", { scope: "other-container" }],
    ["resource-scope", "OutOfScope", { scope: "no-tenant" }],
    ["just-enough-access", "CmdletNotInRole", { capability: "cmdlet-not-in-role" }],
    [
      "just-enough-access",
      "ParameterNotAllowed",
      { capability: "parameter-not-allowed", capabilityParameter: "Name" },
    ],
    ["content-role", "RoleLacksContentAccess", { role: "ServiceEngineerOperations" }],
    ["customer-lockbox", "CustomerApprovalRequired", { customerApproval: "missing" }],
    ["audit-sink", "AuditUnavailable", { isAuditAvailable: false }],
  ]

/** Everything as it should be, but for these rows; a later one may overwrite an earlier. */
const brokenBy = (picks: readonly number[]): ProductionFacets =>
  Object.assign({}, inside, ...picks.map((pick) => order[pick]?.[2]))

const names = [
  "network-path",
  "secure-workstation",
  "smart-card",
  "no-standing-access",
  "grant-window",
  "session-rules",
  "partition-boundary",
  "resource-scope",
  "just-enough-access",
  "content-role",
  "customer-lockbox",
  "audit-sink",
  "readable-content",
]

describe("access to production", () => {
  it("[DCO-298] asks thirteen gates in the documented order", () => {
    const decision = evaluateProductionAccess(inside)
    assert.strictEqual(decision.outcome, "allow")
    assert.deepStrictEqual(
      decision.gates.map(({ name }) => name),
      names,
    )
  })

  for (const [gate, code, broken] of order) {
    it(`[DCO-298] refuses at ${gate} with ${code} for ${JSON.stringify(broken)}`, () => {
      const decision = evaluateProductionAccess({ ...inside, ...broken })
      assert.strictEqual(decision.outcome, "deny")
      assert.strictEqual(decidingGate(decision).name, gate)
      assert.strictEqual(decidingGate(decision).refusal?.code, code)
      assert.notMatch(decidingGate(decision).reason, /[A-Z]{3}-\d|exchange-nam|-\d\d/)
    })
  }

  it.prop(
    "[DCO-298] the first failing gate decides, however many fail",
    [Schema.Array(Schema.Literals(order.map((_, index) => index)))],
    ([picks]) => {
      // A later row may overwrite a facet of an earlier one, so the facets are asked again here.
      const rows = picks.flatMap((pick) => order[pick] ?? [])
      const broken = brokenBy(picks)
      const expected = order
        .filter(([, , facets]) =>
          Object.entries(facets).every(([key, it]) => broken[key as keyof ProductionFacets] === it),
        )
        .map(([gate]) => names.indexOf(gate))
        .toSorted((a, b) => a - b)[0]
      const decision = evaluateProductionAccess(broken)
      assert.strictEqual(decision.outcome, rows.length === 0 ? "allow" : "deny")
      if (expected !== undefined) {
        assert.strictEqual(names.indexOf(decidingGate(decision).name), expected)
      }
    },
  )

  it("[DCO-015] [DCO-011] a service team account reads metadata and nothing else", () => {
    const own: ProductionFacets = {
      ...inside,
      principal: "service-team-account",
      window: "not-applicable",
      touchesContent: false,
      role: "",
      accountPartition: "",
      customerApproval: "missing",
      readability: "no-content",
    }
    assert.strictEqual(evaluateProductionAccess({ ...own, isBaseline: true }).outcome, "allow")
    assert.strictEqual(
      decidingGate(evaluateProductionAccess({ ...own, isBaseline: false })).name,
      "no-standing-access",
    )
    assert.strictEqual(
      decidingGate(
        evaluateProductionAccess({ ...own, isBaseline: true, principalState: "disabled" }),
      ).name,
      "no-standing-access",
    )
  })

  it("[DCO-018] [DCO-024] gates for people do not bind service code; its own purpose does", () => {
    const code: ProductionFacets = {
      ...inside,
      path: "local",
      isHuman: false,
      workstation: "none",
      interface: "none",
      smartCard: "none",
      principal: "service-account",
      isOwnPurpose: true,
      window: "not-applicable",
      session: "none",
      role: "",
      customerApproval: "missing",
    }
    assert.strictEqual(evaluateProductionAccess(code).outcome, "allow")
    assert.strictEqual(
      decidingGate(evaluateProductionAccess({ ...code, isOwnPurpose: false })).name,
      "no-standing-access",
    )
    assert.strictEqual(
      decidingGate(evaluateProductionAccess({ ...code, targetPartition: "p2" })).name,
      "partition-boundary",
    )
  })

  it("[DCO-090] no identity helps where there is no network path", () => {
    assert.strictEqual(evaluateProductionAccess({ ...inside, path: "none" }).gates.length, 1)
  })

  it("[DCO-077] remote PowerShell needs its own authorisation", () => {
    const remote: ProductionFacets = { ...inside, interface: "RemotePowerShell" }
    assert.strictEqual(evaluateProductionAccess(remote).outcome, "allow")
    const refused = evaluateProductionAccess({ ...remote, isRemotePowerShellAuthorised: false })
    assert.strictEqual(decidingGate(refused).name, "secure-workstation")
    assert.strictEqual(decidingGate(refused).refusal?.code, "RemotePowerShellNotAuthorised")
  })

  it("[DCO-202] [DCO-010] keys that the service has not leave ciphertext, not a refusal", () => {
    const opaque = evaluateProductionAccess({ ...inside, readability: "opaque" })
    assert.strictEqual(opaque.outcome, "allow")
    assert.strictEqual(decidingGate(opaque).details["opaque"], "true")
  })

  it("[DCO-109] without the tenant's switch the internal approval is enough", () => {
    assert.strictEqual(
      evaluateProductionAccess({ ...inside, customerApproval: "not-in-force" }).outcome,
      "allow",
    )
  })

  const anyFacets: Arbitrary.Arbitrary<ProductionFacets> = Arbitrary.map(
    Arbitrary.array(Arbitrary.schema(Schema.Literals(order.map((_, index) => index))), {
      maxLength: 6,
    }),
    brokenBy,
  )

  it.prop(
    "[DCO-013] [DCO-053] [DCO-079] nothing is ever allowed outside time, scope or actions",
    [anyFacets],
    ([facets]) => {
      if (evaluateProductionAccess(facets).outcome !== "allow") return
      assert.strictEqual(facets.window, "inside")
      assert.strictEqual(facets.scope, "inside")
      assert.strictEqual(facets.capability, "allowed")
      assert.strictEqual(facets.accountPartition, facets.targetPartition)
    },
  )
})
