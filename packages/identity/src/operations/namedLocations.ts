import { isIP } from "node:net"
import {
  type Call,
  decideByGates,
  deny,
  gate,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import type { NamedLocation } from "../ConditionalAccessPolicy.ts"
import { evaluateNamedLocation } from "../decisions/evaluatePolicyChange.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { policyAdministrators } from "./conditionalAccess.ts"
import { graphCmdlet } from "./graphCmdlet.ts"

/** The first range that is no CIDR range, or wider than the service takes. */
const badRangeOf = (ranges: readonly string[]): string =>
  ranges.find((range) => {
    const [network = "", prefix = "", ...rest] = range.split("/")
    const bits = isIP(network) === 6 ? 128 : 32
    return (
      rest.length > 0 ||
      isIP(network) === 0 ||
      !/^\d{1,3}$/.test(prefix) ||
      Number(prefix) <= 8 ||
      Number(prefix) > bits
    )
  }) ?? ""

const locationRow = (location: NamedLocation): OutputObject => ({
  Id: location.id,
  DisplayName: location.displayName,
  IsTrusted: location.isTrusted,
  IpRanges: location.ipRanges,
  CountriesAndRegions: location.countries,
})

const LocationBody = Schema.Struct({
  displayName: Schema.NonEmptyString,
  isTrusted: Schema.optionalKey(Schema.Boolean),
  ipRanges: Schema.optionalKey(Schema.Array(Schema.Struct({ cidrAddress: Schema.NonEmptyString }))),
  countriesAndRegions: Schema.optionalKey(Schema.Array(Schema.String)),
  includeUnknownCountriesAndRegions: Schema.optionalKey(Schema.Boolean),
})

export const newNamedLocation = graphCmdlet({
  name: "New-MgIdentityConditionalAccessNamedLocation",
  summary: "Names a set of address ranges or countries for Conditional Access.",
  params: {},
  body: LocationBody,
  roles: policyAdministrators,
  facts: ["IDN-165", "IDN-267"],
  decide: (call, body): Ruling<IdentityEvent> => {
    const ipRanges = (body.ipRanges ?? []).map(({ cidrAddress }) => cidrAddress)
    const countries = body.countriesAndRegions ?? []
    const decision = evaluateNamedLocation({
      count: Object.keys(call.world.identity.namedLocations).length,
      ranges: ipRanges.length,
      badRange: badRangeOf(ipRanges),
      kind: ipRanges.length > 0 ? "ip" : countries.length > 0 ? "country" : "none",
    })
    if (decision.outcome !== "allow") return { decision }
    const location: NamedLocation = {
      id: call.draw.guid(`location ${body.displayName}`),
      displayName: body.displayName,
      isTrusted: body.isTrusted ?? false,
      ipRanges,
      countries,
    }
    return {
      decision,
      events: [{ _tag: "NamedLocationAdded", location, at: call.now }],
      audit: [auditLine("Add named location", location.displayName)],
      output: [locationRow(location)],
    }
  },
})

const locationId = Schema.NonEmptyString.annotate({ description: "Id of the named location" })

export const getNamedLocation = operation({
  name: "Get-MgIdentityConditionalAccessNamedLocation",
  summary: "Shows the named locations.",
  params: Schema.Struct({
    All: Schema.optionalKey(Schema.Boolean.annotate({ description: "All pages; switch" })),
  }),
  binding: { switches: ["All"] },
  roles: [...policyAdministrators, roles.globalReader],
  roleRefusal: requestDenied,
  facts: ["IDN-165"],
  isReadOnly: true,
  decide: ({ world }: Call<IdentityWorld>): Ruling<IdentityEvent> => ({
    decision: decideByGates([locationFound], { isFound: true, isUsed: false }),
    output: Object.values(world.identity.namedLocations)
      .toSorted((a, b) => (a.displayName < b.displayName ? -1 : 1))
      .map(locationRow),
  }),
})

const locationFound = gate<{ readonly isFound: boolean; readonly isUsed: boolean }>()({
  name: "named-location",
  facts: ["IDN-165"],
  reads: ["isFound", "isUsed"],
  check: ({ isFound, isUsed }) => {
    if (!isFound) {
      return deny(
        "The organization has no such location.",
        {},
        {
          code: "NotFound",
          message: "The named location was not found.",
        },
      )
    }
    return isUsed
      ? deny(
          "A policy still refers to the location.",
          { isUsed },
          {
            code: "BadRequest",
            message: "The named location is referenced by a Conditional Access policy.",
          },
        )
      : pass("The organization has what is asked for.")
  },
})

export const removeNamedLocation = graphCmdlet({
  name: "Remove-MgIdentityConditionalAccessNamedLocation",
  summary: "Deletes a named location that no policy uses.",
  params: { NamedLocationId: locationId },
  path: ["NamedLocationId"],
  body: Schema.Struct({}),
  roles: policyAdministrators,
  facts: ["IDN-165"],
  decide: (call, _body, params): Ruling<IdentityEvent> => {
    const { namedLocations, conditionalAccess } = call.world.identity
    const id = params.NamedLocationId.toLowerCase()
    const decision = decideByGates([locationFound], {
      isFound: Object.hasOwn(namedLocations, id),
      isUsed: Object.values(conditionalAccess).some(({ conditions: { locations } }) =>
        [...(locations?.includeLocations ?? []), ...(locations?.excludeLocations ?? [])].includes(
          id,
        ),
      ),
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "NamedLocationRemoved", locationId: id, at: call.now }],
      audit: [auditLine("Delete named location", id)],
    }
  },
})
