import { type Call, operation } from "@twin/kernel"
import { Schema } from "effect"
import { evaluatePeoplePicker } from "../decisions/evaluatePeoplePicker.ts"
import { missing } from "../decisions/missing.ts"
import { itemOf, type SpoWorld, siteOf } from "../State.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"

/** Opens the people picker and types: nothing is shared by it. */
export const searchPeople: SpoOperation = operation({
  name: "search-people",
  summary: "Types into the people picker of the Share dialog, and shows what it suggests.",
  params: Schema.Struct({
    site: Schema.NonEmptyString.annotate({ description: "Address or name of the site" }),
    file: Schema.optionalKey(
      Schema.NonEmptyString.annotate({
        description: "File or folder; the site itself unless given",
      }),
    ),
    text: Schema.NonEmptyString.annotate({ description: "What is typed: a name or an address" }),
  }),
  facts: ["IDN-088", "SPO-080", "SPO-081", "SPO-082"],
  isReadOnly: true,
  decide: (call: Call<SpoWorld>, { site: name, file, text }): SpoRuling => {
    const site = siteOf(call.world, name)
    if (site === undefined || site.recycledAt !== undefined) return { decision: missing("site") }
    const item = file === undefined ? undefined : itemOf(call.world, file, site.url)
    if (file !== undefined && item === undefined) return { decision: missing("item") }
    const { decision, suggestions } = evaluatePeoplePicker(call, {
      site,
      text,
      ...(item === undefined ? {} : { item }),
    })
    return { decision, output: suggestions.map((it) => ({ ...it })) }
  },
})
