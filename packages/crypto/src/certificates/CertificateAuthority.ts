import { instant } from "@twin/kernel"
import { certificateAuthorityRows } from "./certificateAuthorityRows.ts"
import { governmentAuthorityRows } from "./governmentAuthorityRows.ts"

/** A certificate authority by what is published about it. */
export interface CertificateAuthority {
  readonly name: string
  /** Undefined for a root. */
  readonly parent?: string
  /** Lower-case hexadecimal. */
  readonly serial: string
  /** SHA-1 of the certificate, upper-case hexadecimal. */
  readonly thumbprint: string
  /** Signed by the root of another company, so that older trust stores accept it. */
  readonly isCrossSigned: boolean
  /** ISO day from which it stands in the list; absent: the list of this day has always had it. */
  readonly listedFrom?: string
  /** ISO day on which it left the list. */
  readonly removed?: string
  /** ISO day from which it is over. */
  readonly expires?: string
}

/** Authorities that have left the list: of them only names and dates are published (CRY-190). */
export interface FormerAuthority {
  readonly name: string
  readonly removed: string
}

export const baltimoreRoot: CertificateAuthority = {
  name: "Baltimore CyberTrust Root",
  serial: "020000b9",
  thumbprint: "D4DE20D05E66FC53FE1A50882C78DB2852CAE474",
  isCrossSigned: false,
  removed: "2024-10-08",
  expires: "2025-05-12",
}

/** CRY-187; serial and thumbprint as the list of encryption chains prints them (CHAIN-GOV). */
export const globalSignRoot: CertificateAuthority = {
  name: "GlobalSign Root CA - R1",
  serial: "040000000001154b5ac394",
  thumbprint: "B1BC968BD4F49D622AA89A81F2150152A41D829C",
  isCrossSigned: false,
}

/** CRY-190; serial and thumbprint as the list of GCC High and DoD prints them (CHAIN-GOV). */
export const entrustRoot: CertificateAuthority = {
  name: "Entrust Root Certification Authority - G2",
  serial: "4a538c28",
  thumbprint: "8CF427FD790C3AD166068DE81E57EFBB932272D4",
  isCrossSigned: false,
  removed: "2025-09-05",
}

/** CRY-190. */
export const formerAuthorities: readonly FormerAuthority[] = [
  ...["01", "02", "05", "06"].flatMap((number) =>
    ["Microsoft Azure TLS Issuing CA", "Microsoft Azure ECC TLS Issuing CA"].map((name) => ({
      name: `${name} ${number}`,
      removed: "2024-06-27",
    })),
  ),
  { name: "Microsoft RSA TLS CA 01", removed: "2024-10-08" },
  { name: "Microsoft RSA TLS CA 02", removed: "2024-10-08" },
  { name: "Entrust Certification Authority - L1K", removed: "2025-09-05" },
  { name: "Entrust Certification Authority - L1M", removed: "2025-09-05" },
  { name: "Microsoft Azure RSA TLS Issuing AOC CA", removed: "2025-09-09" },
  { name: "Microsoft Azure RSA TLS Issuing EOC CA", removed: "2025-09-09" },
]

/** CRY-190: what changed on which day. */
export const authorityChanges: readonly { readonly day: string; readonly what: string }[] = [
  { day: "2021-02-15", what: "Azure services begin to use a different set of roots" },
  { day: "2022-01-01", what: "Teams, Skype and Dynamics begin to leave Baltimore CyberTrust Root" },
  { day: "2022-05-31", what: "OCSP answers are no longer signed with SHA-1" },
  { day: "2022-10-31", what: "Teams, Skype and Dynamics have left Baltimore CyberTrust Root" },
  { day: "2023-02-07", what: "Eight subordinate authorities are added" },
  { day: "2023-07-17", what: "Sixteen subordinate authorities are added" },
  { day: "2024-06-27", what: "Issuing authorities 01, 02, 05 and 06 are removed" },
  {
    day: "2024-10-08",
    what: "Baltimore CyberTrust Root, Microsoft RSA TLS CA 01 and 02, crl.microsoft.com, mscrl.microsoft.com and ocsp.msocsp.com are removed",
  },
  { day: "2025-05-12", what: "Baltimore CyberTrust Root expires" },
  { day: "2025-09-05", what: "Entrust authorities are removed, authorities named OCSP are added" },
  { day: "2025-09-09", what: "Authorities named AOC and EOC are removed" },
]

