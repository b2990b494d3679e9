/** Display width that text may take when nobody says otherwise. */
export const plainColumns = 100

/**
 * Breaks text at spaces into lines of at most `columns` characters; a longer word gets a line of its
 * own. Line breaks in the text stay.
 */
export const wrap = (text: string, columns: number): readonly string[] =>
  text.split("\n").flatMap((paragraph) => {
    const lines: string[] = []
    let line = ""
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > columns) {
        lines.push(line)
        line = word
      } else {
        line = line === "" ? word : `${line} ${word}`
      }
    }
    return [...lines, line]
  })

/** Wrapped, with something in front of the first line and as much space before the others. */
export const hanging = (head: string, text: string, columns: number): readonly string[] => {
  const width = Math.max(20, columns - head.length)
  return wrap(text, width).map((line, index) =>
    `${index === 0 ? head : " ".repeat(head.length)}${line}`.trimEnd(),
  )
}
