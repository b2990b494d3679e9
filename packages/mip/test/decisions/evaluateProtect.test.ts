import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import {
  encryptOnly,
  evaluateProtect,
  type Label,
  type MipWorld,
  type ProtectRequest,
  policySettings,
  rightsPlan,
} from "../../src/index.ts"
import { adHoc, contentId, fault, setService, verdict } from "../asking.ts"
import {
  baseline,
  client,
  composition,
  evolveAll,
  group,
  groupIdOf,
  joins,
  labelId,
  labels,
  people,
  publishing,
  start,
  userIdOf,
  type WorldEvent,
} from "../world.ts"

const wish = (world: MipWorld, more: Partial<ProtectRequest> = {}) =>
  evaluateProtect({
    world,
    address: "alice@contoso.com",
    client: client("office-desktop"),
    now: start,
    form: "document",
    name: "offer.docx",
    ...more,
  })

const asked = (more: Partial<ProtectRequest>, ...events: WorldEvent[]): string =>
  verdict(wish(evolveAll(baseline, events), more))

const withLabels = (
  these: readonly Label[],
  settings: Readonly<Record<string, string>> = {},
): MipWorld => evolveAll(composition.initial, [...people, ...publishing(these, settings)])

const finance = setService({
  onboarding: {
    useRmsUserLicense: false,
    securityGroupObjectId: groupIdOf("Finance"),
    scope: "All",
  },
})

describe("the order of protecting", () => {
  it("[MIP-285] asks in the documented order", () => {
    const decision = wish(baseline, { label: "Confidential" })
    assert.strictEqual(decision.outcome, "allow")
    assert.deepStrictEqual(
      decision.gates.map(({ name }) => name),
      [
        "publishing-certificate",
        "service-enabled",
        "subscription",
        "onboarding-policy",
        "label-in-scope",
        "template-in-scope",
        "permissions-chosen",
        "file-type",
        "label-arrived",
        "label-technology",
        "connection-for-label",
        "already-protected",
        "label-precedence",
        "mandatory-label",
        "justification",
        "keys-for-protecting",
      ],
    )
  })

  it("[MIP-285] the first failure is the reason: service, onboarding, label, protection, reason, keys", () => {
    const strict = evolveAll(
      withLabels(labels, { [policySettings.requireJustification]: "true" }),
      [
        setService({ functionalState: "Disabled" }),
        {
          _tag: "RmsServiceConfigured",
          changes: {
            onboarding: {
              useRmsUserLicense: false,
              securityGroupObjectId: groupIdOf("Finance"),
              scope: "All",
            },
          },
          line: { at: start, admin: "i", command: "c", parameters: "", hasPassed: true },
        },
        {
          _tag: "ContentProtected",
          protection: adHoc([], { issuer: "alice@contoso.com", owner: "alice@contoso.com" }),
        },
        fault("tenant-key-unreachable"),
      ],
    )
    const by = (world: MipWorld, address: string, name: string, justification?: string) =>
      verdict(
        wish(world, {
          address,
          label: name,
          existing: { contentId, labelId: labelId("Secret") },
          ...(justification === undefined ? {} : { justification }),
        }),
      )
    assert.strictEqual(by(strict, "bob@contoso.com", "Nothing"), "deny by label-in-scope")
    assert.strictEqual(by(strict, "bob@contoso.com", "Confidential"), "deny by service-enabled")
    const on = evolveAll(strict, [setService({ functionalState: "Enabled" })])
    assert.strictEqual(by(on, "bob@contoso.com", "Confidential"), "deny by onboarding-policy")
    const member = evolveAll(on, [joins("Finance", userIdOf("bob"))])
    assert.strictEqual(by(member, "bob@contoso.com", "Confidential"), "deny by already-protected")
    assert.strictEqual(by(member, "alice@contoso.com", "Confidential"), "deny by justification")
    assert.strictEqual(
      by(member, "alice@contoso.com", "Confidential", "published"),
      "deny by keys-for-protecting",
    )
    const reached = evolveAll(member, [fault("tenant-key-unreachable", false)])
    assert.strictEqual(
      wish(reached, {
        label: "Confidential",
        justification: "published",
        existing: { contentId, labelId: labelId("Secret") },
      }).outcome,
      "allow",
    )
  })
})

describe("the service", () => {
  it("[MIP-005] [MIP-006] off: nothing is encrypted, a label without encryption still comes on", () => {
    const off = setService({ functionalState: "Disabled" })
    assert.strictEqual(asked({ label: "Confidential" }, off), "deny by service-enabled")
    assert.strictEqual(asked({ label: "General" }, off), "allow by keys-for-protecting")
    assert.strictEqual(asked({ label: "Confidential" }), "allow by keys-for-protecting")
    assert.strictEqual(
      asked({ form: "mail", name: "m", custom: encryptOnly(["zoe@outlook.com"]) }, off),
      "deny by service-enabled",
    )
  })

  it("[MIP-235] nothing new is protected while the tenant key is out of reach", () => {
    assert.strictEqual(
      asked({ label: "Confidential" }, fault("tenant-key-unreachable")),
      "deny by keys-for-protecting",
    )
    assert.strictEqual(
      asked({ label: "General" }, fault("tenant-key-unreachable")),
      "allow by keys-for-protecting",
    )
  })
})

