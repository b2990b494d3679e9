import {
  type Call,
  commonSwitches,
  type Decision,
  decideByGates,
  deny,
  gate,
  notRecognized,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { customTypeLimits, type KeywordDictionary } from "../classification/CustomType.ts"
import { evaluateKnown } from "../decisions/evaluateKnown.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import {
  common,
  complianceAudit,
  complianceReaderRoles,
  complianceRoles,
  readable,
  whatIfWarning,
} from "./cmdlet.ts"

interface DictionaryFacets {
  readonly bytes: number
  readonly words: number
  readonly isNameTaken: boolean
}

const dictionaryFits = gate<DictionaryFacets>()({
  name: "keyword-dictionary",
  facts: ["MIP-156"],
  reads: ["bytes", "words", "isNameTaken"],
  check: ({ bytes, words, isNameTaken }) => {
    const details = { bytes, bytesMax: customTypeLimits.dictionaryBytes, words }
    if (isNameTaken) {
      return deny("A dictionary of this name is there already.", details, {
        message: "A keyword dictionary with the same name already exists.",
      })
    }
    if (words === 0) {
      return deny("A dictionary has to have words.", details, {
        message: "The dictionary contains no terms.",
      })
    }
    return bytes > customTypeLimits.dictionaryBytes
      ? deny("The dictionaries of the tenant are larger than they may be.", details, {
          message: "Keyword dictionaries can have at most 1 MB.",
        })
      : pass("The dictionary has words, and all of them together are small enough.", details)
  },
})

const sizeOf = (dictionaries: readonly KeywordDictionary[]): number =>
  dictionaries.reduce((sum, { words }) => sum + Buffer.byteLength(words.join("\n")), 0)

const evaluateDictionary = (
  world: MipWorld,
  dictionary: KeywordDictionary,
  isNew: boolean,
): Decision => {
  const others = world.mip.classification.dictionaries.filter(({ id }) => id !== dictionary.id)
  return decideByGates([dictionaryFits], {
    bytes: sizeOf([...others, dictionary]),
    words: dictionary.words.length,
    isNameTaken:
      isNew && others.some(({ name }) => name.toLowerCase() === dictionary.name.toLowerCase()),
  })
}

/** Terms, one a line or separated by commas, each once. */
const wordsOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/\r?\n|,/)
      .map((it) => it.trim())
      .filter((it) => it !== ""),
  ),
]

const identity = Schema.NonEmptyString.annotate({ description: "Name or GUID of the dictionary" })
const fileData = Schema.NonEmptyString.annotate({ description: "Terms, one a line" })
const description = Schema.optionalKey(Schema.String.annotate({ description: "What it is for" }))

const dictionaryOf = (world: MipWorld, name: string): KeywordDictionary | undefined =>
  world.mip.classification.dictionaries.find(
    (it) => it.id === name.toLowerCase() || it.name.toLowerCase() === name.toLowerCase(),
  )

const shown = ({ id, name, description: text, words }: KeywordDictionary): OutputObject => ({
  Identity: id,
  Name: name,
  Description: text,
  KeywordDictionary: words.join(","),
})

export const newKeywordDictionary = operation({
  name: "New-DlpKeywordDictionary",
  summary: "Makes a list of words that sensitive information types can use.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString.annotate({ description: "Unique" }),
    Description: description,
    FileData: fileData,
    ...common,
  }),
  roles: complianceRoles,
  roleRefusal: notRecognized("New-DlpKeywordDictionary"),
  facts: ["MIP-156"],
  binding: { positional: ["Name"], switches: commonSwitches },
  decide: ({ world, now, draw }: Call<MipWorld>, params): Ruling<MipEvent> => {
    const dictionary: KeywordDictionary = {
      id: draw.guid("keyword dictionary"),
      name: params.Name.trim(),
      description: params.Description ?? "",
      words: wordsOf(params.FileData),
    }
    const decision = evaluateDictionary(world, dictionary, true)
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "KeywordDictionaryStored", dictionary, at: now }],
      output: [shown(dictionary)],
      audit: [complianceAudit("New-DlpKeywordDictionary", dictionary.name, {})],
      warnings: whatIfWarning(params),
    }
  },
})

export const setKeywordDictionary = operation({
  name: "Set-DlpKeywordDictionary",
  summary: "Replaces the words of a dictionary.",
  params: Schema.Struct({
    Identity: identity,
    Description: description,
    FileData: Schema.optionalKey(fileData),
    ...common,
  }),
  roles: complianceRoles,
  roleRefusal: notRecognized("Set-DlpKeywordDictionary"),
  facts: ["MIP-156"],
  binding: { positional: ["Identity"], switches: commonSwitches },
  decide: ({ world, now }: Call<MipWorld>, params): Ruling<MipEvent> => {
    const before = dictionaryOf(world, params.Identity)
    if (before === undefined) return { decision: evaluateKnown("keyword dictionary", false) }
    const dictionary: KeywordDictionary = {
      ...before,
      description: params.Description ?? before.description,
      words: params.FileData === undefined ? before.words : wordsOf(params.FileData),
    }
    const decision = evaluateDictionary(world, dictionary, false)
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "KeywordDictionaryStored", dictionary, at: now }],
      audit: [complianceAudit("Set-DlpKeywordDictionary", dictionary.name, {})],
      warnings: whatIfWarning(params),
    }
  },
})

export const getKeywordDictionary = operation({
  name: "Get-DlpKeywordDictionary",
  summary: "Shows keyword dictionaries.",
  params: Schema.Struct({ Name: Schema.optionalKey(identity) }),
  roles: complianceReaderRoles,
  roleRefusal: notRecognized("Get-DlpKeywordDictionary"),
  facts: ["MIP-156"],
  binding: { positional: ["Name"] },
  isReadOnly: true,
  decide: ({ world }: Call<MipWorld>, { Name }): Ruling<MipEvent> => {
    const found = Name === undefined ? undefined : dictionaryOf(world, Name)
    const all = world.mip.classification.dictionaries
    return {
      decision: readable("keyword dictionaries"),
      output: (Name === undefined ? all : found === undefined ? [] : [found]).map(shown),
    }
  },
})

export const removeKeywordDictionary = operation({
  name: "Remove-DlpKeywordDictionary",
  summary: "Takes a keyword dictionary away.",
  params: Schema.Struct({ Identity: identity, ...common }),
  roles: complianceRoles,
  roleRefusal: notRecognized("Remove-DlpKeywordDictionary"),
  facts: ["MIP-156"],
  binding: { positional: ["Identity"], switches: commonSwitches },
  decide: ({ world, now }: Call<MipWorld>, params): Ruling<MipEvent> => {
    const found = dictionaryOf(world, params.Identity)
    const decision = evaluateKnown("keyword dictionary", found !== undefined)
    if (found === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "KeywordDictionaryRemoved", id: found.id, at: now }],
      audit: [complianceAudit("Remove-DlpKeywordDictionary", found.name, params)],
      warnings: whatIfWarning(params),
    }
  },
})
