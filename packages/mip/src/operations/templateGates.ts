import { deny, type GateRules, gate, pass } from "@twin/kernel"
import { Schema } from "effect"

/** What `New-AipServiceRightsDefinition` makes and the template cmdlets take. */
export const RightsDefinition = Schema.Struct({
  EmailAddress: Schema.optionalKey(Schema.NullOr(Schema.String)),
  DomainName: Schema.optionalKey(Schema.NullOr(Schema.String)),
  Rights: Schema.Array(Schema.String),
})
export type RightsDefinition = typeof RightsDefinition.Type

/** At most so many custom templates in one tenant (MIP-197). */
export const templateLimit = 500

export interface TemplateFacets {
  readonly isKnown: boolean
  readonly isReadOnly: boolean
  readonly isLabels: boolean
  readonly names: "fit" | "empty" | "forbidden"
  readonly rights: "fit" | "none" | "unknown-right" | "unknown-identity" | "any-authenticated"
  readonly templates: number
  readonly expiry: "fits" | "incomplete"
  readonly licenceDays: number
  /** A change of the status alone: a default template can be archived (MIP-195). */
  readonly isStatusOnly: boolean
}

const rule = gate<TemplateFacets>()

export const templateKnown = rule({
  name: "template-known",
  facts: ["MIP-198"],
  reads: ["isKnown"],
  check: ({ isKnown }) =>
    isKnown
      ? pass("The template is there, or is about to be made.")
      : deny(
          "There is no such template.",
          {},
          {
            code: "TemplateNotFoundError",
            message: "The template was not found.",
          },
        ),
})

export const templateEditable = rule({
  name: "template-editable",
  facts: ["MIP-195", "MIP-201"],
  reads: ["isReadOnly", "isLabels", "isStatusOnly"],
  check: ({ isReadOnly, isLabels, isStatusOnly }) => {
    const details = { isReadOnly, isLabels, isStatusOnly }
    if (isLabels) {
      return deny("The template belongs to a label, which is where it is changed.", details, {
        message: "This template belongs to a sensitivity label. Change the label instead.",
      })
    }
    return isReadOnly && !isStatusOnly
      ? deny("The template is one of the service's own.", details, {
          message: "The default templates cannot be changed.",
        })
      : pass("The template may be changed.", details)
  },
})

export const templateNames = rule({
  name: "template-names",
  facts: ["MIP-198"],
  reads: ["names"],
  check: ({ names }) => {
    if (names === "fit") return pass("Every language has a name and a description.", { names })
    return names === "empty"
      ? deny(
          "A name or description is empty, or their languages differ.",
          { names },
          {
            message: "Names and Descriptions need the same languages, and no empty text.",
          },
        )
      : deny(
          "A name has a character that names cannot have.",
          { names },
          {
            message: "Template names cannot contain < > % & / ? ; + \\ : #",
          },
        )
  },
})

export const templateRights = rule({
  name: "template-rights",
  facts: ["MIP-052", "MIP-048", "MIP-067"],
  reads: ["rights"],
  check: ({ rights }) => {
    const details = { rights }
    if (rights === "fit") return pass("The rights of the template can be read.", details)
    return rights === "any-authenticated"
      ? deny("A rights definition cannot name any authenticated user.", details, {
          message: "AuthenticatedUsers can be set only in the rights of a label.",
        })
      : deny("A rights definition names nobody, or a right that does not exist.", details, {
          message: "Specify EmailAddress or DomainName, and known usage rights.",
        })
  },
})

export const templateLimits = rule({
  name: "template-limits",
  facts: ["MIP-197", "MIP-198"],
  reads: ["templates", "expiry", "licenceDays"],
  check: ({ templates, expiry, licenceDays }) => {
    const details = { templates, templateLimit, licenceDays }
    if (templates >= templateLimit) {
      return deny("The organization has as many templates as it can have.", details, {
        message: "The maximum number of templates has been reached.",
      })
    }
    if (expiry === "incomplete") {
      return deny("The option for expiry needs a date or a number of days.", details, {
        message: "Specify ContentExpirationDate or ContentValidityDuration.",
      })
    }
    return licenceDays < -1 || licenceDays > 9999
      ? deny("The days of a licence are out of range.", details, {
          message: "LicenseValidityDuration takes -1, 0 or 1 to 9999 days.",
        })
      : pass("The template stays within the limits of the service.", details)
  },
})

export const templateGates: GateRules<TemplateFacets> = [
  templateKnown,
  templateEditable,
  templateNames,
  templateRights,
  templateLimits,
]
