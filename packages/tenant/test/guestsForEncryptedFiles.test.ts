import { assert, describe, it } from "@effect/vitest"
import { groupOf, userOf } from "@twin/identity"
import { days, decidingGate, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { makeTenant } from "../src/index.ts"

const site = "https://contoso.sharepoint.com/sites/launch"
const read = "VIEW,VIEWRIGHTSDATA,OBJMODEL"

/** A tenant with three labels for partners: for a person by name, for anybody, and for a group. */
const withLabels = Effect.gen(function* () {
  const tenant = yield* makeTenant({ seed: "guests" })
  const as = Effect.fnUntraced(function* (who: string, operation: string, params: object = {}) {
    const result = yield* tenant.call(yield* tenant.actor(who), operation, params)
    const { name, reason } = decidingGate(result.decision)
    return { ...result, verdict: `${result.decision.outcome} at ${name}: ${reason}` }
  })
  const does = Effect.fnUntraced(function* (who: string, operation: string, params: object = {}) {
    const result = yield* as(who, operation, params)
    assert.strictEqual(result.decision.outcome, "allow", `${operation}: ${result.verdict}`)
    return result
  })
  yield* does("ivan", "New-MgGroup", {
    DisplayName: "All Guests",
    MailEnabled: true,
    MailNickname: "allguests",
    SecurityEnabled: false,
    GroupTypes: ["Unified", "DynamicMembership"],
    MembershipRule: '(user.userType -eq "Guest")',
    MembershipRuleProcessingState: "On",
  })
  yield* does("grace", "Set-SPOTenant", { EnableAIPIntegration: true })
  const labels = {
    Named: "nina@fabrikam.com",
    Anybody: "AuthenticatedUsers",
    Group: "allguests@contoso.com",
  }
  for (const [name, who] of Object.entries(labels)) {
    yield* does("judy", "New-Label", {
      Name: `Partners ${name}`,
      DisplayName: `Partners ${name}`,
      Tooltip: `For partners: ${name}`,
      EncryptionEnabled: true,
      EncryptionProtectionType: "Template",
      EncryptionRightsDefinitions: `${who}:${read}`,
    })
  }
  yield* does("judy", "New-LabelPolicy", {
    Name: "Partners",
    Labels: Object.keys(labels).map((it) => `Partners ${it}`),
    ExchangeLocation: ["All"],
  })
  yield* tenant.advance(days(1))
  const upload = (name: string) =>
    does("alice", "upload-file", {
      site,
      file: `${name}.docx`,
      content: `For ${name}.`,
      label: `Partners ${name}`,
    })
  for (const name of Object.keys(labels)) yield* upload(name)
  const share = (name: string, to: string) =>
    does("alice", "share-file", {
      site,
      file: `${name}.docx`,
      to: [to],
      scope: "users",
      role: "view",
    })
  const opens = (who: string, name: string) =>
    Effect.map(as(who, "open-file", { site, file: `${name}.docx` }), ({ decision, output }) =>
      decision.outcome === "allow" ? output[0]?.["text"] : decidingGate(decision).name,
    )
  /** A copy that somebody got by mail, opened in Office: no link and no site is asked. */
  const opensCopy = Effect.fnUntraced(function* (who: string, name: string) {
    const copy = yield* does("alice", "download-file", { site, file: `${name}.docx` })
    const actor = yield* tenant.actor(who, { app: "office-desktop" })
    const { decision } = yield* tenant.call(actor, "open-document", {
      file: copy.output[0]?.["document"],
      freshDevice: true,
    })
    return decision.outcome
  })
  return { ...tenant, as, does, share, opens, opensCopy }
})

describe("the two ways to guests for encrypted files", () => {
  it.effect(
    "[IDN-140] a guest that an administrator makes may have any address, and rights for this one person",
    () =>
      Effect.gen(function* () {
        const it = yield* withLabels
        yield* it.does("ivan", "New-MgInvitation", {
          InvitedUserEmailAddress: "nina@fabrikam.com",
          InviteRedirectUrl: site,
        })
        yield* it.does("ivan", "New-MgInvitation", {
          InvitedUserEmailAddress: "pat@mailbox.example",
          InviteRedirectUrl: site,
        })
        assert.isDefined(userOf(yield* it.world, "pat@mailbox.example"))
        yield* it.does("nina", "redeem-invitation")
        yield* it.share("Named", "nina@fabrikam.com")
        assert.strictEqual(yield* it.opens("nina", "Named"), "For Named.")
        assert.strictEqual(yield* it.opensCopy("nina", "Named"), "allow")
        // Oscar gets the link as well, and is a guest by it; the rights name nobody but Nina.
        yield* it.share("Named", "oscar@fabrikam.com")
        yield* it.does("oscar", "redeem-invitation")
        assert.strictEqual(yield* it.opens("oscar", "Named"), "usage-rights")
        assert.strictEqual(yield* it.opensCopy("oscar", "Named"), "deny")
      }),
  )

  it.effect(
    "[IDN-140] guests that sharing makes by itself open what any authenticated user may open",
    () =>
      Effect.gen(function* () {
        const it = yield* withLabels
        assert.isUndefined(userOf(yield* it.world, "oscar@fabrikam.com"))
        yield* it.share("Anybody", "oscar@fabrikam.com")
        assert.isDefined(userOf(yield* it.world, "oscar@fabrikam.com"))
        yield* it.does("oscar", "redeem-invitation")
        assert.strictEqual(yield* it.opens("oscar", "Anybody"), "For Anybody.")
        // It limits the usage and not the people: whoever has a work account opens a copy, guest or not.
        assert.isUndefined(userOf(yield* it.world, "nina@fabrikam.com"))
        assert.strictEqual(yield* it.opensCopy("nina", "Anybody"), "allow")
        assert.notStrictEqual(yield* it.opensCopy("pat", "Anybody"), "allow")
      }),
  )

  it.effect(
    "[IDN-140] [IDN-228] or what a dynamic group of guests may open, once the rule has found them",
    () =>
      Effect.gen(function* () {
        const it = yield* withLabels
        yield* it.share("Group", "oscar@fabrikam.com")
        yield* it.does("oscar", "redeem-invitation")
        assert.isDefined(groupOf(yield* it.world, "allguests@contoso.com"))
        assert.strictEqual(yield* it.opens("oscar", "Group"), "usage-rights")
        yield* it.advance(minutes(5) + days(1))
        assert.strictEqual(yield* it.opens("oscar", "Group"), "For Group.")
        // Who is no guest is in no such group.
        assert.strictEqual(yield* it.opensCopy("nina", "Group"), "deny")
      }),
  )
})
