import { assert, describe, it } from "@effect/vitest"
import { days, hours } from "@twin/kernel"
import { effectiveRights, isLabelKnownTo, labelOf, localDocumentOf, protectionOf } from "@twin/mip"
import { Effect } from "effect"
import { deviceAccessOf } from "../../src/in-force/deviceAccess.ts"
import { type SpoWorld, siteOf } from "../../src/index.ts"
import { first, launch, refusal, verdict } from "../world.ts"
import { desktop, nina, story, web } from "./labelStory.ts"

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

describe("a service that learns of labels later", () => {
  it.effect(
    "[MIP-100] SharePoint knows a new label after an hour, and a changed one after a day",
    () =>
      Effect.gen(function* () {
        const lab = yield* story
        yield* lab.wait(days(2))
        yield* lab.does("ivan", "set-label-replication", { mode: "documented" })
        yield* lab.upload("Known.docx", { label: "Confidential" })
        assert.strictEqual((yield* lab.content("Known.docx"))?.processing, "readable")
        yield* lab.does("judy", "New-Label", {
          Name: "Fresh",
          DisplayName: "Fresh",
          Tooltip: "New",
          EncryptionEnabled: true,
          EncryptionProtectionType: "Template",
          EncryptionRightsDefinitions: "contoso.com:VIEW,EDIT,DOCEDIT",
        })
        yield* lab.does("judy", "New-LabelPolicy", {
          Name: "Fresh",
          Labels: ["Fresh"],
          ExchangeLocation: ["All"],
        })
        const world = yield* lab.world
        assert.isFalse(isKnown(world, "Fresh", yield* lab.now))
        yield* lab.does("ivan", "set-label-replication", { mode: "instant" })
        const local = { file: "fresh.docx", content: "x", label: "Fresh" }
        yield* lab.does("alice", "protect-document", local, desktop)
        yield* lab.does("ivan", "set-label-replication", { mode: "documented" })
        const put = (file: string) =>
          lab.does("alice", "upload-file", { site: launch, file, document: "fresh.docx" })
        yield* put("Early.docx")
        assert.strictEqual((yield* lab.content("Early.docx"))?.processing, "opaque-encryption")
        yield* lab.wait(hours(1))
        assert.isTrue(isKnown(world, "Fresh", yield* lab.now))
        yield* put("Late.docx")
        assert.strictEqual((yield* lab.content("Late.docx"))?.processing, "readable")
        yield* lab.upload("Plan.docx", { label: "General" })
        yield* lab.does("judy", "Set-Label", {
          Identity: "General",
          EncryptionEnabled: true,
          EncryptionProtectionType: "Template",
          EncryptionRightsDefinitions: "contoso.com:VIEW,EDIT,DOCEDIT",
        })
        yield* lab.wait(hours(23))
        yield* lab.does("bob", "open-file", { file: "Plan.docx" }, web)
        assert.isUndefined((yield* lab.content("Plan.docx"))?.contentId)
        yield* lab.wait(hours(1))
        yield* lab.does("bob", "open-file", { file: "Plan.docx" }, web)
        assert.isDefined((yield* lab.content("Plan.docx"))?.contentId)
      }),
  )
})

const isKnown = (world: SpoWorld, name: string, now: number): boolean => {
  const found = labelOf(world, name)
  return found !== undefined && isLabelKnownTo(world, found, "sharepoint", now)
}

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
        const copy = localDocumentOf(world, first(out, "document"))
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
            const copy = localDocumentOf(world, first(out, "document"))
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
