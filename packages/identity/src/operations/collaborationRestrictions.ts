import {
  type Call,
  decideByGates,
  deny,
  type GateRules,
  gate,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import type { DomainList } from "../CollaborationSettings.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { readSettings } from "./authorizationPolicy.ts"

/** The policy as its JSON says it (IDN-103); undefined where the text is something else. */
export const readDefinition = (text: string): DomainList | "both" | undefined => {
  const decoded = Schema.decodeUnknownOption(Schema.fromJsonString(Definition))(text)
  if (decoded._tag === "None") return undefined
  const { AllowedDomains = [], BlockedDomains = [] } =
    decoded.value.B2BManagementPolicy.InvitationsAllowedAndBlockedDomainsPolicy
  if (AllowedDomains.length > 0 && BlockedDomains.length > 0) return "both"
  return AllowedDomains.length > 0
    ? { kind: "allow", domains: AllowedDomains.map((it) => it.toLowerCase()) }
    : { kind: "block", domains: BlockedDomains.map((it) => it.toLowerCase()) }
}

const Domains = Schema.optionalKey(Schema.Array(Schema.NonEmptyString))
const Definition = Schema.Struct({
  B2BManagementPolicy: Schema.Struct({
    InvitationsAllowedAndBlockedDomainsPolicy: Schema.Struct({
      AllowedDomains: Domains,
      BlockedDomains: Domains,
    }),
  }),
})

/** The definition of a list, as the cmdlets print it. */
export const writeDefinition = ({ kind, domains }: DomainList): string =>
  JSON.stringify({
    B2BManagementPolicy: {
      InvitationsAllowedAndBlockedDomainsPolicy:
        kind === "allow" ? { AllowedDomains: domains } : { BlockedDomains: domains },
    },
  })

interface PolicyFacets {
  readonly type: string
  readonly reading: "list" | "both" | "unreadable"
  readonly length: number
  readonly exists: boolean
  readonly isNew: boolean
}

const policyGate = gate<PolicyFacets>()

const bad = (message: string) => ({ code: "Request_BadRequest", message })

const policyFits = policyGate({
  name: "policy-definition",
  facts: ["IDN-102", "IDN-103"],
  reads: ["type", "reading", "length"],
  check: ({ type, reading, length }) => {
    const details = { type, length }
    if (type.toLowerCase() !== "b2bmanagementpolicy" || reading === "unreadable") {
      return deny(
        "The definition is not one of a collaboration restriction.",
        details,
        bad("Invalid policy definition."),
      )
    }
    if (reading === "both") {
      return deny(
        "A tenant has an allow list or a block list, never both.",
        details,
        bad("AllowedDomains and BlockedDomains cannot be set at the same time."),
      )
    }
    return length > 25_000
      ? deny(
          "The policy is larger than the service keeps.",
          details,
          bad("Policy definition has exceeded the maximum size."),
        )
      : pass("The definition holds one list of domains.", details)
  },
})

const onlyOne = policyGate({
  name: "policy-single",
  facts: ["IDN-102"],
  reads: ["exists", "isNew"],
  check: ({ exists, isNew }) =>
    exists && isNew
      ? deny(
          "The tenant has such a policy already.",
          { exists },
          {
            code: "Request_BadRequest",
            message: "Another object with the same value for property type already exists.",
          },
        )
      : !exists && !isNew
        ? deny(
            "The tenant has no such policy yet.",
            { exists },
            {
              code: "Request_ResourceNotFound",
              message: "Resource does not exist.",
            },
          )
        : pass("The tenant has one such policy.", { exists }),
})

const policyGates: GateRules<PolicyFacets> = [policyFits, onlyOne]

/** The object id of the one policy there can be. */
const policyId = "b2bmanagementpolicy"

const definitionParam = Schema.Array(Schema.String).annotate({
  description: "The policy as JSON, in an array of one",
})

const save = (
  call: Call<IdentityWorld>,
  request: {
    readonly Definition: readonly string[]
    readonly Type: string
    readonly isNew: boolean
  },
): Ruling<IdentityEvent> => {
  const text = request.Definition.join("")
  const list = readDefinition(text)
  const { domainList } = call.world.identity.settings
  const decision = decideByGates(policyGates, {
    type: request.Type,
    reading: list === undefined ? "unreadable" : list === "both" ? "both" : "list",
    length: text.length,
    exists: domainList.domains.length > 0,
    isNew: request.isNew,
  })
  if (decision.outcome !== "allow" || list === undefined || list === "both") return { decision }
  return {
    decision,
    events: [{ _tag: "InvitationDomainListSet", list, at: call.now }],
    audit: [
      auditLine("Update policy", "B2BManagementPolicy", {
        OldPolicyDetails: writeDefinition(domainList),
        NewPolicyDetails: writeDefinition(list),
      }),
    ],
    output: request.isNew
      ? [
          {
            Id: policyId,
            DisplayName: "B2BManagementPolicy",
            Type: "B2BManagementPolicy",
            IsOrganizationDefault: true,
            Definition: [writeDefinition(list)],
          },
        ]
      : [],
  }
}

const policyParams = {
  Definition: definitionParam,
  DisplayName: Schema.optionalKey(Schema.String.annotate({ description: "B2BManagementPolicy" })),
  Type: Schema.optionalKey(Schema.String.annotate({ description: "B2BManagementPolicy" })),
  IsOrganizationDefault: Schema.optionalKey(Schema.Boolean.annotate({ description: "$true" })),
}

const administrators = [roles.globalAdministrator]

export const newAzureADPolicy = operation({
  name: "New-AzureADPolicy",
  summary: "Sets the allow list or block list of domains that may be invited.",
  params: Schema.Struct(policyParams),
  roles: administrators,
  roleRefusal: requestDenied,
  facts: ["IDN-102", "IDN-103", "IDN-104", "IDN-267"],
  decide: (call: Call<IdentityWorld>, params) =>
    save(call, { Definition: params.Definition, Type: params.Type ?? "", isNew: true }),
})

export const setAzureADPolicy = operation({
  name: "Set-AzureADPolicy",
  summary: "Changes the allow list or block list of domains that may be invited.",
  params: Schema.Struct({
    Id: Schema.NonEmptyString.annotate({ description: "Id of the policy" }),
    ...policyParams,
  }),
  roles: administrators,
  roleRefusal: requestDenied,
  facts: ["IDN-102", "IDN-103", "IDN-104", "IDN-267"],
  decide: (call: Call<IdentityWorld>, params) =>
    save(call, {
      Definition: params.Definition,
      Type: params.Type ?? "B2BManagementPolicy",
      isNew: false,
    }),
})

export const getAzureADPolicy = operation({
  name: "Get-AzureADPolicy",
  summary: "Shows the collaboration restrictions of the tenant.",
  params: Schema.Struct({
    All: Schema.optionalKey(Schema.Boolean.annotate({ description: "$true for all pages" })),
  }),
  facts: ["IDN-102", "IDN-103"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>): Ruling<IdentityEvent> => {
    const { domainList } = call.world.identity.settings
    return {
      decision: readSettings(call),
      output:
        domainList.domains.length === 0
          ? []
          : [
              {
                Id: policyId,
                DisplayName: "B2BManagementPolicy",
                Type: "B2BManagementPolicy",
                IsOrganizationDefault: true,
                Definition: [writeDefinition(domainList)],
              },
            ],
    }
  },
})

const removed = gate<{ readonly exists: boolean }>()({
  name: "policy-single",
  facts: ["IDN-102"],
  reads: ["exists"],
  check: ({ exists }) =>
    exists
      ? pass("The policy is removed: every domain may be invited.", { exists })
      : deny(
          "The tenant has no such policy.",
          { exists },
          {
            code: "Request_ResourceNotFound",
            message: "Resource does not exist.",
          },
        ),
})

export const removeAzureADPolicy = operation({
  name: "Remove-AzureADPolicy",
  summary: "Removes the collaboration restrictions: every domain may be invited.",
  params: Schema.Struct({
    Id: Schema.NonEmptyString.annotate({ description: "Id of the policy" }),
  }),
  roles: administrators,
  roleRefusal: requestDenied,
  facts: ["IDN-102"],
  decide: (call: Call<IdentityWorld>): Ruling<IdentityEvent> => {
    const exists = call.world.identity.settings.domainList.domains.length > 0
    const decision = decideByGates([removed], { exists })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [
        { _tag: "InvitationDomainListSet", list: { kind: "block", domains: [] }, at: call.now },
      ],
      audit: [auditLine("Update policy", "B2BManagementPolicy")],
    }
  },
})
