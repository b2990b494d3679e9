import { type Call, notRecognized, operation, type Ruling } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { classifyText, findingsIn } from "../classification/classifyText.ts"
import { countOf } from "../classification/SensitiveInformationType.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import { complianceReaderRoles, readable } from "./cmdlet.ts"

/** What a text contains, type by type: counts and places, never the values. */
export const testDataClassification = operation({
  name: "Test-DataClassification",
  summary: "Shows which sensitive information types and classifiers a text meets.",
  params: Schema.Struct({
    TextToClassify: Schema.NonEmptyString.annotate({ description: "The text" }),
    ClassificationNames: Schema.optionalKey(
      Schema.Array(Schema.NonEmptyString).annotate({ description: "Only these types" }),
    ),
  }),
  roles: complianceReaderRoles,
  roleRefusal: notRecognized("Test-DataClassification"),
  facts: ["MIP-151", "MIP-155", "MIP-157"],
  binding: { positional: ["TextToClassify"] },
  isReadOnly: true,
  secrets: ["TextToClassify"],
  decide: Effect.fnUntraced(function* (
    { world }: Call<MipWorld>,
    params: {
      readonly TextToClassify: string
      readonly ClassificationNames?: readonly string[]
    },
  ): Effect.fn.Return<Ruling<MipEvent>> {
    const { patterns, exact } = yield* findingsIn(world, params.TextToClassify)
    const { classifiers } = yield* classifyText(world, params.TextToClassify)
    const wanted = params.ClassificationNames?.map((it) => it.toLowerCase())
    const isWanted = (id: string, name: string): boolean =>
      wanted === undefined || wanted.includes(id) || wanted.includes(name.toLowerCase())
    return {
      decision: readable("classification of a text"),
      output: [
        ...[...patterns, ...exact]
          .filter(({ id, name }) => isWanted(id, name))
          .filter((it) => countOf(it, 65) > 0)
          .map((it) => ({
            ClassificationName: it.name,
            Id: it.id,
            Count: it.matches.filter(({ confidence }) => confidence >= 65).length,
            UniqueCount: countOf(it, 65),
            Low: countOf(it, 65),
            Medium: countOf(it, 75),
            High: countOf(it, 85),
            Confidence: it.matches.reduce((best, { confidence }) => Math.max(best, confidence), 0),
          })),
        ...world.mip.classification.classifiers
          .filter(({ id, name }) => classifiers.includes(id) && isWanted(id, name))
          .map(({ id, name }) => ({
            ClassificationName: name,
            Id: id,
            Count: 1,
            UniqueCount: 1,
            Low: 1,
            Medium: 1,
            High: 1,
            Confidence: 100,
          })),
      ],
    }
  }),
})
