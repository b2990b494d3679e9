import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { deviceAccessOf } from "../../src/in-force/deviceAccess.ts"
import { siteOf } from "../../src/index.ts"
import { launch, makeLab, verdict } from "../world.ts"
import { card, nina, story, web } from "./labelStory.ts"

const container = {
  Identity: "General",
  ContentType: "File, Email, Site, UnifiedGroup",
  SiteAndGroupProtectionEnabled: true,
}

/** A site with a label of these settings, and what the site says then. */
const labelled = (more: object, context?: string) =>
  Effect.gen(function* () {
    const lab = yield* story
    yield* lab.does("ivan", "enable-container-labels", {})
    yield* lab.does("judy", "Set-Label", { ...container, ...more })
    if (context !== undefined) {
      yield* lab.does("judy", "set-label-authentication-context", { label: "General", context })
    }
    yield* lab.upload("Before.docx")
    yield* lab.does("grace", "Set-SPOSite", { Identity: launch, SensitivityLabel: "General" })
    yield* lab.upload("After.docx")
    const shown = (yield* lab.does("grace", "Get-SPOSite", { Identity: launch })).output[0] ?? {}
    return { lab, shown }
  })

const about = (label: string) => ({ label, context: "Strong" })

const mostOpen = { SharingCapability: "ExternalUserAndGuestSharing" }

/** Whether a member outside of the group opens a file of its site. */
const openFor = (privacy: "Public" | "Private" | "Unspecified", group: "Public" | "Private") =>
  Effect.gen(function* () {
    const { lab } = yield* labelled({ SiteAndGroupProtectionPrivacy: privacy })
    yield* lab.does("ivan", "Set-UnifiedGroup", {
      Identity: "launch@contoso.com",
      AccessType: group,
    })
    const opened = yield* lab.as("mallory", "open-file", {
      site: launch,
      file: "After.docx",
    })
    return verdict(opened)
  })

describe("what a label does to a site", () => {
  it.effect.each([
    "ExternalUserAndGuestSharing",
    "ExternalUserSharingOnly",
    "ExistingExternalUserSharingOnly",
    "Disabled",
  ] as const)("[MIP-216] external sharing becomes %s", (level) =>
    Effect.gen(function* () {
      const { shown } = yield* labelled({ SiteExternalSharingControlType: level })
      assert.strictEqual(shown["SharingCapability"], level)
    }),
  )

  it.effect.each([
    ["SiteAndGroupProtectionAllowFullAccess", "AllowFullAccess"],
    ["SiteAndGroupProtectionAllowLimitedAccess", "AllowLimitedAccess"],
    ["SiteAndGroupProtectionBlockAccess", "BlockAccess"],
  ] as const)("[MIP-216] %s: unmanaged devices get %s", ([parameter, access]) =>
    Effect.gen(function* () {
      const { shown } = yield* labelled({ [parameter]: true })
      assert.strictEqual(shown["ConditionalAccessPolicy"], access)
      assert.strictEqual(shown["SharingCapability"], mostOpen.SharingCapability, "nothing else")
    }),
  )

  it.effect("[MIP-216] an authentication context takes the place of what devices may", () =>
    Effect.gen(function* () {
      const { lab, shown } = yield* labelled({}, "Strong")
      assert.containsSubset(shown, {
        ConditionalAccessPolicy: "AuthenticationContext",
        AuthenticationContextName: "Strong",
      })
      const set = (params: object) => lab.as("judy", "set-label-authentication-context", params)
      assert.strictEqual(verdict(yield* set(about("Nothing"))), "deny at object-known")
      assert.strictEqual(
        verdict(yield* set(about("Confidential"))),
        "deny at label-authentication-context",
      )
      yield* lab.does("judy", "set-label-authentication-context", { label: "General" })
      yield* lab.does("judy", "Set-Label", {
        Identity: "General",
        SiteAndGroupProtectionBlockAccess: true,
      })
      assert.strictEqual(
        verdict(yield* set(about("General"))),
        "deny at label-authentication-context",
      )
    }),
  )

  it.effect(
    "[MIP-216] privacy: the label decides against the group; without one the group does",
    () =>
      Effect.gen(function* () {
        assert.strictEqual(yield* openFor("Public", "Private"), "allow")
        assert.strictEqual(yield* openFor("Private", "Public"), "deny at link-or-grant")
        assert.strictEqual(yield* openFor("Unspecified", "Public"), "allow")
        assert.strictEqual(yield* openFor("Unspecified", "Private"), "deny at link-or-grant")
      }),
  )

  it.effect("[MIP-216] the default link of the site is the one of the label", () =>
    Effect.gen(function* () {
      const { shown } = yield* labelled({
        AdvancedSettings: {
          DefaultSharingScope: "Organization",
          DefaultShareLinkPermission: "View",
        },
      })
      assert.containsSubset(shown, {
        DefaultShareLinkScope: "Organization",
        DefaultShareLinkRole: "View",
      })
    }),
  )

  it.effect("[MIP-216] files inside get neither the label nor its encryption nor its marks", () =>
    Effect.gen(function* () {
      const { lab } = yield* labelled({
        SiteAndGroupProtectionPrivacy: "Private",
        EncryptionEnabled: true,
        EncryptionProtectionType: "Template",
        EncryptionRightsDefinitions: "contoso.com:VIEW",
        ApplyContentMarkingHeaderEnabled: true,
        ApplyContentMarkingHeaderText: "Secret",
      })
      for (const file of ["Before.docx", "After.docx"]) {
        const content = yield* lab.content(file)
        assert.isUndefined(content?.labelId, file)
        assert.isUndefined(content?.contentId, file)
        const read = yield* lab.does("alice", "download-file", { file })
        assert.include(JSON.stringify(read.output), card, file)
        assert.notInclude(JSON.stringify(read.output), "Secret", file)
      }
    }),
  )
})

