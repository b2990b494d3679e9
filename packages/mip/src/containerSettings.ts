import type { LabelContainer, SiteExternalSharingControlType } from "./Label.ts"
import { labelSetting } from "./Label.ts"
import { labelOf } from "./labelOf.ts"
import type { MipWorld } from "./State.ts"

/** What a label does to a group or site that carries it (MIP-216). Absent: it leaves that alone. */
export interface ContainerSettings {
  readonly privacy?: "Public" | "Private"
  readonly allowAccessToGuestUsers?: boolean
  readonly siteExternalSharingControlType?: SiteExternalSharingControlType
  readonly unmanagedDevices?: "AllowFullAccess" | "AllowLimitedAccess" | "BlockAccess"
  readonly authenticationContext?: string
  readonly defaultSharing: DefaultSharing
  readonly membersCanShare?: MembersCanShare
}

/** The default sharing link that a label asks for, of a site or of a document (MIP-136). */
export interface DefaultSharing {
  readonly scope?: "SpecificPeople" | "Organization" | "Anyone"
  readonly permission?: "View" | "Edit"
  /** Overrides the other two. */
  readonly toExistingAccess?: boolean
}

export type MembersCanShare = "MemberShareAll" | "MemberShareFileAndFolder" | "MemberShareNone"

/**
 * Container settings of a label by GUID or name; undefined where there is no such label, its scope
 * has no groups and sites, or the settings are off. Files inside inherit nothing (MIP-216).
 */
export const containerSettingsOf = (
  world: MipWorld,
  label: string,
): ContainerSettings | undefined => {
  const it = labelOf(world, label)
  if (
    it === undefined ||
    !it.contentTypes.some((type) => type === "Site" || type === "UnifiedGroup")
  )
    return undefined
  const { container } = it
  const defaultSharing = defaultSharingOf(world, it.id) ?? {}
  const membersCanShare = literal(labelSetting(it, "MembersCanShare"), membersCanShareLevels)
  // External sharing is an action of its own beside the protection of group and site.
  const sharing = container?.siteExternalSharingControlType
  return {
    ...(container?.isEnabled === true ? settingsOf(container) : {}),
    ...(sharing === undefined ? {} : { siteExternalSharingControlType: sharing }),
    defaultSharing,
    ...(membersCanShare === undefined ? {} : { membersCanShare }),
  }
}

const settingsOf = (
  container: LabelContainer,
): Omit<ContainerSettings, "defaultSharing" | "siteExternalSharingControlType"> => {
  const { privacy, allowAccessToGuestUsers } = container
  const unmanagedDevices = unmanagedDevicesOf(container)
  const { authenticationContext } = container
  return {
    ...(privacy === undefined || privacy === "Unspecified" ? {} : { privacy }),
    ...(allowAccessToGuestUsers === undefined ? {} : { allowAccessToGuestUsers }),
    ...(unmanagedDevices === undefined ? {} : { unmanagedDevices }),
    ...(authenticationContext === undefined ? {} : { authenticationContext }),
  }
}

/** The strictest that is set: the three switches exclude each other in the portal. */
const unmanagedDevicesOf = (container: LabelContainer): ContainerSettings["unmanagedDevices"] => {
  if (container.blockAccess === true) return "BlockAccess"
  if (container.allowLimitedAccess === true) return "AllowLimitedAccess"
  return container.allowFullAccess === true ? "AllowFullAccess" : undefined
}

/** The default sharing link of documents (scope Files) or sites (scope Groups & sites) with a label. */
export const defaultSharingOf = (world: MipWorld, label: string): DefaultSharing | undefined => {
  const it = labelOf(world, label)
  if (it === undefined) return undefined
  const scope = literal(labelSetting(it, "DefaultSharingScope"), scopes)
  const permission = literal(labelSetting(it, "DefaultShareLinkPermission"), permissions)
  const existing = labelSetting(it, "DefaultShareLinkToExistingAccess")
  return {
    ...(scope === undefined ? {} : { scope }),
    ...(permission === undefined ? {} : { permission }),
    ...(existing === undefined ? {} : { toExistingAccess: existing.toLowerCase() === "true" }),
  }
}

const scopes = ["SpecificPeople", "Organization", "Anyone"] as const
const permissions = ["View", "Edit"] as const
const membersCanShareLevels = [
  "MemberShareAll",
  "MemberShareFileAndFolder",
  "MemberShareNone",
] as const

const literal = <const A extends string>(
  value: string | undefined,
  of: readonly A[],
): A | undefined => of.find((it) => it.toLowerCase() === value?.trim().toLowerCase())
