import { type Call, decideByGates, deny, gate, operation, pass, type Ruling } from "@twin/kernel"
import { HashMap, Option, Schema } from "effect"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"

interface GraphFacets {
  /** Scopes of the session; `every` where the module was not connected with a choice of them. */
  readonly scopes: string
  readonly accepted: string
  readonly isGranted: boolean
}

/** Whether the session of the Graph module holds a permission for the call (IDN-020). */
export const graphPermission = gate<GraphFacets>()({
  name: "graph-permission",
  facts: ["IDN-020"],
  reads: ["scopes", "accepted", "isGranted"],
  check: ({ scopes, accepted, isGranted }) =>
    isGranted
      ? pass("The session holds a permission for this call.", { scopes, accepted })
      : deny("The session holds no permission for this call.", { scopes, accepted }, requestDenied),
})

export const graphFacets = (
  { world, actor }: Call<IdentityWorld>,
  accepted: readonly string[],
): GraphFacets => {
  const scopes = Option.getOrUndefined(
    HashMap.get(world.identity.partnership.graphSessions, actor.id),
  )
  const wanted = accepted.map((it) => it.toLowerCase())
  return {
    scopes: scopes?.join(", ") ?? "every",
    accepted: accepted.join(", "),
    isGranted: scopes === undefined || scopes.some((it) => wanted.includes(it.toLowerCase())),
  }
}

const connected = gate<{ readonly scopes: string }>()({
  name: "graph-session",
  facts: ["IDN-020"],
  reads: ["scopes"],
  check: ({ scopes }) => pass("The module is connected with these permissions.", { scopes }),
})

export const connectGraph = operation({
  name: "Connect-MgGraph",
  summary: "Connects the Graph module, with the permissions that are named and no others.",
  params: Schema.Struct({
    Scopes: Schema.optionalKey(
      Schema.Array(Schema.String).annotate({ description: "Permissions, e.g. User.Invite.All" }),
    ),
    NoWelcome: Schema.optionalKey(Schema.Boolean.annotate({ description: "No banner; switch" })),
  }),
  binding: { switches: ["NoWelcome"] },
  facts: ["IDN-020"],
  decide: ({ actor, now }: Call<IdentityWorld>, { Scopes }): Ruling<IdentityEvent> => ({
    decision: decideByGates([connected], { scopes: Scopes?.join(", ") ?? "every" }),
    events: [
      Scopes === undefined
        ? { _tag: "GraphSessionClosed", address: actor.id, at: now }
        : { _tag: "GraphSessionOpened", address: actor.id, scopes: Scopes, at: now },
    ],
  }),
})

export const disconnectGraph = operation({
  name: "Disconnect-MgGraph",
  summary: "Ends the session of the Graph module.",
  params: Schema.Struct({}),
  facts: ["IDN-020"],
  decide: ({ actor, now }: Call<IdentityWorld>): Ruling<IdentityEvent> => ({
    decision: decideByGates([connected], { scopes: "none" }),
    events: [{ _tag: "GraphSessionClosed", address: actor.id, at: now }],
  }),
})
