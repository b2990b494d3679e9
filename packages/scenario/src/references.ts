import { Result } from "effect"

/** `{{ mail.pat.code }}`, `{{ link.token }}`: a value from an earlier step or from a mailbox. */
const reference = /\{\{\s*([^{}]*?)\s*\}\}/g

/** Looks a dotted path up; undefined where there is nothing. */
export type Lookup = (path: readonly string[]) => unknown

/** The dotted paths that a text refers to. */
export const referencesIn = (text: string): readonly (readonly string[])[] =>
  [...text.matchAll(reference)].map(([, path = ""]) => splitPath(path))

/** Addresses have dots, so a part may stand in quotes: `mail."pat@mailbox.example".code`. */
const splitPath = (path: string): readonly string[] =>
  [...path.matchAll(/"([^"]*)"|([^."\s]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "")

/** Whether any text in the value refers to something. */
export const hasReference = (value: unknown): boolean => {
  if (typeof value === "string") return referencesIn(value).length > 0
  if (Array.isArray(value)) return value.some(hasReference)
  return typeof value === "object" && value !== null && Object.values(value).some(hasReference)
}

/** Whether a text is one reference and nothing else: it means the thing itself, of any type. */
export const isReference = (text: string): boolean =>
  referencesIn(text).length === 1 && text.trim().replace(reference, "") === ""

/** All references in a value, at any depth. */
export const referencesWithin = (value: unknown): readonly (readonly string[])[] => {
  if (typeof value === "string") return referencesIn(value)
  if (Array.isArray(value)) return value.flatMap(referencesWithin)
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap(referencesWithin)
    : []
}

/**
 * The value with its references replaced. A text that is one reference becomes what it refers to,
 * whatever its type; inside a longer text it becomes text. Fails with the first that leads nowhere.
 */
export const resolveReferences = (
  value: unknown,
  lookup: Lookup,
): Result.Result<unknown, string> => {
  if (typeof value === "string") return resolveText(value, lookup)
  if (Array.isArray(value)) {
    return Result.all(value.map((item) => resolveReferences(item, lookup)))
  }
  if (typeof value !== "object" || value === null) return Result.succeed(value)
  const entries = Object.entries(value).map(([key, item]) =>
    Result.map(resolveReferences(item, lookup), (resolved) => [key, resolved] as const),
  )
  return Result.map(Result.all(entries), (resolved) => Object.fromEntries(resolved))
}

const resolveText = (text: string, lookup: Lookup): Result.Result<unknown, string> => {
  const paths = referencesIn(text)
  const values = paths.map((path) => lookup(path))
  const missing = values.findIndex((found) => found === undefined || found === null)
  if (missing !== -1) return Result.fail(`{{ ${paths[missing]?.join(".") ?? ""} }}`)
  if (isReference(text)) {
    return Result.succeed(values[0])
  }
  let index = 0
  return Result.succeed(text.replaceAll(reference, () => String(values[index++])))
}
