import {
  type Call,
  decideByGates,
  deny,
  type GateRules,
  gate,
  type OutputObject,
  pass,
} from "@twin/kernel"
import { Schema } from "effect"
import { formatRightsDefinitions, type Grant, normalWho, ownerIdentity } from "../Grant.ts"
import { type ContentExpiry } from "../Label.ts"
import type { ProtectionTemplate } from "../Protection.ts"
import { type MipWorld, templateOf, templatesOf } from "../State.ts"
import { rightOf } from "../UsageRight.ts"
import { aipCmdlet } from "./aipCmdlet.ts"
import { expiryOf } from "./labelWith.ts"

/** What `New-AipServiceRightsDefinition` makes and the template cmdlets take. */
const RightsDefinition = Schema.Struct({
  EmailAddress: Schema.optionalKey(Schema.NullOr(Schema.String)),
  DomainName: Schema.optionalKey(Schema.NullOr(Schema.String)),
  Rights: Schema.Array(Schema.String),
})
type RightsDefinition = typeof RightsDefinition.Type

/** At most so many custom templates in one tenant (MIP-197). */
export const templateLimit = 500

interface TemplateFacets {
  readonly isKnown: boolean
  readonly isReadOnly: boolean
  readonly isLabels: boolean
  readonly names: "fit" | "empty" | "forbidden"
  readonly rights: "fit" | "none" | "unknown-right" | "unknown-identity" | "any-authenticated"
  readonly templates: number
  readonly expiry: "fits" | "incomplete"
  readonly licenceDays: number
}

const rule = gate<TemplateFacets>()

