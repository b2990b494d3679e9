import type { CryptoServices } from "@twin/crypto"
import { organizationOf } from "@twin/identity"
import {
  type AuditEntry,
  andThen,
  type Call,
  type Decision,
  type Draw,
  decideByGates,
  decidingGate,
  deny,
  gate,
  isoOf,
  type OutputObject,
  operation,
  pass,
  refusalOf,
} from "@twin/kernel"
import { callAfter } from "@twin/mip"
import { Effect, Schema } from "effect"
import { fileLine } from "../auditLines.ts"
import { normalPath } from "../DriveItem.ts"
import { evaluateSync, isOwnAddress } from "../decisions/evaluateSync.ts"
import { missing } from "../decisions/missing.ts"
import { type SpoWorld, siteOf, syncRelationsOf } from "../State.ts"
import { type SyncedFile, SyncPlatform, type SyncRelation } from "../SyncRelation.ts"
import { visitorOf } from "../Visitor.ts"
import { copyToDevice } from "./downloadFile.ts"
import type { EmittedEvent, SpoOperation, SpoRuling } from "./SpoOperation.ts"

const place = {
  site: Schema.NonEmptyString.annotate({ description: "Address or name of the site" }),
  folder: Schema.optionalKey(
    Schema.NonEmptyString.annotate({
      description: "Site-relative path of the library or folder; Shared Documents unless given",
    }),
  ),
}

const pathOf = (folder: string | undefined): string => {
  const path = normalPath(folder ?? "Shared Documents")
  return path === "Shared Documents" || path.includes("/") ? path : `Shared Documents/${path}`
}

/** Draws of one file among several of the same call. */
const drawFor = (draw: Draw, about: string): Draw => ({
  guid: (purpose) => draw.guid(`${about} ${purpose}`),
  digits: (purpose, count) => draw.digits(`${about} ${purpose}`, count),
  token: (purpose, count) => draw.token(`${about} ${purpose}`, count),
})

interface Run {
  readonly decision: Decision
  readonly files: readonly SyncedFile[]
  readonly events: readonly EmittedEvent[]
  readonly audit: readonly AuditEntry[]
  readonly output: readonly OutputObject[]
}

/** One run: what is new or changed comes to the device, what may not leave is shown as an error. */
const runOf = Effect.fnUntraced(function* (
  call: Call<SpoWorld>,
  relation: SyncRelation,
  phase: "set-up" | "run",
): Effect.fn.Return<Run, never, CryptoServices> {
  const site = siteOf(call.world, relation.site)
  if (site === undefined) {
    return { decision: missing("site"), files: [], events: [], audit: [], output: [] }
  }
  const { decision, files } = evaluateSync(call, { ...relation, site, phase })
  const kept: SyncedFile[] = []
  const events: EmittedEvent[] = []
  const audit: AuditEntry[] = []
  const output: OutputObject[] = []
  for (const { item, access } of files) {
    const { content } = item
    if (content === undefined) continue
    const known = relation.files.find(({ itemId }) => itemId === item.id)
    if (access.decision.outcome !== "allow") {
      const { reason } = decidingGate(access.decision)
      output.push({ file: item.path, status: "error", reason })
      if (known !== undefined) kept.push(known)
      continue
    }
    if (known?.objectId === content.objectId) {
      kept.push(known)
      output.push({ file: item.path, status: "unchanged", document: known.documentId })
      continue
    }
    const one = { ...callAfter(call, events), draw: drawFor(call.draw, item.id) }
    const copy = yield* copyToDevice(one, site, item, content)
    if (copy.document === undefined) {
      output.push({
        file: item.path,
        status: "error",
        reason: decidingGate(copy.decision).reason,
      })
      continue
    }
    kept.push({ itemId: item.id, objectId: content.objectId, documentId: copy.document.id })
    events.push(...copy.events)
    audit.push(fileLine("FileSyncDownloadedFull", site, item))
    output.push({ file: item.path, status: "synced", document: copy.document.id })
  }
  return { decision, files: kept, events, audit, output }
})

const afterRun = (call: Call<SpoWorld>, relation: SyncRelation, run: Run): SpoRuling =>
  run.decision.outcome === "allow"
    ? {
        decision: run.decision,
        events: [
          ...run.events,
          {
            _tag: "SyncRunCompleted",
            relationId: relation.id,
            files: run.files,
            at: call.now,
          },
        ],
        audit: run.audit,
        output: run.output,
      }
    : {
        decision: run.decision,
        events: [
          {
            _tag: "SyncRunFailed",
            relationId: relation.id,
            error: refusalOf(run.decision)?.message ?? "",
            at: call.now,
          },
        ],
      }

const ownForm = gate<{ readonly isOwn: boolean }>()({
  name: "sync-sign-in",
  facts: ["IDN-094"],
  reads: ["isOwn"],
  check: ({ isOwn }) =>
    isOwn
      ? pass("The address belongs to the account of the person.")
      : deny(
          "The address belongs to no account of the person.",
          {},
          {
            message: "That username may be incorrect. Make sure you typed it correctly.",
          },
        ),
})

