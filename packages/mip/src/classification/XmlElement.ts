/** An element of a configuration file. */
export interface XmlElement {
  /** Without prefix. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** Its own characters, without those of its children. */
  readonly text: string
}

/** What keeps a text from being such a file. */
export interface XmlDefect {
  readonly problem: string
}

const limits = { characters: 1_500_000, depth: 20, elements: 60_000 } as const

const entities: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
}

/** Character references and the five named entities; there are no others to define. */
const decoded = (text: string): string =>
  text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,8}));/g, (all, decimal, hex, name) => {
    if (typeof name === "string") return entities[name] ?? all
    const code = typeof hex === "string" ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : all
  })

const localName = (name: string): string => name.slice(name.indexOf(":") + 1)

const attributesOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/([\w:.-]{1,100})\s{0,20}=\s{0,20}(?:"([^"<]*)"|'([^'<]*)')/g)].map(
      ([, name = "", double, single]) => [localName(name), decoded(double ?? single ?? "")],
    ),
  )

interface Open {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  text: string
}

/** Reads a file of elements, attributes and text. Document types and entities of its own are refused. */
export const parseXml = (source: string): XmlElement | XmlDefect => {
  if (source.length > limits.characters) return { problem: "the file is too large" }
  if (/<!(?:DOCTYPE|ENTITY)/i.test(source)) return { problem: "document types are not accepted" }
  const top: Open = { name: "", attributes: {}, children: [], text: "" }
  const open: Open[] = [top]
  let count = 0
  let at = 0
  while (at < source.length) {
    const current = open.at(-1) ?? top
    const start = source.indexOf("<", at)
    if (start < 0) break
    current.text += decoded(source.slice(at, start))
    const special = specialEnd(source, start)
    if (special !== undefined) {
      if (special.end < 0) return { problem: "a comment or instruction does not end" }
      current.text += special.text
      at = special.end
      continue
    }
    const end = source.indexOf(">", start)
    if (end < 0) return { problem: "an element does not end" }
    const tag = source.slice(start + 1, end)
    at = end + 1
    if (tag.startsWith("/")) {
      if (open.length === 1 || localName(tag.slice(1).trim()) !== current.name) {
        return { problem: `</${tag.slice(1, 60)}> closes nothing` }
      }
      open.pop()
      open.at(-1)?.children.push(current)
      continue
    }
    const name = /^[\w:.-]{1,100}/.exec(tag)?.[0]
    if (name === undefined) return { problem: "an element has no name" }
    const made: Open = {
      name: localName(name),
      attributes: attributesOf(tag.slice(name.length)),
      children: [],
      text: "",
    }
    count += 1
    if (count > limits.elements) return { problem: "the file has too many elements" }
    if (tag.endsWith("/")) current.children.push(made)
    else if (open.length > limits.depth) return { problem: "the elements are nested too deeply" }
    else open.push(made)
  }
  if (open.length > 1) return { problem: `<${open.at(-1)?.name ?? ""}> is not closed` }
  const [root, second] = top.children
  return root === undefined || second !== undefined
    ? { problem: "the file has not exactly one root element" }
    : root
}

/** Comments and instructions say nothing; character data is text. */
const specialEnd = (
  source: string,
  start: number,
): { readonly end: number; readonly text: string } | undefined => {
  const upTo = (mark: string): number => {
    const end = source.indexOf(mark, start)
    return end < 0 ? -1 : end + mark.length
  }
  if (source.startsWith("<!--", start)) return { end: upTo("-->"), text: "" }
  if (source.startsWith("<?", start)) return { end: upTo("?>"), text: "" }
  if (source.startsWith("<![CDATA[", start)) {
    const end = upTo("]]>")
    return { end, text: end < 0 ? "" : source.slice(start + 9, end - 3) }
  }
  return undefined
}

export const isDefect = (it: XmlElement | XmlDefect): it is XmlDefect => "problem" in it

/** Elements of a name below this one, at any depth, in order. */
export const elementsNamed = (root: XmlElement, name: string): readonly XmlElement[] =>
  root.children.flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...elementsNamed(child, name),
  ])
