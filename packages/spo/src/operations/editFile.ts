import { type CryptoEvent, type CryptoServices, evaluateSealing } from "@twin/crypto"
import { andThen, type Call, operation } from "@twin/kernel"
import { callAfter, type MipEvent, republishContent } from "@twin/mip"
import { Effect, Schema } from "effect"
import { fileLine } from "../auditLines.ts"
import { type DriveItem, nameOf } from "../DriveItem.ts"
import { scanOfChangedFile } from "../dlpScan.ts"
import type { SpoEvent } from "../SpoEvent.ts"
import type { SpoWorld } from "../State.ts"
import { visitorOf } from "../Visitor.ts"
import { evaluateCoauthoring, isHeldAlone } from "./editing.ts"
import { withLibraryDefault } from "./library.ts"
import { accessOf, openedRow, type VisitParams, visitParameters } from "./openFile.ts"
import { type ContentRead, readContent } from "./readContent.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { type Incoming, storeContent } from "./storeContent.ts"
import { guestOnDemand, traceOfVisit } from "./visit.ts"

interface EditParams extends VisitParams {
  readonly content?: string
}

type Saved = Pick<Incoming, "bytes" | "plaintext" | "contentId" | "labelId" | "labelMethod"> & {
  readonly events: readonly (MipEvent | CryptoEvent)[]
}

/** The new version, under the protection that the file has. */
const saved = Effect.fnUntraced(function* (
  call: Call<SpoWorld>,
  content: NonNullable<DriveItem["content"]>,
  plaintext: Uint8Array,
  read: Pick<ContentRead, "bytes" | "useLicence">,
): Effect.fn.Return<Saved, never, CryptoServices> {
  const label = {
    ...(content.labelId === undefined ? {} : { labelId: content.labelId }),
    ...(content.labelMethod === undefined ? {} : { labelMethod: content.labelMethod }),
  }
  const { contentId } = content
  const published =
    contentId === undefined
      ? undefined
      : yield* republishContent(call, {
          contentId,
          plaintext,
          ...(read.bytes === undefined
            ? {}
            : { opened: { bytes: read.bytes, useLicence: read.useLicence } }),
        })
  return published === undefined || contentId === undefined
    ? { bytes: plaintext, plaintext, ...label, events: [] }
    : { bytes: published.bytes, plaintext, contentId, ...label, events: published.events }
})

/** From now on others see that the file is open; on a device an encrypted one is held alone. */
const startedEditing = (call: Call<SpoWorld>, item: DriveItem): SpoEvent => ({
  _tag: "EditingStarted",
  editing: {
    itemId: item.id,
    by: call.actor.id.toLowerCase(),
    app: call.actor.client.app,
    isExclusive: isHeldAlone(call.world, call.actor, item),
  },
  at: call.now,
})

/** Edits a file; without a new text the person only starts editing. */
export const editFile: SpoOperation = operation({
  name: "edit-file",
  summary: "Opens a file for editing and saves a new text, if one is given.",
  params: Schema.Struct({
    ...visitParameters,
    content: Schema.optionalKey(Schema.String.annotate({ description: "The new content" })),
  }),
  facts: ["SPO-301", "SPO-025", "SPO-102", "SPO-196"],
  secrets: ["content", "password"],
  decide: Effect.fnUntraced(function* (
    call: Call<SpoWorld>,
    { content: text, ...params }: EditParams,
  ): Effect.fn.Return<SpoRuling, never, CryptoServices> {
    const { item, ...access } = accessOf(call, params, "edit")
    const { site } = access
    const { content } = item ?? {}
    if (item === undefined || site === undefined || content === undefined) {
      return { decision: access.decision }
    }
    const decision = andThen(access.decision, () => ({
      ...evaluateSealing(
        call.world,
        { workload: "SharePoint", container: site.url },
        { now: call.now },
      ),
      ...(access.decision.rights === undefined ? {} : { rights: access.decision.rights }),
    }))
    if (decision.outcome !== "allow") return { decision, ...guestOnDemand(call, access) }
    const coauthoring = andThen(decision, () => ({
      ...evaluateCoauthoring(call.world, call.actor, item),
      ...(decision.rights === undefined ? {} : { rights: decision.rights }),
    }))
    if (coauthoring.outcome !== "allow") return { decision: coauthoring }
    const read = yield* readContent(call, content, "edit", coauthoring)
    if (read.decision.outcome !== "allow" || text === undefined) {
      const isOpen =
        read.decision.outcome === "allow" && call.actor.client.app.startsWith("office-")
      return {
        decision: read.decision,
        events: [...read.events, ...(isOpen ? [startedEditing(call, item)] : [])],
      }
    }
    const next = yield* saved(call, content, new TextEncoder().encode(text), read)
    const { events: published, ...incoming } = next
    const stored = yield* storeContent(call, {
      ...incoming,
      site,
      itemId: item.id,
      name: nameOf(item),
      version: content.version + 1,
      canUploaderView: true,
      before: [],
    })
    const edited = { ...item, content: stored.content }
    const defaulted = yield* withLibraryDefault(
      callAfter(call, [...read.events, ...published, ...stored.events]),
      site,
      edited,
    )
    const trace = traceOfVisit(call, access, site, item)
    const by = visitorOf(call.world, call.actor).address || "anonymous"
    const { world, now } = call
    const scan = scanOfChangedFile(world, site, item.scan, stored.content, now)
    return {
      decision: read.decision,
      events: [
        ...trace.events,
        ...read.events,
        ...published,
        ...stored.events,
        {
          _tag: "FileContentReplaced",
          itemId: item.id,
          content: stored.content,
          by,
          scan,
          at: now,
        },
        // Who edited stays the last modifier, whatever the service does to the label.
        ...defaulted.events.map((it) =>
          it._tag === "FileContentReplaced" ? { ...it, by, at: now } : it,
        ),
      ],
      audit: [...trace.audit, fileLine("FileModified", site, item)],
      output: [
        openedRow(
          { ...item, content: defaulted.content ?? stored.content },
          read.decision.rights ?? [],
        ),
      ],
    }
  }),
})
