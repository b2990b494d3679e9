import { assert, describe, it } from "@effect/vitest"
import { days, hours, instant, minutes } from "@twin/kernel"
import { Arbitrary, Effect, HashMap, Schema } from "effect"
import {
  allowedForAll,
  blockedForAll,
  guestUserRoleIds,
  type IdentityEvent,
  untouchedPolicy,
  userOf,
} from "../../src/index.ts"
import {
  accepted,
  codeIn,
  contosoId,
  fabrikamId,
  invited,
  lab,
  linkIn,
  printed,
  userId,
  verdict,
} from "../world.ts"

const nina = "nina@fabrikam.com"
const pat = "pat@mailbox.example"
const zoe = "zoe@outlook.com"
const partner = "New-MgPolicyCrossTenantAccessPolicyPartner"

describe("an invitation", () => {
  it.effect("[IDN-017] has four statuses: in progress, waiting, completed, error", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const status = Effect.fnUntraced(function* (address: string) {
        const world = yield* it.world
        const id = userOf(world, address)?.id
        return HashMap.toValues(world.identity.invitations).find((one) => one.userId === id)?.status
      })
      yield* it.fault("invitation-processing-delayed")
      const made = yield* it.as("alice", "invite-guest", { address: nina })
      assert.strictEqual(printed(made, "status"), "InProgress")
      assert.deepStrictEqual(yield* it.mailbox(nina), [])
      yield* it.wait(minutes(15))
      assert.strictEqual(yield* status(nina), "PendingAcceptance")
      const link = linkIn(yield* it.mailbox(nina))
      yield* it.as(nina, "redeem-invitation", { link })
      assert.strictEqual(yield* status(nina), "Completed")
      yield* it.as("alice", "invite-guest", { address: zoe })
      yield* it.fault("directory-outage")
      yield* it.wait(minutes(15))
      assert.strictEqual(yield* status(zoe), "Error")
      assert.deepStrictEqual(yield* it.mailbox(zoe), [])
    }),
  )

  it.effect.each([
    [["User.Invite.All"], "allow"],
    [["user.readwrite.all"], "allow"],
    [["Directory.ReadWrite.All"], "allow"],
    [["User.Read.All", "Group.ReadWrite.All"], "deny graph-permission"],
    [[], "deny graph-permission"],
  ] as const)("[IDN-020] with the permissions %j Graph invites: %s", ([Scopes, expected]) =>
    Effect.gen(function* () {
      const it = yield* lab([
        {
          _tag: "AuthorizationPolicyUpdated",
          changes: { allowInvitesFrom: "adminsAndGuestInviters" },
          at: 0,
        },
      ])
      const invite = (who: string) =>
        Effect.map(
          it.as(who, "New-MgInvitation", {
            InvitedUserEmailAddress: nina,
            InviteRedirectUrl: "https://contoso.com",
          }),
          verdict,
        )
      for (const who of ["ivan", "alice"]) yield* it.as(who, "Connect-MgGraph", { Scopes })
      assert.strictEqual(yield* invite("ivan"), expected)
      // A permission does not replace the right to invite.
      assert.strictEqual(
        yield* invite("alice"),
        expected === "allow" ? "deny invite-policy" : expected,
      )
      yield* it.as("ivan", "Disconnect-MgGraph")
      assert.strictEqual(yield* invite("ivan"), "allow")
    }),
  )
})

