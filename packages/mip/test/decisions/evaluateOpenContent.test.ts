import { assert, describe, it } from "@effect/vitest"
import { appIds, type B2bSetting, emptyUsers, serviceDefault } from "@twin/identity"
import { type Decision, days, decidingGate } from "@twin/kernel"
import { Schema } from "effect"
import {
  type ContentAction,
  type Grant,
  type IdentityClass,
  identityClasses,
  type MipEvent,
  type MipWorld,
  type Software,
  softwareKinds,
  UsageRight,
  type UseLicenceRecord,
} from "../../src/index.ts"
import {
  adHoc,
  asks,
  baseline,
  contentId,
  contosoId,
  evolveAll,
  fabrikamId,
  fault,
  guest,
  joins,
  member,
  person,
  protection,
  setService,
  start,
  userIdOf,
  verdict,
  type WorldEvent,
  withContent,
} from "../world.ts"

const everybody = (...rights: UsageRight[]): Grant[] => [{ who: "AuthenticatedUsers", rights }]
const forAll = withContent(adHoc(everybody("VIEW")))

const licence = (more: Partial<UseLicenceRecord> = {}): MipEvent => ({
  _tag: "UseLicenceIssued",
  licence: {
    contentId,
    address: "bob@contoso.com",
    rights: ["VIEW"],
    issuedAt: start,
    validUntil: start + days(30),
    blobId: "b",
    ...more,
  },
})
const certificate = (address = "bob@contoso.com", until = start + days(31)): MipEvent => ({
  _tag: "IdentityCertified",
  certificate: { address, issuedAt: start, expiresAt: until },
})
const onDevice = (world: MipWorld, ...events: WorldEvent[]): MipWorld =>
  evolveAll(world, [certificate(), licence(), ...events])
const revoked: MipEvent = { _tag: "ContentRevoked", contentId, by: "alice@contoso.com", at: start }

describe("the order of opening", () => {
  const chain = (decision: Decision) => decision.gates.map(({ name }) => name)

  it("[MIP-284] asks in the documented order and reports the first that fails", () => {
    const decision = asks(forAll, "bob@contoso.com")
    assert.strictEqual(decision.outcome, "allow")
    const names = chain(decision)
    const ours = [
      "content-known",
      "use-licence-on-device",
      "service-enabled",
      "software-supports-identity",
      "software-reads-format",
      "tenant-key",
      "revocation",
      "content-expiry",
      "usage-rights",
      "use-licence",
      "second-key",
      "application-enforces",
    ]
    assert.deepStrictEqual(
      names.filter((it) => ours.includes(it)),
      ours,
    )
    assert.isAbove(names.indexOf("home-outbound"), names.indexOf("software-reads-format"))
    assert.isBelow(names.indexOf("conditional-access-grant"), names.indexOf("tenant-key"))
  })

  it("[MIP-284] when everything fails at once, mending each step uncovers the next", () => {
    const broken = withContent(
      adHoc([], {
        contentExpiresAt: start - 1,
        doubleKeyUrl: "https://keys.contoso.com/K",
      }),
      evolveAll(baseline, [
        member("bob", { accountEnabled: false }),
        setService({ functionalState: "Disabled" }),
        fault("tenant-key-unreachable"),
      ]),
    )
    const steps: { readonly reason: string; readonly mend: WorldEvent[] }[] = [
      { reason: "service-enabled", mend: [setService({ functionalState: "Enabled" })] },
      { reason: "account-enabled", mend: [member("bob")] },
      { reason: "tenant-key", mend: [fault("tenant-key-unreachable", false)] },
      {
        reason: "revocation",
        mend: [{ _tag: "RevocationCleared", contentId, by: "alice@contoso.com", at: start }],
      },
      {
        reason: "content-expiry",
        mend: [
          {
            _tag: "ContentProtected",
            protection: adHoc([], { doubleKeyUrl: "https://keys.contoso.com/K" }),
          },
        ],
      },
      {
        reason: "usage-rights",
        mend: [
          {
            _tag: "ContentProtected",
            protection: adHoc(everybody("VIEW"), { doubleKeyUrl: "https://keys.contoso.com/K" }),
          },
        ],
      },
      {
        reason: "second-key",
        mend: [
          {
            _tag: "DoubleKeyServiceSet",
            at: start,
            service: {
              url: "https://keys.contoso.com/K",
              authorizedEmailAddresses: ["bob@contoso.com"],
              validTenants: [contosoId],
              isRunning: true,
            },
          },
        ],
      },
    ]
    let world = evolveAll(broken, [revoked])
    for (const { reason, mend } of steps) {
      const decision = asks(world, "bob@contoso.com")
      assert.strictEqual(verdict(decision), `deny by ${reason}`)
      world = evolveAll(world, mend)
    }
    assert.strictEqual(asks(world, "bob@contoso.com").outcome, "allow")
    assert.strictEqual(
      verdict(asks(world, "bob@contoso.com", { requested: "print" })),
      "deny by application-enforces",
    )
  })

  it("[MIP-031] a content of another organisation is none of this service's business", () => {
    assert.strictEqual(verdict(asks(baseline, "alice@contoso.com")), "deny by content-known")
  })
})

