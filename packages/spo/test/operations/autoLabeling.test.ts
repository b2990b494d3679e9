import { assert, describe, it } from "@effect/vitest"
import { days, hours } from "@twin/kernel"
import { protectionOf } from "@twin/mip"
import { Effect } from "effect"
import { itemOf } from "../../src/index.ts"
import { type Lab, verdict } from "../world.ts"
import { card, desktop, nina, story } from "./labelStory.ts"

const autoPolicy = (lab: Lab, more: object = {}, rule: object = {}) =>
  Effect.gen(function* () {
    yield* lab.does("judy", "New-AutoSensitivityLabelPolicy", {
      Name: "Cards",
      ApplySensitivityLabel: "Confidential",
      SharePointLocation: ["All"],
      Mode: "TestWithoutNotifications",
      ...more,
    })
    yield* lab.does("judy", "New-AutoSensitivityLabelRule", {
      Name: "Cards rule",
      Policy: "Cards",
      Workload: "SharePoint",
      ContentContainsSensitiveInformation: [
        { name: "Credit Card Number", mincount: "1", confidencelevel: "High" },
      ],
      ...rule,
    })
  })
const turnOn = (lab: Lab) =>
  Effect.gen(function* () {
    yield* lab.wait(hours(12))
    yield* lab.does("judy", "Set-AutoSensitivityLabelPolicy", { Identity: "Cards", Mode: "Enable" })
  })
const statuses = (rows: readonly { readonly [key: string]: unknown }[]) =>
  Object.fromEntries(rows.map((it) => [String(it["name"]), it["status"]]))

