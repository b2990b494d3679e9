import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { appIds, type IdentityEvent } from "../../src/index.ts"
import { lab, printed, refusal, start, verdict } from "../world.ts"

const everybody = {
  users: { includeUsers: ["All"] },
  applications: { includeApplications: ["All"] },
}
const blockPolicy = {
  DisplayName: "Block everybody",
  State: "enabled",
  Conditions: everybody,
  GrantControls: { Operator: "OR", BuiltInControls: "block" },
}

describe("Conditional Access policies", () => {
  it.effect("[IDN-155] [IDN-242] are made by Conditional Access and Security Administrators", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const name = "New-MgIdentityConditionalAccessPolicy"
      const refused = yield* it.as("alice", name, blockPolicy)
      assert.strictEqual(verdict(refused), "deny role")
      assert.strictEqual(refusal(refused), "Authorization_RequestDenied")
      assert.strictEqual(verdict(yield* it.as("grace", name, blockPolicy)), "deny role")
      const made = yield* it.as("carl", name, blockPolicy)
      assert.strictEqual(verdict(made), "allow")
      assert.strictEqual(made.record?.audit[0]?.Operation, "Add Conditional Access policy")
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in")), "deny conditional-access-block")
    }),
  )

  it.effect("[IDN-176] warn their author before they lock everybody out", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const made = yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", blockPolicy)
      assert.match(made.warnings[0] ?? "", /Don't lock yourself out/)
    }),
  )

  it.effect("take a BodyParameter with keys in any case and single values for lists", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const made = yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
        BodyParameter: {
          displayname: "Guests",
          State: "Enabled",
          conditions: {
            Users: {
              includeGuestsOrExternalUsers: {
                guestOrExternalUserTypes: "b2bCollaborationGuest,internalGuest",
                externalTenants: {
                  "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants",
                  membershipKind: "all",
                },
              },
            },
            Applications: { IncludeApplications: appIds.sharePointOnline },
          },
          GrantControls: { _Operator: "or", BuiltInControls: "mfa" },
          sessionControls: { signInFrequency: { value: 1, type: "days", isEnabled: true } },
        },
      })
      assert.strictEqual(verdict(made), "allow")
      const [shown] = (yield* it.as("carl", "Get-MgIdentityConditionalAccessPolicy")).output
      assert.deepInclude(shown, { DisplayName: "Guests", State: "enabled" })
      assert.deepInclude(shown?.["SessionControls"], { signInFrequencyHours: 24 })
    }),
  )

  it.effect("[IDN-151] are refused without users, target or control, or about unknown people", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const make = (rest: object) =>
        Effect.map(
          it.as("carl", "New-MgIdentityConditionalAccessPolicy", { ...blockPolicy, ...rest }),
          verdict,
        )
      const { GrantControls: _grant, ...uncontrolled } = blockPolicy
      assert.strictEqual(
        verdict(yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", uncontrolled)),
        "deny policy-complete",
      )
      assert.strictEqual(
        yield* make({ Conditions: { applications: { includeApplications: ["All"] } } }),
        "deny policy-complete",
      )
      assert.strictEqual(
        yield* make({ Conditions: { users: { includeUsers: ["All"] } } }),
        "deny policy-complete",
      )
      assert.strictEqual(
        yield* make({ Conditions: { ...everybody, users: { includeUsers: ["nobody"] } } }),
        "deny policy-targets",
      )
      const { State: _state, ...stateless } = blockPolicy
      const body = { ...stateless, BodyParameter: { state: "on" } }
      assert.strictEqual(
        verdict(yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", body)),
        "deny request-body",
      )
      assert.strictEqual(
        yield* make({ Conditions: { ...everybody, weather: "rain" } }),
        "deny request-body",
      )
    }),
  )

  it.effect("[IDN-170] a password change goes only with its companions", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const make = (operator: string, builtInControls: readonly string[], rest: object) =>
        Effect.map(
          it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
            ...blockPolicy,
            Conditions: { ...everybody, userRiskLevels: ["high"], ...rest },
            GrantControls: { operator, builtInControls },
          }),
          verdict,
        )
      const both = ["mfa", "passwordChange"]
      assert.strictEqual(yield* make("AND", both, {}), "allow")
      assert.strictEqual(yield* make("OR", both, {}), "deny password-change")
      assert.strictEqual(yield* make("AND", ["passwordChange"], {}), "deny password-change")
      assert.strictEqual(yield* make("AND", both, { userRiskLevels: [] }), "deny password-change")
      const one = { applications: { includeApplications: [appIds.exchangeOnline] } }
      assert.strictEqual(yield* make("AND", both, one), "deny password-change")
    }),
  )

  it.effect("[IDN-160] [IDN-169] what the twin does not model is said, never dropped", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const flows = yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
        ...blockPolicy,
        Conditions: { ...everybody, authenticationFlows: { transferMethods: "deviceCodeFlow" } },
      })
      assert.strictEqual(verdict(flows), "unknown policy-modelled")
      const custom = yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
        ...blockPolicy,
        GrantControls: { operator: "OR", customAuthenticationFactors: ["Vendor"] },
      })
      assert.strictEqual(verdict(custom), "unknown policy-modelled")
    }),
  )

  it.effect("[IDN-146] are changed and deleted", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const made = yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", blockPolicy)
      const id = { ConditionalAccessPolicyId: printed(made) }
      const off = yield* it.as("carl", "Update-MgIdentityConditionalAccessPolicy", {
        ...id,
        State: "disabled",
      })
      assert.strictEqual(verdict(off), "allow")
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in")), "allow")
      assert.strictEqual(
        verdict(yield* it.as("carl", "Remove-MgIdentityConditionalAccessPolicy", id)),
        "allow",
      )
      assert.strictEqual(
        verdict(
          yield* it.as("carl", "Update-MgIdentityConditionalAccessPolicy", {
            ...id,
            State: "enabled",
          }),
        ),
        "deny policy-present",
      )
    }),
  )

  it.effect("[IDN-165] named locations take ranges with masks longer than eight bits", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const make = (cidrAddress: string) =>
        it.as("carl", "New-MgIdentityConditionalAccessNamedLocation", {
          BodyParameter: {
            "@odata.type": "#microsoft.graph.ipNamedLocation",
            displayName: "Office",
            isTrusted: true,
            ipRanges: [{ "@odata.type": "#microsoft.graph.iPv4CidrRange", cidrAddress }],
          },
        })
      assert.strictEqual(verdict(yield* make("10.0.0.0/8")), "deny named-location")
      assert.strictEqual(verdict(yield* make("203.0.113.0")), "deny named-location")
      assert.strictEqual(verdict(yield* make("203.0.113.0/33")), "deny named-location")
      const made = yield* make("203.0.113.0/24")
      assert.strictEqual(verdict(made), "allow")
      const id = printed(made)
      yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
        ...blockPolicy,
        Conditions: {
          ...everybody,
          locations: { includeLocations: ["All"], excludeLocations: [id] },
        },
      })
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in")), "allow")
      assert.strictEqual(
        verdict(yield* it.as("alice", "sign-in", {}, { ipAddress: "198.51.100.7" })),
        "deny conditional-access-block",
      )
      assert.strictEqual(
        verdict(
          yield* it.as("carl", "Remove-MgIdentityConditionalAccessNamedLocation", {
            NamedLocationId: id,
          }),
        ),
        "deny named-location",
      )
    }),
  )
})