describe("the service", () => {
  it("[MIP-006] a service that is off gives nobody a licence", () => {
    const off = evolveAll(forAll, [setService({ functionalState: "Disabled" })])
    const decision = asks(off, "bob@contoso.com")
    assert.strictEqual(verdict(decision), "deny by service-enabled")
    assert.strictEqual(decidingGate(decision).refusal?.code, "ServiceDisabledError")
    assert.strictEqual(asks(forAll, "bob@contoso.com").outcome, "allow")
    assert.strictEqual(asks(onDevice(off), "bob@contoso.com").outcome, "allow", "licence held")
  })

  it("[MIP-235] without the tenant key nobody gets a licence, super users and issuer included", () => {
    const world = evolveAll(forAll, [
      fault("tenant-key-unreachable"),
      setService({ superUserFeature: "Enabled", superUsers: ["judy@contoso.com"] }),
    ])
    for (const who of ["bob@contoso.com", "alice@contoso.com", "judy@contoso.com"]) {
      const decision = asks(world, who)
      assert.strictEqual(verdict(decision), "deny by tenant-key", who)
      assert.strictEqual(decidingGate(decision).refusal?.code, "CustomerKeyUnavailableError")
    }
    assert.strictEqual(asks(onDevice(world), "bob@contoso.com").outcome, "allow", "licence held")
    const back = evolveAll(world, [fault("tenant-key-unreachable", false)])
    assert.strictEqual(asks(back, "bob@contoso.com").outcome, "allow")
  })

  it("[MIP-235] a destroyed tenant key is as good as none", () => {
    const world = evolveAll(forAll, [
      {
        _tag: "KeyCreated",
        keyId: "rms-tenant-key/microsoft-managed",
        kind: "RmsTenantKey",
        wrappedBy: [],
      },
      { _tag: "KeyDestroyed", keyId: "rms-tenant-key/microsoft-managed" },
    ])
    assert.strictEqual(verdict(asks(world, "bob@contoso.com")), "deny by tenant-key")
  })
})

/** MIP-185 as the documentation prints it; `-` is a column that does not concern the row. */
const documents: Record<IdentityClass, Partial<Record<Software, "yes" | "no">>> = {
  "work-own-tenant": {
    "office-desktop": "yes",
    "office-2016": "yes",
    "office-mobile": "yes",
    "office-web": "yes",
    viewer: "yes",
  },
  "work-other-tenant": {
    "office-desktop": "yes",
    "office-2016": "yes",
    "office-mobile": "yes",
    "office-web": "no",
    viewer: "yes",
  },
  "microsoft-account": {
    "office-desktop": "yes",
    "office-2016": "no",
    "office-mobile": "yes",
    "office-web": "no",
    viewer: "yes",
  },
  guest: {
    "office-desktop": "yes",
    "office-2016": "no",
    "office-mobile": "yes",
    "office-web": "yes",
    viewer: "yes",
  },
  "social-sign-in": {
    "office-desktop": "no",
    "office-2016": "no",
    "office-mobile": "no",
    "office-web": "no",
    viewer: "no",
  },
  "one-time-passcode": {
    "office-desktop": "no",
    "office-2016": "no",
    "office-mobile": "no",
    "office-web": "no",
    viewer: "no",
  },
  none: {
    "office-desktop": "no",
    "office-2016": "no",
    "office-mobile": "no",
    "office-web": "no",
    viewer: "no",
  },
}

