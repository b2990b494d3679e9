import { type Call, days, decideByGates, deny, gate, isoOf, pass } from "@twin/kernel"
import { Schema } from "effect"
import { siteLine } from "../auditLines.ts"
import { missing } from "../decisions/missing.ts"
import type { Site } from "../Site.ts"
import { type SpoWorld, siteOf, sitesOf } from "../State.ts"
import { reading } from "./getSpoTenant.ts"
import { cmdlet, type SpoOperation, type SpoRuling } from "./SpoOperation.ts"

/** How long a deleted site is kept (SPO-281). */
const deletedSiteDays = 93

const identity = Schema.Struct({
  Identity: Schema.NonEmptyString.annotate({ description: "Address of the site" }),
  NoWait: Schema.optionalKey(Schema.Boolean),
  Confirm: Schema.optionalKey(Schema.Boolean),
})

const binding = {
  positional: ["Identity"],
  pipeline: "Identity",
  switches: ["NoWait", "Confirm"],
  aliases: { Url: "Identity" },
} as const

const common = {
  binding,
  facts: ["SPO-281"],
} as const

interface BinFacets {
  readonly state: "live" | "in-bin" | "gone"
  readonly wanted: "live" | "in-bin"
}

const siteState = gate<BinFacets>()({
  name: "site-state",
  facts: ["SPO-281"],
  reads: ["state", "wanted"],
  check: ({ state, wanted }) =>
    state === wanted
      ? pass("The site is where the cmdlet looks for it.", { state })
      : deny(
          "The site is not where the cmdlet looks for it.",
          { state },
          {
            message:
              wanted === "live"
                ? "Cannot get site. The site is deleted."
                : "The deleted site was not found.",
          },
        ),
})

const evaluateState = (site: Site, wanted: BinFacets["wanted"], now: number) =>
  decideByGates([siteState], {
    wanted,
    state:
      site.recycledAt === undefined
        ? "live"
        : now - site.recycledAt < days(deletedSiteDays)
          ? "in-bin"
          : "gone",
  })

const onSite = (
  call: Call<SpoWorld>,
  name: string,
  wanted: BinFacets["wanted"],
  then: (site: Site) => Omit<SpoRuling, "decision">,
): SpoRuling => {
  const site = siteOf(call.world, name)
  if (site === undefined) return { decision: missing("site") }
  const decision = evaluateState(site, wanted, call.now)
  return decision.outcome === "allow" ? { decision, ...then(site) } : { decision }
}

export const removeSpoSite: SpoOperation = cmdlet({
  ...common,
  name: "Remove-SPOSite",
  summary: "Deletes a site: its content is unreachable until it is restored.",
  params: identity,
  decide: (call: Call<SpoWorld>, { Identity: name }): SpoRuling =>
    onSite(call, name, "live", ({ url }) => ({
      events: [{ _tag: "SiteRecycled", url, at: call.now }],
      audit: [siteLine("SiteDeleted", url)],
    })),
})

export const restoreSpoDeletedSite: SpoOperation = cmdlet({
  ...common,
  name: "Restore-SPODeletedSite",
  summary: "Restores a deleted site with everything in it.",
  params: identity,
  decide: (call: Call<SpoWorld>, { Identity: name }): SpoRuling =>
    onSite(call, name, "in-bin", ({ url }) => ({
      events: [{ _tag: "SiteRestored", url, at: call.now }],
      audit: [siteLine("SiteRestored", url)],
    })),
})

export const removeSpoDeletedSite: SpoOperation = cmdlet({
  ...common,
  name: "Remove-SPODeletedSite",
  summary: "Deletes a site for good.",
  params: identity,
  decide: (call: Call<SpoWorld>, { Identity: name }): SpoRuling =>
    onSite(call, name, "in-bin", ({ url }) => ({
      events: [{ _tag: "SitePurged", url, at: call.now }],
      audit: [siteLine("SitePermanentlyDeleted", url)],
    })),
})

export const getSpoDeletedSite: SpoOperation = cmdlet({
  name: "Get-SPODeletedSite",
  summary: "Shows deleted sites that can be restored.",
  params: Schema.Struct({ Identity: Schema.optionalKey(Schema.NonEmptyString) }),
  binding: { positional: ["Identity"] },
  facts: ["SPO-281"],
  isReadOnly: true,
  decide: ({ world, now }: Call<SpoWorld>, { Identity: name }): SpoRuling => {
    const site = name === undefined ? undefined : siteOf(world, name)
    if (name !== undefined && site === undefined) return { decision: missing("site") }
    const decision = site === undefined ? reading : evaluateState(site, "in-bin", now)
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      output: (site === undefined ? sitesOf(world) : [site]).flatMap(({ url, recycledAt }) =>
        recycledAt === undefined || now - recycledAt >= days(deletedSiteDays)
          ? []
          : [
              {
                Url: url,
                Status: "Recycled",
                DeletionTime: isoOf(recycledAt),
                DaysRemaining: deletedSiteDays - Math.floor((now - recycledAt) / days(1)),
              },
            ],
      ),
    }
  },
})
