import { assert, describe, it } from "@effect/vitest"
import { days, hours } from "@twin/kernel"
import { effectiveRights, labelOf, localDocumentOf, protectionOf } from "@twin/mip"
import { Effect } from "effect"
import { deviceAccessOf } from "../../src/in-force/deviceAccess.ts"
import { itemOf, siteOf } from "../../src/index.ts"
import { actorOf, atRest, guest, type Lab, launch, makeLab, refusal, verdict } from "../world.ts"

const card = "Visa 4111 1111 1111 1111 12/27"
const nina = "nina@fabrikam.com"
const desktop = { app: "office-desktop" } as const
const web = { app: "office-web" } as const

const story = Effect.gen(function* () {
  const lab = yield* makeLab({ events: [guest(nina)] })
  yield* lab.tenant({ EnableAIPIntegration: true })
  yield* lab.does("judy", "New-Label", {
    Name: "Secret",
    DisplayName: "Secret",
    Tooltip: "For Alice",
    EncryptionEnabled: true,
    EncryptionProtectionType: "Template",
    EncryptionRightsDefinitions: "alice@contoso.com:VIEW,EDIT,DOCEDIT,EXPORT",
  })
  const [policy] = (yield* lab.world).mip.policies
  yield* lab.does("judy", "Set-LabelPolicy", { Identity: policy?.name, AddLabels: ["Secret"] })
  const upload = (file: string, more: object = {}) =>
    lab.does("alice", "upload-file", { site: launch, file, content: card, ...more })
  const content = (file: string) => Effect.map(lab.world, (world) => itemOf(world, file)?.content)
  const labelName = (file: string) =>
    Effect.gen(function* () {
      const world = yield* lab.world
      const id = itemOf(world, file)?.content?.labelId
      return id === undefined ? undefined : labelOf(world, id)?.name
    })
  /** The same person's app, which signs in for itself. */
  const asApp = (who: string, operation: string, params: object) =>
    Effect.gen(function* () {
      const person = actorOf(yield* lab.world, who, yield* lab.now)
      const app = { ...person, kind: "service-account" as const }
      return yield* Effect.orDie(lab.simulation.call(app, operation, params))
    })
  return { ...lab, upload, content, labelName, asApp }
})

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

