import {
  type Call,
  decideByGates,
  deny,
  gate,
  isoOf,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import type { ConditionalAccessPolicy, Conditions } from "../ConditionalAccessPolicy.ts"
import { PolicyState } from "../ConditionalAccessPolicy.ts"
import { evaluatePolicyChange } from "../decisions/evaluatePolicyChange.ts"
import { groupOf, userOf } from "../directory.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import {
  beyondTheTwin,
  conditionsFrom,
  grantFrom,
  PolicyBody,
  policyBody,
  sessionFrom,
} from "./conditionalAccessBody.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"

export const policyAdministrators: readonly string[] = [
  roles.conditionalAccessAdministrator,
  roles.securityAdministrator,
  roles.globalAdministrator,
]

export const policyRow = (policy: ConditionalAccessPolicy): OutputObject => ({
  Id: policy.id,
  DisplayName: policy.displayName,
  State: policy.state,
  CreatedDateTime: isoOf(policy.createdAt),
  Conditions: policy.conditions,
  GrantControls: policy.grantControls ?? null,
  SessionControls: policy.sessionControls ?? null,
})

/** Conditions name objects by id; a name that the directory knows is written as the id behind it. */
const withIds = (world: IdentityWorld, conditions: Conditions): Conditions => {
  const { users } = conditions
  const userIds = (names: readonly string[]) => names.map((it) => userOf(world, it)?.id ?? it)
  const groupIds = (names: readonly string[]) => names.map((it) => groupOf(world, it)?.id ?? it)
  return {
    ...conditions,
    users: {
      ...users,
      includeUsers: userIds(users.includeUsers),
      excludeUsers: userIds(users.excludeUsers),
      includeGroups: groupIds(users.includeGroups),
      excludeGroups: groupIds(users.excludeGroups),
    },
  }
}

const policyFrom = (
  world: IdentityWorld,
  body: PolicyBody,
  known: Pick<ConditionalAccessPolicy, "id" | "createdAt">,
): ConditionalAccessPolicy => {
  const grantControls = grantFrom(body.grantControls)
  const sessionControls = sessionFrom(body.sessionControls)
  return {
    ...known,
    displayName: body.displayName,
    state: body.state,
    conditions: withIds(world, conditionsFrom(body.conditions)),
    ...(grantControls === undefined ? {} : { grantControls }),
    ...(sessionControls === undefined ? {} : { sessionControls }),
  }
}

/** The portal's warning before a policy that may lock its own author out (IDN-176). */
const lockoutWarnings = ({ conditions, state }: ConditionalAccessPolicy): readonly string[] =>
  state !== "disabled" &&
  conditions.users.includeUsers.includes("All") &&
  conditions.applications.includeApplications.includes("All") &&
  conditions.users.excludeUsers.length + conditions.users.excludeRoles.length === 0
    ? ["Don't lock yourself out! The policy covers all users and all resources, yours included."]
    : []

const policyParams = {
  DisplayName: Schema.optionalKey(Schema.String.annotate({ description: "Name of the policy" })),
  State: Schema.optionalKey(
    PolicyState.annotate({ description: "enabled, disabled or report-only" }),
  ),
  Conditions: Schema.optionalKey(
    hashtable.annotate({ description: "users, applications, clientAppTypes, locations, ..." }),
  ),
  GrantControls: Schema.optionalKey(
    hashtable.annotate({ description: "operator, builtInControls, authenticationStrength, ..." }),
  ),
  SessionControls: Schema.optionalKey(
    hashtable.annotate({ description: "signInFrequency, applicationEnforcedRestrictions" }),
  ),
}

const policyId = Schema.NonEmptyString.annotate({ description: "Id of the policy" })

export const newConditionalAccessPolicy = graphCmdlet({
  name: "New-MgIdentityConditionalAccessPolicy",
  summary: "Creates a Conditional Access policy.",
  params: policyParams,
  body: PolicyBody,
  roles: policyAdministrators,
  facts: ["IDN-145", "IDN-146", "IDN-151", "IDN-152", "IDN-155", "IDN-160", "IDN-169", "IDN-267"],
  decide: (call, body): Ruling<IdentityEvent> => {
    const policy = policyFrom(call.world, body, {
      id: call.draw.guid(`policy ${body.displayName}`),
      createdAt: call.now,
    })
    const decision = evaluatePolicyChange({
      world: call.world,
      change: "create",
      policy,
      beyondTheTwin: beyondTheTwin(body),
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "ConditionalAccessPolicyAdded", policy }],
      audit: [
        auditLine("Add Conditional Access policy", policy.displayName, { State: policy.state }),
      ],
      output: [policyRow(policy)],
      warnings: lockoutWarnings(policy),
    }
  },
})

const PolicyPatch = Schema.Struct({
  displayName: Schema.optionalKey(Schema.NonEmptyString),
  state: Schema.optionalKey(PolicyState),
  conditions: Schema.optionalKey(policyBody.conditions),
  grantControls: policyBody.grantControls,
  sessionControls: policyBody.sessionControls,
})

