import { type CryptoServices, evaluateSealing } from "@twin/crypto"
import { andThen, type Call, type Decision, decideByGates, operation } from "@twin/kernel"
import { callAfter, permissionParams } from "@twin/mip"
import { Effect, Schema } from "effect"
import { fileLine } from "../auditLines.ts"
import { type DriveItem, nameOf, normalPath, type StoredContent } from "../DriveItem.ts"
import { evaluateAccess } from "../decisions/evaluateAccess.ts"
import { evaluateManageSite } from "../decisions/evaluateManage.ts"
import { missing } from "../decisions/missing.ts"
import { nameIsFree } from "../decisions/nameIsFree.ts"
import { scanOfNewFile } from "../dlpScan.ts"
import type { Site } from "../Site.ts"
import { itemAt, itemById, linkOf, type SpoWorld, siteOf, webUrlOf } from "../State.ts"
import { newFolders } from "./createFolder.ts"
import { labelMismatch } from "./labelMismatch.ts"
import { withLibraryDefault } from "./library.ts"
import { prepareUpload, type UploadContent } from "./prepareUpload.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { wayParameters } from "./shareParameters.ts"
import { storeContent } from "./storeContent.ts"

interface UploadParams extends UploadContent {
  readonly site?: string
  readonly file: string
  readonly link?: string
}

/** Where the file goes: a site, or the folder behind a link. */
interface Place {
  readonly site: Site
  readonly path: string
  readonly decision: Decision
}

const placeOf = (call: Call<SpoWorld>, params: UploadParams): Place | undefined => {
  const { world } = call
  const given = normalPath(params.file)
  if (params.link !== undefined) {
    const link = linkOf(world, params.link)
    const folder = link === undefined ? undefined : itemById(world, link.itemId)
    const site = folder === undefined ? undefined : siteOf(world, folder.site)
    if (folder === undefined || site === undefined) return undefined
    const { decision } = evaluateAccess(call, {
      item: folder,
      action: "upload",
      token: params.link,
    })
    return { site, path: `${folder.path}/${given}`, decision }
  }
  const site = params.site === undefined ? undefined : siteOf(world, params.site)
  if (site === undefined) return undefined
  const path = given.includes("/") ? given : `Shared Documents/${given}`
  return { site, path, decision: evaluateManageSite(call, site, "edit") }
}

/** A file that did not exist before. */
export const newFile = (
  { world, actor, now }: Call<SpoWorld>,
  site: Site,
  o: { readonly id: string; readonly path: string; readonly content: StoredContent },
): DriveItem => {
  const by = actor.id.toLowerCase()
  return {
    ...o,
    site: site.url,
    kind: "file",
    createdBy: by,
    createdAt: now,
    modifiedBy: by,
    modifiedAt: now,
    scan: scanOfNewFile(world, site, o.content, now),
    grants: [],
    hasUniquePermissions: false,
  }
}

/** Puts a file into a site: really protected by its label, really sealed at rest. */
export const uploadFile: SpoOperation = operation({
  name: "upload-file",
  summary: "Uploads a file to a site, with a label if one is named.",
  params: Schema.Struct({
    site: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Address or name of the site" }),
    ),
    file: Schema.NonEmptyString.annotate({
      description: "Name or site-relative path; a bare name goes to Shared Documents",
    }),
    content: Schema.optionalKey(Schema.String.annotate({ description: "The content, as text" })),
    document: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "A document of the device to upload instead" }),
    ),
    label: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Name or id of a sensitivity label" }),
    ),
    ...permissionParams,
    justification: Schema.optionalKey(Schema.String),
    link: wayParameters.link,
  }),
  facts: ["SPO-145", "SPO-150", "SPO-191", "SPO-295", "SPO-016"],
  secrets: ["content"],
  decide: Effect.fnUntraced(function* (
    call: Call<SpoWorld>,
    params: UploadParams,
  ): Effect.fn.Return<SpoRuling, never, CryptoServices> {
    const { world, now, draw } = call
    const place = placeOf(call, params)
    if (place === undefined) {
      return { decision: missing(params.link === undefined ? "site" : "link") }
    }
    const { site, path } = place
    const isPathFree = itemAt(world, site.url, path) === undefined
    const admitted = andThen(
      andThen(place.decision, () => decideByGates([nameIsFree], { isPathFree })),
      () => evaluateSealing(world, { workload: "SharePoint", container: site.url }, { now }),
    )
    if (admitted.outcome !== "allow") return { decision: admitted }
    const ready = yield* prepareUpload(call, params, path)
    if (ready === undefined) return { decision: missing("item") }
    const { decision: labelling, events: before, ...incoming } = ready
    const decision = andThen(admitted, () => labelling)
    if (decision.outcome !== "allow") return { decision, events: before }
    const id = draw.guid(`file ${path}`)
    const stored = yield* storeContent(call, {
      ...incoming,
      site,
      itemId: id,
      name: nameOf({ path }),
      version: 1,
      before,
    })
    const uploaded = newFile(call, site, { id, path, content: stored.content })
    const defaulted = yield* withLibraryDefault(
      callAfter(call, [...before, ...stored.events]),
      site,
      uploaded,
    )
    const item = { ...uploaded, content: defaulted.content ?? stored.content }
    const mismatch = labelMismatch(call, site, item)
    return {
      decision,
      events: [
        ...before,
        ...stored.events,
        ...newFolders(call, site, path),
        { _tag: "ItemCreated", item: uploaded },
        ...defaulted.events,
      ],
      audit: [fileLine("FileUploaded", site, item), ...mismatch.audit],
      mail: mismatch.mail,
      output: [
        {
          id,
          file: id,
          webUrl: webUrlOf(item),
          size: stored.content.size,
          sha256: stored.content.sha256,
          label: item.content.labelId ?? null,
          content: item.content.contentId ?? null,
        },
      ],
    }
  }),
})
