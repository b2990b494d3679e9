import { hours } from "@twin/kernel"
import { Schema } from "effect"

/** Multinomial naive Bayes: how often each word stands in documents of both kinds. */
export const ClassifierModel = Schema.Struct({
  positiveDocuments: Schema.Int,
  negativeDocuments: Schema.Int,
  positiveWords: Schema.Int,
  negativeWords: Schema.Int,
  /** Word, count in positive documents, count in negative ones; sorted by word. */
  words: Schema.Array(Schema.Tuple([Schema.String, Schema.Int, Schema.Int])),
})
export type ClassifierModel = typeof ClassifierModel.Type

/** A classifier that was shown what belongs to it and what does not (MIP-157). */
export const TrainableClassifier = Schema.Struct({
  id: Schema.NonEmptyString,
  name: Schema.NonEmptyString,
  description: Schema.String,
  state: Schema.Literals(["InProgress", "ReadyToPublish", "Published"]),
  model: ClassifierModel,
  /** Share of held-out documents that it told right, 0 to 1. */
  accuracy: Schema.Finite,
  trainingEndsAt: Schema.Finite,
  createdAt: Schema.Finite,
})
export type TrainableClassifier = typeof TrainableClassifier.Type

/** How many documents are needed and taken, and how long training may last (MIP-157). */
export const trainingLimits = {
  positiveMin: 50,
  positiveMax: 500,
  negativeMin: 150,
  negativeMax: 1500,
  trainingMillis: hours(24),
  vocabulary: 4_000,
} as const

/** Content belongs to it from this probability on. */
export const classifierThreshold = 0.9

const tokensOf = (text: string): readonly string[] =>
  text.toLowerCase().match(/[\p{L}][\p{L}'-]{1,40}/gu) ?? []

const countsOf = (documents: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const document of documents) {
    for (const token of tokensOf(document)) counts.set(token, (counts.get(token) ?? 0) + 1)
  }
  return counts
}

/** Counts words of both kinds of documents; the most telling ones are kept. */
export const train = (
  positives: readonly string[],
  negatives: readonly string[],
): ClassifierModel => {
  const yes = countsOf(positives)
  const no = countsOf(negatives)
  const vocabulary = [...new Set([...yes.keys(), ...no.keys()])]
    .map((word): readonly [string, number, number] => [word, yes.get(word) ?? 0, no.get(word) ?? 0])
    .toSorted((a, b) => b[1] + b[2] - (a[1] + a[2]) || (a[0] < b[0] ? -1 : 1))
    .slice(0, trainingLimits.vocabulary)
    .toSorted((a, b) => (a[0] < b[0] ? -1 : 1))
  return {
    positiveDocuments: positives.length,
    negativeDocuments: negatives.length,
    positiveWords: vocabulary.reduce((sum, [, count]) => sum + count, 0),
    negativeWords: vocabulary.reduce((sum, [, , count]) => sum + count, 0),
    words: vocabulary,
  }
}

const tables = new WeakMap<ClassifierModel, ReadonlyMap<string, readonly [number, number]>>()

const tableOf = (model: ClassifierModel): ReadonlyMap<string, readonly [number, number]> => {
  const known = tables.get(model)
  if (known !== undefined) return known
  const made = new Map(model.words.map(([word, yes, no]) => [word, [yes, no] as const]))
  tables.set(model, made)
  return made
}

/** Probability that a text belongs to the positive documents; 0 for a text without known words. */
export const probabilityOf = (model: ClassifierModel, text: string): number => {
  const table = tableOf(model)
  const size = model.words.length
  const documents = model.positiveDocuments + model.negativeDocuments
  let known = 0
  let odds =
    Math.log((model.positiveDocuments + 1) / (documents + 2)) -
    Math.log((model.negativeDocuments + 1) / (documents + 2))
  for (const token of tokensOf(text)) {
    const counts = table.get(token)
    if (counts === undefined) continue
    known += 1
    odds +=
      Math.log((counts[0] + 1) / (model.positiveWords + size)) -
      Math.log((counts[1] + 1) / (model.negativeWords + size))
  }
  return known === 0 ? 0 : 1 / (1 + Math.exp(-odds))
}

const isHeldOut = (_: string, index: number): boolean => index % 5 === 4
const kept = (_: string, index: number): boolean => index % 5 !== 4

/** Trains on four of five documents and tries the fifth: the share that is told right. */
export const heldOutAccuracy = (
  positives: readonly string[],
  negatives: readonly string[],
): number => {
  const model = train(positives.filter(kept), negatives.filter(kept))
  const yes = positives.filter(isHeldOut)
  const no = negatives.filter(isHeldOut)
  const right =
    yes.filter((it) => probabilityOf(model, it) >= classifierThreshold).length +
    no.filter((it) => probabilityOf(model, it) < classifierThreshold).length
  const all = yes.length + no.length
  return all === 0 ? 0 : right / all
}
