import { decideByGates, deny, gate, operation, pass } from "@twin/kernel"
import { Schema } from "effect"
import { conclude } from "../conclude.ts"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import { outcomeOf } from "../Happening.ts"
import { type DatacenterWorld, engineerOf, openSessionsOf } from "../State.ts"
import { callerOf, engineerAlias } from "./caller.ts"

const Evict = Schema.Struct({
  engineer: Schema.NonEmptyString.annotate({ description: "Account in wrong hands" }),
  reason: Schema.NonEmptyString.annotate({ description: "Evidence" }),
})

interface EvictionFacets {
  readonly isSecurityResponder: boolean
  readonly isKnown: boolean
}

const securityResponse = gate<EvictionFacets>()({
  name: "security-response",
  facts: ["DCO-060", "DCO-254"],
  reads: ["isSecurityResponder"],
  check: ({ isSecurityResponder }) =>
    isSecurityResponder
      ? pass("The security response acts.", { isSecurityResponder })
      : deny(
          "Only the security response evicts somebody.",
          { isSecurityResponder },
          { code: "RevocationNotAllowed", message: "You cannot do this." },
        ),
})

const known = gate<EvictionFacets>()({
  name: "service-team-account",
  facts: ["DCO-254"],
  reads: ["isKnown"],
  check: ({ isKnown }) =>
    isKnown
      ? pass("The account exists.", { isKnown })
      : deny(
          "There is no such account.",
          { isKnown },
          { code: "NotEligible", message: "The account could not be found." },
        ),
})

/** Everything an account has, at once: it is disabled, its sessions are cut, its elevations end. */
export const evictEngineer = operation<DatacenterWorld, DatacenterEvent, typeof Evict.fields>({
  name: "evict-engineer",
  summary: "The security response throws a compromised account out.",
  params: Evict,
  facts: ["DCO-060", "DCO-254"],
  decide: ({ world, actor, now }, params) => {
    const responder = engineerOf(world, engineerAlias(actor))
    const alias = params.engineer.toLowerCase()
    const decision = decideByGates([securityResponse, known], {
      isSecurityResponder: responder?.state === "Active" && responder.isSecurityResponder,
      isKnown: engineerOf(world, alias) !== undefined,
    })
    const sessions = openSessionsOf(world).filter(({ owner }) => owner === alias)
    return conclude(world, now, {
      decision,
      events:
        decision.outcome === "allow"
          ? [
              { _tag: "EngineerDisabled", engineer: alias, because: "SecurityResponse", at: now },
              ...sessions.map(
                ({ id }) =>
                  ({
                    _tag: "OperatorSessionEnded",
                    session: id,
                    because: "killed",
                    at: now,
                  }) as const,
              ),
            ]
          : [],
      happenings: [
        {
          draft: {
            ...callerOf(actor),
            kind: "response",
            what: "evict-engineer",
            ...outcomeOf(decision),
            account: alias,
          },
        },
      ],
      output:
        decision.outcome === "allow" ? [{ id: alias, engineer: alias, state: "Disabled" }] : [],
    })
  },
})
