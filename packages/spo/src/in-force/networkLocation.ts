import { BlockList, isIP, isIPv4 } from "node:net"
import { type SpoWorld, tenantSetting } from "../State.ts"

interface Range {
  readonly address: string
  readonly prefix: number
  readonly family: "ipv4" | "ipv6"
}

/** Reads one address or range in CIDR form; undefined for anything else. */
const rangeOf = (text: string): Range | undefined => {
  const [address = "", bits, ...more] = text.split("/")
  if (isIP(address) === 0 || more.length > 0) return undefined
  const longest = isIPv4(address) ? 32 : 128
  const prefix = bits === undefined ? longest : Number(bits)
  return (bits === undefined || /^\d+$/.test(bits)) && prefix <= longest
    ? { address, prefix, family: isIPv4(address) ? "ipv4" : "ipv6" }
    : undefined
}

const parts = (text: string): readonly string[] =>
  text
    .split(/[\s,;]+/)
    .map((it) => it.trim())
    .filter((it) => it !== "")

const contains = (range: Range, address: string): boolean => {
  const list = new BlockList()
  list.addSubnet(range.address, range.prefix, range.family)
  return list.check(address, isIPv4(address) ? "ipv4" : "ipv6")
}

/** What is wrong with a list of addresses, in the words of the cmdlet (SPO-217). */
export const addressListDefect = (text: string): string | undefined => {
  const texts = parts(text)
  const ranges = texts.flatMap((it) => rangeOf(it) ?? [])
  if (ranges.length !== texts.length) {
    const bad = texts.find((it) => rangeOf(it) === undefined)
    return `The input IP allow list has an invalid address or range: ${bad}.`
  }
  const isOverlapping = ranges.some((a, i) =>
    ranges.some((b, j) => i < j && (contains(a, b.address) || contains(b, a.address))),
  )
  return isOverlapping ? "The input IP allow list has overlaps." : undefined
}

/** Where a request comes from, as the tenant sees it. */
export type NetworkLocation = "not-enforced" | "inside" | "outside"

export const networkLocationOf = (world: SpoWorld, ipAddress: string): NetworkLocation => {
  if (!tenantSetting(world, "IPAddressEnforcement")) return "not-enforced"
  if (isIP(ipAddress) === 0) return "outside"
  const ranges = parts(tenantSetting(world, "IPAddressAllowList")).flatMap(
    (it) => rangeOf(it) ?? [],
  )
  return ranges.some((it) => contains(it, ipAddress)) ? "inside" : "outside"
}