const templateKnown = rule({
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

const templateEditable = rule({
  name: "template-editable",
  facts: ["MIP-195", "MIP-201"],
  reads: ["isReadOnly", "isLabels"],
  check: ({ isReadOnly, isLabels }) => {
    const details = { isReadOnly, isLabels }
    if (isLabels) {
      return deny("The template belongs to a label, which is where it is changed.", details, {
        message: "This template belongs to a sensitivity label. Change the label instead.",
      })
    }
    return isReadOnly
      ? deny("The template is one of the service's own.", details, {
          message: "The default templates cannot be changed.",
        })
      : pass("The template may be changed.", details)
  },
})

const templateNames = rule({
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

const templateRights = rule({
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

const templateLimits = rule({
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

const templateGates: GateRules<TemplateFacets> = [
  templateKnown,
  templateEditable,
  templateNames,
  templateRights,
  templateLimits,
]

const texts = Schema.Record(Schema.String, Schema.String)

const templateParams = {
  Names: Schema.optionalKey(texts.annotate({ description: "Language id to name, @{1033='x'}" })),
  Descriptions: Schema.optionalKey(texts.annotate({ description: "Language id to description" })),
  RightsDefinitions: Schema.optionalKey(
    Schema.Array(RightsDefinition).annotate({ description: "From New-AipServiceRightsDefinition" }),
  ),
  ContentExpirationOption: Schema.optionalKey(
    Schema.Literals(["Never", "OnDate", "AfterDays"]).annotate({ description: "When it expires" }),
  ),
  ContentExpirationDate: Schema.optionalKey(
    Schema.String.annotate({ description: "Date, with OnDate" }),
  ),
  ContentValidityDuration: Schema.optionalKey(
    Schema.Int.annotate({ description: "Days, with AfterDays" }),
  ),
  LicenseValidityDuration: Schema.optionalKey(
    Schema.Int.annotate({ description: "-1 unlimited, 0 no offline access, 1 to 9999 days" }),
  ),
  Status: Schema.optionalKey(
    Schema.Literals(["Archived", "Published"]).annotate({ description: "Whether it is offered" }),
  ),
  ScopedIdentities: Schema.optionalKey(
    Schema.Array(Schema.String).annotate({ description: "Who may apply it; empty: everybody" }),
  ),
}
const TemplateParams = Schema.Struct(templateParams)
type TemplateParams = typeof TemplateParams.Type

const whoOf = ({ EmailAddress, DomainName }: RightsDefinition): string =>
  EmailAddress === ownerIdentity ? ownerIdentity : normalWho(EmailAddress ?? DomainName ?? "")

const grantsOf = (definitions: readonly RightsDefinition[]): readonly Grant[] =>
  definitions.map((it) => ({
    who: whoOf(it),
    rights: it.Rights.flatMap((name) => rightOf(name) ?? []),
  }))

const rightsFacet = (definitions: readonly RightsDefinition[]): TemplateFacets["rights"] => {
  if (definitions.length === 0) return "none"
  for (const it of definitions) {
    if (whoOf(it) === "") return "unknown-identity"
    if (whoOf(it).toLowerCase() === "authenticatedusers") return "any-authenticated"
    if (it.Rights.length === 0 || it.Rights.some((name) => rightOf(name) === undefined)) {
      return "unknown-right"
    }
  }
  return "fit"
}

const namesFacet = ({ Names, Descriptions }: TemplateParams): TemplateFacets["names"] => {
  const names = Object.entries(Names ?? {})
  const languages = names.map(([id]) => id).toSorted()
  const described = Object.keys(Descriptions ?? {}).toSorted()
  if (names.length === 0 || languages.join() !== described.join()) return "empty"
  if ([...names, ...Object.entries(Descriptions ?? {})].some(([, text]) => text.trim() === "")) {
    return "empty"
  }
  return names.some(([, name]) => /[<>%&/?;+\\:#]/.test(name)) ? "forbidden" : "fit"
}

const expiryFrom = (params: TemplateParams): ContentExpiry | undefined => {
  const { ContentExpirationOption: option } = params
  if (option === undefined || option === "Never") return { _tag: "Never" }
  if (option === "AfterDays") {
    const { ContentValidityDuration: duration } = params
    return duration === undefined ? undefined : { _tag: "AfterDays", days: duration }
  }
  return expiryOf(params.ContentExpirationDate)
}

const customTemplates = (world: MipWorld): number =>
  templatesOf(world).filter(({ isReadOnly, labelId }) => !isReadOnly && labelId === undefined)
    .length

export const newRightsDefinition = aipCmdlet({
  name: "New-AipServiceRightsDefinition",
  summary: "Makes a rights definition for a template.",
  params: Schema.Struct({
    EmailAddress: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Person, group, or IPC_USER_ID_OWNER" }),
    ),
    DomainName: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Domain; it stands for its whole tenant" }),
    ),
    Rights: Schema.Array(Schema.NonEmptyString).annotate({ description: "Usage rights" }),
  }),
  facts: ["MIP-067", "MIP-048", "MIP-044"],
  isReadOnly: true,
  decide: (_call, params) => ({
    decision: decideByGates<Pick<TemplateFacets, "rights">>([templateRights], {
      rights: rightsFacet([params]),
    }),
    output: [
      {
        EmailAddress: params.EmailAddress ?? null,
        DomainName: params.DomainName ?? null,
        Rights: params.Rights,
      },
    ],
  }),
})

export const addTemplate = aipCmdlet({
  name: "Add-AipServiceTemplate",
  summary: "Makes a protection template.",
  params: Schema.Struct(templateParams),
  facts: ["MIP-198", "MIP-197", "MIP-199"],
  decide: ({ world, draw }: Call<MipWorld>, params) => {
    const expiry = expiryFrom(params)
    const [language = ""] = Object.keys(params.Names ?? {}).toSorted()
    const template: ProtectionTemplate = {
      templateId: draw.guid("template"),
      name: params.Names?.[language] ?? "",
      description: params.Descriptions?.[language] ?? "",
      // Archived unless stated: an open question of the facts.
      status: params.Status ?? "Archived",
      grants: grantsOf(params.RightsDefinitions ?? []),
      contentExpiry: expiry ?? { _tag: "Never" },
      licenceValidityDays: params.LicenseValidityDuration ?? -1,
      scopedIdentities: (params.ScopedIdentities ?? []).map(normalWho),
      isReadOnly: false,
    }
    return {
      decision: decideByGates(templateGates, {
        isKnown: true,
        isReadOnly: false,
        isLabels: false,
        names: namesFacet(params),
        rights: rightsFacet(params.RightsDefinitions ?? []),
        templates: customTemplates(world),
        expiry: expiry === undefined ? "incomplete" : "fits",
        licenceDays: template.licenceValidityDays,
      }),
      events: [{ _tag: "TemplateStored", template }],
      output: [shown(template)],
      logged: { command: "AddTemplate", parameters: `-templateId ${template.templateId}` },
    }
  },
})

const byId = Schema.NonEmptyString.annotate({ description: "Template id" })

export const removeTemplate = aipCmdlet({
  name: "Remove-AipServiceTemplate",
  summary: "Removes a custom template; what it protected may open for super users only.",
  params: Schema.Struct({
    TemplateId: byId,
    Confirm: Schema.optionalKey(Schema.Boolean.annotate({ description: "Asks first" })),
  }),
  facts: ["MIP-195", "MIP-200"],
  binding: { switches: ["Confirm"], pipeline: "TemplateId" },
  decide: ({ world, now }, { TemplateId }) => {
    const template = templateOf(world, TemplateId)
    return {
      decision: decideByGates<Pick<TemplateFacets, "isKnown" | "isReadOnly" | "isLabels">>(
        [templateKnown, templateEditable],
        {
          isKnown: template !== undefined,
          isReadOnly: template?.isReadOnly ?? false,
          isLabels: template?.labelId !== undefined,
        },
      ),
      events: [
        { _tag: "TemplateRemoved", templateId: template?.templateId ?? TemplateId, at: now },
      ],
      logged: { command: "RemoveTemplate", parameters: `-templateId ${TemplateId}` },
    }
  },
})

export const getTemplate = aipCmdlet({
  name: "Get-AipServiceTemplate",
  summary: "Shows the protection templates, those of labels included.",
  params: Schema.Struct({ TemplateId: Schema.optionalKey(byId) }),
  facts: ["MIP-195", "MIP-201"],
  isReadOnly: true,
  decide: ({ world }, { TemplateId }) => {
    const wanted = TemplateId === undefined ? undefined : templateOf(world, TemplateId)
    const all = TemplateId === undefined ? templatesOf(world) : wanted === undefined ? [] : [wanted]
    return { output: all.map(shown) }
  },
})

const shown = (template: ProtectionTemplate): OutputObject => ({
  TemplateId: template.templateId,
  Names: template.name,
  Descriptions: template.description,
  Status: template.status,
  RightsDefinitions: formatRightsDefinitions(template.grants),
  ContentExpirationOption: template.contentExpiry._tag,
  LicenseValidityDuration: template.licenceValidityDays,
  ReadOnly: template.isReadOnly,
  ScopedIdentities: template.scopedIdentities,
})
