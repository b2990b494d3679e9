import { Schema } from "effect"
import { CustomType, KeywordDictionary } from "./CustomType.ts"
import { ExactSchema, ExactTable } from "./ExactData.ts"
import { TrainableClassifier } from "./TrainableClassifier.ts"

/** What this tenant recognises beside the built-in types; lists sorted by name. */
export interface ClassificationState {
  readonly types: readonly CustomType[]
  readonly dictionaries: readonly KeywordDictionary[]
  readonly schemas: readonly ExactSchema[]
  readonly tables: readonly ExactTable[]
  /** When tables were uploaded, by data store: a limit per day. */
  readonly uploads: readonly { readonly dataStore: string; readonly at: number }[]
  readonly classifiers: readonly TrainableClassifier[]
}

export const initialClassification: ClassificationState = {
  types: [],
  dictionaries: [],
  schemas: [],
  tables: [],
  uploads: [],
  classifiers: [],
}

const id = Schema.NonEmptyString
const at = Schema.Finite

/** Events of this part of the slice. */
export const classificationEvents = {
  /** The types of a package replace those that came with it before. */
  RulePackageStored: { packageId: id, types: Schema.Array(CustomType), at },
  RulePackageRemoved: { packageId: id, at },
  /** Hashes of forms only: no word is in it. */
  FingerprintTypeStored: { type: CustomType, at },
  FingerprintTypeRemoved: { id, at },
  KeywordDictionaryStored: { dictionary: KeywordDictionary, at },
  KeywordDictionaryRemoved: { id, at },
  ExactSchemaStored: { schema: ExactSchema, at },
  ExactSchemaRemoved: { dataStore: id, at },
  /** Hashes only: no value is in it. */
  ExactTableUploaded: { table: ExactTable, at },
  ClassifierTrainingStarted: { classifier: TrainableClassifier, at },
  ClassifierTrained: { id, at },
  ClassifierPublished: { id, at },
} as const

type Fields = typeof classificationEvents
type Event = {
  readonly [Tag in keyof Fields]: Schema.Struct<Fields[Tag]>["Type"]
}

const byName = <A extends { readonly name: string }>(list: readonly A[]): readonly A[] =>
  list.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))

/** Pure and total. */
export const evolveClassification = (state: ClassificationState) => ({
  RulePackageStored: ({ packageId, types }: Event["RulePackageStored"]): ClassificationState => ({
    ...state,
    types: byName([...state.types.filter((it) => it.packageId !== packageId), ...types]),
  }),
  RulePackageRemoved: ({ packageId }: Event["RulePackageRemoved"]): ClassificationState => ({
    ...state,
    types: state.types.filter((it) => it.packageId !== packageId),
  }),
  FingerprintTypeStored: ({ type }: Event["FingerprintTypeStored"]): ClassificationState => ({
    ...state,
    types: byName([...state.types.filter((it) => it.id !== type.id), type]),
  }),
  FingerprintTypeRemoved: ({ id: gone }: Event["FingerprintTypeRemoved"]): ClassificationState => ({
    ...state,
    types: state.types.filter((it) => it.id !== gone),
  }),
  KeywordDictionaryStored: ({
    dictionary,
  }: Event["KeywordDictionaryStored"]): ClassificationState => ({
    ...state,
    dictionaries: byName([
      ...state.dictionaries.filter((it) => it.id !== dictionary.id),
      dictionary,
    ]),
  }),
  KeywordDictionaryRemoved: ({
    id: gone,
  }: Event["KeywordDictionaryRemoved"]): ClassificationState => ({
    ...state,
    dictionaries: state.dictionaries.filter((it) => it.id !== gone),
  }),
  ExactSchemaStored: ({ schema }: Event["ExactSchemaStored"]): ClassificationState => ({
    ...state,
    schemas: byName([...state.schemas.filter((it) => it.name !== schema.name), schema]),
  }),
  ExactSchemaRemoved: ({ dataStore }: Event["ExactSchemaRemoved"]): ClassificationState => ({
    ...state,
    schemas: state.schemas.filter((it) => it.name !== dataStore),
    tables: state.tables.filter((it) => it.dataStore !== dataStore),
  }),
  ExactTableUploaded: ({
    table,
    at: moment,
  }: Event["ExactTableUploaded"]): ClassificationState => ({
    ...state,
    tables: [...state.tables.filter((it) => it.dataStore !== table.dataStore), table],
    uploads: [...state.uploads, { dataStore: table.dataStore, at: moment }],
  }),
  ClassifierTrainingStarted: ({
    classifier,
  }: Event["ClassifierTrainingStarted"]): ClassificationState => ({
    ...state,
    classifiers: byName([...state.classifiers.filter((it) => it.id !== classifier.id), classifier]),
  }),
  ClassifierTrained: (event_: Event["ClassifierTrained"]): ClassificationState =>
    withState(state, event_.id, "ReadyToPublish"),
  ClassifierPublished: (event_: Event["ClassifierPublished"]): ClassificationState =>
    withState(state, event_.id, "Published"),
})

const withState = (
  state: ClassificationState,
  wanted: string,
  next: TrainableClassifier["state"],
): ClassificationState => ({
  ...state,
  classifiers: state.classifiers.map((it) => (it.id === wanted ? { ...it, state: next } : it)),
})
