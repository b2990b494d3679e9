import type { Importance, MessageType, Scope } from "./RuleConditions.ts"

/** A recipient as rules see one: resolved to the primary address, with groups and place. */
export interface RuleRecipient {
  /** Primary address, lower case: what conditions compare (EXO-118). */
  readonly address: string
  /** As the sender wrote it, lower case. */
  readonly original: string
  readonly field: "to" | "cc" | "bcc"
  /** Address of the group in the header through which the message comes here. */
  readonly through?: string
  readonly scope: Scope
  /** Names, ids and addresses of the groups the recipient is in, lower case. */
  readonly groups: readonly string[]
}

export interface RuleAttachment {
  readonly name: string
  readonly sizeBytes: number
  /** Extracted text; undefined where the service cannot look into the file. */
  readonly text: string | undefined
  readonly isPasswordProtected: boolean
  readonly properties: Readonly<Record<string, string>>
}

/** What rules may look at. `body` and `attachments` are undefined where they are not visible. */
export interface RuleMessage {
  readonly sender: {
    readonly header: string
    readonly envelope: string
    readonly scope: Scope
    readonly groups: readonly string[]
  }
  /** Everybody in To, Cc and Bcc, whichever copy is looked at. */
  readonly everybody: readonly RuleRecipient[]
  readonly subject: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly attachments: readonly RuleAttachment[] | undefined
  readonly sizeBytes: number
  readonly types: readonly MessageType[]
  readonly importance: Importance
  readonly classification: string | undefined
  /** Content inspection fails at the moment: conditions on content cannot be evaluated (EXO-108). */
  readonly isInspectionFailing: boolean
}

/** Rules see the start of long texts only (EXO-061). */
const patternWindow = 150 * 1024
const wordWindow = 1024 * 1024

/** Whole words, ignoring case, no wildcards (EXO-113). */
export const containsWord = (text: string, word: string): boolean => {
  const escaped = word.trim().replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
  if (escaped === "") return false
  return new RegExp(String.raw`(?<![\p{L}\p{N}_])${escaped}(?![\p{L}\p{N}_])`, "iv").test(
    text.slice(0, wordWindow),
  )
}

/** A regular expression as rules use it; one that does not compile matches nothing. */
export const matchesPattern = (text: string, pattern: string): boolean => {
  const compiled = compilePattern(pattern)
  return compiled?.test(text.slice(0, patternWindow)) ?? false
}

/** Undefined for what is no regular expression. */
export const compilePattern = (pattern: string): RegExp | undefined => {
  try {
    return new RegExp(pattern, "i")
  } catch {
    return undefined
  }
}

/** The domain or a subdomain of it (EXO-117). */
export const isInDomain = (address: string, domain: string): boolean => {
  const at = address.slice(address.lastIndexOf("@") + 1).toLowerCase()
  const wanted = domain
    .trim()
    .toLowerCase()
    .replace(/^\*?\./, "")
  return wanted !== "" && (at === wanted || at.endsWith(`.${wanted}`))
}

const unit: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1024,
  mb: 1024 ** 2,
  gb: 1024 ** 3,
}

/** `10MB`, `10 MB (10,485,760 bytes)` or a number of bytes; undefined for anything else. */
export const bytesOf = (quantity: string | number): number | undefined => {
  if (typeof quantity === "number") return quantity >= 0 ? quantity : undefined
  const parsed = /^\s*(\d+(?:\.\d+)?)\s*([kmg]?b?)\s*(?:\(.*\))?\s*$/i.exec(quantity)
  const factor = unit[parsed?.[2]?.toLowerCase() ?? "?"]
  return parsed === null || factor === undefined ? undefined : Number(parsed[1]) * factor
}
