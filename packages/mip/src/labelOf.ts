import { HashMap, Option } from "effect"
import { effectOf, type Label, labelSetting } from "./Label.ts"
import type { MipWorld } from "./State.ts"

/** All labels, lowest priority first. */
export const labelsOf = (world: MipWorld): readonly Label[] =>
  [...HashMap.values(world.mip.labels)].toSorted(
    (a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1),
  )

/**
 * A label by GUID, by name, by display name where only one has it, or by `Parent\Sublabel` of display
 * names. Case does not count.
 */
export const labelOf = (world: MipWorld, idOrName: string): Label | undefined => {
  const wanted = idOrName.trim().toLowerCase()
  const direct = byId(world, wanted)
  if (direct !== undefined) return direct
  const named = Option.getOrUndefined(HashMap.get(world.mip.labelNames, wanted))
  const byName = named === undefined ? undefined : byId(world, named)
  if (byName !== undefined) return byName
  const shown = labelsOf(world).filter(
    (label) =>
      label.displayName.toLowerCase() === wanted || pathOf(world, label).toLowerCase() === wanted,
  )
  return shown.length === 1 ? shown[0] : undefined
}

const byId = (world: MipWorld, id: string): Label | undefined =>
  Option.getOrUndefined(HashMap.get(world.mip.labels, id))

/** `Confidential\All Employees`: the way Office shows a sublabel. */
export const pathOf = (world: MipWorld, label: Label): string => {
  const parent = label.parentId === undefined ? undefined : byId(world, label.parentId)
  return parent === undefined ? label.displayName : `${parent.displayName}\\${label.displayName}`
}

/** Colour of a label, or of its parent: a sublabel has no other (MIP-093). */
export const colorOf = (world: MipWorld, label: Label): string | undefined => {
  const parent = label.parentId === undefined ? undefined : byId(world, label.parentId)
  return labelSetting(parent ?? label, "Color")
}

/** The label that comes on when somebody chooses this one: a parent can name a sublabel (MIP-136). */
export const chosenLabel = (world: MipWorld, idOrName: string): Label | undefined => {
  const label = labelOf(world, idOrName)
  const sublabel = label === undefined ? undefined : labelSetting(label, "DefaultSubLabelId")
  const named = sublabel === undefined ? undefined : labelOf(world, sublabel)
  return named?.parentId === label?.id && named !== undefined ? named : label
}

/** The sublabels of a label, lowest priority first. */
export const sublabelsOf = (world: MipWorld, labelId: string): readonly Label[] =>
  labelsOf(world).filter(({ parentId }) => parentId === labelId)

/**
 * Whether a name is taken: by a label, or by the archived template of a removed one (MIP-101).
 */
export const isLabelNameTaken = (world: MipWorld, name: string): boolean => {
  const id = Option.getOrUndefined(HashMap.get(world.mip.labelNames, name.trim().toLowerCase()))
  if (id === undefined) return false
  return (
    HashMap.has(world.mip.labels, id) ||
    [...HashMap.values(world.mip.templates)].some((it) => it.labelId === id)
  )
}

/** Labels that assign permissions: each takes one of 500 templates (MIP-099). */
export const encryptingLabelsOf = (world: MipWorld): readonly Label[] =>
  labelsOf(world).filter((it) => effectOf(it) === "template")

/**
 * How two labels stand: negative where the first is less sensitive, 0 for the same label and for
 * sublabels of one parent (MIP-122). A sublabel ranks with its parent.
 */
export const compareLabels = (world: MipWorld, first: Label, second: Label): number =>
  topOf(world, first).priority - topOf(world, second).priority

const topOf = (world: MipWorld, label: Label): Label =>
  (label.parentId === undefined ? undefined : byId(world, label.parentId)) ?? label
