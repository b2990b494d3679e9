import { createPublicKey, type KeyObject } from "node:crypto"
import { andThen, type Decision, days, decidingGate, isoOf } from "@twin/kernel"
import { Effect, Option, Result, Schema } from "effect"
import type { JWK } from "jose"
import {
  evaluateCiphertext,
  evaluateKeyUse,
  type KeyUseFacets,
} from "../decisions/evaluateKeyUse.ts"
import { ownValue } from "../ownValue.ts"
import { rsaUnwrap } from "../Primitives.ts"
import { type CheckedToken, type Claim, checkAuthorization } from "./AccessToken.ts"
import { commonNameOf, type Directories } from "./Directory.ts"
import { emptyResponse, type HttpRequest, type HttpResponse, jsonResponse } from "./HttpMessage.ts"
import { activeEntry, entryOf, type KeyEntry } from "./KeyEntry.ts"

/** A key service that runs: its settings, and where it finds keys, authority and directory. */
export interface KeyService<E extends KeyEntry = KeyEntry> {
  readonly entries: readonly E[]
  readonly jwtAudience: string
  readonly jwtAuthorization: string
  readonly validIssuers: readonly string[]
  readonly signingKeys: readonly JWK[]
  readonly ldapPath: string
  readonly directories: Directories
  /** None: the key cannot be loaded or is gone. */
  readonly privateKey: (entry: E) => Effect.Effect<Option.Option<KeyObject>>
}

/** A response, and why: the gates behind it stay inside the customer's house. */
export interface KeyServiceAnswer {
  readonly response: HttpResponse
  /** For requests to decrypt. */
  readonly decision?: Decision
}

/** The HTTP interface of a key service (CRY-148 to CRY-156). */
export const handleRequest = <E extends KeyEntry>(
  service: KeyService<E>,
  request: HttpRequest,
  now: number,
): Effect.Effect<HttpResponse> =>
  Effect.map(answerRequest(service, request, now), ({ response }) => response)

/** The same with the reasons. */
export const answerRequest = Effect.fn("answerRequest")(function* <E extends KeyEntry>(
  service: KeyService<E>,
  request: HttpRequest,
  now: number,
): Effect.fn.Return<KeyServiceAnswer> {
  const url = Option.liftThrowable(() => new URL(request.url))()
  const segments = Option.flatMap(url, ({ pathname }) => segmentsOf(pathname))
  if (Option.isNone(url) || Option.isNone(segments)) return { response: emptyResponse(400) }
  const [name, id, action, ...rest] = segments.value
  const method = request.method.toUpperCase()
  if (name !== undefined && id === undefined && method === "GET") {
    const kid = `${url.value.origin}${url.value.pathname}`
    return { response: yield* publicKeyResponse(service, { name, kid, now }) }
  }
  const isDecrypt = action?.toLowerCase() === "decrypt" && rest.length === 0 && method === "POST"
  if (name === undefined || id === undefined || !isDecrypt) return { response: emptyResponse(404) }
  return yield* decrypt(service, { name, id, request, now })
})

/** Empty segments at the end do not count. None: an escape that is none. */
const segmentsOf = (path: string) =>
  Option.liftThrowable(() =>
    path
      .replace(/\/+$/, "")
      .split("/")
      .slice(1)
      .map((segment) => decodeURIComponent(segment)),
  )()

const publicKeyResponse = Effect.fnUntraced(function* <E extends KeyEntry>(
  service: KeyService<E>,
  { name, kid, now }: { readonly name: string; readonly kid: string; readonly now: number },
) {
  const active = activeEntry(service.entries, name)
  const entry = active && entryOf(service.entries, name, active.id)
  if (entry === undefined) return exceptionResponse(`Key ${name} not found`)
  const key = yield* service.privateKey(entry)
  if (Option.isNone(key)) return emptyResponse(500)
  const exp = expiryOf(entry, now)
  if (exp === "out-of-range") return exceptionResponse(outOfRange, "ArgumentOutOfRangeException")
  return jsonResponse(200, {
    key: { ...publicNumbersOf(key.value), alg: "RS256", kid: `${kid}/${entry.id}` },
    ...(exp === undefined ? {} : { cache: { exp } }),
  })
})

/** Ordinary base64 and a number, unlike a JWK (CRY-148). */
const publicNumbersOf = (privateKey: KeyObject) => {
  const { n = "", e = "" } = createPublicKey(privateKey).export({ format: "jwk" })
  return {
    kty: "RSA",
    n: Buffer.from(n, "base64url").toString("base64"),
    e: Buffer.from(e, "base64url").readUIntBE(0, Buffer.from(e, "base64url").length),
  }
}

const outOfRange = "The added or subtracted value results in an un-representable DateTime."
/** Years 1 to 9999, which is all that the framework's dates can say. */
const calendar = { first: -62_135_596_800_000, last: 253_402_300_799_999 }

/** To the second, in UTC and without saying so (CRY-149). */
const expiryOf = ({ cacheExpirationInDays }: KeyEntry, now: number) => {
  if (cacheExpirationInDays === undefined) return undefined
  const at = now + days(cacheExpirationInDays)
  return at < calendar.first || at > calendar.last ? "out-of-range" : isoOf(at).slice(0, 19)
}

const Body = Schema.fromJsonString(
  Schema.Struct({
    alg: Schema.optionalKey(Schema.NullOr(Schema.String)),
    value: Schema.optionalKey(Schema.NullOr(Schema.String)),
  }),
)
const decodeBody = Schema.decodeUnknownOption(Body)