const addressIn: Record<IdentityClass, string> = {
  "work-own-tenant": "bob@contoso.com",
  "work-other-tenant": "nina@fabrikam.com",
  "microsoft-account": "zoe@outlook.com",
  guest: "gus@gmail.com",
  "social-sign-in": "gus@gmail.com",
  "one-time-passcode": "pat@mailbox.example",
  none: "nobody@nowhere.example",
}

describe("identity and software", () => {
  it.prop(
    "[MIP-185] [MIP-176] [MIP-177] [MIP-179] agrees with the documented matrix for documents",
    { identity: Schema.Literals(identityClasses), software: Schema.Literals(softwareKinds) },
    ({ identity, software }) => {
      const expected = documents[identity][software]
      if (expected === undefined) return
      const world =
        identity === "guest" ? evolveAll(forAll, [guest("gus@gmail.com", "google.com")]) : forAll
      const decision = asks(world, addressIn[identity], { software })
      const gate = decision.gates.find(({ name }) => name === "software-supports-identity")
      assert.strictEqual(gate?.verdict, expected === "yes" ? "pass" : "deny")
    },
  )

  it("[MIP-175] says which of the two parts failed: the account and software, or the permissions", () => {
    const decision = asks(forAll, "gus@gmail.com")
    assert.strictEqual(verdict(decision), "deny by software-supports-identity")
    assert.strictEqual(decidingGate(decision).details["part"], "identity")
    const nobody = withContent(adHoc([]))
    const other = asks(nobody, "bob@contoso.com")
    assert.strictEqual(verdict(other), "deny by usage-rights")
    assert.strictEqual(decidingGate(other).details["part"], "permissions")
    assert.strictEqual(asks(forAll, "bob@contoso.com").outcome, "allow")
  })

  it("[MIP-180] a social account or a code opens mail in the portal and nothing else", () => {
    const mail = withContent(adHoc(everybody("VIEW"), { form: "mail", name: "offer" }))
    for (const who of ["gus@gmail.com", "pat@mailbox.example"]) {
      assert.strictEqual(
        asks(mail, who, { app: "encrypted-message-portal" }).outcome,
        "allow",
        `${who} in the portal`,
      )
      assert.strictEqual(
        verdict(asks(mail, who, { app: "outlook-desktop" })),
        "deny by software-supports-identity",
      )
      assert.strictEqual(
        verdict(asks(forAll, who, { app: "encrypted-message-portal" })),
        "deny by software-supports-identity",
        "a document from elsewhere",
      )
    }
  })

  it("[MIP-181] a Gmail user opens documents with a Microsoft account of that address, or as guest", () => {
    const msa = evolveAll(forAll, [
      person("gus@gmail.com", "google", { hasMicrosoftAccount: true }),
    ])
    const gate = (world: MipWorld) =>
      asks(world, "gus@gmail.com").gates.find(({ name }) => name === "software-supports-identity")
    assert.strictEqual(gate(forAll)?.verdict, "deny")
    assert.strictEqual(gate(msa)?.verdict, "pass")
    assert.strictEqual(
      gate(evolveAll(forAll, [guest("gus@gmail.com", "google.com")]))?.verdict,
      "pass",
    )
  })

  it("[MIP-179] only a guest who has accepted the invitation can sign in as one", () => {
    const invited = guest("gus@gmail.com", "google.com")
    if (invited._tag !== "UserCreated") throw new Error("not a guest")
    const pending: WorldEvent = {
      ...invited,
      user: { ...invited.user, externalUserState: "PendingAcceptance" },
    }
    assert.strictEqual(
      verdict(asks(evolveAll(forAll, [pending]), "gus@gmail.com")),
      "deny by software-supports-identity",
    )
    assert.notStrictEqual(
      verdict(asks(evolveAll(forAll, [invited]), "gus@gmail.com")),
      "deny by software-supports-identity",
    )
  })

  it("[MIP-024] a member whose account was deleted is nobody any more", () => {
    const known = person("gone@contoso.com", "entra", { homeTenant: contosoId })
    assert.strictEqual(
      verdict(asks(evolveAll(forAll, [known]), "gone@contoso.com")),
      "deny by software-supports-identity",
    )
    assert.strictEqual(
      asks(evolveAll(forAll, [known, member("gone")]), "gone@contoso.com").outcome,
      "allow",
    )
  })

  it("[MIP-183] a protected PDF needs a reader that knows it", () => {
    const pdf = withContent(adHoc(everybody("VIEW"), { name: "offer.pdf" }))
    assert.strictEqual(
      verdict(asks(pdf, "bob@contoso.com", { app: "office-desktop" })),
      "deny by software-reads-format",
    )
    assert.strictEqual(asks(pdf, "bob@contoso.com", { app: "pdf-reader" }).outcome, "allow")
  })

  const blocksRms: B2bSetting = {
    usersAndGroups: {
      accessType: "allowed",
      targets: [{ target: "AllUsers", targetType: "user" }],
    },
    applications: {
      accessType: "blocked",
      targets: [{ target: appIds.rightsManagement, targetType: "application" }],
    },
  }

  it("[MIP-187] both organisations have to let people reach the rights management service", () => {
    assert.strictEqual(asks(forAll, "nina@fabrikam.com").outcome, "allow", "the defaults allow")
    const home = evolveAll(forAll, [
      {
        _tag: "ForeignCrossTenantAccessSet",
        tenantId: fabrikamId,
        crossTenantAccess: {
          default: { ...serviceDefault, b2bCollaborationOutbound: blocksRms },
          partners: {},
        },
        at: start,
      },
    ])
    assert.strictEqual(verdict(asks(home, "nina@fabrikam.com")), "deny by home-outbound")
    const owner = evolveAll(forAll, [
      {
        _tag: "CrossTenantDefaultUpdated",
        changes: { b2bCollaborationInbound: blocksRms },
        at: start,
      },
    ])
    assert.strictEqual(verdict(asks(owner, "nina@fabrikam.com")), "deny by resource-inbound")
    for (const world of [home, owner]) {
      assert.strictEqual(asks(world, "bob@contoso.com").outcome, "allow", "members are at home")
      assert.strictEqual(asks(world, "zoe@outlook.com").outcome, "allow", "no Entra tenant")
    }
  })

  const mfaForOutsiders: WorldEvent = {
    _tag: "ConditionalAccessPolicyAdded",
    policy: {
      id: "ca",
      displayName: "MFA for outsiders",
      state: "enabled",
      conditions: {
        users: { ...emptyUsers, includeUsers: ["GuestsOrExternalUsers"] },
        applications: {
          includeApplications: ["All"],
          excludeApplications: [],
          includeUserActions: [],
        },
        clientAppTypes: ["all"],
        signInRiskLevels: [],
        userRiskLevels: [],
      },
      grantControls: { operator: "OR", builtInControls: ["mfa"], termsOfUse: [] },
      createdAt: start,
    },
  }

  it("[MIP-188] a demand for a second factor stops outsiders unless the partner's is trusted", () => {
    const nina = person("nina@fabrikam.com", "entra", { mfaMethods: ["authenticatorPush"] })
    const world = evolveAll(forAll, [nina, mfaForOutsiders])
    const stopped = asks(world, "nina@fabrikam.com")
    assert.strictEqual(verdict(stopped), "deny by conditional-access-grant")
    assert.strictEqual(asks(world, "bob@contoso.com").outcome, "allow", "members are not meant")
    assert.strictEqual(
      asks(evolveAll(forAll, [nina]), "nina@fabrikam.com").outcome,
      "allow",
      "no policy",
    )
    const trusted = evolveAll(world, [
      {
        _tag: "CrossTenantDefaultUpdated",
        changes: { inboundTrust: { ...serviceDefault.inboundTrust, isMfaAccepted: true } },
        at: start,
      },
    ])
    assert.strictEqual(
      verdict(asks(trusted, "nina@fabrikam.com")),
      "challenge by conditional-access-grant",
      "at home it can be shown",
    )
    const shown = evolveAll(trusted, [
      {
        _tag: "SignedIn",
        session: {
          address: "nina@fabrikam.com",
          provider: "azureActiveDirectory",
          authenticatedAt: start,
          mfa: { at: start, tenant: "home", method: "authenticatorPush" },
        },
      },
    ])
    assert.strictEqual(asks(shown, "nina@fabrikam.com").outcome, "allow")
  })

  it("a directory that is down gives no licence", () => {
    // Guards the place of the sign-in in the order.
    const down = evolveAll(forAll, [fault("directory-outage")])
    assert.strictEqual(verdict(asks(down, "bob@contoso.com")), "deny by directory-reachable")
  })
})

