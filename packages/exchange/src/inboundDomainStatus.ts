import {
  inboundDomainOf,
  listsHost,
  type MxRecord,
  type PublishedDomain,
  parseMtaStsFile,
  parseMtaStsRecord,
  publishedDomainOf,
} from "@twin/crypto"
import { Result } from "effect"
import type { ExchangeWorld } from "./State.ts"

/** What is published about a domain, compared with what the service expects (EXO-225). */
export interface InboundDomainStatus {
  readonly hasDnssec: boolean
  readonly hasDane: boolean
  /** Empty: the service has no host in the signed zone for it. */
  readonly expectedHost: string
  readonly isZoneSigned: boolean
  readonly actualMx: readonly string[]
  /** Empty: the record is as it should be. */
  readonly mxProblem: string
  readonly mtaStsMode: "Unavailable" | "Enforce" | "Testing" | "None"
  /** Empty: no policy, or one that lists the host. */
  readonly mtaStsProblem: string
}

/** A record as the service prints it: `@ 60 IN MX 10 host`. */
export const printedMx = ({ host, preference, ttlSeconds }: MxRecord): string =>
  `@ ${ttlSeconds} IN MX ${preference} ${host}`

/** Preferences that the service takes for its host (EXO-225). */
const preferences = [0, 10]

const mxProblemOf = (mx: readonly MxRecord[], expectedHost: string): string => {
  const [first, ...others] = mx
  if (first === undefined) return "The domain has no MX record."
  if (!mx.some(({ host }) => host === expectedHost)) {
    return `No MX record points to '${expectedHost}'.`
  }
  if (others.length > 0) return "Another MX record stands beside the expected one."
  return preferences.includes(first.preference)
    ? ""
    : `The preference of the MX record is ${first.preference} instead of 0 or 10.`
}

const modes = { enforce: "Enforce", testing: "Testing", none: "None" } as const

const mtaStsOf = (
  { mtaStsRecord, mtaStsFile }: PublishedDomain,
  expectedHost: string,
): Pick<InboundDomainStatus, "mtaStsMode" | "mtaStsProblem"> => {
  const isAnnounced =
    mtaStsRecord !== undefined && Result.isSuccess(parseMtaStsRecord(mtaStsRecord))
  const policy = mtaStsFile === undefined ? undefined : parseMtaStsFile(mtaStsFile)
  if (!isAnnounced || policy === undefined || Result.isFailure(policy)) {
    return { mtaStsMode: "Unavailable", mtaStsProblem: "" }
  }
  const isListed = listsHost(policy.success, expectedHost)
  const mtaStsProblem = isListed ? "" : `The MTA-STS policy does not list '${expectedHost}'.`
  return { mtaStsMode: modes[policy.success.mode], mtaStsProblem }
}

export const inboundDomainStatusOf = (
  world: ExchangeWorld,
  domain: string,
): InboundDomainStatus => {
  const inbound = inboundDomainOf(world, domain)
  const published = publishedDomainOf(world, domain)
  const expectedHost = inbound?.mxHost ?? ""
  return {
    hasDnssec: inbound?.hasDnssec ?? false,
    hasDane: inbound?.hasDane ?? false,
    expectedHost,
    isZoneSigned: published.dnssec === "secure",
    actualMx: published.mx.map(printedMx),
    mxProblem: mxProblemOf(published.mx, expectedHost),
    ...mtaStsOf(published, expectedHost),
  }
}
