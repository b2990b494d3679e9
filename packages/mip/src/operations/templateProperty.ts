import {
  canonicalJson,
  decideByGates,
  deny,
  gate,
  isoOf,
  type OutputObject,
  pass,
} from "@twin/kernel"
import { HashMap, Option, Schema } from "effect"
import { formatRightsDefinitions, normalWho } from "../Grant.ts"
import { ProtectionTemplate } from "../Protection.ts"
import { ledgerOf, type MipWorld, templateOf } from "../State.ts"
import { aipCmdlet } from "./aipCmdlet.ts"
import { byId, languagesOf, legacyApps } from "./template.ts"
import {
  type TemplateFacets,
  templateEditable,
  templateGates,
  templateKnown,
  templateLimits,
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

const isGiven = (params: TemplateParams, key: keyof TemplateParams): boolean =>
  params[key] !== undefined

const isStatusAlone = (params: TemplateParams): boolean =>
  Object.entries(params).every(([key, value]) => value === undefined || key === "Status")

/** What was given takes the place of what was there; everything else stays (MIP-198). */
const overwritten = (before: ProtectionTemplate, params: TemplateParams): ProtectionTemplate => {
  const language = shownLanguage(params.Names)
  const { names: _names, descriptions: _descriptions, ...rest } = before
  const kept = isGiven(params, "Names") ? rest : before
  return {
    ...kept,
    ...languagesOf(params),
    ...legacyApps(params),
    name: params.Names?.[language] ?? before.name,
    description: params.Descriptions?.[language] ?? before.description,
    status: params.Status ?? before.status,
    grants:
      params.RightsDefinitions === undefined ? before.grants : grantsOf(params.RightsDefinitions),
    contentExpiry: isGiven(params, "ContentExpirationOption")
      ? (expiryFrom(params) ?? before.contentExpiry)
      : before.contentExpiry,
    licenceValidityDays: params.LicenseValidityDuration ?? before.licenceValidityDays,
    scopedIdentities: params.ScopedIdentities?.map(normalWho) ?? before.scopedIdentities,
  }
}

const facetsOf = (
  template: ProtectionTemplate | undefined,
  params: TemplateParams,
): TemplateFacets => ({
  isKnown: template !== undefined,
  isReadOnly: template?.isReadOnly ?? false,
  isLabels: template?.labelId !== undefined,
  isStatusOnly: isStatusAlone(params),
  names: isGiven(params, "Names") || isGiven(params, "Descriptions") ? namesFacet(params) : "fit",
  rights: params.RightsDefinitions === undefined ? "fit" : rightsFacet(params.RightsDefinitions),
  // Nothing is added, so the limit is not reached by this.
  templates: 0,
  expiry:
    isGiven(params, "ContentExpirationOption") && expiryFrom(params) === undefined
      ? "incomplete"
      : "fits",
  licenceDays: params.LicenseValidityDuration ?? template?.licenceValidityDays ?? -1,
})

export const setTemplateProperty = aipCmdlet({
  name: "Set-AipServiceTemplateProperty",
  summary: "Overwrites properties of a protection template; the others stay.",
  params: Schema.Struct({
    TemplateId: byId,
    ...templateParams,
    Confirm: Schema.optionalKey(Schema.Boolean.annotate({ description: "Asks first" })),
  }),
  facts: ["MIP-195", "MIP-198", "MIP-199", "MIP-200"],
  binding: { switches: ["Confirm"], pipeline: "TemplateId" },
  decide: ({ world, now }, { TemplateId, Confirm: _confirm, ...params }) => {
    const template = templateOf(world, TemplateId)
    return {
      decision: decideByGates(templateGates, facetsOf(template, params)),
      events:
        template === undefined
          ? []
          : [{ _tag: "TemplateStored", template: overwritten(template, params), at: now }],
      logged: { command: "SetTemplateProperty", parameters: `-templateId ${TemplateId}` },
    }
  },
})

/** Each property, and how the cmdlet prints it; the names are those of its switches. */
const properties: Readonly<Record<string, (it: ProtectionTemplate) => Schema.Json>> = {
  Names: ({ names, name }) => names ?? name,
  Descriptions: ({ descriptions, description }) => descriptions ?? description,
  RightsDefinitions: ({ grants }) => formatRightsDefinitions(grants),
  ContentExpirationOption: ({ contentExpiry }) => contentExpiry._tag,
  ContentExpirationDate: ({ contentExpiry }) =>
    contentExpiry._tag === "OnDate" ? isoOf(contentExpiry.at) : null,
  ContentValidityDuration: ({ contentExpiry }) =>
    contentExpiry._tag === "AfterDays" ? contentExpiry.days : 0,
  LicenseValidityDuration: ({ licenceValidityDays }) => licenceValidityDays,
  ReadOnly: ({ isReadOnly }) => isReadOnly,
  Status: ({ status }) => status,
  ScopedIdentities: ({ scopedIdentities }) => scopedIdentities,
  EnableInLegacyApps: ({ enableInLegacyApps }) => enableInLegacyApps ?? false,
}

const wanted = (property: string) =>
  Schema.optionalKey(Schema.Boolean.annotate({ description: `Shows ${property}` }))

export const getTemplateProperty = aipCmdlet({
  name: "Get-AipServiceTemplateProperty",
  summary: "Shows those properties of a protection template that are asked for.",
  params: Schema.Struct({
    TemplateId: byId,
    Names: wanted("Names"),
    Descriptions: wanted("Descriptions"),
    RightsDefinitions: wanted("RightsDefinitions"),
    ContentExpirationOption: wanted("ContentExpirationOption"),
    ContentExpirationDate: wanted("ContentExpirationDate"),
    ContentValidityDuration: wanted("ContentValidityDuration"),
    LicenseValidityDuration: wanted("LicenseValidityDuration"),
    ReadOnly: wanted("ReadOnly"),
    Status: wanted("Status"),
    ScopedIdentities: wanted("ScopedIdentities"),
    EnableInLegacyApps: wanted("EnableInLegacyApps"),
  }),
  facts: ["MIP-195", "MIP-196", "MIP-198"],
  binding: { switches: Object.keys(properties), pipeline: "TemplateId" },
  isReadOnly: true,
  decide: ({ world }, { TemplateId, ...asked }) => {
    const template = templateOf(world, TemplateId)
    const rows: readonly OutputObject[] =
      template === undefined
        ? []
        : [
            Object.fromEntries([
              ["TemplateId", template.templateId],
              ...Object.entries(properties)
                .filter(([name]) => Object.entries(asked).some(([key, on]) => key === name && on))
                .map(([name, print]) => [name, print(template)]),
            ]),
          ]
    return {
      decision: decideByGates<Pick<TemplateFacets, "isKnown">>([templateKnown], {
        isKnown: template !== undefined,
      }),
      output: rows,
    }
  },
})

interface FileFacets {
  readonly file: "writable" | "there" | "missing" | "damaged" | "readable"
}

const templateFile = gate<FileFacets>()({
  name: "template-file",
  facts: ["MIP-198"],
  reads: ["file"],
  check: ({ file }) => {
    const details = { file }
    switch (file) {
      case "writable":
        return pass("The file can be written.", details)
      case "readable":
        return pass("The file holds a template.", details)
      case "there":
        return deny("There is a file of this name already.", details, {
          code: "FileExists",
          message: "The file already exists. Use -Force to overwrite it.",
        })
      case "missing":
        return deny("There is no such file.", details, {
          code: "FileNotFound",
          message: "The template file was not found.",
        })
      case "damaged":
        return deny("The file holds no template.", details, {
          code: "BadInputError",
          message: "The file does not contain a valid template.",
        })
    }
  },
})

const path = Schema.NonEmptyString.annotate({ description: "Path of the file" })
const force = Schema.optionalKey(Schema.Boolean.annotate({ description: "Does not ask" }))
const fileOf = (world: MipWorld, at: string): string | undefined =>
  Option.getOrUndefined(HashMap.get(ledgerOf(world).templateFiles, at.toLowerCase()))

export const exportTemplate = aipCmdlet({
  name: "Export-AipServiceTemplate",
  summary: "Writes all properties of a protection template to a file.",
  params: Schema.Struct({ TemplateId: byId, Path: path, Force: force }),
  facts: ["MIP-198"],
  binding: { switches: ["Force"], pipeline: "TemplateId" },
  decide: ({ world, now }, { TemplateId, Path, Force = false }) => {
    const template = templateOf(world, TemplateId)
    const isThere = fileOf(world, Path) !== undefined
    return {
      decision: decideByGates<Pick<TemplateFacets, "isKnown"> & FileFacets>(
        [templateKnown, templateFile],
        { isKnown: template !== undefined, file: isThere && !Force ? "there" : "writable" },
      ),
      events:
        template === undefined
          ? []
          : [{ _tag: "TemplateExported", path: Path, text: canonicalJson(template), at: now }],
      logged: { command: "ExportTemplate", parameters: `-templateId ${TemplateId}` },
    }
  },
})

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(ProtectionTemplate), {
  onExcessProperty: "error",
})

