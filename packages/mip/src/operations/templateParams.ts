import { Schema } from "effect"
import { type Grant, normalWho, ownerIdentity } from "../Grant.ts"
import type { ContentExpiry } from "../Label.ts"
import { type MipWorld, templatesOf } from "../State.ts"
import { rightOf } from "../UsageRight.ts"
import { expiryOf } from "./labelWith.ts"
import { RightsDefinition, type TemplateFacets } from "./templateGates.ts"

const texts = Schema.Record(Schema.String, Schema.String)

export const templateParams = {
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
  EnableInLegacyApps: Schema.optionalKey(
    Schema.Boolean.annotate({
      description: "Applications that cannot read the scope show it to everybody, or to nobody",
    }),
  ),
}
export const TemplateParams = Schema.Struct(templateParams)
export type TemplateParams = typeof TemplateParams.Type

/** The language that is shown: English where there is English, otherwise the first. */
export const shownLanguage = (names: Readonly<Record<string, string>> = {}): string =>
  Object.hasOwn(names, "1033") ? "1033" : (Object.keys(names).toSorted()[0] ?? "")

export const whoOf = ({ EmailAddress, DomainName }: RightsDefinition): string =>
  EmailAddress === ownerIdentity ? ownerIdentity : normalWho(EmailAddress ?? DomainName ?? "")

export const grantsOf = (definitions: readonly RightsDefinition[]): readonly Grant[] =>
  definitions.map((it) => ({
    who: whoOf(it),
    rights: it.Rights.flatMap((name) => rightOf(name) ?? []),
  }))

export const rightsFacet = (definitions: readonly RightsDefinition[]): TemplateFacets["rights"] => {
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

export const namesFacet = ({ Names, Descriptions }: TemplateParams): TemplateFacets["names"] => {
  const names = Object.entries(Names ?? {})
  const languages = names.map(([id]) => id).toSorted()
  const described = Object.keys(Descriptions ?? {}).toSorted()
  if (names.length === 0 || languages.join() !== described.join()) return "empty"
  if ([...names, ...Object.entries(Descriptions ?? {})].some(([, text]) => text.trim() === "")) {
    return "empty"
  }
  return names.some(([, name]) => /[<>%&/?;+\\:#]/.test(name)) ? "forbidden" : "fit"
}

export const expiryFrom = (params: TemplateParams): ContentExpiry | undefined => {
  const { ContentExpirationOption: option } = params
  if (option === undefined || option === "Never") return { _tag: "Never" }
  if (option === "AfterDays") {
    const { ContentValidityDuration: duration } = params
    return duration === undefined || duration < 1
      ? undefined
      : { _tag: "AfterDays", days: duration }
  }
  return expiryOf(params.ContentExpirationDate)
}

export const customTemplates = (world: MipWorld): number =>
  templatesOf(world).filter(({ isReadOnly, labelId }) => !isReadOnly && labelId === undefined)
    .length
