import { Schema } from "effect"
import { LibrarySettings } from "./LibrarySettings.ts"
import type { SpoEvent } from "./SpoEvent.ts"
import type { SpoState } from "./State.ts"

const id = Schema.NonEmptyString
const at = Schema.Number

/** Somebody who has a file open to change it. */
export const Editing = Schema.Struct({
  itemId: id,
  by: id,
  app: Schema.String,
  /** Alone: until it is closed nobody else can change it. */
  isExclusive: Schema.Boolean,
})
export type Editing = typeof Editing.Type

/** Events of labels on stored files: part of `SpoEvent`. */
export const labelEvents = {
  LibraryConfigured: { settings: LibrarySettings, at },
  EditingStarted: { editing: Editing, at },
  EditingEnded: { itemId: id, by: id, at },
  /** The service has looked through the files of a tenant for labels to put on (MIP-147). */
  AutoLabelRunCompleted: { at, nextAt: Schema.optionalKey(at) },
} as const

/** What the slice keeps about labels on stored files. */
export interface LabelledFilesState {
  readonly libraries: readonly LibrarySettings[]
  readonly editing: readonly Editing[]
  /** When the service looks through files again; absent where nothing is to be labelled. */
  readonly nextAutoLabelAt?: number
}

export const initialLabelledFiles: LabelledFilesState = { libraries: [], editing: [] }

type Tag = keyof typeof labelEvents
type Handlers = {
  readonly [T in Tag]: (event: Extract<SpoEvent, { readonly _tag: T }>) => SpoState
}

/** How these events change the slice: part of `evolve`. */
export const evolveLabelledFiles = (state: SpoState): Handlers => {
  const { labelledFiles } = state
  const put = (changes: Partial<LabelledFilesState>): SpoState => ({
    ...state,
    labelledFiles: { ...labelledFiles, ...changes },
  })
  return {
    LibraryConfigured: ({ settings }) =>
      put({
        libraries: [
          ...labelledFiles.libraries.filter(
            ({ site, library }) => site !== settings.site || library !== settings.library,
          ),
          settings,
        ],
      }),
    EditingStarted: ({ editing }) =>
      put({
        editing: [
          ...labelledFiles.editing.filter(
            ({ itemId, by }) => itemId !== editing.itemId || by !== editing.by,
          ),
          editing,
        ],
      }),
    EditingEnded: ({ itemId, by }) =>
      put({
        editing: labelledFiles.editing.filter((it) => it.itemId !== itemId || it.by !== by),
      }),
    AutoLabelRunCompleted: ({ nextAt }) => {
      const { nextAutoLabelAt: _, ...rest } = labelledFiles
      return {
        ...state,
        labelledFiles: { ...rest, ...(nextAt === undefined ? {} : { nextAutoLabelAt: nextAt }) },
      }
    },
  }
}
