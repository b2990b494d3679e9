import { assert, describe, it } from "@effect/vitest"
import { minutes } from "@twin/kernel"
import { Effect } from "effect"
import {
  evaluateProtectionGroup,
  groupKindOf,
  groupOf,
  groupsOf,
  type IdentityEvent,
  memberIdsOf,
} from "../../src/index.ts"
import { lab, printed, refusal, start, userId, verdict } from "../world.ts"

const security = { MailEnabled: false, SecurityEnabled: true }
const unified = { MailEnabled: true, SecurityEnabled: false, GroupTypes: ["Unified"] }
const heidi: readonly IdentityEvent[] = [
  {
    _tag: "RoleAssigned",
    assignment: {
      principalId: userId("bob"),
      role: "Exchange Administrator",
      assignment: "active",
      from: start,
    },
  },
]

describe("the kinds of groups", () => {
  /** Who makes it, with what, what it is, and whether a permission can name it (IDN-188, IDN-225). */
  const table = [
    ["New-MgGroup", { DisplayName: "G", MailNickname: "g", ...security }, "security", "deny"],
    ["New-MgGroup", { DisplayName: "G", MailNickname: "g", ...unified }, "microsoft-365", "allow"],
    ["New-UnifiedGroup", { DisplayName: "G" }, "microsoft-365", "allow"],
    ["New-DistributionGroup", { Name: "G" }, "distribution", "allow"],
    ["New-DistributionGroup", { Name: "G", Type: "Distribution" }, "distribution", "allow"],
    ["New-DistributionGroup", { Name: "G", Type: "Security" }, "mail-enabled-security", "allow"],
  ] as const

  it.effect.each(table)(
    "[IDN-188] [IDN-189] [IDN-225] %s %o makes a %s group; in permissions: %s",
    ([cmdlet, params, kind, protection]) =>
      Effect.gen(function* () {
        const it = yield* lab()
        assert.strictEqual(verdict(yield* it.as("ivan", cmdlet, params)), "allow")
        const world = yield* it.world
        const group = groupOf(world, "G")
        assert.strictEqual(group === undefined ? "none" : groupKindOf(group), kind)
        assert.strictEqual(evaluateProtectionGroup(world, "G").outcome, protection)
      }),
  )

  it.effect("[IDN-225] a dynamic distribution group is unknown to the directory", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const params = { Name: "All Sales", RecipientFilter: "Department -eq 'Sales'" }
      const answer = yield* it.as("ivan", "New-DynamicDistributionGroup", params)
      assert.strictEqual(verdict(answer), "allow")
      const world = yield* it.world
      assert.isUndefined(groupOf(world, "AllSales@contoso.com"))
      assert.strictEqual(evaluateProtectionGroup(world, "AllSales@contoso.com").outcome, "deny")
      const taken = yield* it.as("ivan", "New-DistributionGroup", { Name: "AllSales" })
      assert.strictEqual(verdict(taken), "deny group-address-free")
    }),
  )

  it.effect(
    "[IDN-189] Exchange makes them for its administrators, and shows others no cmdlet",
    () =>
      Effect.gen(function* () {
        const it = yield* lab(heidi)
        assert.strictEqual(
          verdict(yield* it.as("bob", "New-DistributionGroup", { Name: "L" })),
          "allow",
        )
        const denied = yield* it.as("alice", "New-DistributionGroup", { Name: "M" })
        assert.strictEqual(verdict(denied), "deny role")
        assert.strictEqual(refusal(denied), "CommandNotFoundException")
      }),
  )

  it.effect(
    "refuses an address that is taken or in no domain of the tenant, and unknown members",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const verdicts = []
        for (const params of [
          { Name: "X", PrimarySmtpAddress: "alice@contoso.com" },
          { Name: "X", PrimarySmtpAddress: "x@fabrikam.com" },
          { Name: "X", Members: ["nobody@contoso.com"] },
        ]) {
          verdicts.push(verdict(yield* it.as("ivan", "New-DistributionGroup", params)))
        }
        assert.deepStrictEqual(verdicts, [
          "deny group-address-free",
          "deny group-domain",
          "deny member-kind",
        ])
        assert.isUndefined(groupOf(yield* it.world, "X"))
      }),
  )
})

