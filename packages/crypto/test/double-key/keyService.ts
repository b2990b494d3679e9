import type { KeyObject } from "node:crypto"
import { seededBytes } from "@twin/kernel"
import { Effect } from "effect"
import { signingKeyOf } from "../../src/double-key/AccessToken.ts"
import { privateKeyOf } from "../../src/double-key/AppSettings.ts"
import {
  type AppSettings,
  type HttpRequest,
  handleRequest,
  issuerOf,
  type KeyService,
  mintToken,
  readAppSettings,
  type SettingsKey,
} from "../../src/index.ts"
import { rsaKeyPairFrom } from "../../src/RsaKeyPair.ts"

const pairs = new Map<string, ReturnType<typeof rsaKeyPairFrom>>()
/** A pair by name, made once. */
export const pairOf = (name: string) => {
  const pair = pairs.get(name) ?? rsaKeyPairFrom(seededBytes(`dke ${name}`))
  pairs.set(name, pair)
  return pair
}

/** The private key as the settings file wants it: PKCS#1 in base64 without the frame. */
export const privatePem = (name: string, type: "pkcs1" | "pkcs8" = "pkcs1"): string =>
  pairOf(name).privateKey.export({ format: "der", type }).toString("base64")
export const publicPem = (name: string): string =>
  pairOf(name).publicKey.export({ format: "der", type: "spki" }).toString("base64")

export const host = "https://dke.contoso.com"
export const tenantId = "11111111-2222-4333-8444-555555555555"
export const now = Date.UTC(2026, 8, 1, 8)

/** One entry of `TestKeys`. */
export const entry = (more: object = {}, key = "Secret-1"): object => ({
  Name: "Secret",
  Id: "1",
  AuthorizedEmailAddress: [" Alice@Contoso.com "],
  PublicPem: publicPem(key),
  PrivatePem: privatePem(key),
  ...more,
})

export const settingsText = (keys: readonly object[], more: object = {}): string =>
  JSON.stringify({
    AzureAd: { TokenValidationParameters: { ValidIssuers: [issuerOf(tenantId)] } },
    JwtAudience: host,
    TestKeys: keys,
    ...more,
  })

const signer = () => ({ kid: "authority", privateKey: pairOf("authority").privateKey })

export const serviceOf = (
  settings: AppSettings,
  more: Partial<KeyService<SettingsKey>> = {},
): KeyService<SettingsKey> => ({
  ...settings,
  entries: settings.keys,
  signingKeys: [signingKeyOf("authority", pairOf("authority").publicKey)],
  directories: {},
  privateKey: (key) => Effect.succeed(privateKeyOf(key)),
  ...more,
})

/** A service that started with these entries. */
export const started = Effect.fnUntraced(function* (
  keys: readonly object[] = [entry()],
  more: object = {},
) {
  return serviceOf(yield* readAppSettings(settingsText(keys, more)))
})

export interface TokenWish {
  readonly claims?: Readonly<Record<string, string>>
  readonly issuer?: string
  readonly audience?: string
  readonly at?: number
  readonly key?: KeyObject
}

export const tokenFor = (o: TokenWish = {}) =>
  mintToken(
    { ...signer(), ...(o.key === undefined ? {} : { privateKey: o.key }) },
    {
      issuer: o.issuer ?? issuerOf(tenantId),
      audience: o.audience ?? host,
      claims: o.claims ?? { upn: "alice@contoso.com" },
      now: o.at ?? now,
      lifetimeMinutes: 60,
    },
  )

export const get = (url: string): HttpRequest => ({ method: "GET", url, headers: {}, body: "" })

export const post = (url: string, body: unknown, token?: string): HttpRequest => ({
  method: "POST",
  url,
  headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  body: typeof body === "string" ? body : JSON.stringify(body),
})

export const ask = (service: KeyService<SettingsKey>, request: HttpRequest, at = now) =>
  handleRequest(service, request, at)

/** JSON of a body, as a record. */
export const json = (body: string): Readonly<Record<string, unknown>> => JSON.parse(body)
