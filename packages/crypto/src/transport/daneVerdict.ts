import { Result } from "effect"
import { type Certificate, isNamed } from "../certificates/Certificate.ts"
import { isUsable, matchesTlsa, parseTlsa, type Tlsa } from "./Tlsa.ts"

/**
 * What authentic TLSA records say about a server (CRY-204; EXO-218, EXO-223): `tls-only` where none can
 * be used and only TLS itself is asked for.
 */
export type DaneVerdict =
  | "tls-only"
  | "match"
  | "no-match"
  | "expired"
  | "not-yet-valid"
  | "other-name"

interface Presented {
  readonly records: readonly string[]
  /** Empty: no TLS, or nothing that could be read. */
  readonly chain: readonly Certificate[]
  readonly host: string
  readonly now: number
  /** RFC 7672 lets usage 3 pass over the end of a certificate; the service does not. */
  readonly isStrictRfc: boolean
}

const severity: readonly DaneVerdict[] = [
  "match",
  "other-name",
  "expired",
  "not-yet-valid",
  "no-match",
]

/** A damaged record can be used by nobody; one good record is enough. */
export const daneVerdict = (presented: Presented): DaneVerdict => {
  const usable = presented.records.flatMap((text) => {
    const record = parseTlsa(text)
    return Result.isSuccess(record) && isUsable(record.success) ? [record.success] : []
  })
  if (usable.length === 0) return "tls-only"
  const verdicts = new Set(usable.map((record) => verdictOf(record, presented)))
  return severity.find((it) => verdicts.has(it)) ?? "no-match"
}

const verdictOf = (record: Tlsa, presented: Presented): DaneVerdict => {
  const { chain, host, now, isStrictRfc } = presented
  const [leaf] = chain
  if (leaf === undefined || !matchesTlsa(record, chain)) return "no-match"
  if (record.usage === 3 && isStrictRfc) return "match"
  if (leaf.notAfter < now) return "expired"
  if (leaf.notBefore > now) return "not-yet-valid"
  return record.usage === 2 && !isNamed(leaf, host) ? "other-name" : "match"
}
