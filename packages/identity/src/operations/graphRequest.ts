import {
  type Call,
  type Decision,
  decideByGates,
  deny,
  gate,
  isoOf,
  type OutputObject,
  operation,
  pass,
  type Ruling,
  unknown,
} from "@twin/kernel"
import { Schema } from "effect"
import {
  ownApplicationsOf,
  permissionGrantsOf,
  servicePrincipalOf,
  servicePrincipalsOf,
} from "../applications.ts"
import { allGroups, groupOf, userOf, usersOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"
import { applicationRow } from "./applications.ts"
import { hashtable } from "./graphCmdlet.ts"
import { type Collection, graphList } from "./graphList.ts"
import { groupRow } from "./groups.ts"
import { permissionGrantRow } from "./permissionGrants.ts"
import { servicePrincipalRow } from "./servicePrincipals.ts"
import { fullUserRow, userProperties } from "./userRow.ts"

interface Resource {
  readonly name: string
  readonly rows: (world: IdentityWorld) => readonly OutputObject[]
  readonly one: (world: IdentityWorld, id: string) => OutputObject | undefined
  /** What comes without `$select`; everything unless given. */
  readonly shown?: (row: OutputObject) => OutputObject
}

const mapped = <A>(it: A | undefined, row: (it: A) => OutputObject): OutputObject | undefined =>
  it === undefined ? undefined : row(it)

/** What can be read over Graph, by the name in the address. */
const resources: Readonly<Record<string, Resource>> = {
  users: {
    name: "User",
    rows: (world) => usersOf(world).map(fullUserRow),
    one: (world, id) => mapped(userOf(world, id), fullUserRow),
    shown: (row) => userProperties(row, undefined),
  },
  groups: {
    name: "Group",
    rows: (world) => allGroups(world).map(groupRow),
    one: (world, id) => mapped(groupOf(world, id), groupRow),
  },
  applications: {
    name: "Application",
    rows: (world) => ownApplicationsOf(world).map(applicationRow),
    one: (world, id) =>
      mapped(
        ownApplicationsOf(world).find((it) => it.id === id.toLowerCase()),
        applicationRow,
      ),
  },
  serviceprincipals: {
    name: "ServicePrincipal",
    rows: (world) => servicePrincipalsOf(world).map((it) => servicePrincipalRow(world, it)),
    one: (world, id) =>
      mapped(servicePrincipalOf(world, id), (it) => servicePrincipalRow(world, it)),
  },
  oauth2permissiongrants: {
    name: "OAuth2PermissionGrant",
    rows: (world) => permissionGrantsOf(world).map(permissionGrantRow),
    one: (world, id) =>
      mapped(
        permissionGrantsOf(world).find((it) => it.id === id),
        permissionGrantRow,
      ),
  },
}

interface Request {
  readonly path: string
  readonly resource: Resource | undefined
  /** Object id, or `$count`; absent for the collection. */
  readonly key: string | undefined
  readonly options: ReadonlyMap<string, string>
}

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "))
  } catch {
    return undefined
  }
}

