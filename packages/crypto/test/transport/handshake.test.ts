import { once } from "node:events"
import type { AddressInfo } from "node:net"
import * as tls from "node:tls"
import { assert, beforeAll, describe, it } from "@effect/vitest"
import { seededBytes } from "@twin/kernel"
import { Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { issueCertificate } from "../../src/certificates/issueCertificate.ts"
import { pemOf } from "../../src/certificates/simulatedAuthority.ts"
import { rsaKeyPairFrom } from "../../src/RsaKeyPair.ts"
import { tls12Suites } from "../../src/transport/CipherSuite.ts"
import { negotiateTls } from "../../src/transport/negotiateTls.ts"
import type { TlsVersion } from "../../src/transport/TlsVersion.ts"

const year = 365 * 86_400_000
const start = Date.UTC(2026, 0, 1)

/** OpenSSL's names of the suites whose negotiation is compared. */
const openSslNames: Readonly<Record<string, string>> = {
  TLS_AES_256_GCM_SHA384: "TLS_AES_256_GCM_SHA384",
  TLS_AES_128_GCM_SHA256: "TLS_AES_128_GCM_SHA256",
  TLS_CHACHA20_POLY1305_SHA256: "TLS_CHACHA20_POLY1305_SHA256",
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: "ECDHE-RSA-AES256-GCM-SHA384",
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: "ECDHE-RSA-AES128-GCM-SHA256",
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384: "ECDHE-RSA-AES256-SHA384",
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256: "ECDHE-RSA-AES128-SHA256",
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: "ECDHE-RSA-AES256-SHA",
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: "ECDHE-RSA-AES128-SHA",
  TLS_RSA_WITH_AES_256_GCM_SHA384: "AES256-GCM-SHA384",
  TLS_RSA_WITH_AES_128_GCM_SHA256: "AES128-GCM-SHA256",
}
const all = Object.keys(openSslNames)
const modern = all.slice(0, 3)
const older = tls12Suites.map(({ name }) => name)
const openSsl = (names: readonly string[]) => names.map((it) => openSslNames[it]).join(":")

let secrets: { readonly key: string; readonly cert: string }
beforeAll(async () => {
  const pair = rsaKeyPairFrom(seededBytes("handshake"))
  const wish = {
    commonName: "localhost",
    hosts: ["localhost"],
    subject: pair.publicKey,
    selfKey: pair.privateKey,
    notBefore: start,
    notAfter: start + 10 * year,
  }
  const random = SecureRandom.make(seededBytes("serial"))
  const der = await Effect.runPromise(
    Effect.provideService(issueCertificate(wish), SecureRandom.SecureRandom, random),
  )
  const key = pair.privateKey.export({ type: "pkcs8", format: "pem" })
  secrets = { key, cert: pemOf(der) }
})

interface Sides {
  readonly server: readonly string[]
  readonly client: readonly string[]
  readonly versions: readonly ["TLSv1.2" | "TLSv1.3", "TLSv1.2" | "TLSv1.3"]
  readonly groups?: string
}

/** What a real client and a real server agree on over loopback; undefined: nothing. */
const handshake = async (sides: Sides) => {
  const [minVersion, maxVersion] = sides.versions
  const server = tls.createServer({
    ...secrets,
    honorCipherOrder: true,
    ciphers: openSsl(sides.server),
    ecdhCurve: "secp384r1:prime256v1:secp521r1",
    minVersion: "TLSv1.2",
  })
  server.on("tlsClientError", () => undefined)
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  const options = {
    minVersion,
    maxVersion,
    ciphers: openSsl(sides.client),
    rejectUnauthorized: false,
  }
  const curves = sides.groups === undefined ? {} : { ecdhCurve: sides.groups }
  try {
    const socket = tls.connect({ port, host: "127.0.0.1", ...options, ...curves })
    await once(socket, "secureConnect")
    const result = { version: socket.getProtocol(), suite: socket.getCipher().standardName }
    socket.destroy()
    return result
  } catch {
    return undefined
  } finally {
    server.close()
  }
}

const described = (sides: Sides) => {
  const versions = (sides.versions.includes("TLSv1.2") ? ["TLS 1.2"] : []) as TlsVersion[]
  if (sides.versions.includes("TLSv1.3")) versions.push("TLS 1.3")
  const groups = (sides.groups ?? "secp256r1:secp384r1")
    .replace("prime256v1", "secp256r1")
    .split(":")
  const result = negotiateTls(
    { versions, suites: sides.client, groups },
    {
      name: "loopback",
      versions: ["TLS 1.2", "TLS 1.3"],
      suites: sides.server,
      groups: ["secp384r1", "secp256r1", "secp521r1"],
    },
  )
  return result.failed === undefined
    ? { version: result.agreed.version.replace("TLS ", "TLSv"), suite: result.agreed.suite }
    : undefined
}

const v12 = ["TLSv1.2", "TLSv1.2"] as const
const v13 = ["TLSv1.3", "TLSv1.3"] as const
const both = ["TLSv1.2", "TLSv1.3"] as const

describe("a real handshake on loopback", () => {
  it.live.each([
    ...older.map((suite): Sides => ({ server: older, client: [suite], versions: v12 })),
    ...modern.map((suite): Sides => ({ server: modern, client: [suite], versions: v13 })),
    ...older.map(
      (_, index): Sides => ({
        server: older,
        client: older.slice(index).toReversed(),
        versions: v12,
      }),
    ),
    { server: all, client: all, versions: both },
    { server: all, client: all.toReversed(), versions: both },
    { server: older.slice(0, 2), client: older.slice(2), versions: v12 },
    { server: older, client: [...older].toReversed(), versions: v12, groups: "X25519" },
    { server: older.slice(0, 4), client: older, versions: v12, groups: "X25519" },
    { server: modern, client: modern, versions: v13, groups: "prime256v1" },
    { server: modern, client: modern, versions: v13, groups: "X25519" },
  ])("[CRY-176] [CRY-178] [CRY-181] agrees as the description says, number %#", (sides) =>
    Effect.gen(function* () {
      const real = yield* Effect.promise(() => handshake(sides))
      assert.deepStrictEqual(described(sides), real)
    }),
  )
})
