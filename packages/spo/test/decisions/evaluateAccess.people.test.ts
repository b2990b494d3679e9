import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Schema } from "effect"
import { rankOf, SharingCapability, type SharingLink, type SpoEvent } from "../../src/index.ts"
import {
  asked,
  asks,
  file,
  guest,
  inTheDaysOfChoice,
  inTheDaysOfCodes,
  joins,
  launch,
  linkTo,
  oneDrive,
  refusal,
  settings,
  siteSettings,
  today,
  userId,
  verdict,
  type WorldEvent,
  worldWith,
} from "../world.ts"

const plan = file("Plan.docx")

const nina = "nina@fabrikam.com"

const pat = "pat@mailbox.example"

const users = (
  addedAs: "member" | "guest" | "ad-hoc",
  address: string,
  more: Partial<SharingLink> = {},
): SpoEvent => linkTo("Plan.docx", "users", { members: [{ address, addedAs }], ...more })

/** Pat has proven the mailbox in the days of codes. */
const verified = (at = inTheDaysOfCodes, isKept = true): SpoEvent => ({
  _tag: "AddressVerified",
  address: pat,
  isKept,
  at,
})

const anyone = linkTo("Plan.docx", "anonymous")

const holding = { token: "link-anonymous" }

const byLink = { token: "link-users" }

const opens = (
  who: string,
  events: readonly (WorldEvent | readonly WorldEvent[])[],
  o: Parameters<typeof asks>[2] = {},
) => verdict(asks(worldWith(plan, ...events), who, o))

const blocked = (changes: Readonly<Record<string, string>>) => [
  settings(changes),
  siteSettings(launch, changes),
]

describe("the level in force", () => {
  const ways = {
    member: { who: "bob", events: [] as readonly WorldEvent[], o: {} },
    guest: { who: nina, events: [guest(nina), users("guest", nina)], o: {} },
    "code recipient": {
      who: pat,
      events: [users("ad-hoc", pat), verified()],
      o: { now: inTheDaysOfCodes },
    },
    "Anyone link": { who: "anonymous", events: [anyone], o: holding },
  } as const
  const needed = {
    member: 0,
    guest: 1,
    "code recipient": 2,
    "Anyone link": 3,
  } as const

  it.prop(
    "[SPO-003] [SPO-029] [SPO-304] [SPO-305] decides who still gets in, by rank",
    {
      level: SharingCapability,
      way: Schema.Literals(["member", "guest", "code recipient", "Anyone link"]),
    },
    ({ level, way }) => {
      const { who, events, o } = ways[way]
      const result = opens(who, [...events, siteSettings(launch, { SharingCapability: level })], o)
      assert.strictEqual(
        result,
        rankOf(level) >= needed[way] ? "allow" : "deny at external-sharing-level",
      )
    },
  )

  it("[SPO-304] refuses guests of the connected group, too; the membership stays", () => {
    const events = [guest(nina), joins("Launch", userId(nina))]
    assert.strictEqual(opens(nina, events), "allow")
    const off = siteSettings(launch, { SharingCapability: "Disabled" })
    assert.strictEqual(opens(nina, [...events, off]), "deny at external-sharing-level")
  })

  it.prop(
    "[SPO-007] [SPO-029] lowering and raising again revives every link",
    { lowered: SharingCapability, way: Schema.Literals(["guest", "Anyone link"]) },
    ({ lowered, way }) => {
      const { who, events, o } = ways[way]
      const back = [
        settings({ SharingCapability: lowered }),
        settings({ SharingCapability: "ExternalUserAndGuestSharing" }),
      ]
      assert.strictEqual(opens(who, [...events, ...back], o), "allow")
    },
  )

  it("[SPO-078] [SPO-079] a domain that may not be shared with stops people who are known already", () => {
    const events = [guest(nina), users("guest", nina)]
    for (const [index, limit] of [
      ...blocked({
        SharingDomainRestrictionMode: "BlockList",
        SharingBlockedDomainList: "fabrikam.com",
      }),
      ...blocked({
        SharingDomainRestrictionMode: "AllowList",
        SharingAllowedDomainList: "example.com",
      }),
    ].entries()) {
      assert.strictEqual(opens(nina, [...events, limit]), "deny at domain-limit", String(index))
    }
    const other = settings({
      SharingDomainRestrictionMode: "AllowList",
      SharingAllowedDomainList: "fabrikam.com",
    })
    assert.strictEqual(opens(nina, [...events, other]), "allow")
    assert.strictEqual(
      opens("bob", [settings({ SharingDomainRestrictionMode: "AllowList" })]),
      "allow",
    )
  })
})

