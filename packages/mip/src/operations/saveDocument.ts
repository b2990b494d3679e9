import type { CryptoServices } from "@twin/crypto"
import {
  andThen,
  type Call,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  type OutputObject,
  operation,
  pass,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import { classifyText } from "../classification/classifyText.ts"
import { clientLabel } from "../clientLabel.ts"
import { openContent } from "../content/openContent.ts"
import { republishContent } from "../content/republishContent.ts"
import { markedBytes } from "../contentMarks.ts"
import type { DomainEvent } from "../DomainEvent.ts"
import { evaluateProtect } from "../decisions/evaluateProtect.ts"
import type { Label } from "../Label.ts"
import type { LocalDocument } from "../LocalDocument.ts"
import { labelOf, pathOf } from "../labelOf.ts"
import type { MipEvent } from "../MipEvent.ts"
import { isLabelMandatory, labelForNewContent } from "../publishedLabels.ts"
import type { LabelMethod } from "../requests.ts"
import { localDocumentOf, type MipWorld } from "../State.ts"
import { worldAfter } from "../worldAfter.ts"
import {
  bytesOf,
  customOf,
  digestOf,
  type FileEffect,
  type FileRuling,
  file,
  fileOf,
  type Permissions,
  permissionParams,
  writeBytes,
} from "./file.ts"
import { protect } from "./protectDocument.ts"

interface SaveParams extends Pick<Permissions, "to" | "level"> {
  readonly file: string
  readonly content: string
  readonly label?: string
  readonly acceptRecommendation?: boolean
  readonly readOnly?: boolean
  readonly withoutMarks?: boolean
  readonly justification?: string
}

interface SaveFacets {
  readonly willBeLabelled: boolean
  readonly isMandatory: boolean
  readonly isReadOnly: boolean
}

const saveRule = gate<SaveFacets>()

const saveGates: GateRules<SaveFacets> = [
  saveRule({
    name: "mandatory-label",
    facts: ["MIP-133"],
    reads: ["willBeLabelled", "isMandatory", "isReadOnly"],
    check: ({ willBeLabelled, isMandatory, isReadOnly }) => {
      const details = { isMandatory, willBeLabelled }
      if (!isMandatory || willBeLabelled) {
        return pass("No label is missing where one has to be.", details)
      }
      return isReadOnly
        ? deny("Whoever declines the label can only read the file.", details, {
            message: "The file was opened read-only, because no label was selected.",
          })
        : deny("The policy demands a label before the file is saved.", details, {
            code: "LabelRequired",
            message: "Your organization requires a sensitivity label on this content. Select one.",
          })
    },
  }),
]

/** What Office does when somebody saves: default label, conditions of labels, mandatory label. */
export const saveDocument = operation({
  name: "save-document",
  summary: "Saves a text in Office: default and automatic labels come on, others are recommended.",
  params: Schema.Struct({
    file,
    content: Schema.String.annotate({ description: "The text as it is to be saved" }),
    label: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "A label chosen by hand in the same gesture" }),
    ),
    acceptRecommendation: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Takes the label that a policy tip recommends" }),
    ),
    readOnly: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Declines to choose a label that is mandatory" }),
    ),
    withoutMarks: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Deletes header, footer and watermark" }),
    ),
    to: permissionParams.to,
    level: permissionParams.level,
    justification: Schema.optionalKey(Schema.String),
  }),
  facts: ["MIP-132", "MIP-133", "MIP-143", "MIP-144", "MIP-145"],
  secrets: ["content"],
  decide: (call: Call<MipWorld>, params): FileEffect => save(call, params),
})

/** The label that comes on with the save, how, and what is recommended instead. */
interface Choice {
  readonly label?: Label
  readonly method: LabelMethod
  readonly recommended?: Label
  readonly policyTip: string
}

const choiceFor = Effect.fnUntraced(function* (
  call: Call<MipWorld>,
  params: SaveParams,
  before: LocalDocument | undefined,
): Effect.fn.Return<Choice> {
  const { world, now } = call
  const author = call.actor.id
  if (params.label !== undefined) {
    const label = labelOf(world, params.label)
    return { method: "manual", policyTip: "", ...(label === undefined ? {} : { label }) }
  }
  const present = before?.labelId === undefined ? undefined : labelOf(world, before.labelId)
  const classification = yield* classifyText(world, params.content)
  const match = clientLabel({
    world,
    author,
    now,
    form: "document",
    classification,
    ...(present === undefined ? {} : { present }),
  })
  const byDefault =
    present === undefined ? labelForNewContent(world, author, "document", now) : undefined
  // A label that came on by hand, or is more sensitive, stays: nothing is offered either.
  const isUsable =
    match !== undefined &&
    evaluateLabel(call, params, before, { label: match.label, method: "automatic" }).outcome ===
      "allow"
  const policyTip = isUsable ? (match.label.autoLabeling?.policyTip ?? "") : ""
  if (isUsable && match.mode === "automatic") {
    return { label: match.label, method: "automatic", policyTip }
  }
  if (isUsable && params.acceptRecommendation === true) {
    return { label: match.label, method: "manual", policyTip }
  }
  const choice: Choice = {
    method: "default",
    policyTip,
    ...(byDefault === undefined ? {} : { label: byDefault }),
    ...(isUsable ? { recommended: match.label } : {}),
  }
  return choice
})

