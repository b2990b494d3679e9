import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { appIds } from "../../src/index.ts"
import { added, block, mfa, policy } from "../decisions/policies.ts"
import { fabrikamId, lab, userId, verdict } from "../world.ts"

const evaluate = "Test-MgBetaIdentityConditionalAccess"
const spo = appIds.sharePointOnline
const alice = { "@odata.type": "#microsoft.graph.userSignIn", userId: userId("alice") }
const app = {
  "@odata.type": "#microsoft.graph.applicationContext",
  includeApplications: [spo],
}
const how = { devicePlatform: "windows", clientAppType: "browser" }
const body = (more: object = {}) => ({
  BodyParameter: { signInIdentity: alice, signInContext: app, signInConditions: how, ...more },
})

describe("What If over Graph", () => {
  it.effect("[IDN-179] answers every policy with whether it applies and why not", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        mfa(),
        added(policy("Off", { builtInControls: ["block"] }, { state: "disabled" })),
        added(
          policy(
            "Phones",
            { builtInControls: ["block"] },
            { conditions: { platforms: { includePlatforms: ["iOS"], excludePlatforms: [] } } },
          ),
        ),
      ])
      const { output } = yield* it.as("carl", evaluate, body())
      assert.deepStrictEqual(
        output.map((row) => [row["DisplayName"], row["policyApplies"], row["analysisReasons"]]),
        [
          ["Phones", false, "devicePlatform"],
          ["Require MFA", true, "notSet"],
        ],
      )
      const only = yield* it.as("carl", evaluate, body({ appliedPoliciesOnly: true }))
      assert.deepStrictEqual(
        only.output.map((row) => row["DisplayName"]),
        ["Require MFA"],
      )
    }),
  )

  it.effect("[IDN-179] takes a kind of external user with a tenant", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        block({
          users: {
            includeUsers: [],
            includeGuestsOrExternalUsers: {
              guestOrExternalUserTypes: ["otherExternalUser"],
              externalTenants: [fabrikamId],
            },
          },
        }),
      ])
      const ask = (externalTenantId: string) =>
        it.as(
          "carl",
          evaluate,
          body({ signInIdentity: { externalUserType: "otherExternalUser", externalTenantId } }),
        )
      assert.isTrue((yield* ask(fabrikamId)).output[0]?.["policyApplies"])
      assert.isFalse((yield* ask("another")).output[0]?.["policyApplies"])
    }),
  )

  it.effect("[IDN-179] [IDN-180] takes a user action or an authentication context as target", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        block({
          apps: { includeApplications: [], includeUserActions: ["urn:user:registerdevice"] },
        }),
        added(
          policy(
            "Context",
            { builtInControls: ["mfa"] },
            { apps: { includeApplications: [], includeAuthenticationContexts: ["c1"] } },
          ),
        ),
      ])
      const reasons = (signInContext: object) =>
        Effect.map(it.as("carl", evaluate, body({ signInContext })), ({ output }) =>
          output.map((row) => row["analysisReasons"]),
        )
      assert.deepStrictEqual(yield* reasons({ userAction: "registerDevice" }), [
        "notSet",
        "userActions",
      ])
      assert.deepStrictEqual(yield* reasons({ authContext: "c1" }), ["application", "notSet"])
      assert.deepStrictEqual(yield* reasons(app), ["application", "authenticationContext"])
    }),
  )

  it.effect("[IDN-179] [IDN-181] the country and the risk count only where they are given", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        {
          _tag: "NamedLocationAdded",
          location: {
            id: "de",
            displayName: "Germany",
            isTrusted: false,
            ipRanges: [],
            countries: ["DE"],
          },
          at: 0,
        },
        block({
          conditions: {
            locations: { includeLocations: ["de"], excludeLocations: [] },
            signInRiskLevels: ["high"],
          },
        }),
      ])
      const reason = (more: object) =>
        Effect.map(
          it.as("carl", evaluate, body({ signInConditions: { ...how, ...more } })),
          ({ output }) => output[0]?.["analysisReasons"],
        )
      assert.strictEqual(yield* reason({ signInRiskLevel: "high" }), "location")
      assert.strictEqual(yield* reason({ country: "DE" }), "signInRisk")
      assert.strictEqual(yield* reason({ country: "DE", signInRiskLevel: "high" }), "notSet")
    }),
  )

  it.effect("[IDN-177] [IDN-179] refuses what names no sign-in", () =>
    Effect.gen(function* () {
      const it = yield* lab([mfa()])
      const said = (more: object) => Effect.map(it.as("carl", evaluate, body(more)), verdict)
      assert.strictEqual(yield* said({ signInIdentity: {} }), "deny what-if-identity")
      assert.strictEqual(
        yield* said({ signInIdentity: { userId: "nobody" } }),
        "deny what-if-identity",
      )
      assert.strictEqual(yield* said({ signInContext: {} }), "deny what-if-target")
      assert.strictEqual(
        yield* said({ signInContext: { includeApplications: [spo, appIds.exchangeOnline] } }),
        "deny what-if-target",
      )
      assert.strictEqual(
        yield* said({ signInContext: { includeApplications: ["Office365"] } }),
        "deny what-if-target",
      )
      assert.strictEqual(yield* said({ signInConditions: {} }), "deny request-body")
    }),
  )
})

