import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import {
  doNotForward,
  evaluateProtect,
  type Label,
  type MipWorld,
  type ProtectRequest,
  userDefined,
} from "../../src/index.ts"
import { fault, verdict } from "../asking.ts"
import {
  baseline,
  client,
  composition,
  evolveAll,
  guest,
  label,
  labelId,
  people,
  publishing,
  start,
  templateId,
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
