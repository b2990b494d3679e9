import { Schema } from "effect"

/** The fourteen usage rights by their encoding in policy (MIP-052), in the order of the table. */
const encodings = [
  "VIEW",
  "DOCEDIT",
  "EDIT",
  "COMMENT",
  "EXPORT",
  "FORWARD",
  "OWNER",
  "PRINT",
  "REPLY",
  "REPLYALL",
  "EXTRACT",
  "VIEWRIGHTSDATA",
  "EDITRIGHTSDATA",
  "OBJMODEL",
] as const

export const UsageRight = Schema.Literals(encodings)
export type UsageRight = typeof UsageRight.Type

/** Every right there is. */
export const allRights: readonly UsageRight[] = encodings

/** The encoding that a text means; encodings are not case sensitive (MIP-052). */
export const rightOf = (text: string): UsageRight | undefined => {
  const wanted = text.trim().toUpperCase()
  return encodings.find((it) => it === wanted)
}

/** In the order of the table, no right twice, and everything where OWNER is among them (MIP-057). */
export const normalRights = (rights: Iterable<UsageRight>): readonly UsageRight[] => {
  const held = new Set(rights)
  return held.has("OWNER") ? allRights : encodings.filter((it) => held.has(it))
}

/** Whether these rights cover one; OWNER implies every other (MIP-057). */
export const includesRight = (rights: readonly string[], right: UsageRight): boolean =>
  rights.includes(right) || rights.includes("OWNER")

/** Permission levels by their present names (MIP-062). */
export const PermissionLevel = Schema.Literals(["Viewer", "Restricted Editor", "Editor", "Owner"])
export type PermissionLevel = typeof PermissionLevel.Type

/** The former names are synonyms (MIP-062, MIP-283). */
const synonyms: Readonly<Record<string, PermissionLevel>> = {
  viewer: "Viewer",
  "restricted editor": "Restricted Editor",
  restrictededitor: "Restricted Editor",
  reviewer: "Restricted Editor",
  editor: "Editor",
  "co-author": "Editor",
  coauthor: "Editor",
  owner: "Owner",
  "co-owner": "Owner",
  coowner: "Owner",
}

/** The level a name means, old or new; undefined for anything else. */
export const levelOf = (name: string): PermissionLevel | undefined => {
  const key = name.trim().toLowerCase()
  return Object.hasOwn(synonyms, key) ? synonyms[key] : undefined
}

/**
 * Where a level was chosen. The portal's levels are narrower than those of other tools (MIP-058,
 * MIP-060); `legacy` is the sharing application of 2016 (MIP-063).
 */
export type LevelProfile = "portal" | "classic" | "legacy" | "office-dialog"

const portal: Readonly<Record<PermissionLevel, readonly UsageRight[]>> = {
  Viewer: ["VIEW", "VIEWRIGHTSDATA", "OBJMODEL"],
  "Restricted Editor": [
    "VIEW",
    "EDIT",
    "DOCEDIT",
    "VIEWRIGHTSDATA",
    "REPLY",
    "REPLYALL",
    "FORWARD",
    "OBJMODEL",
  ],
  Editor: [
    "VIEW",
    "EDIT",
    "DOCEDIT",
    "EXTRACT",
    "VIEWRIGHTSDATA",
    "OBJMODEL",
    "PRINT",
    "REPLY",
    "REPLYALL",
    "FORWARD",
  ],
  Owner: allRights,
}

const levels: Readonly<
  Record<LevelProfile, Readonly<Record<PermissionLevel, readonly UsageRight[]>>>
> = {
  portal,
  classic: {
    ...portal,
    Viewer: [...portal.Viewer, "REPLY", "REPLYALL"],
    Editor: [...portal.Editor, "EXPORT"],
  },
  // From version 2408 on the dialog of Office leaves macros out for viewers (MIP-058).
  "office-dialog": { ...portal, Viewer: ["VIEW", "VIEWRIGHTSDATA"] },
  legacy: {
    Viewer: ["VIEW", "REPLY", "REPLYALL"],
    "Restricted Editor": ["VIEW", "EDIT", "DOCEDIT"],
    Editor: ["VIEW", "EDIT", "DOCEDIT", "EXTRACT", "VIEWRIGHTSDATA", "OBJMODEL", "PRINT", "EXPORT"],
    Owner: allRights,
  },
}

/** Who shows the levels by their present names; everything else keeps the former ones (MIP-062). */
const presentNames: Readonly<Record<string, number>> = {
  "purview portal": 0,
  "word for windows": 2411,
  "excel for windows": 2411,
  "powerpoint for windows": 2411,
}

const formerNames: Readonly<Record<PermissionLevel, string>> = {
  Viewer: "Viewer",
  "Restricted Editor": "Reviewer",
  Editor: "Co-Author",
  Owner: "Co-Owner",
}

/** How an application of some version names a level (MIP-062); no version: the newest. */
export const levelNameIn = (
  level: PermissionLevel,
  application: string,
  version = Number.POSITIVE_INFINITY,
): string => {
  const since = presentNames[application.trim().toLowerCase()]
  return since !== undefined && version >= since ? level : formerNames[level]
}

/** The rights of a permission level (MIP-058 to MIP-063). */
export const rightsOfLevel = (
  level: PermissionLevel,
  profile: LevelProfile = "portal",
): readonly UsageRight[] => normalRights(levels[profile][level])

/** What recipients of a Do Not Forward message hold on its body (MIP-162). */
export const doNotForwardRights: readonly UsageRight[] = normalRights([
  "VIEW",
  "EDIT",
  "DOCEDIT",
  "REPLY",
  "REPLYALL",
  "VIEWRIGHTSDATA",
  "OBJMODEL",
])

/** What Office attachments of a Do Not Forward message inherit (MIP-161). */
export const doNotForwardAttachmentRights: readonly UsageRight[] = normalRights([
  "DOCEDIT",
  "EDIT",
  "VIEW",
  "OBJMODEL",
])

/** Encrypt-Only: every right but EXPORT and OWNER (MIP-163). */
export const encryptOnlyRights: readonly UsageRight[] = allRights.filter(
  (it) => it !== "EXPORT" && it !== "OWNER",
)
