import { type Client, type Decision, makeDraw } from "@twin/kernel"
import {
  type Access,
  type DriveItem,
  evaluateAccess,
  evaluateShare,
  type FileAction,
  itemOf,
  type Share,
  type ShareRequest,
  type SharingLink,
  type SpoEvent,
  type SpoWorld,
  siteOf,
} from "../src/index.ts"
import { baseWorld, evolveAll, launch, longAgo, today, type WorldEvent } from "./baseline.ts"
import { actorOf } from "./lab.ts"

/** A plain stored file, without bytes behind it: enough for decisions. */
export const file = (
  path: string,
  o: { readonly site?: string; readonly id?: string } & Partial<
    Omit<DriveItem, "site" | "path" | "id">
  > = {},
): readonly WorldEvent[] => {
  const { site: url = launch, id = path, ...more } = o
  const objectId = `${id}/v1`
  return [
    {
      _tag: "ObjectStored",
      objectId,
      workload: "SharePoint",
      container: url,
      keyId: "site-key",
      sizeBytes: 3,
      chunks: 1,
      newChunks: 1,
    },
    {
      _tag: "ItemCreated",
      item: {
        id,
        site: url,
        path: path.includes("/") ? path : `Shared Documents/${path}`,
        kind: "file",
        createdBy: "alice@contoso.com",
        createdAt: longAgo,
        modifiedBy: "alice@contoso.com",
        modifiedAt: longAgo,
        content: {
          version: 1,
          objectId,
          size: 3,
          sha256: "0".repeat(64),
          processing: "readable",
          infoTypes: [],
        },
        scan: { isNewAndSensitive: false, matches: [], isOverridden: false },
        grants: [],
        hasUniquePermissions: false,
        ...more,
      },
    },
  ]
}

/** An empty folder. */
export const folder = (path: string, url = launch): SpoEvent => ({
  _tag: "ItemCreated",
  item: {
    id: path,
    site: url,
    path,
    kind: "folder",
    createdBy: "alice@contoso.com",
    createdAt: longAgo,
    modifiedBy: "alice@contoso.com",
    modifiedAt: longAgo,
    grants: [],
    hasUniquePermissions: false,
  },
})

/** A link to a file; `id` is its token as well. */
export const linkTo = (
  itemId: string,
  scope: SharingLink["scope"],
  more: Partial<SharingLink> = {},
): SpoEvent => ({
  _tag: "LinkCreated",
  link: {
    id: `link-${scope}`,
    token: more.id ?? `link-${scope}`,
    itemId,
    scope,
    role: "view",
    createdBy: "alice@contoso.com",
    createdAt: longAgo,
    members: [],
    redeemedBy: [],
    sentTo: [],
    ...more,
  },
})

export const settings = (
  changes: Readonly<Record<string, string | number | boolean | readonly string[]>>,
): SpoEvent => ({
  _tag: "TenantSettingsChanged",
  changes,
  at: longAgo,
})

export const siteSettings = (
  url: string,
  changes: Readonly<Record<string, string | number | boolean | readonly string[]>>,
): SpoEvent => ({ _tag: "SiteSettingsChanged", url, changes, at: longAgo })

/** The usual world after some events. */
export const worldWith = (...events: readonly (WorldEvent | readonly WorldEvent[])[]): SpoWorld =>
  evolveAll(baseWorld, events.flat() as readonly WorldEvent[])

/** One question about a file: who, what, when, by which link. */
export const asks = (
  world: SpoWorld,
  who: string,
  o: {
    readonly action?: FileAction
    readonly file?: string
    readonly token?: string
    readonly password?: string
    readonly now?: number
    readonly client?: Partial<Client>
  } = {},
): Access => {
  const now = o.now ?? today
  return evaluateAccess(
    { world, actor: actorOf(world, who, now, o.client), now },
    {
      item: itemOf(world, o.file ?? "Plan.docx"),
      action: o.action ?? "open",
      ...(o.token === undefined ? {} : { token: o.token }),
      ...(o.password === undefined ? {} : { password: o.password }),
    },
  )
}

/** One attempt at sharing, without carrying it out. */
export const shares = (
  world: SpoWorld,
  who: string,
  o: Partial<ShareRequest> & { readonly file?: string; readonly now?: number } = {},
): Share => {
  const { file: name = "Plan.docx", now = today, ...request } = o
  const item = itemOf(world, name)
  const place = item === undefined ? undefined : siteOf(world, item.site)
  if (item === undefined || place === undefined) throw new Error(`no file ${name}`)
  const call = { world, actor: actorOf(world, who, now), now, draw: makeDraw("share") }
  return evaluateShare(call, {
    site: place,
    ...(request.scope === "site" ? {} : { item }),
    scope: "users",
    role: "view",
    to: [],
    ...request,
  })
}

/** Whether a decision's gates were asked in this order, others in between. */
export const asked = (decision: Decision): readonly string[] =>
  decision.gates.map(({ name }) => name)