describe("rights", () => {
  it("[MIP-051] without the right to view there is no licence; with it there is", () => {
    const decision = asks(withContent(adHoc(everybody("PRINT"))), "bob@contoso.com")
    assert.strictEqual(verdict(decision), "deny by usage-rights")
    assert.strictEqual(decidingGate(decision).refusal?.code, "NoPermissionsError")
    assert.deepStrictEqual(decision.rights, [])
    assert.deepStrictEqual(asks(forAll, "bob@contoso.com").rights, ["VIEW"])
    assert.strictEqual(
      verdict(asks(withContent(adHoc([])), "bob@contoso.com")),
      "deny by usage-rights",
    )
  })

  it("[MIP-160] a template's audience opens the content wherever it is met", () => {
    const world = withContent(
      adHoc([{ who: "finance@contoso.com", rights: ["VIEW"] }], {
        issuer: "bob@contoso.com",
        owner: "bob@contoso.com",
      }),
    )
    assert.strictEqual(asks(world, "alice@contoso.com").outcome, "allow")
    assert.strictEqual(asks(world, "carol@contoso.com").outcome, "deny")
    assert.strictEqual(
      asks(evolveAll(world, [joins("Finance", userIdOf("carol"))]), "carol@contoso.com").outcome,
      "allow",
    )
  })

  const with_ = (action: ContentAction, app: "office-desktop" | "office-web", ...r: UsageRight[]) =>
    asks(withContent(adHoc(everybody(...r))), "bob@contoso.com", { requested: action, app }).outcome

  it("[MIP-053] typing needs one right, saving another; on the web saving is enough to edit", () => {
    assert.strictEqual(with_("edit", "office-desktop", "VIEW", "DOCEDIT"), "allow")
    assert.strictEqual(with_("save", "office-desktop", "VIEW", "DOCEDIT"), "deny")
    assert.strictEqual(with_("save", "office-desktop", "VIEW", "EDIT"), "allow")
    assert.strictEqual(with_("edit", "office-desktop", "VIEW", "EDIT"), "deny")
    assert.strictEqual(with_("edit", "office-web", "VIEW", "EDIT"), "allow")
    assert.strictEqual(with_("edit", "office-web", "VIEW"), "deny")
  })

  it("[MIP-207] [MIP-056] the web cannot stop an editor from copying, nor anybody's screen", () => {
    assert.strictEqual(with_("copy", "office-web", "VIEW", "DOCEDIT"), "allow")
    assert.strictEqual(with_("copy", "office-web", "VIEW"), "deny")
    assert.strictEqual(with_("copy", "office-desktop", "VIEW", "DOCEDIT"), "deny")
    assert.strictEqual(with_("screen-capture", "office-web", "VIEW"), "allow")
    assert.strictEqual(with_("screen-capture", "office-desktop", "VIEW"), "deny")
    assert.strictEqual(with_("screen-capture", "office-desktop", "VIEW", "EXTRACT"), "allow")
  })

  it("[MIP-207] in 2021 the web could not print what is encrypted", () => {
    const world = withContent(adHoc(everybody("VIEW", "PRINT")))
    const ask = (now: number) =>
      asks(world, "bob@contoso.com", { requested: "print", app: "office-web", now }).outcome
    assert.strictEqual(ask(Date.UTC(2021, 5, 1)), "deny")
    assert.strictEqual(ask(start), "allow")
  })

  it("[MIP-032] a generically protected file is free to use once it is open", () => {
    const zip = withContent(adHoc(everybody("VIEW"), { name: "plans.zip" }))
    const open = asks(zip, "bob@contoso.com", { requested: "print", app: "pdf-reader" })
    assert.strictEqual(open.outcome, "allow")
    assert.strictEqual(with_("print", "office-desktop", "VIEW"), "deny")
  })

  it("[MIP-055] a reply without both edit rights carries the original as an attachment", () => {
    const mail = (...rights: UsageRight[]) =>
      asks(
        withContent(adHoc(everybody(...rights), { form: "mail", name: "offer" })),
        "bob@contoso.com",
        { requested: "reply", app: "outlook-desktop" },
      )
    const delivery = (decision: Decision) => decidingGate(decision).details["delivery"]
    assert.strictEqual(delivery(mail("VIEW", "REPLY")), "as an attachment")
    assert.isUndefined(delivery(mail("VIEW", "REPLY", "EDIT", "DOCEDIT")))
    assert.strictEqual(mail("VIEW").outcome, "deny")
  })

  it("[MIP-076] changing the protection takes the right to export, or full control", () => {
    assert.strictEqual(with_("change-protection", "office-desktop", "VIEW", "EXPORT"), "allow")
    assert.strictEqual(with_("change-protection", "office-desktop", "OWNER"), "allow")
    assert.strictEqual(with_("change-protection", "office-desktop", "VIEW", "EXTRACT"), "deny")
  })
})

