import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Schema } from "effect"
import {
  doNotForward,
  encryptOnly,
  evaluateProtect,
  type Label,
  type MipWorld,
  type ProtectRequest,
  policySettings,
  userDefined,
} from "../../src/index.ts"
import {
  adHoc,
  baseline,
  client,
  composition,
  contentId,
  evolveAll,
  fault,
  group,
  groupIdOf,
  guest,
  joins,
  label,
  labelId,
  labels,
  people,
  protection,
  publishing,
  setService,
  start,
  templateId,
  userIdOf,
  verdict,
  type WorldEvent,
  withContent,
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
        "service-enabled",
        "onboarding-policy",
        "label-in-scope",
        "template-in-scope",
        "permissions-chosen",
        "file-type",
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

describe("onboarding", () => {
  it("[MIP-011] by default everybody may protect", () => {
    const gate = wish(baseline, { label: "Confidential" }).gates[1]
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
  })

  it("[MIP-012] a demand for licences is more than the twin knows, and it says so", () => {
    const licensed = setService({ onboarding: { useRmsUserLicense: true, scope: "All" } })
    assert.strictEqual(asked({ label: "Confidential" }, licensed), "unknown by onboarding-policy")
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

describe("labels and templates", () => {
  it("[MIP-128] only labels of one's policies can be chosen", () => {
    const world = evolveAll(withLabels([label("General", 0)]), [
      { _tag: "LabelCreated", label: label("Hidden", 1) },
    ])
    assert.strictEqual(wish(world, { label: "General" }).outcome, "allow")
    assert.strictEqual(verdict(wish(world, { label: "Hidden" })), "deny by label-in-scope")
    assert.strictEqual(verdict(wish(world, { label: "No such" })), "deny by label-in-scope")
    assert.strictEqual(wish(world, { label: "Hidden", isServerSide: true }).outcome, "allow")
  })

  it("[MIP-098] guests and outsiders have no policy here, so they cannot apply the labels", () => {
    const world = evolveAll(baseline, [guest("nina@fabrikam.com")])
    for (const address of ["nina@fabrikam.com", "zoe@outlook.com"]) {
      const decision = wish(world, { address, label: "General" })
      assert.strictEqual(verdict(decision), "deny by label-in-scope")
      assert.strictEqual(decidingGate(decision).refusal?.code, "NoPolicyError")
    }
    assert.strictEqual(wish(world, { label: "General" }).outcome, "allow")
  })

  it("[MIP-093] [MIP-094] a parent and a label group cannot be applied, a sublabel can", () => {
    const world = withLabels([
      label("Parent", 0),
      label("Sub", 1, undefined, { parentId: labelId("Parent") }),
      label("Group", 2, undefined, { isLabelGroup: true }),
    ])
    assert.strictEqual(verdict(wish(world, { label: "Parent" })), "deny by label-in-scope")
    assert.strictEqual(verdict(wish(world, { label: "Group" })), "deny by label-in-scope")
    assert.strictEqual(wish(world, { label: "Parent\\Sub" }).outcome, "allow")
  })

  it("[MIP-095] a label shows only where its scope has this kind of content", () => {
    const world = withLabels([
      label("Mail", 0, undefined, { contentTypes: ["Email"] }),
      label("Sites", 1, undefined, { contentTypes: ["Site"] }),
    ])
    assert.strictEqual(verdict(wish(world, { label: "Mail" })), "deny by label-in-scope")
    assert.strictEqual(wish(world, { label: "Mail", form: "mail" }).outcome, "allow")
    assert.strictEqual(verdict(wish(world, { label: "Sites" })), "deny by label-in-scope")
  })

  it("[MIP-199] [MIP-200] a template has to be there, published, and offered to the person", () => {
    const template = (more: object = {}): WorldEvent => ({
      _tag: "TemplateStored",
      template: {
        templateId: "t",
        name: "Board",
        description: "",
        status: "Published",
        grants: [{ who: "contoso.com", rights: ["VIEW"] }],
        contentExpiry: { _tag: "Never" },
        licenceValidityDays: -1,
        scopedIdentities: [],
        isReadOnly: false,
        ...more,
      },
    })
    const board = { template: "Board" }
    assert.strictEqual(asked(board, template()), "allow by keys-for-protecting")
    assert.strictEqual(asked(board), "deny by template-in-scope")
    assert.strictEqual(asked(board, template({ status: "Archived" })), "deny by template-in-scope")
    const scoped = template({ scopedIdentities: ["finance@contoso.com"] })
    assert.strictEqual(asked(board, scoped), "allow by keys-for-protecting")
    assert.strictEqual(
      asked({ ...board, address: "bob@contoso.com" }, scoped),
      "deny by template-in-scope",
    )
  })

  it("[MIP-007] a label whose template is missing fails when somebody applies it", () => {
    const gone: WorldEvent = {
      _tag: "TemplateRemoved",
      templateId: templateId("Confidential"),
      at: start,
    }
    assert.strictEqual(asked({ label: "Confidential" }, gone), "deny by template-in-scope")
  })

  it("[MIP-256] [MIP-257] what Office cannot label stays as it is", () => {
    assert.strictEqual(asked({ label: "General", name: "setup.exe" }), "deny by file-type")
    assert.strictEqual(asked({ label: "General", name: "old.doc" }), "deny by file-type")
    assert.strictEqual(
      asked({ label: "General", name: "old.doc", client: client("powershell") }),
      "allow by keys-for-protecting",
    )
  })
})

describe("permissions chosen by people", () => {
  it("[MIP-109] [MIP-111] a label that lets people decide needs their decision", () => {
    assert.strictEqual(asked({ label: "Personal" }), "deny by permissions-chosen")
    assert.strictEqual(
      asked({ label: "Personal", custom: userDefined([]) }),
      "allow by keys-for-protecting",
      "nobody selected: just for me",
    )
    assert.strictEqual(
      asked({
        label: "Personal",
        custom: userDefined([{ who: "zoe@outlook.com", rights: ["VIEW"] }]),
      }),
      "allow by keys-for-protecting",
    )
  })

  it("[MIP-109] an option for Outlook is none for Word, and the other way round", () => {
    const world = withLabels([
      label("Mail only", 0, { protectionType: "UserDefined", encryptOnly: true }),
      label("Office only", 1, { protectionType: "UserDefined", promptUser: true }),
    ])
    const mail = { form: "mail", name: "m", recipients: ["zoe@outlook.com"] } as const
    assert.strictEqual(verdict(wish(world, { label: "Mail only" })), "deny by permissions-chosen")
    assert.strictEqual(wish(world, { label: "Mail only", ...mail }).outcome, "allow")
    assert.strictEqual(
      verdict(wish(world, { label: "Office only", ...mail })),
      "deny by permissions-chosen",
    )
    assert.strictEqual(
      wish(world, { label: "Office only", custom: userDefined([]) }).outcome,
      "allow",
    )
  })

  it("[MIP-114] the audience of a message is whoever it goes to; nobody is no audience", () => {
    const mail = { form: "mail", name: "m", label: "Personal" } as const
    assert.strictEqual(
      asked({ ...mail, recipients: ["pat@mailbox.example"] }),
      "allow by keys-for-protecting",
    )
    assert.strictEqual(asked(mail), "deny by permissions-chosen")
    assert.strictEqual(
      asked({ form: "mail", name: "m", custom: doNotForward([]) }),
      "deny by permissions-chosen",
    )
  })

  it("[MIP-110] such a label comes on by hand, or by a service policy for mail", () => {
    const automatic = { label: "Personal", custom: userDefined([]), method: "automatic" } as const
    assert.strictEqual(asked(automatic), "deny by permissions-chosen")
    assert.strictEqual(
      asked({
        ...automatic,
        form: "mail",
        name: "m",
        recipients: ["zoe@outlook.com"],
        isServerSide: true,
      }),
      "allow by keys-for-protecting",
    )
  })

  it("[MIP-250] a second key with an option for mail saves, and fails when it is applied", () => {
    const world = withLabels([
      label("Both", 0, {
        protectionType: "UserDefined",
        doNotForward: true,
        doubleKeyUrl: "https://keys.contoso.com/K",
      }),
    ])
    assert.strictEqual(
      verdict(wish(world, { label: "Both", form: "mail", name: "m", recipients: ["z@x.com"] })),
      "deny by permissions-chosen",
    )
  })

  it("[MIP-244] a label with a second key needs its service to answer", () => {
    const url = "https://keys.contoso.com/K"
    const world = withLabels([
      label("Double", 0, {
        protectionType: "Template",
        grants: [{ who: "contoso.com", rights: ["VIEW"] }],
        doubleKeyUrl: url,
      }),
    ])
    assert.strictEqual(verdict(wish(world, { label: "Double" })), "deny by keys-for-protecting")
    const service: WorldEvent = {
      _tag: "DoubleKeyServiceSet",
      at: start,
      service: { url, authorizedEmailAddresses: [], validTenants: [], isRunning: true },
    }
    assert.strictEqual(
      wish(evolveAll(world, [service]), { label: "Double" }).outcome,
      "allow",
      "the public key is anybody's",
    )
    assert.strictEqual(
      verdict(
        wish(evolveAll(world, [service, fault("double-key-service-unreachable")]), {
          label: "Double",
        }),
      ),
      "deny by keys-for-protecting",
    )
  })
})

describe("what is protected already", () => {
  const bobs = { issuer: "bob@contoso.com", owner: "carol@contoso.com" }
  const change = (
    rights: readonly ("VIEW" | "EXPORT" | "EXTRACT" | "OWNER")[],
    address = "dave@contoso.com",
    events: readonly WorldEvent[] = [],
  ) =>
    verdict(
      wish(evolveAll(withContent(adHoc([{ who: "dave@contoso.com", rights }], bobs)), events), {
        address,
        label: "Secret",
        existing: { contentId },
      }),
    )

  it("[MIP-076] changing takes the right to export, full control, or being issuer, owner, super user", () => {
    assert.strictEqual(change(["VIEW", "EXPORT"]), "allow by keys-for-protecting")
    assert.strictEqual(change(["OWNER"]), "allow by keys-for-protecting")
    assert.strictEqual(change(["VIEW", "EXTRACT"]), "deny by already-protected")
    assert.strictEqual(change([]), "deny by already-protected")
    assert.strictEqual(change([], "bob@contoso.com"), "allow by keys-for-protecting")
    assert.strictEqual(change([], "carol@contoso.com"), "allow by keys-for-protecting")
    assert.strictEqual(change([], "judy@contoso.com"), "deny by already-protected")
    assert.strictEqual(
      change([], "judy@contoso.com", [
        setService({ superUserFeature: "Enabled", superUsers: ["judy@contoso.com"] }),
      ]),
      "allow by keys-for-protecting",
    )
  })

  it("[MIP-126] [MIP-127] an Editor of a label cannot put on another, not even a stricter one", () => {
    const world = withContent(
      protection({
        labelId: labelId("Confidential"),
        templateId: templateId("Confidential"),
      }),
    )
    const existing = { contentId, labelId: labelId("Confidential") }
    const decision = wish(world, { address: "bob@contoso.com", label: "Secret", existing })
    assert.strictEqual(verdict(decision), "deny by already-protected")
    assert.include(decidingGate(decision).refusal?.message ?? "", "content owner")
    assert.strictEqual(wish(world, { label: "Secret", existing }).outcome, "allow", "its issuer")
  })

  it("[MIP-115] a label that removes encryption needs the right to remove it", () => {
    const world = withContent(adHoc([{ who: "dave@contoso.com", rights: ["VIEW"] }], bobs))
    const remove = { label: "Unrestricted", existing: { contentId } }
    assert.strictEqual(
      verdict(wish(world, { ...remove, address: "dave@contoso.com" })),
      "deny by already-protected",
    )
    assert.strictEqual(wish(world, { ...remove, address: "bob@contoso.com" }).outcome, "allow")
  })

  it("[MIP-125] recipients of Do Not Forward cannot relabel the thread, the sender can", () => {
    const world = withContent(
      adHoc(doNotForward(["dave@contoso.com"]).grants, {
        ...bobs,
        kind: "do-not-forward",
        form: "mail",
      }),
    )
    const relabel = {
      form: "mail",
      name: "m",
      label: "Confidential",
      existing: { contentId },
    } as const
    assert.strictEqual(
      verdict(wish(world, { ...relabel, address: "dave@contoso.com" })),
      "deny by already-protected",
    )
    assert.strictEqual(wish(world, { ...relabel, address: "bob@contoso.com" }).outcome, "allow")
  })
})

describe("lowering, removing, replacing", () => {
  const strict = withLabels(labels, { [policySettings.requireJustification]: "True" })
  const lower = { label: "General", existing: { labelId: labelId("Confidential") } }

  it("[MIP-122] [MIP-123] lowering asks for a justification where the policy says so", () => {
    const decision = wish(strict, lower)
    assert.strictEqual(verdict(decision), "deny by justification")
    assert.strictEqual(decidingGate(decision).refusal?.code, "JustificationRequiredError")
    assert.strictEqual(wish(strict, { ...lower, justification: "It is public" }).outcome, "allow")
    assert.strictEqual(
      verdict(wish(strict, { ...lower, justification: " " })),
      "deny by justification",
    )
    assert.strictEqual(wish(baseline, lower).outcome, "allow", "no policy asks")
    assert.strictEqual(
      wish(strict, { label: "Confidential", existing: { labelId: labelId("General") } }).outcome,
      "allow",
      "raising",
    )
    assert.strictEqual(
      verdict(wish(strict, { isRemoval: true, existing: { labelId: labelId("General") } })),
      "deny by justification",
    )
  })

  it("[MIP-122] between sublabels of one parent nobody asks", () => {
    const world = withLabels(
      [
        label("Parent", 0),
        label("A", 1, undefined, { parentId: labelId("Parent") }),
        label("B", 2, undefined, { parentId: labelId("Parent") }),
      ],
      { [policySettings.requireJustification]: "true" },
    )
    assert.strictEqual(
      wish(world, { label: "A", existing: { labelId: labelId("B") } }).outcome,
      "allow",
    )
  })

  it("[MIP-133] where a label is mandatory it can be changed and not removed", () => {
    const world = withLabels(labels, { [policySettings.mandatory]: "true" })
    const existing = { labelId: labelId("General") }
    assert.strictEqual(
      verdict(wish(world, { isRemoval: true, existing })),
      "deny by mandatory-label",
    )
    assert.strictEqual(wish(world, { label: "Public", existing }).outcome, "allow")
    assert.strictEqual(wish(baseline, { isRemoval: true, existing }).outcome, "allow")
  })

  /** MIP-121, MIP-124, MIP-132 as a table. Only this test reads it. */
  const admitted = (
    method: "manual" | "automatic" | "default",
    present: "none" | "General" | "Confidential" | "Secret",
    presentMethod: "Standard" | "Privileged",
  ): boolean => {
    if (method === "manual" || present === "none") return true
    return method === "automatic" && presentMethod === "Standard" && present === "General"
  }

  it.prop(
    "[MIP-121] [MIP-124] [MIP-132] what comes by itself replaces only what is lower and came by itself",
    {
      method: Schema.Literals(["manual", "automatic", "default"]),
      present: Schema.Literals(["none", "General", "Confidential", "Secret"]),
      presentMethod: Schema.Literals(["Standard", "Privileged"]),
    },
    ({ method, present, presentMethod }) => {
      const decision = wish(baseline, {
        label: "Confidential",
        method,
        existing:
          present === "none" ? {} : { labelId: labelId(present), labelMethod: presentMethod },
      })
      assert.strictEqual(
        decision.outcome,
        admitted(method, present, presentMethod) ? "allow" : "deny",
      )
      if (method === "automatic" && present !== "none" && presentMethod === "Privileged") {
        assert.strictEqual(decidingGate(decision).refusal?.code, "PrivilegedRequiredError")
      }
    },
  )
})
