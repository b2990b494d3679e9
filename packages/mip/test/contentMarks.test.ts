import { assert, describe, it } from "@effect/vitest"
import { instant } from "@twin/kernel"
import { Effect, Schema } from "effect"
import {
  type ContentMark,
  type InsertedMarks,
  labelMetadata,
  localDocumentOf,
  type MarkContext,
  markedBytes,
  marksFor,
  programOf,
  resolvedText,
  resolvesVariables,
} from "../src/index.ts"
import { call, judy, simulate } from "./operations/stage.ts"
import { actor, composition, evolveAll, label, labelId, people, publishing } from "./world.ts"

/* oxlint-disable no-template-curly-in-string -- variables of labels look like templates */

const context: MarkContext = {
  label: "Secret",
  name: "Plan",
  location: "Plan.docx",
  userName: "Alice",
  principalName: "alice@contoso.com",
  now: instant("2026-09-01T13:05:00Z"),
  app: "Word",
  isVariableSupported: true,
}
const mark = (text: string, more: Partial<ContentMark> = {}): ContentMark => ({
  isEnabled: true,
  text,
  fontColor: "#000000",
  fontName: "",
  fontSize: 10,
  placement: "Left",
  margin: 5,
  ...more,
})
const bytes = (text: string) => new TextEncoder().encode(text)

describe("variables in marks", () => {
  it("[MIP-139] stand for label, file, person and moment", () => {
    const table: Readonly<Record<string, string>> = {
      "${Item.Label}": "Secret",
      "${Item.Name}": "Plan",
      "${Item.Location}": "Plan.docx",
      "${User.Name}": "Alice",
      "${User.PrincipalName}": "alice@contoso.com",
      "${Event.DateTime}": "9/1/2026 1:05 PM",
      "by ${User.Name}: ${Item.Label}": "by Alice: Secret",
      "${item.label}": "${item.label}",
      "${User.Shoe}": "${User.Shoe}",
      "$ {Item.Label}": "$ {Item.Label}",
      "${toString.call}": "${toString.call}",
    }
    for (const [text, expected] of Object.entries(table)) {
      assert.strictEqual(resolvedText(text, context), expected)
    }
    assert.strictEqual(
      resolvedText("${Event.DateTime}", { ...context, now: instant("2026-12-31T00:30:00Z") }),
      "12/31/2026 12:30 AM",
    )
  })

  it("[MIP-139] filters by program, by name or by letters", () => {
    const text =
      "a ${If.App.Word}word ${If.End}${If.App.WX}office ${If.End}${If.App.Outlook}mail ${If.End}z"
    assert.strictEqual(resolvedText(text, context), "a word office z")
    assert.strictEqual(resolvedText(text, { ...context, app: "Excel" }), "a office z")
    assert.strictEqual(resolvedText(text, { ...context, app: "PowerPoint" }), "a z")
    assert.strictEqual(resolvedText(text, { ...context, app: "Outlook" }), "a mail z")
    assert.strictEqual(
      resolvedText("${If.App.O}${Item.Label}${If.End}", { ...context, app: "Outlook" }),
      "Secret",
    )
    assert.strictEqual(resolvedText("${If.App.word}x${If.End}", context), "", "case counts")
  })

  it("[MIP-139] a program that knows no variables prints them", () => {
    const text = "${If.App.Word}${Item.Label}${If.End}"
    assert.strictEqual(resolvedText(text, { ...context, isVariableSupported: false }), text)
    assert.isFalse(resolvesVariables({ app: "office-web" }, instant("2021-06-01")))
    assert.isTrue(resolvesVariables({ app: "office-web" }, instant("2026-06-01")))
    assert.isTrue(resolvesVariables({ app: "office-desktop" }, instant("2021-06-01")))
  })

  it("hostile texts end in time", () => {
    assert.isString(resolvedText("${If.App.W}".repeat(5_000), context))
    assert.isString(resolvedText("$".repeat(100_000), context))
  })
})

describe("which marks come in", () => {
  const marking = { header: mark("top"), footer: mark("bottom"), watermark: mark("across") }
  it("[MIP-138] no watermark in mail, nothing that is off, nothing too long for Excel", () => {
    assert.deepStrictEqual(marksFor({ marking }, context), {
      header: "top",
      footer: "bottom",
      watermark: "across",
    })
    assert.deepStrictEqual(marksFor({ marking }, { ...context, app: "Outlook" }), {
      header: "top",
      footer: "bottom",
    })
    assert.deepStrictEqual(
      marksFor({ marking: { header: mark("x", { isEnabled: false }) } }, context),
      {},
    )
    const long = { marking: { header: mark("x".repeat(255)) } }
    assert.deepStrictEqual(marksFor(long, { ...context, app: "Excel" }), {})
    assert.property(marksFor(long, context), "header")
    const codes = '&L&"Calibri,Regular"&10&K000000'.length
    assert.property(
      marksFor(
        { marking: { header: mark("x".repeat(255 - codes)) } },
        { ...context, app: "Excel" },
      ),
      "header",
    )
    assert.notProperty(
      marksFor(
        { marking: { header: mark("x".repeat(256 - codes)) } },
        { ...context, app: "Excel" },
      ),
      "header",
    )
  })

  it("programs by extension", () => {
    assert.deepStrictEqual(["a.docx", "b.XLSX", "c.pptx", "d.pdf", "e.txt"].map(programOf), [
      "Word",
      "Excel",
      "PowerPoint",
      undefined,
      undefined,
    ])
  })

  const Marks = Schema.Struct({
    header: Schema.optionalKey(Schema.NonEmptyString),
    footer: Schema.optionalKey(Schema.NonEmptyString),
    watermark: Schema.optionalKey(Schema.NonEmptyString),
  })
  it.prop(
    "[MIP-142] marks that were put in come out again whole, and twice is once",
    { text: Schema.String, first: Marks, second: Marks },
    ({ text, first, second }: { text: string; first: InsertedMarks; second: InsertedMarks }) => {
      const body = bytes(text)
      const once = markedBytes(body, { marks: first })
      assert.deepStrictEqual(
        markedBytes(once, { earlier: first, marks: {} }),
        Uint8Array.from(body),
      )
      assert.deepStrictEqual(markedBytes(once, { earlier: first, marks: first }), once)
      assert.deepStrictEqual(
        markedBytes(once, { earlier: first, marks: second }),
        markedBytes(body, { marks: second }),
      )
    },
  )
})