describe("expiry and revocation", () => {
  const superUser = setService({
    superUserFeature: "Enabled",
    superUsers: ["judy@contoso.com"],
  })
  const owned = adHoc(everybody("VIEW"), { owner: "carol@contoso.com" })

  it("[MIP-085] past its expiry content opens for issuer, owner and super users only", () => {
    const at = (contentExpiresAt: number) =>
      evolveAll(withContent({ ...owned, contentExpiresAt }), [superUser])
    for (const who of ["alice", "carol", "judy"]) {
      assert.strictEqual(asks(at(start), `${who}@contoso.com`).outcome, "allow", who)
    }
    const decision = asks(at(start), "bob@contoso.com")
    assert.strictEqual(verdict(decision), "deny by content-expiry")
    assert.include(decidingGate(decision).refusal?.message ?? "", "AccessExpired")
    assert.strictEqual(asks(at(start + 1), "bob@contoso.com").outcome, "allow")
    assert.strictEqual(asks(forAll, "bob@contoso.com").outcome, "allow", "no expiry set")
  })

  it("[MIP-085] a licence on the device carries the expiry", () => {
    const world = onDevice(
      withContent({ ...owned, contentExpiresAt: start + days(2) }),
      licence({ contentExpiresAt: start + days(2) }),
    )
    const on = (now: number) => asks(world, "bob@contoso.com", { now })
    assert.strictEqual(on(start + days(1)).outcome, "allow")
    assert.strictEqual(verdict(on(start + days(2))), "deny by content-expiry")
  })

  it("[MIP-224] [MIP-286] revoked content opens for its issuer and super users, not its owner", () => {
    const world = evolveAll(withContent(owned), [superUser, revoked])
    assert.strictEqual(asks(world, "alice@contoso.com").outcome, "allow")
    assert.strictEqual(asks(world, "judy@contoso.com").outcome, "allow")
    assert.strictEqual(verdict(asks(world, "carol@contoso.com")), "deny by revocation")
    assert.strictEqual(verdict(asks(world, "bob@contoso.com")), "deny by revocation")
  })

  it("[MIP-226] giving access back restores it", () => {
    const back: MipEvent = {
      _tag: "RevocationCleared",
      contentId,
      by: "alice@contoso.com",
      at: start,
    }
    assert.strictEqual(
      asks(evolveAll(withContent(owned), [revoked, back]), "bob@contoso.com").outcome,
      "allow",
    )
  })

  it("[MIP-225] [MIP-079] revoking does not recall a licence that lies on a device", () => {
    const world = onDevice(withContent(owned), revoked)
    assert.strictEqual(asks(world, "bob@contoso.com").outcome, "allow")
    assert.strictEqual(
      verdict(asks(world, "bob@contoso.com", { isFreshDevice: true })),
      "deny by revocation",
    )
    assert.strictEqual(
      verdict(asks(world, "bob@contoso.com", { now: start + days(30) })),
      "deny by revocation",
    )
  })
})

