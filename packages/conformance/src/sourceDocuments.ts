import sources from "../sources.json" with { type: "json" }
import type { Claim } from "./Claim.ts"

const seedTitles = new Map(
  Object.entries(sources.spo).flatMap(([key, title]) =>
    /^S00\d$/.test(key) ? [[key.slice(1), title] as const] : [],
  ),
)

/** Titles of the documents behind the short keys of a domain. */
const titlesOf = (domain: Claim["domain"]): Readonly<Record<string, string>> => sources[domain]

/** One part of a source, e.g. `TES` or `S4:service encryption`, as the title of a document. */
const documentOf = (domain: Claim["domain"], part: string): string | undefined => {
  const seed = /^(\d{3})_[0-9a-f]{16}/.exec(part)?.[1]
  if (seed !== undefined) return seedTitles.get(seed) ?? part
  if (/^(?:CRY|DCO|EXO|IDN|MIP|SPO)-\d{3}/.test(part) || /^\d/.test(part)) return undefined
  const titles = titlesOf(domain)
  const [key = ""] = part.split(/[\s:]/)
  if (Object.hasOwn(titles, key)) return titles[key]
  const seedSection = /^S([0-4])-/.exec(part)?.[1]
  if (seedSection !== undefined) return seedTitles.get(`00${seedSection}`) ?? part
  return part
}

/**
 * The documents that a claim rests on, by title, without repeats. A source names several with
 * commas or semicolons; references to other claims are not documents.
 */
export const sourceDocuments = ({ domain, source }: Claim): readonly string[] => [
  ...new Set(
    source
      .replaceAll(/\([^)]*\)/g, "")
      .replaceAll("`", "")
      .split(/[,;]/)
      .map((part) => part.trim())
      .filter((part) => part !== "" && part !== "-" && part !== "same")
      .flatMap((part) => documentOf(domain, part) ?? []),
  ),
]
