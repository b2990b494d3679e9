import {
  type Call,
  decideByGates,
  decidingGate,
  deriveOperation,
  gate,
  isoOf,
  type OutputObject,
  operation,
  pass,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import type { LocalDocument } from "../LocalDocument.ts"
import { labelOf } from "../labelOf.ts"
import { type MipWorld, protectionOf, templateOf } from "../State.ts"
import { CustomPermissions, evaluateChosen, permissionsOf } from "./customPermissions.ts"
import { evaluateFileKnown, type FileEffect, type FileRuling, fileOf } from "./file.ts"
import { protect, type Wish } from "./protectDocument.ts"

const path = Schema.NonEmptyString.annotate({
  description: "A file outside SharePoint and mail, by name or id",
})

const justification = Schema.optionalKey(
  Schema.String.annotate({ description: "Why the label is lowered or removed" }),
)

/** One row for a file, as the client's cmdlets print it (MIP-123). */
const row = (name: string, ruling: FileRuling): OutputObject => {
  const { outcome } = ruling.decision
  const { refusal } = decidingGate(ruling.decision)
  const isSkipped = refusal?.code === "JustificationRequiredError"
  return {
    FileName: name,
    Status: outcome === "allow" ? "Success" : isSkipped ? "Skipped" : "Failed",
    Comment: outcome === "allow" ? "" : (refusal?.message ?? ""),
  }
}

/** A file that is there; the cmdlets make none. */
const onFile = (call: Call<MipWorld>, wish: Wish): FileEffect => {
  const document = fileOf(call, wish.file)
  if (document === undefined) return Effect.succeed({ decision: evaluateFileKnown(undefined) })
  return Effect.map(protect(call, wish), (ruling) => ({
    ...ruling,
    output: [row(document.name, ruling)],
  }))
}

export const setFileLabel = operation({
  name: "Set-FileLabel",
  summary: "Puts a label on a file; without the justification a policy asks for it is skipped.",
  params: Schema.Struct({
    Path: path,
    LabelId: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "GUID of the label; none: permissions alone" }),
    ),
    JustificationMessage: justification,
    CustomPermissions: Schema.optionalKey(
      CustomPermissions.annotate({ description: "What New-CustomPermissions has made" }),
    ),
    Owner: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Whoever owns it, if not who protects" }),
    ),
    PreserveFileDetails: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Keeps date and author of the file" }),
    ),
  }),
  facts: ["MIP-283", "MIP-117", "MIP-123", "MIP-065"],
  binding: { positional: ["Path", "LabelId"], switches: ["PreserveFileDetails"], pipeline: "Path" },
  decide: (call: Call<MipWorld>, params): FileEffect => {
    const { LabelId: label, CustomPermissions: custom, Owner: owner } = params
    const chosen = evaluateChosen([
      label === undefined ? "" : "LabelId",
      custom === undefined ? "" : "CustomPermissions",
    ])
    if (chosen.outcome !== "allow") return Effect.succeed({ decision: chosen })
    return onFile(call, {
      file: params.Path,
      ...(label === undefined ? {} : { label }),
      ...(params.JustificationMessage === undefined
        ? {}
        : { justification: params.JustificationMessage }),
      ...(custom === undefined ? {} : permissionsOf(custom)),
      ...(owner === undefined ? {} : { owner }),
    })
  },
})

export const removeFileLabel = operation({
  name: "Remove-FileLabel",
  summary: "Takes label and protection off a file.",
  params: Schema.Struct({
    Path: path,
    RemoveLabel: Schema.optionalKey(Schema.Boolean.annotate({ description: "The label goes" })),
    RemoveProtection: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "The protection goes" }),
    ),
    JustificationMessage: justification,
  }),
  facts: ["MIP-283", "MIP-076", "MIP-123"],
  binding: {
    positional: ["Path"],
    switches: ["RemoveLabel", "RemoveProtection"],
    pipeline: "Path",
  },
  decide: (call: Call<MipWorld>, params): FileEffect =>
    onFile(call, {
      file: params.Path,
      isRemoval: true,
      ...(params.JustificationMessage === undefined
        ? {}
        : { justification: params.JustificationMessage }),
    }),
})

const readable = gate<{ readonly isKnown: boolean }>()({
  name: "file-status",
  facts: ["MIP-258"],
  reads: ["isKnown"],
  check: () => pass("Labels and protection of a file can be read without opening it."),
})

export const getFileStatus = operation({
  name: "Get-FileStatus",
  summary: "Shows label and protection of a file, without opening it.",
  params: Schema.Struct({ Path: path }),
  facts: ["MIP-258", "MIP-096"],
  binding: { positional: ["Path"], pipeline: "Path" },
  isReadOnly: true,
  decide: (call: Call<MipWorld>, { Path }): FileRuling => {
    const document = fileOf(call, Path)
    if (document === undefined) return { decision: evaluateFileKnown(undefined) }
    return {
      decision: decideByGates([readable], { isKnown: true }),
      output: [status(call.world, document)],
    }
  },
})

/** The name of the same cmdlet in the client's earlier module. */
export const getAipFileStatus = deriveOperation(getFileStatus, {
  name: "Get-AIPFileStatus",
  summary: getFileStatus.summary,
  params: { Path: "Path" },
  binding: {
    positional: ["Path"],
    aliases: { FullName: "Path", FileName: "Path" },
    pipeline: "Path",
  },
})

const status = (world: MipWorld, document: LocalDocument): OutputObject => {
  const label = document.labelId === undefined ? undefined : labelOf(world, document.labelId)
  const parent = label?.parentId === undefined ? undefined : labelOf(world, label.parentId)
  const protection =
    document.contentId === undefined ? undefined : protectionOf(world, document.contentId)
  const template =
    protection?.templateId === undefined ? undefined : templateOf(world, protection.templateId)
  return {
    FileName: document.name,
    IsLabeled: label !== undefined,
    MainLabelId: (parent ?? label)?.id ?? null,
    MainLabelName: (parent ?? label)?.displayName ?? null,
    SubLabelId: parent === undefined ? null : (label?.id ?? null),
    SubLabelName: parent === undefined ? null : (label?.displayName ?? null),
    LabelingMethod: document.labelMethod ?? null,
    LabelDate: label === undefined ? null : isoOf(document.savedAt),
    IsRMSProtected: protection !== undefined,
    RMSTemplateId: template?.templateId ?? null,
    RMSTemplateName: protection === undefined ? null : (template?.name ?? "Restricted Access"),
    RMSOwner: protection?.owner ?? null,
    RMSIssuer: protection?.issuer ?? null,
    ContentId: protection?.contentId ?? null,
  }
}
