import { assert, describe, it } from "@effect/vitest"
import { decidingGate, hours, minutes } from "@twin/kernel"
import { Effect } from "effect"
import {
  type AllowInvitesFrom,
  allowedForAll,
  blockedForAll,
  type CrossTenantPartner,
  evaluateInvitation,
  type IdentityEvent,
  memberUser,
  userOf,
  usersOf,
} from "../../src/index.ts"
import {
  actorIn,
  baseline,
  fabrikamId,
  fabrikamOutbound,
  invited,
  lab,
  refusal,
  start,
  userId,
  verdict,
  worldFrom,
} from "../world.ts"

const invites = (allowInvitesFrom: AllowInvitesFrom, at = start): IdentityEvent => ({
  _tag: "AuthorizationPolicyUpdated",
  changes: { allowInvitesFrom },
  at,
})
const list = (kind: "allow" | "block", ...domains: readonly string[]): IdentityEvent => ({
  _tag: "InvitationDomainListSet",
  list: { kind, domains },
  at: start,
})
const inbound = (tenantId = fabrikamId): IdentityEvent => ({
  _tag: "CrossTenantPartnerAdded",
  partner: { tenantId, b2bCollaborationInbound: blockedForAll },
  at: start,
})
const guestInviter: IdentityEvent = {
  _tag: "RoleAssigned",
  assignment: {
    principalId: "bob-0000-4000-8000-000000000000",
    role: "Guest Inviter",
    assignment: "active",
    from: start,
  },
}

const asked = (
  who: string,
  address: string,
  events: readonly IdentityEvent[],
  userType: "Guest" | "Member" = "Guest",
) => {
  const world = worldFrom([...baseline, ...events])
  const decision = evaluateInvitation({
    world,
    inviter: actorIn(world, who, start),
    address,
    now: start,
    userType,
  })
  return { decision }
}

describe("who may invite", () => {
  /** IDN-024 as a table: flat, slow, obviously right. Only this test reads it. */
  const admitted: Record<AllowInvitesFrom, readonly string[]> = {
    everyone: ["ivan", "ursula", "bob", "alice", "nina@fabrikam.com"],
    adminsGuestInvitersAndAllMembers: ["ivan", "ursula", "bob", "alice"],
    adminsAndGuestInviters: ["ivan", "ursula", "bob"],
    none: [],
  }
  const guest: IdentityEvent = {
    _tag: "UserCreated",
    user: memberUser({
      id: "nina",
      userPrincipalName: "nina_fabrikam.com#EXT#@contoso.onmicrosoft.com",
      displayName: "Nina",
      mail: "nina@fabrikam.com",
      userType: "Guest",
      externalUserState: "Accepted",
    }),
  }

  for (const [policy, who] of Object.entries(admitted) as [AllowInvitesFrom, readonly string[]][]) {
    it(`[IDN-024] [IDN-025] with '${policy}' ${who.length === 0 ? "nobody, not even administrators" : who.join(", ")}`, () => {
      for (const inviter of admitted.everyone) {
        const answer = asked(inviter, "pat@mailbox.example", [invites(policy), guestInviter, guest])
        assert.strictEqual(
          verdict(answer),
          who.includes(inviter) ? "allow" : "deny invite-policy",
          inviter,
        )
      }
    })
  }

  it("[IDN-024] a new tenant lets everyone invite, but nobody from outside", () => {
    assert.strictEqual(verdict(asked("alice", "pat@mailbox.example", [])), "allow")
    assert.strictEqual(
      verdict(asked("zoe@outlook.com", "pat@mailbox.example", [])),
      "deny invite-policy",
    )
  })

  it("[IDN-025] the refusal reads as the service words it", () => {
    const { decision } = asked("alice", "pat@mailbox.example", [invites("none")])
    assert.include(
      decidingGate(decision).refusal?.message ?? "",
      "Guest invitations not allowed for your company.",
    )
  })

  it.effect("[IDN-030] a change counts for certain only after an hour", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.wait(minutes(5))
      const set = yield* it.as("ivan", "Update-MgPolicyAuthorizationPolicy", {
        AllowInvitesFrom: "none",
      })
      assert.strictEqual(verdict(set), "allow")
      assert.isNotEmpty(set.warnings)
      yield* it.wait(minutes(59))
      assert.strictEqual(
        verdict(yield* it.as("alice", "invite-guest", { address: "pat@mailbox.example" })),
        "allow",
      )
      yield* it.wait(minutes(1))
      assert.strictEqual(
        verdict(yield* it.as("alice", "invite-guest", { address: "zoe@outlook.com" })),
        "deny invite-policy",
      )
    }),
  )

  it("[IDN-003] only a global administrator invites somebody as a member", () => {
    assert.strictEqual(verdict(asked("ivan", "pat@mailbox.example", [], "Member")), "allow")
    assert.strictEqual(
      verdict(asked("ursula", "pat@mailbox.example", [], "Member")),
      "deny invited-user-type",
    )
  })

  it("[IDN-022] without an organization nothing is decided", () => {
    const world = worldFrom([])
    const inviter = actorIn(worldFrom(baseline), "ivan", start)
    const decision = evaluateInvitation({ world, inviter, address: "a@b.example", now: start })
    assert.strictEqual(decision.outcome, "unknown")
  })
})