describe("cross-tenant access settings", () => {
  it.effect(
    "[IDN-118] had room for 25 KB until 2023, and have for any number of partners since",
    () =>
      Effect.gen(function* () {
        const add = Effect.fnUntraced(function* (day: string) {
          const it = yield* lab(
            [
              {
                _tag: "RoleAssigned",
                assignment: {
                  principalId: userId("ivan"),
                  role: "Global Administrator",
                  assignment: "active",
                  from: 0,
                },
              },
            ],
            { now: instant(day) },
          )
          for (let count = 0; count < 60; count++) {
            const answer = yield* it.as("ivan", partner, {
              TenantId: `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`,
              B2bCollaborationInbound: allowedForAll,
              B2bCollaborationOutbound: allowedForAll,
            })
            if (verdict(answer) !== "allow") return answer
          }
          return undefined
        })
        const refused = yield* add("2022-06-01")
        assert.strictEqual(refused === undefined ? "" : verdict(refused), "deny policy-size")
        assert.strictEqual(
          refused?.decision.gates.at(-1)?.refusal?.message,
          "Failure to update policy due to object limit",
        )
        assert.isUndefined(yield* add("2026-09-01"))
      }),
  )

  it.effect("[IDN-121] keep what nothing obeys, and show it", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, nina)
      const kept = {
        m365CollaborationInbound: { users: { accessType: "blocked" } },
        appServiceConnectInbound: { applications: {} },
      }
      assert.strictEqual(
        verdict(
          yield* it.as("ivan", partner, { BodyParameter: { tenantId: fabrikamId, ...kept } }),
        ),
        "allow",
      )
      const [row] = (yield* it.as("ivan", "Get-MgPolicyCrossTenantAccessPolicyPartner")).output
      assert.deepStrictEqual(row?.["M365CollaborationInbound"], kept.m365CollaborationInbound)
      assert.deepStrictEqual(row?.["AppServiceConnectInbound"], kept.appServiceConnectInbound)
      assert.strictEqual(verdict(yield* it.as(nina, "sign-in")), "allow")
    }),
  )

  it.effect(
    "[IDN-113] let somebody in only where both sides allow it, whatever the combination",
    () =>
      Effect.gen(function* () {
        for (const outbound of [allowedForAll, blockedForAll]) {
          for (const inbound of [allowedForAll, blockedForAll]) {
            const it = yield* lab()
            yield* accepted(it, nina)
            const here: IdentityEvent = {
              _tag: "CrossTenantPartnerAdded",
              partner: { tenantId: fabrikamId, b2bCollaborationInbound: inbound },
              at: 0,
            }
            const there: IdentityEvent = {
              _tag: "ForeignCrossTenantAccessSet",
              tenantId: fabrikamId,
              crossTenantAccess: {
                ...untouchedPolicy,
                partners: {
                  [contosoId]: { tenantId: contosoId, b2bCollaborationOutbound: outbound },
                },
              },
              at: 0,
            }
            yield* it.simulation.establish("settings", [here, there])
            const isOpen = outbound === allowedForAll && inbound === allowedForAll
            assert.strictEqual(verdict(yield* it.as(nina, "sign-in")) === "allow", isOpen)
          }
        }
      }),
  )
})

describe("leaving", () => {
  const forbidden = { AllowExternalIdentitiesToLeave: false }
  const privacy = {
    OrganizationId: contosoId,
    PrivacyProfile: {
      contactEmail: "privacy@contoso.com",
      statementUrl: "https://contoso.com/privacy",
    },
  }

  it.effect(
    "[IDN-105] can be switched off once privacy information is published; then an admin is named",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* accepted(it, nina)
        const change = "Update-MgBetaPolicyExternalIdentityPolicy"
        assert.strictEqual(
          verdict(yield* it.as("ivan", change, forbidden)),
          "deny entitlement-set-up",
        )
        assert.strictEqual(
          verdict(yield* it.as("ursula", "Update-MgOrganization", privacy)),
          "deny role",
        )
        yield* it.as("ivan", "Update-MgOrganization", privacy)
        assert.strictEqual(verdict(yield* it.as("ivan", change, forbidden)), "allow")
        const answer = yield* it.as(nina, "leave-organization")
        assert.strictEqual(verdict(answer), "deny external-user-leave")
        assert.include(answer.decision.gates.at(-1)?.refusal?.message ?? "", "privacy@contoso.com")
        assert.isDefined(userOf(yield* it.world, nina))
      }),
  )

  it.effect(
    "[IDN-239] [IDN-014] deletes the account, reversibly for thirty days; personal accounts name the tenant",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        for (const address of [nina, pat, zoe]) yield* accepted(it, address)
        assert.strictEqual(
          verdict(yield* it.as("alice", "leave-organization")),
          "deny leaving-person",
        )
        const id = userOf(yield* it.world, nina)?.id ?? ""
        assert.strictEqual(verdict(yield* it.as(nina, "leave-organization")), "allow")
        assert.strictEqual(verdict(yield* it.as(nina, "sign-in")), "deny account-in-directory")
        for (const address of [pat, zoe]) {
          assert.strictEqual(
            verdict(yield* it.as(address, "leave-organization")),
            "deny leave-page",
          )
          assert.strictEqual(
            verdict(yield* it.as(address, "leave-organization", { tenantId: contosoId })),
            "allow",
          )
          assert.isUndefined(userOf(yield* it.world, address))
        }
        yield* it.wait(days(29))
        assert.strictEqual(
          verdict(
            yield* it.as("ursula", "Restore-MgDirectoryDeletedItem", { DirectoryObjectId: id }),
          ),
          "allow",
        )
        assert.strictEqual(verdict(yield* it.as(nina, "sign-in")), "allow")
      }),
  )
})

