/** More than anybody writes into a rule, and few enough that no text takes long. */
const unboundedLimit = 5
const repeatLimit = 1000

interface Quantified {
  readonly isUnbounded: boolean
  readonly most: number
  readonly length: number
}

/** The quantifier at a position of a pattern; undefined where there is none. */
const quantifierAt = (pattern: string, at: number): Quantified | undefined => {
  const char = pattern.charAt(at)
  if (char === "*" || char === "+") {
    return { isUnbounded: true, most: Number.POSITIVE_INFINITY, length: 1 }
  }
  if (char === "?") return { isUnbounded: false, most: 1, length: 1 }
  const braces = /^\{(\d+)(,(\d*))?\}/.exec(pattern.slice(at, at + 24))
  if (braces === null) return undefined
  const [whole, least = "", comma, most = ""] = braces
  const isUnbounded = comma !== undefined && most === ""
  return {
    isUnbounded,
    most: isUnbounded ? Number.POSITIVE_INFINITY : Number(comma === undefined ? least : most),
    length: whole.length,
  }
}

/**
 * Whether every text is decided in little time: no repetition or choice inside a repetition, no
 * reference back, few unbounded repetitions. Reads the pattern once.
 */
const isTame = (pattern: string): boolean => {
  /** For each open group whether something repeats inside. */
  const open: boolean[] = []
  let unbounded = 0
  let closedRepeats = false
  let at = 0
  while (at < pattern.length) {
    const char = pattern.charAt(at)
    closedRepeats = false
    if (char === "\\") {
      if (/[1-9k]/.test(pattern.charAt(at + 1))) return false
      at += 2
    } else if (char === "[") {
      at += 1
      while (at < pattern.length && pattern.charAt(at) !== "]") {
        at += pattern.charAt(at) === "\\" ? 2 : 1
      }
      at += 1
    } else if (char === "(") {
      open.push(false)
      at += pattern.charAt(at + 1) === "?" ? 2 : 1
      continue
    } else {
      if (char === ")") closedRepeats = open.pop() === true
      // Alternatives may overlap, so repeating them may take as long as a repetition would.
      if (char === "|" && open.length > 0) open[open.length - 1] = true
      at += 1
    }
    const quantifier = quantifierAt(pattern, at)
    if (quantifier === undefined) {
      if (closedRepeats && open.length > 0) open[open.length - 1] = true
      continue
    }
    at += quantifier.length
    // A question mark after a quantifier makes it lazy and repeats nothing.
    if (pattern.charAt(at) === "?") at += 1
    if (quantifier.most !== 1 && closedRepeats) return false
    if (!quantifier.isUnbounded && quantifier.most > repeatLimit) return false
    if (quantifier.isUnbounded) unbounded += 1
    if (open.length > 0 && (quantifier.most > 1 || closedRepeats)) open[open.length - 1] = true
  }
  return unbounded <= unboundedLimit
}

/**
 * Whether `-match` takes this regular expression: it may not begin with a star (IDN-207), it has to
 * compile, and no text may keep the engine busy. The last is the twin's own limit.
 */
export const isRulePattern = (pattern: string): boolean => {
  if (pattern.startsWith("*")) return false
  try {
    return new RegExp(pattern, "i") instanceof RegExp && isTame(pattern)
  } catch {
    return false
  }
}
