import { Schema } from "effect"
import { normalRights, rightOf, UsageRight } from "./UsageRight.ts"

/** Anybody who can authenticate (MIP-046), as PowerShell spells it (MIP-048). */
export const authenticatedUsers = "AuthenticatedUsers"

/** "Just for me": whoever applied the protection (MIP-067). */
export const ownerIdentity = "IPC_USER_ID_OWNER"

/**
 * An identity and its rights. `who` is an address (of a person or a mail-enabled group), a domain,
 * `AuthenticatedUsers` or `IPC_USER_ID_OWNER`; "all members of the organisation" is the tenant's own
 * domain (MIP-043).
 */
export const Grant = Schema.Struct({
  who: Schema.NonEmptyString,
  rights: Schema.Array(UsageRight),
})
export type Grant = typeof Grant.Type

/** Which kind of identity a grant names. Whether an address is a group's, the directory knows. */
export const kindOfWho = (who: string): "address" | "domain" | "authenticated-users" | "owner" => {
  if (who.toLowerCase() === authenticatedUsers.toLowerCase()) return "authenticated-users"
  if (who === ownerIdentity) return "owner"
  return who.includes("@") ? "address" : "domain"
}

/** The same identity always spelt the same way. */
export const normalWho = (who: string): string => {
  const trimmed = who.trim()
  switch (kindOfWho(trimmed)) {
    case "authenticated-users":
      return authenticatedUsers
    case "owner":
      return ownerIdentity
    case "address":
    case "domain":
      return trimmed.toLowerCase()
  }
}

/** What is wrong with a definition, in a word that a message can carry. */
export interface GrantDefect {
  readonly part: string
  readonly problem: "no identity" | "no rights" | "unknown right" | "no separator"
}

/**
 * Reads `EncryptionRightsDefinitions`: `id1:RIGHT,RIGHT;id2:RIGHT` (MIP-108). Names and rights are
 * not case sensitive.
 */
export const parseRightsDefinitions = (
  text: string,
): { readonly grants: readonly Grant[]; readonly defects: readonly GrantDefect[] } => {
  const grants: Grant[] = []
  const defects: GrantDefect[] = []
  for (const part of text.split(";").map((it) => it.trim())) {
    if (part === "") continue
    const at = part.indexOf(":")
    const who = part.slice(0, Math.max(0, at)).trim()
    const names = part
      .slice(at + 1)
      .split(",")
      .map((it) => it.trim())
      .filter((it) => it !== "")
    const rights = names.flatMap((name) => rightOf(name) ?? [])
    if (at < 0) defects.push({ part, problem: "no separator" })
    else if (who === "") defects.push({ part, problem: "no identity" })
    else if (names.length === 0) defects.push({ part, problem: "no rights" })
    else if (rights.length !== names.length) defects.push({ part, problem: "unknown right" })
    else grants.push({ who: normalWho(who), rights })
  }
  return { grants, defects }
}

/** Writes grants the way the cmdlets print them. */
export const formatRightsDefinitions = (grants: readonly Grant[]): string =>
  grants.map(({ who, rights }) => `${who}:${rights.join(",")}`).join(";")

/** One entry for each identity, rights united, sorted by identity. */
export const mergeGrants = (grants: Iterable<Grant>): readonly Grant[] => {
  const byWho = new Map<string, UsageRight[]>()
  for (const { who, rights } of grants) {
    const key = normalWho(who)
    byWho.set(key, [...(byWho.get(key) ?? []), ...rights])
  }
  return [...byWho]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([who, rights]) => ({ who, rights: normalRights(rights) }))
}
