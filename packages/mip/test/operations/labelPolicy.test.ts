import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  labelForNewContent,
  policySettingOf,
  publishedLabelsOf,
  templateOf,
} from "../../src/index.ts"
import {
  actor,
  composition,
  evolveAll,
  group,
  guest,
  joins,
  label,
  labelId,
  people,
  start,
  userIdOf,
} from "../world.ts"
import { call, judy, simulate } from "./stage.ts"

const empty = evolveAll(composition.initial, people)

describe("label policies", () => {
  it.effect("[MIP-128] people receive the union of the labels of all their policies", () =>
    Effect.gen(function* () {
      const sim = yield* simulate(
        [
          guest("nina@fabrikam.com"),
          group("Bare", { mail: "", mailEnabled: false }),
          ...["General", "Secret", "Public"].map((name, index) => ({
            _tag: "LabelCreated" as const,
            label: label(name, index),
          })),
        ],
        empty,
      )
      const publish = (name: string, labels: string[], to: string[]) =>
        call(sim, judy, "New-LabelPolicy", { Name: name, Labels: labels, ExchangeLocation: to })
      yield* publish("All", ["Public"], ["All"])
      yield* publish("Money", ["Secret"], ["finance@contoso.com"])
      yield* publish("Bob", ["General"], ["bob@contoso.com"])
      const names = (who: string) =>
        Effect.map(sim.world, (world) =>
          publishedLabelsOf(world, who, start).map(({ name }) => name),
        )
      assert.deepStrictEqual(yield* names("alice@contoso.com"), ["Secret", "Public"])
      assert.deepStrictEqual(yield* names("bob@contoso.com"), ["General", "Public"])
      assert.deepStrictEqual(yield* names("nina@fabrikam.com"), [], "guests receive none")
      assert.strictEqual(
        (yield* publish("Bad", ["Public"], ["Bare"])).verdict,
        "deny by policy-locations",
      )
      assert.strictEqual(
        (yield* publish("Nowhere", ["Public"], [])).decision.outcome,
        "allow",
        "published to nobody",
      )
    }),
  )

  it.effect(
    "[MIP-130] a policy has a unique name, labels that exist, and the parent of a sublabel",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate([
          {
            _tag: "LabelCreated",
            label: label("Sub", 6, undefined, { parentId: labelId("General") }),
          },
        ])
        const make = (name: string, labels: string[]) =>
          Effect.map(
            call(sim, judy, "New-LabelPolicy", {
              Name: name,
              Labels: labels,
              ExchangeLocation: ["All"],
            }),
            ({ verdict }) => verdict,
          )
        assert.strictEqual(yield* make("P", ["Sub"]), "deny by labels-known")
        assert.strictEqual(yield* make("P", ["Sub", "General"]), "allow by policy-order")
        assert.strictEqual(yield* make("P", ["General"]), "deny by label-policy-name")
        assert.strictEqual(yield* make("Q", []), "deny by labels-known")
        assert.strictEqual(yield* make("Q", ["Nothing"]), "deny by labels-known")
        assert.strictEqual(yield* make("q".repeat(65), ["General"]), "deny by label-policy-name")
      }),
  )

  it.effect(
    "[MIP-129] the highest policy that includes somebody wins, for each setting apart",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        const make = (name: string, to: string, settings: object) =>
          call(sim, judy, "New-LabelPolicy", {
            Name: name,
            Labels: ["General", "Public"],
            ExchangeLocation: [to],
            AdvancedSettings: settings,
          })
        yield* make("Low", "All", { mandatory: "True", CustomUrl: "https://low" })
        yield* make("High", "finance@contoso.com", { mandatory: "False" })
        const setting = (who: string, name: "mandatory" | "customUrl") =>
          Effect.map(sim.world, (world) => policySettingOf(world, who, name, start))
        assert.strictEqual(yield* setting("alice@contoso.com", "mandatory"), "False")
        assert.strictEqual(yield* setting("alice@contoso.com", "customUrl"), "https://low")
        assert.strictEqual(yield* setting("bob@contoso.com", "mandatory"), "True")
        yield* call(sim, judy, "Set-LabelPolicy", { Identity: "High", NextLabelPolicy: "Low" })
        assert.strictEqual(yield* setting("alice@contoso.com", "mandatory"), "True", "now below")
        const lost = yield* call(sim, judy, "Set-LabelPolicy", {
          Identity: "High",
          PreviousLabelPolicy: "Nothing",
        })
        assert.strictEqual(lost.verdict, "deny by policy-order")
      }),
  )

  it.effect(
    "[MIP-131] [MIP-132] new content gets the default; Outlook can have another, or none",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        const set = (settings: object) =>
          call(sim, judy, "Set-LabelPolicy", { Identity: "Global", AdvancedSettings: settings })
        const fresh = (form: "document" | "mail") =>
          Effect.map(
            sim.world,
            (world) => labelForNewContent(world, "alice@contoso.com", form, start)?.name,
          )
        assert.isUndefined(yield* fresh("document"), "no default")
        yield* set({ defaultlabelid: "General" })
        assert.strictEqual(yield* fresh("document"), "General")
        assert.strictEqual(yield* fresh("mail"), "General")
        yield* set({ OutlookDefaultLabel: "Public" })
        assert.strictEqual(yield* fresh("mail"), "Public")
        yield* set({ OutlookDefaultLabel: "None" })
        assert.isUndefined(yield* fresh("mail"))
        assert.strictEqual(yield* fresh("document"), "General")
        const outsider = labelForNewContent(yield* sim.world, "zoe@outlook.com", "document", start)
        assert.isUndefined(outsider)
      }),
  )

  it.effect("[MIP-093] a parent with sublabels is no default", () =>
    Effect.gen(function* () {
      const sim = yield* simulate([
        {
          _tag: "LabelCreated",
          label: label("Sub", 6, undefined, { parentId: labelId("General") }),
        },
      ])
      const refused = yield* call(sim, judy, "Set-LabelPolicy", {
        Identity: "Global",
        AdvancedSettings: { defaultlabelid: "General" },
      })
      assert.strictEqual(refused.verdict, "deny by default-label")
    }),
  )

  it.effect(
    "[MIP-102] taking a label out of a policy, or the policy away, leaves content alone",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        const made = yield* call(sim, actor("alice@contoso.com"), "protect-document", {
          file: "a.docx",
          label: "Confidential",
        })
        assert.strictEqual(made.decision.outcome, "allow")
        yield* call(sim, judy, "Set-LabelPolicy", {
          Identity: "Global",
          RemoveLabels: ["Confidential"],
        })
        const again = yield* call(sim, actor("alice@contoso.com"), "protect-document", {
          file: "b.docx",
          label: "Confidential",
        })
        assert.strictEqual(again.verdict, "deny by label-in-scope")
        yield* call(sim, judy, "Remove-LabelPolicy", { Identity: "Global" })
        const opened = yield* call(sim, actor("bob@contoso.com"), "open-document", {
          file: "a.docx",
        })
        assert.strictEqual(opened.decision.outcome, "allow")
        assert.strictEqual(templateOf(yield* sim.world, "Confidential")?.status, "Published")
        const gone = yield* call(sim, judy, "Remove-LabelPolicy", { Identity: "Global" })
        assert.strictEqual(gone.verdict, "deny by object-known")
      }),
  )

  it.effect("a policy that names a group reaches whoever joins it", () =>
    // Guards that policies read the same membership as rights.
    Effect.gen(function* () {
      const sim = yield* simulate(
        [{ _tag: "LabelCreated", label: label("General", 0) }, joins("Finance", userIdOf("bob"))],
        empty,
      )
      yield* call(sim, judy, "New-LabelPolicy", {
        Name: "P",
        Labels: ["General"],
        ExchangeLocation: ["finance@contoso.com"],
      })
      const world = yield* sim.world
      assert.strictEqual(publishedLabelsOf(world, "bob@contoso.com", start).length, 1)
      assert.strictEqual(publishedLabelsOf(world, "carol@contoso.com", start).length, 0)
    }),
  )
})