/** Reads an address of Graph, with or without its host; undefined for anything else. */
const requestIn = (uri: string): Request | undefined => {
  const found =
    /^(?:https:\/\/graph\.microsoft\.com)?\/?v1\.0\/([A-Za-z0-9]+)(?:\/([^/?#]+))?(?:\?([^#]*))?$/.exec(
      uri.trim(),
    )
  if (found === null) return undefined
  const [, path = "", rawKey, query = ""] = found
  const pairs = query
    .split("&")
    .filter((it) => it !== "")
    .map((it) => [it.slice(0, it.indexOf("=")), it.slice(it.indexOf("=") + 1)].map(decoded))
  const key = rawKey === undefined ? undefined : decoded(rawKey)
  if (pairs.flat().includes(undefined) || (rawKey !== undefined && key === undefined)) {
    return undefined
  }
  const name = path.toLowerCase()
  return {
    path,
    resource: Object.hasOwn(resources, name) ? resources[name] : undefined,
    key,
    options: new Map(pairs.map(([option = "", value = ""]) => [option.toLowerCase(), value])),
  }
}

const known: readonly string[] = [
  "$filter",
  "$search",
  "$count",
  "$top",
  "$select",
  "$orderby",
  "$skiptoken",
]

interface RequestFacets {
  readonly method: string
  readonly address: "readable" | "malformed" | "not-modelled"
  readonly option: string
  readonly pageSize: "fits" | "out-of-range"
  readonly isCountAlone: boolean
}

const requestGate = gate<RequestFacets>()

const bad = (message: string) => ({ code: "Request_BadRequest", message })

const addressed = requestGate({
  name: "graph-address",
  facts: ["IDN-100"],
  reads: ["method", "address", "option"],
  check: ({ method, address, option }) => {
    if (address === "malformed") {
      return deny(
        "This is no address of Graph.",
        { method },
        {
          code: "BadRequest",
          message: "Resource not found for the segment.",
        },
      )
    }
    return method !== "GET" || address === "not-modelled" || option !== ""
      ? unknown("The twin answers GET on some collections of the directory only.", {
          method,
          option,
        })
      : pass("The address names something that can be read.", { method })
  },
})

const paged = requestGate({
  name: "page-size",
  facts: ["IDN-100"],
  reads: ["pageSize", "isCountAlone"],
  check: ({ pageSize, isCountAlone }) => {
    if (isCountAlone) {
      return deny(
        "Only the index with eventual consistency counts.",
        {},
        bad("$count is not currently supported."),
      )
    }
    return pageSize === "fits"
      ? pass("The page has a size that the service gives.", { shortest: 1, longest: 999 })
      : deny(
          "A page holds 1 to 999 objects.",
          { shortest: 1, longest: 999 },
          bad("Invalid page size specified. Must be between 1 and 999 inclusive."),
        )
  },
})

type Json = Schema.Json

const isObject = (it: Json): it is { readonly [key: string]: Json } =>
  typeof it === "object" && it !== null && !Array.isArray(it)

/** The cmdlets write `DisplayName`, Graph writes `displayName`. */
const camelCased = (it: Json): Json => {
  if (Array.isArray(it)) return it.map(camelCased)
  return isObject(it)
    ? Object.fromEntries(
        Object.entries(it).map(([name, value]) => [
          name.charAt(0).toLowerCase() + name.slice(1),
          camelCased(value),
        ]),
      )
    : it
}

const base = "https://graph.microsoft.com/v1.0"
const defaultPage = 100

const selected = (row: OutputObject, names: readonly string[] | undefined): OutputObject =>
  names === undefined
    ? row
    : Object.fromEntries(
        Object.entries(row).filter(([name]) => name === "Id" || names.includes(name.toLowerCase())),
      )

/** The error as Graph words it, in the place of the refusal. */
const withErrorBody = ({ draw, now }: Call<IdentityWorld>, decision: Decision): Decision => {
  const [last] = decision.gates.slice(-1)
  if (decision.outcome !== "deny" || last?.refusal === undefined) return decision
  const { code = "UnknownError", message } = last.refusal
  const body = {
    error: {
      code,
      message,
      innerError: {
        date: isoOf(now).slice(0, 19),
        "request-id": draw.guid("request"),
        "client-request-id": draw.guid("client request"),
      },
    },
  }
  const refused = { ...last, refusal: { code, message: JSON.stringify(body) } }
  const [first, ...rest] = [...decision.gates.slice(0, -1), refused]
  return first === undefined ? decision : { ...decision, gates: [first, ...rest] }
}

const bodyOf = (
  rows: readonly OutputObject[],
  { path, key, options }: Request,
  count: number | undefined,
): OutputObject => {
  const select = options.get("$select")
  const fields = select === undefined ? "" : `(${select.replaceAll(" ", "")})`
  if (key !== undefined) {
    return {
      "@odata.context": `${base}/$metadata#${path}${fields}/$entity`,
      ...(camelCased(rows[0] ?? {}) as OutputObject),
    }
  }
  const from = Number(options.get("$skiptoken") ?? "0")
  const size = Number(options.get("$top") ?? String(defaultPage))
  const rest = [...options]
    .filter(([name]) => name !== "$skiptoken")
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}&`)
    .join("")
  return {
    "@odata.context": `${base}/$metadata#${path}${fields}`,
    ...(count === undefined ? {} : { "@odata.count": count }),
    ...(from + size < rows.length
      ? { "@odata.nextLink": `${base}/${path}?${rest}$skiptoken=${from + size}` }
      : {}),
    value: rows.slice(from, from + size).map(camelCased),
  }
}

