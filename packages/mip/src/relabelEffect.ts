import type { LabelEffect } from "./Label.ts"
import type { Protection } from "./Protection.ts"

/** What protects an item before a label comes on (MIP-116). */
export type ExistingKind = "none" | "ad-hoc" | "label-template"

/** What happens to the encryption. */
export type RelabelEffect = "nothing" | "apply" | "keep" | "replace" | "remove"

/** Rights of a label's own template, or anything else: chosen by a person, a plain template. */
export const existingKindOf = (protection: Protection | undefined): ExistingKind => {
  if (protection === undefined) return "none"
  return protection.kind === "template" && protection.labelId !== undefined
    ? "label-template"
    : "ad-hoc"
}

/** Applying a label over existing encryption, as the documentation's table has it (MIP-116). */
export const relabelTable: Readonly<
  Record<ExistingKind, Readonly<Record<LabelEffect, RelabelEffect>>>
> = {
  none: { none: "nothing", template: "apply", "user-defined": "apply", remove: "nothing" },
  "ad-hoc": { none: "keep", template: "replace", "user-defined": "replace", remove: "remove" },
  "label-template": {
    none: "remove",
    template: "replace",
    "user-defined": "replace",
    remove: "remove",
  },
}
