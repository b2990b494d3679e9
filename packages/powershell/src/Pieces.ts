import { Result } from "effect"
import { failAt, type Parsed } from "./ScriptError.ts"
import type { Source } from "./Source.ts"
import type { Piece } from "./Token.ts"

/** Text and variables as they are read, joined where they are neighbours. */
export interface Pieces {
  readonly list: Piece[]
  text: string
}

export const noPieces = (): Pieces => ({ list: [], text: "" })

const flush = (pieces: Pieces): void => {
  if (pieces.text === "") return
  pieces.list.push({ kind: "text", value: pieces.text })
  pieces.text = ""
}

/** A variable or a sub-expression after the text before it. */
export const addPiece = (pieces: Pieces, piece: Piece): void => {
  flush(pieces)
  pieces.list.push(piece)
}

/** The finished list: no empty text, no two texts side by side. */
export const piecesOf = (pieces: Pieces): readonly Piece[] => {
  flush(pieces)
  return pieces.list
}

const escapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\u0007",
  b: "\b",
  e: "\u001b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
}

/** Reads what follows a backtick; answers the position after it. */
export const scanEscape = (source: Source, index: number, into: Pieces): Parsed<number> => {
  const { text } = source
  const character = text.charAt(index)
  if (character !== "u") {
    into.text += Object.hasOwn(escapes, character) ? escapes[character] : character
    return Result.succeed(index + character.length)
  }
  const match = /^\{([0-9a-fA-F]{1,6})\}/.exec(text.slice(index + 1, index + 9))
  const codePoint = Number.parseInt(match?.[1] ?? "", 16)
  if (match === null || codePoint > 0x10ffff) {
    return failAt(source, index - 1, index + 1, {
      errorId: "InvalidUnicodeEscapeSequence",
      message:
        "The Unicode escape sequence is not valid. A valid sequence is `u{ followed by one to six hex digits and a closing '}'.",
    })
  }
  into.text += String.fromCodePoint(codePoint)
  return Result.succeed(index + 1 + match[0].length)
}