const after = (count: number) => ({ now: inTheDaysOfCodes + days(count) })

describe("proving who one is", () => {
  it("[SPO-108] [SPO-112] a guest signs in to Entra, with everything that demands", () => {
    const events = [guest(nina), users("guest", nina)]
    const { decision } = asks(worldWith(plan, ...events), nina)
    assert.include(asked(decision), "invitation-redeemed")
    const disabled = {
      _tag: "UserUpdated",
      userId: userId(nina),
      changes: { accountEnabled: false },
      at: 0,
    } as const
    assert.strictEqual(opens(nina, [...events, disabled]), "deny at account-enabled")
  })

  it("[SPO-094] the deleted guest gets in by no link that was made for a guest", () => {
    for (const now of [inTheDaysOfCodes, today]) {
      assert.strictEqual(opens(nina, [users("guest", nina)], { now }), "deny at verification-code")
    }
  })

  it("[SPO-096] [SPO-099] [SPO-102] a recipient without an account proves the mailbox by a code", () => {
    const events = [users("ad-hoc", pat)]
    const at = { now: inTheDaysOfCodes }
    assert.strictEqual(opens(pat, events, at), "challenge at verification-code")
    assert.strictEqual(opens(pat, [...events, verified()], at), "allow")
    const { decision } = asks(worldWith(plan, ...events, verified()), pat, at)
    assert.notInclude(asked(decision), "account-enabled")
    assert.strictEqual(
      opens(pat, [...events, verified()], { ...at, action: "edit" }),
      "deny at permission",
    )
  })

  it("[SPO-102] even an edit link lets a code recipient only view", () => {
    const events = [users("ad-hoc", pat, { role: "edit" }), verified()]
    assert.strictEqual(
      opens(pat, events, { now: inTheDaysOfCodes, action: "edit" }),
      "deny at permission",
    )
  })

  it("[SPO-099] a kept session lasts until reauthentication is required, and then for its days", () => {
    const events = [users("ad-hoc", pat), verified()]
    assert.strictEqual(opens(pat, events, after(300)), "allow")
    const required = settings({ EmailAttestationRequired: true })
    assert.strictEqual(opens(pat, [...events, required], after(29.9)), "allow")
    assert.strictEqual(
      opens(pat, [...events, required], after(30)),
      "challenge at verification-code",
    )
    const seven = settings({ EmailAttestationRequired: true, EmailAttestationReAuthDays: 7 })
    assert.strictEqual(opens(pat, [...events, seven], after(8)), "challenge at verification-code")
  })

  it("[SPO-099] a session that was not kept ends with the browser", () => {
    const events = [users("ad-hoc", pat), verified(inTheDaysOfCodes, false)]
    const at = { now: inTheDaysOfCodes }
    assert.strictEqual(opens(pat, events, at), "allow")
    const closed = { _tag: "BrowserClosed", address: pat, at: 0 } as const
    assert.strictEqual(opens(pat, [...events, closed], at), "challenge at verification-code")
    assert.strictEqual(opens(pat, [users("ad-hoc", pat), verified(), closed], at), "allow")
  })

  it("[SPO-118] [SPO-119] once codes are retired a code recipient is told to ask for a new share", () => {
    const access = asks(worldWith(plan, users("ad-hoc", pat), verified(today)), pat)
    assert.strictEqual(verdict(access), "deny at verification-code")
    assert.match(refusal(access)?.message ?? "", /updated its guest access settings/)
  })

  it("[SPO-120] a guest object is enough to revive the old links", () => {
    assert.strictEqual(opens(nina, [users("ad-hoc", nina), guest(nina)]), "allow")
  })

  it("[SPO-111] an older link makes a guest on behalf of its maker, while the maker can share", () => {
    const events = [users("ad-hoc", nina), settings({ EnableAzureADB2BIntegration: true })]
    const at = { now: inTheDaysOfChoice }
    assert.strictEqual(opens(nina, events, at), "challenge at verification-code")
    const left = {
      _tag: "UserUpdated",
      userId: userId("alice"),
      changes: { accountEnabled: false },
      at: 0,
    } as const
    assert.strictEqual(opens(nina, [...events, left], at), "deny at verification-code")
    const gone = { _tag: "UserDeleted", userId: userId("alice"), at: 0 } as const
    assert.strictEqual(opens(nina, [...events, gone], at), "deny at verification-code")
  })

  it("[SPO-115] an alias that was shared with is not what signing in compares", () => {
    const alias = "zoe.alias@outlook.com"
    const events = [guest(alias), users("guest", alias)]
    assert.strictEqual(opens("zoe@outlook.com", events, byLink), "deny at link-scope")
    const codes = [users("ad-hoc", alias)]
    assert.strictEqual(
      opens("zoe@outlook.com", codes, { ...byLink, now: inTheDaysOfCodes }),
      "challenge at verification-code",
    )
  })

  it("[SPO-041] holders of Anyone links verify an address where that is asked for", () => {
    const tracked = [anyone, settings({ AnyoneLinkTrackUsers: true })]
    assert.strictEqual(opens("anonymous", tracked, holding), "challenge at verification-code")
    assert.strictEqual(opens(pat, tracked, holding), "challenge at verification-code")
    assert.strictEqual(opens(pat, [...tracked, verified(today)], holding), "allow")
    assert.strictEqual(opens("bob", tracked, holding), "allow")
  })
})

