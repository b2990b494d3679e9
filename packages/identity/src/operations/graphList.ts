import { andThen, type Binding, type Call, type OutputObject, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { evaluateDirectoryRead } from "../decisions/evaluateDirectoryRead.ts"
import { evaluateQuery } from "../decisions/evaluateQuery.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"
import { conditionsOf, everything, type Filter, filterRows, readFilter } from "./odataFilter.ts"
import { readSearch, searchRows } from "./searchText.ts"

const text = (description: string) => Schema.optionalKey(Schema.String.annotate({ description }))

/** How a list of directory objects is asked for. */
export const listParams = {
  Filter: text("OData filter, e.g. startsWith(displayName, 'Box')"),
  Search: text('Words in a property, e.g. "displayName:Box"; needs ConsistencyLevel'),
  ConsistencyLevel: Schema.optionalKey(
    Schema.Literals(["eventual"]).annotate({
      description: "eventual: the index answers, which knows more and may be behind",
    }),
  ),
  CountVariable: Schema.optionalKey(
    Schema.NonEmptyString.annotate({
      description: "Variable that receives how many there are, beyond Top as well",
    }),
  ),
  Sort: text("Property to sort by, e.g. displayName desc"),
  All: Schema.optionalKey(Schema.Boolean.annotate({ description: "All pages; switch" })),
  Top: Schema.optionalKey(Schema.Int.annotate({ description: "At most so many" })),
}

export const listBinding: Binding = {
  switches: ["All"],
  aliases: { Limit: "Top", CV: "CountVariable", OrderBy: "Sort" },
}

type ListParams = Schema.Struct<typeof listParams>["Type"]

/** Properties of users that the index alone knows (advanced queries of Microsoft Graph). */
const indexedOnly: Readonly<Record<string, readonly string[]>> = {
  User: [
    "companyname",
    "mobilephone",
    "officelocation",
    "postalcode",
    "preferredlanguage",
    "showinaddresslist",
    "streetaddress",
    "employeehiredate",
    "employeetype",
  ],
}

const withEndings: readonly string[] = ["mail", "othermails", "userprincipalname", "proxyaddresses"]

/** What can be sorted by without the index. */
const sortable: Readonly<Record<string, readonly string[]>> = {
  User: ["displayname", "userprincipalname"],
  Group: ["displayname"],
}

const namesOf = (table: Readonly<Record<string, readonly string[]>>, key: string) =>
  Object.hasOwn(table, key) ? (table[key] ?? []) : []

/** The first part of a filter that needs the index; empty where there is none. */
const advancedIn = (resource: string, filter: Filter): string => {
  for (const it of conditionsOf(filter)) {
    if (it.kind === "not") return "not"
    if (it.kind === "endswith") return "endsWith"
    if (it.kind === "comparison") {
      if (it.operator === "ne") return "ne"
      if (it.value === null) return "null"
    }
    if ("property" in it && namesOf(indexedOnly, resource).includes(it.property)) {
      return it.property
    }
  }
  return ""
}

const sortedBy = (resource: string, { Sort, Filter: filter }: ListParams): string => {
  const property = Sort?.trim().split(/\s+/)[0]?.toLowerCase()
  if (property === undefined) return ""
  return filter !== undefined || !namesOf(sortable, resource).includes(property) ? "orderby" : ""
}

const badEnding = (filter: Filter): string => {
  const bad = conditionsOf(filter).find(
    (it) => it.kind === "endswith" && !withEndings.includes(it.property),
  )
  return bad !== undefined && "property" in bad ? bad.property : ""
}

const comparable = (value: Schema.Json | undefined): string =>
  typeof value === "string" ? value.toLowerCase() : JSON.stringify(value ?? null)

const sorted = (
  rows: readonly OutputObject[],
  order: string | undefined,
): readonly OutputObject[] => {
  const [property = "", direction = "asc"] = order?.trim().toLowerCase().split(/\s+/) ?? []
  if (property === "") return rows
  const valueOf = (row: OutputObject) =>
    comparable(Object.entries(row).find(([name]) => name.toLowerCase() === property)?.[1])
  const sign = direction === "desc" ? -1 : 1
  return rows.toSorted((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)]
    return left === right ? 0 : left < right ? -sign : sign
  })
}

/** What a cmdlet shows of a collection of the directory. */
export interface Collection {
  /** Name of the resource type: `User`, `Group`, ... */
  readonly resource: string
  /** Every object with all its properties. */
  readonly rows: () => readonly OutputObject[]
  /** The one that was asked for by its id, undefined where there is none; `all` for a list. */
  readonly one: OutputObject | undefined | "all"
  readonly isOwn?: boolean
  /** What is printed of a row. */
  readonly printed?: (row: OutputObject) => OutputObject
}

/** Answers a list or one object: the right to read first, then whether the query can be answered. */
export const graphList = (
  { world, actor, now }: Call<IdentityWorld>,
  params: ListParams,
  { resource, rows, one, isOwn = false, printed = (row) => row }: Collection,
): Ruling<IdentityEvent> => {
  const filter = readFilter(params.Filter)
  const search = readSearch(params.Search)
  const isList = one === "all"
  const isEventual = params.ConsistencyLevel !== undefined
  const read = evaluateDirectoryRead({
    world,
    actor,
    now,
    wants: isList ? "list" : "object",
    isOwn,
    isFound: one !== undefined,
    isFilterReadable: filter !== undefined,
    readsUsers: resource === "User",
  })
  const decision = isList
    ? andThen(read, () =>
        evaluateQuery({
          resource,
          isEventual,
          hasCount: params.CountVariable !== undefined,
          search:
            params.Search === undefined ? "none" : typeof search === "string" ? search : "readable",
          advancedPart: advancedIn(resource, filter ?? everything) || sortedBy(resource, params),
          unsupportedPart: badEnding(filter ?? everything),
        }),
      )
    : read
  if (decision.outcome !== "allow") return { decision }
  if (one !== undefined && one !== "all") return { decision, output: [printed(one)] }
  const found = sorted(
    searchRows(filterRows(rows(), filter ?? everything), typeof search === "string" ? [] : search),
    params.Sort,
  )
  return {
    decision,
    output: found.slice(0, params.Top).map(printed),
    // Without eventual consistency the service ignores the count.
    ...(params.CountVariable === undefined || !isEventual
      ? {}
      : { variables: { [params.CountVariable]: found.length } }),
  }
}