/** The policy of Conditional Access that leaves it to the application what devices may. */
const enforcing = {
  _tag: "ConditionalAccessPolicyAdded",
  policy: {
    id: "app-enforced",
    displayName: "Use app enforced restrictions",
    state: "enabled",
    createdAt: 0,
    conditions: {
      users: {
        includeUsers: ["All"],
        excludeUsers: [],
        includeGroups: [],
        excludeGroups: [],
        includeRoles: [],
        excludeRoles: [],
      },
      applications: {
        includeApplications: ["00000003-0000-0ff1-ce00-000000000000"],
        excludeApplications: [],
        includeUserActions: [],
      },
      clientAppTypes: ["all"],
      signInRiskLevels: [],
      userRiskLevels: [],
    },
    sessionControls: { applicationEnforcedRestrictions: true },
  },
} as const

const ranks = ["AllowFullAccess", "AllowLimitedAccess", "BlockAccess"] as const
const pairs = ranks.flatMap((tenant) => ranks.map((label) => [tenant, label] as const))

/** How a member on an unmanaged device fares, and which of both settings is the stricter. */
const openedBy = (o: {
  readonly tenant: (typeof ranks)[number]
  readonly label: (typeof ranks)[number]
  readonly hasPolicy: boolean
}) =>
  Effect.gen(function* () {
    const lab = yield* makeLab({ events: o.hasPolicy ? [enforcing] : [] })
    yield* lab.tenant({ ConditionalAccessPolicy: o.tenant })
    yield* lab.does("ivan", "enable-container-labels", {})
    yield* lab.does("judy", "Set-Label", {
      ...container,
      [`SiteAndGroupProtection${o.label}`]: true,
    })
    yield* lab.does("grace", "Set-SPOSite", {
      Identity: launch,
      SensitivityLabel: "General",
    })
    yield* lab.does("alice", "upload-file", { site: launch, file: "P.pdf", content: "x" })
    const site = siteOf(yield* lab.world, launch)
    if (site === undefined) return assert.fail("no site")
    const stricter = Math.max(ranks.indexOf(o.tenant), ranks.indexOf(o.label))
    assert.strictEqual(deviceAccessOf(yield* lab.world, site), ranks[stricter])
    const result = yield* lab.as(
      "bob",
      "open-file",
      { file: "P.pdf" },
      { ...web, device: "unmanaged" },
    )
    return { outcome: result.decision.outcome, stricter }
  })

describe("unmanaged devices and guests of a site with a label", () => {
  it.effect.each(pairs)(
    "[MIP-217] tenant %s, label %s: the stricter one, and only under the policy",
    ([tenant, label]) =>
      Effect.gen(function* () {
        const without = yield* openedBy({ tenant, label, hasPolicy: false })
        assert.strictEqual(without.outcome, "allow", "no policy asks")
        const under = yield* openedBy({ tenant, label, hasPolicy: true })
        assert.strictEqual(under.outcome, under.stricter === 2 ? "deny" : "allow")
      }),
  )

  it.effect("[MIP-217] a guest who is there goes on, whatever the label says later of guests", () =>
    Effect.gen(function* () {
      const lab = yield* story
      yield* lab.does("ivan", "enable-container-labels", {})
      const share = (who: string) => lab.as("alice", "share-site", { site: launch, to: [who] })
      const allow = (isOn: boolean) =>
        lab.does("judy", "Set-Label", {
          ...container,
          SiteAndGroupProtectionAllowAccessToGuestUsers: isOn,
        })
      yield* allow(true)
      yield* lab.does("grace", "Set-SPOSite", { Identity: launch, SensitivityLabel: "General" })
      assert.strictEqual(verdict(yield* share(nina)), "allow")
      yield* lab.upload("Plan.docx")
      yield* allow(false)
      const open = lab.as(nina, "open-file", { file: "Plan.docx" }, { ...web, device: "managed" })
      assert.strictEqual(verdict(yield* open), "allow")
      assert.strictEqual(verdict(yield* share(nina)), "allow", "no new guest")
      assert.strictEqual(
        verdict(yield* share("oscar@fabrikam.com")),
        "deny at container-guest-access",
      )
      yield* allow(true)
      assert.strictEqual(verdict(yield* share("oscar@fabrikam.com")), "allow")
    }),
  )
})
