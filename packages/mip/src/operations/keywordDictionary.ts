import { type Decision, decideByGates, deny, gate, type OutputObject, pass } from "@twin/kernel"
import { Schema } from "effect"
import { customTypeLimits, type KeywordDictionary } from "../classification/CustomType.ts"
import type { MipWorld } from "../State.ts"
import { common } from "./cmdlet.ts"
import { complianceCmdlet, complianceKind } from "./complianceCmdlet.ts"

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

const fileData = Schema.NonEmptyString.annotate({ description: "Terms, one a line" })
const description = Schema.optionalKey(Schema.String.annotate({ description: "What it is for" }))

const dictionaryOf = (world: MipWorld, name: string): KeywordDictionary | undefined =>
  world.mip.classification.dictionaries.find(
    (it) => it.id === name.toLowerCase() || it.name.toLowerCase() === name.toLowerCase(),
  )

const dictionaries = complianceKind({
  noun: "DlpKeywordDictionary",
  objects: "keyword dictionaries",
  identity: "Name or GUID of the dictionary",
  facts: ["MIP-156"],
  find: dictionaryOf,
})

const shown = ({ id, name, description: text, words }: KeywordDictionary): OutputObject => ({
  Identity: id,
  Name: name,
  Description: text,
  KeywordDictionary: words.join(","),
})

export const newKeywordDictionary = complianceCmdlet({
  name: "New-DlpKeywordDictionary",
  summary: "Makes a list of words that sensitive information types can use.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString.annotate({ description: "Unique" }),
    Description: description,
    FileData: fileData,
    ...common,
  }),
  facts: ["MIP-156"],
  binding: { positional: ["Name"] },
  decide: ({ world, now, draw }, params) => {
    const dictionary: KeywordDictionary = {
      id: draw.guid("keyword dictionary"),
      name: params.Name.trim(),
      description: params.Description ?? "",
      words: wordsOf(params.FileData),
    }
    return {
      decision: evaluateDictionary(world, dictionary, true),
      events: [{ _tag: "KeywordDictionaryStored", dictionary, at: now }],
      output: [shown(dictionary)],
      changed: dictionary.name,
    }
  },
})

export const setKeywordDictionary = complianceCmdlet({
  name: "Set-DlpKeywordDictionary",
  summary: "Replaces the words of a dictionary.",
  params: Schema.Struct({
    Identity: dictionaries.identity,
    Description: description,
    FileData: Schema.optionalKey(fileData),
    ...common,
  }),
  facts: ["MIP-156"],
  binding: { positional: ["Identity"] },
  decide: ({ world, now }, params) => {
    const before = dictionaryOf(world, params.Identity)
    if (before === undefined) return { decision: dictionaries.known(params.Identity, false) }
    const dictionary: KeywordDictionary = {
      ...before,
      description: params.Description ?? before.description,
      words: params.FileData === undefined ? before.words : wordsOf(params.FileData),
    }
    return {
      decision: evaluateDictionary(world, dictionary, false),
      events: [{ _tag: "KeywordDictionaryStored", dictionary, at: now }],
      changed: dictionary.name,
    }
  },
})

export const getKeywordDictionary = dictionaries.showing({
  summary: "Shows keyword dictionaries.",
  parameter: "Name",
  all: (world) => world.mip.classification.dictionaries,
  shown: (_world, it) => shown(it),
})

export const removeKeywordDictionary = dictionaries.removing({
  summary: "Takes a keyword dictionary away.",
  nameOf: ({ name }) => name,
  removed: ({ id }, now) => ({ _tag: "KeywordDictionaryRemoved", id, at: now }),
})