export const syncLibrary: SpoOperation = operation({
  name: "sync-library",
  summary:
    "Clicks Sync on a library or folder: the OneDrive client brings its files to the device.",
  params: Schema.Struct({
    ...place,
    platform: Schema.optionalKey(
      SyncPlatform.annotate({ description: "What the client runs on; windows unless given" }),
    ),
    account: Schema.optionalKey(
      Schema.NonEmptyString.annotate({
        description: "The address typed into the client; the person's own unless given",
      }),
    ),
  }),
  facts: ["IDN-089", "IDN-090", "IDN-094", "SPO-212", "SPO-215"],
  decide: Effect.fnUntraced(function* (
    call: Call<SpoWorld>,
    params,
  ): Effect.fn.Return<SpoRuling, never, CryptoServices> {
    const { world, actor, now, draw } = call
    const site = siteOf(world, params.site)
    if (site === undefined) return { decision: missing("site") }
    const { address } = visitorOf(world, actor)
    const path = pathOf(params.folder)
    const known = syncRelationsOf(world, address).find(
      (it) => it.site === site.url && it.path === path,
    )
    if (known !== undefined) return afterRun(call, known, yield* runOf(call, known, "run"))
    const account = params.account ?? (address === "" ? actor.id : address)
    const typed = decideByGates([ownForm], { isOwn: isOwnAddress(world, actor.id, account) })
    if (typed.outcome !== "allow") return { decision: typed }
    const relation: SyncRelation = {
      id: draw.guid(`sync ${path}`),
      address: address === "" ? actor.id.toLowerCase() : address,
      account,
      platform: params.platform ?? "windows",
      site: site.url,
      path,
      startedAt: now,
      files: [],
      lastRunAt: now,
    }
    const run = yield* runOf(call, relation, "set-up")
    const decision = andThen(typed, () => run.decision)
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [
        ...run.events,
        { _tag: "SyncEstablished", relation: { ...relation, files: run.files } },
      ],
      audit: run.audit,
      output: [
        { id: relation.id, localFolder: localFolder(world), status: "syncing" },
        ...run.output,
      ],
    }
  }),
})

/** The folder on the device carries the name of the organization whose content it is. */
const localFolder = (world: SpoWorld): string =>
  `SharePoint - ${organizationOf(world)?.displayName ?? ""}`

interface RelationFacets {
  readonly isKnown: boolean
}

const relationKnown = gate<RelationFacets>()({
  name: "sync-relation",
  facts: ["IDN-090"],
  reads: ["isKnown"],
  check: ({ isKnown }) =>
    isKnown
      ? pass("The client synchronizes this place.")
      : deny(
          "The client does not synchronize this place.",
          {},
          {
            message: "This library isn't syncing on this device.",
          },
        ),
})

const relationOf = (
  { world, actor }: Call<SpoWorld>,
  params: { readonly site: string; readonly folder?: string },
): SyncRelation | undefined => {
  const site = siteOf(world, params.site)
  return syncRelationsOf(world, visitorOf(world, actor).address || actor.id).find(
    (it) => it.site === site?.url && it.path === pathOf(params.folder),
  )
}

export const runSync: SpoOperation = operation({
  name: "run-sync",
  summary: "The OneDrive client looks for changes in what it synchronizes.",
  params: Schema.Struct(place),
  facts: ["IDN-090"],
  decide: Effect.fnUntraced(function* (
    call: Call<SpoWorld>,
    params,
  ): Effect.fn.Return<SpoRuling, never, CryptoServices> {
    const relation = relationOf(call, params)
    const decision = decideByGates([relationKnown], { isKnown: relation !== undefined })
    if (relation === undefined) return { decision }
    const ruling = afterRun(call, relation, yield* runOf(call, relation, "run"))
    return { ...ruling, decision: andThen(decision, () => ruling.decision) }
  }),
})

export const stopSync: SpoOperation = operation({
  name: "stop-sync",
  summary: "Stops synchronizing a library or folder; what is on the device stays there.",
  params: Schema.Struct(place),
  facts: ["IDN-090"],
  decide: (call: Call<SpoWorld>, params): SpoRuling => {
    const relation = relationOf(call, params)
    const decision = decideByGates([relationKnown], { isKnown: relation !== undefined })
    return relation === undefined
      ? { decision }
      : { decision, events: [{ _tag: "SyncStopped", relationId: relation.id, at: call.now }] }
  },
})

const ownActivity = gate<object>()({
  name: "sync-activity",
  facts: ["IDN-090"],
  reads: [],
  check: () => pass("The client shows what it does to the person at the device."),
})

export const showSync: SpoOperation = operation({
  name: "show-sync",
  summary:
    "Opens the activity center of the OneDrive client: what is synchronized, and what went wrong.",
  params: Schema.Struct({}),
  facts: ["IDN-090"],
  isReadOnly: true,
  decide: (call: Call<SpoWorld>): SpoRuling => ({
    decision: decideByGates([ownActivity], {}),
    output: syncRelationsOf(
      call.world,
      visitorOf(call.world, call.actor).address || call.actor.id,
    ).map((it) => ({
      id: it.id,
      site: it.site,
      path: it.path,
      localFolder: localFolder(call.world),
      status: it.error === undefined ? "synced" : "error",
      error: it.error ?? null,
      files: it.files.length,
      lastRun: isoOf(it.lastRunAt),
    })),
  }),
})
