import { organizationOf } from "@twin/identity"
import {
  andThen,
  type Call,
  decideByGates,
  deny,
  gate,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import { evaluateAipRole, isOwnAccount, says } from "./aipCmdlet.ts"

const ownTenant = gate<{ readonly isOwnTenant: boolean }>()({
  name: "own-tenant",
  facts: ["MIP-009"],
  reads: ["isOwnTenant"],
  check: ({ isOwnTenant }) =>
    isOwnTenant
      ? pass("The session is one with this organization's service.")
      : deny(
          "The tenant that is named is another organization's.",
          {},
          {
            code: "AccessDenied",
            message: "The account does not belong to the specified tenant.",
          },
        ),
})

const ownAccount = gate<{ readonly isOwnAccount: boolean }>()({
  name: "own-work-account",
  facts: ["MIP-009"],
  reads: ["isOwnAccount"],
  check: ({ isOwnAccount: isOwn }) =>
    isOwn
      ? pass("The account belongs to this organization.")
      : deny(
          "Only a work account of this organization can connect.",
          {},
          {
            code: "AccessDenied",
            message: "Sign in with a work or school account of this organization.",
          },
        ),
})

export const connectAipService = operation({
  name: "Connect-AipService",
  summary: "Begins a session of the protection service; every other cmdlet of the module needs it.",
  params: Schema.Struct({
    Credential: Schema.optionalKey(
      Schema.String.annotate({ description: "Account to sign in with; the twin takes the actor" }),
    ),
    TenantId: Schema.optionalKey(Schema.String.annotate({ description: "GUID of the tenant" })),
    EnvironmentName: Schema.optionalKey(
      Schema.Literals(["AzureCloud", "AzureChinaCloud", "AzureUSGovernment"]).annotate({
        description: "Cloud of the tenant",
      }),
    ),
  }),
  facts: ["MIP-009"],
  decide: ({ world, actor, now }: Call<MipWorld>, { TenantId }): Ruling<MipEvent> => {
    const own = organizationOf(world)?.tenantId.toLowerCase()
    const decision = andThen(evaluateAipRole({ world, actor }, true), () =>
      decideByGates([ownAccount, ownTenant], {
        isOwnAccount: isOwnAccount(world, actor.id),
        isOwnTenant: TenantId === undefined || TenantId.toLowerCase() === own,
      }),
    )
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "AipServiceConnected", admin: actor.id, at: now }],
      output: says("A connection to the Azure Information Protection service was opened."),
    }
  },
})

export const disconnectAipService = operation({
  name: "Disconnect-AipService",
  summary: "Ends the session of the protection service.",
  params: Schema.Struct({}),
  facts: ["MIP-009"],
  decide: ({ world, actor, now }: Call<MipWorld>): Ruling<MipEvent> => ({
    decision: andThen(evaluateAipRole({ world, actor }, true), () =>
      decideByGates([ownAccount], { isOwnAccount: isOwnAccount(world, actor.id) }),
    ),
    events: [{ _tag: "AipServiceDisconnected", admin: actor.id, at: now }],
    output: says("A connection to the Azure Information Protection service was closed."),
  }),
})
