import { createHash } from "node:crypto"
import { Result } from "effect"
import { type Certificate, hasSigned, spkiOf } from "../certificates/Certificate.ts"
import { TransportInputInvalid } from "./TransportInputInvalid.ts"

/** What a DNS record says about the certificate of a mail server (CRY-204; RFC 6698). */
export interface Tlsa {
  /** 0 PKIX-TA, 1 PKIX-EE, 2 DANE-TA, 3 DANE-EE. */
  readonly usage: 0 | 1 | 2 | 3
  /** 0: the whole certificate; 1: its public key. */
  readonly selector: 0 | 1
  /** 0: as it is; 1: SHA-256; 2: SHA-512. */
  readonly matching: 0 | 1 | 2
  readonly data: Uint8Array
}

const recordLimit = 20_000
const form = /^\s*(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})\s+([0-9a-f\s]+?)\s*$/i
const hashBytes = { 0: undefined, 1: 32, 2: 64 } as const

/** Reads `usage selector matching data`; data is hexadecimal and may be broken by spaces. */
export const parseTlsa = (text: string): Result.Result<Tlsa, TransportInputInvalid> => {
  const [, usage = "", selector = "", matching = "", given = ""] =
    text.length > recordLimit ? [] : (form.exec(text) ?? [])
  const [u, s, m] = [Number(usage), Number(selector), Number(matching)]
  const hex = given.replaceAll(/\s/g, "")
  if (hex === "" || hex.length % 2 !== 0) {
    return invalid("it has to be three numbers and data in hexadecimal")
  }
  if (u !== 0 && u !== 1 && u !== 2 && u !== 3) return invalid("usage is 0 to 3")
  if (s !== 0 && s !== 1) return invalid("selector is 0 or 1")
  if (m !== 0 && m !== 1 && m !== 2) return invalid("matching type is 0 to 2")
  const data = Uint8Array.from(Buffer.from(hex, "hex"))
  const size = hashBytes[m]
  return size === undefined || size === data.length
    ? Result.succeed({ usage: u, selector: s, matching: m, data })
    : invalid(`data of this matching type has ${size} bytes`)
}

const invalid = (detail: string): Result.Result<never, TransportInputInvalid> =>
  Result.fail(new TransportInputInvalid({ kind: "tlsa-record", detail }))

/** Mail uses only the usages that do not lean on public authorities (EXO-218). */
export const isUsable = ({ usage }: Tlsa): boolean => usage === 2 || usage === 3

const associated = ({ x509 }: Certificate, selector: 0 | 1, matching: 0 | 1 | 2): Uint8Array => {
  const bytes = selector === 0 ? x509.raw : spkiOf(x509)
  if (matching === 0) return bytes
  return createHash(matching === 1 ? "sha256" : "sha512")
    .update(bytes)
    .digest()
}

const describes = ({ selector, matching, data }: Tlsa, certificate: Certificate): boolean =>
  Buffer.compare(associated(certificate, selector, matching), data) === 0

/**
 * Whether a record fits what a server presents: usage 3 its own certificate, usage 2 an authority of
 * the presented chain that really signed downwards (RFC 7672, section 3.1). Other usages never fit.
 */
export const matchesTlsa = (record: Tlsa, chain: readonly Certificate[]): boolean => {
  const [leaf, ...authorities] = chain
  if (leaf === undefined) return false
  if (record.usage === 3) return describes(record, leaf)
  if (record.usage !== 2) return false
  let below = leaf
  for (const authority of authorities) {
    if (!authority.x509.ca || !hasSigned(authority, below)) return false
    if (describes(record, authority)) return true
    below = authority
  }
  return describes(record, leaf) && leaf.x509.ca
}

/** The record that describes a certificate, as text: what its owner publishes. */
export const tlsaRecordOf = (
  certificate: Certificate,
  kind: Pick<Tlsa, "usage" | "selector" | "matching">,
): string => {
  const data = Buffer.from(associated(certificate, kind.selector, kind.matching)).toString("hex")
  return `${kind.usage} ${kind.selector} ${kind.matching} ${data}`
}
