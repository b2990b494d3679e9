import type { ChainList } from "./CertificateAuthority.ts"

/** CRY-195: what a firewall has to let through on port 80, by purpose. */
export const revocationHosts = {
  AIA: [
    "cacerts.digicert.com",
    "cacerts.digicert.cn",
    "cacerts.geotrust.com",
    "caissuers.microsoft.com",
    "www.microsoft.com",
  ],
  CRL: ["crl3.digicert.com", "crl4.digicert.com", "crl.digicert.cn", "www.microsoft.com"],
  OCSP: ["ocsp.digicert.com", "ocsp.digicert.cn", "oneocsp.microsoft.com"],
} as const

/** The same for the list of GCC High and DoD, which names no hosts for AIA (CRY-197; CHAIN-GOV). */
export const governmentRevocationHosts = {
  CRL: ["crl.entrust.net", "crl3.digicert.com", "crl4.digicert.com"],
  OCSP: ["ocsp.digicert.com", "ocsp.entrust.net"],
} as const

const digiCertHosts = ["crl3.digicert.com", "crl4.digicert.com", "ocsp.digicert.com"]

/** Hosts that answer whether a certificate of this authority is revoked: any one is enough. */
export const revocationHostsOf = (
  authority: string,
  list: ChainList = "Worldwide",
): readonly string[] => {
  if (list === "Government") {
    return authority.startsWith("Entrust") ? ["crl.entrust.net", "ocsp.entrust.net"] : digiCertHosts
  }
  if (authority.startsWith("Microsoft")) return ["www.microsoft.com", "oneocsp.microsoft.com"]
  return / CN /.test(authority) ? ["crl.digicert.cn", "ocsp.digicert.cn"] : digiCertHosts
}

/** `soft`: a check that cannot be completed counts as passed; `hard`: as failed (CRY-195, inferred). */
export type RevocationMode = "none" | "soft" | "hard"