describe("the licence on the device", () => {
  const narrow = withContent(adHoc(everybody("VIEW", "PRINT")))

  it("[MIP-079] its rights count, whatever has changed since", () => {
    const world = onDevice(withContent(adHoc([])))
    const decision = asks(world, "bob@contoso.com")
    assert.strictEqual(decision.outcome, "allow")
    assert.deepStrictEqual(decision.rights, ["VIEW"])
    assert.notInclude(
      decision.gates.map(({ name }) => name),
      "usage-rights",
    )
    assert.strictEqual(
      verdict(asks(onDevice(narrow), "bob@contoso.com", { requested: "print" })),
      "deny by application-enforces",
      "a wider permission waits for the next licence",
    )
    const disabled = onDevice(narrow, member("bob", { accountEnabled: false }))
    assert.strictEqual(asks(disabled, "bob@contoso.com").outcome, "allow")
  })

  it("[MIP-025] [MIP-024] it needs the certificate as well, which lasts 31 days", () => {
    const world = evolveAll(narrow, [
      certificate(),
      licence({ validUntil: start + days(60) }),
      fault("rights-management-unreachable"),
    ])
    const on = (now: number) => asks(world, "bob@contoso.com", { now })
    assert.strictEqual(on(start + days(31) - 1).outcome, "allow")
    assert.strictEqual(verdict(on(start + days(31))), "deny by use-licence-on-device")
  })

  it("[MIP-080] over and offline: denied; over and online: asked again", () => {
    const world = onDevice(narrow)
    const later = start + days(30)
    assert.strictEqual(asks(world, "bob@contoso.com", { now: later }).outcome, "allow")
    const offline = evolveAll(world, [fault("rights-management-unreachable")])
    assert.strictEqual(
      verdict(asks(offline, "bob@contoso.com", { now: later })),
      "deny by use-licence-on-device",
    )
    assert.strictEqual(asks(offline, "bob@contoso.com").outcome, "allow")
    assert.strictEqual(
      verdict(asks(evolveAll(narrow, [fault("rights-management-unreachable")]), "bob@contoso.com")),
      "deny by use-licence-on-device",
      "no licence at all",
    )
  })

  it("[MIP-029] mobile and web software keep none: each open asks", () => {
    const world = evolveAll(onDevice(narrow), [fault("rights-management-unreachable")])
    assert.strictEqual(asks(world, "bob@contoso.com").outcome, "allow")
    for (const app of ["office-mobile", "office-web"] as const) {
      assert.strictEqual(
        verdict(asks(world, "bob@contoso.com", { app })),
        "deny by use-licence-on-device",
      )
    }
  })

  it("[MIP-028] it opens for one person and one content", () => {
    const world = evolveAll(onDevice(withContent(adHoc([]))), [certificate("dave@contoso.com")])
    assert.strictEqual(asks(world, "bob@contoso.com").outcome, "allow")
    assert.strictEqual(verdict(asks(world, "dave@contoso.com")), "deny by usage-rights")
  })
})