/** The authorities named OCSP came late (CRY-190); of the others the list does not say when. */
const listedFrom = (name: string): { readonly listedFrom?: string } =>
  / OCSP \d\d$/.test(name) ? { listedFrom: "2025-09-05" } : {}

/** CRY-188, CRY-189. */
export const certificateAuthorities: readonly CertificateAuthority[] = certificateAuthorityRows.map(
  ([name, parent, serial, thumbprint, isCrossSigned]) => ({
    name,
    ...(parent === "" ? {} : { parent }),
    serial,
    thumbprint,
    isCrossSigned,
    ...listedFrom(name),
  }),
)

/** The list of authorities that a cloud publishes; neither is valid for the other (CRY-197). */
export type ChainList = "Worldwide" | "Government" | "21Vianet"

const removedOn = (name: string): { readonly removed?: string } => {
  const gone = [...formerAuthorities, baltimoreRoot, entrustRoot].find((it) => it.name === name)
  return gone?.removed === undefined ? {} : { removed: gone.removed }
}

/** CRY-197; what AZCA has removed since 2020 is removed here as well (CRY-190, inferred). */
export const governmentAuthorities: readonly CertificateAuthority[] = governmentAuthorityRows.map(
  ([name, parent, serial, thumbprint, issued, expires]) => ({
    name,
    ...(parent === "" ? {} : { parent }),
    serial,
    thumbprint,
    isCrossSigned: false,
    listedFrom: issued,
    expires,
    ...removedOn(name),
  }),
)

/** Everything with a serial and a thumbprint, by list. */
const knownIn = (list: ChainList): readonly CertificateAuthority[] =>
  list === "Government"
    ? governmentAuthorities
    : [...certificateAuthorities, baltimoreRoot, globalSignRoot, entrustRoot]

export interface AuthoritySearch {
  /** Part of the name, in any case. */
  readonly name?: string | undefined
  readonly parent?: string | undefined
  /** Hexadecimal; spaces, colons, leading zeros and case do not matter. */
  readonly serial?: string | undefined
  readonly thumbprint?: string | undefined
  /** Only roots, or only subordinates. */
  readonly isRoot?: boolean | undefined
  /** Whose list; the worldwide one unless given. */
  readonly list?: ChainList | undefined
  /** Only those listed at this moment, epoch milliseconds. */
  readonly at?: number | undefined
}

const plainHex = (text: string): string => text.toLowerCase().replaceAll(/[\s:]/g, "")
const plainSerial = (text: string): string => plainHex(text).replace(/^0+(?=.)/, "")

export const isListed = (authority: CertificateAuthority, at: number): boolean =>
  (authority.listedFrom === undefined || instant(authority.listedFrom) <= at) &&
  (authority.removed === undefined || at < instant(authority.removed))

/** Listed, and its certificate not over yet. */
export const isInForce = (authority: CertificateAuthority, at: number): boolean =>
  isListed(authority, at) && (authority.expires === undefined || at < instant(authority.expires))

/** Every authority that fits all that is asked, in the order of the list (CRY-188 to CRY-190, CRY-197). */
export const searchAuthorities = (search: AuthoritySearch): readonly CertificateAuthority[] =>
  knownIn(search.list ?? "Worldwide").filter(
    (it) =>
      (search.name === undefined || it.name.toLowerCase().includes(search.name.toLowerCase())) &&
      (search.parent === undefined || it.parent?.toLowerCase() === search.parent.toLowerCase()) &&
      (search.serial === undefined || plainSerial(it.serial) === plainSerial(search.serial)) &&
      (search.thumbprint === undefined ||
        plainHex(it.thumbprint) === plainHex(search.thumbprint)) &&
      (search.isRoot === undefined || (it.parent === undefined) === search.isRoot) &&
      (search.at === undefined || isListed(it, search.at)),
  )

/** From the authority up to its root; a parent that several share a name with is the root of that name. */
export const chainOf = (
  authority: CertificateAuthority,
  list: ChainList = "Worldwide",
): readonly CertificateAuthority[] => {
  const parent = knownIn(list).find((it) => it.name === authority.parent)
  return parent === undefined ? [authority] : [authority, ...chainOf(parent, list)]
}
