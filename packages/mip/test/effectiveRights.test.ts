import { assert, describe, it } from "@effect/vitest"
import { hours } from "@twin/kernel"
import { Effect } from "effect"
import {
  effectiveRights,
  type Grant,
  type MipWorld,
  openContent,
  protectContent,
  userDefined,
} from "../src/index.ts"
import { adHoc, contentId, protection, setService, withContent } from "./asking.ts"
import { makeStage } from "./makeStage.ts"
import {
  baseline,
  labels as baselineLabels,
  evolveAll,
  group,
  guest,
  joins,
  labelId,
  leaves,
  member,
  person,
  plaintext,
  start,
  templateId,
  userIdOf,
  type WorldEvent,
} from "./world.ts"

const view = (...whos: string[]): Grant[] => whos.map((who) => ({ who, rights: ["VIEW"] }))

const rights = (
  world: MipWorld,
  address: string,
  now = start,
  options?: Parameters<typeof effectiveRights>[4],
) => effectiveRights(world, contentId, address, now, options).rights

const granted = (grants: readonly Grant[], address: string, ...events: WorldEvent[]): boolean =>
  rights(withContent(adHoc(grants), evolveAll(baseline, events)), address).includes("VIEW")

describe("matching people", () => {
  it("[MIP-034] an alias matches as well as the primary address, on a verified domain", () => {
    const ann = member("ann", {
      proxyAddresses: [
        "SMTP:ann@contoso.com",
        "smtp:ann.alias@contoso.com",
        "smtp:ann@unverified.example",
      ],
    })
    assert.isTrue(granted(view("ann.alias@contoso.com"), "ann@contoso.com", ann))
    assert.isTrue(
      granted(view("ANN.Alias@contoso.com".toLowerCase()), "ann.alias@contoso.com", ann),
    )
    assert.isFalse(granted(view("ann@unverified.example"), "ann@contoso.com", ann))
    assert.isFalse(granted(view("ann.alias@contoso.com"), "bob@contoso.com", ann))
    assert.isFalse(granted([], "ann@contoso.com", ann))
  })

  it("[MIP-035] the principal name counts only where there are no proxy addresses", () => {
    const withProxies = member("ankurroy", {
      proxyAddresses: ["SMTP:ankur.roy@contoso.com"],
      mail: "ankur.roy@contoso.com",
    })
    assert.isFalse(granted(view("ankurroy@contoso.com"), "ankurroy@contoso.com", withProxies))
    assert.isTrue(granted(view("ankur.roy@contoso.com"), "ankurroy@contoso.com", withProxies))
    const without = member("ankurroy", { proxyAddresses: [] })
    assert.isTrue(granted(view("ankurroy@contoso.com"), "ankurroy@contoso.com", without))
  })

  it("[MIP-036] a principal name on an unverified domain never matches, a group still does", () => {
    const odd = member("odd", {
      userPrincipalName: "odd@contoso.local",
      proxyAddresses: [],
    })
    const events = [odd, joins("Finance", userIdOf("odd"))]
    assert.isFalse(granted(view("odd@contoso.local"), "odd@contoso.local", ...events))
    assert.isTrue(granted(view("finance@contoso.com"), "odd@contoso.local", ...events))
  })

  it("[MIP-037] whoever gets a new address loses what names the old one, unless it stays as alias", () => {
    const moved = member("ann", { proxyAddresses: ["SMTP:ann.new@contoso.com"] })
    const kept = member("ann", {
      proxyAddresses: ["SMTP:ann.new@contoso.com", "smtp:ann@contoso.com"],
    })
    assert.isFalse(granted(view("ann@contoso.com"), "ann.new@contoso.com", moved))
    assert.isTrue(granted(view("ann@contoso.com"), "ann.new@contoso.com", kept))
  })

  it("[MIP-177] the address of a Microsoft account has to be the one in the rights", () => {
    const zed = person("zed@outlook.com", "microsoft-account", { aliases: ["zed2@outlook.com"] })
    assert.isTrue(granted(view("zed@outlook.com"), "zed@outlook.com", zed))
    assert.isFalse(granted(view("zed2@outlook.com"), "zed@outlook.com", zed))
  })
})

