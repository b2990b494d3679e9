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

/** Hosts that answer whether a certificate of this authority is revoked: any one is enough. */
export const revocationHostsOf = (authority: string): readonly string[] =>
  authority.startsWith("Microsoft")
    ? ["www.microsoft.com", "oneocsp.microsoft.com"]
    : / CN /.test(authority)
      ? ["crl.digicert.cn", "ocsp.digicert.cn"]
      : ["crl3.digicert.com", "crl4.digicert.com", "ocsp.digicert.com"]

/** `soft`: a check that cannot be completed counts as passed; `hard`: as failed (CRY-195, inferred). */
export type RevocationMode = "none" | "soft" | "hard"
