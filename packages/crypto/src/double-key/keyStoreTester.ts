import { Effect } from "effect"
import type { HttpRequest, HttpResponse } from "./HttpMessage.ts"

/** Sends a request, and answers nothing where nobody answers. */
export type Send<R> = (request: HttpRequest) => Effect.Effect<HttpResponse | undefined, never, R>

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const members = {
  kty: "key type",
  n: "modulus",
  e: "exponent",
  alg: "algorithm",
  kid: "key id",
} as const

const failed = (what: string) => `Validation failure: ${what}`

/** The check that the documentation has people run against a new service: its last line (CRY-171). */
export const testKeyStore = Effect.fn("testKeyStore")(function* <R>(url: string, send: Send<R>) {
  if (!url.trim().startsWith("https")) return failed("Url must be begin with 'https'")
  const shown = yield* send({ method: "GET", url, headers: {}, body: "" })
  if (shown === undefined || shown.status !== 200) {
    return failed("Unable to access the provided url")
  }
  const { key: found } = record(parsed(shown.body))
  if (found === undefined) return failed("Response does not contain the key")
  const key = record(found)
  for (const [member, name] of Object.entries(members)) {
    if (key[member] === undefined) return failed(`Response does not contain the ${name}`)
  }
  if (key["kty"] !== "RSA") return failed("Invalid key type")
  if (key["alg"] !== "RS256") return failed("Invalid key algorithm")
  const decryptUrl = `${String(key["kid"])}/decrypt`
  const refused = yield* send({ method: "POST", url: decryptUrl, headers: {}, body: "" })
  if (refused?.status !== 401) return failed("Decryption unexpected response")
  const header = refused.headers["WWW-Authenticate"]
  if (header === undefined) return failed("WWW-Authenticate header not found")
  const fields = new Map(
    [...header.matchAll(/([A-Za-z]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  )
  for (const field of ["resource", "authorization", "realm"]) {
    if (!fields.has(field)) return `${field} auth field not found`
  }
  const resource = fields.get("resource") ?? ""
  if (!resource.startsWith("https://") || !URL.canParse(resource)) {
    return `Resource auth field (${resource}) must contains 'https://'`
  }
  const [wanted, given] = [new URL(resource).hostname, new URL(decryptUrl).hostname]
  return wanted === given
    ? "Validation successful!"
    : `Hostname mismatch between auth resource (${wanted}) and key url (${given})`
})
