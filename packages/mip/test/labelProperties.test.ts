import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import {
  compareLabels,
  evaluateProtect,
  evaluateServiceLabel,
  type Label,
  labelOf,
  labelsOf,
  type MipEvent,
  type MipWorld,
  makeLabelPolicy,
  protectContent,
  protectionOf,
  publishedLabelsOf,
} from "../src/index.ts"
import { makeStage } from "./makeStage.ts"
import {
  baseline,
  client,
  composition,
  evolveAll,
  label,
  labelId,
  labels,
  people,
  plaintext,
  publishing,
  start,
} from "./world.ts"

const names = ["L0", "L1", "L2", "L3", "L4", "L5"] as const
const taxonomy: readonly Label[] = names.map((name, at) => label(name, at))
const world = evolveAll(composition.initial, [...people, ...publishing(taxonomy)])
const Move = Schema.Struct({
  name: Schema.Literals(names),
  priority: Schema.Literals([0, 1, 2, 3, 4, 5]),
})

describe("the order of labels", () => {
  it.prop(
    "[MIP-091] stays total and without gaps after any moves, and comparing is antisymmetric and transitive",
    { moves: Schema.Array(Move) },
    ({ moves }) => {
      const after = evolveAll(
        world,
        moves.map(
          ({ name, priority }): MipEvent => ({
            _tag: "LabelMoved",
            labelId: labelId(name),
            priority,
            at: 0,
          }),
        ),
      )
      const ordered = labelsOf(after)
      assert.deepStrictEqual(
        ordered.map(({ priority }) => priority),
        [0, 1, 2, 3, 4, 5],
      )
      assert.sameMembers(
        ordered.map(({ name }) => name),
        [...names],
      )
      for (const a of ordered) {
        for (const b of ordered) {
          assert.strictEqual(
            Math.sign(compareLabels(after, a, b)),
            -Math.sign(compareLabels(after, b, a)) || 0,
          )
          assert.strictEqual(compareLabels(after, a, b) === 0, a.id === b.id)
        }
      }
      const last = moves.at(-1)
      if (last !== undefined) assert.strictEqual(labelOf(after, last.name)?.priority, last.priority)
    },
  )
})

const Policies = Schema.Array(
  Schema.Struct({
    labels: Schema.Array(Schema.Literals(names)),
    location: Schema.Literals([
      "All",
      "alice@contoso.com",
      "finance@contoso.com",
      "bob@contoso.com",
    ]),
  }),
)

const offered = (tenant: MipWorld) =>
  publishedLabelsOf(tenant, "alice@contoso.com", start).map(({ name }) => name)

describe("what people can choose", () => {
  it.prop(
    "[MIP-128] is the union of their policies, whatever the order of the policies",
    { policies: Policies },
    ({ policies }) => {
      const made = policies.map(
        ({ labels: published, location }, at): MipEvent => ({
          _tag: "LabelPolicyCreated",
          policy: makeLabelPolicy({
            id: `p${at}`,
            name: `P${at}`,
            labels: published.map(labelId),
            exchangeLocation: [location],
          }),
        }),
      )
      const base = evolveAll(composition.initial, [
        ...people,
        ...taxonomy.map((it): MipEvent => ({ _tag: "LabelCreated", label: it })),
      ])
      const expected = names.filter((name) =>
        policies.some((it) => it.location !== "bob@contoso.com" && it.labels.includes(name)),
      )
      assert.deepStrictEqual(offered(evolveAll(base, made)), expected)
      assert.deepStrictEqual(offered(evolveAll(base, made.toReversed())), expected)
    },
  )
})

describe("what comes by itself", () => {
  it.prop(
    "[MIP-121] never replaces a label by a lower one, nor one that a person chose, on either side",
    {
      present: Schema.Literals(names),
      next: Schema.Literals(names),
      method: Schema.Literals(["Standard", "Privileged"]),
    },
    ({ present, next, method }) => {
      const existing = { labelId: labelId(present), labelMethod: method }
      const client_ = evaluateProtect({
        world,
        address: "alice@contoso.com",
        client: client("office-desktop"),
        now: start,
        form: "document",
        name: "a.docx",
        label: labelId(next),
        method: "automatic",
        existing,
      }).outcome
      const on = evolveAll(world, [
        {
          _tag: "AutoLabelPolicyStored",
          policy: {
            id: "p",
            name: "p",
            comment: "",
            labelId: labelId(next),
            mode: "Enable",
            exchangeLocation: [],
            sharePointLocation: ["All"],
            oneDriveLocation: [],
            overwriteLabel: false,
            simulatedAt: 0,
            createdAt: 0,
            changedAt: 0,
          },
          at: 0,
        },
        {
          _tag: "AutoLabelRuleStored",
          rule: {
            name: "r",
            policy: "p",
            workload: "SharePoint",
            isEnabled: true,
            accessScope: "None",
            createdAt: 0,
            condition: {
              operator: "And",
              groups: [
                {
                  name: "g",
                  operator: "Or",
                  items: [
                    {
                      kind: "type",
                      id: "t",
                      name: "T",
                      minCount: 1,
                      maxCount: -1,
                      minConfidence: 65,
                      maxConfidence: 100,
                    },
                  ],
                },
              ],
            },
          },
          at: 0,
        },
      ])
      const service = evaluateServiceLabel({
        world: on,
        now: start,
        workload: "SharePoint",
        places: ["https://contoso.sharepoint.com"],
        classification: {
          types: [{ id: "t", name: "T", low: 1, medium: 0, high: 0, isExact: false }],
          classifiers: [],
        },
        isSharedOutside: false,
        ...existing,
        file: { isSupported: true, isInUse: false, isListAttachment: false, isOwnerThere: true },
      }).decision.outcome
      const expected =
        names.indexOf(next) > names.indexOf(present) && method === "Standard" ? "allow" : "deny"
      assert.strictEqual(client_, expected)
      assert.strictEqual(service, expected)
    },
  )
})

const wishes = ["Public", "General", "Unrestricted", "Confidential", "Secret"] as const

describe("relabelling", () => {
  it.effect("[MIP-116] [MIP-126] leaves exactly one protection or none, whatever came before", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage(baseline)
      for (const first of wishes) {
        for (const second of wishes) {
          const protect = (content: Uint8Array, name: string, existing: object) =>
            stage.run("alice@contoso.com", (call) =>
              protectContent(call, {
                content,
                form: "document",
                name: "a.docx",
                label: name,
                existing,
              }),
            )
          const one = yield* protect(plaintext, first, {})
          const existing = {
            ...(one.contentId === undefined ? {} : { contentId: one.contentId }),
            ...(one.labelId === undefined ? {} : { labelId: one.labelId }),
          }
          const two = yield* protect(one.bytes ?? plaintext, second, existing)
          const wanted = labels.find(({ name }) => name === second)
          const encrypts = wanted?.encryption?.protectionType === "Template"
          assert.strictEqual(two.contentId !== undefined, encrypts, `${first} then ${second}`)
          if (two.contentId === undefined) {
            assert.deepStrictEqual(two.bytes, plaintext, `${first} then ${second}`)
          } else {
            assert.strictEqual(protectionOf(stage.world, two.contentId)?.labelId, wanted?.id)
          }
        }
      }
    }),
  )
})
