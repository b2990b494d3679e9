import { assert, describe, it } from "@effect/vitest"
import { blockedForAll, type IdentityEvent, issuerOf, userOf } from "@twin/identity"
import { instant } from "@twin/kernel"
import { Effect } from "effect"
import {
  fabrikamId,
  first,
  inTheDaysOfChoice,
  inTheDaysOfCodes,
  lastMail,
  launch,
  makeLab,
  refusal,
  today,
  verdict,
} from "./world.ts"

const nina = "nina@fabrikam.com"
const pat = "pat@mailbox.example"
const zoe = "zoe@outlook.com"
const days2020 = instant("2020-07-01T08:00:00Z")

const withPlan = Effect.fnUntraced(function* (
  start: number,
  options: { readonly isOn?: boolean; readonly events?: readonly IdentityEvent[] } = {},
) {
  const lab = yield* makeLab({ start, events: options.events ?? [] })
  if (options.isOn !== undefined) yield* lab.tenant({ EnableAzureADB2BIntegration: options.isOn })
  yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "Plan" })
  const share = (to: string, by = "alice") =>
    lab.as(by, "share-file", { file: "Plan.docx", to: [to], scope: "users", role: "view" })
  return {
    ...lab,
    share,
    isGuest: (who: string) => Effect.map(lab.world, (w) => userOf(w, who) !== undefined),
  }
})

const otp = (state: "enabled" | "disabled"): IdentityEvent => ({
  _tag: "EmailOtpSet",
  state,
  at: 0,
})
const domains = (kind: "allow" | "block", ...names: readonly string[]): IdentityEvent => ({
  _tag: "InvitationDomainListSet",
  list: { kind, domains: [...names] },
  at: 0,
})
const inviters: IdentityEvent = {
  _tag: "AuthorizationPolicyUpdated",
  changes: { allowInvitesFrom: "none" },
  at: 0,
}

