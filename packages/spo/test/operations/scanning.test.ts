import { assert, describe, it } from "@effect/vitest"
import { days, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { scanMinutes } from "../../src/dlpScan.ts"
import { itemOf } from "../../src/index.ts"
import { guest, type Lab, launch, makeLab, refusal, verdict } from "../world.ts"

const nina = "nina@fabrikam.com"
const card = "Card 4111 1111 1111 1111"

const story = (content = "Nothing special", options: Parameters<typeof makeLab>[0] = {}) =>
  Effect.gen(function* () {
    const lab = yield* makeLab({ events: [guest(nina)], ...options })
    const upload = (file: string, more: object = {}) =>
      lab.does("alice", "upload-file", { site: launch, file, content, ...more })
    const share = (file: string) =>
      lab.does("alice", "share-file", { file, to: [nina], scope: "users", role: "view" })
    const open = (file: string, who = nina) => lab.as(who, "open-file", { file })
    return { ...lab, upload, share, open }
  })

const block = (lab: Lab) => lab.tenant({ MarkNewFilesSensitiveByDefault: "BlockExternalSharing" })

const policy = (lab: Lab, rule: object, more: object = {}) =>
  Effect.gen(function* () {
    yield* lab.does("judy", "New-DlpCompliancePolicy", {
      Name: "Files",
      SharePointLocation: ["All"],
      OneDriveLocation: ["All"],
      ...more,
    })
    return yield* lab.does("judy", "New-DlpComplianceRule", {
      Name: "Rule",
      Policy: "Files",
      ...rule,
    })
  })

const catchAll = { ContentPropertyContainsWords: ["*"] }
const cards = { ContentContainsSensitiveInformation: { Name: "Credit Card Number" } }

describe("sensitive by default", () => {
  it.effect(
    "[SPO-190] [SPO-191] [SPO-192] closes a new file to guests until it is scanned clean",
    () =>
      Effect.gen(function* () {
        const lab = yield* story()
        yield* policy(lab, cards)
        const warned = yield* block(lab)
        assert.deepStrictEqual(warned.warnings, [])
        yield* lab.upload("Plan.docx")
        assert.strictEqual(verdict(yield* lab.share("Plan.docx")), "allow")
        const early = yield* lab.open("Plan.docx")
        assert.strictEqual(verdict(early), "deny at sensitive-by-default")
        assert.strictEqual(refusal(early)?.message, "This file is being scanned. Try again later.")
        assert.strictEqual(verdict(yield* lab.open("Plan.docx", "bob")), "allow")
        yield* lab.wait(minutes(scanMinutes) - 1)
        assert.strictEqual(verdict(yield* lab.open("Plan.docx")), "deny at sensitive-by-default")
        const scanned = yield* lab.wait(1)
        assert.deepStrictEqual(
          scanned.map(({ operation }) => operation),
          ["content-scanned"],
        )
        assert.strictEqual(verdict(yield* lab.open("Plan.docx")), "allow")
      }),
  )

  it.effect(
    "[SPO-196] closes nothing that was there before, and does not close again after a change",
    () =>
      Effect.gen(function* () {
        const lab = yield* story()
        yield* policy(lab, cards)
        yield* lab.upload("Old.docx")
        yield* lab.share("Old.docx")
        yield* block(lab)
        assert.strictEqual(verdict(yield* lab.open("Old.docx")), "allow")
        yield* lab.upload("New.docx")
        yield* lab.share("New.docx")
        yield* lab.wait(minutes(scanMinutes))
        yield* lab.does("bob", "edit-file", { file: "New.docx", content: "changed" })
        assert.strictEqual(verdict(yield* lab.open("New.docx")), "allow")
      }),
  )

  it.effect(
    "[SPO-194] [SPO-195] without a policy that scans it a file stays closed; the catch-all opens it",
    () =>
      Effect.gen(function* () {
        const lab = yield* story()
        const warned = yield* block(lab)
        assert.match(warned.warnings[0] ?? "", /will stay closed/)
        yield* lab.upload("Plan.docx")
        yield* lab.share("Plan.docx")
        yield* lab.wait(days(30))
        assert.strictEqual(verdict(yield* lab.open("Plan.docx")), "deny at sensitive-by-default")
        yield* policy(lab, catchAll)
        yield* lab.wait(minutes(scanMinutes))
        assert.strictEqual(verdict(yield* lab.open("Plan.docx")), "allow")
      }),
  )

  it.effect("[SPO-194] what data loss prevention cannot read stays closed: types, encryption", () =>
    Effect.gen(function* () {
      const lab = yield* story()
      yield* policy(lab, catchAll)
      yield* block(lab)
      yield* lab.upload("Data.bin")
      yield* lab.upload("Secret.docx", { label: "Confidential" })
      yield* lab.tenant({ EnableAIPIntegration: true })
      yield* lab.upload("Known.docx", { label: "Confidential" })
      for (const file of ["Data.bin", "Secret.docx", "Known.docx"]) yield* lab.share(file)
      yield* lab.wait(days(1))
      assert.strictEqual(verdict(yield* lab.open("Data.bin")), "deny at sensitive-by-default")
      assert.strictEqual(verdict(yield* lab.open("Secret.docx")), "deny at sensitive-by-default")
      assert.strictEqual(verdict(yield* lab.open("Known.docx")), "allow")
    }),
  )

  it.effect(
    "[SPO-191] a policy without a condition on content, or switched off, scans nothing",
    () =>
      Effect.gen(function* () {
        const lab = yield* story()
        yield* policy(lab, catchAll, { Mode: "Disable" })
        yield* block(lab)
        yield* lab.upload("Plan.docx")
        yield* lab.share("Plan.docx")
        yield* lab.wait(days(1))
        assert.strictEqual(verdict(yield* lab.open("Plan.docx")), "deny at sensitive-by-default")
        yield* lab.does("judy", "Set-DlpCompliancePolicy", {
          Identity: "Files",
          Mode: "TestWithoutNotifications",
        })
        yield* lab.wait(minutes(scanMinutes))
        assert.strictEqual(verdict(yield* lab.open("Plan.docx")), "allow")
        const empty = yield* lab.as("judy", "New-DlpComplianceRule", {
          Name: "Empty",
          Policy: "Files",
        })
        assert.strictEqual(verdict(empty), "deny at rule-conditions")
      }),
  )

  it.effect("[SPO-192] under a backlog everything waits, and opens by itself afterwards", () =>
    Effect.gen(function* () {
      const lab = yield* story()
      yield* policy(lab, catchAll)
      yield* block(lab)
      yield* lab.upload("Plan.docx")
      yield* lab.share("Plan.docx")
      yield* lab.fault("content-scan-backlog")
      yield* lab.wait(days(1))
      assert.strictEqual(verdict(yield* lab.open("Plan.docx")), "deny at sensitive-by-default")
      yield* lab.fault("content-scan-backlog", false)
      yield* lab.wait(1)
      assert.strictEqual(verdict(yield* lab.open("Plan.docx")), "allow")
    }),
  )

  it.effect("[SPO-190] switched off, everything is open again", () =>
    Effect.gen(function* () {
      const lab = yield* story()
      yield* block(lab)
      yield* lab.upload("Plan.docx")
      yield* lab.share("Plan.docx")
      assert.strictEqual(verdict(yield* lab.open("Plan.docx")), "deny at sensitive-by-default")
      yield* lab.tenant({ MarkNewFilesSensitiveByDefault: "AllowExternalSharing" })
      assert.strictEqual(verdict(yield* lab.open("Plan.docx")), "allow")
    }),
  )
})

const blocking = (more: object = {}) => ({
  ...cards,
  BlockAccess: true,
  BlockAccessScope: "PerUser",
  ...more,
})

describe("data loss prevention", () => {
  it.effect(
    "[SPO-193] [SPO-201] [SPO-202] [SPO-206] a match keeps people outside out at once, and is logged",
    () =>
      Effect.gen(function* () {
        const lab = yield* story(card)
        yield* policy(lab, blocking())
        yield* lab.upload("Cards.docx")
        yield* lab.share("Cards.docx")
        assert.strictEqual(verdict(yield* lab.open("Cards.docx")), "allow")
        const [scan] = yield* lab.wait(minutes(scanMinutes))
        assert.deepStrictEqual(
          scan?.audit.map(({ Operation, RecordType, UserKey }) => [Operation, RecordType, UserKey]),
          [["DlpRuleMatch", 11, "DlpAgent"]],
        )
        assert.strictEqual(verdict(yield* lab.open("Cards.docx")), "deny at dlp-block")
        assert.strictEqual(verdict(yield* lab.open("Cards.docx", "bob")), "allow")
      }),
  )

  it.effect("[SPO-193] a match of a rule that only warns opens the file", () =>
    Effect.gen(function* () {
      const lab = yield* story(card)
      yield* policy(lab, cards)
      yield* block(lab)
      yield* lab.upload("Cards.docx")
      yield* lab.share("Cards.docx")
      yield* lab.wait(minutes(scanMinutes))
      assert.strictEqual(verdict(yield* lab.open("Cards.docx")), "allow")
    }),
  )

  it.effect(
    "[SPO-205] [SPO-207] mending the content, or the rule, undoes the block and says so",
    () =>
      Effect.gen(function* () {
        const lab = yield* story(card)
        yield* policy(lab, blocking())
        yield* lab.upload("Cards.docx")
        yield* lab.share("Cards.docx")
        yield* lab.wait(minutes(scanMinutes))
        yield* lab.does("bob", "edit-file", { file: "Cards.docx", content: "No card" })
        const [undone] = yield* lab.wait(minutes(scanMinutes))
        assert.deepStrictEqual(
          undone?.audit.map(({ Operation }) => Operation),
          ["DlpRuleUndo"],
        )
        assert.strictEqual(verdict(yield* lab.open("Cards.docx")), "allow")
        yield* lab.does("bob", "edit-file", { file: "Cards.docx", content: card })
        yield* lab.wait(minutes(scanMinutes))
        assert.strictEqual(verdict(yield* lab.open("Cards.docx")), "deny at dlp-block")
        yield* lab.does("judy", "Remove-DlpComplianceRule", { Identity: "Rule" })
        yield* lab.wait(minutes(scanMinutes))
        assert.strictEqual(verdict(yield* lab.open("Cards.docx")), "allow")
      }),
  )

  it.effect(
    "[SPO-205] a block is overridden where the rule allows it, with the reason it asks for",
    () =>
      Effect.gen(function* () {
        const lab = yield* story(card)
        yield* policy(lab, blocking())
        yield* lab.upload("Cards.docx")
        yield* lab.share("Cards.docx")
        const override = (more: object = {}, who = "bob") =>
          lab.as(who, "override-dlp", { file: "Cards.docx", ...more })
        assert.strictEqual(verdict(yield* override()), "deny at dlp-override")
        yield* lab.wait(minutes(scanMinutes))
        assert.strictEqual(verdict(yield* override({ justification: "x" })), "deny at dlp-override")
        yield* lab.does("judy", "Set-DlpComplianceRule", {
          Identity: "Rule",
          NotifyAllowOverride: ["WithJustification"],
        })
        assert.strictEqual(verdict(yield* override()), "deny at dlp-override")
        assert.strictEqual(
          verdict(yield* override({ justification: "x" }, "mallory")),
          "deny at permission",
        )
        yield* lab.does("judy", "New-DlpComplianceRule", {
          Name: "Second",
          Policy: "Files",
          ...blocking({ NotifyAllowOverride: ["WithoutJustification"] }),
        })
        yield* lab.wait(minutes(scanMinutes))
        assert.strictEqual(verdict(yield* override()), "deny at dlp-override")
        assert.strictEqual(verdict(yield* override({ justification: "Test cards" })), "allow")
        assert.strictEqual(verdict(yield* lab.open("Cards.docx")), "allow")
      }),
  )

  it.effect("[SPO-204] rules are asked by priority, and one that stops ends its policy", () =>
    Effect.gen(function* () {
      const lab = yield* story(card)
      yield* policy(lab, { ...catchAll, StopPolicyProcessing: true, Priority: 0 })
      yield* lab.does("judy", "New-DlpComplianceRule", {
        Name: "Blocks",
        Policy: "Files",
        ...blocking(),
        Priority: 1,
      })
      yield* lab.upload("Cards.docx")
      yield* lab.share("Cards.docx")
      yield* lab.wait(minutes(scanMinutes))
      assert.strictEqual(verdict(yield* lab.open("Cards.docx")), "allow")
      yield* lab.does("judy", "Set-DlpComplianceRule", {
        Identity: "Rule",
        StopPolicyProcessing: false,
      })
      yield* lab.wait(minutes(scanMinutes))
      assert.strictEqual(verdict(yield* lab.open("Cards.docx")), "deny at dlp-block")
    }),
  )

  it.effect(
    "[SPO-150] [SPO-153] looks into what SharePoint can decrypt, and into nothing else",
    () =>
      Effect.gen(function* () {
        const lab = yield* story(card)
        yield* policy(lab, blocking())
        yield* lab.upload("Opaque.docx", { label: "Confidential" })
        yield* lab.tenant({ EnableAIPIntegration: true })
        yield* lab.upload("Known.docx", { label: "Confidential" })
        yield* lab.wait(minutes(scanMinutes))
        const world = yield* lab.world
        const types = (file: string) => itemOf(world, file)?.content?.infoTypes
        assert.deepStrictEqual(types("Known.docx"), ["Credit Card Number"])
        assert.deepStrictEqual(types("Opaque.docx"), [])
        yield* lab.share("Known.docx")
        assert.strictEqual(verdict(yield* lab.open("Known.docx")), "deny at dlp-block")
      }),
  )

  it.effect("[SPO-200] a rule about sharing inside leaves alone what is shared outside", () =>
    Effect.gen(function* () {
      const lab = yield* story(card)
      yield* policy(lab, blocking({ AccessScope: "InOrganization", BlockAccessScope: "All" }))
      for (const file of ["Inside.docx", "Outside.docx"]) yield* lab.upload(file)
      yield* lab.share("Outside.docx")
      const inside = { file: "Inside.docx", to: ["erin@contoso.com"], scope: "users" }
      yield* lab.does("alice", "share-file", inside)
      yield* lab.wait(minutes(scanMinutes))
      assert.strictEqual(verdict(yield* lab.open("Inside.docx", "bob")), "deny at dlp-block")
      assert.strictEqual(verdict(yield* lab.open("Outside.docx", "bob")), "allow")
    }),
  )

  it.effect("[SPO-200] a rule may look at labels; what it cannot evaluate is refused", () =>
    Effect.gen(function* () {
      const lab = yield* story()
      yield* policy(lab, {
        ContentPropertyContainsWords: ["Label:General"],
        BlockAccess: true,
        BlockAccessScope: "PerUser",
      })
      yield* lab.tenant({ EnableAIPIntegration: true })
      yield* lab.upload("General.docx", { label: "General" })
      yield* lab.upload("Public.docx", { label: "Public" })
      yield* lab.share("General.docx")
      yield* lab.share("Public.docx")
      yield* lab.wait(minutes(scanMinutes))
      assert.strictEqual(verdict(yield* lab.open("General.docx")), "deny at dlp-block")
      assert.strictEqual(verdict(yield* lab.open("Public.docx")), "allow")
      const rule = (params: object) =>
        lab.as("judy", "New-DlpComplianceRule", { Name: "Other", Policy: "Files", ...params })
      const odd = yield* rule({ ContentContainsSensitiveInformation: [{ name: "Shoe Size" }] })
      assert.match(refusal(odd)?.message ?? "", /'Shoe Size' is not known/)
      const both = yield* rule({
        ...cards,
        NotifyAllowOverride: ["WithJustification", "WithoutJustification"],
      })
      assert.match(refusal(both)?.message ?? "", /can't be used together/)
      const noPolicy = yield* lab.as("judy", "New-DlpComplianceRule", {
        Name: "x",
        Policy: "None",
        ...cards,
      })
      assert.strictEqual(verdict(noPolicy), "deny at object-known")
      assert.strictEqual(
        verdict(yield* lab.as("bob", "New-DlpCompliancePolicy", { Name: "x" })),
        "deny at role",
      )
    }),
  )
})

describe("sensitive information types", () => {
  it.effect.each([
    ["4111 1111 1111 1111", ["Credit Card Number"]],
    ["4111-1111-1111-1112", []],
    ["5500000000000004", ["Credit Card Number"]],
    ["SSN 123-45-6789", ["U.S. Social Security Number (SSN)"]],
    ["000-45-6789", []],
    ["GB82 WEST 1234 5698 7654 32", ["International Banking Account Number (IBAN)"]],
    ["GB82 WEST 1234 5698 7654 33", []],
    ["Nothing at all", []],
  ] as const)("[SPO-200] %s", ([text, expected]) =>
    Effect.gen(function* () {
      const lab = yield* story(text)
      yield* lab.upload("Found.docx")
      assert.deepStrictEqual(itemOf(yield* lab.world, "Found.docx")?.content?.infoTypes, [
        ...expected,
      ])
    }),
  )
})
