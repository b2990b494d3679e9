import { Schema } from "effect"
import type { Label } from "./Label.ts"

type Locales = NonNullable<Label["locales"]>

const Setting = Schema.Struct({ Key: Schema.String, Value: Schema.String })
const LocaleTexts = Schema.Struct({
  localeKey: Schema.Literals(["DisplayName", "Tooltip"]),
  Settings: Schema.Array(Setting),
})
const isLocaleTexts = Schema.is(LocaleTexts)

/**
 * `-LocaleSettings`: one JSON text for the names and one for the tooltips, each with a value by
 * language. What is named replaces what was there.
 */
export const readLocales = (
  before: Locales | undefined,
  texts: readonly string[],
): { readonly locales: Locales } | { readonly problem: string } => {
  const locales = new Map(Object.entries(before ?? {}))
  for (const text of texts) {
    const parsed = parse(text)
    if (!isLocaleTexts(parsed)) return { problem: "it is no JSON with localeKey and Settings" }
    for (const { Key, Value } of parsed.Settings) {
      const language = Key.trim().toLowerCase()
      if (language !== "default" && !/^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,2}$/.test(language)) {
        return { problem: `'${Key}' is no language` }
      }
      const known = locales.get(language) ?? {}
      locales.set(
        language,
        parsed.localeKey === "DisplayName"
          ? { ...known, displayName: Value }
          : { ...known, tooltip: Value },
      )
    }
  }
  const sorted = [...locales].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { locales: Object.fromEntries(sorted) }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Name and tooltip in a language; `fr-CA` falls back to `fr`, and then to those without language. */
export const localized = (
  label: Label,
  language: string,
): { readonly displayName: string; readonly tooltip: string } => {
  const wanted = language.toLowerCase()
  const texts = label.locales?.[wanted] ?? label.locales?.[wanted.split("-")[0] ?? ""] ?? {}
  return {
    displayName: texts.displayName ?? label.displayName,
    tooltip: texts.tooltip ?? label.tooltip,
  }
}

/** The way `Get-Label` prints the settings. */
export const printedLocales = (label: Label): readonly string[] =>
  (["DisplayName", "Tooltip"] as const).flatMap((localeKey) => {
    const Settings = Object.entries(label.locales ?? {}).flatMap(([Key, texts]) => {
      const Value = localeKey === "DisplayName" ? texts.displayName : texts.tooltip
      return Value === undefined ? [] : [{ Key, Value }]
    })
    return Settings.length === 0 ? [] : [JSON.stringify({ localeKey, Settings })]
  })
