import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Schema } from "effect"
import {
  isNewEnough,
  levelNameIn,
  PermissionLevel,
  parseConsumer,
  rightsOfLevel,
} from "../../src/index.ts"
import { adHoc, asks, verdict, withContent } from "../asking.ts"

const everybody = [{ who: "AuthenticatedUsers", rights: ["VIEW" as const] }]
const document = withContent(adHoc(everybody))
const pdf = withContent(adHoc(everybody, { name: "offer.pdf" }))

describe("versions of what people read with", () => {
  const offices: readonly (readonly [string, boolean])[] = [
    ["Office for Mac 16.41", false],
    ["Office for Mac 16.42", true],
    ["Office for Mac 17.0", true],
    ["Office for Android 16.0.13028", false],
    ["Office for Android 16.0.13029", true],
    ["Office for iOS 2.41", false],
    ["Office for iOS 2.42", true],
    ["Office for Windows 2016", false],
    ["Office for Windows 2019", true],
  ]
  it.each(offices)("[MIP-177] %s signs a Microsoft account in: %s", (consumer, isOpen) => {
    const decision = asks(document, "zoe@outlook.com", { consumer })
    assert.strictEqual(decision.outcome === "allow", isOpen)
    if (!isOpen) assert.strictEqual(verdict(decision), "deny by software-supports-identity")
    const work = asks(document, "nina@fabrikam.com", { consumer })
    assert.strictEqual(work.outcome, "allow", "a work account needs no such version")
  })

  const readers: readonly (readonly [string, boolean])[] = [
    ["Edge 83.0.478.36", false],
    ["Edge 83.0.478.37", true],
    ["Edge 120.0", true],
    ["Adobe Reader with plug-in", true],
    ["Adobe Acrobat with plug-in", true],
    ["Adobe Reader", false],
    ["Foxit PDF Reader", true],
    ["Information protection viewer", true],
    ["Preview", false],
    ["Chrome 120.0", false],
  ]
  it.each(readers)("[MIP-183] %s shows a protected PDF: %s", (consumer, isOpen) => {
    const decision = asks(pdf, "bob@contoso.com", { app: "pdf-reader", consumer })
    assert.strictEqual(decision.outcome === "allow", isOpen)
    if (!isOpen) {
      assert.strictEqual(verdict(decision), "deny by software-reads-format")
      assert.match(decidingGate(decision).refusal?.message ?? "", /protected document/)
    }
  })

  it("[MIP-183] the viewer of a phone shows, whatever the rights, and does nothing else", () => {
    const all = [{ who: "bob@contoso.com", rights: ["OWNER" as const] }]
    for (const name of ["offer.pdf", "offer.ppdf", "offer.pjpg"]) {
      const world = withContent(adHoc(all, { name }))
      for (const phone of ["iOS", "Android"]) {
        const consumer = `Information protection viewer for ${phone}`
        const ask = (requested: "open" | "print" | "copy" | "save") =>
          asks(world, "bob@contoso.com", { app: "pdf-reader", consumer, requested }).outcome
        assert.strictEqual(ask("open"), "allow", name)
        for (const action of ["print", "copy", "save"] as const) {
          assert.strictEqual(ask(action), "deny", `${name} ${action}`)
        }
      }
      const computer = { app: "pdf-reader", requested: "print" } as const
      assert.strictEqual(asks(world, "bob@contoso.com", computer).outcome, "allow")
    }
  })

  it.prop(
    "a newer version never does less",
    {
      major: Schema.Literals([15, 16, 17]),
      minor: Schema.Literals([0, 41, 42, 43]),
      more: Schema.Literals([0, 1, 30]),
    },
    ({ major, minor, more }) => {
      const table = { Product: [16, 42] }
      const old = isNewEnough(`Product ${major}.${minor}`, table, false)
      const newer = isNewEnough(`Product ${major}.${minor + more}`, table, false)
      if (old) assert.isTrue(newer)
      assert.isTrue(isNewEnough(undefined, table, false))
      assert.deepStrictEqual(parseConsumer("Product").version, [])
    },
  )
})

const shown = (application: string, version?: number) =>
  PermissionLevel.literals.map((it) => levelNameIn(it, application, version))

describe("levels in the dialogs", () => {
  it("[MIP-062] present names in the portal and in Office for Windows from 2411, else the former", () => {
    const former = ["Viewer", "Reviewer", "Co-Author", "Co-Owner"]
    const present = ["Viewer", "Restricted Editor", "Editor", "Owner"]
    assert.deepStrictEqual(shown("Purview portal"), present)
    for (const app of ["Word", "Excel", "PowerPoint"]) {
      assert.deepStrictEqual(shown(`${app} for Windows`, 2410), former)
      assert.deepStrictEqual(shown(`${app} for Windows`, 2411), present)
    }
    assert.deepStrictEqual(shown("Word for Mac"), former)
  })

  it("[MIP-058] the dialog of Office leaves macros out for viewers", () => {
    assert.deepStrictEqual(rightsOfLevel("Viewer", "office-dialog"), ["VIEW", "VIEWRIGHTSDATA"])
    for (const level of ["Restricted Editor", "Editor", "Owner"] as const) {
      assert.deepStrictEqual(rightsOfLevel(level, "office-dialog"), rightsOfLevel(level, "portal"))
    }
  })
})
