import { type Call, type OutputObject, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { ownApplicationsOf, servicePrincipalOf } from "../applications.ts"
import { applicationAdministrators } from "../decisions/evaluateApplicationChange.ts"
import { evaluateLifetimePolicy } from "../decisions/evaluateLifetimePolicy.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { definitionOf, lifetimeIn, type ReadLifetime } from "../lifetimeDefinition.ts"
import { lifetimePoliciesOf } from "../lifetimePolicies.ts"
import { roles } from "../Role.ts"
import type { TokenLifetimePolicy } from "../SecurityTokenService.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"

const text = (description: string) =>
  Schema.optionalKey(Schema.NonEmptyString.annotate({ description }))
const TokenLifetimePolicyId = Schema.NonEmptyString.annotate({ description: "Id of the policy" })
const readers: readonly string[] = [
  ...applicationAdministrators,
  roles.securityReader,
  roles.globalReader,
]

const row = (it: TokenLifetimePolicy): OutputObject => ({
  Id: it.id,
  DisplayName: it.displayName,
  Definition: [definitionOf(it.accessTokenLifetimeMinutes)],
  IsOrganizationDefault: it.isOrganizationDefault,
})

const warningsOf = ({ hasRetired }: ReadLifetime): readonly string[] =>
  hasRetired === true
    ? ["Lifetimes of refresh and session tokens are not honoured since 2021-01-30."]
    : []

const policyParams = {
  DisplayName: text("Name of the policy"),
  Definition: Schema.optionalKey(
    Schema.Array(Schema.String).annotate({
      description:
        'One JSON text, e.g. {"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"02:00:00"}}',
    }),
  ),
  IsOrganizationDefault: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Whether it holds for every application; switch" }),
  ),
}

const hasOtherDefault = (world: IdentityWorld, wanted: boolean, own?: string): boolean =>
  wanted && lifetimePoliciesOf(world).some((it) => it.isOrganizationDefault && it.id !== own)

export const newLifetimePolicy = graphCmdlet({
  name: "New-MgPolicyTokenLifetimePolicy",
  summary: "Makes a policy of how long access, id and SAML tokens live.",
  params: policyParams,
  body: Schema.Struct({
    displayName: Schema.NonEmptyString,
    definition: Schema.Array(Schema.String),
    isOrganizationDefault: Schema.optionalKey(Schema.Boolean),
  }),
  binding: { switches: ["IsOrganizationDefault"] },
  roles: applicationAdministrators,
  facts: ["IDN-258"],
  decide: ({ world, draw }, body): Ruling<IdentityEvent> => {
    const lifetime = lifetimeIn(body.definition)
    const isOrganizationDefault = body.isOrganizationDefault ?? false
    const decision = evaluateLifetimePolicy({
      definition: lifetime.state,
      hasOtherDefault: hasOtherDefault(world, isOrganizationDefault),
    })
    if (decision.outcome !== "allow" || lifetime.minutes === undefined) return { decision }
    const policy: TokenLifetimePolicy = {
      id: draw.guid(`token lifetime policy ${body.displayName}`),
      displayName: body.displayName,
      accessTokenLifetimeMinutes: lifetime.minutes,
      isOrganizationDefault,
      appliesTo: [],
    }
    return {
      decision,
      events: [{ _tag: "TokenLifetimePolicySet", policy }],
      audit: [auditLine("Add policy", policy.displayName)],
      output: [row(policy)],
      warnings: warningsOf(lifetime),
    }
  },
})

const policyOf = (world: IdentityWorld, id: string): TokenLifetimePolicy | undefined =>
  lifetimePoliciesOf(world).find((it) => it.id === id.toLowerCase())

