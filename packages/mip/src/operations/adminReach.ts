import { appIds, evaluateSignIn } from "@twin/identity"
import {
  andThen,
  type Call,
  type Decision,
  decideByGates,
  decidingGate,
  deny,
  gate,
  type Operation,
  pass,
} from "@twin/kernel"
import { Effect } from "effect"
import type { MipWorld } from "../State.ts"

interface ReachFacets {
  readonly policyGate: string
  readonly policies: string
}

const serviceInReach = gate<ReachFacets>()({
  name: "administrator-reaches-service",
  facts: ["MIP-192"],
  reads: ["policyGate", "policies"],
  check: ({ policyGate, policies }) =>
    policyGate === ""
      ? pass("No policy keeps the administrator from the protection service.")
      : deny(
          "A policy keeps the administrator from the protection service, so the portal cannot configure encryption.",
          { policyGate, policies },
          {
            code: "ServiceUnreachable",
            message:
              "The protection service could not be reached with your account. Exclude it from the Conditional Access policy.",
          },
        ),
})

const policyGates: ReadonlySet<string> = new Set([
  "conditional-access-block",
  "conditional-access-grant",
])

/** Whether Conditional Access lets an administrator configure encryption (MIP-192). */
export const evaluateAdminReach = ({
  world,
  actor,
  now,
}: Pick<Call<MipWorld>, "world" | "actor" | "now">): Decision => {
  const signIn = evaluateSignIn({
    world,
    address: actor.id,
    app: appIds.rightsManagement,
    client: actor.client,
    now,
  })
  const last = decidingGate(signIn)
  const isStopped = signIn.outcome === "deny" && policyGates.has(last.name)
  return decideByGates([serviceInReach], {
    policyGate: isStopped ? last.name : "",
    policies: isStopped ? (last.details["policies"] ?? "") : "",
  })
}

/** Whether a cmdlet is about to configure encryption: any parameter of that name. */
const isAboutEncryption = (params: unknown): boolean =>
  typeof params === "object" &&
  params !== null &&
  Object.keys(params).some((it) => it.toLowerCase().startsWith("encryption"))

/** The same operation, for administrators whom a policy does not keep from the service. */
export const withinReach = <Event, R>(
  operation: Operation<MipWorld, Event, R>,
): Operation<MipWorld, Event, R> => ({
  ...operation,
  rule: (call, params) =>
    Effect.map(operation.rule(call, params), (ruling) => {
      if (ruling.decision.outcome !== "allow" || !isAboutEncryption(params)) return ruling
      const reach = evaluateAdminReach(call)
      const decision = andThen(ruling.decision, () => reach)
      return reach.outcome === "allow" ? { ...ruling, decision } : { decision }
    }),
})