/** Whether this label may come on this file, by this method. */
const evaluateLabel = (
  call: Call<MipWorld>,
  params: SaveParams,
  before: LocalDocument | undefined,
  { label, method }: Pick<Choice, "label" | "method">,
): Decision => {
  const custom = customOf(params)
  return evaluateProtect({
    world: call.world,
    address: call.actor.id,
    client: call.actor.client,
    now: call.now,
    form: "document",
    name: before?.name ?? params.file,
    ...(label === undefined ? { label: params.label ?? "" } : { label: label.id }),
    method,
    ...(custom === undefined ? {} : { custom }),
    ...(params.justification === undefined ? {} : { justification: params.justification }),
    existing: existingOf(before),
  })
}

const existingOf = (before: LocalDocument | undefined) => ({
  ...(before?.contentId === undefined ? {} : { contentId: before.contentId }),
  ...(before?.labelId === undefined ? {} : { labelId: before.labelId }),
  ...(before?.labelMethod === undefined ? {} : { labelMethod: before.labelMethod }),
})

interface Written {
  readonly decision: Decision
  readonly document?: LocalDocument
  readonly events: readonly DomainEvent[]
}

/** Writes the text under the protection that the file has; marks stay around it (MIP-142). */
const written = Effect.fnUntraced(function* (
  call: Call<MipWorld>,
  params: SaveParams,
  before: LocalDocument | undefined,
  admitted: Decision,
): Effect.fn.Return<Written, never, CryptoServices> {
  const marks = params.withoutMarks === true ? {} : (before?.marks ?? {})
  const text = markedBytes(new TextEncoder().encode(params.content), { marks })
  const digest = digestOf(text)
  if (before === undefined) {
    const id = call.draw.guid("document")
    const document: LocalDocument = {
      id,
      name: params.file,
      savedBy: call.actor.id,
      savedAt: call.now,
      blobId: `document/${id}`,
      plaintextDigest: digest,
    }
    yield* writeBytes({ document, bytes: text })
    return { decision: admitted, document, events: [{ _tag: "LocalDocumentSaved", document }] }
  }
  const document: LocalDocument = { ...before, marks, plaintextDigest: digest }
  const changed: MipEvent = { _tag: "LocalDocumentChanged", document, at: call.now }
  if (before.contentId === undefined) {
    yield* writeBytes({ document, bytes: text })
    return { decision: admitted, document, events: [changed] }
  }
  const { contentId } = before
  const bytes = (yield* bytesOf(before)) ?? new Uint8Array()
  const opened = yield* openContent(call, { bytes, contentId, requested: "save" })
  const decision = andThen(admitted, () => opened.decision)
  if (opened.plaintext === undefined) return { decision, events: opened.events }
  const { useLicence } = opened
  const edit = { contentId, plaintext: text, opened: { bytes, useLicence } }
  const again = yield* republishContent(call, edit)
  if (again === undefined) return { decision, events: opened.events }
  yield* writeBytes({ document, bytes: again.bytes })
  return { decision, document, events: [...opened.events, ...again.events, changed] }
})

const row = (call: Call<MipWorld>, document: LocalDocument, choice: Choice): OutputObject => {
  const { recommended, policyTip } = choice
  const label = document.labelId === undefined ? undefined : labelOf(call.world, document.labelId)
  return {
    id: document.id,
    file: document.name,
    content: document.contentId ?? null,
    label: label === undefined ? null : pathOf(call.world, label),
    method: document.labelMethod ?? null,
    recommended: recommended === undefined ? null : pathOf(call.world, recommended),
    policyTip: policyTip === "" ? null : policyTip,
  }
}

const save = Effect.fnUntraced(function* (
  call: Call<MipWorld>,
  params: SaveParams,
): Effect.fn.Return<FileRuling, never, CryptoServices> {
  const before = fileOf(call, params.file)
  const choice = yield* choiceFor(call, params, before)
  const admitted = decideByGates(saveGates, {
    willBeLabelled: choice.label !== undefined || before?.labelId !== undefined,
    isMandatory: isLabelMandatory(call.world, call.actor.id, "document", call.now),
    isReadOnly: params.readOnly === true,
  })
  if (admitted.outcome !== "allow") return { decision: admitted }
  // A label that is refused refuses the save: nothing is half done (MIP-126).
  const applied =
    choice.label === undefined && params.label === undefined
      ? undefined
      : evaluateLabel(call, params, before, choice)
  if (applied !== undefined && applied.outcome !== "allow") {
    return { decision: andThen(admitted, () => applied) }
  }
  const saved = yield* written(call, params, before, admitted)
  const { document, events } = saved
  if (document === undefined) return { decision: saved.decision, events }
  if (choice.label === undefined) {
    return { decision: saved.decision, events, output: [row(call, document, choice)] }
  }
  const world = worldAfter(call.world, events)
  const labelled = yield* protect(
    { ...call, world },
    {
      file: params.file,
      label: choice.label.id,
      method: choice.method,
      ...(params.to === undefined ? {} : { to: params.to }),
      ...(params.level === undefined ? {} : { level: params.level }),
      ...(params.justification === undefined ? {} : { justification: params.justification }),
    },
  )
  const decision = andThen(saved.decision, () => labelled.decision)
  const all = [...events, ...(labelled.events ?? [])]
  const after = localDocumentOf(worldAfter(call.world, all), document.id) ?? document
  return {
    decision,
    events: all,
    output: [row(call, after, choice)],
    ...(labelled.audit === undefined ? {} : { audit: labelled.audit }),
  }
})
