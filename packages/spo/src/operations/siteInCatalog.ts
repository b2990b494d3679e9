import { newResourceRequest } from "@twin/identity"
import { andThen, type Call, type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"
import { Effect } from "effect"
import { type SpoWorld, siteOf } from "../State.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"

const siteThere = gate<{ readonly missing: string }>()({
  name: "catalog-site",
  facts: ["IDN-240"],
  reads: ["missing"],
  check: ({ missing }) =>
    missing === ""
      ? pass("SharePoint has the sites that the catalogue is to hold.")
      : deny(
          "SharePoint has no such site.",
          { missing },
          { code: "ResourceNotFound", message: "The site was not found in SharePoint Online." },
        ),
})

const evaluateSites = (world: SpoWorld, events: SpoRuling["events"]): Decision =>
  decideByGates([siteThere], {
    missing:
      (events ?? [])
        .flatMap((it) =>
          it._tag === "CatalogExtended" && it.resource.kind === "site" ? [it.resource.id] : [],
        )
        .find((url) => {
          const site = siteOf(world, url)
          return site?.url !== url || site.recycledAt !== undefined
        }) ?? "",
  })

/** The directory's cmdlet, which here looks for the site as well that a catalogue is to hold. */
export const newSiteResourceRequest: SpoOperation = {
  ...newResourceRequest,
  extendsBelow: true,
  rule: (call: Call<SpoWorld>, params) =>
    Effect.map(newResourceRequest.rule(call, params), (ruling): SpoRuling => {
      if (ruling.decision.outcome !== "allow") return ruling
      const decision = andThen(ruling.decision, () => evaluateSites(call.world, ruling.events))
      return decision.outcome === "allow" ? { ...ruling, decision } : { decision }
    }),
}
