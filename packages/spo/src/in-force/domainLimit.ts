import type { Site } from "../Site.ts"
import { type SpoWorld, siteSetting, tenantSetting } from "../State.ts"

/** One limit by domain, of the tenant or of a site (SPO-076, SPO-077). */
export interface DomainLimit {
  readonly mode: "None" | "AllowList" | "BlockList"
  readonly domains: readonly string[]
}

/** Domains stand apart by spaces; commas and semicolons are taken for spaces. No wildcards. */
export const domainsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((it) => it !== "")

const limit = (mode: DomainLimit["mode"], allowed: string, blocked: string): DomainLimit => ({
  mode,
  domains: mode === "None" ? [] : domainsOf(mode === "AllowList" ? allowed : blocked),
})

export const tenantDomainLimit = (world: SpoWorld): DomainLimit =>
  limit(
    tenantSetting(world, "SharingDomainRestrictionMode"),
    tenantSetting(world, "SharingAllowedDomainList"),
    tenantSetting(world, "SharingBlockedDomainList"),
  )

export const siteDomainLimit = (site: Site): DomainLimit =>
  limit(
    siteSetting(site, "SharingDomainRestrictionMode"),
    siteSetting(site, "SharingAllowedDomainList"),
    siteSetting(site, "SharingBlockedDomainList"),
  )

/** What a limit says about one domain, as a facet. */
export type DomainVerdict = "no-list" | "allowed" | "not-on-allow-list" | "on-block-list"

export const verdictOn = ({ mode, domains }: DomainLimit, domain: string): DomainVerdict => {
  const isListed = domains.includes(domain.toLowerCase())
  switch (mode) {
    case "None":
      return "no-list"
    case "AllowList":
      return isListed ? "allowed" : "not-on-allow-list"
    case "BlockList":
      return isListed ? "on-block-list" : "allowed"
  }
}
