import { andThen, type Call, decideByGates, operation } from "@twin/kernel"
import { Schema } from "effect"
import { fileLine } from "../auditLines.ts"
import { type DriveItem, normalPath, parentsOf } from "../DriveItem.ts"
import { evaluateManageSite } from "../decisions/evaluateManage.ts"
import { missing } from "../decisions/missing.ts"
import { nameIsFree } from "../decisions/nameIsFree.ts"
import type { Site } from "../Site.ts"
import type { SpoEvent } from "../SpoEvent.ts"
import { itemAt, type SpoWorld, siteOf, webUrlOf } from "../State.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"

/** Folders on the way that do not exist yet; the first part of a path is the library itself. */
export const newFolders = (
  { world, actor, now, draw }: Call<SpoWorld>,
  site: Site,
  path: string,
): readonly SpoEvent[] =>
  parentsOf(path)
    .filter((it) => it.includes("/") && itemAt(world, site.url, it) === undefined)
    .toReversed()
    .map((it) => ({
      _tag: "ItemCreated" as const,
      item: folderItem(site, it, actor.id, now, draw),
    }))

const folderItem = (
  site: Site,
  path: string,
  by: string,
  now: number,
  draw: Call<SpoWorld>["draw"],
): DriveItem => ({
  id: draw.guid(`folder ${path}`),
  site: site.url,
  path,
  kind: "folder",
  createdBy: by,
  createdAt: now,
  modifiedBy: by,
  modifiedAt: now,
  grants: [],
  hasUniquePermissions: false,
})

/** An empty folder. */
export const createFolder: SpoOperation = operation({
  name: "create-folder",
  summary: "Creates a folder in a library of a site.",
  params: Schema.Struct({
    site: Schema.NonEmptyString.annotate({ description: "Address or name of the site" }),
    folder: Schema.NonEmptyString.annotate({ description: "Name or site-relative path" }),
  }),
  facts: ["SPO-229"],
  decide: (call: Call<SpoWorld>, { site: name, folder }): SpoRuling => {
    const site = siteOf(call.world, name)
    if (site === undefined) return { decision: missing("site") }
    const given = normalPath(folder)
    const path = given.includes("/") ? given : `Shared Documents/${given}`
    const decision = andThen(evaluateManageSite(call, site, "edit"), () =>
      decideByGates([nameIsFree], { isPathFree: itemAt(call.world, site.url, path) === undefined }),
    )
    if (decision.outcome !== "allow") return { decision }
    const item = folderItem(site, path, call.actor.id.toLowerCase(), call.now, call.draw)
    return {
      decision,
      events: [...newFolders(call, site, path), { _tag: "ItemCreated", item }],
      audit: [fileLine("FolderCreated", site, item)],
      output: [{ id: item.id, file: item.id, webUrl: webUrlOf(item) }],
    }
  },
})
