import { andThen, type Call, decideByGates, deny, gate, operation, pass } from "@twin/kernel"
import { Schema } from "effect"
import { dlpLine } from "../auditLines.ts"
import { evaluateManageItem } from "../decisions/evaluateManage.ts"
import { missing } from "../decisions/missing.ts"
import { dlpRulesOf, itemOf, type SpoWorld, siteOf } from "../State.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { itemParameters } from "./shareParameters.ts"

interface OverrideFacets {
  readonly isBlocked: boolean
  readonly allowed: "nothing" | "without-justification" | "with-justification"
  readonly hasJustification: boolean
}

const overrideAllowed = gate<OverrideFacets>()({
  name: "dlp-override",
  facts: ["SPO-205"],
  reads: ["isBlocked", "allowed", "hasJustification"],
  check: ({ isBlocked, allowed, hasJustification }) => {
    if (!isBlocked) return deny("No rule blocks the file.")
    if (allowed === "nothing") return deny("The rule cannot be overridden.", { allowed })
    return allowed === "with-justification" && !hasJustification
      ? deny("The rule can be overridden with a justification only.", { allowed })
      : pass("The rule can be overridden.", { allowed })
  },
})

/** The policy tip's way out, where every matched rule allows it (SPO-205). */
export const overrideDlp: SpoOperation = operation({
  name: "override-dlp",
  summary: "Overrides the block of data loss prevention on a file from its policy tip.",
  params: Schema.Struct({
    ...itemParameters,
    justification: Schema.optionalKey(
      Schema.String.annotate({ description: "Why it is all right" }),
    ),
  }),
  facts: ["SPO-205", "SPO-206", "SPO-207"],
  decide: (call: Call<SpoWorld>, { file, site: siteName, justification = "" }): SpoRuling => {
    const { world, now, actor } = call
    const item = itemOf(world, file, siteName)
    const site = item === undefined ? undefined : siteOf(world, item.site)
    if (item === undefined || site === undefined) return { decision: missing("item") }
    const blocking = (item.scan?.matches ?? []).filter(({ block }) => block !== undefined)
    const rules = dlpRulesOf(world).filter((rule) => blocking.some((it) => it.rule === rule.name))
    const overrides = rules.map(({ notifyAllowOverride }) => notifyAllowOverride)
    const decision = andThen(evaluateManageItem(call, site, item), () =>
      decideByGates([overrideAllowed], {
        isBlocked: blocking.length > 0,
        hasJustification: justification !== "",
        allowed: overrides.some((it) => it.length === 0)
          ? "nothing"
          : overrides.some((it) => it.includes("WithJustification"))
            ? "with-justification"
            : "without-justification",
      }),
    )
    return decision.outcome === "allow"
      ? {
          decision,
          events: [
            { _tag: "DlpOverridden", itemId: item.id, by: actor.id, justification, at: now },
          ],
          audit: [
            dlpLine(
              "DlpRuleUndo",
              site,
              item,
              rules.map(({ name }) => name),
            ),
          ],
        }
      : { decision }
  },
})
