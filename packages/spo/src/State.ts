import type { InvitationRestrictions, OneTimeCode } from "@twin/identity"
import type { MipWorld } from "@twin/mip"
import { HashMap, Option } from "effect"
import type { DlpPolicy, DlpRule } from "./DlpPolicy.ts"
import { type DriveItem, nameOf, normalPath, parentsOf } from "./DriveItem.ts"
import type { LibrarySettings } from "./LibrarySettings.ts"
import { initialLabelledFiles, type LabelledFilesState } from "./labelEvents.ts"
import type { SharingLink } from "./SharingLink.ts"
import { normalUrl, type Site } from "./Site.ts"
import { initialSync, type SyncRelation, type SyncState } from "./SyncRelation.ts"
import type { SettingValue } from "./settings/SettingRow.ts"
import { type SiteSettings, siteSettings } from "./settings/siteSettings.ts"
import { type TenantSettings, tenantSettings } from "./settings/tenantSettings.ts"

/** A guest's stay on one site (SPO-091). */
export interface SiteGuest {
  readonly url: string
  readonly address: string
  readonly joinedAt: number
  readonly expiresAt?: number
  readonly isRemoved: boolean
}

/** What somebody without a directory object has proven by a code (SPO-099). */
export interface VerifiedAddress {
  readonly at: number
  readonly isKept: boolean
}

/**
 * The slice of SharePoint and OneDrive. Read it through the accessors below: the fields are indexes
 * and will change.
 */
export interface SpoState {
  /** Only what somebody has set; the table knows the rest. */
  readonly tenant: Readonly<Record<string, SettingValue>>
  /** What an administrator last had copied from Entra, and when (SPO-113). */
  readonly entraPolicyCopied:
    | { readonly at: number; readonly restrictions: InvitationRestrictions }
    | undefined
  /** `EnableMIPLabels` of the directory: off until somebody switches it on (SPO-130). */
  readonly areContainerLabelsOn: boolean
  /** By URL. */
  readonly sites: HashMap.HashMap<string, Site>
  readonly items: HashMap.HashMap<string, DriveItem>
  /** Site and path, or name alone, lower case -> item ids, oldest first. */
  readonly itemIds: HashMap.HashMap<string, readonly string[]>
  readonly links: HashMap.HashMap<string, SharingLink>
  readonly tokens: HashMap.HashMap<string, string>
  /** Item -> its links, oldest first, removed ones included. */
  readonly linkIds: HashMap.HashMap<string, readonly string[]>
  readonly guests: HashMap.HashMap<string, SiteGuest>
  /** Link and address -> the latest code. */
  readonly codes: HashMap.HashMap<string, OneTimeCode>
  /** Address -> when codes were sent, oldest first; the last ones are enough. */
  readonly codeRequests: HashMap.HashMap<string, readonly number[]>
  readonly verified: HashMap.HashMap<string, VerifiedAddress>
  /** Item -> when its scan is due. */
  readonly pendingScans: HashMap.HashMap<string, number>
  readonly dlpPolicies: readonly DlpPolicy[]
  readonly dlpRules: readonly DlpRule[]
  readonly labelledFiles: LabelledFilesState
  readonly sync: SyncState
}

/** Every world of this domain and of those above it. */
export interface SpoWorld extends MipWorld {
  readonly spo: SpoState
}

/** No site, no file; every setting as the table has it. */
export const initialState: SpoState = {
  tenant: {},
  entraPolicyCopied: undefined,
  areContainerLabelsOn: false,
  sites: HashMap.empty(),
  items: HashMap.empty(),
  itemIds: HashMap.empty(),
  links: HashMap.empty(),
  tokens: HashMap.empty(),
  linkIds: HashMap.empty(),
  guests: HashMap.empty(),
  codes: HashMap.empty(),
  codeRequests: HashMap.empty(),
  verified: HashMap.empty(),
  pendingScans: HashMap.empty(),
  dlpPolicies: [],
  dlpRules: [],
  labelledFiles: initialLabelledFiles,
  sync: initialSync,
}

const found = <A>(map: HashMap.HashMap<string, A>, key: string): A | undefined =>
  Option.getOrUndefined(HashMap.get(map, key))

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const labelledFilesOf = (world: SpoWorld): LabelledFilesState => world.spo.labelledFiles