describe("a guest's stay", () => {
  const stay = (more: { readonly expiresAt?: number } = {}) =>
    ({ _tag: "GuestJoinedSite", url: launch, address: nina, at: 0, ...more }) as const
  const events = [guest(nina), users("guest", nina)]

  it("[SPO-091] ends at its date, for links and grants on that site", () => {
    assert.strictEqual(opens(nina, [...events, stay({ expiresAt: today + 1 })]), "allow")
    assert.strictEqual(
      opens(nina, [...events, stay({ expiresAt: today })]),
      "deny at guest-expiration",
    )
    assert.strictEqual(opens(nina, [...events, stay()]), "allow")
    const removed = { _tag: "GuestRemovedFromSite", url: launch, address: nina, at: 1 } as const
    assert.strictEqual(opens(nina, [...events, stay(), removed]), "deny at guest-expiration")
  })

  it("[SPO-091] does not end access through a group, nor that of a site admin", () => {
    const over = [guest(nina), stay({ expiresAt: today })]
    assert.strictEqual(opens(nina, [...over, joins("Launch", userId(nina))]), "allow")
    const admin = {
      _tag: "SiteAdminChanged",
      url: launch,
      address: nina,
      isAdmin: true,
      at: 0,
    } as const
    assert.strictEqual(opens(nina, [...over, admin]), "allow")
  })

  it("[SPO-091] ends on one site only", () => {
    const world = worldWith(
      file("Note.docx", { site: oneDrive }),
      guest(nina),
      linkTo("Note.docx", "users", { members: [{ address: nina, addedAs: "guest" }] }),
      stay({ expiresAt: today }),
    )
    assert.strictEqual(verdict(asks(world, nina, { file: "Note.docx" })), "allow")
  })
})
