import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Schema } from "effect"
import {
  doNotForward,
  evaluateProtect,
  type Label,
  type MipWorld,
  type ProtectRequest,
  policySettings,
} from "../../src/index.ts"
import { adHoc, contentId, protection, setService, verdict, withContent } from "../asking.ts"
import {
  baseline,
  client,
  composition,
  evolveAll,
  label,
  labelId,
  labels,
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

const withLabels = (
  these: readonly Label[],
  settings: Readonly<Record<string, string>> = {},
): MipWorld => evolveAll(composition.initial, [...people, ...publishing(these, settings)])

/** MIP-121, MIP-124, MIP-132 as a table. Only this test reads it. */
const admitted = (
  method: "manual" | "automatic" | "default",
  present: "none" | "General" | "Confidential" | "Secret",
  presentMethod: "Standard" | "Privileged",
): boolean => {
  if (method === "manual" || present === "none") return true
  return method === "automatic" && presentMethod === "Standard" && present === "General"
}

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

  it("[MIP-133] [MIP-137] messages can be exempt from a mandatory label", () => {
    const settings = {
      [policySettings.mandatory]: "true",
      [policySettings.disableMandatoryInOutlook]: "true",
    }
    const world = withLabels(labels, settings)
    const removal = { isRemoval: true, existing: { labelId: labelId("General") } }
    assert.strictEqual(verdict(wish(world, removal)), "deny by mandatory-label")
    assert.strictEqual(wish(world, { ...removal, form: "mail", name: "m" }).outcome, "allow")
  })

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
