import { Result } from "effect"
import { TransportInputInvalid } from "./TransportInputInvalid.ts"

/** What a domain asks of whoever sends to it (CRY-203; RFC 8461). */
export interface MtaStsPolicy {
  readonly mode: "enforce" | "testing" | "none"
  /** Host names; a star stands for one label at the left. */
  readonly mx: readonly string[]
  readonly maxAgeSeconds: number
}

/** RFC 8461, section 3.2: about a year (EXO-211). */
export const maxAgeLimitSeconds = 31_557_600
const fileLimit = 65_536

const invalid = (kind: TransportInputInvalid["kind"], detail: string) =>
  Result.fail(new TransportInputInvalid({ kind, detail }))

/** The `id` of a record `v=STSv1; id=...;`: it changes when the file does (EXO-210). */
export const parseMtaStsRecord = (text: string): Result.Result<string, TransportInputInvalid> => {
  const kind = "mta-sts-record"
  if (text.length > 1024) return invalid(kind, "it is too long")
  const [version, ...fields] = text.split(";").map((it) => it.trim())
  if (version !== "v=STSv1") return invalid(kind, "it does not begin with v=STSv1")
  const ids = fields.filter((it) => it.startsWith("id=")).map((it) => it.slice(3).trim())
  const [id] = ids
  if (id === undefined || ids.length !== 1) return invalid(kind, "it needs one id")
  return /^[a-z0-9]{1,32}$/i.test(id)
    ? Result.succeed(id)
    : invalid(kind, "an id has 1 to 32 letters and digits")
}

/** Reads the file of a policy. Unknown members are passed over, as the format asks. */
export const parseMtaStsFile = (
  text: string,
): Result.Result<MtaStsPolicy, TransportInputInvalid> => {
  const kind = "mta-sts-file"
  if (text.length > fileLimit) return invalid(kind, "it is longer than 64 KiB")
  const members = new Map<string, string[]>()
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === "") continue
    const colon = line.indexOf(":")
    if (colon < 1) return invalid(kind, "a line is not of the form name: value")
    const name = line.slice(0, colon).trim()
    members.set(name, [...(members.get(name) ?? []), line.slice(colon + 1).trim()])
  }
  const one = (name: string) => members.get(name)?.[0]
  if (one("version") !== "STSv1") return invalid(kind, "version has to be STSv1")
  const mode = one("mode")
  if (mode !== "enforce" && mode !== "testing" && mode !== "none") {
    return invalid(kind, "mode is one of enforce, testing and none")
  }
  const maxAge = one("max_age") ?? ""
  const maxAgeSeconds = Number(maxAge)
  if (!/^\d{1,10}$/.test(maxAge) || maxAgeSeconds > maxAgeLimitSeconds) {
    return invalid(kind, `max_age is a number of seconds up to ${maxAgeLimitSeconds}`)
  }
  const mx = members.get("mx") ?? []
  if (mx.length === 0 && mode !== "none") return invalid(kind, "it names no mx")
  return mx.every((it) => hostPattern.test(it))
    ? Result.succeed({ mode, mx, maxAgeSeconds })
    : invalid(kind, "an mx is not the name of a host")
}

const hostPattern = /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9-]+\.?$/i

const plainHost = (name: string) => name.toLowerCase().replace(/\.$/, "")

/** Whether a host stands in the policy; a star stands for exactly one label (EXO-211). */
export const listsHost = (policy: MtaStsPolicy, host: string): boolean => {
  const wanted = plainHost(host)
  const rest = wanted.slice(wanted.indexOf(".") + 1)
  return policy.mx
    .map(plainHost)
    .some((pattern) =>
      pattern.startsWith("*.")
        ? wanted.includes(".") && pattern.slice(2) === rest
        : pattern === wanted,
    )
}
