import type { Tenant } from "@twin/tenant"
import { Effect } from "effect"
import type { Memory } from "./Memory.ts"
import { type Lookup, referencesWithin } from "./references.ts"

/**
 * What references in a value mean now: results that were saved, and the last mail in somebody's
 * mailbox that carries what is asked for.
 */
export const lookupFor = Effect.fnUntraced(function* (
  tenant: Tenant,
  memory: Memory,
  value: unknown,
) {
  const mails = new Map<string, unknown>()
  for (const [head, owner = "", what = ""] of referencesWithin(value)) {
    if (head === "mail") mails.set(`${owner}\n${what}`, yield* lastOf(tenant, owner, what))
  }
  const lookup: Lookup = ([head = "", ...rest]) => {
    if (head === "mail") return mails.get(`${rest[0] ?? ""}\n${rest[1] ?? ""}`)
    let found: unknown = Object.hasOwn(memory.saved, head) ? memory.saved[head] : undefined
    for (const key of rest) {
      found =
        typeof found === "object" && found !== null && Object.hasOwn(found, key)
          ? (found as Readonly<Record<string, unknown>>)[key]
          : undefined
    }
    return found
  }
  return lookup
})

const lastOf = Effect.fnUntraced(function* (tenant: Tenant, owner: string, what: string) {
  // A name that nobody has leads nowhere, as does an empty mailbox: the step says so.
  const mails = yield* tenant
    .mailbox(owner)
    .pipe(Effect.catchTag("WhoUnknown", () => Effect.succeed([])))
  const key = what === "code" || what === "link" || what === "id" ? what : undefined
  if (key === undefined) return undefined
  return mails.findLast((mail) => mail[key] !== undefined)?.[key]
})
