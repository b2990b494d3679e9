import type { Source } from "./Source.ts"

/** A piece of a string or bare word: text, a variable, or a sub-expression still to be parsed. */
export type Piece =
  | { readonly kind: "text"; readonly value: string }
  | {
      readonly kind: "variable"
      readonly name: string
      readonly start: number
      readonly end: number
    }
  | {
      readonly kind: "nested"
      readonly source: Source
      readonly start: number
      readonly end: number
    }

/** One token between two positions of a source. */
export type Token = { readonly start: number; readonly end: number } & (
  | { readonly kind: "end" | "newline" }
  /** A bare word; `isName` where it is nothing but letters, digits and underscores. */
  | { readonly kind: "word"; readonly pieces: readonly Piece[]; readonly isName: boolean }
  | { readonly kind: "string"; readonly pieces: readonly Piece[] }
  | { readonly kind: "number"; readonly value: number; readonly text: string }
  | { readonly kind: "variable" | "splat"; readonly name: string }
  | { readonly kind: "parameter"; readonly name: string; readonly hasColon: boolean }
  /** Punctuation and operators of symbols, as written: `(`, `$(`, `@{`, `|`, `+=`. */
  | { readonly kind: "symbol"; readonly text: string }
  /** `-eq` and its kin, in lower case, without the prefix `i`. */
  | { readonly kind: "operator"; readonly text: string }
  | { readonly kind: "redirection"; readonly text: string }
)

/**
 * PowerShell reads the same characters in different ways. `command`: words and parameters.
 * `operand`: an expression begins here, so `-5` is a number. `operator`: an expression goes on.
 * `key`: the key of a hashtable or the name of a member.
 */
export type Mode = "command" | "operand" | "operator" | "key"
