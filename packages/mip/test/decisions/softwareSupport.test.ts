import { assert, describe, it } from "@effect/vitest"
import { appIds, type B2bSetting, emptyUsers, serviceDefault } from "@twin/identity"
import { type Client, type Decision, decidingGate } from "@twin/kernel"
import { Schema } from "effect"
import {
  type Grant,
  type IdentityClass,
  identityClasses,
  type MipWorld,
  type Software,
  softwareKinds,
  UsageRight,
} from "../../src/index.ts"
import { adHoc, asks, fault, verdict, withContent } from "../asking.ts"
import {
  contosoId,
  evolveAll,
  fabrikamId,
  guest,
  member,
  person,
  start,
  type WorldEvent,
} from "../world.ts"

const everybody = (...rights: UsageRight[]): Grant[] => [{ who: "AuthenticatedUsers", rights }]
const forAll = withContent(adHoc(everybody("VIEW")))

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

const gusOn = (world: MipWorld) =>
  asks(world, "gus@gmail.com").gates.find(({ name }) => name === "software-supports-identity")

const words = (decision: Decision): string => decidingGate(decision).refusal?.message ?? ""

const opens = (world: MipWorld, who: string, app: Client["app"]) =>
  asks(world, who, { app }).outcome === "allow"

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

  it("[MIP-047] any authenticated user means other people in other software", () => {
    const mail = withContent(adHoc(everybody("VIEW"), { form: "mail", name: "offer" }))
    assert.isTrue(opens(forAll, "nina@fabrikam.com", "office-desktop"), "an Entra account")
    assert.isTrue(opens(forAll, "zoe@outlook.com", "office-desktop"), "a Microsoft account")
    assert.isTrue(opens(forAll, "zoe@outlook.com", "pdf-reader"), "in the viewer")
    assert.isFalse(opens(forAll, "gus@gmail.com", "office-desktop"), "a social account")
    assert.isTrue(opens(mail, "gus@gmail.com", "encrypted-message-portal"), "mail in the portal")
    assert.isFalse(opens(mail, "nobody@nowhere.example", "encrypted-message-portal"))
  })

  it("[MIP-181] a Gmail user opens documents with a Microsoft account of that address, or as guest", () => {
    const msa = evolveAll(forAll, [
      person("gus@gmail.com", "google", { hasMicrosoftAccount: true }),
    ])
    assert.strictEqual(gusOn(forAll)?.verdict, "deny")
    assert.strictEqual(gusOn(msa)?.verdict, "pass")
    assert.strictEqual(
      gusOn(evolveAll(forAll, [guest("gus@gmail.com", "google.com")]))?.verdict,
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
    assert.match(words(asks(home, "nina@fabrikam.com")), /Access is blocked by your organization/)
    const owner = evolveAll(forAll, [
      {
        _tag: "CrossTenantDefaultUpdated",
        changes: { b2bCollaborationInbound: blocksRms },
        at: start,
      },
    ])
    assert.strictEqual(verdict(asks(owner, "nina@fabrikam.com")), "deny by resource-inbound")
    assert.match(words(asks(owner, "nina@fabrikam.com")), /Access is blocked by the organization/)
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
    assert.match(decidingGate(stopped).refusal?.code ?? "", /90072/)
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