describe("the second key", () => {
  const url = "https://keys.contoso.com/Board"
  const content = adHoc(everybody("VIEW"), { doubleKeyUrl: url })
  const service = (more: object = {}): MipEvent => ({
    _tag: "DoubleKeyServiceSet",
    at: start,
    service: {
      url,
      authorizedEmailAddresses: ["bob@contoso.com", "nina@fabrikam.com"],
      validTenants: [contosoId],
      isRunning: true,
      ...more,
    },
  })

  it("[MIP-240] [MIP-245] both keys are needed: rights alone or the key alone open nothing", () => {
    const world = evolveAll(withContent(content), [service()])
    assert.strictEqual(asks(world, "bob@contoso.com").outcome, "allow")
    const other = asks(world, "dave@contoso.com")
    assert.strictEqual(verdict(other), "deny by second-key")
    assert.strictEqual(decidingGate(other).refusal?.code, "403")
    const noRights = evolveAll(withContent(adHoc([], { doubleKeyUrl: url })), [service()])
    assert.strictEqual(verdict(asks(noRights, "bob@contoso.com")), "deny by usage-rights")
    assert.strictEqual(
      verdict(asks(withContent(content), "bob@contoso.com")),
      "deny by second-key",
      "a service nobody set up",
    )
  })

  it("[MIP-071] [MIP-240] a super user has no way around the second key", () => {
    const world = evolveAll(withContent(content), [
      service(),
      setService({ superUserFeature: "Enabled", superUsers: ["judy@contoso.com"] }),
    ])
    assert.strictEqual(verdict(asks(world, "judy@contoso.com")), "deny by second-key")
    assert.strictEqual(verdict(asks(world, "alice@contoso.com")), "deny by second-key", "issuer")
  })

  it("[MIP-248] an outsider needs rights, access, and an organisation the service accepts", () => {
    const own = evolveAll(withContent(content), [service()])
    assert.strictEqual(decidingGate(asks(own, "nina@fabrikam.com")).refusal?.code, "401")
    const both = evolveAll(own, [service({ validTenants: [contosoId, fabrikamId] })])
    assert.strictEqual(asks(both, "nina@fabrikam.com").outcome, "allow")
  })

  it("[MIP-243] Office on the web never opens it", () => {
    const world = evolveAll(withContent(content), [service()])
    assert.strictEqual(
      verdict(asks(world, "bob@contoso.com", { app: "office-web" })),
      "deny by software-reads-format",
    )
  })

  it("[MIP-245] a service that does not answer opens nothing, a licence on the device still does", () => {
    const world = evolveAll(withContent(content), [
      service(),
      fault("double-key-service-unreachable"),
    ])
    assert.strictEqual(verdict(asks(world, "bob@contoso.com")), "deny by second-key")
    assert.strictEqual(asks(onDevice(world), "bob@contoso.com").outcome, "allow")
    const stopped = evolveAll(withContent(content), [service({ isRunning: false })])
    assert.strictEqual(verdict(asks(stopped, "bob@contoso.com")), "deny by second-key")
  })
})