/** Settings of a library; undefined where nobody has set any. */
export const libraryOf = (
  world: SpoWorld,
  site: string,
  library: string,
): LibrarySettings | undefined =>
  world.spo.labelledFiles.libraries.find(
    (it) => it.site === site && it.library.toLowerCase() === library.toLowerCase(),
  )

/** The value of a tenant setting: what was set, else what an untouched tenant has. */
export const tenantSetting = <K extends keyof TenantSettings>(
  world: SpoWorld,
  name: K,
): TenantSettings[K] => valueOf(world.spo.tenant, tenantSettings, name) as TenantSettings[K]

/** Whether somebody has ever set it. */
export const isTenantSettingSet = (world: SpoWorld, name: keyof TenantSettings): boolean =>
  Object.hasOwn(world.spo.tenant, name)

/** The value that was requested for a site; what is in force, the functions of `inForce` compute. */
export const siteSetting = <K extends keyof SiteSettings>(site: Site, name: K): SiteSettings[K] =>
  valueOf(site.requested, siteSettings, name) as SiteSettings[K]

const valueOf = (
  set: Readonly<Record<string, SettingValue>>,
  table: Readonly<Record<string, { readonly default: SettingValue }>>,
  name: string,
): SettingValue | undefined => (Object.hasOwn(set, name) ? set[name] : table[name]?.default)

/** A site by URL, by the end of its path, or by title where only one has it. */
export const siteOf = (world: SpoWorld, urlOrName: string): Site | undefined => {
  const wanted = normalUrl(urlOrName)
  const direct = found(world.spo.sites, wanted)
  if (direct !== undefined) return direct
  const named = sitesOf(world).filter(
    ({ url, title }) => url.endsWith(`/${wanted}`) || title.toLowerCase() === wanted,
  )
  return named.length === 1 ? named[0] : undefined
}

/** All sites, recycled ones included, by URL. */
export const sitesOf = (world: SpoWorld): readonly Site[] =>
  HashMap.toValues(world.spo.sites).toSorted((a, b) => compareText(a.url, b.url))

export const pathKey = (site: string, path: string): string =>
  `${normalUrl(site)}\n${normalPath(path).toLowerCase()}`

/**
 * An item by id, by path or by name, within a site or where only one matches. A live item comes
 * before recycled ones of the same name.
 */
export const itemOf = (world: SpoWorld, file: string, siteName?: string): DriveItem | undefined => {
  const direct = found(world.spo.items, file)
  if (direct !== undefined) return direct
  if (/^https:/i.test(file)) return itemByUrl(world, file)
  const site = siteName === undefined ? undefined : siteOf(world, siteName)
  if (siteName !== undefined && site === undefined) return undefined
  const wanted = normalPath(file).toLowerCase()
  const named = (found(world.spo.itemIds, wanted.slice(wanted.lastIndexOf("/") + 1)) ?? []).flatMap(
    (id) => found(world.spo.items, id) ?? [],
  )
  const matching = named.filter(
    (it) =>
      (site === undefined || it.site === site.url) &&
      (!wanted.includes("/") || it.path.toLowerCase() === wanted),
  )
  const live = matching.filter(({ recycledAt }) => recycledAt === undefined)
  const chosen = live.length > 0 ? live : matching
  return chosen.length === 1 ? chosen[0] : undefined
}

/** The address of an item: what a browser shows. */
export const webUrlOf = (item: DriveItem): string => `${item.site}/${item.path}`

const itemByUrl = (world: SpoWorld, url: string): DriveItem | undefined => {
  const site = parentsOf(normalUrl(url)).find((it) => HashMap.has(world.spo.sites, it))
  return site === undefined ? undefined : itemOf(world, url.slice(site.length + 1), site)
}

export const itemById = (world: SpoWorld, itemId: string): DriveItem | undefined =>
  found(world.spo.items, itemId)

/** All items of all sites, by site and path. */
export const itemsOf = (world: SpoWorld): readonly DriveItem[] =>
  HashMap.toValues(world.spo.items).toSorted(
    (a, b) => compareText(a.site, b.site) || compareText(a.path, b.path) || compareText(a.id, b.id),
  )