export const updateLifetimePolicy = graphCmdlet({
  name: "Update-MgPolicyTokenLifetimePolicy",
  summary: "Changes a policy of token lifetimes; tokens that were given keep theirs.",
  params: { TokenLifetimePolicyId, ...policyParams },
  path: ["TokenLifetimePolicyId"],
  body: Schema.Struct({
    displayName: Schema.optionalKey(Schema.NonEmptyString),
    definition: Schema.optionalKey(Schema.Array(Schema.String)),
    isOrganizationDefault: Schema.optionalKey(Schema.Boolean),
  }),
  binding: { switches: ["IsOrganizationDefault"] },
  roles: applicationAdministrators,
  facts: ["IDN-258"],
  decide: ({ world }, body, params): Ruling<IdentityEvent> => {
    const before = policyOf(world, params.TokenLifetimePolicyId)
    const lifetime = lifetimeIn(body.definition)
    const decision = evaluateLifetimePolicy({
      missing: before === undefined ? params.TokenLifetimePolicyId : "",
      definition: lifetime.state,
      hasOtherDefault: hasOtherDefault(world, body.isOrganizationDefault ?? false, before?.id),
    })
    if (decision.outcome !== "allow" || before === undefined) return { decision }
    const policy: TokenLifetimePolicy = {
      ...before,
      displayName: body.displayName ?? before.displayName,
      accessTokenLifetimeMinutes: lifetime.minutes ?? before.accessTokenLifetimeMinutes,
      isOrganizationDefault: body.isOrganizationDefault ?? before.isOrganizationDefault,
    }
    return {
      decision,
      events: [{ _tag: "TokenLifetimePolicySet", policy }],
      audit: [auditLine("Update policy", policy.displayName)],
      warnings: warningsOf(lifetime),
    }
  },
})

export const removeLifetimePolicy = graphCmdlet({
  name: "Remove-MgPolicyTokenLifetimePolicy",
  summary: "Deletes a policy of token lifetimes, assigned or not.",
  params: { TokenLifetimePolicyId },
  path: ["TokenLifetimePolicyId"],
  body: Schema.Struct({}),
  roles: applicationAdministrators,
  facts: ["IDN-258"],
  decide: ({ world }, _body, params): Ruling<IdentityEvent> => {
    const policy = policyOf(world, params.TokenLifetimePolicyId)
    const decision = evaluateLifetimePolicy({
      missing: policy === undefined ? params.TokenLifetimePolicyId : "",
    })
    if (decision.outcome !== "allow" || policy === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "TokenLifetimePolicyRemoved", policyId: policy.id }],
      audit: [auditLine("Delete policy", policy.displayName)],
    }
  },
})

export const getLifetimePolicy = operation({
  name: "Get-MgPolicyTokenLifetimePolicy",
  summary: "Shows the policies of token lifetimes.",
  params: Schema.Struct({ TokenLifetimePolicyId: Schema.optionalKey(TokenLifetimePolicyId) }),
  roles: readers,
  roleRefusal: requestDenied,
  facts: ["IDN-258"],
  isReadOnly: true,
  decide: ({ world }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { TokenLifetimePolicyId: wanted } = params
    const shown = lifetimePoliciesOf(world).filter(
      ({ id }) => wanted === undefined || id === wanted.toLowerCase(),
    )
    const isMissing = wanted !== undefined && shown.length === 0
    const decision = evaluateLifetimePolicy({ missing: isMissing ? wanted : "" })
    return decision.outcome === "allow" ? { decision, output: shown.map(row) } : { decision }
  },
})

const ApplicationId = Schema.NonEmptyString.annotate({
  description: "Object id of the registration",
})
const ServicePrincipalId = Schema.NonEmptyString.annotate({
  description: "Application by object id, application id or name",
})

/** The application id of what a policy is assigned to. */
type Find = (world: IdentityWorld, id: string) => string | undefined

const registration: Find = (world, id) =>
  ownApplicationsOf(world).find((it) => it.id === id.toLowerCase())?.appId
const principal: Find = (world, id) => servicePrincipalOf(world, id)?.appId

const reference = {
  OdataId: text("Address of the policy: .../policies/tokenLifetimePolicies/{id}"),
  BodyParameter: Schema.optionalKey(
    hashtable.annotate({ description: "The body of the request: @odata.id" }),
  ),
}

const referenceIn = (params: {
  readonly OdataId?: string
  readonly BodyParameter?: Readonly<Record<string, Schema.Json>>
}): string => {
  const given = params.OdataId ?? params.BodyParameter?.["@odata.id"]
  return typeof given === "string" ? given.slice(given.lastIndexOf("/") + 1) : ""
}

