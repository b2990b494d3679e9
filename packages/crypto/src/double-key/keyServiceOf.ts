import { ownValue } from "../ownValue.ts"
import type { DeployedKeyService, DoubleKeyState } from "./DoubleKeyEvent.ts"

/** Anything with this part of the state. */
export interface DoubleKeyWorld {
  readonly crypto: { readonly doubleKey: DoubleKeyState }
}

/** A key's address in its parts. */
export interface KeyAddress {
  /** Lower case, with the port where it is not the usual one. */
  readonly origin: string
  /** Knows case (CRY-151). */
  readonly name: string
}

/** `https://host/KeyName`, and nothing behind it (CRY-163). Undefined: no such address. */
export const parseKeyAddress = (url: string): KeyAddress | undefined => {
  if (!URL.canParse(url)) return undefined
  const { protocol, origin, pathname, search, hash, username, password } = new URL(url)
  const name = /^\/([^/]+)$/.exec(pathname)?.[1]
  const isPlain = `${search}${hash}${username}${password}` === ""
  if (protocol !== "https:" || name === undefined || !isPlain) return undefined
  try {
    return { origin, name: decodeURIComponent(name) }
  } catch {
    return undefined
  }
}

/** Follows an old address to where the service answers now. */
export const currentOrigin = ({ crypto }: DoubleKeyWorld, origin: string): string => {
  let current = origin
  // No longer than there are addresses: a service may have moved in a circle.
  for (let step = Object.keys(crypto.doubleKey.addresses).length; step > 0; step--) {
    if (ownValue(crypto.doubleKey.services, current) !== undefined) break
    current = ownValue(crypto.doubleKey.addresses, current) ?? current
  }
  return current
}

/** The service that answers at an origin; undefined: nobody does. */
export const keyServiceOf = (
  world: DoubleKeyWorld,
  origin: string,
): DeployedKeyService | undefined =>
  ownValue(world.crypto.doubleKey.services, currentOrigin(world, origin))

/** The service behind the address of a key. */
export const keyServiceAt = (
  world: DoubleKeyWorld,
  url: string,
): DeployedKeyService | undefined => {
  const address = parseKeyAddress(url)
  return address && keyServiceOf(world, address.origin)
}
