/**
 * Text for a terminal: control characters, characters that reorder or hide text, and halves of
 * surrogate pairs become one visible character each, so that columns stay where they are.
 */
export const visibleText = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    if (code === 0x09) return " "
    if (code < 0x20) return String.fromCharCode(0x2400 + code)
    return code === 0x7f ? "\u2421" : "\ufffd"
  })

/** The same for text of several lines: newlines stay. */
export const visibleLines = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map(visibleText)
    .join("\n")