describe("visibility", () => {
  it.effect("[IDN-191] is Public unless told otherwise, and hidden for good", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const visibility = (name: string) =>
        Effect.map(it.world, (world) => groupOf(world, name)?.visibility)
      yield* it.as("ivan", "New-UnifiedGroup", { DisplayName: "Open" })
      yield* it.as("ivan", "New-UnifiedGroup", { DisplayName: "Closed", AccessType: "Private" })
      yield* it.as("ivan", "New-UnifiedGroup", {
        DisplayName: "Secret",
        HiddenGroupMembershipEnabled: true,
      })
      assert.strictEqual(yield* visibility("Open"), "Public")
      assert.strictEqual(yield* visibility("Closed"), "Private")
      assert.strictEqual(yield* visibility("Secret"), "HiddenMembership")
      const opened = { Identity: "Secret", AccessType: "Public" }
      assert.strictEqual(
        verdict(yield* it.as("ivan", "Set-UnifiedGroup", opened)),
        "deny group-visibility",
      )
      const GroupId = groupOf(yield* it.world, "Secret")?.id ?? ""
      assert.strictEqual(
        verdict(yield* it.as("ivan", "Update-MgGroup", { GroupId, Visibility: "Private" })),
        "deny group-visibility",
      )
      const again = { Identity: "Closed", AccessType: "Public" }
      assert.strictEqual(verdict(yield* it.as("ivan", "Set-UnifiedGroup", again)), "allow")
      assert.strictEqual(yield* visibility("Closed"), "Public")
    }),
  )

  it.effect("[IDN-191] only a Microsoft 365 group hides its members", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const params = {
        DisplayName: "S",
        MailNickname: "s",
        ...security,
        Visibility: "HiddenMembership",
      }
      assert.strictEqual(
        verdict(yield* it.as("ivan", "New-MgGroup", params)),
        "deny group-visibility",
      )
    }),
  )
})

describe("the welcome", () => {
  const dynamic = {
    DisplayName: "Everybody",
    MailNickname: "everybody",
    ...unified,
    GroupTypes: ["Unified", "DynamicMembership"],
    MembershipRule: 'user.displayName -eq "bob"',
    MembershipRuleProcessingState: "On",
  }

  it.effect("[IDN-192] goes to new members, also to those whom a rule brings in", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.as("ivan", "New-UnifiedGroup", {
        DisplayName: "Team",
        Members: ["alice@contoso.com"],
      })
      yield* it.as("ivan", "New-MgGroup", dynamic)
      yield* it.wait(minutes(5))
      const subjects = (who: string) =>
        Effect.map(it.mailbox(`${who}@contoso.com`), (mails) => mails.map(({ subject }) => subject))
      assert.deepStrictEqual(yield* subjects("alice"), ["You've joined the Team group"])
      assert.deepStrictEqual(yield* subjects("bob"), ["You've joined the Everybody group"])
    }),
  )

  it.effect("[IDN-192] can be turned off, and is no matter of other groups", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.as("ivan", "New-UnifiedGroup", { DisplayName: "Team" })
      yield* it.as("ivan", "Set-UnifiedGroup", {
        Identity: "Team",
        UnifiedGroupWelcomeMessageEnabled: false,
      })
      const shown = yield* it.as("ivan", "Get-UnifiedGroup", { Identity: "Team" })
      assert.isFalse(shown.output[0]?.["WelcomeMessageEnabled"])
      const GroupId = groupOf(yield* it.world, "Team")?.id ?? ""
      yield* it.as("ivan", "New-MgGroupMember", { GroupId, DirectoryObjectId: userId("alice") })
      yield* it.as("ivan", "New-DistributionGroup", {
        Name: "List",
        Members: ["alice@contoso.com"],
      })
      assert.isEmpty(yield* it.mailbox("alice@contoso.com"))
      assert.deepStrictEqual(
        groupsOf(yield* it.world, "alice@contoso.com").map(({ displayName }) => displayName),
        ["List", "Team"],
      )
    }),
  )
})