/** The id in the file counts: a template of this id is overwritten, otherwise one is added. */
export const importTemplate = aipCmdlet({
  name: "Import-AipServiceTemplate",
  summary:
    "Reads a protection template from a file, instead of one of the same id or as a new one.",
  params: Schema.Struct({ Path: path, Force: force }),
  facts: ["MIP-195", "MIP-197", "MIP-198"],
  binding: { positional: ["Path"], switches: ["Force"] },
  decide: ({ world, now }, { Path }) => {
    const text = fileOf(world, Path)
    const template = text === undefined ? undefined : Option.getOrUndefined(decode(text))
    const present = template === undefined ? undefined : templateOf(world, template.templateId)
    const { isReadOnly = false, labelId } = present ?? {}
    const decision = decideByGates<FileFacets & TemplateFacets>(
      [templateFile, templateEditable, templateLimitsOf(present)],
      {
        file: text === undefined ? "missing" : template === undefined ? "damaged" : "readable",
        isKnown: true,
        isReadOnly,
        isLabels: labelId !== undefined,
        isStatusOnly: false,
        names: "fit",
        rights: "fit",
        templates: customTemplates(world),
        expiry: "fits",
        licenceDays: template?.licenceValidityDays ?? -1,
      },
    )
    return {
      decision,
      events: template === undefined ? [] : [{ _tag: "TemplateStored", template, at: now }],
      logged: { command: "ImportTemplate", parameters: `-path ${Path}` },
      output: template === undefined ? [] : [{ TemplateId: template.templateId }],
    }
  },
})

/** Whatever takes the place of another adds nothing. */
const templateLimitsOf = (present: ProtectionTemplate | undefined) =>
  present === undefined ? templateLimits : templateKnown