describe("properties", () => {
  const step = Schema.Literals([
    "request",
    "right",
    "wrong",
    "other-address",
    "wait-29",
    "wait-1",
    "wait-1440",
  ])

  it.effect.prop(
    "[IDN-050] [IDN-049] a passcode works once, for its address, in time, within five tries",
    [Arbitrary.array(Arbitrary.schema(step), { minLength: 1, maxLength: 14 })],
    ([steps]) =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* invited(it, pat)
        let code = "no code"
        let model: { age: number; tries: number; used: boolean } | undefined
        for (const action of steps) {
          if (action === "request") {
            yield* it.as(pat, "request-passcode")
            code = codeIn(yield* it.mailbox(pat))
            model = { age: 0, tries: 5, used: false }
          } else if (action.startsWith("wait-")) {
            const count = Number(action.slice(5))
            yield* it.wait(minutes(count))
            if (model !== undefined) model = { ...model, age: model.age + count }
          } else {
            const isRight = action === "right"
            const wrong = code === "00000000" ? "11111111" : "00000000"
            const answer = yield* it.as(action === "other-address" ? zoe : pat, "enter-passcode", {
              code: action === "wrong" ? wrong : code,
            })
            const good: boolean =
              isRight && model !== undefined && !model.used && model.age < 30 && model.tries > 0
            assert.strictEqual(verdict(answer) === "allow", good, steps.join())
            if (model !== undefined && good) model = { ...model, used: true }
            else if (model !== undefined && action === "wrong" && !model.used && model.age < 30) {
              model = { ...model, tries: Math.max(0, model.tries - 1) }
            }
          }
        }
      }),
  )

  const domains = Arbitrary.schema(
    Schema.Literals(["fabrikam.com", "outlook.com", "gmail.com", "mailbox.example"]),
  )

  it.effect.prop(
    "[IDN-023] a list that refuses a domain beats everything that allows it",
    [Arbitrary.array(domains, { maxLength: 3 }), Arbitrary.schema(Schema.Boolean)],
    ([listed, isAllow]) =>
      Effect.gen(function* () {
        const it = yield* lab([
          {
            _tag: "InvitationDomainListSet",
            list: { kind: isAllow ? "allow" : "block", domains: [...listed] },
            at: 0,
          },
          {
            _tag: "CrossTenantPartnerAdded",
            partner: { tenantId: fabrikamId, b2bCollaborationInbound: allowedForAll },
            at: 0,
          },
        ])
        for (const address of [nina, zoe, "gus@gmail.com", pat]) {
          const answer = verdict(yield* it.as("ivan", "invite-guest", { address }))
          const isListed = listed.some((domain) => address.endsWith(`@${domain}`))
          assert.strictEqual(answer, isListed === isAllow ? "allow" : "deny domain-list")
        }
      }),
  )

  const fate = Schema.Literals([
    "block",
    "delete",
    "leave",
    "wait",
    "sign-in",
    "passcode",
    "redeem",
    "invite-again",
  ])

  it.effect.prop(
    "[IDN-013] [IDN-014] a blocked or deleted guest gets in by no sequence of attempts",
    [Arbitrary.array(Arbitrary.schema(fate), { minLength: 1, maxLength: 10 })],
    ([fates]) =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* accepted(it, nina)
        let isOut = false
        for (const action of fates) {
          if (action === "block") {
            yield* it.as("ivan", "disable-account", { user: nina })
            isOut = true
          } else if (action === "delete") {
            yield* it.as("ivan", "Remove-MgUser", { UserId: nina })
            isOut = true
          } else if (action === "leave") {
            yield* it.as(nina, "leave-organization")
            isOut = true
          } else if (action === "wait") yield* it.wait(hours(25))
          else if (action === "passcode") yield* it.as(nina, "request-passcode")
          else if (action === "redeem") yield* it.as(nina, "redeem-invitation")
          else if (action === "sign-in") {
            assert.strictEqual(
              verdict(yield* it.as(nina, "sign-in")) === "allow",
              !isOut,
              fates.join(),
            )
          }
          if (isOut)
            assert.notStrictEqual(verdict(yield* it.as(nina, "sign-in")), "allow", fates.join())
        }
      }),
  )
})

describe("the guests' access level", () => {
  it.effect("[IDN-101] says what the directory shows, not what sharing gives", () =>
    Effect.gen(function* () {
      for (const guestUserRoleId of Object.values(guestUserRoleIds)) {
        const it = yield* lab([
          { _tag: "AuthorizationPolicyUpdated", changes: { guestUserRoleId }, at: 0 },
        ])
        yield* accepted(it, nina)
        const list = verdict(yield* it.as(nina, "Get-MgUser"))
        assert.strictEqual(list === "allow", guestUserRoleId === guestUserRoleIds.sameAsMembers)
        assert.strictEqual(
          verdict(yield* it.as(nina, "sign-in", { app: "SharePoint Online" })),
          "allow",
        )
      }
    }),
  )
})
