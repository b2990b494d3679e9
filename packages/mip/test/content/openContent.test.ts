import { assert, describe, it } from "@effect/vitest"
import { issueUseLicence } from "@twin/crypto"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import {
  type CustomProtection,
  openContent,
  type ProtectContentRequest,
  protectContent,
  protectionOf,
  republishContent,
  type UsageRight,
  useLicenceOf,
  userDefined,
} from "../../src/index.ts"
import { fault, setService, verdict } from "../asking.ts"
import { makeStage, type Stage } from "../makeStage.ts"
import { joins, labelId, plaintext, text, userIdOf } from "../world.ts"

const protect = (
  stage: Stage,
  more: Partial<ProtectContentRequest> = {},
  who = "alice@contoso.com",
) =>
  stage
    .run(who, (call) =>
      protectContent(call, { content: plaintext, form: "document", name: "offer.docx", ...more }),
    )
    .pipe(
      Effect.map((made) => ({
        ...made,
        bytes: made.bytes ?? new Uint8Array(),
        contentId: made.contentId ?? "none",
      })),
    )

const grant = (who: string, ...rights: UsageRight[]): CustomProtection =>
  userDefined([{ who, rights }])

const open = (
  stage: Stage,
  bytes: Uint8Array,
  who: string,
  more: Partial<Parameters<typeof openContent>[1]> = {},
) => stage.run(who, (call) => openContent(call, { bytes, ...more }))

describe("protecting", () => {
  it.effect(
    "[MIP-026] [MIP-028] leaves bytes without the plaintext, with id and label inside",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const made = yield* protect(stage, { label: "Confidential" })
        assert.strictEqual(made.decision.outcome, "allow")
        assert.notInclude(text(made.bytes) ?? "", "million")
        assert.include(text(made.bytes) ?? "", made.contentId)
        const noted = protectionOf(stage.world, made.contentId)
        assert.strictEqual(noted?.issuer, "alice@contoso.com")
        assert.strictEqual(noted?.labelId, labelId("Confidential"))
        assert.isEmpty(noted?.grants ?? [], "the rights stay with the label's template")
      }),
  )

  it.effect("[MIP-005] a refusal leaves no bytes and no trace of a protection", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      stage.apply(setService({ functionalState: "Disabled" }))
      const refused = yield* stage.run("alice@contoso.com", (call) =>
        protectContent(call, {
          content: plaintext,
          form: "document",
          name: "a.docx",
          label: "Confidential",
        }),
      )
      assert.strictEqual(verdict(refused.decision), "deny by service-enabled")
      assert.isUndefined(refused.bytes)
      assert.isEmpty(refused.events)
    }),
  )

  it.effect("[MIP-107] a label without encryption leaves the bytes as they are", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { label: "General" })
      assert.strictEqual(text(made.bytes), text(plaintext))
      assert.strictEqual(made.contentId, "none")
      assert.strictEqual(made.labelId, labelId("General"))
    }),
  )

  it.effect("[MIP-065] somebody else can be the owner, and holds every right", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { custom: userDefined([]), owner: "carol@contoso.com" })
      assert.strictEqual(
        text((yield* open(stage, made.bytes, "carol@contoso.com")).plaintext),
        text(plaintext),
      )
      assert.isUndefined((yield* open(stage, made.bytes, "bob@contoso.com")).plaintext)
    }),
  )

  it.effect("keys, licences and plaintext never enter the events", () =>
    // Guards the rule that events are journalled as they are.
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { label: "Confidential" })
      const opened = yield* open(stage, made.bytes, "bob@contoso.com")
      const journalled = JSON.stringify([made.events, opened.events])
      assert.notInclude(journalled, "million")
      assert.notInclude(journalled, opened.useLicence?.wrappedContentKey ?? "missing")
      assert.notInclude(journalled, opened.useLicence?.signature ?? "missing")
    }),
  )
})

describe("the service boundary", () => {
  it.effect("[MIP-018] a licence needs nothing of the body: the service never gets it", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { custom: grant("bob@contoso.com", "VIEW") })
      // Magic and length, the licence itself, its signature and the code; then the body begins.
      const licenceLength = Buffer.from(made.bytes).readUInt32BE(8)
      const head = made.bytes.slice(0, 12 + licenceLength + 256 + 32)
      assert.isBelow(head.length, made.bytes.length)
      const licensed = yield* stage.run("bob@contoso.com", (call) =>
        Effect.map(
          Effect.orDie(
            issueUseLicence(call.world, {
              bytes: head,
              principal: "bob@contoso.com",
              rights: ["VIEW"],
              validUntil: call.now,
              now: call.now,
            }),
          ),
          (licence) => ({ licence, events: [] }),
        ),
      )
      assert.deepStrictEqual(licensed.licence.rights, ["VIEW"])
      const tried = yield* open(stage, head, "bob@contoso.com")
      assert.isUndefined(tried.plaintext, "without the body there is nothing to open")
    }),
  )
})