describe("automatic labels on files at rest", () => {
  it.effect(
    "[MIP-146] a policy simulates first, lists what it would do and changes nothing, then it can be turned on",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.upload("Card.docx")
        yield* lab.upload("Plain.docx", { content: "nothing" })
        const early = yield* lab.as("judy", "New-AutoSensitivityLabelPolicy", {
          Name: "Now",
          ApplySensitivityLabel: "Confidential",
          SharePointLocation: ["All"],
        })
        assert.strictEqual(verdict(early), "deny at auto-label-simulation")
        yield* autoPolicy(lab)
        const simulated = yield* lab.does("alice", "run-auto-labeling", {})
        assert.deepStrictEqual(statuses(simulated.output), { "Card.docx": "Simulated" })
        assert.isUndefined(yield* lab.labelName("Card.docx"))
        const hasty = yield* lab.as("judy", "Set-AutoSensitivityLabelPolicy", {
          Identity: "Cards",
          Mode: "Enable",
        })
        assert.strictEqual(verdict(hasty), "deny at auto-label-simulation")
        yield* turnOn(lab)
        assert.strictEqual(
          (yield* lab.does("judy", "Get-AutoSensitivityLabelPolicy", { Identity: "Cards" }))
            .output[0]?.["SimulationStatus"],
          "Complete",
        )
        yield* lab.wait(days(1))
        assert.strictEqual(yield* lab.labelName("Card.docx"), "Confidential")
        assert.isDefined((yield* lab.content("Card.docx"))?.contentId)
        assert.isUndefined(yield* lab.labelName("Plain.docx"))
        yield* lab.does("judy", "Set-AdminAuditLogConfig", {
          UnifiedAuditLogIngestionEnabled: false,
        })
        assert.strictEqual(
          verdict(
            yield* lab.as("judy", "New-AutoSensitivityLabelPolicy", {
              Name: "Later",
              ApplySensitivityLabel: "Confidential",
              SharePointLocation: ["All"],
              Mode: "TestWithNotifications",
            }),
          ),
          "deny at auto-label-simulation",
        )
      }),
  )

  it.effect(
    "[MIP-147] [MIP-148] Open XML files that nobody has open, so many a day, and who changed them stays",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        for (const file of ["A.docx", "B.xlsx", "C.pptx", "D.pdf", "E.txt", "F.doc", "Open.docx"])
          yield* lab.upload(file)
        yield* lab.does("bob", "edit-file", { file: "Open.docx" }, desktop)
        yield* autoPolicy(lab)
        yield* turnOn(lab)
        yield* lab.does("ivan", "set-auto-label-limit", { filesPerDay: 2 })
        const before = itemOf(yield* lab.world, "A.docx")
        const run = yield* lab.does("alice", "run-auto-labeling", {})
        const found = statuses(run.output)
        assert.strictEqual(Object.values(found).filter((it) => it === "Labelled").length, 2)
        assert.strictEqual(found["Open.docx"], "Skipped")
        assert.notProperty(
          found,
          "E.txt" in found && found["E.txt"] === "Labelled" ? "E.txt" : "none",
        )
        assert.notStrictEqual(found["F.doc"], "Labelled")
        const after = itemOf(yield* lab.world, "A.docx")
        assert.strictEqual(after?.modifiedAt, before?.modifiedAt)
        assert.strictEqual(after?.modifiedBy, before?.modifiedBy)
        const world = yield* lab.world
        assert.strictEqual(
          protectionOf(world, after?.content?.contentId ?? "")?.issuer,
          "alice@contoso.com",
        )
        yield* lab.wait(days(1))
        assert.strictEqual(yield* lab.labelName("C.pptx"), "Confidential", "the next day")
        assert.isUndefined(yield* lab.labelName("D.pdf"))
        yield* lab.tenant({ EnableSensitivityLabelforPDF: true })
        yield* lab.wait(days(2))
        assert.strictEqual(yield* lab.labelName("D.pdf"), "Confidential")
      }),
  )

  it.effect("[MIP-148] a file whose last modifier is gone is skipped", () =>
    Effect.gen(function* () {
      const lab = yield* story
      yield* lab.upload("A.docx")
      yield* autoPolicy(lab)
      yield* turnOn(lab)
      const item = itemOf(yield* lab.world, "A.docx")
      if (item === undefined) return assert.fail("no file")
      yield* lab.given({ _tag: "ItemCreated", item: { ...item, modifiedBy: "left@contoso.com" } })
      const run = yield* lab.does("alice", "run-auto-labeling", {})
      assert.strictEqual(statuses(run.output)["A.docx"], "Skipped")
    }),
  )

  it.effect(
    "[MIP-121] [MIP-144] [MIP-155] higher labels and those by hand stay; counts and exceptions decide",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.upload("Hand.docx", { label: "General" })
        yield* lab.upload("High.docx", { label: "Secret" })
        yield* lab.upload("Two.docx", { content: `${card} and Visa 5555555555554444` })
        yield* lab.upload("Same.docx", { content: `${card} `.repeat(12) })
        yield* autoPolicy(
          lab,
          {},
          {
            ContentContainsSensitiveInformation: [
              { name: "Credit Card Number", mincount: "2", confidencelevel: "High" },
            ],
            ExceptIfContentContainsSensitiveInformation: [
              { name: "U.S. Social Security Number (SSN)" },
            ],
          },
        )
        yield* lab.upload("Except.docx", {
          content: `${card} and Visa 5555555555554444, SSN 536-22-1234`,
        })
        yield* lab.does("judy", "New-AutoSensitivityLabelRule", {
          Name: "One",
          Policy: "Cards",
          Workload: "SharePoint",
          AccessScope: "NotInOrganization",
          ContentContainsSensitiveInformation: {
            operator: "And",
            groups: [
              {
                operator: "Or",
                name: "Default",
                sensitivetypes: [{ name: "Credit Card Number", mincount: 1 }],
              },
            ],
          },
        })
        yield* turnOn(lab)
        const run = statuses((yield* lab.does("alice", "run-auto-labeling", {})).output)
        assert.deepStrictEqual(run, { "Two.docx": "Labelled" })
        yield* lab.does("alice", "share-file", {
          file: "Hand.docx",
          to: [nina],
          scope: "users",
          role: "view",
        })
        yield* lab.does("alice", "share-file", {
          file: "Same.docx",
          to: [nina],
          scope: "users",
          role: "view",
        })
        const shared = statuses((yield* lab.does("alice", "run-auto-labeling", {})).output)
        assert.strictEqual(shared["Hand.docx"], "Skipped")
        assert.strictEqual(shared["Same.docx"], "Labelled")
      }),
  )

  it.effect(
    "[MIP-155] a rule of data loss prevention with a minimum of ten sees one card twelve times as one",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.does("judy", "New-DlpCompliancePolicy", {
          Name: "Files",
          SharePointLocation: ["All"],
        })
        yield* lab.does("judy", "New-DlpComplianceRule", {
          Name: "Rule",
          Policy: "Files",
          BlockAccess: true,
          BlockAccessScope: "All",
          ContentContainsSensitiveInformation: [{ name: "Credit Card Number", mincount: "10" }],
        })
        yield* lab.upload("Same.docx", { content: `${card} `.repeat(12) })
        const many = Array.from({ length: 10 }, (_, at) =>
          withLuhn(`4${String(at).padStart(14, "1")}`),
        ).join(" ")
        yield* lab.upload("Many.docx", { content: `Visa ${many}` })
        yield* lab.wait(days(1))
        assert.isEmpty(itemOf(yield* lab.world, "Same.docx")?.scan?.matches)
        assert.isNotEmpty(itemOf(yield* lab.world, "Many.docx")?.scan?.matches)
      }),
  )

  it.effect(
    "[MIP-158] a rule can look at labels and counts, blocks outsiders only by default not at all, and hands mail actions on",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.does("judy", "New-DlpCompliancePolicy", {
          Name: "Files",
          SharePointLocation: ["All"],
        })
        const rule = (Name: string, more: object) =>
          lab.does("judy", "New-DlpComplianceRule", {
            Name,
            Policy: "Files",
            ContentContainsSensitiveInformation: [
              {
                operator: "And",
                groups: [
                  {
                    operator: "Or",
                    name: "Default",
                    labels: [{ name: "General", type: "Sensitivity" }],
                  },
                ],
              },
            ],
            ...more,
          })
        const made = yield* rule("Watch", {})
        assert.strictEqual(made.output[0]?.["BlockAccess"], false)
        yield* lab.upload("General.docx", { label: "General" })
        yield* lab.upload("Public.docx", { label: "Public" })
        yield* lab.wait(days(1))
        const matches = (file: string) =>
          Effect.map(lab.world, (world) => itemOf(world, file)?.scan?.matches.map((it) => it.rule))
        assert.deepStrictEqual(yield* matches("General.docx"), ["Watch"])
        assert.deepStrictEqual(yield* matches("Public.docx"), [])
        assert.strictEqual(
          verdict(yield* lab.as("bob", "open-file", { file: "General.docx" })),
          "allow",
        )
        yield* lab.does("judy", "Set-DlpComplianceRule", {
          Identity: "Watch",
          BlockAccess: true,
          BlockAccessScope: "All",
        })
        yield* lab.wait(days(1))
        assert.strictEqual(
          verdict(yield* lab.as("bob", "open-file", { file: "General.docx" })),
          "deny at dlp-block",
        )
        assert.strictEqual(
          verdict(yield* lab.as("alice", "open-file", { file: "General.docx" })),
          "allow",
          "owner and last modifier stay",
        )
        yield* rule("Encrypt", { EncryptRMSTemplate: "Do Not Forward" })
        assert.deepInclude((yield* lab.world).mip.labeling.mailDlpRules[0], {
          name: "Encrypt",
          encryptTemplate: "Do Not Forward",
        })
        yield* lab.does("judy", "Remove-DlpComplianceRule", { Identity: "Encrypt" })
        assert.isEmpty((yield* lab.world).mip.labeling.mailDlpRules)
      }),
  )
})

const withLuhn = (body: string): string => {
  const total = Array.from(body)
    .toReversed()
    .reduce((sum, digit, at) => {
      const value = Number(digit) * (at % 2 === 0 ? 2 : 1)
      return sum + (value > 9 ? value - 9 : value)
    }, 0)
  return `${body}${(10 - (total % 10)) % 10}`
}