describe("matching groups", () => {
  it("[MIP-038] groups with an address count, nested ones too; security groups without do not", () => {
    const events = [
      group("Inner"),
      group("Bare", { mail: "", mailEnabled: false }),
      joins("Inner", userIdOf("bob")),
      joins("Bare", userIdOf("bob")),
      joins("Finance", "b0000000-0000-4000-8000-00496e6e6572"),
    ]
    assert.isTrue(granted(view("inner@contoso.com"), "bob@contoso.com", ...events))
    assert.isTrue(granted(view("finance@contoso.com"), "bob@contoso.com", ...events))
    assert.isFalse(granted(view("bare@contoso.com"), "bob@contoso.com", ...events))
    assert.isFalse(granted(view("finance@contoso.com"), "bob@contoso.com"))
  })

  it("[MIP-038] a group that is not mail-enabled does not count, whatever address it shows", () => {
    const events = [
      group("Shown", { mail: "shown@contoso.com", mailEnabled: false }),
      joins("Shown", userIdOf("bob")),
    ]
    assert.isFalse(granted(view("shown@contoso.com"), "bob@contoso.com", ...events))
  })

  it("[MIP-038] a group whose address is in no verified domain does not count", () => {
    const events = [group("Odd", { mail: "odd@elsewhere.example" }), joins("Odd", userIdOf("bob"))]
    assert.isFalse(granted(view("odd@elsewhere.example"), "bob@contoso.com", ...events))
  })

  it("[MIP-039] a mail contact in a group gets nothing", () => {
    const events: WorldEvent[] = [
      {
        _tag: "ContactAdded",
        contact: { id: userIdOf("gus"), displayName: "Gus", mail: "gus@gmail.com" },
      },
      joins("Partners", userIdOf("gus")),
    ]
    assert.isFalse(granted(view("partners@contoso.com"), "gus@gmail.com", ...events))
  })

  it("[MIP-042] a guest in the group has the group's rights, without a change of the label", () => {
    const events = [guest("nina@fabrikam.com"), joins("Partners", userIdOf("nina@fabrikam.com"))]
    assert.isTrue(granted(view("partners@contoso.com"), "nina@fabrikam.com", ...events))
    assert.isFalse(granted(view("partners@contoso.com"), "nina@fabrikam.com"))
  })

  it.effect("[MIP-040] the service believes a membership for up to three hours", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* stage.run("alice@contoso.com", (call) =>
        protectContent(call, {
          content: plaintext,
          form: "document",
          name: "a.docx",
          custom: userDefined(view("partners@contoso.com")),
        }),
      )
      const open = stage.run("bob@contoso.com", (call) =>
        openContent(call, { bytes: made.bytes ?? new Uint8Array(), isFreshDevice: true }),
      )
      assert.strictEqual((yield* open).decision.outcome, "deny")
      stage.apply(joins("Partners", userIdOf("bob"), stage.now))
      stage.wait(hours(3) - 1)
      assert.strictEqual((yield* open).decision.outcome, "deny", "still the old membership")
      stage.wait(1)
      assert.strictEqual((yield* open).decision.outcome, "allow", "looked up again")
      stage.apply(leaves("Partners", userIdOf("bob"), stage.now))
      stage.wait(hours(1))
      assert.strictEqual((yield* open).decision.outcome, "allow", "removed, within the window")
      stage.wait(hours(3))
      assert.strictEqual((yield* open).decision.outcome, "deny", "and after it")
    }),
  )
})

describe("matching everybody", () => {
  it("[MIP-043] all members of the organisation are its domain: guests are left out", () => {
    const events = [guest("nina@fabrikam.com")]
    assert.isTrue(granted(view("contoso.com"), "bob@contoso.com", ...events))
    assert.isFalse(granted(view("contoso.com"), "nina@fabrikam.com", ...events))
    assert.isFalse(granted(view("contoso.com"), "zoe@outlook.com"))
  })

  it("[MIP-044] a domain stands for every domain of its tenant, and for no other tenant", () => {
    assert.isTrue(granted(view("fabrikam.com"), "nina@fabrikam.com"))
    assert.isTrue(granted(view("fabrikam.com"), "oscar@fabrikam.co.uk"))
    assert.isFalse(granted(view("fabrikam.com"), "bob@contoso.com"))
    assert.isFalse(granted(view("nobody.example"), "nina@fabrikam.com"))
  })

  it("[MIP-045] a consumer domain admits its people in the portal only", () => {
    const world = withContent(adHoc(view("gmail.com"), { form: "mail" }))
    assert.isEmpty(rights(world, "gus@gmail.com"))
    assert.deepStrictEqual(rights(world, "gus@gmail.com", start, { isPortal: true }), ["VIEW"])
    assert.isEmpty(rights(world, "zoe@outlook.com", start, { isPortal: true }))
  })

  it("[MIP-046] any authenticated user is anybody who can authenticate, not just anybody", () => {
    for (const who of ["bob@contoso.com", "nina@fabrikam.com", "zoe@outlook.com"]) {
      assert.isTrue(granted(view("AuthenticatedUsers"), who), who)
    }
    assert.isFalse(granted(view("AuthenticatedUsers"), "anonymous"))
    assert.isFalse(granted(view("AuthenticatedUsers"), "nobody@nowhere.example"))
  })
})

