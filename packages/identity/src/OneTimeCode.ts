import { createHash } from "node:crypto"
import { type Draw, minutes } from "@twin/kernel"
import { Schema } from "effect"

/**
 * A code that was sent to a mailbox, as the issuer keeps it: never the code itself, only a digest
 * bound to this issue and this address. Plain data, so that each domain keeps it in its own state.
 */
export const OneTimeCode = Schema.Struct({
  id: Schema.NonEmptyString,
  /** What the code opens: `entra-sign-in`, a sharing link, a message. A code of another purpose is none. */
  purpose: Schema.NonEmptyString,
  /** Lower case. */
  address: Schema.NonEmptyString,
  digest: Schema.NonEmptyString,
  issuedAt: Schema.Number,
  /** First moment at which the code is no longer valid. */
  expiresAt: Schema.Number,
  triesLeft: Schema.Int,
  usedAt: Schema.optionalKey(Schema.Number),
})
export type OneTimeCode = typeof OneTimeCode.Type

/** What an issuer promises about its codes. */
export interface CodeRules {
  readonly lifetimeMinutes: number
  readonly digits: number
  readonly tries: number
}

const digestOf = (id: string, purpose: string, address: string, code: string): string =>
  createHash("sha256")
    .update(JSON.stringify([id, purpose, address, code]))
    .digest("hex")

/** A new code. `code` goes into the mail and nowhere else; `record` into the issuer's state. */
export const issueCode = (options: {
  readonly draw: Draw
  readonly purpose: string
  readonly address: string
  readonly now: number
  readonly rules: CodeRules
}): { readonly code: string; readonly record: OneTimeCode } => {
  const { draw, purpose, now, rules } = options
  const address = options.address.trim().toLowerCase()
  const id = draw.guid(`code ${purpose} ${address}`)
  const code = draw.digits(`code ${purpose} ${address}`, rules.digits)
  return {
    code,
    record: {
      id,
      purpose,
      address,
      digest: digestOf(id, purpose, address, code),
      issuedAt: now,
      expiresAt: now + minutes(rules.lifetimeMinutes),
      triesLeft: rules.tries,
    },
  }
}

export type CodeState =
  | "accepted"
  | "not-issued"
  | "other-address"
  | "other-purpose"
  | "used"
  | "not-yet-valid"
  | "expired"
  | "too-many-tries"
  | "wrong"

/** What a code is worth at this moment. Only `accepted` opens anything; nothing changes by asking. */
export const checkCode = (
  record: OneTimeCode | undefined,
  asked: {
    readonly purpose: string
    readonly address: string
    readonly code: string
    readonly now: number
  },
): CodeState => {
  if (record === undefined) return "not-issued"
  const address = asked.address.trim().toLowerCase()
  if (record.address !== address) return "other-address"
  if (record.purpose !== asked.purpose) return "other-purpose"
  if (record.usedAt !== undefined) return "used"
  if (asked.now < record.issuedAt) return "not-yet-valid"
  if (asked.now >= record.expiresAt) return "expired"
  if (record.triesLeft <= 0) return "too-many-tries"
  const digest = digestOf(record.id, record.purpose, address, asked.code.trim())
  return digest === record.digest ? "accepted" : "wrong"
}

/** The code has served: it never opens anything again. */
export const spendCode = (record: OneTimeCode, now: number): OneTimeCode => ({
  ...record,
  usedAt: now,
})

/** A wrong try counts against this code; at none left it is worth nothing. */
export const missCode = (record: OneTimeCode): OneTimeCode => ({
  ...record,
  triesLeft: Math.max(0, record.triesLeft - 1),
})