const marked = evolveAll(composition.initial, [
  ...people,
  ...publishing([
    label("General", 0),
    label("Secret", 1, undefined, {
      marking: {
        header: mark("${Item.Label} of ${User.Name}"),
        footer: mark("Do not copy"),
        watermark: mark("SECRET"),
      },
    }),
    label(
      "Board",
      2,
      {
        protectionType: "Template",
        grants: [{ who: "contoso.com", rights: ["VIEW", "EDIT", "DOCEDIT", "EXPORT"] }],
      },
      {
        marking: { header: mark("Board only") },
      },
    ),
  ]),
])

const stage = Effect.gen(function* () {
  const sim = yield* simulate([], marked)
  const alice = actor("alice@contoso.com")
  const textOf = (file: string) =>
    Effect.map(call(sim, alice, "open-document", { file }), ({ output }) => output[0]?.["text"])
  return { sim, alice, textOf }
})

describe("marks in a file", () => {
  it.effect("[MIP-140] Office puts marks in at once, also below the encryption", () =>
    Effect.gen(function* () {
      const { sim, alice, textOf } = yield* stage
      yield* call(sim, alice, "protect-document", {
        file: "a.docx",
        content: "The plan.",
        label: "Secret",
      })
      assert.strictEqual(yield* textOf("a.docx"), "Secret of alice\nSECRET\nThe plan.\nDo not copy")
      yield* call(sim, alice, "relabel-document", { file: "a.docx", label: "Board" })
      assert.strictEqual(yield* textOf("a.docx"), "Board only\nThe plan.")
      yield* call(sim, alice, "relabel-document", { file: "a.docx", label: "General" })
      assert.strictEqual(yield* textOf("a.docx"), "The plan.")
      yield* call(sim, alice, "protect-document", {
        file: "a.pdf",
        content: "The plan.",
        label: "Secret",
      })
      assert.strictEqual(yield* textOf("a.pdf"), "The plan.")
    }),
  )

  it.effect("[MIP-141] a label from outside Office brings metadata and encryption, no mark", () =>
    Effect.gen(function* () {
      const { sim, alice, textOf } = yield* stage
      const shell = actor("alice@contoso.com", "powershell")
      yield* call(sim, alice, "save-document", { file: "a.docx", content: "The plan." })
      yield* call(sim, shell, "Set-FileLabel", { Path: "a.docx", LabelId: "Board" })
      assert.strictEqual(yield* textOf("a.docx"), "The plan.")
      const document = localDocumentOf(yield* sim.world, "a.docx")
      assert.isDefined(document?.contentId)
      const bitsOf = (it = document) =>
        Object.entries(
          labelMetadata(marked, {
            labelId: labelId("Board"),
            method: "Privileged",
            setAt: 0,
            marks: it?.marks ?? {},
          }),
        ).find(([key]) => key.endsWith("ContentBits"))?.[1]
      assert.strictEqual(bitsOf(), "8", "encryption only")
      // Somebody in Office gets the marks by replacing the label and putting it on again.
      yield* call(sim, alice, "relabel-document", { file: "a.docx", label: "General" })
      yield* call(sim, alice, "relabel-document", { file: "a.docx", label: "Board" })
      assert.strictEqual(yield* textOf("a.docx"), "Board only\nThe plan.")
      assert.strictEqual(bitsOf(localDocumentOf(yield* sim.world, "a.docx")), "9")
    }),
  )

  it.effect(
    "[MIP-103] [MIP-142] marks are content: edits take them away, the label puts them in again, and a change of the label changes nothing that is there",
    () =>
      Effect.gen(function* () {
        const { sim, alice, textOf } = yield* stage
        yield* call(sim, alice, "protect-document", {
          file: "a.docx",
          content: "The plan.",
          label: "Board",
        })
        yield* call(sim, alice, "save-document", { file: "a.docx", content: "The new plan." })
        assert.strictEqual(yield* textOf("a.docx"), "Board only\nThe new plan.")
        yield* call(sim, judy, "Set-Label", {
          Identity: "Board",
          ApplyContentMarkingHeaderText: "For the board",
          EncryptionEnabled: false,
        })
        assert.strictEqual(
          yield* textOf("a.docx"),
          "Board only\nThe new plan.",
          "stored marks stay",
        )
        assert.isDefined(
          localDocumentOf(yield* sim.world, "a.docx")?.contentId,
          "and so does the encryption",
        )
        yield* call(sim, judy, "Set-Label", { Identity: "Board", EncryptionEnabled: true })
        const bob = actor("bob@contoso.com")
        yield* call(sim, bob, "save-document", {
          file: "a.docx",
          content: "The new plan.",
          withoutMarks: true,
        })
        assert.strictEqual(yield* textOf("a.docx"), "The new plan.")
        yield* call(sim, alice, "relabel-document", { file: "a.docx", label: "Board" })
        assert.strictEqual(yield* textOf("a.docx"), "For the board\nThe new plan.")
      }),
  )
})
