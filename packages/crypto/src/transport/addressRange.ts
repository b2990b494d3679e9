import { BlockList, isIPv4 } from "node:net"

/** Widest range of addresses that a connector takes (EXO-200). */
const shortestPrefix = 24

const read = (range: string): { readonly network: string; readonly prefix: number } | undefined => {
  const [network = "", prefix = "32", ...rest] = range.split("/")
  if (rest.length > 0 || !isIPv4(network) || !/^\d{1,2}$/.test(prefix)) return undefined
  const bits = Number(prefix)
  return bits < shortestPrefix || bits > 32 ? undefined : { network, prefix: bits }
}

/** An IPv4 address, or a range of them of at most 256 (EXO-200). */
export const isSenderRange = (range: string): boolean => read(range) !== undefined

/** Whether one of the ranges covers an address; what is no range covers nothing. */
export const isInRanges = (ranges: readonly string[], address: string): boolean => {
  const list = new BlockList()
  for (const range of ranges) {
    const known = read(range)
    if (known !== undefined) list.addSubnet(known.network, known.prefix, "ipv4")
  }
  return isIPv4(address) && list.check(address, "ipv4")
}
