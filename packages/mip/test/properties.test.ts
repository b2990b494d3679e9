import { assert, describe, it } from "@effect/vitest"
import { isEnvelope, readPublishingPolicy } from "@twin/crypto"
import { Effect, Schema } from "effect"
import {
  allRights,
  type CustomProtection,
  effectiveRights,
  type Grant,
  openContent,
  protectContent,
  protectionOf,
  relabelTable,
  UsageRight,
  userDefined,
} from "../src/index.ts"
import { adHoc, contentId, setService, withContent } from "./asking.ts"
import { makeStage } from "./makeStage.ts"
import { baseline, evolveAll, joins, plaintext, start, userIdOf } from "./world.ts"

const whos = [
  "alice@contoso.com",
  "bob@contoso.com",
  "nina@fabrikam.com",
  "zoe@outlook.com",
  "gus@gmail.com",
  "finance@contoso.com",
  "partners@contoso.com",
  "contoso.com",
  "fabrikam.com",
  "gmail.com",
  "AuthenticatedUsers",
] as const
const readers = [
  "alice@contoso.com",
  "bob@contoso.com",
  "carol@contoso.com",
  "judy@contoso.com",
  "nina@fabrikam.com",
  "oscar@fabrikam.co.uk",
  "zoe@outlook.com",
  "gus@gmail.com",
  "pat@mailbox.example",
  "nobody@nowhere.example",
] as const
const members = ["alice@contoso.com", "bob@contoso.com", "carol@contoso.com"] as const

const Grants = Schema.Array(
  Schema.Struct({ who: Schema.Literals(whos), rights: Schema.NonEmptyArray(UsageRight) }),
)

/** Who a grant reaches, spelt out: flat, slow, obviously right. Only these tests read it. */
const reaches = (who: string, reader: string, partners: readonly string[]): boolean => {
  const isKnown = reader !== "nobody@nowhere.example"
  switch (who) {
    case "finance@contoso.com":
      return reader === "alice@contoso.com"
    case "partners@contoso.com":
      return partners.includes(reader)
    case "contoso.com":
      return reader.endsWith("@contoso.com")
    case "fabrikam.com":
      return reader.includes("@fabrikam.")
    case "gmail.com":
      return false
    case "AuthenticatedUsers":
      return isKnown
    default:
      return who === reader
  }
}

/** Accounts that desktop Office can sign in (MIP-185). */
const hasDesktop = (reader: string): boolean =>
  /@contoso\.com|@fabrikam\.|@outlook\.com/.test(reader)

const rightsOf = (grants: readonly Grant[], reader: string) =>
  effectiveRights(
    withContent(adHoc(grants, { issuer: "dave@contoso.com", owner: "dave@contoso.com" })),
    contentId,
    reader,
    start,
  ).rights

