import { assert, describe, it } from "@effect/vitest"
import type { SharingLink, SpoEvent } from "../../src/index.ts"
import {
  asks,
  file,
  guest,
  joins,
  linkTo,
  settings,
  today,
  userId,
  verdict,
  type WorldEvent,
  worldWith,
} from "../world.ts"

const nina = "nina@fabrikam.com"

const users = (
  addedAs: "member" | "guest" | "ad-hoc",
  address: string,
  more: Partial<SharingLink> = {},
): SpoEvent => linkTo("Plan.docx", "users", { members: [{ address, addedAs }], ...more })

const anyone = linkTo("Plan.docx", "anonymous")

const holding = { token: "link-anonymous" }

describe("scanning and data loss prevention", () => {
  const sensitive = settings({ MarkNewFilesSensitiveByDefault: "BlockExternalSharing" })
  const scan = { isNewAndSensitive: true, matches: [], isOverridden: false }
  const withScan = (more: object) => file("Plan.docx", { scan: { ...scan, ...more } })
  const guestLink = [guest(nina), users("guest", nina)]
  const seen = (who: string, its: ReturnType<typeof file>, events: readonly WorldEvent[], o = {}) =>
    verdict(asks(worldWith(its, sensitive, ...events), who, o))

  it("[SPO-191] [SPO-192] [SPO-197] a new file is closed to outsiders until it is scanned", () => {
    const waiting = withScan({ dueAt: today + 1 })
    assert.strictEqual(seen(nina, waiting, guestLink), "deny at sensitive-by-default")
    assert.strictEqual(
      seen("anonymous", waiting, [anyone], holding),
      "deny at sensitive-by-default",
    )
    assert.strictEqual(seen("bob", waiting, []), "allow")
    assert.strictEqual(seen(nina, withScan({ scannedAt: 1 }), guestLink), "allow")
  })

  it("[SPO-194] a file that nothing will ever scan stays closed", () => {
    const access = asks(worldWith(withScan({}), sensitive, ...guestLink), nina)
    assert.strictEqual(verdict(access), "deny at sensitive-by-default")
    assert.match(JSON.stringify(access.decision), /never-scanned/)
  })

  it("[SPO-196] a file that was there before stays open", () => {
    assert.strictEqual(seen(nina, withScan({ isNewAndSensitive: false }), guestLink), "allow")
  })

  it("[SPO-190] nothing is closed once the setting is off", () => {
    const off = settings({ MarkNewFilesSensitiveByDefault: "AllowExternalSharing" })
    assert.strictEqual(seen(nina, withScan({}), [...guestLink, off]), "allow")
  })

  it("[SPO-197] a guest who became a member of type is inside", () => {
    const member = {
      _tag: "UserUpdated",
      userId: userId(nina),
      changes: { userType: "Member" },
      at: 0,
    } as const
    assert.strictEqual(seen(nina, withScan({}), [...guestLink, member]), "allow")
  })

  it.each([
    ["All", "allow", "deny at dlp-block", "deny at dlp-block", "deny at dlp-block"],
    ["PerUser", "allow", "allow", "deny at dlp-block", "deny at dlp-block"],
    ["PerAnonymousUser", "allow", "allow", "allow", "deny at dlp-block"],
    [undefined, "allow", "allow", "allow", "allow"],
  ] as const)(
    "[SPO-201] a match that blocks %s: owner %s, member %s, guest %s, Anyone %s",
    (block, owner, member, guestOutcome, anyoneOutcome) => {
      const match = { policy: "p", rule: "r", ...(block === undefined ? {} : { block }) }
      const its = withScan({ scannedAt: 1, matches: [match] })
      assert.strictEqual(seen("alice", its, []), owner)
      assert.strictEqual(seen("bob", its, []), member)
      assert.strictEqual(seen(nina, its, guestLink), guestOutcome)
      assert.strictEqual(seen("anonymous", its, [anyone], holding), anyoneOutcome)
    },
  )

  it("[SPO-201] a block for all spares owner, last modifier and site admin, each for itself", () => {
    const matches = [{ policy: "p", rule: "r", block: "All" }] as const
    const its = file("Plan.docx", {
      createdBy: "carol@contoso.com",
      modifiedBy: "bob@contoso.com",
      scan: { isNewAndSensitive: false, matches, isOverridden: false },
    })
    const team = ["carol", "mallory"].map((name) => joins("Launch", userId(name)))
    const outcomes = ["alice", "bob", "carol", "mallory"].map(
      (who) => asks(worldWith(its, ...team), who).decision.outcome,
    )
    assert.deepStrictEqual(outcomes, ["allow", "allow", "allow", "deny"])
  })

  it("[SPO-204] of several matches the most restrictive counts", () => {
    const matches = [
      { policy: "p", rule: "a", block: "PerAnonymousUser" },
      { policy: "p", rule: "b", block: "All" },
    ]
    assert.strictEqual(seen("bob", withScan({ scannedAt: 1, matches }), []), "deny at dlp-block")
  })

  it("[SPO-205] [SPO-207] an override lifts the block, and the links work again", () => {
    const matches = [{ policy: "p", rule: "r", block: "PerUser" }]
    const its = withScan({ scannedAt: 1, matches })
    const override = {
      _tag: "DlpOverridden",
      itemId: "Plan.docx",
      by: "alice",
      justification: "",
      at: 1,
    } as const
    assert.strictEqual(seen(nina, its, guestLink), "deny at dlp-block")
    assert.strictEqual(seen(nina, its, [...guestLink, override]), "allow")
  })
})
