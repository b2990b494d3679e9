import { effectOf, labelOf, labelsOf, pathOf, templateOf, templatesOf } from "@twin/mip"
import { irmInForce } from "./irmInForce.ts"
import { type ExchangeWorld } from "./State.ts"

/** What a template name stands for when mail is protected with it (EXO-044). */
export type RightsTemplate =
  | { readonly kind: "encrypt-only" | "do-not-forward"; readonly name: string }
  | {
      readonly kind: "template"
      readonly name: string
      readonly templateId: string
      readonly labelId?: string
    }

/** `Confidential \ All Employees` and `Confidential\All Employees` are one name. */
const normal = (name: string): string =>
  name
    .trim()
    .replaceAll(/\s*\\\s*/g, "\\")
    .toLowerCase()

/** The template of that name: built-in, stored, or behind a label; undefined for none. */
export const rightsTemplateOf = (
  world: ExchangeWorld,
  name: string,
): RightsTemplate | undefined => {
  const wanted = normal(name)
  if (wanted === "encrypt") return { kind: "encrypt-only", name: "Encrypt" }
  if (wanted === "do not forward") return { kind: "do-not-forward", name: "Do Not Forward" }
  const label = labelOf(world, wanted)
  const templateId = label?.encryption?.templateId
  if (label !== undefined && templateId !== undefined && effectOf(label) === "template") {
    return { kind: "template", name: pathOf(world, label), templateId, labelId: label.id }
  }
  const stored =
    templateOf(world, name) ?? templatesOf(world).find((it) => normal(it.name) === wanted)
  return stored === undefined
    ? undefined
    : { kind: "template", name: stored.name, templateId: stored.templateId }
}

/** Names of published templates, without the two built-in options. */
const publishedNames = (world: ExchangeWorld): readonly string[] => {
  const labels = new Map(labelsOf(world).map((label) => [label.id, pathOf(world, label)]))
  return templatesOf(world)
    .filter(({ status }) => status === "Published")
    .map(({ name, labelId }) => labels.get(labelId ?? "") ?? name)
}

/**
 * What `Get-RMSTemplate` lists: nothing while IRM is switched off (EXO-015) or Azure RMS is not
 * reached directly (EXO-014).
 */
export const listedTemplates = (world: ExchangeWorld, now: number): readonly string[] => {
  const { InternalLicensingEnabled, AzureRMSLicensingEnabled } = irmInForce(world, now)
  return InternalLicensingEnabled && AzureRMSLicensingEnabled
    ? [...publishedNames(world), "Encrypt", "Do Not Forward"]
    : []
}
