import { userOf } from "@twin/identity"
import { type AuditEntry, type Call, type Dated, inForce, operation } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import { protectContent } from "../content/protectContent.ts"
import {
  insertsMarks,
  markedBytes,
  marksFor,
  programOf,
  resolvesVariables,
} from "../contentMarks.ts"
import { canonicalAddress } from "../identityClass.ts"
import type { LocalDocument } from "../LocalDocument.ts"
import { chosenLabel, labelOf, pathOf } from "../labelOf.ts"
import { policySettingOf } from "../publishedLabels.ts"
import type { LabelMethod } from "../requests.ts"
import type { MipWorld } from "../State.ts"
import type { LevelProfile } from "../UsageRight.ts"
import {
  bytesOf,
  customOf,
  digestOf,
  evaluateFileKnown,
  type FileEffect,
  file,
  fileOf,
  justification,
  labelParam,
  type Permissions,
  permissionParams,
  writeBytes,
} from "./file.ts"
import { labelAudit, protectionAudit } from "./labelAudit.ts"

/** Bytes that the twin makes up for a new file: nobody needs to type any, and none are journalled. */
const newFileBytes = 256

export const protectDocument = operation({
  name: "protect-document",
  summary: "Labels and protects a file on a device; a file that is not there yet is made up.",
  params: Schema.Struct({
    file,
    content: Schema.optionalKey(
      Schema.String.annotate({ description: "Text of a new file; made-up bytes unless given" }),
    ),
    label: labelParam,
    template: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Protection template by name or id" }),
    ),
    owner: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Whoever owns it, if not who protects" }),
    ),
    ...permissionParams,
    software: Schema.optionalKey(
      Schema.Literals(["office-2016"]).annotate({ description: "Office of an older edition" }),
    ),
    justification,
    offline: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Without a connection to the service" }),
    ),
  }),
  facts: ["MIP-026", "MIP-285", "MIP-220"],
  secrets: ["content"],
  decide: (call: Call<MipWorld>, params): FileEffect => protect(call, params),
})

export const relabelDocument = operation({
  name: "relabel-document",
  summary: "Puts another label on a file; exactly one protection is left, or none.",
  params: Schema.Struct({
    file,
    label: Schema.NonEmptyString.annotate({ description: "Label by name or GUID" }),
    ...permissionParams,
    justification,
  }),
  facts: ["MIP-116", "MIP-122", "MIP-126", "MIP-127"],
  decide: (call: Call<MipWorld>, params): FileEffect => {
    const known = evaluateFileKnown(fileOf(call, params.file))
    return known.outcome === "allow" ? protect(call, params) : Effect.succeed({ decision: known })
  },
})

export const removeProtection = operation({
  name: "remove-protection",
  summary: "Takes label and encryption off a file.",
  params: Schema.Struct({ file, justification }),
  facts: ["MIP-076", "MIP-122", "MIP-133"],
  decide: (call: Call<MipWorld>, params): FileEffect => {
    const known = evaluateFileKnown(fileOf(call, params.file))
    return known.outcome === "allow"
      ? protect(call, { ...params, isRemoval: true })
      : Effect.succeed({ decision: known })
  },
})

/** What is to become of a file. */
export interface Wish extends Permissions {
  readonly file: string
  readonly content?: string
  readonly label?: string
  readonly template?: string
  readonly owner?: string
  readonly justification?: string
  readonly isRemoval?: boolean
  /** Without a connection to the service (MIP-112). */
  readonly offline?: boolean
  /** By hand unless given. */
  readonly method?: LabelMethod
  readonly software?: "office-2016"
  /** The file stays as it is; the result is a new file of this name. */
  readonly saveAs?: string
}

/** The file as it is, or a new one with made-up bytes. */
const present = Effect.fnUntraced(function* (
  call: Call<MipWorld>,
  { file: name, content, saveAs }: Pick<Wish, "file" | "content" | "saveAs">,
) {
  const known = fileOf(call, name)
  const bytes = known === undefined ? undefined : yield* bytesOf(known)
  if (known !== undefined && bytes !== undefined) {
    if (saveAs === undefined) return { document: known, bytes, isNew: false }
    const copyId = call.draw.guid(`copy ${saveAs}`)
    const copy = { ...known, id: copyId, name: saveAs, blobId: `document/${copyId}` }
    return {
      document: { ...copy, savedBy: call.actor.id, savedAt: call.now },
      bytes,
      isNew: true,
    }
  }
  const random = yield* SecureRandom.SecureRandom
  const fresh =
    content === undefined
      ? yield* random.randomBytes(newFileBytes)
      : new TextEncoder().encode(content)
  const id = call.draw.guid("document")
  const document: LocalDocument = {
    id,
    name,
    savedBy: call.actor.id,
    savedAt: call.now,
    blobId: `document/${id}`,
    plaintextDigest: digestOf(fresh),
  }
  return { document, bytes: fresh, isNew: true }
})

/** The dialog of Office on computers, in its versions from August 2024 on (MIP-058). */
const officeDialog: Dated<LevelProfile> = {
  before: "portal",
  changes: [{ from: "2024-08-01", value: "office-dialog" }],
}

const levelProfileOf = ({ actor, now }: Call<MipWorld>): LevelProfile =>
  actor.client.app === "office-desktop" ? inForce(officeDialog, now) : "portal"

