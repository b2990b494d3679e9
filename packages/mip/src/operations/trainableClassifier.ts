import {
  type Call,
  type Due,
  decideByGates,
  deny,
  type GateRules,
  gate,
  isoOf,
  namedObjects,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import {
  heldOutAccuracy,
  type TrainableClassifier,
  train,
  trainingLimits,
} from "../classification/TrainableClassifier.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import { complianceAudit, complianceReaderRoles, complianceRoles, readable } from "./cmdlet.ts"

interface TrainingFacets {
  readonly positives: number
  readonly negatives: number
  readonly isNameTaken: boolean
}

const rule = gate<TrainingFacets>()

const trainingGates: GateRules<TrainingFacets> = [
  rule({
    name: "classifier-name",
    facts: ["MIP-157"],
    reads: ["isNameTaken"],
    check: ({ isNameTaken }) =>
      isNameTaken
        ? deny(
            "A classifier of this name is there already.",
            {},
            {
              message: "A trainable classifier with the same name already exists.",
            },
          )
        : pass("The name of the classifier is free."),
  }),
  rule({
    name: "classifier-samples",
    facts: ["MIP-157"],
    reads: ["positives", "negatives"],
    check: ({ positives, negatives }) => {
      const { positiveMin, positiveMax, negativeMin, negativeMax } = trainingLimits
      const details = { positives, negatives, positiveMin, positiveMax, negativeMin, negativeMax }
      const isEnough =
        positives >= positiveMin &&
        positives <= positiveMax &&
        negatives >= negativeMin &&
        negatives <= negativeMax
      return isEnough
        ? pass("There are as many samples of both kinds as training needs.", details)
        : deny("There are too few or too many samples to train with.", details, {
            code: "ClassifierSampleCount",
            message: `Training needs ${positiveMin} to ${positiveMax} positive and ${negativeMin} to ${negativeMax} negative samples.`,
          })
    },
  }),
]

const samples = (description: string) => Schema.Array(Schema.String).annotate({ description })

const classifierOf = (world: MipWorld, name: string): TrainableClassifier | undefined =>
  world.mip.classification.classifiers.find(
    (it) => it.id === name.toLowerCase() || it.name.toLowerCase() === name.toLowerCase(),
  )

export const trainClassifier = operation({
  name: "train-classifier",
  summary: "Shows a classifier what belongs to it and what does not; training takes a day.",
  params: Schema.Struct({
    name: Schema.NonEmptyString.annotate({ description: "Name of the classifier" }),
    description: Schema.optionalKey(Schema.String),
    positives: samples("Texts that belong to it, 50 to 500"),
    negatives: samples("Texts that do not, 150 to 1500"),
  }),
  roles: complianceRoles,
  facts: ["MIP-157"],
  secrets: ["positives", "negatives"],
  decide: ({ world, now, draw }: Call<MipWorld>, params): Ruling<MipEvent> => {
    const { name, positives, negatives } = params
    const decision = decideByGates(trainingGates, {
      positives: positives.length,
      negatives: negatives.length,
      isNameTaken: classifierOf(world, name) !== undefined,
    })
    if (decision.outcome !== "allow") return { decision }
    const classifier: TrainableClassifier = {
      id: draw.guid("classifier"),
      name: name.trim(),
      description: params.description ?? "",
      state: "InProgress",
      model: train(positives, negatives),
      accuracy: heldOutAccuracy(positives, negatives),
      trainingEndsAt: now + trainingLimits.trainingMillis,
      createdAt: now,
    }
    return {
      decision,
      events: [{ _tag: "ClassifierTrainingStarted", classifier, at: now }],
      output: [shown(classifier)],
      audit: [
        complianceAudit("TrainableClassifierCreated", classifier.name, {
          Description: classifier.description,
          PositiveSamples: positives.length,
          NegativeSamples: negatives.length,
        }),
      ],
    }
  },
})

const publishable = gate<{ readonly state: string }>()({
  name: "classifier-trained",
  facts: ["MIP-157"],
  reads: ["state"],
  check: ({ state }) =>
    state === "InProgress"
      ? deny(
          "The classifier is still being trained.",
          { state },
          {
            message: "The classifier can be published when training has ended.",
          },
        )
      : pass("The classifier has been trained.", { state }),
})

const classifierNames = namedObjects({ objects: "trainable classifiers", facts: ["MIP-157"] })

const named = Schema.Struct({
  name: Schema.NonEmptyString.annotate({ description: "Name or GUID of the classifier" }),
})

export const publishClassifier = operation({
  name: "publish-classifier",
  summary: "Makes a trained classifier usable in conditions.",
  params: named,
  roles: complianceRoles,
  facts: ["MIP-157"],
  decide: ({ world, now }: Call<MipWorld>, { name }): Ruling<MipEvent> => {
    const classifier = classifierOf(world, name)
    if (classifier === undefined) return { decision: classifierNames.known(name, false) }
    const decision = decideByGates([publishable], { state: classifier.state })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "ClassifierPublished", id: classifier.id, at: now }],
      audit: [
        complianceAudit("TrainableClassifierPublished", classifier.name, { State: "Published" }),
      ],
    }
  },
})

export const listClassifiers = operation({
  name: "list-classifiers",
  summary: "Shows trainable classifiers, their state and how well they do.",
  params: Schema.Struct({}),
  roles: complianceReaderRoles,
  facts: ["MIP-157"],
  isReadOnly: true,
  decide: ({ world }: Call<MipWorld>): Ruling<MipEvent> => ({
    decision: readable("trainable classifiers"),
    output: world.mip.classification.classifiers.map(shown),
  }),
})

const shown = (it: TrainableClassifier): OutputObject => ({
  Name: it.name,
  Id: it.id,
  State: it.state,
  PositiveSamples: it.model.positiveDocuments,
  NegativeSamples: it.model.negativeDocuments,
  Accuracy: Math.round(it.accuracy * 1000) / 1000,
  TrainingEndsUTC: isoOf(it.trainingEndsAt),
})

const trained = gate<{ readonly classifiers: number }>()({
  name: "classifier-training",
  facts: ["MIP-157"],
  reads: ["classifiers"],
  check: ({ classifiers }) => pass("Training has ended.", { classifiers }),
})

/** Training that has ended by a moment: the earliest first. */
export const dueTraining = (world: MipWorld, until: number): readonly Due<MipEvent>[] => {
  const running = world.mip.classification.classifiers
    .filter(({ state, trainingEndsAt }) => state === "InProgress" && trainingEndsAt <= until)
    .toSorted((a, b) => a.trainingEndsAt - b.trainingEndsAt)
  return running.map(({ id, trainingEndsAt: at }) => ({
    at,
    name: "classifier-trained",
    decision: decideByGates([trained], { classifiers: 1 }),
    events: [{ _tag: "ClassifierTrained" as const, id, at }],
  }))
}
