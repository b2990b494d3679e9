import { assert, describe, it } from "@effect/vitest"
import { appIds, type ConditionalAccessPolicy, emptyUsers, serviceDefault } from "@twin/identity"
import { type Client, days } from "@twin/kernel"
import { Effect } from "effect"
import { accessSymptoms, type SymptomFamily } from "../../src/index.ts"
import { actor, fabrikamId, guest, start, userIdOf, type WorldEvent } from "../world.ts"
import { admin, call, type Sim, simulate } from "./stage.ts"

const alice = "alice@contoso.com"
const bob = "bob@contoso.com"
const nina = "nina@fabrikam.com"
const office = "198.51.100.7"
const remote = "203.0.113.10"

const policy = (
  more: Partial<ConditionalAccessPolicy["conditions"]>,
  grantControls: ConditionalAccessPolicy["grantControls"],
): WorldEvent => ({
  _tag: "ConditionalAccessPolicyAdded",
  policy: {
    id: "ca",
    displayName: "Policy",
    state: "enabled",
    conditions: {
      users: { ...emptyUsers, includeUsers: ["All"] },
      applications: {
        includeApplications: [appIds.rightsManagement],
        excludeApplications: [],
        includeUserActions: [],
      },
      clientAppTypes: ["all"],
      signInRiskLevels: [],
      userRiskLevels: [],
      ...more,
    },
    ...(grantControls === undefined ? {} : { grantControls }),
    createdAt: start,
  },
})
const controls = (...builtInControls: ("mfa" | "block" | "compliantDevice")[]) => ({
  operator: "OR" as const,
  builtInControls,
  termsOfUse: [],
})
const outsiders = { users: { ...emptyUsers, includeUsers: ["GuestsOrExternalUsers"] } }
const officeNetwork: WorldEvent = {
  _tag: "NamedLocationAdded",
  location: {
    id: "loc",
    displayName: "Office",
    isTrusted: true,
    ipRanges: ["198.51.100.0/24"],
    countries: [],
  },
  at: start,
}
const elsewhere = {
  locations: { includeLocations: ["All"], excludeLocations: ["AllTrusted"] },
}
const trust = (more: Partial<typeof serviceDefault.inboundTrust>): WorldEvent => ({
  _tag: "CrossTenantDefaultUpdated",
  changes: { inboundTrust: { ...serviceDefault.inboundTrust, ...more } },
  at: start,
})

/** Alice's document for everybody at Contoso and Fabrikam. */
const begin = (...events: readonly WorldEvent[]) =>
  Effect.gen(function* () {
    const sim = yield* simulate()
    yield* call(sim, alice, "protect-document", {
      file: "plan.docx",
      to: ["contoso.com", "fabrikam.com"],
      level: "Viewer",
      offlineDays: 0,
    })
    yield* sim.establish("gates", events)
    return sim
  })

const open = (
  sim: Sim,
  who: string,
  more: Partial<Client> & { readonly freshDevice?: boolean } = {},
) => {
  const { freshDevice = false, ...client } = more
  const by = actor(who)
  return Effect.map(
    call(sim, { ...by, client: { ...by.client, ...client } }, "open-document", {
      file: "plan.docx",
      freshDevice,
    }),
    ({ verdict }) => verdict,
  )
}
const explain = (sim: Sim, who: string, ipAddress = remote) => {
  const by = actor(who)
  return Effect.map(
    call(sim, { ...by, client: { ...by.client, ipAddress } }, "explain-access", {
      file: "plan.docx",
    }),
    ({ output }) => output[0]?.["family"] as SymptomFamily,
  )
}
const opens = "allow by application-enforces"

const block = (...apps: string[]) =>
  begin(
    policy(
      {
        applications: {
          includeApplications: apps,
          excludeApplications: [],
          includeUserActions: [],
        },
      },
      controls("block"),
    ),
  )