describe("what a sign-in shows about its policies", () => {
  it.effect("[IDN-150] policies are asked after the first factor, and not before", () =>
    Effect.gen(function* () {
      const it = yield* lab([block()])
      const wrong = yield* it.as("bob", "sign-in", { wrongPassword: true })
      assert.strictEqual(verdict(wrong), "deny first-factor")
      assert.isFalse(wrong.decision.gates.some(({ name }) => name === "conditional-access-block"))
      const right = yield* it.as("bob", "sign-in")
      assert.strictEqual(verdict(right), "deny conditional-access-block")
    }),
  )

  it.effect("[IDN-174] names the session controls of the policies that apply", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const made = yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
        DisplayName: "Session",
        State: "enabled",
        Conditions: {
          users: { includeUsers: ["All"] },
          applications: { includeApplications: ["All"] },
        },
        SessionControls: {
          persistentBrowser: { mode: "never", isEnabled: true },
          cloudAppSecurity: { cloudAppSecurityType: "blockDownloads", isEnabled: true },
          continuousAccessEvaluation: { mode: "strictLocation" },
          disableResilienceDefaults: true,
          signInFrequency: { value: 2, type: "days", isEnabled: true },
          applicationEnforcedRestrictions: { isEnabled: true },
        },
      })
      assert.strictEqual(verdict(made), "allow")
      const { output } = yield* it.as("bob", "sign-in")
      assert.deepStrictEqual(output[0]?.["sessionControls"], {
        applicationEnforcedRestrictions: true,
        cloudAppSecurity: "blockDownloads",
        continuousAccessEvaluation: "strictLocation",
        disableResilienceDefaults: true,
        persistentBrowser: "never",
        signInFrequencyHours: 48,
      })
    }),
  )

  it.effect("[IDN-174] a session control goes only with the targets it is made for", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const make = (target: string, SessionControls: object) =>
        Effect.map(
          it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
            DisplayName: "Session",
            State: "enabled",
            Conditions: {
              users: { includeUsers: ["All"] },
              applications: { includeApplications: [target] },
            },
            SessionControls,
          }),
          verdict,
        )
      const persistent = { persistentBrowser: { mode: "always", isEnabled: true } }
      assert.strictEqual(yield* make(spo, persistent), "deny policy-controls")
      assert.strictEqual(yield* make("All", persistent), "allow")
      const restricted = { applicationEnforcedRestrictions: { isEnabled: true } }
      assert.strictEqual(yield* make(appIds.microsoftGraph, restricted), "deny policy-controls")
      assert.strictEqual(yield* make(spo, restricted), "allow")
    }),
  )

  it.effect("[IDN-182] a policy on a user action cannot be report-only", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const made = yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
        DisplayName: "Registration",
        State: "enabledForReportingButNotEnforced",
        Conditions: {
          users: { includeUsers: ["All"] },
          applications: { includeUserActions: ["urn:user:registersecurityinfo"] },
        },
        GrantControls: { operator: "OR", builtInControls: ["mfa"] },
      })
      assert.strictEqual(verdict(made), "deny policy-controls")
    }),
  )

  it.effect("[IDN-184] Windows Hello for Business satisfies the demand for a second factor", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        mfa(),
        {
          _tag: "MfaMethodRegistered",
          userId: userId("alice"),
          method: "windowsHelloForBusiness",
          at: 0,
        },
      ])
      const hello = { mfa: "windowsHelloForBusiness" }
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in", hello)), "allow")
      for (const clientAppType of ["other", "exchangeActiveSync"]) {
        const legacy = yield* it.as("alice", "sign-in", { ...hello, clientAppType })
        assert.strictEqual(verdict(legacy), "deny conditional-access-grant")
      }
    }),
  )
})
