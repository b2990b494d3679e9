import { Result } from "effect"
import { compilePattern, type Instruction } from "./compilePattern.ts"

/** States times characters. */
export const workLimit = 20_000_000

/**
 * Whether the pattern occurs in the text; the failure says what is wrong with the pattern. Time is
 * linear in the text whatever the pattern: all states are followed side by side (Thompson), nothing
 * is tried twice. Case does not count unless asked.
 */
export const matchPattern = (
  pattern: string,
  text: string,
  isExact = false,
): Result.Result<boolean, string> =>
  Result.flatMap(compilePattern(pattern, isExact), (program) =>
    program.length * text.length > workLimit
      ? Result.fail("the text is too long for it")
      : Result.succeed(run(program, text)),
  )

const isWordAt = (text: string, index: number): boolean =>
  /^[\p{L}\p{M}\p{Nd}\p{Pc}]$/u.test(text.charAt(index))

const run = (program: readonly Instruction[], text: string): boolean => {
  let states = new Set<number>()
  for (let at = 0; at <= text.length; at++) {
    if (follow(program, states, 0, text, at)) return true
    const character = text.charAt(at)
    const next = new Set<number>()
    for (const state of states) {
      const instruction = program[state]
      if (instruction?.op === "test" && character !== "" && instruction.test(character)) {
        if (follow(program, next, state + 1, text, at + 1)) return true
      }
    }
    states = next
  }
  return false
}

/** Adds a state and all it leads to without a character; true where the pattern is complete. */
const follow = (
  program: readonly Instruction[],
  states: Set<number>,
  from: number,
  text: string,
  at: number,
): boolean => {
  const pending = [from]
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    if (states.has(state)) continue
    states.add(state)
    const instruction = program[state]
    switch (instruction?.op) {
      case "match":
        return true
      case "jump":
        pending.push(instruction.to)
        break
      case "split":
        pending.push(...instruction.to)
        break
      case "start":
        if (at === 0) pending.push(state + 1)
        break
      case "end":
        if (at === text.length || (at === text.length - 1 && text.endsWith("\n")))
          pending.push(state + 1)
        break
      case "boundary":
      case "notBoundary": {
        const isBoundary = isWordAt(text, at - 1) !== isWordAt(text, at)
        if (isBoundary === (instruction.op === "boundary")) pending.push(state + 1)
        break
      }
      default:
        break
    }
  }
  return false
}
