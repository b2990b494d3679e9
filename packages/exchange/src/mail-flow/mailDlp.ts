import type { Call } from "@twin/kernel"
import { classifyText, type MailDlpRule, meetsCondition } from "@twin/mip"
import { Effect } from "effect"
import type { RuleCopy } from "../rules/runRules.ts"
import type { ExchangeWorld } from "../State.ts"
import type { Inspected, InTransit } from "./inspect.ts"
import { textOfMail } from "./labelInTransit.ts"

/** Rules of data loss prevention whose conditions a message meets (MIP-158). */
export const matchingDlpRules = Effect.fn("matchingDlpRules")(function* (
  call: Call<ExchangeWorld>,
  o: { readonly transit: InTransit; readonly inspected: Inspected; readonly isOutside: boolean },
): Effect.fn.Return<readonly MailDlpRule[]> {
  const rules = call.world.mip.labeling.mailDlpRules.filter(({ isEnabled }) => isEnabled)
  if (rules.length === 0 || o.inspected.content === undefined) return []
  const classification = yield* classifyText(call.world, textOfMail(o.inspected))
  const { labelId } = o.transit.protection
  const asked = { classification, ...(labelId === undefined ? {} : { labelId }) }
  return rules.filter(
    ({ condition, accessScope }) =>
      (accessScope === "None" || o.isOutside === (accessScope === "NotInOrganization")) &&
      meetsCondition(condition, asked),
  )
})

/** A copy after these rules: mail flow rules that protect already are not overruled. */
export const withDlp = (
  copy: RuleCopy,
  rules: readonly MailDlpRule[],
  isProtected: boolean,
): RuleCopy => {
  const removes = rules.some(({ removesTemplate }) => removesTemplate)
  const protects = rules.find(({ encryptTemplate }) => encryptTemplate !== undefined)
  const template = protects?.encryptTemplate
  // What a label or the sender has encrypted stays under that (MIP-150).
  const isDone = copy.protection !== undefined || isProtected
  return {
    ...copy,
    ...(removes ? { isProtectionRemoved: true, isAttachmentProtectionRemoved: true } : {}),
    ...(protects === undefined || template === undefined || isDone
      ? {}
      : { protection: { rule: protects.name, value: { template, isLegacy: false } } }),
  }
}
