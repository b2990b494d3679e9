import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { unitMemberIds, unitOf } from "../../src/administration.ts"
import { memberIdsOf, userOf } from "../../src/index.ts"
import { type Lab, lab, printed, refusal, userId, verdict } from "../world.ts"

const create = "New-MgDirectoryAdministrativeUnit"
const assign = "New-MgRoleManagementDirectoryRoleAssignment"
const templates = {
  user: "fe930be7-5e62-47db-91af-98c3a49a38b1",
  helpdesk: "729827e3-9c14-49f7-bb1b-9608f156bbb8",
  groups: "fdd7a751-b60b-444a-984c-02652fe8fa1c",
  security: "194ae4cb-b126-40b2-bd5b-6091b380977d",
}

const member = (it: Lab, unit: string, object: string) =>
  it.as("ivan", "New-MgDirectoryAdministrativeUnitMemberByRef", {
    AdministrativeUnitId: unit,
    OdataId: `https://graph.microsoft.com/v1.0/directoryObjects/${object}`,
  })

const over = (it: Lab, who: string, role: string, unit: string) =>
  it.as("ivan", assign, {
    PrincipalId: userId(who),
    RoleDefinitionId: role,
    DirectoryScopeId: `/administrativeUnits/${unit}`,
  })

/** Sales holds Bob and the partners; Alice is its user administrator. */
const sales = Effect.fnUntraced(function* (more: object = {}) {
  const it = yield* lab()
  const unit = printed(yield* it.as("ivan", create, { DisplayName: "Sales", ...more }))
  for (const object of [userId("bob"), "partners"]) {
    assert.strictEqual(verdict(yield* member(it, unit, object)), "allow")
  }
  assert.strictEqual(verdict(yield* over(it, "alice", templates.user, unit)), "allow")
  const renames = (who: string, whom: string) =>
    Effect.map(
      it.as(who, "Update-MgUser", { UserId: userId(whom), DisplayName: "Renamed" }),
      verdict,
    )
  const joins = (who: string, GroupId = "partners") =>
    Effect.map(
      it.as(who, "New-MgGroupMember", { GroupId, DirectoryObjectId: userId("carl") }),
      verdict,
    )
  return { ...it, unit, renames, joins }
})