const patched = (
  world: IdentityWorld,
  policy: ConditionalAccessPolicy,
  body: typeof PolicyPatch.Type,
): ConditionalAccessPolicy => {
  const { grantControls, sessionControls, ...rest } = policy
  const grant = body.grantControls === undefined ? grantControls : grantFrom(body.grantControls)
  const session =
    body.sessionControls === undefined ? sessionControls : sessionFrom(body.sessionControls)
  return {
    ...rest,
    displayName: body.displayName ?? policy.displayName,
    state: body.state ?? policy.state,
    conditions:
      body.conditions === undefined
        ? policy.conditions
        : withIds(world, conditionsFrom(body.conditions)),
    ...(grant === undefined ? {} : { grantControls: grant }),
    ...(session === undefined ? {} : { sessionControls: session }),
  }
}

const nowhere: ConditionalAccessPolicy = {
  id: "none",
  displayName: "none",
  state: "disabled",
  conditions: conditionsFrom({
    users: { includeUsers: ["None"] },
    applications: { includeApplications: ["None"] },
  }),
  sessionControls: {},
  createdAt: 0,
}

const policyOf = (world: IdentityWorld, id: string): ConditionalAccessPolicy | undefined =>
  Object.values(world.identity.conditionalAccess).find(
    (it) => it.id === id.toLowerCase() || it.displayName.toLowerCase() === id.toLowerCase(),
  )

export const updateConditionalAccessPolicy = graphCmdlet({
  name: "Update-MgIdentityConditionalAccessPolicy",
  summary: "Changes a Conditional Access policy; conditions and controls are replaced as a whole.",
  params: { ConditionalAccessPolicyId: policyId, ...policyParams },
  path: ["ConditionalAccessPolicyId"],
  body: PolicyPatch,
  roles: policyAdministrators,
  facts: ["IDN-145", "IDN-146", "IDN-151", "IDN-267"],
  decide: (call, body, params): Ruling<IdentityEvent> => {
    const before = policyOf(call.world, params.ConditionalAccessPolicyId)
    const policy = patched(call.world, before ?? nowhere, body)
    const decision = evaluatePolicyChange({
      world: call.world,
      change: "update",
      policy,
      beyondTheTwin: beyondTheTwin(body),
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "ConditionalAccessPolicyUpdated", policy, at: call.now }],
      audit: [
        auditLine("Update Conditional Access policy", policy.displayName, { State: policy.state }),
      ],
      warnings: lockoutWarnings(policy),
    }
  },
})

const policyFound = gate<{ readonly isFound: boolean }>()({
  name: "policy-present",
  facts: ["IDN-145"],
  reads: ["isFound"],
  check: ({ isFound }) =>
    isFound
      ? pass("The organization has what is asked for.")
      : deny(
          "The organization has no such policy.",
          {},
          {
            code: "NotFound",
            message: "The policy was not found.",
          },
        ),
})

export const removeConditionalAccessPolicy = graphCmdlet({
  name: "Remove-MgIdentityConditionalAccessPolicy",
  summary: "Deletes a Conditional Access policy.",
  params: { ConditionalAccessPolicyId: policyId },
  path: ["ConditionalAccessPolicyId"],
  body: Schema.Struct({}),
  roles: policyAdministrators,
  facts: ["IDN-145", "IDN-267"],
  decide: (call, _body, params): Ruling<IdentityEvent> => {
    const policy = policyOf(call.world, params.ConditionalAccessPolicyId)
    const decision = decideByGates([policyFound], { isFound: policy !== undefined })
    if (policy === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "ConditionalAccessPolicyRemoved", policyId: policy.id, at: call.now }],
      audit: [auditLine("Delete Conditional Access policy", policy.displayName)],
    }
  },
})

export const getConditionalAccessPolicy = operation({
  name: "Get-MgIdentityConditionalAccessPolicy",
  summary: "Shows Conditional Access policies.",
  params: Schema.Struct({
    ConditionalAccessPolicyId: Schema.optionalKey(policyId),
    All: Schema.optionalKey(Schema.Boolean.annotate({ description: "All pages; switch" })),
  }),
  binding: { switches: ["All"] },
  roles: [...policyAdministrators, roles.globalReader],
  roleRefusal: requestDenied,
  facts: ["IDN-145", "IDN-242"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { ConditionalAccessPolicyId: wanted } = params
    const policies = Object.values(call.world.identity.conditionalAccess).toSorted((a, b) =>
      a.displayName < b.displayName ? -1 : 1,
    )
    const found = wanted === undefined ? undefined : policyOf(call.world, wanted)
    return {
      decision: decideByGates([policyFound], {
        isFound: wanted === undefined || found !== undefined,
      }),
      output: (wanted === undefined ? policies : found === undefined ? [] : [found]).map(policyRow),
    }
  },
})