describe("labels switched on for SharePoint", () => {
  it.effect(
    "[MIP-203] off, an encrypted file is opaque; on, it is processed, and what lay there has to be uploaded or edited again",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab({})
        const put = (file: string) =>
          lab.does("alice", "upload-file", {
            site: launch,
            file,
            content: card,
            label: "Confidential",
          })
        const of = (file: string) => Effect.map(lab.world, (world) => itemOf(world, file)?.content)
        yield* put("Before.docx")
        assert.strictEqual((yield* of("Before.docx"))?.processing, "opaque-encryption")
        assert.deepStrictEqual((yield* of("Before.docx"))?.infoTypes, [])
        assert.strictEqual(
          verdict(yield* lab.as("bob", "open-file", { file: "Before.docx" }, web)).startsWith(
            "deny",
          ),
          true,
        )
        yield* lab.tenant({ EnableAIPIntegration: true })
        yield* put("After.docx")
        assert.strictEqual((yield* of("After.docx"))?.processing, "readable")
        assert.include((yield* of("After.docx"))?.infoTypes ?? [], "Credit Card Number")
        assert.strictEqual(
          verdict(yield* lab.as("bob", "open-file", { file: "After.docx" }, web)),
          "allow",
        )
        assert.strictEqual(
          (yield* of("Before.docx"))?.processing,
          "opaque-encryption",
          "not by itself",
        )
      }),
  )

  it.effect(
    "[MIP-205] what somebody uploads who cannot view it, the service neither recognises nor processes",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.does(
          "alice",
          "protect-document",
          { file: "plan.docx", content: card, label: "Secret" },
          desktop,
        )
        const uploaded = yield* lab.does("bob", "upload-file", {
          site: launch,
          file: "Plan.docx",
          document: "plan.docx",
        })
        assert.strictEqual(uploaded.decision.outcome, "allow")
        assert.strictEqual((yield* lab.content("Plan.docx"))?.processing, "opaque-encryption")
        const info = yield* lab.as("grace", "Get-FileSensitivityLabelInfo", {
          FileUrl: "Plan.docx",
        })
        assert.strictEqual(info.output[0]?.["LabelId"], "")
      }),
  )

  it.effect(
    "[MIP-208] encryption that somebody took off a labelled file comes back at the next access",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.upload("Plan.docx", { label: "Confidential" })
        const before = itemOf(yield* lab.world, "Plan.docx")
        if (before?.content === undefined) return assert.fail("no file")
        // An older app saves it with its label and without the encryption.
        const { contentId: _, ...bare } = before.content
        yield* lab.upload("Bare.docx")
        const plain = (yield* lab.content("Bare.docx")) ?? before.content
        yield* lab.given({
          _tag: "FileContentReplaced",
          itemId: before.id,
          content: { ...bare, objectId: plain.objectId, processing: "readable" },
          by: "alice@contoso.com",
          scan: before.scan ?? { isNewAndSensitive: false, matches: [], isOverridden: false },
          at: before.modifiedAt,
        })
        assert.isUndefined((yield* lab.content("Plan.docx"))?.contentId)
        const opened = yield* lab.does("bob", "open-file", { file: "Plan.docx" }, web)
        assert.strictEqual(opened.output[0]?.["text"], card)
        const after = yield* lab.content("Plan.docx")
        assert.isDefined(after?.contentId)
        const world = yield* lab.world
        assert.strictEqual(protectionOf(world, after?.contentId ?? "")?.kind, "template")
        assert.strictEqual(itemOf(world, "Plan.docx")?.modifiedBy, "alice@contoso.com")
        assert.notInclude(Buffer.from(yield* atRest(lab)).toString("latin1"), "4111")
      }),
  )

  it.effect(
    "[MIP-103] a stored file follows its label: encrypted when the label is, and clear when it is not any more",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.upload("Plan.docx", { label: "General" })
        assert.isUndefined((yield* lab.content("Plan.docx"))?.contentId)
        yield* lab.does("judy", "Set-Label", {
          Identity: "General",
          EncryptionEnabled: true,
          EncryptionProtectionType: "Template",
          EncryptionRightsDefinitions: "contoso.com:VIEW,EDIT,DOCEDIT",
        })
        assert.isUndefined((yield* lab.content("Plan.docx"))?.contentId, "not before it is used")
        yield* lab.does("bob", "open-file", { file: "Plan.docx" }, web)
        assert.isDefined((yield* lab.content("Plan.docx"))?.contentId)
        yield* lab.does("judy", "Set-Label", { Identity: "General", EncryptionEnabled: false })
        yield* lab.does("bob", "download-file", { file: "Plan.docx" })
        assert.isUndefined((yield* lab.content("Plan.docx"))?.contentId)
        assert.strictEqual(yield* lab.labelName("Plan.docx"), "General")
      }),
  )

  it.effect(
    "[MIP-101] with a deleted label the file leaves unlabelled and unencrypted; a copy outside stays encrypted",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.upload("Plan.docx", { label: "Confidential" })
        const copy = yield* lab.does("alice", "download-file", { file: "Plan.docx" }, desktop)
        const { labels, name } = (yield* lab.world).mip.policies[0] ?? { labels: [], name: "" }
        const confidential = labelOf(yield* lab.world, "Confidential")
        assert.include(labels, confidential?.id)
        for (const policy of (yield* lab.world).mip.policies) {
          yield* lab.as("judy", "Set-LabelPolicy", {
            Identity: policy.name,
            RemoveLabels: ["Confidential"],
          })
        }
        assert.isNotEmpty(name)
        yield* lab.does("judy", "Remove-Label", { Identity: "Confidential" })
        yield* lab.does("bob", "download-file", { file: "Plan.docx" })
        const after = yield* lab.content("Plan.docx")
        assert.isUndefined(after?.contentId)
        assert.isUndefined(after?.labelId)
        assert.isDefined(
          localDocumentOf(yield* lab.world, String(copy.output[0]?.["document"]))?.contentId,
        )
      }),
  )

  it.effect(
    "[MIP-209] an app cannot upload other encryption over an encrypted file, unless it is unlocked or renamed",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.upload("Plan.docx", { label: "Confidential" })
        yield* lab.does(
          "alice",
          "protect-document",
          { file: "new.docx", content: "new", label: "Secret" },
          desktop,
        )
        yield* lab.does(
          "alice",
          "protect-document",
          { file: "same.docx", content: "same", label: "Confidential" },
          desktop,
        )
        const app = (params: object) =>
          lab.asApp("alice", "replace-file", { file: "Plan.docx", ...params })
        assert.strictEqual(
          verdict(yield* app({ document: "new.docx" })),
          "deny at app-keeps-encryption",
        )
        assert.strictEqual(verdict(yield* app({ document: "same.docx" })), "allow")
        yield* lab.does("grace", "Unlock-SPOSensitivityLabelEncryptedFile", {
          FileUrl: "Plan.docx",
          JustificationText: "Migration",
        })
        assert.strictEqual(verdict(yield* app({ document: "new.docx" })), "allow")
        assert.strictEqual(
          verdict(
            yield* lab.as("alice", "replace-file", { file: "Plan.docx", document: "same.docx" }),
          ),
          "allow",
          "people may",
        )
      }),
  )

  it.effect("[MIP-211] PDF, OneNote and video have switches of their own, off at first", () =>
    Effect.gen(function* () {
      const lab = yield* story
      const processing = (file: string) =>
        Effect.gen(function* () {
          yield* lab.does(
            "alice",
            "protect-document",
            { file: `local-${file}`, content: card, label: "Confidential" },
            { app: "powershell" },
          )
          yield* lab.does("alice", "upload-file", { site: launch, file, document: `local-${file}` })
          return (yield* lab.content(file))?.processing
        })
      const switches = {
        pdf: "EnableSensitivityLabelforPDF",
        one: "EnableSensitivityLabelforOneNote",
        mp4: "EnableSensitivityLabelforVideoFiles",
      }
      for (const [extension, setting] of Object.entries(switches)) {
        assert.strictEqual((yield* lab.does("grace", "Get-SPOTenant")).output[0]?.[setting], false)
        assert.strictEqual(yield* processing(`off.${extension}`), "opaque-encryption")
        yield* lab.tenant({ [setting]: true })
        assert.strictEqual(yield* processing(`on.${extension}`), "readable")
      }
    }),
  )
})

