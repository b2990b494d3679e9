import type { Decision } from "@twin/kernel"

export type Answer = Decision["outcome"]

/** One property of the tenant's configuration, and what it was when the story began. */
export interface Setting {
  readonly name: string
  readonly value: string
  readonly was: string | undefined
}

/** What the tenant of a moment has answered, for a pane. */
export type Asked =
  | {
      readonly kind: "settings"
      readonly sections: readonly {
        readonly title: string
        readonly settings: readonly Setting[]
      }[]
    }
  /** Who can open what; a row's answers stand in the order of the people. */
  | {
      readonly kind: "matrix"
      readonly people: readonly string[]
      readonly rows: readonly {
        readonly thing: string
        readonly answers: readonly (Answer | undefined)[]
      }[]
    }
  /** It cannot be shown: why. */
  | { readonly kind: "unable"; readonly reason: string }

/** What a cmdlet on a fork would change for somebody and a thing. */
export interface AccessChange {
  readonly who: string
  readonly actions: readonly string[]
  readonly on: string
  readonly before: { readonly outcome: Answer; readonly gate: string }
  readonly after: { readonly outcome: Answer; readonly gate: string }
}

/** What cmdlet lines did on a fork: what they printed, and what they would change. */
export interface ForkResult {
  readonly script: string
  readonly printed: string
  readonly changes: readonly AccessChange[]
  /** How many questions were asked, once before and once after. */
  readonly questions: number
}