describe("Conditional Access on the application of the service", () => {
  it.effect(
    "[MIP-186] a policy on this application gates every licence request, others do not",
    () =>
      Effect.gen(function* () {
        assert.strictEqual(appIds.rightsManagement, "00000012-0000-0000-c000-000000000000")
        const stopped = "deny by conditional-access-block"
        assert.strictEqual(yield* open(yield* block(appIds.rightsManagement), bob), stopped)
        assert.strictEqual(yield* open(yield* block("All"), bob), stopped)
        for (const app of [appIds.sharePointOnline, appIds.exchangeOnline, "Office365"]) {
          assert.strictEqual(yield* open(yield* block(app), bob), opens)
        }
      }),
  )

  it.effect(
    "[MIP-189] a demand for a compliant device is met by trust in the home's, or not at all",
    () =>
      Effect.gen(function* () {
        const demand = policy(outsiders, controls("compliantDevice"))
        const denied = "deny by conditional-access-grant"
        assert.strictEqual(yield* open(yield* begin(demand), nina), denied)
        const isGuest = yield* begin(demand, guest(nina))
        assert.strictEqual(yield* open(isGuest, nina), denied, "a guest account does not help")
        const trusting = yield* begin(demand, trust({ isCompliantDeviceAccepted: true }))
        assert.strictEqual(yield* open(trusting, nina), opens)
        assert.strictEqual(
          yield* open(trusting, nina, { device: "unmanaged", freshDevice: true }),
          denied,
        )
        const mfa = yield* begin(demand, trust({ isMfaAccepted: true }))
        assert.strictEqual(yield* open(mfa, nina), denied, "trust in something else")
      }),
  )

  it.effect(
    "[MIP-190] [IDN-134] a Windows device is asked again after thirty days, others every time",
    () =>
      Effect.gen(function* () {
        const sim = yield* begin()
        assert.strictEqual(yield* open(sim, bob), opens)
        yield* sim.establish("a policy", [policy({}, controls("block"))])
        assert.strictEqual(yield* open(sim, bob), opens, "the token lasts")
        const blocked = "deny by conditional-access-block"
        assert.strictEqual(yield* open(sim, bob, { freshDevice: true }), blocked)
        for (const app of ["office-mobile", "office-web"] as const) {
          assert.strictEqual(yield* open(sim, bob, { app }), blocked, app)
        }
        assert.strictEqual(yield* open(sim, "carol@contoso.com"), blocked, "never initialised")
        yield* sim.advance(days(30) - 1)
        assert.strictEqual(yield* open(sim, bob), opens)
        yield* sim.advance(1)
        assert.strictEqual(yield* open(sim, bob), blocked)
      }),
  )

  it.effect("[MIP-190] [IDN-134] the days can be tuned, and a token hides policies only", () =>
    Effect.gen(function* () {
      const sim = yield* begin()
      yield* call(sim, admin("ivan", "Global Administrator"), "set-rms-token-lifetime", { days: 7 })
      assert.strictEqual(yield* open(sim, bob), opens)
      yield* sim.establish("a policy", [policy({}, controls("block"))])
      yield* sim.advance(days(7) - 1)
      assert.strictEqual(yield* open(sim, bob), opens)
      yield* sim.establish("disabled", [
        {
          _tag: "UserUpdated",
          userId: userIdOf("bob"),
          changes: { accountEnabled: false },
          at: start,
        },
      ])
      assert.strictEqual(yield* open(sim, bob), "deny by account-enabled")
      yield* sim.establish("enabled", [
        {
          _tag: "UserUpdated",
          userId: userIdOf("bob"),
          changes: { accountEnabled: true },
          at: start,
        },
      ])
      yield* sim.advance(1)
      assert.strictEqual(yield* open(sim, bob), "deny by conditional-access-block")
    }),
  )

  it.effect("[MIP-191] a second factor off the network: works in the office, not outside", () =>
    Effect.gen(function* () {
      const sim = yield* begin(officeNetwork, policy(elsewhere, controls("mfa")))
      const at = (ipAddress: string) => open(sim, bob, { ipAddress, app: "office-mobile" })
      assert.strictEqual(yield* at(office), opens)
      assert.match(yield* at(remote), /^(deny|challenge) by conditional-access-grant$/)
      assert.strictEqual(yield* at(office), opens)
    }),
  )

  it.effect(
    "[MIP-192] [IDN-135] an administrator whom a policy blocks cannot configure encryption",
    () =>
      Effect.gen(function* () {
        const sim = yield* begin(policy({}, controls("block")))
        const judy = admin("judy", "Compliance Administrator")
        const label = (Name: string, more: object = {}) =>
          Effect.map(
            call(sim, judy, "New-Label", { Name, DisplayName: Name, Tooltip: "x", ...more }),
            ({ verdict }) => verdict,
          )
        const encrypting = {
          EncryptionEnabled: true,
          EncryptionProtectionType: "Template",
          EncryptionRightsDefinitions: "contoso.com:VIEW",
        }
        assert.strictEqual(
          yield* label("Deal", encrypting),
          "deny by administrator-reaches-service",
        )
        assert.match(yield* label("Plain"), /^allow/, "without encryption nothing is asked")
        yield* sim.establish("excluded", [
          {
            _tag: "ConditionalAccessPolicyRemoved",
            policyId: "ca",
            at: start,
          },
          policy(
            {
              users: { ...emptyUsers, includeUsers: ["All"], excludeUsers: [userIdOf("judy")] },
            },
            controls("block"),
          ),
        ])
        assert.match(yield* label("Deal", encrypting), /^allow/)
      }),
  )

  it.effect("[MIP-193] [IDN-135] terms of use are accepted before the first open", () =>
    Effect.gen(function* () {
      const sim = yield* begin(
        policy({}, { operator: "OR", builtInControls: [], termsOfUse: ["Secrets"] }),
      )
      assert.strictEqual(yield* open(sim, bob), "challenge by conditional-access-grant")
      const accepted = yield* call(sim, bob, "sign-in", {
        app: "Microsoft Rights Management Services",
        acceptTerms: true,
      })
      assert.strictEqual(accepted.decision.outcome, "allow")
      assert.strictEqual(yield* open(sim, bob), opens)
    }),
  )

  it.effect("[MIP-194] three families of symptoms, none of them a matter of rights", () =>
    Effect.gen(function* () {
      const blocked = {
        ...serviceDefault.b2bCollaborationOutbound,
        applications: {
          accessType: "blocked" as const,
          targets: [{ target: appIds.rightsManagement, targetType: "application" as const }],
        },
      }
      const home: WorldEvent = {
        _tag: "ForeignCrossTenantAccessSet",
        tenantId: fabrikamId,
        crossTenantAccess: {
          default: { ...serviceDefault, b2bCollaborationOutbound: blocked },
          partners: {},
        },
        at: start,
      }
      assert.strictEqual(
        yield* explain(yield* begin(home), nina),
        "content-of-another-organization",
      )
      const owner: WorldEvent = {
        _tag: "CrossTenantDefaultUpdated",
        changes: { b2bCollaborationInbound: blocked },
        at: start,
      }
      assert.strictEqual(
        yield* explain(yield* begin(owner), nina),
        "content-of-another-organization",
      )
      const demand = yield* begin(policy(outsiders, controls("mfa")))
      assert.strictEqual(yield* explain(demand, nina), "joint-project")
      const network = yield* begin(officeNetwork, policy(elsewhere, controls("mfa")))
      assert.strictEqual(yield* explain(network, bob), "office-only")
      assert.strictEqual(yield* explain(network, bob, office), "none")
      const sim = yield* begin()
      assert.strictEqual(yield* explain(sim, "zoe@outlook.com"), "rights")
      assert.strictEqual(yield* explain(sim, "gus@gmail.com"), "software")
      assert.strictEqual(yield* explain(sim, bob), "none")
      for (const { symptom, cause } of Object.values(accessSymptoms)) {
        assert.isNotEmpty(symptom)
        assert.isNotEmpty(cause)
      }
    }),
  )
})
