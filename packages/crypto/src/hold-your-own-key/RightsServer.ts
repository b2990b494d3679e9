import { Schema } from "effect"

/** An AD RMS cluster on premises: its key never leaves the house (CRY-172). */
export const RightsServer = Schema.Struct({
  /** `https://host/_wmcs`: what the label points at. */
  url: Schema.NonEmptyString,
  /** Id of its key in the vault. */
  keyId: Schema.NonEmptyString,
  /** Addresses that the cluster gives licences to, lower case; all accounts of the local directory. */
  members: Schema.Array(Schema.String),
  installedAt: Schema.Finite,
})
export type RightsServer = typeof RightsServer.Type

/** Content under a cluster's key, as far as anybody but its readers knows it. */
export const HeldContent = Schema.Struct({
  contentId: Schema.NonEmptyString,
  serverUrl: Schema.NonEmptyString,
  /** Where the bytes lie. */
  blobId: Schema.NonEmptyString,
  owner: Schema.NonEmptyString,
  readers: Schema.Array(Schema.String),
  /** Absent: still under the cluster's key alone. */
  relabelledAs: Schema.optionalKey(Schema.NonEmptyString),
})
export type HeldContent = typeof HeldContent.Type

export const holdYourOwnKeyEvents = {
  RightsServerInstalled: { server: RightsServer },
  HeldContentProtected: { content: HeldContent, at: Schema.Finite },
  /** By the scanner, one by one: nothing else moves this content (CRY-173). */
  HeldContentRelabelled: {
    contentId: Schema.NonEmptyString,
    doubleKeyUrl: Schema.NonEmptyString,
    at: Schema.Finite,
  },
} as const

export const HoldYourOwnKeyEvent = Schema.TaggedUnion(holdYourOwnKeyEvents)
export type HoldYourOwnKeyEvent = typeof HoldYourOwnKeyEvent.Type

export interface HoldYourOwnKeyState {
  /** By address. */
  readonly servers: Readonly<Record<string, RightsServer>>
  /** By content id. */
  readonly contents: Readonly<Record<string, HeldContent>>
}

export const initialHoldYourOwnKeyState: HoldYourOwnKeyState = { servers: {}, contents: {} }

/** The only place where this part of the slice changes. */
export const evolveHoldYourOwnKey = (
  state: HoldYourOwnKeyState,
  event: HoldYourOwnKeyEvent,
): HoldYourOwnKeyState => {
  switch (event._tag) {
    case "RightsServerInstalled":
      return { ...state, servers: { ...state.servers, [event.server.url]: event.server } }
    case "HeldContentProtected": {
      const { content } = event
      return { ...state, contents: { ...state.contents, [content.contentId]: content } }
    }
    case "HeldContentRelabelled": {
      const content = state.contents[event.contentId]
      if (content === undefined) return state
      const relabelled = { ...content, relabelledAs: event.doubleKeyUrl }
      return { ...state, contents: { ...state.contents, [event.contentId]: relabelled } }
    }
  }
}
