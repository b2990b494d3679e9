import { Result } from "effect"
import type { MailDestination } from "./MailDestination.ts"
import { type MtaStsPolicy, parseMtaStsFile, parseMtaStsRecord } from "./MtaStsPolicy.ts"
import type { CachedPolicy } from "./TransportState.ts"

/** The policy that counts for a domain at a moment, and what has to be remembered of it. */
export interface MtaStsAnswer {
  /** Undefined: the domain has none that could be had (CRY-203). */
  readonly policy: MtaStsPolicy | undefined
  readonly source: "fetched" | "cache" | "none"
  /** Set where a new one was fetched. */
  readonly cached?: CachedPolicy
  /** Why a published policy could not be used. */
  readonly problem?: string
}

interface Question {
  readonly destination: Pick<MailDestination, "domain" | "mtaStsRecord" | "mtaStsFile">
  readonly cached: CachedPolicy | undefined
  readonly now: number
  /** Somebody forges DNS: the record is not seen, and the file comes from nobody with a good certificate. */
  readonly isSpoofed: boolean
}

/**
 * Asks for the policy as a sender does (CRY-203; EXO-211): a remembered one holds until its age is over,
 * a new id makes the sender fetch again, and what cannot be fetched or read leaves the remembered one.
 * Without either there is no policy.
 */
export const mtaStsPolicyOf = ({ destination, cached, now, isSpoofed }: Question): MtaStsAnswer => {
  const remembered = cached === undefined ? undefined : rememberedPolicy(cached, now)
  const record = isSpoofed ? undefined : destination.mtaStsRecord
  const keep = (problem?: string): MtaStsAnswer => ({
    policy: remembered,
    source: remembered === undefined ? "none" : "cache",
    ...(problem === undefined ? {} : { problem }),
  })
  if (record === undefined) return keep()
  const id = parseMtaStsRecord(record)
  if (Result.isFailure(id)) return keep(id.failure.message)
  if (remembered !== undefined && cached?.id === id.success) return keep()
  if (destination.mtaStsFile === undefined) return keep("The file of the policy cannot be fetched.")
  const policy = parseMtaStsFile(destination.mtaStsFile)
  if (Result.isFailure(policy)) return keep(policy.failure.message)
  const { domain, mtaStsFile: text } = destination
  return {
    policy: policy.success,
    source: "fetched",
    cached: { domain, id: id.success, text, fetchedAt: now },
  }
}

const rememberedPolicy = (cached: CachedPolicy, now: number): MtaStsPolicy | undefined => {
  const policy = parseMtaStsFile(cached.text)
  if (Result.isFailure(policy)) return undefined
  const { maxAgeSeconds } = policy.success
  return now < cached.fetchedAt + maxAgeSeconds * 1000 ? policy.success : undefined
}
