import stringWidth from "string-width"

/** How a cell looks, as far as the player uses it. */
export interface Look {
  readonly colour: string | undefined
  readonly isBold: boolean
  readonly isDim: boolean
  readonly isItalic: boolean
  readonly isInverse: boolean
}

export interface Cell {
  /** Empty for the right half of a wide character. */
  readonly text: string
  readonly look: Look
}

const plain: Look = {
  colour: undefined,
  isBold: false,
  isDim: false,
  isItalic: false,
  isInverse: false,
}
const blank: Cell = { text: " ", look: plain }
const colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]

const segmenter = new Intl.Segmenter("en")
const sequence =
  // oxlint-disable-next-line no-control-regex
  /^(?:\u001b\[([?>=]?)([\d;]*)([ -/]*)([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[78=>])/

/** A terminal that draws into memory: what somebody in front of the program would see. */
export class Grid {
  columns: number
  rows: number
  cursor = { x: 0, y: 0 }
  isCursorShown = true
  isAlternate = false
  isBracketedPaste = false
  /** Control sequences that this terminal does not know: a test wants none. */
  readonly unknown: string[] = []
  private cells: Cell[][]
  private main: Cell[][] = []
  private mainCursor = { x: 0, y: 0 }
  private look = plain
  private isWrapPending = false
  private rest = ""

  constructor(columns: number, rows: number) {
    this.columns = columns
    this.rows = rows
    this.cells = this.emptyCells()
  }

  /** The screen as text, without spaces at the ends of lines. */
  get lines(): readonly string[] {
    return this.cells.map((row) =>
      row
        .map(({ text }) => text)
        .join("")
        .trimEnd(),
    )
  }

  get text(): string {
    return this.lines.join("\n")
  }

  get looks(): readonly (readonly Cell[])[] {
    return this.cells
  }

  resize(columns: number, rows: number): void {
    const fitted = (cells: readonly Cell[][]) =>
      Array.from({ length: rows }, (_, y) =>
        Array.from({ length: columns }, (__, x) => cells[y]?.[x] ?? blank),
      )
    // A terminal that loses rows keeps the cursor on screen: what is above scrolls away.
    const over = Math.max(0, this.cursor.y - rows + 1)
    this.cells = fitted(this.cells.slice(over))
    this.main = fitted(this.main)
    this.columns = columns
    this.rows = rows
    this.moveTo(this.cursor.x, this.cursor.y - over)
  }

  write(data: string): void {
    let text = this.rest + data
    this.rest = ""
    while (text !== "") {
      const found = sequence.exec(text)
      if (found !== null) {
        this.control(found)
        text = text.slice(found[0].length)
      } else if (text.startsWith("\u001b")) {
        if (text.length < 40) {
          this.rest = text
          return
        }
        this.unknown.push(text.slice(0, 10))
        text = text.slice(1)
      } else {
        const end = text.indexOf("\u001b")
        this.print(end === -1 ? text : text.slice(0, end))
        text = end === -1 ? "" : text.slice(end)
      }
    }
  }

  private emptyCells(): Cell[][] {
    return Array.from({ length: this.rows }, () => this.emptyRow())
  }

  private emptyRow(): Cell[] {
    return Array.from({ length: this.columns }, () => blank)
  }

  private moveTo(x: number, y: number): void {
    this.cursor = {
      x: Math.max(0, Math.min(this.columns - 1, x)),
      y: Math.max(0, Math.min(this.rows - 1, y)),
    }
    this.isWrapPending = false
  }

  private lineFeed(): void {
    if (this.cursor.y === this.rows - 1) {
      this.cells.shift()
      this.cells.push(this.emptyRow())
    } else this.cursor.y += 1
    this.isWrapPending = false
  }

  private print(text: string): void {
    for (const { segment } of segmenter.segment(text)) {
      for (const part of segment === "\r\n" ? ["\r", "\n"] : [segment]) this.put(part)
    }
  }

  private put(character: string): void {
    if (character === "\r") return this.moveTo(0, this.cursor.y)
    if (character === "\n") return this.lineFeed()
    if (character === "\b") return this.moveTo(this.cursor.x - 1, this.cursor.y)
    if (character < " " || (character >= "\u007f" && character < "\u00a0")) {
      this.unknown.push(character)
      return
    }
    const width = stringWidth(character)
    if (width === 0) return
    if (this.isWrapPending || this.cursor.x + width > this.columns) {
      this.cursor.x = 0
      this.lineFeed()
    }
    const row = this.cells[this.cursor.y]
    if (row === undefined) return
    row[this.cursor.x] = { text: character, look: this.look }
    if (width === 2) row[this.cursor.x + 1] = { text: "", look: this.look }
    this.cursor.x += width
    if (this.cursor.x >= this.columns) {
      this.cursor.x = this.columns - 1
      this.isWrapPending = true
    }
  }

  private control([whole, prefix = "", list = "", , final = ""]: RegExpExecArray): void {
    const numbers = list.split(";").map((it) => (it === "" ? undefined : Number(it)))
    const count = numbers[0] ?? 1
    const { x, y } = this.cursor
    if (final === "") return
    if (prefix !== "") return this.mode(prefix, numbers, final)
    switch (final) {
      case "A":
        return this.moveTo(x, y - count)
      case "B":
        return this.moveTo(x, y + count)
      case "C":
        return this.moveTo(x + count, y)
      case "D":
        return this.moveTo(x - count, y)
      case "E":
        return this.moveTo(0, y + count)
      case "F":
        return this.moveTo(0, y - count)
      case "G":
        return this.moveTo(count - 1, y)
      case "H":
        return this.moveTo((numbers[1] ?? 1) - 1, count - 1)
      case "J":
        return this.eraseScreen(numbers[0] ?? 0)
      case "K":
        return this.eraseLine(y, numbers[0] ?? 0)
      case "m":
        return this.style(numbers)
      default:
        this.unknown.push(whole)
    }
  }

  private eraseLine(y: number, how: number): void {
    const row = this.cells[y] ?? []
    const from = how === 0 ? this.cursor.x : 0
    const to = how === 1 ? this.cursor.x + 1 : this.columns
    for (let x = from; x < Math.min(to, row.length); x += 1) row[x] = blank
  }

  private eraseScreen(how: number): void {
    for (const y of this.cells.keys()) {
      if (how >= 2 || (how === 0 ? y > this.cursor.y : y < this.cursor.y)) {
        this.cells[y] = this.emptyRow()
      }
    }
    if (how < 2) this.eraseLine(this.cursor.y, how)
  }

  private mode(prefix: string, numbers: readonly (number | undefined)[], final: string): void {
    const isOn = final === "h"
    const known = prefix === "?" && (isOn || final === "l")
    switch (known ? numbers[0] : undefined) {
      case 25:
        this.isCursorShown = isOn
        break
      case 1049:
        if (isOn && !this.isAlternate) {
          this.main = this.cells
          this.mainCursor = { ...this.cursor }
          this.cells = this.emptyCells()
        } else if (!isOn && this.isAlternate) {
          this.cells = this.main
          this.moveTo(this.mainCursor.x, this.mainCursor.y)
        }
        this.isAlternate = isOn
        break
      case 2004:
        this.isBracketedPaste = isOn
        break
      case 2026:
        break
      default:
        this.unknown.push(`${prefix}${numbers.join(";")}${final}`)
    }
  }

  private style(numbers: readonly (number | undefined)[]): void {
    for (const number of numbers) {
      const code = number ?? 0
      if (code === 0) this.look = plain
      else if (code === 1) this.look = { ...this.look, isBold: true }
      else if (code === 2) this.look = { ...this.look, isDim: true }
      else if (code === 3) this.look = { ...this.look, isItalic: true }
      else if (code === 7) this.look = { ...this.look, isInverse: true }
      else if (code === 22) this.look = { ...this.look, isBold: false, isDim: false }
      else if (code === 23) this.look = { ...this.look, isItalic: false }
      else if (code === 27) this.look = { ...this.look, isInverse: false }
      else if (code >= 30 && code <= 37) this.look = { ...this.look, colour: colours[code - 30] }
      else if (code === 39) this.look = { ...this.look, colour: undefined }
      else this.unknown.push(`SGR ${code}`)
    }
  }
}