const assigned = (
  { world }: Call<IdentityWorld>,
  asked: { readonly object: string; readonly policyId: string; readonly find: Find },
  isAssigned: boolean,
): Ruling<IdentityEvent> => {
  const appId = asked.find(world, asked.object)
  const policy = policyOf(world, asked.policyId)
  const isHeld = policy !== undefined && policy.appliesTo.includes(appId ?? "")
  const decision = evaluateLifetimePolicy({
    missing:
      appId === undefined
        ? asked.object
        : policy === undefined || (!isAssigned && !isHeld)
          ? asked.policyId
          : "",
    hasOtherPolicy:
      isAssigned && lifetimePoliciesOf(world).some((it) => it.appliesTo.includes(appId ?? "")),
  })
  if (decision.outcome !== "allow" || appId === undefined || policy === undefined) {
    return { decision }
  }
  const others = policy.appliesTo.filter((it) => it !== appId)
  const appliesTo = isAssigned ? [...others, appId].toSorted() : others
  return {
    decision,
    events: [{ _tag: "TokenLifetimePolicySet", policy: { ...policy, appliesTo } }],
    audit: [
      auditLine(
        isAssigned ? "Add policy to application" : "Remove policy from application",
        appId,
        {
          Policy: policy.displayName,
        },
      ),
    ],
  }
}

const shownFor = (
  { world }: Call<IdentityWorld>,
  object: string,
  find: Find,
): Ruling<IdentityEvent> => {
  const appId = find(world, object)
  const decision = evaluateLifetimePolicy({ missing: appId === undefined ? object : "" })
  return decision.outcome === "allow"
    ? {
        decision,
        output: lifetimePoliciesOf(world)
          .filter(({ appliesTo }) => appliesTo.includes(appId ?? ""))
          .map(row),
      }
    : { decision }
}

const shared = {
  roles: applicationAdministrators,
  roleRefusal: requestDenied,
  facts: ["IDN-258"],
} as const

export const newApplicationLifetimePolicy = operation({
  ...shared,
  name: "New-MgApplicationTokenLifetimePolicyByRef",
  summary: "Assigns a policy of token lifetimes to a registration.",
  params: Schema.Struct({ ApplicationId, ...reference }),
  decide: (call: Call<IdentityWorld>, params) =>
    assigned(
      call,
      { object: params.ApplicationId, policyId: referenceIn(params), find: registration },
      true,
    ),
})

export const newPrincipalLifetimePolicy = operation({
  ...shared,
  name: "New-MgServicePrincipalTokenLifetimePolicyByRef",
  summary: "Assigns a policy of token lifetimes to an application of the tenant.",
  params: Schema.Struct({ ServicePrincipalId, ...reference }),
  decide: (call: Call<IdentityWorld>, params) =>
    assigned(
      call,
      { object: params.ServicePrincipalId, policyId: referenceIn(params), find: principal },
      true,
    ),
})

export const removeApplicationLifetimePolicy = operation({
  ...shared,
  name: "Remove-MgApplicationTokenLifetimePolicyByRef",
  summary: "Takes a policy of token lifetimes from a registration.",
  params: Schema.Struct({ ApplicationId, TokenLifetimePolicyId }),
  decide: (call: Call<IdentityWorld>, params) =>
    assigned(
      call,
      { object: params.ApplicationId, policyId: params.TokenLifetimePolicyId, find: registration },
      false,
    ),
})

export const removePrincipalLifetimePolicy = operation({
  ...shared,
  name: "Remove-MgServicePrincipalTokenLifetimePolicyByRef",
  summary: "Takes a policy of token lifetimes from an application of the tenant.",
  params: Schema.Struct({ ServicePrincipalId, TokenLifetimePolicyId }),
  decide: (call: Call<IdentityWorld>, params) =>
    assigned(
      call,
      {
        object: params.ServicePrincipalId,
        policyId: params.TokenLifetimePolicyId,
        find: principal,
      },
      false,
    ),
})

export const getApplicationLifetimePolicy = operation({
  ...shared,
  name: "Get-MgApplicationTokenLifetimePolicy",
  summary: "Shows the policy of token lifetimes that is assigned to a registration.",
  params: Schema.Struct({ ApplicationId }),
  roles: readers,
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params) => shownFor(call, params.ApplicationId, registration),
})

export const getPrincipalLifetimePolicy = operation({
  ...shared,
  name: "Get-MgServicePrincipalTokenLifetimePolicy",
  summary: "Shows the policy of token lifetimes that is assigned to an application of the tenant.",
  params: Schema.Struct({ ServicePrincipalId }),
  roles: readers,
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params) =>
    shownFor(call, params.ServicePrincipalId, principal),
})
