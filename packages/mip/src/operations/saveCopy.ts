import { andThen, type Call, decideByGates, deny, gate, operation, pass } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { formatOf } from "../ContentFormat.ts"
import { openContent } from "../content/openContent.ts"
import { republishContent } from "../content/republishContent.ts"
import type { LocalDocument } from "../LocalDocument.ts"
import type { MipWorld } from "../State.ts"
import {
  bytesOf,
  digestOf,
  evaluateFileKnown,
  type FileEffect,
  file,
  fileOf,
  writeBytes,
} from "./file.ts"

const Params = Schema.Struct({
  file,
  as: Schema.NonEmptyString.annotate({ description: "Name of the copy" }),
  unprotected: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Without the protection" }),
  ),
})

/**
 * Saving elsewhere and saving without protection take different rights (MIP-052). A copy that stays
 * protected keeps id, owner and permissions (MIP-030).
 */
export const saveCopy = operation({
  name: "save-copy",
  summary: "Saves a file that somebody has opened under another name, protected or not.",
  params: Params,
  facts: ["MIP-030", "MIP-052"],
  decide: (call: Call<MipWorld>, params): FileEffect => save(call, params),
})

interface FormatFacets {
  readonly format: string
  readonly isProtected: boolean
}

/** A copy stays protected, so its format has to carry the protection (MIP-052, MIP-165). */
const keepsProtection = gate<FormatFacets>()({
  name: "format-keeps-protection",
  facts: ["MIP-052", "MIP-165"],
  reads: ["format", "isProtected"],
  check: ({ format, isProtected }) =>
    !isProtected || format === "office" || format === "office-97" || format === "pdf"
      ? pass("The copy has no protection, or a format that carries it.", { format })
      : deny(
          "The copy would lose the protection in this format.",
          { format },
          {
            code: "NotSupportedError",
            message: "Choose a file type that supports protection.",
          },
        ),
})

const save = Effect.fnUntraced(function* (call: Call<MipWorld>, params: typeof Params.Type) {
  const document = fileOf(call, params.file)
  const bytes = document === undefined ? undefined : yield* bytesOf(document)
  const known = evaluateFileKnown(bytes === undefined ? undefined : document)
  if (document === undefined || bytes === undefined) return { decision: known }
  const { contentId } = document
  const isUnprotected = contentId === undefined || params.unprotected === true
  const opened =
    contentId === undefined
      ? { decision: known, plaintext: bytes, useLicence: undefined, events: [] }
      : yield* openContent(call, {
          bytes,
          contentId,
          requested: isUnprotected ? "export" : "save-as",
        })
  const format = decideByGates([keepsProtection], {
    format: formatOf(params.as),
    isProtected: !isUnprotected,
  })
  const decision = andThen(
    andThen(known, () => opened.decision),
    () => format,
  )
  const { plaintext } = opened
  if (decision.outcome !== "allow" || plaintext === undefined) {
    return { decision, events: opened.events }
  }
  const sealed = isUnprotected
    ? { bytes: plaintext, events: [] }
    : yield* republishContent(call, {
        contentId,
        plaintext,
        opened: { bytes, useLicence: opened.useLicence },
      })
  const saved = copyOf(call, document, { name: params.as, isUnprotected })
  yield* writeBytes({ document: saved, bytes: sealed?.bytes ?? bytes })
  return {
    decision,
    events: [
      ...opened.events,
      ...(sealed?.events ?? []),
      { _tag: "LocalDocumentSaved" as const, document: saved },
    ],
    output: [
      {
        id: saved.id,
        file: saved.name,
        content: saved.contentId ?? null,
        isProtected: saved.contentId !== undefined,
        sha256: digestOf(plaintext),
      },
    ],
  }
})

const copyOf = (
  call: Call<MipWorld>,
  document: LocalDocument,
  { name, isUnprotected }: { readonly name: string; readonly isUnprotected: boolean },
): LocalDocument => {
  const { contentId, plaintextDigest: _digest, ...rest } = document
  const id = call.draw.guid(`copy ${name}`)
  return {
    ...rest,
    id,
    blobId: `document/${id}`,
    name,
    savedBy: call.actor.id,
    savedAt: call.now,
    ...(isUnprotected || contentId === undefined ? {} : { contentId }),
  }
}
