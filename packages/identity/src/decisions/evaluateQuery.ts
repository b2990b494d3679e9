import {
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
  unknown,
} from "@twin/kernel"

/** What a list of directory objects is asked with, beyond the right to read it. */
export interface QueryFacets {
  readonly resource: string
  readonly isEventual: boolean
  readonly hasCount: boolean
  readonly search: "none" | "readable" | "malformed" | "property"
  /** The part of the request that only the index with eventual consistency answers; empty: none. */
  readonly advancedPart: string
  /** The same for what no index answers: endsWith on a property without it. */
  readonly unsupportedPart: string
}

const queryGate = gate<QueryFacets>()

const unsupported = (message: string) => ({ code: "Request_UnsupportedQuery", message })

const searchable = queryGate({
  name: "search",
  facts: ["IDN-100"],
  reads: ["search", "isEventual"],
  check: ({ search, isEventual }) => {
    const details = { search, consistencyLevel: isEventual ? "eventual" : "none" }
    if (search === "none") return pass("Nothing is searched for.", details)
    if (!isEventual) {
      return deny(
        "A search is answered with eventual consistency only.",
        details,
        unsupported(
          "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
        ),
      )
    }
    if (search === "malformed") {
      return deny("The words of a search stand in double quotes.", details, {
        code: "Request_BadRequest",
        message: "Unrecognized query argument specified: '$search'. Use \"property:value\".",
      })
    }
    return search === "property"
      ? unknown("The twin does not search this property.", details)
      : pass("The search can be answered.", details)
  },
})

const operatorSupported = queryGate({
  name: "query-operator",
  facts: ["IDN-100"],
  reads: ["resource", "unsupportedPart"],
  check: ({ resource, unsupportedPart }) =>
    unsupportedPart === ""
      ? pass("Every operator fits its property.", { resource })
      : deny(
          "The property cannot be asked for with this operator.",
          { resource, unsupportedPart },
          unsupported(
            `Unsupported or invalid query filter clause specified for property '${unsupportedPart}' of resource '${resource}'.`,
          ),
        ),
})

const advanced = queryGate({
  name: "advanced-query",
  facts: ["IDN-100"],
  reads: ["resource", "isEventual", "hasCount", "advancedPart"],
  check: ({ resource, isEventual, hasCount, advancedPart }) => {
    const details = {
      resource,
      advancedPart,
      consistencyLevel: isEventual ? "eventual" : "none",
      count: hasCount,
    }
    if (advancedPart === "") return pass("The directory answers this at once.", details)
    return isEventual && hasCount
      ? pass("The index with eventual consistency answers this.", details)
      : deny(
          "This needs eventual consistency and a count.",
          details,
          unsupported(
            `Operator or property '${advancedPart}' of resource '${resource}' is not supported because the 'ConsistencyLevel:eventual' header or '$count=true' is missing. Refer to https://aka.ms/graph-docs/advanced-queries for more information`,
          ),
        )
  },
})

const gates: GateRules<QueryFacets> = [searchable, operatorSupported, advanced]

/** Whether the directory answers a list asked for like this. */
export const evaluateQuery = (facets: QueryFacets): Decision => decideByGates(gates, facets)
