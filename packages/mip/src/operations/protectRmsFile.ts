import { type Call, operation } from "@twin/kernel"
import { Effect, Schema } from "effect"
import type { MipWorld } from "../State.ts"
import { evaluateChosen } from "./customPermissions.ts"
import { evaluateFileKnown, type FileEffect, fileOf } from "./file.ts"
import { protect } from "./protectDocument.ts"

/** Name without folder and extension, and the extension with its dot. */
const partsOf = (path: string): { readonly stem: string; readonly extension: string } => {
  const dot = path.lastIndexOf(".")
  return dot > path.search(/[^\\/]*$/)
    ? { stem: path.slice(0, dot), extension: path.slice(dot) }
    : { stem: path, extension: "" }
}

/** `offer-Copy.docx`, or with a number where that is taken. */
const copyName = (call: Call<MipWorld>, name: string): string => {
  const { stem, extension } = partsOf(name)
  for (let number = 1; ; number++) {
    const copy = `${stem}-Copy${number === 1 ? "" : ` (${number})`}${extension}`
    if (fileOf(call, copy) === undefined) return copy
  }
}

const inFolder = (folder: string, name: string): string =>
  `${folder.replace(/[\\/]+$/, "")}\\${name.slice(name.search(/[^\\/]*$/))}`

/** Who runs it is the issuer; who is named owns the file with every right (MIP-064, MIP-065). */
export const protectRmsFile = operation({
  name: "Protect-RMSFile",
  summary: "Protects a file with a template, in place or as a copy, for its owner if need be.",
  params: Schema.Struct({
    File: Schema.NonEmptyString.annotate({
      description: "A file outside SharePoint and mail, by name or id",
    }),
    TemplateID: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "GUID of the template" }),
    ),
    InPlace: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "The file itself is protected; switch" }),
    ),
    OutputFolder: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Where the protected copy goes" }),
    ),
    OwnerEmail: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Whoever owns it, if not who protects" }),
    ),
  }),
  facts: ["MIP-065", "MIP-064"],
  binding: { switches: ["InPlace"], pipeline: "File" },
  decide: (call: Call<MipWorld>, params): FileEffect => {
    const { TemplateID: template, OutputFolder: folder, OwnerEmail: owner } = params
    const chosen = evaluateChosen([template === undefined ? "" : "TemplateID"])
    if (chosen.outcome !== "allow") return Effect.succeed({ decision: chosen })
    const document = fileOf(call, params.File)
    if (document === undefined) return Effect.succeed({ decision: evaluateFileKnown(undefined) })
    const { name } = document
    const saveAs =
      folder === undefined
        ? params.InPlace === true
          ? undefined
          : copyName(call, name)
        : inFolder(folder, name)
    const wish = {
      file: params.File,
      ...(template === undefined ? {} : { template }),
      ...(owner === undefined ? {} : { owner }),
      ...(saveAs === undefined ? {} : { saveAs }),
    }
    return Effect.map(protect(call, wish), (ruling) => ({
      ...ruling,
      output:
        ruling.decision.outcome === "allow"
          ? [{ InputFile: name, EncryptedFile: saveAs ?? name }]
          : [],
    }))
  },
})