/** Reads a collection or an object of the directory as the HTTP interface of Graph shows it. */
export const invokeGraphRequest = operation({
  name: "Invoke-MgGraphRequest",
  summary: "Reads the directory over Graph, and shows the JSON that Graph answers with.",
  params: Schema.Struct({
    Uri: Schema.NonEmptyString.annotate({
      description: "Address, e.g. https://graph.microsoft.com/v1.0/users?$top=5",
    }),
    Method: Schema.optionalKey(
      Schema.Literals(["GET", "POST", "PATCH", "PUT", "DELETE"]).annotate({
        description: "GET if absent; the twin answers no other",
      }),
    ),
    Headers: Schema.optionalKey(
      hashtable.annotate({ description: "Headers, e.g. @{ ConsistencyLevel = 'eventual' }" }),
    ),
    OutputType: Schema.optionalKey(
      Schema.Literals(["Json", "HashTable", "PSObject"]).annotate({
        description: "Json: the text of the answer; an object if absent",
      }),
    ),
  }),
  binding: { positional: ["Method", "Uri"] },
  facts: ["IDN-100", "IDN-276"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world } = call
    const request = requestIn(params.Uri)
    const { resource, key, options = new Map<string, string>() } = request ?? {}
    const level = Object.entries(params.Headers ?? {}).find(
      ([name]) => name.toLowerCase() === "consistencylevel",
    )?.[1]
    const isEventual = typeof level === "string" && level.toLowerCase() === "eventual"
    const isCount = key?.toLowerCase() === "$count"
    const sizes = [options.get("$top"), options.get("$skiptoken")]
    const isFitting =
      (sizes[0] === undefined || /^[1-9]\d{0,2}$/.test(sizes[0])) &&
      (sizes[1] === undefined || /^\d{1,9}$/.test(sizes[1]))
    const asked = decideByGates([addressed, paged], {
      method: params.Method ?? "GET",
      address:
        request === undefined ? "malformed" : resource === undefined ? "not-modelled" : "readable",
      option: [...options.keys()].find((it) => !known.includes(it)) ?? "",
      pageSize: isFitting ? "fits" : "out-of-range",
      isCountAlone: isCount && !isEventual,
    })
    if (asked.outcome !== "allow" || request === undefined || resource === undefined) {
      return { decision: withErrorBody(call, asked) }
    }
    const select = options
      .get("$select")
      ?.toLowerCase()
      .split(/\s*,\s*/)
    const one = key === undefined || isCount ? ("all" as const) : resource.one(world, key)
    const collection: Collection = {
      resource: resource.name,
      rows: () => resource.rows(world),
      one,
      isOwn: one !== "all" && one?.["Id"] === userOf(world, call.actor.id)?.id,
      printed: (row) =>
        select === undefined ? (resource.shown?.(row) ?? row) : selected(row, select),
    }
    const wantsCount = options.get("$count")?.toLowerCase() === "true" || isCount
    const listed = graphList(
      call,
      {
        ...optional("Filter", options.get("$filter")),
        ...optional("Search", options.get("$search")),
        ...optional("Sort", options.get("$orderby")),
        ...(isEventual ? { ConsistencyLevel: "eventual" } : {}),
        ...(wantsCount ? { CountVariable: "count" } : {}),
      },
      collection,
    )
    const decision: Decision = {
      ...listed.decision,
      gates: [asked.gates[0], ...asked.gates.slice(1), ...listed.decision.gates],
    }
    if (decision.outcome !== "allow") return { decision: withErrorBody(call, decision) }
    const count = listed.variables?.["count"]
    if (isCount) return { decision, output: [{ Value: count ?? 0 }] }
    const body = bodyOf(listed.output ?? [], request, typeof count === "number" ? count : undefined)
    return {
      decision,
      output: [params.OutputType === "Json" ? { Value: JSON.stringify(body) } : body],
    }
  },
})

const optional = (
  name: "Filter" | "Search" | "Sort",
  value: string | undefined,
): Partial<Record<"Filter" | "Search" | "Sort", string>> =>
  value === undefined ? {} : { [name]: value }