const licence = (address: string): WorldEvent => ({
  _tag: "UserUpdated",
  userId: userIdOf(address),
  changes: { assignedPlans: [rightsPlan] },
  at: start,
})

describe("onboarding", () => {
  it("[MIP-011] by default everybody may protect", () => {
    const { gates } = wish(baseline, { label: "Confidential" })
    const gate = gates.find(({ name }) => name === "onboarding-policy")
    assert.deepStrictEqual(gate?.details, { onboarding: "everybody" })
  })

  it("[MIP-012] [MIP-013] [MIP-015] a group admits its members, nested ones too, and nobody else", () => {
    const bob = { address: "bob@contoso.com", label: "Confidential" }
    assert.strictEqual(asked({ label: "Confidential" }, finance), "allow by keys-for-protecting")
    assert.strictEqual(asked(bob, finance), "deny by onboarding-policy")
    const nested = [
      group("Inner"),
      joins("Inner", userIdOf("bob")),
      joins("Finance", groupIdOf("Inner")),
    ]
    assert.strictEqual(asked(bob, finance, ...nested), "allow by keys-for-protecting")
    const decision = wish(evolveAll(baseline, [finance]), bob)
    assert.strictEqual(decidingGate(decision).refusal?.code, "NoPermissionsError")
    const gone = setService({
      onboarding: { useRmsUserLicense: false, securityGroupObjectId: "gone", scope: "All" },
    })
    assert.strictEqual(asked(bob, gone), "deny by onboarding-policy", "a group that is gone")
  })

  it("[MIP-012] the scope decides which applications are covered", () => {
    const mobileOnly = setService({
      onboarding: {
        useRmsUserLicense: false,
        securityGroupObjectId: groupIdOf("Finance"),
        scope: "MobileApp",
      },
    })
    const bob = { address: "bob@contoso.com", label: "Confidential" }
    assert.strictEqual(asked(bob, mobileOnly), "allow by keys-for-protecting")
    assert.strictEqual(
      asked({ ...bob, client: client("office-mobile") }, mobileOnly),
      "deny by onboarding-policy",
    )
    const windowsOnly = setService({
      onboarding: {
        useRmsUserLicense: false,
        securityGroupObjectId: groupIdOf("Finance"),
        scope: "WindowsApp",
      },
    })
    assert.strictEqual(asked(bob, windowsOnly), "deny by onboarding-policy")
    assert.strictEqual(
      asked({ ...bob, client: client("office-mobile") }, windowsOnly),
      "allow by keys-for-protecting",
    )
  })

  it("[MIP-012] a licence can be demanded, alone or together with membership", () => {
    const alone = setService({ onboarding: { useRmsUserLicense: true, scope: "All" } })
    assert.strictEqual(asked({ label: "Confidential" }, alone), "deny by onboarding-policy")
    const allowed = "allow by keys-for-protecting"
    assert.strictEqual(asked({ label: "Confidential" }, alone, licence("alice")), allowed)
    const suspended: WorldEvent = {
      _tag: "UserUpdated",
      userId: userIdOf("alice"),
      changes: { assignedPlans: [{ ...rightsPlan, capabilityStatus: "Suspended" }] },
      at: start,
    }
    assert.strictEqual(
      asked({ label: "Confidential" }, alone, suspended),
      "deny by onboarding-policy",
    )
    const both = setService({
      onboarding: {
        useRmsUserLicense: true,
        securityGroupObjectId: groupIdOf("Finance"),
        scope: "All",
      },
    })
    const alice = { label: "Confidential" }
    const bob = { ...alice, address: "bob@contoso.com" }
    assert.strictEqual(asked(alice, both), "deny by onboarding-policy", "member, no licence")
    assert.strictEqual(asked(bob, both, licence("bob")), "deny by onboarding-policy", "no member")
    assert.strictEqual(asked(alice, both, licence("alice")), allowed)
  })

  it("[MIP-016] protection by services is not asked for", () => {
    const bob = { address: "bob@contoso.com", label: "Confidential", isServerSide: true }
    assert.strictEqual(asked(bob, finance), "allow by keys-for-protecting")
  })

  it("[MIP-014] whoever may not protect may still label and open", () => {
    assert.strictEqual(
      asked({ address: "bob@contoso.com", label: "General" }, finance),
      "allow by keys-for-protecting",
    )
  })
})
