import { assert, describe, it } from "@effect/vitest"
import { firstBreak } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { linksOf, SharingCapability } from "../src/index.ts"
import { audited, guest, launch, makeLab } from "./world.ts"

const nina = "nina@fabrikam.com"
const outsiders = [nina, "pat@mailbox.example", "anonymous"] as const

const Step = Schema.Union([
  Schema.Struct({
    do: Schema.Literal("share"),
    scope: Schema.Literals(["anonymous", "organization", "users"]),
    role: Schema.Literals(["view", "edit", "restrictedView"]),
    to: Schema.Literals([nina, "pat@mailbox.example", "erin@contoso.com"]),
  }),
  Schema.Struct({ do: Schema.Literal("level"), level: SharingCapability }),
  Schema.Struct({
    do: Schema.Literal("lock"),
    lock: Schema.Literals(["Unlock", "ReadOnly", "NoAccess"]),
  }),
  Schema.Struct({ do: Schema.Literal("delete") }),
  Schema.Struct({ do: Schema.Literal("restore") }),
])
type Step = typeof Step.Type

const story = (steps: readonly Step[], start = Date.UTC(2026, 8, 1)) =>
  Effect.gen(function* () {
    const lab = yield* makeLab({ start, events: [guest(nina)] })
    yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
    for (const step of steps) {
      switch (step.do) {
        case "share": {
          const before = yield* lab.world
          const to = step.scope === "users" ? { to: [step.to] } : {}
          const { scope, role } = step
          const shared = yield* lab.as("alice", "share-file", {
            file: "Plan.docx",
            scope,
            role,
            ...to,
          })
          if (shared.decision.outcome !== "allow") {
            // SPO-302: nothing but the record of a refused domain.
            assert.strictEqual(yield* lab.world, before)
            assert.deepStrictEqual(shared.record?.mail, [])
            assert.deepStrictEqual(audited(shared), [])
          }
          break
        }
        case "level":
          yield* lab.site(launch, { SharingCapability: step.level })
          break
        case "lock":
          yield* lab.site(launch, { LockState: step.lock })
          break
        case "delete":
          yield* lab.as("alice", "delete-file", { file: "Plan.docx" })
          break
        case "restore":
          yield* lab.as("alice", "restore-file", { file: "Plan.docx" })
          break
      }
    }
    return lab
  })

describe("whatever people do", () => {
  it.effect.prop(
    "[SPO-302] [SPO-303] a refused share changes nothing, and the journal stays whole",
    [Schema.Array(Step)],
    ([steps]) =>
      Effect.gen(function* () {
        const lab = yield* story(steps.slice(0, 8))
        assert.isUndefined(firstBreak(yield* lab.records))
      }),
    { arbitrary: { runs: 40 } },
  )

  it.effect.prop(
    "[SPO-003] [SPO-304] a site that shares with nobody opens for nobody outside",
    [Schema.Array(Step)],
    ([steps]) =>
      Effect.gen(function* () {
        const lab = yield* story(steps.slice(0, 6))
        yield* lab.site(launch, { SharingCapability: "Disabled" })
        const tokens = linksOf(yield* lab.world).map(({ token }) => token)
        for (const who of outsiders) {
          for (const link of [undefined, ...tokens]) {
            const { decision } = yield* lab.as(who, "open-file", {
              file: "Plan.docx",
              ...(link === undefined ? {} : { link }),
            })
            // Without identity a link for named people asks to sign in first.
            if (who === "anonymous") assert.notStrictEqual(decision.outcome, "allow")
            else assert.strictEqual(decision.outcome, "deny")
          }
        }
      }),
    { arbitrary: { runs: 25 } },
  )

  it.effect.prop(
    "[SPO-280] [SPO-283] what is deleted or locked opens for nobody, and comes back as it was",
    [Schema.Array(Step)],
    ([steps]) =>
      Effect.gen(function* () {
        const lab = yield* story([
          ...steps.slice(0, 5),
          { do: "lock", lock: "Unlock" },
          { do: "restore" },
        ])
        const outcomes = Effect.forEach(["bob", "erin", ...outsiders], (who) =>
          Effect.gen(function* () {
            const links = linksOf(yield* lab.world).filter(({ scope }) => scope === "anonymous")
            const token = who === "anonymous" ? links.at(-1)?.token : undefined
            const { decision } = yield* lab.as(who, "open-file", {
              file: "Plan.docx",
              ...(token === undefined ? {} : { link: token }),
            })
            return decision.outcome
          }),
        )
        const before = yield* outcomes
        yield* lab.does("alice", "delete-file", { file: "Plan.docx" })
        for (const outcome of yield* outcomes) assert.strictEqual(outcome, "deny")
        yield* lab.does("alice", "restore-file", { file: "Plan.docx" })
        yield* lab.site(launch, { LockState: "NoAccess" })
        for (const outcome of yield* outcomes) assert.strictEqual(outcome, "deny")
        yield* lab.site(launch, { LockState: "Unlock" })
        assert.deepStrictEqual(yield* outcomes, before)
      }),
    { arbitrary: { runs: 25 } },
  )
})
