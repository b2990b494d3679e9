import { type Dated, inForce } from "@twin/kernel"
import { HashMap, Option, Schema } from "effect"
import type { MipWorld } from "../State.ts"

/** How the application, or the add-in that followed it, came onto somebody's device (MIP-259). */
export const Installation = Schema.Struct({
  /** Lower case. */
  address: Schema.NonEmptyString,
  /** Four numbers joined by dots, e.g. `1.0.2217.0`. */
  version: Schema.NonEmptyString,
  method: Schema.Literals(["manual", "automatic"]),
})
export type Installation = typeof Installation.Type

/** What a sender asked for when sharing: to be told of every attempt (MIP-270). */
export const SharedContent = Schema.Struct({
  contentId: Schema.NonEmptyString,
  /** Address of the sender. */
  by: Schema.NonEmptyString,
  name: Schema.NonEmptyString,
  isNotified: Schema.Boolean,
})
export type SharedContent = typeof SharedContent.Type

/** One part of this domain's slice. */
export interface SharingApplicationState {
  readonly installations: HashMap.HashMap<string, Installation>
  /** By content id. */
  readonly shared: HashMap.HashMap<string, SharedContent>
}

export const initialSharingApplication: SharingApplicationState = {
  installations: HashMap.empty(),
  shared: HashMap.empty(),
}

const at = Schema.Finite

export const sharingApplicationEvents = {
  SharingApplicationInstalled: { installation: Installation, at },
  ContentShared: { shared: SharedContent, at },
} as const

/** Lower bound of the dialog as it is described (MIP-267). */
export const dialogVersion = "1.0.1770.0"

export type ClientSupport = "supported" | "unsupported" | "retired"

/** The application lost its support, the add-in that took its place was withdrawn (MIP-273). */
const support: Dated<ClientSupport> = {
  before: "supported",
  changes: [
    { from: "2019-01-31", value: "unsupported" },
    { from: "2024-04-01", value: "retired" },
  ],
}

export const clientSupportAt = (now: number): ClientSupport => inForce(support, now)

export const installationOf = (world: MipWorld, address: string): Installation | undefined =>
  Option.getOrUndefined(
    HashMap.get(world.mip.sharingApplication.installations, address.toLowerCase()),
  )

export const sharedContentOf = (world: MipWorld, contentId: string): SharedContent | undefined =>
  Option.getOrUndefined(HashMap.get(world.mip.sharingApplication.shared, contentId.toLowerCase()))

/** Whether one version is the same as another, or later. */
export const isAtLeast = (version: string, lowest: string): boolean => {
  const [left, right] = [version, lowest].map((it) => it.split(".").map(Number))
  for (const [index, wanted] of (right ?? []).entries()) {
    const found = left?.[index] ?? 0
    if (found !== wanted) return found > wanted
  }
  return true
}