describe("several people at once", () => {
  it.effect(
    "[MIP-212] on devices an encrypted file is held alone, until the organization switches co-authoring on",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.upload("Plan.docx", { label: "Confidential" })
        const edit = (who: string, client: object) =>
          Effect.map(lab.as(who, "edit-file", { file: "Plan.docx" }, client), verdict)
        assert.strictEqual(yield* edit("alice", desktop), "allow")
        const second = yield* lab.as("bob", "edit-file", { file: "Plan.docx" }, desktop)
        assert.strictEqual(verdict(second), "deny at co-authoring")
        assert.match(refusal(second)?.message ?? "", /File In Use/)
        assert.strictEqual(
          yield* edit("bob", web),
          "deny at co-authoring",
          "held alone against all",
        )
        yield* lab.does("alice", "close-file", { file: "Plan.docx" }, desktop)
        assert.strictEqual(yield* edit("bob", web), "allow")
        assert.strictEqual(yield* edit("alice", web), "allow", "in the browser several can")
        yield* lab.does("bob", "close-file", { file: "Plan.docx" }, web)
        yield* lab.does("alice", "close-file", { file: "Plan.docx" }, web)
        yield* lab.does("judy", "Set-PolicyConfig", { EnableLabelCoauth: true })
        assert.strictEqual(yield* edit("alice", desktop), "allow")
        assert.strictEqual(yield* edit("bob", desktop), "allow")
        yield* lab.does("judy", "Set-PolicyConfig", { EnableLabelCoauth: false })
        yield* lab.upload("Open.docx")
        yield* lab.does("alice", "edit-file", { file: "Open.docx" }, desktop)
        assert.strictEqual(
          verdict(yield* lab.as("bob", "edit-file", { file: "Open.docx" }, desktop)),
          "allow",
          "not encrypted",
        )
      }),
  )
})