describe("templates", () => {
  it("[MIP-200] content of a removed template names it as the reason", () => {
    const world = withContent(protection({ templateId: "gone" }))
    const decision = asks(world, "bob@contoso.com")
    assert.strictEqual(verdict(decision), "deny by usage-rights")
    assert.strictEqual(decidingGate(decision).refusal?.code, "TemplateNotFoundError")
    assert.strictEqual(asks(world, "alice@contoso.com").outcome, "allow")
  })
})

describe("every refusal and every pass", () => {
  it.prop(
    "explains itself in a sentence without ids",
    {
      who: Schema.Literals(Object.values(addressIn)),
      rights: Schema.Array(UsageRight),
      software: Schema.Literals(softwareKinds),
      isRevoked: Schema.Boolean,
    },
    ({ who, rights, software, isRevoked }) => {
      const world = evolveAll(withContent(adHoc(everybody(...rights))), isRevoked ? [revoked] : [])
      const decision = asks(world, who, { software, requested: "print" })
      for (const { reason, verdict: found, facts } of decision.gates) {
        assert.match(reason, /^[A-Z].*[.!]$/)
        assert.notMatch(reason, /[0-9a-f]{8}-|@|MIP-|[a-z][A-Z]{2,}/)
        assert.isNotEmpty(facts)
        assert.isNotEmpty(found)
      }
      if (decision.outcome !== "allow") assert.isDefined(decidingGate(decision).reason)
    },
  )
})