describe("sharing with and without the integration with Entra B2B", () => {
  it.effect.each([
    ["2018-01-01", true, false],
    ["2024-03-01", false, false],
    ["2024-03-01", true, true],
    ["2026-04-30", false, false],
    ["2026-05-01", false, true],
    ["2026-09-01", false, true],
  ] as const)(
    "[IDN-069] [IDN-070] [IDN-072] on %s with the switch %s a share makes a guest: %s",
    ([day, isOn, expected]) =>
      Effect.gen(function* () {
        const lab = yield* withPlan(instant(day), { isOn })
        assert.strictEqual(verdict(yield* lab.share(zoe)), "allow")
        assert.strictEqual(yield* lab.isGuest(zoe), expected)
      }),
  )

  it.effect(
    "[IDN-069] [IDN-086] in the days of codes Entra's settings are ignored for files, never for sites",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan(inTheDaysOfCodes, { events: [inviters] })
        assert.strictEqual(verdict(yield* lab.share(zoe)), "allow")
        assert.isFalse(yield* lab.isGuest(zoe))
        const site = yield* lab.as("alice", "share-site", { site: launch, to: [zoe] })
        assert.strictEqual(verdict(site), "deny at invite-policy")
        const open = yield* withPlan(inTheDaysOfCodes)
        yield* open.does("alice", "share-site", { site: launch, to: [zoe] })
        // The object is there for every other site at once.
        assert.isTrue(yield* open.isGuest(zoe))
      }),
  )

  it.effect.each([
    [true, "enabled", true],
    [true, "disabled", false],
    [false, "enabled", false],
    [false, "disabled", false],
  ] as const)(
    "[IDN-075] in 2020 with SharePoint's switch %s and Entra's passcode %s: guests %s",
    ([isOn, state, expected]) =>
      Effect.gen(function* () {
        const lab = yield* withPlan(days2020, { isOn, events: [otp(state)] })
        if (isOn) yield* lab.tenant({ SyncAadB2BManagementPolicy: true })
        yield* lab.share(zoe)
        assert.strictEqual(yield* lab.isGuest(zoe), expected)
      }),
  )

  it.effect("[IDN-076] the passcode that came on by itself did not switch the integration on", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan(instant("2021-11-01T08:00:00Z"))
      yield* lab.share(pat)
      assert.isFalse(yield* lab.isGuest(pat))
    }),
  )

  it.effect("[IDN-078] the tenant's settings show the switch and not the synchronization", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan(inTheDaysOfChoice, { isOn: true })
      yield* lab.tenant({ SyncAadB2BManagementPolicy: true })
      const [row] = (yield* lab.does("grace", "Get-SPOTenant")).output
      assert.isTrue(row?.["EnableAzureADB2BIntegration"])
      assert.notProperty(row, "SyncAadB2BManagementPolicy")
    }),
  )

  it.effect(
    "[IDN-079] [IDN-080] with it the stricter of both counts, and each list on its own",
    () =>
      Effect.gen(function* () {
        const entra = yield* withPlan(inTheDaysOfChoice, {
          isOn: true,
          events: [domains("block", "outlook.com")],
        })
        assert.strictEqual(verdict(yield* entra.share(zoe)), "deny at copied-domain-list")
        const both = yield* withPlan(inTheDaysOfChoice, { isOn: true })
        yield* both.tenant({
          SharingDomainRestrictionMode: "BlockList",
          SharingBlockedDomainList: "outlook.com",
        })
        assert.strictEqual(verdict(yield* both.share(zoe)), "deny at tenant-domain-limit")
        // An allow list of Entra has to name the partner, even where cross-tenant access admits it.
        const allow = yield* withPlan(inTheDaysOfChoice, {
          isOn: true,
          events: [domains("allow", "outlook.com")],
        })
        assert.strictEqual(verdict(yield* allow.share(nina)), "deny at copied-domain-list")
        assert.strictEqual(verdict(yield* allow.share(zoe)), "allow")
        const off = yield* withPlan(inTheDaysOfChoice, {
          isOn: false,
          events: [domains("block", "outlook.com"), inviters],
        })
        assert.strictEqual(verdict(yield* off.share(zoe)), "allow")
      }),
  )

  it.effect("[IDN-028] the dialog quotes Entra, each refusal in its own way", () =>
    Effect.gen(function* () {
      const policy = yield* withPlan(today, { events: [inviters] })
      assert.strictEqual(
        refusal(yield* policy.share(zoe))?.message,
        "At least one invitation failed. Error: ResponseStatusNotOK, message: Guest invitations not allowed for your company. Contact your company administrator for more details.",
      )
      const partner = yield* withPlan(today, {
        events: [
          {
            _tag: "CrossTenantPartnerAdded",
            partner: { tenantId: fabrikamId, b2bCollaborationInbound: blockedForAll },
            at: 0,
          },
        ],
      })
      assert.match(
        refusal(yield* partner.share(nina))?.message ?? "",
        /^Error: ResponseStatusNotOK, message: This invitation is blocked by cross-tenant access settings\./,
      )
      assert.isFalse(yield* partner.isGuest(nina))
    }),
  )

  it.effect(
    "[IDN-081] an older link makes the guest at the first click, while its maker may still share",
    () =>
      Effect.gen(function* () {
        for (const hasLeft of [false, true]) {
          const lab = yield* withPlan(inTheDaysOfChoice, { isOn: false })
          const link = first(yield* lab.share(zoe), "link")
          yield* lab.tenant({ EnableAzureADB2BIntegration: true })
          if (hasLeft) yield* lab.does("ivan", "disable-account", { user: "alice@contoso.com" })
          yield* lab.as(zoe, "open-file", { link })
          assert.strictEqual(yield* lab.isGuest(zoe), !hasLeft)
        }
      }),
  )

  it.effect(
    "[IDN-082] switched off again it leaves guests guests, until the guest is deleted",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan(inTheDaysOfChoice, { isOn: true })
        yield* lab.share(zoe)
        yield* lab.tenant({ EnableAzureADB2BIntegration: false })
        assert.isTrue(yield* lab.isGuest(zoe))
        const guest = userOf(yield* lab.world, zoe)?.id
        yield* lab.does("grace", "Remove-SPOExternalUser", { UniqueIDs: [guest] })
        const link = first(yield* lab.share(zoe), "link")
        assert.strictEqual(
          verdict(yield* lab.as(zoe, "open-file", { link })),
          "challenge at verification-code",
        )
        assert.isFalse(yield* lab.isGuest(zoe))
      }),
  )

  it.effect(
    "[IDN-083] [IDN-074] guests with a passcode follow Entra's day, not SharePoint's reauthentication",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan(today)
        yield* lab.tenant({ EmailAttestationRequired: true, EmailAttestationReAuthDays: 30 })
        const link = first(yield* lab.share(pat), "link")
        yield* lab.does(pat, "request-passcode")
        const code = lastMail(yield* lab.mailbox(pat), "one-time-passcode")?.code
        yield* lab.does(pat, "enter-passcode", { code })
        yield* lab.does(pat, "redeem-invitation")
        assert.strictEqual(verdict(yield* lab.as(pat, "open-file", { link })), "allow")
        yield* lab.wait(24 * 3_600_000)
        assert.strictEqual(
          verdict(yield* lab.as(pat, "open-file", { link })),
          "challenge at first-factor",
        )
      }),
  )

  it.effect(
    "[IDN-084] [IDN-085] somebody with a Microsoft account becomes a guest by that account, defect or not",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan(days2020, { isOn: true, events: [otp("enabled")] })
        yield* lab.fault("b2b-integration-ignores-microsoft-accounts")
        yield* lab.share(zoe)
        assert.isFalse(yield* lab.isGuest(zoe))
        yield* lab.fault("b2b-integration-ignores-microsoft-accounts", false)
        const link = first(yield* lab.share(zoe), "link")
        assert.strictEqual(userOf(yield* lab.world, zoe)?.externalUserState, "PendingAcceptance")
        yield* lab.does(zoe, "redeem-invitation")
        const user = userOf(yield* lab.world, zoe)
        assert.strictEqual(user === undefined ? "" : issuerOf(user), "MicrosoftAccount")
        assert.strictEqual(verdict(yield* lab.as(zoe, "open-file", { link })), "allow")
      }),
  )

  it.effect(
    "[IDN-071] [IDN-073] codes ended where it was on in July 2025, everywhere in July 2026; a guest revives the link",
    () =>
      Effect.gen(function* () {
        for (const [from, to, isOn, expected] of [
          ["2025-06-01", "2025-06-30", true, "allow"],
          ["2025-06-01", "2025-07-02", true, "deny at verification-code"],
          ["2025-06-01", "2025-07-02", false, "challenge at verification-code"],
          ["2025-06-01", "2026-07-02", false, "deny at verification-code"],
        ] as const) {
          const lab = yield* withPlan(instant(from), { isOn: false })
          const link = first(yield* lab.share(zoe), "link")
          yield* lab.tenant({ EnableAzureADB2BIntegration: isOn })
          yield* lab.wait(instant(to) - instant(from))
          const answer = verdict(yield* lab.as(zoe, "open-file", { link }))
          if (expected === "allow") assert.notInclude(answer, "deny")
          else assert.strictEqual(answer, expected)
          if (!answer.startsWith("deny")) continue
          yield* lab.does("ivan", "New-MgInvitation", {
            InvitedUserEmailAddress: zoe,
            InviteRedirectUrl: "https://contoso.com",
          })
          yield* lab.does(zoe, "redeem-invitation")
          assert.strictEqual(verdict(yield* lab.as(zoe, "open-file", { link })), "allow")
        }
      }),
  )

  it.effect(
    "[IDN-087] [IDN-241] existing guests only: the share is refused until somebody was invited",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan(today)
        yield* lab.tenant({ SharingCapability: "ExistingExternalUserSharingOnly" })
        assert.include(verdict(yield* lab.share(nina)), "deny")
        yield* lab.does("ivan", "New-MgInvitation", {
          InvitedUserEmailAddress: nina,
          InviteRedirectUrl: "https://contoso.com",
        })
        assert.strictEqual(verdict(yield* lab.share(nina)), "allow")
        yield* lab.tenant({ SharingCapability: "Disabled" })
        assert.include(verdict(yield* lab.share(nina)), "deny")
      }),
  )

  it.effect(
    "[IDN-089] code recipients have no object: no group takes them, and they only view",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan(inTheDaysOfCodes)
        const link = first(
          yield* lab.does("alice", "share-file", {
            file: "Plan.docx",
            to: [pat],
            scope: "users",
            role: "edit",
          }),
          "link",
        )
        yield* lab.does(pat, "request-code", { link })
        const code = lastMail(yield* lab.mailbox(pat), "verification-code")?.code
        yield* lab.does(pat, "enter-code", { link, code })
        assert.strictEqual(verdict(yield* lab.as(pat, "open-file", { link })), "allow")
        const edit = yield* lab.as(pat, "edit-file", { link, content: "other" })
        assert.include(verdict(edit), "deny")
        const group = first(yield* lab.does("ivan", "Get-MgGroup"), "Id")
        const added = yield* lab.as("ivan", "New-MgGroupMember", {
          GroupId: group,
          DirectoryObjectId: pat,
        })
        assert.include(verdict(added), "deny")
      }),
  )

  it.effect(
    "[IDN-091] [IDN-072] settings that no longer do anything are taken, with a warning",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan(today)
        const answer = yield* lab.tenant({
          RequireAcceptingAccountMatchInvitedAccount: true,
          EnableAzureADB2BIntegration: false,
        })
        assert.strictEqual(answer.warnings.length, 2)
        yield* lab.share(zoe)
        assert.isTrue(yield* lab.isGuest(zoe))
      }),
  )

  it.effect("[IDN-238] the end of a stay on a site takes nobody out of the directory", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan(today)
      yield* lab.tenant({ ExternalUserExpirationRequired: true, ExternalUserExpireInDays: 30 })
      const link = first(yield* lab.share(nina), "link")
      yield* lab.does(nina, "redeem-invitation")
      yield* lab.wait(31 * 86_400_000)
      assert.include(verdict(yield* lab.as(nina, "open-file", { link })), "deny")
      assert.isTrue(yield* lab.isGuest(nina))
      assert.strictEqual(verdict(yield* lab.as(nina, "sign-in")), "allow")
      for (const count of [29, 731]) {
        const answer = yield* Effect.exit(lab.tenant({ ExternalUserExpireInDays: count }))
        assert.strictEqual(answer._tag, "Failure")
      }
    }),
  )
})