const addedPartner = (partner: Omit<CrossTenantPartner, "tenantId">): IdentityEvent => ({
  _tag: "CrossTenantPartnerAdded",
  partner: { tenantId: fabrikamId, ...partner },
  at: start,
})

const to = (address: string, ...events: readonly IdentityEvent[]) =>
  verdict(asked("alice", address, events))

describe("which domains", () => {
  it("[IDN-023] [IDN-102] any domain is the default", () => {
    assert.strictEqual(to("zoe@outlook.com"), "allow")
  })

  it("[IDN-023] [IDN-026] a block list refuses its domains and admits the others", () => {
    assert.strictEqual(to("zoe@outlook.com", list("block", "outlook.com")), "deny domain-list")
    assert.strictEqual(to("zoe@outlook.com", list("block", "OUTLOOK.com")), "deny domain-list")
    assert.strictEqual(to("gus@gmail.com", list("block", "outlook.com")), "allow")
    const { decision } = asked("alice", "zoe@outlook.com", [list("block", "outlook.com")])
    assert.include(
      decidingGate(decision).refusal?.message ?? "",
      "blocked by the invitation policy",
    )
  })

  it("[IDN-023] an allow list admits its domains only", () => {
    assert.strictEqual(to("nina@fabrikam.com", list("allow", "fabrikam.com")), "allow")
    assert.strictEqual(to("zoe@outlook.com", list("allow", "fabrikam.com")), "deny domain-list")
    assert.strictEqual(to("zoe@outlook.com", list("allow")), "deny domain-list")
  })

  it("[IDN-023] the block list wins whatever cross-tenant access says, the allow list does not", () => {
    const blocked = list("block", "fabrikam.com")
    assert.strictEqual(to("nina@fabrikam.com", blocked), "deny domain-list")
    assert.strictEqual(
      to("nina@fabrikam.com", list("allow", "fabrikam.com"), inbound()),
      "deny cross-tenant-access",
    )
  })

  it("[IDN-022] [IDN-027] both organizations have to allow it", () => {
    assert.strictEqual(to("nina@fabrikam.com"), "allow")
    assert.strictEqual(to("nina@fabrikam.com", inbound()), "deny cross-tenant-access")
    assert.strictEqual(
      to("nina@fabrikam.com", fabrikamOutbound(blockedForAll)),
      "deny cross-tenant-access",
    )
    const { decision } = asked("alice", "nina@fabrikam.com", [inbound()])
    assert.match(
      decidingGate(decision).refusal?.message ?? "",
      /^This invitation is blocked by cross-tenant/,
    )
  })

  it("[IDN-112] it is said where a setting names a partner's group, whose members are not recorded", () => {
    const setting = {
      ...allowedForAll,
      usersAndGroups: {
        accessType: "allowed" as const,
        targets: [{ target: "g1", targetType: "group" as const }],
      },
    }
    assert.strictEqual(
      to("nina@fabrikam.com", addedPartner({ b2bCollaborationInbound: setting })),
      "unknown cross-tenant-access",
    )
  })

  it("[IDN-107] cross-tenant access does not concern somebody without an Entra organization", () => {
    const everybodyBlocked: IdentityEvent = {
      _tag: "CrossTenantDefaultUpdated",
      changes: { b2bCollaborationInbound: blockedForAll },
      at: start,
    }
    assert.strictEqual(to("zoe@outlook.com", everybodyBlocked), "allow")
    assert.strictEqual(to("nina@fabrikam.com", everybodyBlocked), "deny cross-tenant-access")
  })

  it("[IDN-109] a partner's own settings override the default, an empty partner inherits it", () => {
    const everybodyBlocked: IdentityEvent = {
      _tag: "CrossTenantDefaultUpdated",
      changes: { b2bCollaborationInbound: blockedForAll },
      at: start,
    }
    assert.strictEqual(
      to("nina@fabrikam.com", everybodyBlocked, addedPartner({})),
      "deny cross-tenant-access",
    )
    assert.strictEqual(
      to(
        "nina@fabrikam.com",
        everybodyBlocked,
        addedPartner({ b2bCollaborationInbound: allowedForAll }),
      ),
      "allow",
    )
  })
})

describe("the address", () => {
  it("[IDN-018] has to be one that an invitation takes", () => {
    assert.strictEqual(verdict(asked("alice", "pat+x@mailbox.example", [])), "deny address-syntax")
  })

  it("[IDN-012] must not belong to a user of the organization", () => {
    const answer = asked("alice", "bob@contoso.com", [])
    assert.strictEqual(verdict(answer), "deny address-conflict")
    assert.strictEqual(refusal(answer), "BadRequest")
    assert.strictEqual(verdict(asked("alice", "nobody@contoso.com", [])), "deny address-conflict")
  })

  it("[IDN-022] the gates are asked in the documented order", () => {
    const everything = [invites("none"), list("block", "fabrikam.com"), inbound()]
    assert.strictEqual(to("+@fabrikam.com", ...everything), "deny invite-policy")
    assert.strictEqual(to("+@fabrikam.com", ...everything.slice(1)), "deny address-syntax")
    assert.strictEqual(to("nina@fabrikam.com", ...everything.slice(1)), "deny domain-list")
    assert.strictEqual(to("nina@fabrikam.com", ...everything.slice(2)), "deny cross-tenant-access")
  })
})

