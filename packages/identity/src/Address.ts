/** Mail addresses compare without case everywhere in the directory. */
export const normalizeAddress = (address: string): string => address.trim().toLowerCase()

/** What stands after the last `@`, lower case; empty where there is none. */
export const domainOf = (address: string): string => {
  const at = address.lastIndexOf("@")
  return at < 0 ? "" : address.slice(at + 1).toLowerCase()
}

/** A proxy address without its type prefix: `SMTP:a@x` and `smtp:a@x` are both `a@x`. */
export const addressOfProxy = (proxyAddress: string): string =>
  normalizeAddress(proxyAddress.replace(/^smtp:/i, ""))

/** The one proxy address whose prefix is in upper case; empty where there is none. */
export const primarySmtpOf = (proxyAddresses: readonly string[]): string => {
  const primary = proxyAddresses.find((it) => it.startsWith("SMTP:"))
  return primary === undefined ? "" : addressOfProxy(primary)
}

/** The user principal name of a guest (IDN-002): `nina_fabrikam.com#EXT#@contoso.onmicrosoft.com`. */
export const guestUserPrincipalName = (address: string, initialDomain: string): string =>
  `${normalizeAddress(address).replace("@", "_")}#EXT#@${initialDomain}`

/**
 * Why an address cannot be invited (IDN-018), as a word for the gate; undefined when it can. A comma
 * or a plus is as forbidden as a quote; period and hyphen only at the ends of the local part.
 */
export const addressDefect = (address: string): string | undefined => {
  const parts = address.trim().split("@")
  const [local, domain] = parts
  if (parts.length !== 2 || local === undefined || domain === undefined) return "not an address"
  if (local === "" || !/^[^\s.]+(\.[^\s.]+)+$/.test(domain)) return "not an address"
  const forbidden = /[~!#$%^&*()+=[\]{}\\/|;:"<>?,\s]/.exec(local + domain)
  if (forbidden !== null) return "a forbidden character"
  return /^[.-]|[.-]$/.test(local) ? "a period or hyphen at the end" : undefined
}