const makeAmong = (events: readonly IdentityEvent[]) =>
  Effect.flatMap(lab(events), (it) =>
    Effect.map(it.as("carl", "New-MgIdentityConditionalAccessPolicy", blockPolicy), verdict),
  )

const ranges = (length: number) =>
  Array.from({ length }, (_, index) => ({
    cidrAddress: `203.0.${index % 256}.${Math.floor(index / 256)}/32`,
  }))

describe("limits", () => {
  it.effect("[IDN-152] a tenant has at most 195 policies", () =>
    Effect.gen(function* () {
      const full = Array.from(
        { length: 195 },
        (_, index): IdentityEvent => ({
          _tag: "ConditionalAccessPolicyAdded",
          policy: {
            id: `p${index}`,
            displayName: `P${index}`,
            state: "disabled",
            conditions: {
              users: {
                includeUsers: ["All"],
                excludeUsers: [],
                includeGroups: [],
                excludeGroups: [],
                includeRoles: [],
                excludeRoles: [],
              },
              applications: {
                includeApplications: ["All"],
                excludeApplications: [],
                includeUserActions: [],
              },
              clientAppTypes: ["all"],
              signInRiskLevels: [],
              userRiskLevels: [],
            },
            createdAt: start,
          },
        }),
      )
      assert.strictEqual(yield* makeAmong(full), "deny policy-limit")
      assert.strictEqual(yield* makeAmong(full.slice(1)), "allow")
    }),
  )

  it.effect("[IDN-165] a named location holds something, and at most 2000 ranges", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const make = (rest: object) =>
        Effect.map(
          it.as("carl", "New-MgIdentityConditionalAccessNamedLocation", {
            BodyParameter: { displayName: "Office", ...rest },
          }),
          verdict,
        )
      assert.strictEqual(yield* make({}), "deny named-location")
      assert.strictEqual(yield* make({ ipRanges: ranges(2001) }), "deny named-location")
      assert.strictEqual(yield* make({ ipRanges: ranges(2000) }), "allow")
      assert.strictEqual(yield* make({ countriesAndRegions: ["FR"] }), "allow")
      const absent = { NamedLocationId: "nowhere" }
      assert.strictEqual(
        verdict(yield* it.as("carl", "Remove-MgIdentityConditionalAccessNamedLocation", absent)),
        "deny named-location",
      )
      const noPolicy = { ConditionalAccessPolicyId: "none" }
      for (const verb of ["Get", "Remove"]) {
        const name = `${verb}-MgIdentityConditionalAccessPolicy`
        assert.strictEqual(verdict(yield* it.as("carl", name, noPolicy)), "deny policy-present")
      }
    }),
  )
})