/** Labels, protects or frees a file, and writes it back under its id. */
export const protect = Effect.fnUntraced(function* (call: Call<MipWorld>, wish: Wish) {
  const { document: before, bytes, isNew } = yield* present(call, wish)
  const custom = customOf(wish, levelProfileOf(call))
  const { contentId, labelId, labelMethod } = before
  const marking = markingOf(call, wish, before)
  const result = yield* protectContent(call, {
    content: bytes,
    form: "document",
    name: before.name,
    ...(wish.label === undefined ? {} : { label: wish.label }),
    ...(wish.template === undefined ? {} : { template: wish.template }),
    ...(wish.owner === undefined ? {} : { owner: wish.owner }),
    ...(wish.justification === undefined ? {} : { justification: wish.justification }),
    ...(wish.isRemoval === undefined ? {} : { isRemoval: wish.isRemoval }),
    ...(wish.method === undefined ? {} : { method: wish.method }),
    ...(wish.offline === undefined ? {} : { isOffline: wish.offline }),
    ...(marking === undefined ? {} : { mark: marking.mark }),
    ...(custom === undefined ? {} : { custom }),
    ...(wish.software === undefined ? {} : { software: wish.software }),
    existing: {
      ...(contentId === undefined ? {} : { contentId }),
      ...(labelId === undefined ? {} : { labelId }),
      ...(labelMethod === undefined ? {} : { labelMethod }),
    },
  })
  const { decision, effect } = result
  if (decision.outcome !== "allow" || result.bytes === undefined) {
    return { decision, events: result.events }
  }
  const { contentId: _id, labelId: _label, labelMethod: _method, marks: _marks, ...kept } = before
  const marks = effect === "keep" ? before.marks : (marking?.marks ?? before.marks)
  const document: LocalDocument = {
    ...kept,
    ...(marks === undefined || Object.keys(marks).length === 0 ? {} : { marks }),
    ...(before.plaintextDigest === undefined || marking === undefined || effect === "keep"
      ? {}
      : { plaintextDigest: marking.digest() }),
    ...(result.labelId === before.labelId
      ? {}
      : { labelledAt: call.now, labelStore: storeOf(call.world, before.name) }),
    ...(result.contentId === undefined ? {} : { contentId: result.contentId }),
    ...labelAfter(before, result, wish.isRemoval === true),
    ...(result.contentId === undefined || !call.actor.client.app.startsWith("office-")
      ? {}
      : { sessionOf: canonicalAddress(call.world, call.actor.id) }),
  }
  yield* writeBytes({ document, bytes: result.bytes })
  const label = document.labelId === undefined ? undefined : labelOf(call.world, document.labelId)
  return {
    decision,
    events: [
      ...result.events,
      isNew
        ? { _tag: "LocalDocumentSaved" as const, document }
        : { _tag: "LocalDocumentChanged" as const, document, at: call.now },
    ],
    output: [
      {
        id: document.id,
        file: document.name,
        content: document.contentId ?? null,
        label: label === undefined ? null : pathOf(call.world, label),
        encryption: effect,
      },
    ],
    audit: auditOf(call, before, document, wish.justification),
  }
})

/** What the program does to the text when a label comes on or goes; others do nothing (MIP-141). */
const markingOf = (call: Call<MipWorld>, wish: Wish, before: LocalDocument) => {
  const app = programOf(before.name)
  if (app === undefined || !insertsMarks(call.actor.client)) return undefined
  const label = wish.label === undefined ? undefined : chosenLabel(call.world, wish.label)
  // Permissions alone change no label, and therefore no mark.
  if (label === undefined && wish.isRemoval !== true) return undefined
  const user = userOf(call.world, call.actor.id)
  const marks =
    label === undefined || wish.isRemoval === true
      ? {}
      : marksFor(label, {
          label: label.displayName,
          name: before.name.slice(0, before.name.lastIndexOf(".")),
          location: before.name,
          userName: user?.displayName ?? call.actor.id,
          principalName: user?.userPrincipalName ?? call.actor.id,
          now: call.now,
          app,
          isVariableSupported: resolvesVariables(call.actor.client, call.now),
        })
  let digest = before.plaintextDigest ?? ""
  return {
    marks,
    mark: (plaintext: Uint8Array): Uint8Array => {
      const marked = markedBytes(plaintext, {
        marks,
        ...(before.marks === undefined ? {} : { earlier: before.marks }),
      })
      digest = digestOf(marked)
      return marked
    },
    /** Of what was marked last. */
    digest: () => digest,
  }
}

/** Where a label is written: co-authoring moves it to a part of its own (MIP-212). */
const storeOf = (world: MipWorld, name: string): NonNullable<LocalDocument["labelStore"]> =>
  world.mip.labeling.isLabelCoauthOn && programOf(name) !== undefined
    ? "docMetadata/LabelInfo.xml"
    : "docProps/custom.xml"

/** Permissions alone leave the label; a removal takes it. */
const labelAfter = (
  before: LocalDocument,
  result: Pick<LocalDocument, "labelId" | "labelMethod">,
  isRemoval: boolean,
): Pick<LocalDocument, "labelId" | "labelMethod"> => {
  const from = isRemoval || result.labelId !== undefined ? result : before
  return {
    ...(from.labelId === undefined ? {} : { labelId: from.labelId }),
    ...(from.labelMethod === undefined ? {} : { labelMethod: from.labelMethod }),
  }
}

const auditOf = (
  { world, actor, now }: Call<MipWorld>,
  before: LocalDocument,
  after: LocalDocument,
  reason: string | undefined,
): readonly AuditEntry[] =>
  // A policy can keep programs from reporting what they label (MIP-137).
  policySettingOf(world, actor.id, "enableAudit", now)?.toLowerCase() === "false"
    ? []
    : [
        ...labelAudit(world, { before, after, justification: reason }),
        ...protectionAudit({ before, after }),
      ]