describe("the guest", () => {
  it.effect(
    "[IDN-001] [IDN-002] [IDN-006] [IDN-009] exists at once, pending, hidden and without credentials",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* invited(it, "nina@fabrikam.com")
        const guest = userOf(yield* it.world, "nina@fabrikam.com")
        assert.deepInclude(guest, {
          userPrincipalName: "nina_fabrikam.com#EXT#@contoso.onmicrosoft.com",
          userType: "Guest",
          externalUserState: "PendingAcceptance",
          creationType: "Invitation",
          showInAddressList: false,
        })
        assert.strictEqual(guest?.identities[0]?.issuer, "contoso.onmicrosoft.com")
        assert.deepStrictEqual(guest?.proxyAddresses, ["SMTP:nina@fabrikam.com"])
      }),
  )

  it.effect("[IDN-008] has the inviter as sponsor", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* invited(it, "nina@fabrikam.com", "bob")
      const world = yield* it.world
      assert.deepStrictEqual(userOf(world, "nina@fabrikam.com")?.sponsors, [userId("bob")])
    }),
  )

  it.effect("[IDN-011] gets no proxy address where a contact has it", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        {
          _tag: "ContactAdded",
          contact: { id: "c1", displayName: "Pat", mail: "pat@mailbox.example" },
        },
      ])
      yield* invited(it, "pat@mailbox.example")
      const guest = userOf(yield* it.world, "pat@mailbox.example")
      assert.deepStrictEqual(guest?.proxyAddresses, [])
      assert.strictEqual(guest?.mail, "pat@mailbox.example")
    }),
  )

  it.effect("[IDN-012] invited again, or under another address, stays one object", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* invited(it, "nina@fabrikam.com")
      yield* invited(it, "nina@fabrikam.com")
      yield* invited(it, "nina.alias@fabrikam.com")
      const guests = usersOf(yield* it.world).filter(({ userType }) => userType === "Guest")
      assert.strictEqual(guests.length, 1)
      assert.deepStrictEqual(guests[0]?.proxyAddresses, [
        "SMTP:nina@fabrikam.com",
        "smtp:nina.alias@fabrikam.com",
      ])
    }),
  )

  it.effect(
    "[IDN-265] [IDN-266] leaves the documented lines in the audit log, refused or not",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* invited(it, "nina@fabrikam.com")
        const refused = yield* it.as("alice", "invite-guest", { address: "bob@contoso.com" })
        const records = yield* Effect.orDie(it.simulation.records)
        assert.deepStrictEqual(
          records[1]?.audit.map(({ Operation }) => Operation),
          ["Add user", "Invite external user", "Add user sponsor"],
        )
        assert.strictEqual(refused.record?.audit[0]?.ResultStatus, "Failure")
        assert.deepStrictEqual(
          refused.record?.events.map(({ _tag }) => _tag),
          ["DirectoryLogged"],
        )
      }),
  )

  it.effect(
    "[IDN-016] [IDN-021] the mail carries the inviter's words only from somebody with an address",
    () =>
      Effect.gen(function* () {
        const { mail: _none, ...user } = memberUser({
          id: "scanner",
          userPrincipalName: "scanner@contoso.com",
          displayName: "Scanner",
          proxyAddresses: [],
        })
        const it = yield* lab([{ _tag: "UserCreated", user }])
        const words = { message: "Hello there" }
        yield* it.as("alice", "invite-guest", { address: "zoe@outlook.com", ...words })
        yield* it.as("scanner", "invite-guest", { address: "gus@gmail.com", ...words })
        const [toZoe] = yield* it.mailbox("zoe@outlook.com")
        const [toGus] = yield* it.mailbox("gus@gmail.com")
        assert.strictEqual(toZoe?.from, "invites@microsoft.com")
        assert.include(toZoe?.text ?? "", "Hello there")
        assert.notInclude(toGus?.text ?? "", "Hello there")
      }),
  )

  it.effect("nothing is created during a directory outage", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.fault("directory-outage")
      const answer = yield* it.as("alice", "invite-guest", { address: "zoe@outlook.com" })
      assert.strictEqual(verdict(answer), "deny directory-reachable")
      assert.isUndefined(userOf(yield* it.world, "zoe@outlook.com"))
      yield* it.fault("directory-outage", false)
      yield* it.wait(hours(1))
      assert.strictEqual(
        verdict(yield* it.as("alice", "invite-guest", { address: "zoe@outlook.com" })),
        "allow",
      )
    }),
  )
})