describe("libraries", () => {
  it.effect(
    "[MIP-214] a default label comes on new and edited files, over what is lower and came by itself",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.upload("Old.docx")
        yield* lab.does("alice", "set-library", { site: launch, defaultLabel: "Confidential" })
        yield* lab.upload("New.docx")
        assert.strictEqual(yield* lab.labelName("New.docx"), "Confidential")
        assert.isDefined((yield* lab.content("New.docx"))?.contentId)
        assert.isUndefined(yield* lab.labelName("Old.docx"), "not by itself")
        yield* lab.does("alice", "edit-file", { file: "Old.docx", content: "changed" }, web)
        assert.strictEqual(yield* lab.labelName("Old.docx"), "Confidential")
        yield* lab.upload("Hand.docx", { label: "General" })
        assert.strictEqual(yield* lab.labelName("Hand.docx"), "General", "by hand it stays")
        yield* lab.upload("Higher.docx", { label: "Secret" })
        assert.strictEqual(yield* lab.labelName("Higher.docx"), "Secret")
        yield* lab.upload("Note.txt")
        assert.isUndefined(yield* lab.labelName("Note.txt"))
        const refused = yield* lab.as("alice", "set-library", {
          site: launch,
          defaultLabel: "Personal",
        })
        assert.strictEqual(refused.decision.outcome, "deny")
        assert.strictEqual(
          (yield* lab.as("nina@fabrikam.com", "set-library", {
            site: launch,
            defaultLabel: "General",
          })).decision.outcome,
          "deny",
        )
      }),
  )

  it.effect(
    "[MIP-213] files that leave get the rights of the roles on the site, and no offline use",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.does("alice", "set-library", {
          site: launch,
          defaultLabel: "General",
          extendPermissionsToUnprotectedFiles: true,
        })
        yield* lab.upload("Plan.docx", { label: "Public" })
        const out = yield* lab.does("alice", "download-file", { file: "Plan.docx" }, desktop)
        const world = yield* lab.world
        const copy = localDocumentOf(world, String(out.output[0]?.["document"]))
        const protection = protectionOf(world, copy?.contentId ?? "")
        assert.strictEqual(protection?.kind, "user-defined")
        assert.strictEqual(protection?.offlineAccessDays, 0)
        const rights = (who: string) => effectiveRights(world, copy?.contentId ?? "", who, 0).rights
        assert.include(rights("alice@contoso.com"), "OWNER")
        assert.isEmpty(rights("nobody@fabrikam.com"))
        assert.isUndefined((yield* lab.content("Plan.docx"))?.contentId, "inside it stays clear")
        assert.strictEqual(
          labelOf(world, copy?.labelId ?? "")?.name,
          "General",
          "relabelled although labelled by hand",
        )
      }),
  )

  it.effect(
    "[MIP-210] rights management of a library protects what leaves, unless a label does; what comes encrypted stays opaque",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.does("alice", "set-library", { site: launch, irm: true })
        yield* lab.upload("Plain.docx")
        yield* lab.upload("Label.docx", { label: "Confidential" })
        const copyOf = (file: string) =>
          Effect.gen(function* () {
            const out = yield* lab.does("alice", "download-file", { file }, desktop)
            const world = yield* lab.world
            const copy = localDocumentOf(world, String(out.output[0]?.["document"]))
            return protectionOf(world, copy?.contentId ?? "")
          })
        const plain = yield* copyOf("Plain.docx")
        assert.strictEqual(plain?.kind, "user-defined")
        assert.deepStrictEqual(
          plain?.grants.map(({ who }) => who),
          ["alice@contoso.com"],
        )
        assert.notInclude(plain?.grants[0]?.rights ?? [], "PRINT")
        assert.strictEqual((yield* copyOf("Label.docx"))?.kind, "template", "the label's own")
        yield* lab.does(
          "alice",
          "protect-document",
          { file: "own.docx", content: "x", to: ["bob@contoso.com"] },
          desktop,
        )
        yield* lab.does("alice", "upload-file", {
          site: launch,
          file: "Own.docx",
          document: "own.docx",
        })
        assert.strictEqual((yield* lab.content("Own.docx"))?.processing, "opaque-encryption")
      }),
  )
})

