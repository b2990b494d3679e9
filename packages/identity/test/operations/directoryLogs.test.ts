import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import { retentionDays, riskRetentionDays } from "../../src/DirectoryLogs.ts"
import type { IdentityEvent } from "../../src/index.ts"
import { accepted, baseline, contosoId, fabrikamId, lab, verdict } from "../world.ts"

const licensed = (licenses: readonly ("P1" | "P2" | "Governance")[]): readonly IdentityEvent[] => {
  const first = baseline[0]
  return first?._tag === "OrganizationCreated"
    ? [{ ...first, organization: { ...first.organization, licenses } }]
    : []
}

describe("the sign-in log", () => {
  it.effect(
    "[IDN-263] a guest's sign-in stands in both tenants, without the name of the home tenant",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* accepted(it, "nina@fabrikam.com")
        yield* it.as("nina@fabrikam.com", "sign-in", { app: "SharePoint" })
        const Filter = "userPrincipalName eq 'nina@fabrikam.com' and errorCode eq 0"
        const { output } = yield* it.as("ivan", "Get-MgAuditLogSignIn", { Filter, Top: 1 })
        const expected = {
          AppDisplayName: "Office 365 SharePoint Online",
          HomeTenantId: fabrikamId,
          HomeTenantName: null,
          ResourceTenantId: contosoId,
          UserType: "guest",
          CrossTenantAccessType: "b2bCollaboration",
          AuthenticationRequirement: "singleFactorAuthentication",
          ErrorCode: 0,
        }
        assert.deepInclude(output[0], expected)
        const home = yield* it.as("ivan", "read-home-sign-in-log", { tenant: fabrikamId })
        assert.deepInclude(home.output[0], { ...expected, UserType: "member" })
      }),
  )

  it.effect(
    "[IDN-263] [IDN-264] [IDN-270] without an object here only the home tenant notes it, as 90072",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* it.as("oscar@fabrikam.com", "sign-in", { app: "SharePoint" })
        const here = yield* it.as("ivan", "Get-MgAuditLogSignIn")
        assert.isEmpty(here.output)
        const { output } = yield* it.as("ivan", "read-home-sign-in-log", { tenant: fabrikamId })
        assert.strictEqual(output[0]?.["ErrorCode"], 90072)
      }),
  )

  it.effect("[IDN-263] shows failures with their number, and policies that were asked", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
        DisplayName: "Second factor",
        State: "enabled",
        Conditions: {
          users: { includeUsers: ["All"] },
          applications: { includeApplications: ["All"] },
          clientAppTypes: ["all"],
        },
        GrantControls: { operator: "OR", builtInControls: ["mfa"] },
      })
      yield* it.as("bob", "sign-in", { wrongPassword: true })
      yield* it.as("bob", "sign-in", { mfa: "authenticatorPush" })
      const { output } = yield* it.as("ivan", "Get-MgAuditLogSignIn", {
        Filter: "startswith(userPrincipalName,'bob')",
      })
      assert.deepStrictEqual(
        output.map(({ ErrorCode, AuthenticationRequirement, UserType, CrossTenantAccessType }) => [
          ErrorCode,
          AuthenticationRequirement,
          UserType,
          CrossTenantAccessType,
        ]),
        [
          [0, "multiFactorAuthentication", "member", "none"],
          [50126, "multiFactorAuthentication", "member", "none"],
        ],
      )
    }),
  )

  it.effect("[IDN-242] is read by who reads reports, and a strange filter is not half obeyed", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.strictEqual(verdict(yield* it.as("alice", "Get-MgAuditLogSignIn")), "deny role")
      const strange = { Filter: "createdDateTime ge 2026-01-01" }
      assert.strictEqual(
        verdict(yield* it.as("ivan", "Get-MgAuditLogSignIn", strange)),
        "unknown filter",
      )
    }),
  )
})

describe("the audit log", () => {
  it.effect("[IDN-265] [IDN-266] tells of invitations, by activity and who did it", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, "nina@fabrikam.com")
      const Filter = "activityDisplayName eq 'Invite external user'"
      const { output } = yield* it.as("ivan", "Get-MgAuditLogDirectoryAudit", { Filter })
      assert.deepInclude(output[0], { InitiatedBy: "alice@contoso.com", Result: "success" })
    }),
  )
})

describe("how long the logs are kept", () => {
  it.effect.each([
    [[], 7],
    [["P1"], 30],
    [["P2"], 30],
  ] as const)("[IDN-268] licensed for %o: %s days", ([licenses, kept]) =>
    Effect.gen(function* () {
      const it = yield* lab(licensed(licenses))
      yield* it.as("alice", "sign-in")
      yield* it.as("ivan", "New-MgGroup", {
        DisplayName: "G",
        MailNickname: "g",
        MailEnabled: false,
        SecurityEnabled: true,
      })
      const counts = Effect.gen(function* () {
        const signIns = yield* it.as("ivan", "Get-MgAuditLogSignIn")
        const audits = yield* it.as("ivan", "Get-MgAuditLogDirectoryAudit")
        return [signIns.output.length, audits.output.length]
      })
      yield* it.wait(days(kept) - 1)
      assert.deepStrictEqual(yield* counts, [1, 1])
      yield* it.wait(1)
      assert.deepStrictEqual(yield* counts, [0, 0])
    }),
  )

  it("[IDN-268] risky sign-ins are kept for 7, 30 or 90 days", () => {
    const found = [[], ["P1"], ["P2"]].map((it) => [retentionDays(it), riskRetentionDays(it)])
    assert.deepStrictEqual(found, [
      [7, 7],
      [30, 30],
      [30, 90],
    ])
  })
})
