import { checkPrimeSync, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto"

/** An RSA key pair that was made from given bytes alone: the same bytes, the same pair. */
export interface RsaKeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** Tenant keys and account keys have this size (CRY-132), and root keys unless another is asked for. */
export const rsaModulusBits = 2048
const publicExponent = 65_537n

/**
 * Makes a key pair from a byte source, for simulations. A real key takes its primes from the system;
 * ours must come out of the seed, which OpenSSL's generator cannot do.
 */
export const rsaKeyPairFrom = (
  bytes: (size: number) => Uint8Array,
  modulusBits: number = rsaModulusBits,
): RsaKeyPair => {
  const primeBytes = modulusBits / 16
  for (;;) {
    const p = primeFrom(bytes(primeBytes))
    const q = primeFrom(bytes(primeBytes))
    if (p !== q) return keyPairOf(p > q ? p : q, p > q ? q : p)
  }
}

const keyPairOf = (p: bigint, q: bigint): RsaKeyPair => {
  const n = p * q
  const d = inverse(publicExponent, (p - 1n) * (q - 1n))
  const privateKey = createPrivateKey({
    format: "jwk",
    key: {
      kty: "RSA",
      n: base64url(n),
      e: base64url(publicExponent),
      d: base64url(d),
      p: base64url(p),
      q: base64url(q),
      dp: base64url(d % (p - 1n)),
      dq: base64url(d % (q - 1n)),
      qi: base64url(inverse(q, p)),
    },
  })
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

/**
 * The next prime at or after the given bytes, with the two highest bits set, so that the product of
 * two has full length. Most candidates fall to the sieve; OpenSSL tests the rest.
 */
const primeFrom = (bytes: Uint8Array): bigint => {
  const highBits = 3n << BigInt(bytes.length * 8 - 2)
  const start = BigInt(`0x${Buffer.from(bytes).toString("hex")}`) | highBits | 1n
  const composite = sieve(start)
  for (let step = 0; step < sieveSteps; step++) {
    if (composite[step] === 1) continue
    const candidate = start + 2n * BigInt(step)
    if ((candidate - 1n) % publicExponent !== 0n && checkPrimeSync(candidate)) return candidate
  }
  // 8192 odd numbers of this size without a prime: never seen (chance below 1e-19), but total.
  return primeFrom(bytes.map((byte, index) => (byte + index + 1) & 0xff))
}

const sieveSteps = 8192

/** Marks the odd numbers start, start + 2, ... that a small prime divides. */
const sieve = (start: bigint): Uint8Array => {
  const composite = new Uint8Array(sieveSteps)
  for (const prime of oddPrimesBelow(10_000)) {
    const rest = Number(start % BigInt(prime))
    // The first step with start + 2 * step = 0 modulo the prime.
    const first = ((prime - rest) * ((prime + 1) / 2)) % prime
    for (let step = first; step < sieveSteps; step += prime) composite[step] = 1
  }
  return composite
}

const oddPrimesBelow = (limit: number): readonly number[] => {
  const composite = new Uint8Array(limit)
  const primes: number[] = []
  for (let n = 3; n < limit; n += 2) {
    if (composite[n] === 1) continue
    primes.push(n)
    for (let multiple = n * n; multiple < limit; multiple += 2 * n) composite[multiple] = 1
  }
  return primes
}

const inverse = (value: bigint, modulus: bigint): bigint => {
  let [a, b] = [value % modulus, modulus]
  let [x, y] = [1n, 0n]
  while (b !== 0n) {
    const quotient = a / b
    ;[a, b] = [b, a - quotient * b]
    ;[x, y] = [y, x - quotient * y]
  }
  return x < 0n ? x + modulus : x
}

const base64url = (value: bigint): string => {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex").toString("base64url")
}
