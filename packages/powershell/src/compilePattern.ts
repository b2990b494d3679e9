import { Result } from "effect"

/**
 * Reads a regular expression for `matchPattern`. Left out: groups that capture, look-around, back
 * references.
 */

type Test = (character: string) => boolean

type Node =
  | { readonly kind: "test"; readonly test: Test }
  | { readonly kind: "start" | "end" | "boundary" | "notBoundary" }
  | { readonly kind: "sequence"; readonly nodes: readonly Node[] }
  | { readonly kind: "either"; readonly nodes: readonly Node[] }
  | { readonly kind: "repeat"; readonly node: Node; readonly least: number; readonly most: number }

/** More states than any admin's pattern needs. */
const stateLimit = 2_000
const patternLimit = 1_000

/** A step of a compiled pattern. */
export type Instruction =
  | { readonly op: "test"; readonly test: Test }
  | { readonly op: "split"; readonly to: readonly [number, number] }
  | { readonly op: "jump"; readonly to: number }
  | { readonly op: "start" | "end" | "boundary" | "notBoundary" }
  | { readonly op: "match" }

interface Reader {
  readonly pattern: string
  readonly isExact: boolean
  at: number
  depth: number
}

/** The pattern as steps; the failure says what is wrong with it. */
export const compilePattern = (
  pattern: string,
  isExact: boolean,
): Result.Result<readonly Instruction[], string> =>
  Result.gen(function* () {
    if (pattern.length > patternLimit) return yield* Result.fail("it is too long")
    const reader: Reader = { pattern, isExact, at: 0, depth: 0 }
    const node = yield* alternatives(reader)
    if (reader.at < pattern.length) return yield* Result.fail("there are too many )'s")
    const program: Instruction[] = []
    if (!emit(node, program)) return yield* Result.fail("it is too complex")
    program.push({ op: "match" })
    return program
  })

const alternatives = (reader: Reader): Result.Result<Node, string> =>
  Result.gen(function* () {
    if (reader.depth > 50) return yield* Result.fail("it is nested too deeply")
    const nodes: Node[] = [yield* sequence(reader)]
    while (reader.pattern.charAt(reader.at) === "|") {
      reader.at += 1
      nodes.push(yield* sequence(reader))
    }
    return { kind: "either", nodes }
  })

const sequence = (reader: Reader): Result.Result<Node, string> =>
  Result.gen(function* () {
    const nodes: Node[] = []
    for (;;) {
      const character = reader.pattern.charAt(reader.at)
      if (character === "" || character === "|" || character === ")") {
        return { kind: "sequence", nodes }
      }
      nodes.push(yield* quantified(reader, yield* atom(reader)))
    }
  })

const quantified = (reader: Reader, node: Node): Result.Result<Node, string> => {
  const match = /^(?:[*+?]|\{(\d{1,4})(,(\d{0,4}))?\})\??/.exec(
    reader.pattern.slice(reader.at, reader.at + 14),
  )
  if (match === null) return Result.succeed(node)
  reader.at += match[0].length
  const [whole, least, comma, most] = match
  const range = whole.startsWith("*")
    ? [0, Infinity]
    : whole.startsWith("+")
      ? [1, Infinity]
      : whole.startsWith("?")
        ? [0, 1]
        : [Number(least), comma === undefined ? Number(least) : most ? Number(most) : Infinity]
  return Result.succeed({ kind: "repeat", node, least: range[0] ?? 0, most: range[1] ?? 0 })
}

const literal = (character: string, isExact: boolean): Test => {
  const wanted = isExact ? character : character.toLowerCase()
  return (it) => (isExact ? it : it.toLowerCase()) === wanted
}

const atom = (reader: Reader): Result.Result<Node, string> => {
  const { pattern, isExact } = reader
  const character = pattern.charAt(reader.at)
  reader.at += 1
  switch (character) {
    case "(":
      return group(reader)
    case "[":
      return Result.map(characterClass(reader), (test): Node => ({ kind: "test", test }))
    case "\\":
      return escaped(reader)
    case ".":
      return Result.succeed({ kind: "test", test: (it) => it !== "\n" })
    case "^":
      return Result.succeed({ kind: "start" })
    case "$":
      return Result.succeed({ kind: "end" })
    case "*":
    case "+":
    case "?":
      return Result.fail(`quantifier '${character}' following nothing`)
    default:
      return Result.succeed({ kind: "test", test: literal(character, isExact) })
  }
}

const group = (reader: Reader): Result.Result<Node, string> =>
  Result.gen(function* () {
    const { pattern } = reader
    if (pattern.startsWith("?:", reader.at)) reader.at += 2
    else if (pattern.charAt(reader.at) === "?") {
      return yield* Result.fail("named groups, options and look-around are outside the subset")
    }
    reader.depth += 1
    const node = yield* alternatives(reader)
    reader.depth -= 1
    if (pattern.charAt(reader.at) !== ")") return yield* Result.fail("not enough )'s")
    reader.at += 1
    return node
  })