describe("bytes", () => {
  it.effect.prop(
    "[MIP-051] [MIP-185] nobody without a path of grants ever gets a byte, everybody with one does",
    {
      grants: Grants,
      issuer: Schema.Literals(members),
      owner: Schema.Literals(members),
      partner: Schema.Literals(members),
      reader: Schema.Literals(readers),
      isSuperUserOn: Schema.Boolean,
    },
    ({ grants, issuer, owner, partner, reader, isSuperUserOn }) =>
      Effect.gen(function* () {
        const world = evolveAll(baseline, [
          joins("Partners", userIdOf(partner.split("@")[0] ?? "")),
          setService({
            superUserFeature: isSuperUserOn ? "Enabled" : "Disabled",
            superUsers: ["judy@contoso.com"],
          }),
        ])
        const stage = yield* makeStage(world)
        const made = yield* stage.run(issuer, (call) =>
          protectContent(call, {
            content: plaintext,
            form: "document",
            name: "offer.docx",
            owner,
            custom: userDefined(grants),
          }),
        )
        const bytes = made.bytes ?? new Uint8Array()
        assert.isTrue(isEnvelope(bytes))
        const opened = yield* stage.run(reader, (call) => openContent(call, { bytes }))
        const held = [...grants].filter(({ who }) => reaches(who, reader, [partner]))
        const stands =
          reader === issuer || reader === owner || (isSuperUserOn && reader === "judy@contoso.com")
        const views = held.some(({ rights }) =>
          rights.some((it) => it === "VIEW" || it === "OWNER"),
        )
        const expected = hasDesktop(reader) && (stands || views)
        assert.strictEqual(opened.decision.outcome === "allow", expected)
        if (!expected) {
          assert.isUndefined(opened.plaintext)
          assert.isUndefined(opened.useLicence)
          return
        }
        assert.deepStrictEqual(opened.plaintext, Uint8Array.from(plaintext))
        // What a licence allows is never more than the publishing licence grants.
        const policy = yield* stage.run("system", (call) =>
          Effect.map(Effect.orDie(readPublishingPolicy(call.world, bytes)), (it) => ({
            ...it,
            events: [],
          })),
        )
        const granted = policy.grants
          .filter(({ who }) => reaches(who, reader, [partner]))
          .flatMap(({ rights }) => rights)
        const most = stands || granted.includes("OWNER") ? allRights : granted
        for (const right of opened.useLicence?.rights ?? ["none"]) {
          assert.include<unknown>(most, right)
        }
      }),
    { arbitrary: { runs: 40 } },
  )

  const starts: Record<string, { readonly label?: string; readonly custom?: CustomProtection }> = {
    none: {},
    "ad-hoc": { custom: userDefined([{ who: "bob@contoso.com", rights: ["VIEW"] }]) },
    "label-template": { label: "Confidential" },
  }
  const wishes = {
    none: "General",
    template: "Secret",
    "user-defined": "Personal",
    remove: "Unrestricted",
  } as const

  it.effect.prop(
    "[MIP-116] relabelling leaves exactly one protection, or none, as the table says",
    {
      before: Schema.Literals(["none", "ad-hoc", "label-template"]),
      wish: Schema.Literals(["none", "template", "user-defined", "remove"]),
    },
    ({ before, wish }) =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const first = yield* stage.run("alice@contoso.com", (call) =>
          protectContent(call, {
            content: plaintext,
            form: "document",
            name: "offer.docx",
            ...starts[before],
          }),
        )
        const { contentId: firstId, labelId: firstLabel } = first
        const second = yield* stage.run("alice@contoso.com", (call) =>
          protectContent(call, {
            content: first.bytes ?? plaintext,
            form: "document",
            name: "offer.docx",
            label: wishes[wish],
            ...(wish === "user-defined" ? { custom: userDefined([]) } : {}),
            existing: {
              ...(firstId === undefined ? {} : { contentId: firstId }),
              ...(firstLabel === undefined ? {} : { labelId: firstLabel }),
            },
          }),
        )
        const expected = relabelTable[before][wish]
        assert.strictEqual(second.decision.outcome, "allow")
        assert.strictEqual(second.effect, expected)
        const bytes = second.bytes ?? new Uint8Array()
        const isProtected = expected === "apply" || expected === "replace" || expected === "keep"
        assert.strictEqual(isEnvelope(bytes), isProtected)
        assert.strictEqual(second.contentId !== undefined, isProtected)
        if (!isProtected) {
          assert.deepStrictEqual(Uint8Array.from(bytes), Uint8Array.from(plaintext))
          return
        }
        assert.strictEqual(second.contentId === first.contentId, expected === "keep")
        const opened = yield* stage.run("alice@contoso.com", (call) => openContent(call, { bytes }))
        // One layer off, and nothing protected is left.
        assert.deepStrictEqual(opened.plaintext, Uint8Array.from(plaintext))
        const bob = yield* stage.run("bob@contoso.com", (call) => openContent(call, { bytes }))
        assert.strictEqual(bob.plaintext !== undefined, expected === "keep" && before === "ad-hoc")
        assert.isDefined(protectionOf(stage.world, second.contentId ?? ""))
      }),
    { arbitrary: { runs: 30 } },
  )
})

describe("rights", () => {
  it.prop(
    "[MIP-050] a further grant never takes a right away, and the order of grants does not count",
    {
      grants: Grants,
      more: Grants,
      reader: Schema.Literals(readers),
    },
    ({ grants, more, reader }) => {
      const few = rightsOf(grants, reader)
      const many = rightsOf([...grants, ...more], reader)
      for (const right of few) assert.include(many, right)
      assert.deepStrictEqual(rightsOf([...more, ...grants], reader), many)
      assert.deepStrictEqual(rightsOf([...grants, ...grants], reader), few)
    },
  )

  it.prop(
    "[MIP-050] the rights are the union of what reaches the reader",
    { grants: Grants, reader: Schema.Literals(readers) },
    ({ grants, reader }) => {
      const reached = [...grants]
        .filter(({ who }) => reaches(who, reader, []))
        .flatMap(({ rights }) => rights)
      const expected = reached.includes("OWNER")
        ? allRights
        : allRights.filter((it) => reached.includes(it))
      assert.deepStrictEqual(rightsOf(grants, reader), expected)
    },
  )
})

describe("determinism", () => {
  it.effect("the same seed gives the same bytes, another seed other bytes", () =>
    Effect.gen(function* () {
      const made = Effect.fnUntraced(function* (seed: string) {
        const stage = yield* makeStage(baseline, seed, true)
        const it = yield* stage.run("alice@contoso.com", (call) =>
          protectContent(call, {
            content: plaintext,
            form: "document",
            name: "offer.docx",
            label: "Confidential",
          }),
        )
        return Buffer.from(it.bytes ?? new Uint8Array()).toString("hex")
      })
      assert.strictEqual(yield* made("a"), yield* made("a"))
      assert.notStrictEqual(yield* made("a"), yield* made("b"))
    }),
  )
})
