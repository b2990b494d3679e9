import stringWidth from "string-width"
import type { Cell, Grid, Look } from "../test/terminal/Grid.ts"

/** Of one character, in units of the picture. */
const cell = { width: 8.4, height: 19, baseline: 14 }
const margin = 16

const colours: Readonly<Record<string, string>> = {
  red: "#ff7b72",
  green: "#7ee787",
  yellow: "#f2cc60",
  cyan: "#79c0ff",
}
const paper = "#0d1117"
const ink = "#e6edf3"
const faint = "#8b949e"

interface Run {
  readonly column: number
  readonly columns: number
  readonly text: string
  readonly look: Look
}

const isSameLook = (a: Look, b: Look): boolean =>
  a.colour === b.colour &&
  a.isBold === b.isBold &&
  a.isDim === b.isDim &&
  a.isItalic === b.isItalic &&
  a.isInverse === b.isInverse

/** Neighbours that look the same; spaces at the end of a line are only paper. */
const runsOf = (row: readonly Cell[]): readonly Run[] => {
  const runs: Run[] = []
  for (const [column, { text, look }] of row.entries()) {
    const last = runs.at(-1)
    if (last !== undefined && isSameLook(last.look, look)) {
      runs[runs.length - 1] = {
        ...last,
        text: last.text + text,
        columns: column + 1 - last.column,
      }
    } else runs.push({ column, columns: 1, text, look })
  }
  return runs.filter(({ text, look }) => look.isInverse || text.trim() !== "")
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

const number = (value: number): string => String(Math.round(value * 100) / 100)

/** Pieces of a run between wide gaps: readers of SVG do not agree on what spaces are worth. */
const piecesOf = ({ column, text }: Run): readonly Pick<Run, "column" | "text">[] =>
  [...text.matchAll(/\S+(?: \S+)*/g)].map((found) => ({
    column: column + stringWidth(text.slice(0, found.index)),
    text: found[0],
  }))

const runSvg = (run: Run, row: number): string => {
  const { column, columns, look } = run
  const top = margin + row * cell.height
  const colour = (look.colour === undefined ? undefined : colours[look.colour]) ?? ink
  const fill = look.isInverse ? paper : look.isDim ? faint : colour
  const style = [
    ...(look.isBold ? [' font-weight="bold"'] : []),
    ...(look.isItalic ? [' font-style="italic"'] : []),
  ].join("")
  const ground = look.isInverse
    ? `<rect x="${left(column)}" y="${number(top)}" width="${number(columns * cell.width)}" height="${cell.height}" fill="${colour}"/>`
    : ""
  const texts = piecesOf(run).map(({ column: from, text }) => {
    const width = number(stringWidth(text) * cell.width)
    // Whatever the font, columns stand under each other.
    const place = `x="${left(from)}" y="${number(top + cell.baseline)}" textLength="${width}"`
    return `<text ${place} lengthAdjust="spacingAndGlyphs" fill="${fill}"${style}>${escaped(text)}</text>`
  })
  return `${ground}${texts.join("")}`
}

const left = (column: number): string => number(margin + column * cell.width)

/** A screen as a picture: text that can be read, searched and scaled; no font and no script inside. */
export const svgOf = (grid: Grid, title: string): string => {
  const width = number(2 * margin + grid.columns * cell.width)
  const height = number(2 * margin + (grid.rows - 1) * cell.height)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${paper}"/>`,
    ...grid.looks.flatMap((row, at) => runsOf(row).map((run) => runSvg(run, at))),
    "</svg>",
    "",
  ].join("\n")
}
