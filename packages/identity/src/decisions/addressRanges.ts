import { BlockList, isIP } from "node:net"

const familyOf = (address: string): "ipv4" | "ipv6" => (isIP(address) === 6 ? "ipv6" : "ipv4")

/** Lists built so far, by their ranges: the same ranges are asked in every sign-in. */
const lists = new Map<string, BlockList>()
/** More than the named locations of any tenant (IDN-165); beyond it the oldest list goes. */
const keptLists = 400

const listOf = (ranges: readonly string[]): BlockList => {
  const key = ranges.join(" ")
  const known = lists.get(key)
  if (known !== undefined) return known
  const list = new BlockList()
  for (const range of ranges) {
    const [network = "", prefix = ""] = range.split("/")
    if (isIP(network) !== 0) list.addSubnet(network, Number(prefix), familyOf(network))
  }
  const oldest = lists.keys().next()
  if (lists.size >= keptLists && oldest.done !== true) lists.delete(oldest.value)
  lists.set(key, list)
  return list
}

/** Whether an address lies in one of the ranges, in CIDR form; what is no address lies in none. */
export const isInRanges = (ranges: readonly string[], address: string): boolean =>
  isIP(address) !== 0 && listOf(ranges).check(address, familyOf(address))