const classes: Readonly<Record<string, RegExp>> = {
  d: /^\p{Nd}$/u,
  D: /^\P{Nd}$/u,
  w: /^[\p{L}\p{M}\p{Nd}\p{Pc}]$/u,
  W: /^[^\p{L}\p{M}\p{Nd}\p{Pc}]$/u,
  s: /^\s$/u,
  S: /^\S$/u,
}

const controls: Readonly<Record<string, string>> = {
  t: "\t",
  n: "\n",
  r: "\r",
  f: "\f",
  v: "\v",
  e: "\u001b",
}

/** The test that an escape stands for, from the character after the backslash. */
const escapeTest = (character: string, isExact: boolean): Test | undefined => {
  const known = Object.hasOwn(classes, character) ? classes[character] : undefined
  if (known !== undefined) return (it) => known.test(it)
  if (Object.hasOwn(controls, character)) return literal(controls[character] ?? "", true)
  return /^[A-Za-z0-9]$/.test(character) ? undefined : literal(character, isExact)
}

const escaped = (reader: Reader): Result.Result<Node, string> => {
  const character = reader.pattern.charAt(reader.at)
  reader.at += 1
  if (character === "b") return Result.succeed({ kind: "boundary" })
  if (character === "B") return Result.succeed({ kind: "notBoundary" })
  if (character === "") return Result.fail("illegal \\ at end of pattern")
  const test = escapeTest(character, reader.isExact)
  return test === undefined
    ? Result.fail(`the escape \\${character} is outside the subset`)
    : Result.succeed({ kind: "test", test })
}

const characterClass = (reader: Reader): Result.Result<Test, string> => {
  const { pattern, isExact } = reader
  const isNegated = pattern.charAt(reader.at) === "^"
  if (isNegated) reader.at += 1
  const tests: Test[] = []
  for (let isFirst = true; ; isFirst = false) {
    const character = pattern.charAt(reader.at)
    if (character === "") return Result.fail("unterminated [] set")
    reader.at += 1
    if (character === "]" && !isFirst) break
    const escape = character === "\\" ? pattern.charAt(reader.at) : ""
    if (character === "\\") reader.at += 1
    const isRange =
      pattern.charAt(reader.at) === "-" && !/^[\]]?$/.test(pattern.charAt(reader.at + 1))
    if (character !== "\\" && isRange) {
      const last = pattern.charAt(reader.at + 1)
      reader.at += 2
      if (last < character) return Result.fail(`[${character}-${last}] range in reverse order`)
      tests.push(inRange(character, last, isExact))
      continue
    }
    const test = character === "\\" ? escapeTest(escape, isExact) : literal(character, isExact)
    if (test === undefined) return Result.fail(`the escape \\${escape} is outside the subset`)
    tests.push(test)
  }
  return Result.succeed((it) => tests.some((test) => test(it)) !== isNegated)
}

const inRange = (first: string, last: string, isExact: boolean): Test => {
  const within = (it: string): boolean => it >= first && it <= last
  return isExact
    ? within
    : (it) => within(it) || within(it.toLowerCase()) || within(it.toUpperCase())
}

/** Writes a node as instructions; false where the limit is reached. */
const emit = (node: Node, program: Instruction[]): boolean => {
  if (program.length > stateLimit) return false
  switch (node.kind) {
    case "test":
      program.push({ op: "test", test: node.test })
      return true
    case "sequence":
      return node.nodes.every((it) => emit(it, program))
    case "either":
      return emitEither(node.nodes, program)
    case "repeat":
      return emitRepeat(node, program)
    default:
      program.push({ op: node.kind })
      return true
  }
}

const emitEither = (nodes: readonly Node[], program: Instruction[]): boolean => {
  const ends: number[] = []
  for (const [index, node] of nodes.entries()) {
    const isLast = index === nodes.length - 1
    const split = program.length
    if (!isLast) program.push({ op: "jump", to: 0 })
    if (!emit(node, program)) return false
    if (isLast) break
    ends.push(program.length)
    program.push({ op: "jump", to: 0 })
    program[split] = { op: "split", to: [split + 1, program.length] }
  }
  for (const end of ends) program[end] = { op: "jump", to: program.length }
  return true
}

const emitRepeat = (
  { node, least, most }: Extract<Node, { kind: "repeat" }>,
  program: Instruction[],
): boolean => {
  if (least > stateLimit || (most !== Infinity && most > stateLimit)) return false
  for (let count = 0; count < least; count++) if (!emit(node, program)) return false
  if (most === Infinity) {
    const loop = program.length
    program.push({ op: "jump", to: 0 })
    if (!emit(node, program)) return false
    program.push({ op: "jump", to: loop })
    program[loop] = { op: "split", to: [loop + 1, program.length] }
    return true
  }
  const exits: number[] = []
  for (let count = least; count < most; count++) {
    exits.push(program.length)
    program.push({ op: "jump", to: 0 })
    if (!emit(node, program)) return false
  }
  for (const exit of exits) program[exit] = { op: "split", to: [exit + 1, program.length] }
  return true
}