describe("a role over an administrative unit", () => {
  it.effect("[IDN-242] counts for who is in the unit, and for nobody else", () =>
    Effect.gen(function* () {
      const it = yield* sales()
      assert.strictEqual(yield* it.renames("alice", "bob"), "allow")
      assert.strictEqual(userOf(yield* it.world, userId("bob"))?.displayName, "Renamed")
      assert.strictEqual(yield* it.renames("alice", "carl"), "deny role")
      assert.strictEqual(yield* it.renames("bob", "bob"), "deny role")
      // The administrators of the whole tenant go on as before.
      assert.strictEqual(yield* it.renames("ursula", "bob"), "allow")
      assert.strictEqual(yield* it.renames("ursula", "carl"), "allow")
    }),
  )

  it.effect("[IDN-242] makes no users, changes no roles and no units", () =>
    Effect.gen(function* () {
      const it = yield* sales()
      const user = yield* it.as("alice", "New-MgUser", {
        DisplayName: "New",
        UserPrincipalName: "new@contoso.com",
        MailNickname: "new",
        AccountEnabled: true,
        PasswordProfile: { Password: "first" },
      })
      assert.strictEqual(verdict(user), "deny role")
      assert.strictEqual(
        verdict(yield* it.as("alice", create, { DisplayName: "Mine" })),
        "deny role",
      )
      const grown = yield* it.as("alice", "New-MgDirectoryAdministrativeUnitMemberByRef", {
        AdministrativeUnitId: it.unit,
        OdataId: userId("carl"),
      })
      assert.strictEqual(verdict(grown), "deny role")
      const raised = yield* it.as("alice", "assign-role", {
        user: userId("alice"),
        role: "User Administrator",
      })
      assert.strictEqual(verdict(raised), "deny role")
    }),
  )

  it.effect("[IDN-242] over a group is a role over the group, not over its members", () =>
    Effect.gen(function* () {
      const it = yield* sales()
      yield* over(it, "bob", templates.groups, it.unit)
      assert.strictEqual(yield* it.joins("bob"), "allow")
      assert.include(memberIdsOf(yield* it.world, "partners"), userId("carl"))
      const other = printed(
        yield* it.as("gina", "New-MgGroup", {
          DisplayName: "Other",
          MailEnabled: false,
          MailNickname: "other",
          SecurityEnabled: true,
        }),
      )
      assert.strictEqual(yield* it.joins("bob", other), "deny group-manager")
      assert.strictEqual(yield* it.joins("gina", other), "allow")
      assert.strictEqual(
        yield* it.renames("alice", "carl"),
        "deny role",
        "only the group is in the unit",
      )
    }),
  )

  it.effect("[IDN-242] ends with the assignment, the membership and the unit", () =>
    Effect.gen(function* () {
      const it = yield* sales()
      const { output } = yield* it.as("ivan", "Get-MgRoleManagementDirectoryRoleAssignment")
      const row = output.find((it) => it["PrincipalId"] === userId("alice"))
      assert.strictEqual(row?.["DirectoryScopeId"], `/administrativeUnits/${it.unit}`)
      const remove = it.as("ivan", "Remove-MgRoleManagementDirectoryRoleAssignment", {
        UnifiedRoleAssignmentId: row?.["Id"],
      })
      assert.strictEqual(verdict(yield* remove), "allow")
      assert.strictEqual(yield* it.renames("alice", "bob"), "deny role")
      assert.strictEqual(verdict(yield* remove), "deny scoped-role-known")
      yield* over(it, "alice", templates.user, it.unit)
      yield* it.as("ivan", "Remove-MgDirectoryAdministrativeUnitMemberByRef", {
        AdministrativeUnitId: it.unit,
        DirectoryObjectId: userId("bob"),
      })
      assert.strictEqual(yield* it.renames("alice", "bob"), "deny role")
      yield* member(it, it.unit, userId("bob"))
      assert.strictEqual(yield* it.renames("alice", "bob"), "allow")
      yield* it.as("ivan", "Remove-MgDirectoryAdministrativeUnit", {
        AdministrativeUnitId: it.unit,
      })
      assert.strictEqual(yield* it.renames("alice", "bob"), "deny role")
      assert.isDefined(userOf(yield* it.world, userId("bob")))
      const left = yield* it.as("ivan", "Get-MgRoleManagementDirectoryRoleAssignment")
      assert.isUndefined(left.output.find((one) => one["PrincipalId"] === userId("alice")))
    }),
  )

  it.effect("[IDN-242] some roles have no such scope, and nobody gets the same twice", () =>
    Effect.gen(function* () {
      const it = yield* sales()
      const no = (who: string, role: string, unit: string) =>
        Effect.map(over(it, who, role, unit), verdict)
      assert.strictEqual(yield* no("bob", templates.security, it.unit), "deny scoped-role-allowed")
      assert.strictEqual(yield* no("alice", templates.user, it.unit), "deny scoped-role-held")
      assert.strictEqual(yield* no("bob", templates.user, "none"), "deny scoped-role-known")
      assert.strictEqual(yield* no("bob", "none", it.unit), "deny scoped-role-known")
      assert.strictEqual(yield* no("nobody", templates.user, it.unit), "deny scoped-role-known")
    }),
  )

  it.effect("[IDN-242] [IDN-249] the same cmdlet gives and takes roles of the whole tenant", () =>
    Effect.gen(function* () {
      const it = yield* sales()
      const given = yield* it.as("ivan", assign, {
        PrincipalId: userId("alice"),
        RoleDefinitionId: templates.user,
        DirectoryScopeId: "/",
      })
      assert.strictEqual(verdict(given), "allow")
      assert.strictEqual(yield* it.renames("alice", "carl"), "allow")
      const last = yield* it.as("ivan", "Remove-MgRoleManagementDirectoryRoleAssignment", {
        UnifiedRoleAssignmentId: `${userId("ivan")}_62e90394-69f5-4237-9190-012177145e10_tenant`,
      })
      assert.strictEqual(verdict(last), "deny role-last-holder")
      yield* it.as("ivan", "Remove-MgRoleManagementDirectoryRoleAssignment", {
        UnifiedRoleAssignmentId: printed(given),
      })
      assert.strictEqual(yield* it.renames("alice", "carl"), "deny role")
      assert.strictEqual(yield* it.renames("alice", "bob"), "allow", "over the unit it is kept")
    }),
  )
})

