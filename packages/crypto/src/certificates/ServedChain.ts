import { instant } from "@twin/kernel"
import type { CloudInstance, TlsService } from "../transport/TlsPolicy.ts"
import {
  baltimoreRoot,
  type CertificateAuthority,
  type ChainList,
  certificateAuthorities,
  chainOf,
  globalSignRoot,
  governmentAuthorities,
  isInForce,
} from "./CertificateAuthority.ts"
import type { PinnedCertificate } from "./Pin.ts"

/** What a service presents: a certificate of its own, one subordinate authority, one root. */
export interface ServedChain {
  /** Name in the certificate. */
  readonly name: string
  readonly subordinate: Pick<CertificateAuthority, "name"> & Partial<CertificateAuthority>
  readonly root: CertificateAuthority
}

export const chainListOf = (cloud: CloudInstance): ChainList =>
  cloud === "GCCHigh" || cloud === "DoD"
    ? "Government"
    : cloud === "21Vianet"
      ? "21Vianet"
      : "Worldwide"

/** `cross-signed` ends at a DigiCert root, `self-rooted` at a Microsoft root; the name is the same (CRY-193). */
export type ChainVariant = "cross-signed" | "self-rooted"

const names: Record<TlsService, string> = {
  ExchangeOnline: "mail.protection.outlook.com",
  SmtpSubmission: "smtp.office365.com",
  SmtpLegacySubmission: "smtp-legacy.office365.com",
  SharePointOnline: "*.sharepoint.com",
  OneDrive: "*.sharepoint.com",
  Teams: "teams.microsoft.com",
  AzureFrontDoor: "*.azurefd.net",
}

const listed = (name: string, parent?: string): CertificateAuthority => {
  const found = certificateAuthorities.find(
    (it) => it.name === name && (parent === undefined || it.parent === parent),
  )
  if (found === undefined) throw new Error(`no authority ${name}`)
  return found
}

/** Outlasts the list: what is met after its end nobody has published. */
const [newestGovernment, newestRoot] = [
  listed("DigiCert SHA2 Secure Server CA"),
  listed("DigiCert Global Root CA"),
]

const digiCertG2 = "DigiCert Global Root G2"
const microsoftRsa = "Microsoft RSA Root Certificate Authority 2017"
const issuing = "Microsoft Azure RSA TLS Issuing CA 03"

const older = (name: string): ServedChain => ({
  name,
  subordinate: { name: "Microsoft RSA TLS CA 01" },
  root: baltimoreRoot,
})

const newer = (name: string, variant: ChainVariant): ServedChain => {
  const parent = variant === "cross-signed" ? digiCertG2 : microsoftRsa
  return { name, subordinate: listed(issuing, parent), root: listed(parent) }
}

/** When services left the Baltimore root: from the first day to the last one (CRY-187, CRY-190). */
const moved = (service: TlsService): { readonly from: number; readonly until: number } => {
  switch (service) {
    case "ExchangeOnline":
    case "SmtpSubmission":
    case "SmtpLegacySubmission":
      return { from: instant("2018-09-03"), until: instant("2018-09-03") }
    case "Teams":
      return { from: instant("2022-01-01"), until: instant("2022-10-31") }
    case "SharePointOnline":
    case "OneDrive":
    case "AzureFrontDoor":
      return { from: instant("2021-02-15"), until: instant("2022-10-31") }
  }
}

const isMail = (service: TlsService): boolean =>
  service === "ExchangeOnline" || service.startsWith("Smtp")

export interface ChainQuestion {
  readonly cloud: CloudInstance
  readonly service: TlsService
  readonly at: number
  readonly variant?: ChainVariant | undefined
}

/** Through each subordinate of the list that is in force; which one serves whom, the list leaves open (CRY-197). */
const governmentChains = (name: string, at: number): readonly [ServedChain, ...ServedChain[]] => {
  const chains = governmentAuthorities.flatMap((subordinate): readonly ServedChain[] => {
    const [, root] = chainOf(subordinate, "Government")
    const isServed = isInForce(subordinate, at) && root !== undefined && isInForce(root, at)
    return isServed ? [{ name, subordinate, root }] : []
  })
  const [first = { name, subordinate: newestGovernment, root: newestRoot }, ...others] = chains
  return [first, ...others]
}

/**
 * The chains that a client may meet at a moment. While a service moves from one root to another there
 * are two, and which one a connection gets is not published.
 */
export const servedChains = (question: ChainQuestion): readonly [ServedChain, ...ServedChain[]] => {
  const { cloud, service, at } = question
  const name = names[service]
  if (cloud === "21Vianet") {
    const subordinate = listed("DigiCert Basic RSA CN CA G2")
    return [{ name, subordinate, root: listed("DigiCert Global Root CA") }]
  }
  if (chainListOf(cloud) === "Government") return governmentChains(name, at)
  const { from, until } = moved(service)
  if (at < from) return [older(name)]
  const after = isMail(service)
    ? { name, subordinate: { name: "GlobalSign subordinate" }, root: globalSignRoot }
    : newer(name, question.variant ?? "cross-signed")
  return at < until ? [older(name), after] : [after]
}

/** The chain as pins see it. */
export const pinnable = (chain: ServedChain): readonly PinnedCertificate[] => [
  { level: "leaf", commonName: chain.name },
  { level: "subordinate", ...identity(chain.subordinate) },
  { level: "root", ...identity(chain.root) },
]

const identity = (authority: ServedChain["subordinate"]): Omit<PinnedCertificate, "level"> => ({
  commonName: authority.name,
  ...(authority.serial === undefined ? {} : { serial: authority.serial }),
  ...(authority.thumbprint === undefined ? {} : { thumbprint: authority.thumbprint }),
})