describe("what a group may hold", () => {
  it.effect(
    "[IDN-190] devices and groups go into security groups, not into Microsoft 365 groups",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const device = printed(yield* it.as("ivan", "New-MgDevice", { DisplayName: "PC-1" }))
        yield* it.as("ivan", "New-UnifiedGroup", { DisplayName: "Team" })
        const plain = { DisplayName: "Devices", MailNickname: "devices", ...security }
        const GroupId = printed(yield* it.as("ivan", "New-MgGroup", plain))
        const team = groupOf(yield* it.world, "Team")?.id ?? ""
        const add = (into: string, DirectoryObjectId: string) =>
          Effect.map(
            it.as("ivan", "New-MgGroupMember", { GroupId: into, DirectoryObjectId }),
            verdict,
          )
        assert.strictEqual(yield* add(GroupId, device), "allow")
        assert.strictEqual(yield* add(team, device), "deny member-kind")
        assert.strictEqual(yield* add(team, GroupId), "deny member-kind")
        assert.deepStrictEqual(memberIdsOf(yield* it.world, GroupId), [device])
        const members = yield* it.as("ivan", "Get-MgGroupMember", { GroupId })
        assert.strictEqual(members.output[0]?.["@odata.type"], "#microsoft.graph.device")
      }),
  )

  it.effect("[IDN-216] a rule about devices needs a security group", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const rule = {
        MembershipRule: 'device.deviceOSType -eq "Windows"',
        MembershipRuleProcessingState: "On",
      }
      const kinds = [
        { ...security, GroupTypes: ["DynamicMembership"] },
        { ...unified, GroupTypes: ["Unified", "DynamicMembership"] },
      ]
      const verdicts = []
      for (const kind of kinds) {
        verdicts.push(
          verdict(
            yield* it.as("ivan", "New-MgGroup", {
              DisplayName: "W",
              MailNickname: "w",
              ...kind,
              ...rule,
            }),
          ),
        )
      }
      assert.deepStrictEqual(verdicts, ["allow", "deny device-rule"])
    }),
  )

  it.effect("a device is changed and removed, and its groups follow", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const id = printed(
        yield* it.as("ivan", "New-MgDevice", { DisplayName: "PC-1", OperatingSystem: "Windows" }),
      )
      yield* it.as("ivan", "New-MgGroup", {
        DisplayName: "W",
        MailNickname: "w",
        ...security,
        GroupTypes: ["DynamicMembership"],
        MembershipRule:
          'device.deviceOSType -eq "Windows" -and device.deviceTrustType -eq "AzureAD"',
        MembershipRuleProcessingState: "On",
      })
      const members = Effect.map(it.world, (world) =>
        memberIdsOf(world, groupOf(world, "W")?.id ?? ""),
      )
      yield* it.wait(minutes(5))
      assert.isEmpty(yield* members)
      yield* it.as("ivan", "Update-MgDevice", { DeviceId: id, TrustType: "AzureAD" })
      yield* it.wait(minutes(5))
      assert.deepStrictEqual(yield* members, [id])
      yield* it.as("ivan", "Remove-MgDevice", { DeviceId: id })
      yield* it.wait(minutes(5))
      assert.isEmpty(yield* members)
      const gone = yield* it.as("ivan", "Get-MgDevice", { DeviceId: id })
      assert.strictEqual(verdict(gone), "deny object-found")
      assert.strictEqual(
        verdict(yield* it.as("alice", "Remove-MgDevice", { DeviceId: id })),
        "deny role",
      )
    }),
  )
})