describe("opening", () => {
  it.effect(
    "[MIP-027] [MIP-284] the plaintext comes only through a licence with the decision's rights",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const made = yield* protect(stage, { custom: grant("bob@contoso.com", "VIEW", "PRINT") })
        const bob = yield* open(stage, made.bytes, "bob@contoso.com")
        assert.strictEqual(text(bob.plaintext), text(plaintext))
        assert.deepStrictEqual(bob.useLicence?.rights, ["VIEW", "PRINT"])
        assert.deepStrictEqual(bob.decision.rights, ["VIEW", "PRINT"])
        const dave = yield* open(stage, made.bytes, "dave@contoso.com")
        assert.strictEqual(verdict(dave.decision), "deny by usage-rights")
        assert.isUndefined(dave.plaintext)
        assert.isUndefined(dave.useLicence)
      }),
  )

  it.effect(
    "[MIP-032] an action without the right hands no bytes over, though a licence is issued",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const made = yield* protect(stage, { custom: grant("bob@contoso.com", "VIEW") })
        const print = yield* open(stage, made.bytes, "bob@contoso.com", { requested: "print" })
        assert.strictEqual(verdict(print.decision), "deny by application-enforces")
        assert.isUndefined(print.plaintext)
        assert.deepStrictEqual(print.useLicence?.rights, ["VIEW"])
      }),
  )

  it.effect("[MIP-028] changed, foreign and swapped bytes open for nobody", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { custom: grant("bob@contoso.com", "VIEW") })
      const other = yield* protect(stage, { custom: userDefined([]), name: "other.docx" })
      const changed = Uint8Array.from(made.bytes)
      changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
      for (const [what, bytes] of [
        ["changed", changed],
        ["cut", made.bytes.slice(0, 40)],
        ["plain", plaintext],
        ["empty", new Uint8Array()],
      ] as const) {
        const tried = yield* open(stage, bytes, "alice@contoso.com", { isFreshDevice: true })
        assert.strictEqual(verdict(tried.decision), "deny by publishing-licence", what)
        assert.isUndefined(tried.plaintext, what)
      }
      const swapped = yield* open(stage, other.bytes, "bob@contoso.com", {
        contentId: made.contentId,
      })
      assert.strictEqual(verdict(swapped.decision), "deny by publishing-licence")
      assert.isUndefined(swapped.plaintext)
    }),
  )

  it.effect("[MIP-081] the documented timeline of Anna, John and Amelia", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { custom: grant("contoso.com", "VIEW") })
      const offline = (isOn: boolean) => stage.apply(fault("rights-management-unreachable", isOn))
      const opens = (who: string) =>
        Effect.map(open(stage, made.bytes, `${who}@contoso.com`), ({ plaintext: it }) =>
          it === undefined ? "no" : "yes",
        )
      assert.strictEqual(yield* opens("bob"), "yes", "Anna at once")
      assert.strictEqual(yield* opens("carol"), "yes", "Amelia in week 1")
      stage.wait(days(1))
      offline(true)
      assert.strictEqual(yield* opens("bob"), "yes", "Anna offline next day")
      stage.wait(days(30))
      assert.strictEqual(yield* opens("bob"), "no", "Anna offline after 30 days")
      offline(false)
      assert.strictEqual(yield* opens("bob"), "yes", "Anna online again")
      assert.strictEqual(yield* opens("dave"), "yes", "John for the first time on day 31")
      stage.wait(days(29))
      offline(true)
      assert.strictEqual(yield* opens("dave"), "yes", "John offline within 30 days")
      assert.strictEqual(yield* opens("carol"), "no", "Amelia offline two months later")
    }),
  )

  it.effect(
    "[MIP-077] [MIP-078] the stricter of tenant and label says how long a licence lasts",
    () =>
      Effect.gen(function* () {
        const lasts = Effect.fnUntraced(function* (
          tenantDays: number,
          offlineAccessDays: number | undefined,
        ) {
          const stage = yield* makeStage()
          stage.apply(setService({ maxUseLicenseValidityDays: tenantDays }))
          const made = yield* protect(stage, {
            custom: userDefined(
              [{ who: "bob@contoso.com", rights: ["VIEW"] }],
              offlineAccessDays === undefined ? {} : { offlineAccessDays },
            ),
          })
          const opened = yield* open(stage, made.bytes, "bob@contoso.com")
          return ((opened.useLicence?.validUntil ?? 0) - stage.now) / days(1)
        })
        assert.strictEqual(yield* lasts(30, undefined), 30)
        assert.strictEqual(yield* lasts(30, -1), 30)
        assert.strictEqual(yield* lasts(30, 7), 7)
        assert.strictEqual(yield* lasts(5, 7), 5)
        assert.strictEqual(yield* lasts(30, 0), 0)
        assert.strictEqual(yield* lasts(0, -1), 0)
      }),
  )

  it.effect(
    "[MIP-078] [MIP-064] a label's value binds readers, not whoever protected the content",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        stage.apply(joins("Finance", userIdOf("bob"), stage.now))
        const made = yield* protect(stage, { label: "Secret" }, "alice@contoso.com")
        const lasts = (who: string) =>
          Effect.map(
            open(stage, made.bytes, who),
            ({ useLicence }) => ((useLicence?.validUntil ?? 0) - stage.now) / days(1),
          )
        assert.strictEqual(yield* lasts("bob@contoso.com"), 0)
        assert.strictEqual(yield* lasts("alice@contoso.com"), 30)
      }),
  )

  it.effect("[MIP-082] [MIP-225] never offline: each open asks, so revoking cuts at once", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const always = yield* protect(stage, { custom: grant("bob@contoso.com", "VIEW") })
      const never = yield* protect(stage, {
        name: "never.docx",
        custom: userDefined([{ who: "bob@contoso.com", rights: ["VIEW"] }], {
          offlineAccessDays: 0,
        }),
      })
      for (const { bytes } of [always, never]) {
        assert.isDefined((yield* open(stage, bytes, "bob@contoso.com")).plaintext)
      }
      for (const { contentId } of [always, never]) {
        stage.apply({ _tag: "ContentRevoked", contentId, by: "alice@contoso.com", at: stage.now })
      }
      assert.isDefined((yield* open(stage, always.bytes, "bob@contoso.com")).plaintext)
      assert.isUndefined(useLicenceOf(stage.world, never.contentId, "bob@contoso.com"))
      const cut = yield* open(stage, never.bytes, "bob@contoso.com")
      assert.strictEqual(verdict(cut.decision), "deny by revocation")
      stage.wait(days(30))
      assert.isUndefined((yield* open(stage, always.bytes, "bob@contoso.com")).plaintext)
    }),
  )

  it.effect(
    "[MIP-083] [MIP-086] edited permissions reach whoever holds a licence when it ends",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const made = yield* protect(stage, { label: "Confidential" })
        assert.isDefined((yield* open(stage, made.bytes, "bob@contoso.com")).plaintext)
        stage.apply({ _tag: "LabelRemoved", labelId: labelId("Confidential"), at: stage.now })
        const template = [...stage.world.mip.templates].find(([, it]) => it.name === "Confidential")
        if (template === undefined) throw new Error("the template is archived, not gone")
        stage.apply({ _tag: "TemplateStored", template: { ...template[1], grants: [] } })
        assert.isDefined((yield* open(stage, made.bytes, "bob@contoso.com")).plaintext)
        assert.isUndefined((yield* open(stage, made.bytes, "carol@contoso.com")).plaintext)
        stage.wait(days(30))
        assert.isUndefined((yield* open(stage, made.bytes, "bob@contoso.com")).plaintext)
      }),
  )

  it.effect(
    "[MIP-087] protecting anew cuts old licences off the new copy, not off the old one",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const first = yield* protect(stage, { custom: grant("bob@contoso.com", "VIEW") })
        assert.isDefined((yield* open(stage, first.bytes, "bob@contoso.com")).plaintext)
        const second = yield* protect(stage, {
          content: first.bytes,
          existing: { contentId: first.contentId },
          custom: grant("carol@contoso.com", "VIEW"),
        })
        assert.notStrictEqual(second.contentId, first.contentId)
        assert.isUndefined((yield* open(stage, second.bytes, "bob@contoso.com")).plaintext)
        assert.isDefined((yield* open(stage, second.bytes, "carol@contoso.com")).plaintext)
        assert.isDefined((yield* open(stage, first.bytes, "bob@contoso.com")).plaintext)
      }),
  )

  it.effect(
    "[MIP-030] an edited version keeps id and permissions; the kept licence gives way",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const made = yield* protect(stage, { custom: grant("bob@contoso.com", "VIEW") })
        assert.isDefined((yield* open(stage, made.bytes, "bob@contoso.com")).plaintext)
        const edited = yield* stage.run("alice@contoso.com", (call) =>
          Effect.map(
            republishContent(call, {
              contentId: made.contentId,
              plaintext: Buffer.from("The offer is 5 million."),
            }),
            (it) => ({ bytes: it?.bytes ?? new Uint8Array(), events: it?.events ?? [] }),
          ),
        )
        const bob = yield* open(stage, edited.bytes, "bob@contoso.com")
        assert.strictEqual(text(bob.plaintext), "The offer is 5 million.")
        assert.strictEqual(bob.contentId, made.contentId)
        assert.isUndefined((yield* open(stage, edited.bytes, "dave@contoso.com")).plaintext)
      }),
  )
})
