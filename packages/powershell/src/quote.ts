const unicodeEscape = (character: string): string =>
  `\`u{${(character.codePointAt(0) ?? 0).toString(16)}}`

/** Controls, characters that hide or reorder text, halves of pairs: never written as they are. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const escapeHidden = (text: string): string =>
  text.replace(hidden, (it) => (it === "\n" || it === "\t" ? it : unicodeEscape(it)))

/**
 * Inside `$( )` of a string PowerShell takes out doubled quotes and counts parentheses before it
 * reads: there no quote, parenthesis or backtick may show that means only itself.
 */
export type Surroundings = "script" | "nested"

/** The inside of a double-quoted string that stands for this text. */
export const expandable = (text: string, around: Surroundings): string =>
  escapeHidden(
    around === "nested"
      ? text.replaceAll(/[`()"\u201c-\u201e\u2018-\u201b']/g, unicodeEscape).replaceAll("$", "`$")
      : text
          .replaceAll("`", "``")
          .replaceAll("$", "`$")
          .replaceAll(/["\u201c-\u201e]/g, "$&$&"),
  )

/** A string in quotes that PowerShell reads back as this text: single quotes where they will do. */
export const quoted = (text: string, around: Surroundings): string => {
  const isPlain = escapeHidden(text) === text
  return around === "script" && isPlain
    ? `'${text.replaceAll(/['\u2018-\u201b]/g, "$&$&")}'`
    : `"${expandable(text, around)}"`
}

/** An argument of a command: without quotes where it can go without. */
export const argumentText = (text: string, around: Surroundings): string =>
  /^[A-Za-z][\w.@:/\\*-]*$/.test(text) ? text : quoted(text, around)

/** The name of a command, with whatever a bare word cannot hold escaped. */
export const commandWord = (name: string, isKeyword: boolean): string =>
  name
    .replaceAll(/[^\w.\\?%*/:-]/gu, unicodeEscape)
    .replace(isKeyword ? /^./u : /^[-.:*/?%]/, (it) =>
      (it === "?" || it === "%") && name.length === 1 ? it : unicodeEscape(it),
    )

/** `$name`, with braces where the name needs them or text follows. */
export const variable = (name: string, isInText = false): string =>
  !isInText && /^[A-Za-z_]\w*(?::[A-Za-z_]\w*)?$/.test(name)
    ? `$${name}`
    : `\${${name.replaceAll(/[^\w:.?$^]/gu, unicodeEscape)}}`