describe("labels on sites", () => {
  it.effect(
    "[MIP-215] a file more sensitive than its site is not blocked: the log and two people are told",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.does("ivan", "enable-container-labels", {})
        yield* lab.does("judy", "Set-Label", {
          Identity: "General",
          ContentType: "File, Email, Site, UnifiedGroup",
        })
        yield* lab.does("grace", "Set-SPOSite", { Identity: launch, SensitivityLabel: "General" })
        const uploaded = yield* lab.upload("Plan.docx", { label: "Confidential" })
        assert.strictEqual(uploaded.decision.outcome, "allow")
        const operations = uploaded.record?.audit.map(({ Operation }) => Operation) ?? []
        assert.include(operations, "DocumentSensitivityMismatchDetected")
        assert.isNotEmpty(uploaded.record?.mail ?? [])
        yield* lab.tenant({ BlockSendLabelMismatchEmail: true })
        const silent = yield* lab.upload("Quiet.docx", { label: "Confidential" })
        assert.include(
          silent.record?.audit.map(({ Operation }) => Operation) ?? [],
          "DocumentSensitivityMismatchDetected",
        )
        assert.isEmpty(silent.record?.mail ?? [])
        const lower = yield* lab.upload("Low.docx", { label: "Public" })
        assert.notInclude(
          lower.record?.audit.map(({ Operation }) => Operation) ?? [],
          "DocumentSensitivityMismatchDetected",
        )
      }),
  )

  it.effect(
    "[MIP-217] guest access off keeps new guests out and lets the others stay; devices are never treated more freely than by the tenant",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.does("ivan", "enable-container-labels", {})
        yield* lab.does("judy", "Set-Label", {
          Identity: "General",
          ContentType: "File, Email, Site, UnifiedGroup",
          SiteAndGroupProtectionEnabled: true,
          SiteAndGroupProtectionAllowAccessToGuestUsers: false,
          SiteAndGroupProtectionAllowFullAccess: true,
        })
        const share = (who: string) => lab.as("alice", "share-site", { site: launch, to: [who] })
        assert.strictEqual(verdict(yield* share(nina)), "allow")
        yield* lab.tenant({ ConditionalAccessPolicy: "BlockAccess" })
        yield* lab.does("grace", "Set-SPOSite", { Identity: launch, SensitivityLabel: "General" })
        assert.strictEqual(
          verdict(yield* share("oscar@fabrikam.com")),
          "deny at container-guest-access",
        )
        assert.strictEqual(verdict(yield* share("bob@contoso.com")), "allow", "members come in")
        yield* lab.upload("Plan.docx")
        const opened = yield* lab.as(
          nina,
          "open-file",
          { file: "Plan.docx" },
          { ...web, device: "managed" },
        )
        assert.strictEqual(verdict(opened), "allow", "who was there stays")
        const unmanaged = yield* lab.as(
          "bob",
          "open-file",
          { file: "Plan.docx" },
          { ...web, device: "unmanaged" },
        )
        assert.strictEqual(verdict(unmanaged), "allow", "no policy of Conditional Access asks")
        const world = yield* lab.world
        const site = siteOf(world, launch)
        if (site === undefined) return assert.fail("no site")
        assert.strictEqual(deviceAccessOf(world, site), "BlockAccess", "the label loosens nothing")
      }),
  )

  it.effect(
    "[MIP-218] a new file stays shut to a guest with full rights until it has been scanned",
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
          ContentContainsSensitiveInformation: { Name: "U.S. Social Security Number (SSN)" },
        })
        yield* lab.tenant({ MarkNewFilesSensitiveByDefault: "BlockExternalSharing" })
        yield* lab.does("judy", "Set-Label", {
          Identity: "Confidential",
          EncryptionRightsDefinitions: `contoso.com:VIEW,EDIT;${nina}:OWNER`,
        })
        yield* lab.upload("Plan.docx", { label: "Confidential" })
        yield* lab.does("alice", "share-file", {
          file: "Plan.docx",
          to: [nina],
          scope: "users",
          role: "view",
        })
        const refused = yield* lab.as(nina, "open-file", { file: "Plan.docx" }, web)
        assert.strictEqual(verdict(refused), "deny at sensitive-by-default")
        yield* lab.wait(days(1))
        assert.strictEqual(
          verdict(yield* lab.as(nina, "open-file", { file: "Plan.docx" }, web)),
          "allow",
        )
      }),
  )
})

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
})

const withLuhn = (body: string): string => {
  const total = [...body].toReversed().reduce((sum, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1)
    return sum + (value > 9 ? value - 9 : value)
  }, 0)
  return `${body}${(10 - (total % 10)) % 10}`
}
