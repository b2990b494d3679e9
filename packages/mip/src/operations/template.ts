import { type Call, decideByGates, type OutputObject } from "@twin/kernel"
import { Schema } from "effect"
import { formatRightsDefinitions, normalWho } from "../Grant.ts"
import type { ProtectionTemplate } from "../Protection.ts"
import { type MipWorld, templateOf, templatesOf } from "../State.ts"
import { aipCmdlet } from "./aipCmdlet.ts"
import {
  type TemplateFacets,
  templateEditable,
  templateGates,
  templateKnown,
  templateRights,
} from "./templateGates.ts"
import {
  customTemplates,
  expiryFrom,
  grantsOf,
  namesFacet,
  rightsFacet,
  shownLanguage,
  type TemplateParams,
  templateParams,
} from "./templateParams.ts"

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
  decide: ({ world, draw, now }: Call<MipWorld>, params) => {
    const expiry = expiryFrom(params)
    const language = shownLanguage(params.Names)
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
      ...legacyApps(params),
      ...languagesOf(params),
      isReadOnly: false,
    }
    return {
      decision: decideByGates(templateGates, {
        isKnown: true,
        isReadOnly: false,
        isLabels: false,
        isStatusOnly: false,
        names: namesFacet(params),
        rights: rightsFacet(params.RightsDefinitions ?? []),
        templates: customTemplates(world),
        expiry: expiry === undefined ? "incomplete" : "fits",
        licenceDays: template.licenceValidityDays,
      }),
      events: [{ _tag: "TemplateStored", template, at: now }],
      output: [shown(template)],
      logged: { command: "AddTemplate", parameters: `-templateId ${template.templateId}` },
    }
  },
})

/** Only what was given: a template without the switch leaves old applications without it. */
export const legacyApps = ({ EnableInLegacyApps: isOn }: TemplateParams) =>
  isOn === undefined ? {} : { enableInLegacyApps: isOn }

/** Names and descriptions by language, where there is more than one language. */
export const languagesOf = ({ Names = {}, Descriptions = {} }: TemplateParams) =>
  Object.keys(Names).length > 1 ? { names: Names, descriptions: Descriptions } : {}

export const byId = Schema.NonEmptyString.annotate({ description: "Template id" })

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
      decision: decideByGates<
        Pick<TemplateFacets, "isKnown" | "isReadOnly" | "isLabels" | "isStatusOnly">
      >([templateKnown, templateEditable], {
        isKnown: template !== undefined,
        isReadOnly: template?.isReadOnly ?? false,
        isLabels: template?.labelId !== undefined,
        isStatusOnly: false,
      }),
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
    const all = wanted === undefined ? templatesOf(world) : [wanted]
    return {
      decision: decideByGates<Pick<TemplateFacets, "isKnown">>([templateKnown], {
        isKnown: TemplateId === undefined || wanted !== undefined,
      }),
      output: all.map(shown),
    }
  },
})

export const shown = (template: ProtectionTemplate): OutputObject => ({
  TemplateId: template.templateId,
  Names: template.name,
  Descriptions: template.description,
  Status: template.status,
  RightsDefinitions: formatRightsDefinitions(template.grants),
  ContentExpirationOption: template.contentExpiry._tag,
  LicenseValidityDuration: template.licenceValidityDays,
  ReadOnly: template.isReadOnly,
  ScopedIdentities: template.scopedIdentities,
  EnableInLegacyApps: template.enableInLegacyApps ?? false,
})