describe("What If", () => {
  const ask = {
    app: "Microsoft Rights Management Services",
    devicePlatform: "windows",
    clientAppType: "mobileAppsAndDesktopClients",
  }

  it.effect(
    "[IDN-131] [IDN-177] [IDN-178] [IDN-180] finds the policy that stops external users",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
          ...blockPolicy,
          GrantControls: { operator: "OR", builtInControls: ["mfa"] },
        })
        yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
          ...blockPolicy,
          DisplayName: "Exchange only",
          Conditions: {
            ...everybody,
            applications: { includeApplications: [appIds.exchangeOnline] },
          },
        })
        yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
          ...blockPolicy,
          DisplayName: "Off",
          State: "disabled",
        })
        const answer = yield* it.as("carl", "evaluate-conditional-access", {
          ...ask,
          externalUserType: "otherExternalUser",
        })
        assert.deepStrictEqual(
          answer.output.map(({ displayName, policyApplies, analysisReasons }) => [
            displayName,
            policyApplies,
            analysisReasons,
          ]),
          [
            ["Block everybody", true, "notSet"],
            ["Exchange only", false, "application"],
          ],
        )
      }),
  )

  it.effect("[IDN-177] [IDN-181] needs somebody and one application; a suite is none", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.strictEqual(
        verdict(yield* it.as("carl", "evaluate-conditional-access", ask)),
        "deny what-if-identity",
      )
      assert.strictEqual(
        verdict(
          yield* it.as("carl", "evaluate-conditional-access", {
            ...ask,
            user: "alice@contoso.com",
            app: "Office365",
          }),
        ),
        "deny what-if-target",
      )
    }),
  )
})