describe("union and standing", () => {
  it("[MIP-050] entries that match one person add up", () => {
    const grants: Grant[] = [
      { who: "alice@contoso.com", rights: ["VIEW"] },
      { who: "finance@contoso.com", rights: ["PRINT"] },
      { who: "contoso.com", rights: ["EXTRACT"] },
    ]
    const world = withContent(
      adHoc(grants, { issuer: "bob@contoso.com", owner: "bob@contoso.com" }),
    )
    assert.deepStrictEqual(rights(world, "alice@contoso.com"), ["VIEW", "PRINT", "EXTRACT"])
    assert.deepStrictEqual(rights(world, "carol@contoso.com"), ["EXTRACT"])
    assert.deepStrictEqual(effectiveRights(world, contentId, "alice@contoso.com", start).paths, [
      "group",
      "named",
      "organization",
    ])
  })

  it("[MIP-064] [MIP-065] issuer and owner hold every right, whatever the policy says", () => {
    const world = withContent(adHoc(view("bob@contoso.com"), { owner: "carol@contoso.com" }))
    assert.include(rights(world, "alice@contoso.com"), "OWNER")
    assert.include(rights(world, "carol@contoso.com"), "OWNER")
    assert.deepStrictEqual(rights(world, "bob@contoso.com"), ["VIEW"])
    assert.isEmpty(rights(world, "dave@contoso.com"))
  })

  it("[MIP-067] protection for nobody is for whoever applied it", () => {
    const world = withContent(
      protection({
        kind: "user-defined",
        grants: userDefined([]).grants,
        issuer: "bob@contoso.com",
        owner: "bob@contoso.com",
      }),
    )
    assert.include(rights(world, "bob@contoso.com"), "OWNER")
    assert.isEmpty(rights(world, "alice@contoso.com"))
  })

  it("[MIP-068] a super user needs the feature and the list", () => {
    const content = adHoc(view("bob@contoso.com"))
    const listed = { superUsers: ["judy@contoso.com"] }
    const holds = (...events: WorldEvent[]) =>
      rights(withContent(content, evolveAll(baseline, events)), "judy@contoso.com").length > 0
    assert.isTrue(holds(setService({ ...listed, superUserFeature: "Enabled" })))
    assert.isFalse(holds(setService(listed)), "feature off")
    assert.isFalse(holds(setService({ superUserFeature: "Enabled" })), "not on the list")
    assert.isFalse(holds(), "neither")
  })

  it("[MIP-069] an alias on the list makes nobody a super user", () => {
    const ann = member("ann", {
      proxyAddresses: ["SMTP:ann@contoso.com", "smtp:alias@contoso.com"],
    })
    const on = (address: string) =>
      rights(
        withContent(
          adHoc([]),
          evolveAll(baseline, [
            ann,
            setService({ superUserFeature: "Enabled", superUsers: [address] }),
          ]),
        ),
        "ann@contoso.com",
      ).length > 0
    assert.isTrue(on("ann@contoso.com"))
    assert.isFalse(on("alias@contoso.com"))
  })

  it("[MIP-070] members of the one group are super users", () => {
    const world = evolveAll(baseline, [
      setService({ superUserFeature: "Enabled", superUserGroup: "finance@contoso.com" }),
    ])
    const content = adHoc([], { issuer: "bob@contoso.com", owner: "bob@contoso.com" })
    assert.include(rights(withContent(content, world), "alice@contoso.com"), "OWNER")
    assert.isEmpty(rights(withContent(content, world), "carol@contoso.com"))
    assert.isEmpty(rights(withContent(content), "alice@contoso.com"))
  })

  it("[MIP-031] a content that nobody here protected grants nothing to anybody", () => {
    assert.isEmpty(rights(baseline, "alice@contoso.com"))
  })
})

describe("templates", () => {
  const byLabel = protection({
    labelId: labelId("Confidential"),
    templateId: templateId("Confidential"),
  })

  it("[MIP-086] edited permissions of a label count at once for whoever asks anew", () => {
    const before = withContent(byLabel)
    assert.include(rights(before, "bob@contoso.com"), "VIEW")
    assert.isEmpty(rights(before, "nina@fabrikam.com"))
    const label = [...baselineLabels].find(({ name }) => name === "Confidential")
    if (label?.encryption === undefined) throw new Error("no such label")
    const edited = evolveAll(before, [
      {
        _tag: "LabelChanged",
        label: { ...label, encryption: { ...label.encryption, grants: view("fabrikam.com") } },
      },
    ])
    assert.isEmpty(rights(edited, "bob@contoso.com"))
    assert.deepStrictEqual(rights(edited, "nina@fabrikam.com"), ["VIEW"])
    const frozen = evolveAll(withContent(adHoc(view("bob@contoso.com"))), [])
    assert.deepStrictEqual(rights(frozen, "bob@contoso.com"), ["VIEW"])
  })

  it("[MIP-200] [MIP-101] an archived template still opens what it protected, a removed one does not", () => {
    const world = withContent(byLabel)
    const archived = evolveAll(world, [
      { _tag: "LabelRemoved", labelId: labelId("Confidential"), at: start },
    ])
    assert.include(rights(archived, "bob@contoso.com"), "VIEW")
    const removed = evolveAll(world, [
      { _tag: "TemplateRemoved", templateId: templateId("Confidential"), at: start },
    ])
    assert.isEmpty(rights(removed, "bob@contoso.com"))
    assert.include(rights(removed, "alice@contoso.com"), "OWNER")
  })
})