describe("a restricted unit", () => {
  it.effect("[IDN-242] is closed to the administrators of the tenant, and open to its own", () =>
    Effect.gen(function* () {
      const it = yield* sales({ IsMemberManagementRestricted: true })
      assert.strictEqual(yield* it.renames("ivan", "bob"), "deny restricted-management")
      assert.strictEqual(yield* it.renames("ursula", "bob"), "deny restricted-management")
      const refused = yield* it.as("ivan", "Remove-MgUser", { UserId: userId("bob") })
      assert.strictEqual(refusal(refused), "Authorization_RequestDenied")
      assert.isDefined(userOf(yield* it.world, userId("bob")))
      assert.strictEqual(yield* it.joins("gina"), "deny restricted-management")
      for (const [cmdlet, params] of [
        ["Set-EntraUser", { UserId: userId("bob"), DisplayName: "Renamed" }],
        ["Set-AzureADUser", { ObjectId: userId("bob"), DisplayName: "Renamed" }],
        ["Remove-EntraUser", { UserId: userId("bob") }],
        ["Add-AzureADGroupMember", { ObjectId: "partners", RefObjectId: userId("carl") }],
        ["Reset-EntraStrongAuthenticationMethodByUpn", { UserPrincipalName: "bob@contoso.com" }],
      ] as const) {
        const outcome = verdict(yield* it.as("ivan", cmdlet, params))
        assert.strictEqual(outcome, "deny restricted-management", cmdlet)
      }
      assert.strictEqual(yield* it.renames("alice", "bob"), "allow")
      assert.strictEqual(yield* it.renames("ivan", "carl"), "allow")
    }),
  )

  it.effect(
    "[IDN-242] counts no role of the tenant, even where a lesser one over the unit is held",
    () =>
      Effect.gen(function* () {
        const it = yield* sales({ IsMemberManagementRestricted: true })
        yield* over(it, "ursula", templates.helpdesk, it.unit)
        assert.strictEqual(yield* it.renames("ursula", "bob"), "deny role")
        const revoked = yield* it.as("ursula", "Revoke-MgUserSignInSession", {
          UserId: userId("bob"),
        })
        assert.strictEqual(verdict(revoked), "allow")
      }),
  )

  it.effect("[IDN-242] stays as it was made, and lets go of what is taken out", () =>
    Effect.gen(function* () {
      const it = yield* sales({ IsMemberManagementRestricted: true })
      const update = (more: object) =>
        Effect.map(
          it.as("ivan", "Update-MgDirectoryAdministrativeUnit", {
            AdministrativeUnitId: it.unit,
            ...more,
          }),
          verdict,
        )
      assert.strictEqual(
        yield* update({ IsMemberManagementRestricted: false }),
        "deny unit-restriction",
      )
      assert.strictEqual(yield* update({ Description: "Closed" }), "allow")
      yield* it.as("ivan", "Remove-MgDirectoryAdministrativeUnitMemberByRef", {
        AdministrativeUnitId: it.unit,
        DirectoryObjectId: userId("bob"),
      })
      assert.strictEqual(yield* it.renames("ursula", "bob"), "allow")
    }),
  )
})

describe("administrative units", () => {
  it.effect("[IDN-195] [IDN-217] a rule fills a unit, and then no hand does", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const unit = printed(
        yield* it.as("ivan", create, {
          DisplayName: "Guests",
          MembershipType: "Dynamic",
          MembershipRule: '(user.userType -eq "Member") and (user.displayName -eq "bob")',
          MembershipRuleProcessingState: "On",
        }),
      )
      const { output } = yield* it.as("ivan", "Get-MgDirectoryAdministrativeUnitMember", {
        AdministrativeUnitId: unit,
      })
      assert.deepStrictEqual(
        output.map(({ Id }) => Id),
        [userId("bob")],
      )
      assert.strictEqual(verdict(yield* member(it, unit, userId("carl"))), "deny unit-membership")
      yield* over(it, "alice", templates.user, unit)
      const answer = yield* it.as("alice", "Update-MgUser", {
        UserId: userId("bob"),
        DisplayName: "Robert",
      })
      assert.strictEqual(verdict(answer), "allow")
      // Renamed, Bob has left the unit, and with it the reach of Alice.
      const again = yield* it.as("alice", "disable-account", { user: userId("bob") })
      assert.strictEqual(verdict(again), "deny role")
    }),
  )

  it.effect("[IDN-242] names are unique, rules are read, objects exist", () =>
    Effect.gen(function* () {
      const it = yield* sales()
      const made = (params: object) => Effect.map(it.as("ivan", create, params), verdict)
      assert.strictEqual(yield* made({ DisplayName: "sales" }), "deny unit-name")
      assert.strictEqual(
        yield* made({ DisplayName: "Odd", MembershipRule: "user.shoeSize -eq 43" }),
        "deny unit-rule",
      )
      assert.strictEqual(verdict(yield* member(it, it.unit, "nobody")), "deny unit-membership")
      assert.strictEqual(verdict(yield* member(it, it.unit, userId("bob"))), "deny unit-membership")
      assert.strictEqual(verdict(yield* member(it, "None", userId("bob"))), "deny unit-known")
      const { output } = yield* it.as("ivan", "Get-MgDirectoryAdministrativeUnit")
      assert.deepStrictEqual(
        output.map(({ DisplayName, MembershipType }) => [DisplayName, MembershipType]),
        [["Sales", "Assigned"]],
      )
    }),
  )

  it.effect(
    "[IDN-242] what is deleted is in no unit any more, and is again when it comes back",
    () =>
      Effect.gen(function* () {
        const it = yield* sales()
        const inside = Effect.gen(function* () {
          const world = yield* it.world
          const unit = unitOf(world, "Sales")
          return unit === undefined ? [] : unitMemberIds(world, unit, 0)
        })
        yield* it.as("alice", "Remove-MgUser", { UserId: userId("bob") })
        assert.notInclude(yield* inside, userId("bob"))
        yield* it.as("ursula", "Restore-MgDirectoryDeletedItem", {
          DirectoryObjectId: userId("bob"),
        })
        assert.include(yield* inside, userId("bob"))
      }),
  )
})
