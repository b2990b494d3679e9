import { deny, type FactId, gate, pass } from "@twin/kernel"
import { resourceNotFound } from "../graphRefusals.ts"

/** Whether everything that a request names is there; `missing` is the first that is not, or empty. */
export const resourceFound = (facts: readonly [FactId, ...FactId[]]) =>
  gate<{ readonly missing: string }>()({
    name: "resource-found",
    facts,
    reads: ["missing"],
    check: ({ missing }) =>
      missing === ""
        ? pass("Everything that the request names exists.")
        : deny(
            "The request names something that does not exist.",
            { missing },
            resourceNotFound(missing),
          ),
  })