/** The live item at a path. */
export const itemAt = (world: SpoWorld, site: string, path: string): DriveItem | undefined =>
  (found(world.spo.itemIds, pathKey(site, path)) ?? [])
    .flatMap((id) => found(world.spo.items, id) ?? [])
    .find(({ recycledAt }) => recycledAt === undefined)

/** The item and the folders above it, nearest first: what is shared there counts here (SPO-229). */
export const lineageOf = (world: SpoWorld, item: DriveItem): readonly DriveItem[] => [
  item,
  ...parentsOf(item.path).flatMap((path) => itemAt(world, item.site, path) ?? []),
]

/** A link by token or id. */
export const linkOf = (world: SpoWorld, tokenOrId: string): SharingLink | undefined =>
  found(world.spo.links, found(world.spo.tokens, tokenOrId) ?? tokenOrId)

/** The links of one item, oldest first, removed ones included. */
export const linksOfItem = (world: SpoWorld, itemId: string): readonly SharingLink[] =>
  (found(world.spo.linkIds, itemId) ?? []).flatMap((id) => found(world.spo.links, id) ?? [])

/** All links ever made, by time of creation. */
export const linksOf = (world: SpoWorld): readonly SharingLink[] =>
  HashMap.toValues(world.spo.links).toSorted(
    (a, b) => a.createdAt - b.createdAt || compareText(a.id, b.id),
  )

export const guestKey = (url: string, address: string): string =>
  `${normalUrl(url)}\n${address.toLowerCase()}`

/** A guest's stay on a site, past ones included. */
export const siteGuestOf = (world: SpoWorld, url: string, address: string): SiteGuest | undefined =>
  found(world.spo.guests, guestKey(url, address))

/** Everybody who ever came to a site from outside, by address. */
export const siteGuestsOf = (world: SpoWorld, url?: string): readonly SiteGuest[] =>
  HashMap.toValues(world.spo.guests)
    .filter((it) => url === undefined || it.url === normalUrl(url))
    .toSorted((a, b) => compareText(a.address, b.address) || compareText(a.url, b.url))

export const codeKey = (linkId: string, address: string): string =>
  `${linkId}\n${address.toLowerCase()}`

/** The latest code for an address and a link, as the service keeps it: a digest. */
export const codeOf = (world: SpoWorld, linkId: string, address: string): OneTimeCode | undefined =>
  found(world.spo.codes, codeKey(linkId, address))

/** When codes were sent to an address, oldest first. */
export const codeRequestsOf = (world: SpoWorld, address: string): readonly number[] =>
  found(world.spo.codeRequests, address.toLowerCase()) ?? []

export const verifiedAddressOf = (world: SpoWorld, address: string): VerifiedAddress | undefined =>
  found(world.spo.verified, address.toLowerCase())

/** Files whose scan is pending, with the moment it is due. */
export const pendingScansOf = (
  world: SpoWorld,
): readonly { readonly itemId: string; readonly dueAt: number }[] =>
  HashMap.toEntries(world.spo.pendingScans)
    .map(([itemId, dueAt]) => ({ itemId, dueAt }))
    .toSorted((a, b) => a.dueAt - b.dueAt || compareText(a.itemId, b.itemId))

/** What somebody's sync clients keep on devices, by site and path. */
export const syncRelationsOf = (world: SpoWorld, address: string): readonly SyncRelation[] =>
  HashMap.toValues(world.spo.sync)
    .filter((it) => it.address === address.toLowerCase())
    .toSorted((a, b) => compareText(a.site, b.site) || compareText(a.path, b.path))

export const dlpPoliciesOf = (world: SpoWorld): readonly DlpPolicy[] => world.spo.dlpPolicies

/** Rules of a policy in the order in which they are asked (SPO-204). */
export const dlpRulesOf = (world: SpoWorld, policy?: string): readonly DlpRule[] =>
  world.spo.dlpRules
    .filter((it) => policy === undefined || it.policy.toLowerCase() === policy.toLowerCase())
    .toSorted((a, b) => a.priority - b.priority || compareText(a.name, b.name))

/** Keys under which an item is found. */
export const keysOfItem = (item: DriveItem): readonly string[] => [
  pathKey(item.site, item.path),
  nameOf(item).toLowerCase(),
]
