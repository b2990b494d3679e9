import { assert, describe, it } from "@effect/vitest"
import {
  appIds,
  assignedGroup,
  type Conditions,
  type ExternalUserType,
  type IdentityEvent,
} from "../../src/index.ts"
import { fabrikamId, refusal, start, userId, verdict } from "../world.ts"
import { alice, asked, block, guest, mfa, nina } from "./policies.ts"

const role = (assignment: "active" | "eligible"): IdentityEvent => ({
  _tag: "RoleAssigned",
  assignment: {
    principalId: userId("alice"),
    role: "Exchange Administrator",
    assignment,
    from: start,
  },
})

const from = (externalTenants: readonly string[]) =>
  block({
    users: {
      includeUsers: [],
      includeGuestsOrExternalUsers: {
        guestOrExternalUserTypes: ["b2bCollaborationGuest"],
        externalTenants,
      },
    },
  })

const answerFrom = (tenants: readonly string[]) =>
  verdict(asked("nina@fabrikam.com", [nina, from(tenants)]))

describe("which policies apply", () => {
  it("[IDN-151] none: access is not restricted", () => {
    assert.strictEqual(alice([]), "allow")
  })

  it("[IDN-147] [IDN-273] a block refuses with 53003", () => {
    const answer = asked("alice@contoso.com", [block()])
    assert.strictEqual(verdict(answer), "deny conditional-access-block")
    assert.strictEqual(refusal(answer), "AADSTS53003")
  })

  it("[IDN-146] [IDN-147] only an enabled policy is enforced", () => {
    assert.strictEqual(alice([block({ state: "disabled" })]), "allow")
    assert.strictEqual(alice([block({ state: "enabledForReportingButNotEnforced" })]), "allow")
  })

  it("[IDN-145] every configured condition has to match", () => {
    const browserOnly = { conditions: { clientAppTypes: ["browser" as const] } }
    assert.strictEqual(alice([block(browserOnly)]), "deny conditional-access-block")
    assert.strictEqual(alice([block(browserOnly)], { using: { app: "office-desktop" } }), "allow")
    const exchange = { apps: { includeApplications: [appIds.exchangeOnline] } }
    assert.strictEqual(alice([block(exchange)]), "allow")
  })

  it("[IDN-155] users by word, id, group and role; exclusion beats inclusion", () => {
    const team: IdentityEvent[] = [
      { _tag: "GroupCreated", group: assignedGroup({ id: "team", displayName: "Team" }) },
      { _tag: "GroupCreated", group: assignedGroup({ id: "outer", displayName: "Outer" }) },
      { _tag: "GroupMemberAdded", groupId: "team", memberId: userId("alice"), at: start },
      { _tag: "GroupMemberAdded", groupId: "outer", memberId: "team", at: start },
    ]
    const only = (users: Partial<Conditions["users"]>) =>
      alice([...team, block({ users: { includeUsers: [], ...users } })])
    const denied = "deny conditional-access-block"
    assert.strictEqual(only({ includeUsers: [userId("alice")] }), denied)
    assert.strictEqual(only({ includeUsers: [userId("bob")] }), "allow")
    assert.strictEqual(only({ includeUsers: ["None"] }), "allow")
    assert.strictEqual(only({ includeGroups: ["team"] }), denied)
    assert.strictEqual(only({ includeUsers: ["All"], excludeUsers: [userId("alice")] }), "allow")
    assert.strictEqual(only({ includeUsers: [userId("alice")], excludeGroups: ["team"] }), "allow")
    assert.strictEqual(only({ includeRoles: ["Global Administrator"] }), "allow")
  })

  it("[IDN-158] membership through nesting counts", () => {
    const events: IdentityEvent[] = [
      { _tag: "GroupCreated", group: assignedGroup({ id: "inner", displayName: "Inner" }) },
      { _tag: "GroupCreated", group: assignedGroup({ id: "outer", displayName: "Outer" }) },
      { _tag: "GroupMemberAdded", groupId: "inner", memberId: userId("alice"), at: start },
      { _tag: "GroupMemberAdded", groupId: "outer", memberId: "inner", at: start },
    ]
    const it = block({ users: { includeUsers: [], includeGroups: ["outer"] } })
    assert.strictEqual(alice([...events, it]), "deny conditional-access-block")
  })

  it("[IDN-155] [IDN-250] a role counts only while it is active", () => {
    const it = block({ users: { includeUsers: [], includeRoles: ["Exchange Administrator"] } })
    assert.strictEqual(alice([role("active"), it]), "deny conditional-access-block")
    assert.strictEqual(alice([role("eligible"), it]), "allow")
  })

  /** IDN-156, IDN-157 as a table: who is of which external type. */
  const types: readonly (readonly [string, readonly IdentityEvent[], ExternalUserType | "none"])[] =
    [
      ["alice@contoso.com", [], "none"],
      ["nina@fabrikam.com", [nina], "b2bCollaborationGuest"],
      [
        "nina@fabrikam.com",
        [guest("nina@fabrikam.com", "ExternalAzureAD", { userType: "Member" })],
        "b2bCollaborationMember",
      ],
      [
        "alice@contoso.com",
        [
          {
            _tag: "UserUpdated",
            userId: userId("alice"),
            changes: { userType: "Guest" },
            at: start,
          },
        ],
        "internalGuest",
      ],
      ["nina@fabrikam.com", [], "otherExternalUser"],
    ]
  it.each(types)("[IDN-156] [IDN-157] %s with %j is %s", (address, events, expected) => {
    for (const type of [
      "internalGuest",
      "b2bCollaborationGuest",
      "b2bCollaborationMember",
      "b2bDirectConnectUser",
      "otherExternalUser",
      "serviceProvider",
    ] as const) {
      const it = block({
        users: {
          includeUsers: [],
          includeGuestsOrExternalUsers: { guestOrExternalUserTypes: [type] },
        },
      })
      const answer = asked(address, [...events, it], {
        app: "Microsoft Rights Management Services",
        using: { app: "office-desktop" },
      })
      assert.strictEqual(
        verdict(answer),
        type === expected ? "deny conditional-access-block" : "allow",
        type,
      )
    }
  })

  it("[IDN-156] external users of one organization only", () => {
    assert.strictEqual(answerFrom([fabrikamId]), "deny conditional-access-block")
    assert.strictEqual(answerFrom(["another"]), "allow")
  })

  it("[IDN-160] [IDN-137] the suite covers SharePoint and Exchange, not the rights service", () => {
    const suite = block({ apps: { includeApplications: ["Office365"] } })
    assert.strictEqual(alice([suite]), "deny conditional-access-block")
    const rights = {
      app: "Microsoft Rights Management Services",
      using: { app: "office-desktop" },
    } as const
    assert.strictEqual(alice([suite], rights), "allow")
    assert.strictEqual(alice([block()], rights), "deny conditional-access-block")
    const without = block({ apps: { excludeApplications: [appIds.rightsManagement] } })
    assert.strictEqual(alice([without], rights), "allow")
  })

  it("[IDN-160] a policy for the admin portals or for no application touches neither", () => {
    for (const word of ["MicrosoftAdminPortals", "None"]) {
      assert.strictEqual(alice([block({ apps: { includeApplications: [word] } })]), "allow", word)
    }
  })

  it("[IDN-165] named locations: inside, outside, trusted, excluded", () => {
    const office: IdentityEvent = {
      _tag: "NamedLocationAdded",
      location: {
        id: "office",
        displayName: "Office",
        isTrusted: true,
        ipRanges: ["203.0.113.0/24", "2001:db8::/32"],
        countries: [],
      },
      at: start,
    }
    const at = (include: readonly string[], exclude: readonly string[], ipAddress: string) =>
      alice(
        [
          office,
          block({
            conditions: { locations: { includeLocations: include, excludeLocations: exclude } },
          }),
        ],
        { using: { ipAddress } },
      )
    const denied = "deny conditional-access-block"
    assert.strictEqual(at(["office"], [], "203.0.113.10"), denied)
    assert.strictEqual(at(["office"], [], "2001:db8::1"), denied)
    assert.strictEqual(at(["office"], [], "198.51.100.1"), "allow")
    assert.strictEqual(at(["All"], ["AllTrusted"], "203.0.113.10"), "allow")
    assert.strictEqual(at(["All"], ["AllTrusted"], "198.51.100.1"), denied)
    assert.strictEqual(at(["gone"], [], "203.0.113.10"), "allow")
    assert.strictEqual(at(["office"], [], "not an address"), "allow")
  })

  it("[IDN-165] countries and [IDN-163] platforms are not recorded: where they decide, it is said", () => {
    const abroad: IdentityEvent = {
      _tag: "NamedLocationAdded",
      location: {
        id: "abroad",
        displayName: "Abroad",
        isTrusted: false,
        ipRanges: [],
        countries: ["FR"],
      },
      at: start,
    }
    const where = { locations: { includeLocations: ["abroad"], excludeLocations: [] } }
    assert.strictEqual(
      alice([abroad, block({ conditions: where })]),
      "unknown conditional-access-block",
    )
    const phones = { platforms: { includePlatforms: ["iOS"], excludePlatforms: [] } }
    const it = block({ conditions: phones })
    assert.strictEqual(alice([it]), "unknown conditional-access-block")
    assert.strictEqual(alice([it], { platform: "iOS" }), "deny conditional-access-block")
    assert.strictEqual(alice([it], { platform: "windows" }), "allow")
    // A block elsewhere decides, whatever is not recorded.
    assert.strictEqual(
      alice([abroad, block(), mfa({ conditions: where })]),
      "deny conditional-access-block",
    )
  })

  it("[IDN-167] a policy for risky sign-ins leaves the others alone", () => {
    assert.strictEqual(alice([block({ conditions: { signInRiskLevels: ["high"] } })]), "allow")
  })
})
