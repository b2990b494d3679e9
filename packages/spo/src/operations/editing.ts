import { type Actor, type Call, decideByGates, deny, gate, operation, pass } from "@twin/kernel"
import { protectionOf } from "@twin/mip"
import { Schema } from "effect"
import type { DriveItem } from "../DriveItem.ts"
import { missing } from "../decisions/missing.ts"
import { itemOf, labelledFilesOf, type SpoWorld } from "../State.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { itemParameters } from "./shareParameters.ts"

interface CoauthorFacets {
  readonly app: "device" | "web"
  readonly isEncrypted: boolean
  readonly isCoauthOn: boolean
  /** What keeps an encrypted file from being edited by several; `none` where nothing does. */
  readonly obstacle: "none" | "expires" | "second-key"
  readonly isOpenElsewhere: boolean
}

const coauthoring = gate<CoauthorFacets>()({
  name: "co-authoring",
  facts: ["MIP-212"],
  reads: ["app", "isEncrypted", "isCoauthOn", "obstacle", "isOpenElsewhere"],
  check: ({ app, isEncrypted, isCoauthOn, obstacle, isOpenElsewhere }) => {
    const details = { app, EnableLabelCoauth: isCoauthOn, obstacle }
    if (!isOpenElsewhere) return pass("Nobody else has the file open to change it.", details)
    if (!isEncrypted) return pass("Several people can change the file at once.", details)
    if (app === "web")
      return pass("Several people change the file in the browser at once.", details)
    return isCoauthOn && obstacle === "none"
      ? pass("The organization lets several people change encrypted files at once.", details)
      : deny("Somebody else has the encrypted file open, alone.", details, {
          code: "FileInUse",
          message: "File In Use. The file is locked for editing by another user.",
        })
  },
})

const facetsOf = (world: SpoWorld, actor: Actor, item: DriveItem): CoauthorFacets => {
  const contentId = item.content?.contentId
  const protection = contentId === undefined ? undefined : protectionOf(world, contentId)
  const others = labelledFilesOf(world).editing.filter(
    ({ itemId, by }) => itemId === item.id && by !== actor.id.toLowerCase(),
  )
  const isDevice = actor.client.app.startsWith("office-") && actor.client.app !== "office-web"
  return {
    app: isDevice ? "device" : "web",
    isEncrypted: contentId !== undefined,
    isCoauthOn: world.mip.labeling.isLabelCoauthOn,
    obstacle:
      protection?.doubleKeyUrl !== undefined
        ? "second-key"
        : protection?.contentExpiresAt === undefined
          ? "none"
          : "expires",
    isOpenElsewhere: isDevice ? others.length > 0 : others.some(({ isExclusive }) => isExclusive),
  }
}

/** Whether somebody can change a file while others have it open (MIP-212). */
export const evaluateCoauthoring = (world: SpoWorld, actor: Actor, item: DriveItem) => {
  const facets = facetsOf(world, actor, item)
  const exclusive = facets.app === "web" && facets.isOpenElsewhere
  return decideByGates(
    [coauthoring],
    exclusive ? { ...facets, app: "device", isCoauthOn: false } : facets,
  )
}

/** Whether a file that is opened now is held alone. */
export const isHeldAlone = (world: SpoWorld, actor: Actor, item: DriveItem): boolean => {
  const { app, isEncrypted, isCoauthOn, obstacle } = facetsOf(world, actor, item)
  return app === "device" && isEncrypted && (!isCoauthOn || obstacle !== "none")
}

const closed = gate<{ readonly wasOpen: boolean }>()({
  name: "file-closed",
  facts: ["MIP-212"],
  reads: ["wasOpen"],
  check: ({ wasOpen }) => pass("The person no longer has the file open.", { wasOpen }),
})

export const closeFile: SpoOperation = operation({
  name: "close-file",
  summary: "Closes a file that somebody had open to change it.",
  params: Schema.Struct(itemParameters),
  facts: ["MIP-212"],
  decide: (call: Call<SpoWorld>, params): SpoRuling => {
    const { world, now, actor } = call
    const item = itemOf(world, params.file, params.site)
    if (item === undefined) return { decision: missing("item") }
    const by = actor.id.toLowerCase()
    return {
      decision: decideByGates([closed], {
        wasOpen: labelledFilesOf(world).editing.some((it) => it.itemId === item.id && it.by === by),
      }),
      events: [{ _tag: "EditingEnded", itemId: item.id, by, at: now }],
    }
  },
})
