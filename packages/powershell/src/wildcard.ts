/** Longer patterns are no wildcard that somebody typed. */
const longest = 1_000

/**
 * Whether a text has the form of a wildcard: `*` any characters, `?` one, `[a-z]` one of these, a
 * backtick before a character that means itself. Time is at most pattern times text.
 */
export const isLike = (text: string, pattern: string, isExact = false): boolean => {
  const parts = partsOf(pattern.slice(0, longest), isExact)
  const subject = isExact ? text : text.toLowerCase()
  let [at, part, star, resume] = [0, 0, -1, 0]
  while (at < subject.length) {
    const test = parts[part]
    if (test === "*") {
      star = part
      resume = at
      part += 1
    } else if (test?.(subject.charAt(at)) === true) {
      at += 1
      part += 1
    } else if (star >= 0) {
      part = star + 1
      resume += 1
      at = resume
    } else return false
  }
  while (parts[part] === "*") part += 1
  return part === parts.length
}

type Part = "*" | ((character: string) => boolean)

const partsOf = (pattern: string, isExact: boolean): readonly Part[] => {
  const text = isExact ? pattern : pattern.toLowerCase()
  const parts: Part[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === "*") {
      if (parts[parts.length - 1] !== "*") parts.push("*")
      continue
    }
    const close = character === "[" ? text.indexOf("]", at + 2) : -1
    if (character === "?") parts.push(() => true)
    else if (close > 0) {
      parts.push(setOf(text.slice(at + 1, close)))
      at = close
    } else if (character === "`" && at + 1 < text.length) {
      at += 1
      const wanted = text.charAt(at)
      parts.push((it) => it === wanted)
    } else parts.push((it) => it === character)
  }
  return parts
}

const setOf =
  (set: string): ((character: string) => boolean) =>
  (it) => {
    for (let at = 0; at < set.length; at++) {
      if (set.charAt(at + 1) === "-" && at + 2 < set.length) {
        if (it >= set.charAt(at) && it <= set.charAt(at + 2)) return true
        at += 2
      } else if (set.charAt(at) === it) return true
    }
    return false
  }

/** Whether a name list such as `*Expir*` means more than one name. */
export const hasWildcard = (pattern: string): boolean => /[*?[]/.test(pattern)
