import { authorizedAddressesOf, groupOf, isExternalUser, userOf } from "@twin/identity"
import type { Label } from "./Label.ts"
import { type LabelPolicy, policySettings } from "./LabelPolicy.ts"
import { labelOf, labelsOf, sublabelsOf } from "./labelOf.ts"
import { groupAddressesOf } from "./membership.ts"
import type { ContentForm } from "./Protection.ts"
import type { MipWorld } from "./State.ts"

/** All label policies, lowest priority first (MIP-129). */
export const policiesOf = (world: MipWorld): readonly LabelPolicy[] => world.mip.policies

/** A label policy by name or GUID. */
export const labelPolicyOf = (world: MipWorld, idOrName: string): LabelPolicy | undefined => {
  const wanted = idOrName.trim().toLowerCase()
  return world.mip.policies.find((it) => it.id === wanted || it.name.toLowerCase() === wanted)
}

/**
 * The policies that include somebody, lowest priority first. Another tenant's people, guests
 * included, receive none (MIP-098).
 */
export const policiesFor = (
  world: MipWorld,
  address: string,
  now: number,
): readonly LabelPolicy[] => {
  const user = userOf(world, address)
  if (user === undefined || isExternalUser(user) || user.userType === "Guest") return []
  const names = new Set([
    ...authorizedAddressesOf(world, address),
    ...groupAddressesOf(world, address, now),
    user.userPrincipalName.toLowerCase(),
  ])
  const isNamed = (location: string): boolean => {
    const wanted = location.toLowerCase()
    return names.has(wanted) || names.has(groupOf(world, wanted)?.mail?.toLowerCase() ?? "")
  }
  return world.mip.policies.filter(
    ({ exchangeLocation, modernGroupLocation }) =>
      exchangeLocation.some((it) => it.toLowerCase() === "all" || isNamed(it)) ||
      modernGroupLocation.some((it) => it.toLowerCase() === "all" || isNamed(it)),
  )
}

/** The labels somebody can choose: the union of their policies (MIP-128), lowest priority first. */
export const publishedLabelsOf = (
  world: MipWorld,
  address: string,
  now: number,
): readonly Label[] => {
  const ids = new Set(policiesFor(world, address, now).flatMap(({ labels }) => labels))
  return labelsOf(world).filter(({ id }) => ids.has(id))
}

/**
 * A setting in force for somebody: of the highest-priority policy that includes them and has it, for
 * each setting separately (MIP-129).
 */
export const policySettingOf = (
  world: MipWorld,
  address: string,
  setting: keyof typeof policySettings,
  now: number,
): string | undefined => {
  const key = policySettings[setting]
  return policiesFor(world, address, now).findLast(({ settings }) => Object.hasOwn(settings, key))
    ?.settings[key]
}

/** Whether a setting of yes or no is on for somebody; off where nothing sets it. */
export const isPolicySettingOn = (
  world: MipWorld,
  address: string,
  setting: keyof typeof policySettings,
  now: number,
): boolean => policySettingOf(world, address, setting, now)?.toLowerCase() === "true"

/**
 * The label that new content of somebody gets by policy (MIP-132): undefined without a default, or
 * where the default cannot be applied by itself (a parent, a label group, out of scope).
 */
export const labelForNewContent = (
  world: MipWorld,
  author: string,
  form: ContentForm,
  now: number,
): Label | undefined => {
  const forMail =
    form === "mail" ? policySettingOf(world, author, "outlookDefaultLabel", now) : undefined
  if (forMail?.toLowerCase() === "none") return undefined
  const id = forMail ?? policySettingOf(world, author, "defaultLabel", now)
  const label = id === undefined ? undefined : labelOf(world, id)
  if (label === undefined || !canBeApplied(world, label)) return undefined
  return isInScope(label, form) ? label : undefined
}

/** Whether content of somebody has to carry a label (MIP-133); Outlook can be exempt (MIP-137). */
export const isLabelMandatory = (
  world: MipWorld,
  address: string,
  form: ContentForm,
  now: number,
): boolean =>
  isPolicySettingOn(world, address, "mandatory", now) &&
  !(form === "mail" && isPolicySettingOn(world, address, "disableMandatoryInOutlook", now))

/** A parent with sublabels and a label group cannot be applied themselves (MIP-093, MIP-094). */
export const canBeApplied = (world: MipWorld, label: Label): boolean =>
  !label.isLabelGroup && sublabelsOf(world, label.id).length === 0

/** Whether a label shows for this kind of content (MIP-095). */
export const isInScope = (label: Label, form: ContentForm): boolean =>
  label.contentTypes.includes(form === "mail" ? "Email" : "File")