const decrypt = Effect.fnUntraced(function* <E extends KeyEntry>(
  service: KeyService<E>,
  o: {
    readonly name: string
    readonly id: string
    readonly request: HttpRequest
    readonly now: number
  },
): Effect.fn.Return<KeyServiceAnswer> {
  const token = yield* checkAuthorization(o.request.headers["authorization"], {
    validIssuers: service.validIssuers,
    audience: service.jwtAudience,
    signingKeys: service.signingKeys,
    now: o.now,
  })
  const entry = entryOf(service.entries, o.name, o.id)
  const body = decodeBody(o.request.body)
  const value = Option.match(body, { onNone: () => null, onSome: (it) => it.value ?? null })
  const asked = evaluateKeyUse({
    token: token.verdict,
    hasBody: Option.isSome(body),
    keyName: o.name,
    keyId: o.id,
    isKeyKnown: entry !== undefined,
    ...callerOf(service, token, entry),
    algorithm: Option.match(body, { onNone: () => "", onSome: (it) => it.alg ?? "" }),
    value: value === null ? "absent" : isBase64(value) ? "given" : "not-base64",
  })
  if (asked.outcome !== "allow" || entry === undefined || value === null) {
    return { response: refusalResponse(service, asked), decision: asked }
  }
  const key = yield* service.privateKey(entry)
  const opened = Option.flatMap(key, (it) =>
    Result.getSuccess(rsaUnwrap(it, Buffer.from(value, "base64"))),
  )
  const decision = andThen(asked, () => evaluateCiphertext(Option.isSome(opened)))
  return Option.match(opened, {
    onNone: () => ({ response: emptyResponse(500), decision }),
    onSome: (it) => ({
      response: jsonResponse(200, { value: Buffer.from(it).toString("base64") }),
      decision,
    }),
  })
})

/** White space aside, four by four and padded: what the framework's decoder takes. */
const isBase64 = (text: string): boolean =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(
    text.replaceAll(/[ \t\r\n]/g, ""),
  )

type Caller = Pick<KeyUseFacets, "identity" | "standing">

/** Who calls, according to the token, and whether the key is theirs to use. */
export const callerOf = (
  service: Pick<KeyService, "directories" | "ldapPath">,
  { claims }: CheckedToken,
  entry: KeyEntry | undefined,
): Caller => {
  const authorization = entry?.authorization
  if (authorization === undefined) return { identity: "given", standing: "not-authorized" }
  return authorization._tag === "Email"
    ? callerByAddress(claims, authorization.addresses)
    : callerByRole(service, claims, authorization.roles)
}

/** Both names of a claim: the short one, and what the framework makes of it. */
const schemas = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
const addressClaims = ["email", "upn", `${schemas}/emailaddress`, `${schemas}/upn`]

const callerByAddress = (claims: readonly Claim[], addresses: readonly string[]): Caller => {
  const claim = claims.find(({ type }) => addressClaims.includes(type))
  if (claim === undefined) return { identity: "no-address", standing: "not-authorized" }
  const caller = claim.value.trim().toLowerCase()
  const isListed = addresses.some((it) => it.trim().toLowerCase() === caller)
  return { identity: "given", standing: isListed ? "authorized" : "not-authorized" }
}

const callerByRole = (
  { directories, ldapPath }: Pick<KeyService, "directories" | "ldapPath">,
  claims: readonly Claim[],
  roles: readonly string[],
): Caller => {
  const sid = claims.find(({ type }) => type === "onprem_sid")?.value
  if (sid === undefined) return { identity: "no-sid", standing: "not-authorized" }
  const directory = ownValue(directories, ldapPath)
  if (directory === undefined) return { identity: "directory-silent", standing: "not-authorized" }
  const user = directory.find(({ objectSid }) => objectSid === sid)
  if (user === undefined) return { identity: "not-in-directory", standing: "not-authorized" }
  const held = user.memberOf.map(commonNameOf).filter((it) => it !== "")
  const isHeld = held.some((role) => roles.includes(role))
  return { identity: "given", standing: isHeld ? "authorized" : "not-authorized" }
}

const refusalResponse = (service: Challenger, decision: Decision): HttpResponse => {
  const { name, refusal } = decidingGate(decision)
  const status = Number(refusal?.code ?? "500")
  if (status === 401) return challengeResponse(service)
  if (status !== 400) return emptyResponse(status)
  return exceptionResponse(
    refusal?.message ?? "",
    name === "key-service-body" || name === "key-service-value"
      ? "ArgumentNullException"
      : "ArgumentException",
  )
}

type Challenger = Pick<KeyService, "jwtAudience" | "jwtAuthorization">

/** Where to get a token, and for what (CRY-152). */
const challengeResponse = ({ jwtAudience, jwtAuthorization }: Challenger): HttpResponse =>
  emptyResponse(401, {
    "WWW-Authenticate": `Bearer resource="${jwtAudience}", authorization="${jwtAuthorization}", realm="${jwtAudience}"`,
    resource: jwtAudience,
    authorization: jwtAuthorization,
  })

const errorNumbers = {
  ArgumentException: -2_147_024_809,
  ArgumentNullException: -2_147_467_261,
  ArgumentOutOfRangeException: -2_146_233_086,
} as const

/** The exception as the framework writes it down, without the trace of a program we do not have. */
const exceptionResponse = (
  message: string,
  kind: keyof typeof errorNumbers = "ArgumentException",
): HttpResponse =>
  jsonResponse(400, {
    ClassName: `System.${kind}`,
    Message: message,
    Data: null,
    InnerException: null,
    HelpURL: null,
    StackTraceString: null,
    RemoteStackTraceString: null,
    RemoteStackIndex: 0,
    ExceptionMethod: null,
    HResult: errorNumbers[kind],
    Source: "customerkeystore",
    WatsonBuckets: null,
    ParamName: null,
  })
