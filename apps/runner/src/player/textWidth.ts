import stringWidth from "string-width"

/** Columns that a text takes on a terminal; wide characters take two. */
export const textWidth = (text: string): number => stringWidth(text)

/** The text cut to a number of columns, with an ellipsis where something is missing. */
export const cut = (text: string, columns: number): string => {
  if (textWidth(text) <= columns) return text
  if (columns <= 0) return ""
  let width = 0
  let kept = ""
  for (const { segment } of new Intl.Segmenter("en").segment(text)) {
    const next = textWidth(segment)
    if (width + next > columns - 1) break
    kept += segment
    width += next
  }
  return `${kept}…`
}

/** The text cut or filled with spaces to exactly a number of columns. */
export const fit = (text: string, columns: number): string => {
  const short = cut(text, columns)
  return short + " ".repeat(Math.max(0, columns - textWidth(short)))
}
