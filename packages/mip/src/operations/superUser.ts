import { groupOf, organizationOf, userOf } from "@twin/identity"
import { decideByGates, deny, gate, pass } from "@twin/kernel"
import { Schema } from "effect"
import { type MipWorld, rmsServiceOf } from "../State.ts"
import { aipCmdlet, says } from "./aipCmdlet.ts"

const none = Schema.Struct({})

export const enableSuperUserFeature = aipCmdlet({
  name: "Enable-AipServiceSuperUserFeature",
  summary: "Lets super users open everything the organization protected.",
  params: none,
  facts: ["MIP-068", "MIP-073"],
  decide: () => ({
    changes: { superUserFeature: "Enabled" },
    logged: { command: "SetSuperUserFeatureState", parameters: "-state Enabled" },
    output: says("The super user feature is enabled for the rights management service."),
  }),
})

export const disableSuperUserFeature = aipCmdlet({
  name: "Disable-AipServiceSuperUserFeature",
  summary: "Takes the powers of super users away; the list stays.",
  params: none,
  facts: ["MIP-068", "MIP-073"],
  decide: () => ({
    changes: { superUserFeature: "Disabled" },
    logged: { command: "SetSuperUserFeatureState", parameters: "-state Disabled" },
    output: says("The super user feature is disabled for the rights management service."),
  }),
})

export const getSuperUserFeature = aipCmdlet({
  name: "Get-AipServiceSuperUserFeature",
  summary: "Says whether super users have their powers.",
  params: none,
  facts: ["MIP-068"],
  isReadOnly: true,
  decide: ({ world }) => ({ output: says(rmsServiceOf(world).superUserFeature) }),
})

interface SuperUserFacets {
  readonly account: "known" | "unknown" | "not-named"
}

const accountNamed = gate<SuperUserFacets>()({
  name: "super-user-account",
  facts: ["MIP-069"],
  reads: ["account"],
  check: ({ account }) => {
    const details = { account }
    if (account === "known") return pass("The account is one of this organization.", details)
    return account === "unknown"
      ? deny("There is no such account in this organization.", details, {
          message: "The email address could not be found in this organization.",
        })
      : deny("Neither an address nor a service is named.", details, {
          code: "AmbiguousParameterSet",
          message: "Parameter set cannot be resolved using the specified named parameters.",
        })
  },
})

const whoParams = {
  EmailAddress: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Primary address or principal name" }),
  ),
  ServicePrincipalId: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Application id of a service" }),
  ),
}

/** A service principal stands in the list under a made-up address (MIP-069). */
const nameOf = (
  world: MipWorld,
  { EmailAddress, ServicePrincipalId }: { EmailAddress?: string; ServicePrincipalId?: string },
): string | undefined => {
  if (EmailAddress !== undefined) return EmailAddress.trim().toLowerCase()
  if (ServicePrincipalId === undefined) return undefined
  return `${ServicePrincipalId}@${organizationOf(world)?.tenantId ?? ""}.rms.eu.aadrm.com`
}

export const addSuperUser = aipCmdlet({
  name: "Add-AipServiceSuperUser",
  summary: "Puts an account on the list of super users, also while the feature is off.",
  params: Schema.Struct(whoParams),
  facts: ["MIP-069"],
  binding: { pipeline: "EmailAddress" },
  decide: ({ world }, params) => {
    const name = nameOf(world, params)
    const isKnown =
      params.EmailAddress === undefined || userOf(world, params.EmailAddress) !== undefined
    const { superUsers } = rmsServiceOf(world)
    return {
      decision: decideByGates([accountNamed], {
        account: name === undefined ? "not-named" : isKnown ? "known" : "unknown",
      }),
      changes: { superUsers: [...new Set([...superUsers, name ?? ""])] },
      logged: { command: "AddSuperUser", parameters: `-id ${name ?? ""}` },
    }
  },
})

export const removeSuperUser = aipCmdlet({
  name: "Remove-AipServiceSuperUser",
  summary: "Takes an account off the list of super users.",
  params: Schema.Struct(whoParams),
  facts: ["MIP-069"],
  binding: { pipeline: "EmailAddress" },
  decide: ({ world }, params) => {
    const name = nameOf(world, params)
    const { superUsers } = rmsServiceOf(world)
    return {
      decision: decideByGates([accountNamed], {
        account: name === undefined ? "not-named" : superUsers.includes(name) ? "known" : "unknown",
      }),
      changes: { superUsers: superUsers.filter((it) => it !== name) },
      logged: { command: "RemoveSuperUser", parameters: `-id ${name ?? ""}` },
    }
  },
})

export const getSuperUser = aipCmdlet({
  name: "Get-AipServiceSuperUser",
  summary: "Shows the list of super users.",
  params: none,
  facts: ["MIP-069"],
  isReadOnly: true,
  decide: ({ world }) => ({
    output: rmsServiceOf(world).superUsers.map((it) => ({ Value: it })),
  }),
})

const groupUsable = gate<{ readonly group: "usable" | "without-address" | "unknown" }>()({
  name: "mail-enabled-group",
  facts: ["MIP-070", "MIP-038"],
  reads: ["group"],
  check: ({ group }) =>
    group === "usable"
      ? pass("The group is in the directory and has an address.", { group })
      : deny(
          "The group is not there, or has no address by which it can be named.",
          { group },
          {
            message: "The group could not be found or is not mail-enabled.",
          },
        ),
})

/** The facet of a group that is to be named by its address. */
export const groupFacet = (world: MipWorld, address: string) => {
  const group = groupOf(world, address)
  if (group === undefined) return "unknown" as const
  return group.mailEnabled && group.mail !== undefined
    ? ("usable" as const)
    : ("without-address" as const)
}

export { groupUsable }

export const setSuperUserGroup = aipCmdlet({
  name: "Set-AipServiceSuperUserGroup",
  summary: "Makes the members of one mail-enabled group super users.",
  params: Schema.Struct({
    GroupEmailAddress: Schema.NonEmptyString.annotate({ description: "Address of the group" }),
  }),
  facts: ["MIP-070"],
  decide: ({ world }, { GroupEmailAddress }) => ({
    decision: decideByGates([groupUsable], { group: groupFacet(world, GroupEmailAddress) }),
    changes: {
      superUserGroup: groupOf(world, GroupEmailAddress)?.mail ?? GroupEmailAddress.toLowerCase(),
    },
    logged: { command: "SetSuperUserGroup", parameters: `-group ${GroupEmailAddress}` },
  }),
})

export const clearSuperUserGroup = aipCmdlet({
  name: "Clear-AipServiceSuperUserGroup",
  summary: "Takes the group of super users away.",
  params: none,
  facts: ["MIP-070"],
  decide: () => ({
    changes: { superUserGroup: null },
    logged: { command: "ClearSuperUserGroup" },
  }),
})

export const getSuperUserGroup = aipCmdlet({
  name: "Get-AipServiceSuperUserGroup",
  summary: "Shows the group of super users.",
  params: none,
  facts: ["MIP-070"],
  isReadOnly: true,
  decide: ({ world }) => {
    const { superUserGroup } = rmsServiceOf(world)
    return { output: superUserGroup === undefined ? [] : says(superUserGroup) }
  },
})
