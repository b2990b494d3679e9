import { DateTime, Effect } from "effect"

const lineLength = 90
const linesOnPage = 58

const decoder = new TextDecoder("utf-8", { fatal: true })

const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    const text = decoder.decode(bytes)
    return text.includes("\u0000") ? undefined : text
  } catch {
    return undefined
  }
}

/** The standard fonts know Latin letters only; what they lack is shown as a question mark. */
const printable = (text: string): string => text.replaceAll(/[^\n\u0020-\u007e\u00a1-\u00ff]/g, "?")

const linesOf = (text: string): readonly string[] =>
  printable(text)
    .split("\n")
    .flatMap((line) => line.match(new RegExp(`.{1,${lineLength}}`, "g")) ?? [""])

/**
 * A PDF with the text of a document, for readers without Office (MIP-272). What is no text is named
 * and not shown. The same document and moment give the same bytes.
 */
export const pdfRendition = (document: {
  readonly name: string
  readonly bytes: Uint8Array
  readonly now: number
}): Effect.Effect<Uint8Array> =>
  Effect.promise(async () => {
    const { PDFDocument, StandardFonts } = await import("@cantoo/pdf-lib")
    const pdf = await PDFDocument.create({ updateMetadata: false })
    pdf.setTitle(document.name)
    const made = DateTime.toDateUtc(DateTime.makeUnsafe(document.now))
    pdf.setCreationDate(made)
    pdf.setModificationDate(made)
    const font = await pdf.embedFont(StandardFonts.Courier)
    const lines = linesOf(textOf(document.bytes) ?? document.name)
    for (let first = 0; first < Math.max(1, lines.length); first += linesOnPage) {
      const page = pdf.addPage([595, 842])
      for (const [row, line] of lines.slice(first, first + linesOnPage).entries()) {
        page.drawText(line, { x: 40, y: 800 - row * 13, size: 9, font })
      }
    }
    return pdf.save({ useObjectStreams: false })
  })
