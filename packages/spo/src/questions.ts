import type { Question } from "@twin/kernel"
import type { DriveItem } from "./DriveItem.ts"
import type { FileAction } from "./decisions/AccessFacets.ts"
import { evaluateAccess } from "./decisions/evaluateAccess.ts"
import { evaluateShare } from "./decisions/evaluateShare.ts"
import { defaultSharingLink } from "./in-force/defaultSharingLink.ts"
import { itemOf, itemsOf, linksOfItem, type SpoWorld, siteOf, webUrlOf } from "./State.ts"

const files = (world: SpoWorld): readonly string[] =>
  itemsOf(world)
    .filter(({ kind }) => kind === "file")
    .map(webUrlOf)

/** Somebody without identity is asked about as holding the newest Anyone link of the file. */
const heldLink = (world: SpoWorld, item: DriveItem): string | undefined =>
  linksOfItem(world, item.id).findLast(({ scope }) => scope === "anonymous")?.token

const asking = (action: FileAction, summary: string): Question<SpoWorld> => ({
  action,
  summary,
  subjects: files,
  ask: (call, subject) => {
    const item = itemOf(call.world, subject)
    if (item === undefined) return undefined
    const token = call.actor.kind === "anonymous" ? heldLink(call.world, item) : undefined
    return evaluateAccess(call, { item, action, ...(token === undefined ? {} : { token }) })
      .decision
  },
})

/** What the access oracle can ask about files: the gates of the actions, without a trace. */
export const questions: readonly Question<SpoWorld>[] = [
  asking("open", "Open a file"),
  asking("edit", "Edit a file"),
  asking("download", "Download a file"),
  asking("print", "Print a file"),
  asking("copy", "Copy content out of a file"),
  {
    action: "share",
    summary: "Share a file by its default link",
    subjects: files,
    ask: (call, subject) => {
      const item = itemOf(call.world, subject)
      const site = item === undefined ? undefined : siteOf(call.world, item.site)
      if (item === undefined || site === undefined) return undefined
      const { scope, role } = defaultSharingLink(call.world, site, item)
      return evaluateShare(call, { site, item, scope, role, to: [] }).decision
    },
  },
]
