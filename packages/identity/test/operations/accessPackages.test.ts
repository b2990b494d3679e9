import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import { userOf } from "../../src/index.ts"
import { approve, ask, isPartner, nina, pat, withPackage, zoe } from "../packages.ts"
import { fabrikamId, lab, printed, refusal, userId, verdict, withPasscode } from "../world.ts"

const guestsOut = (excluded: readonly string[]) => ({
  DisplayName: "Guests are out",
  State: "enabled",
  Conditions: {
    users: {
      includeGuestsOrExternalUsers: {
        guestOrExternalUserTypes: "b2bCollaborationGuest,otherExternalUser",
        externalTenants: {
          "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants",
          membershipKind: "all",
        },
      },
    },
    applications: { includeApplications: ["All"], excludeApplications: excluded },
  },
  GrantControls: { operator: "OR", builtInControls: ["block"] },
})

const stage = (name: string) => ({
  durationBeforeAutomaticDenial: "P3D",
  isApproverJustificationRequired: true,
  primaryApprovers: [{ userId: userId(name) }],
})

describe("an access package", () => {
  it.effect("[IDN-240] makes the guest on approval, without an invitation mail", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* withPackage(it)
      const request = printed(yield* ask(it, zoe), "id")
      assert.isUndefined(userOf(yield* it.world, zoe))
      assert.strictEqual((yield* it.mailbox("bob@contoso.com")).at(-1)?.link, request)
      assert.strictEqual(verdict(yield* approve(it, request, "alice")), "deny approver")
      assert.strictEqual(verdict(yield* approve(it, request)), "allow")
      assert.strictEqual(userOf(yield* it.world, zoe)?.externalUserState, "PendingAcceptance")
      assert.isTrue(yield* isPartner(it, zoe))
      assert.deepStrictEqual(
        (yield* it.mailbox(zoe)).filter(({ kind }) => kind === "invitation"),
        [],
      )
      assert.strictEqual(verdict(yield* it.as(zoe, "redeem-invitation")), "allow")
      assert.strictEqual(verdict(yield* approve(it, request)), "deny request-open")
    }),
  )

  it.effect(
    "[IDN-240] domain lists and cross-tenant access still apply, the invite settings do not",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([
          { _tag: "AuthorizationPolicyUpdated", changes: { allowInvitesFrom: "none" }, at: 0 },
          {
            _tag: "InvitationDomainListSet",
            list: { kind: "block", domains: ["outlook.com"] },
            at: 0,
          },
        ])
        yield* withPackage(it)
        assert.strictEqual(verdict(yield* ask(it, zoe)), "deny domain-list")
        const request = printed(yield* ask(it, nina), "id")
        yield* it.as("ivan", "New-MgPolicyCrossTenantAccessPolicyPartner", {
          TenantId: fabrikamId,
          B2bCollaborationInbound: {
            usersAndGroups: {
              accessType: "blocked",
              targets: [{ target: "AllUsers", targetType: "user" }],
            },
            applications: {
              accessType: "blocked",
              targets: [{ target: "AllApplications", targetType: "application" }],
            },
          },
        })
        // Blocked between request and approval: the delivery fails, nobody is made.
        const late = yield* approve(it, request)
        assert.strictEqual(printed(late, "state"), "deliveryFailed")
        assert.isUndefined(userOf(yield* it.world, nina))
        assert.strictEqual(verdict(yield* ask(it, "oscar@fabrikam.com")), "deny resource-inbound")
      }),
  )

  it.effect.each([
    ["allExternalUsers", zoe, "allow"],
    ["allExternalUsers", nina, "allow"],
    ["allExternalUsers", "alice", "deny assignment-policy"],
    ["allMemberUsers", "alice", "allow"],
    ["allMemberUsers", nina, "deny assignment-policy"],
    ["allDirectoryUsers", "alice", "allow"],
    ["allDirectoryUsers", zoe, "deny assignment-policy"],
    ["specificDirectoryUsers", "alice", "allow"],
    ["specificDirectoryUsers", "bob", "deny assignment-policy"],
    ["allConfiguredConnectedOrganizationUsers", nina, "allow"],
    ["allConfiguredConnectedOrganizationUsers", zoe, "deny assignment-policy"],
    ["notSpecified", "alice", "deny assignment-policy"],
  ] as const)("[IDN-240] with the scope %s %s asks", ([scope, who, expected]) =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.as("ivan", "New-MgEntitlementManagementConnectedOrganization", {
        DisplayName: "Fabrikam",
        IdentitySources: [{ tenantId: fabrikamId }],
      })
      yield* withPackage(it, {
        scope,
        policy: { SpecificAllowedTargets: [{ userId: userId("alice") }] },
      })
      assert.strictEqual(verdict(yield* ask(it, who)), expected)
    }),
  )

  it.effect("[IDN-240] a proposed organization and a hidden catalogue offer nothing outside", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.as("ivan", "New-MgEntitlementManagementConnectedOrganization", {
        DisplayName: "Fabrikam",
        State: "proposed",
        IdentitySources: [{ domainName: "fabrikam.com" }],
      })
      yield* withPackage(it, { scope: "allConfiguredConnectedOrganizationUsers" })
      assert.strictEqual(verdict(yield* ask(it, nina)), "deny assignment-policy")
      const other = yield* lab()
      yield* withPackage(other, { isVisible: false })
      assert.strictEqual(verdict(yield* ask(other, nina)), "deny access-package")
    }),
  )

  it.effect(
    "[IDN-240] everybody outside may ask only while the passcode is on; a mailbox asks with one",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        assert.strictEqual(
          verdict(yield* it.as(pat, "request-passcode")),
          "deny passcode-recipient",
        )
        yield* withPackage(it, { stages: [] })
        assert.strictEqual(verdict(yield* ask(it, pat)), "challenge first-factor")
        assert.strictEqual(verdict(yield* withPasscode(it, pat)), "allow")
        assert.strictEqual(verdict(yield* ask(it, pat)), "allow")
        assert.isTrue(yield* isPartner(it, pat))
        yield* it.simulation.establish("otp off", [
          { _tag: "EmailOtpSet", state: "disabled", at: 0 },
        ])
        assert.strictEqual(verdict(yield* ask(it, zoe)), "deny passcode-for-everybody")
      }),
  )

  it.effect(
    "[IDN-240] nobody answers: denied; nobody approves the own request; it can be withdrawn",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* withPackage(it, { scope: "allMemberUsers" })
        const own = printed(yield* ask(it, "bob"), "id")
        assert.strictEqual(verdict(yield* approve(it, own)), "deny approver")
        assert.strictEqual(
          verdict(yield* it.as("bob", "cancel-access-request", { request: own })),
          "allow",
        )
        const request = printed(yield* ask(it, "alice"), "id")
        assert.strictEqual(verdict(yield* ask(it, "alice")), "deny package-held")
        yield* it.wait(days(14))
        assert.strictEqual(verdict(yield* approve(it, request)), "deny request-open")
        assert.isFalse(yield* isPartner(it, "alice"))
      }),
  )

  it.effect(
    "[IDN-240] on losing the last package the guest is blocked for 30 days and then removed",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* withPackage(it)
        yield* approve(it, printed(yield* ask(it, zoe), "id"))
        yield* it.as(zoe, "redeem-invitation")
        yield* it.wait(days(46))
        assert.include((yield* it.mailbox(zoe)).at(-1)?.subject ?? "", "ends soon")
        yield* it.wait(days(14))
        assert.isFalse(yield* isPartner(it, zoe))
        assert.strictEqual(refusal(yield* it.as(zoe, "sign-in")), "AADSTS50057")
        yield* it.wait(days(29))
        assert.isFalse(userOf(yield* it.world, zoe)?.accountEnabled)
        yield* it.wait(days(1))
        assert.isUndefined(userOf(yield* it.world, zoe))
      }),
  )

  it.effect.each([
    ["none", true, true],
    ["blockSignIn", true, false],
    ["blockSignInAndDelete", false, false],
  ] as const)(
    "[IDN-240] with the lifecycle %s the guest is there: %s, enabled: %s",
    ([action, isThere, isEnabled]) =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* withPackage(it, { stages: [] })
        yield* it.as("ivan", "Update-MgEntitlementManagementSetting", {
          ExternalUserLifecycleAction: action,
          DurationUntilExternalUserDeletedAfterBlocked: "P5D",
        })
        yield* ask(it, zoe)
        yield* it.as(zoe, "return-access-package", { package: "Project" })
        yield* it.wait(days(5))
        const user = userOf(yield* it.world, zoe)
        assert.strictEqual(user !== undefined, isThere)
        assert.strictEqual(user?.accountEnabled ?? false, isEnabled)
      }),
  )

  it.effect(
    "[IDN-240] a guest who was invited otherwise is left alone, and another request unblocks",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* withPackage(it, { stages: [] })
        yield* it.as("alice", "invite-guest", { address: nina })
        yield* ask(it, nina)
        yield* it.as(nina, "return-access-package", { package: "Project" })
        yield* it.wait(days(40))
        assert.isTrue(userOf(yield* it.world, nina)?.accountEnabled)
        yield* ask(it, zoe)
        yield* it.as(zoe, "return-access-package", { package: "Project" })
        assert.isFalse(userOf(yield* it.world, zoe)?.accountEnabled)
        const id = userOf(yield* it.world, zoe)?.id
        yield* it.as("ivan", "New-MgEntitlementManagementAssignmentRequest", {
          RequestType: "adminAdd",
          Assignment: {
            targetId: id,
            accessPackageId: "Project",
            assignmentPolicyId: "For outside",
          },
        })
        assert.isTrue(userOf(yield* it.world, zoe)?.accountEnabled)
        yield* it.wait(days(40))
        assert.isDefined(userOf(yield* it.world, zoe))
      }),
  )

  it.effect(
    "[IDN-241] a policy for guests on all resources keeps people from asking, unless it excludes the app",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* withPackage(it, { stages: [] })
        const made = yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", guestsOut([]))
        assert.strictEqual(verdict(made), "allow")
        assert.strictEqual(refusal(yield* ask(it, zoe)), "AADSTS53003")
        yield* it.as("carl", "Update-MgIdentityConditionalAccessPolicy", {
          ConditionalAccessPolicyId: printed(made),
          ...guestsOut(["810dcf14-1858-4bf2-8134-4c369fa3235b"]),
        })
        assert.strictEqual(verdict(yield* ask(it, zoe)), "allow")
      }),
  )

  it.effect(
    "[IDN-240] two stages answer one after the other; reasons and a licence where they are asked for",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const stages = [stage("bob"), stage("alice")]
        yield* withPackage(it, {
          stages,
          policy: {
            RequestApprovalSettings: {
              isApprovalRequiredForAdd: true,
              isRequestorJustificationRequired: true,
              stages,
            },
          },
        })
        assert.strictEqual(verdict(yield* ask(it, zoe)), "deny request-justification")
        const request = printed(yield* ask(it, zoe, { justification: "Launch" }), "id")
        assert.strictEqual(verdict(yield* approve(it, request)), "deny approver-justification")
        const say = (who: string) =>
          it.as(who, "approve-access-request", { request, justification: "Known" })
        assert.strictEqual(verdict(yield* say("alice")), "deny approver")
        assert.strictEqual(verdict(yield* say("bob")), "allow")
        assert.isUndefined(userOf(yield* it.world, zoe))
        assert.strictEqual(verdict(yield* say("alice")), "allow")
        assert.isTrue(yield* isPartner(it, zoe))
        const { organization } = (yield* it.world).identity
        if (organization === undefined) throw new Error("no organization")
        yield* it.simulation.establish("licences", [
          { _tag: "OrganizationCreated", organization: { ...organization, licenses: ["P1"] } },
        ])
        assert.strictEqual(
          verdict(yield* ask(it, nina, { justification: "x" })),
          "deny governance-licence",
        )
      }),
  )

  it.effect.each([
    [
      "New-MgEntitlementManagementResourceRequest",
      {
        RequestType: "adminAdd",
        Resource: { originId: "nowhere", originSystem: "AadGroup" },
        Catalog: { id: "Outside" },
      },
    ],
    [
      "New-MgEntitlementManagementResourceRequest",
      {
        RequestType: "adminAdd",
        Resource: { originId: "partners", originSystem: "AadGroup" },
        Catalog: { id: "none" },
      },
    ],
    ["New-MgEntitlementManagementAccessPackage", { DisplayName: "Other", Catalog: { id: "none" } }],
    [
      "New-MgEntitlementManagementAccessPackage",
      { DisplayName: "Project", Catalog: { id: "Outside" } },
    ],
    ["New-MgEntitlementManagementCatalog", { DisplayName: "Outside" }],
    [
      "New-MgEntitlementManagementAccessPackageResourceRoleScope",
      { AccessPackageId: "none", Role: { originId: "Member_partners" } },
    ],
    [
      "New-MgEntitlementManagementAssignmentPolicy",
      { DisplayName: "p", AccessPackage: { id: "none" }, AllowedTargetScope: "allMemberUsers" },
    ],
    [
      "New-MgEntitlementManagementAssignmentPolicy",
      {
        DisplayName: "p",
        AccessPackage: { id: "Project" },
        AllowedTargetScope: "allMemberUsers",
        Expiration: { type: "afterDuration", duration: "P0D" },
      },
    ],
    [
      "Update-MgEntitlementManagementSetting",
      { DurationUntilExternalUserDeletedAfterBlocked: "soon" },
    ],
    [
      "New-MgEntitlementManagementConnectedOrganization",
      { DisplayName: "Empty", IdentitySources: [{ displayName: "x" }] },
    ],
  ] as const)("[IDN-240] %s %j is refused and changes nothing", ([name, params]) =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* withPackage(it)
      const before = yield* it.world
      const answer = yield* it.as("ivan", name, params)
      assert.strictEqual(verdict(answer), "deny entitlement-set-up")
      assert.strictEqual(yield* it.world, before)
      assert.strictEqual(verdict(yield* it.as("ursula", name, params)), "deny role")
    }),
  )
})
