import { decideByGates, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { resourceFound } from "../decisions/resourceFound.ts"
import { organizationOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import { noExpiry } from "../SignInProtection.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet } from "./graphCmdlet.ts"

const found = resourceFound(["IDN-275", "IDN-276"])

const evaluateNamed = (missing: string) => decideByGates([found], { missing })

const domainNames = (world: IdentityWorld): readonly string[] =>
  (organizationOf(world)?.verifiedDomains ?? []).map((it) => it.toLowerCase())

/** How long passwords of a domain last; 2147483647 stands for ever. */
export const updateDomain = graphCmdlet({
  name: "Update-MgDomain",
  summary: "Says how many days the passwords of a domain last.",
  params: {
    DomainId: Schema.NonEmptyString.annotate({ description: "Name of the domain" }),
    PasswordValidityPeriodInDays: Schema.optionalKey(
      Schema.Int.annotate({ description: "Days a password lasts; 2147483647 for ever" }),
    ),
  },
  path: ["DomainId"],
  body: Schema.Struct({
    passwordValidityPeriodInDays: Schema.Int.check(
      Schema.isBetween({ minimum: 14, maximum: noExpiry }),
    ),
  }),
  roles: [roles.globalAdministrator],
  facts: ["IDN-275"],
  decide: (
    { world, now },
    { passwordValidityPeriodInDays: days },
    params,
  ): Ruling<IdentityEvent> => {
    const domain = params.DomainId.toLowerCase()
    const decision = evaluateNamed(domainNames(world).includes(domain) ? "" : params.DomainId)
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "PasswordValiditySet", domain, days, at: now }],
      audit: [auditLine("Set password policy", domain, { PasswordValidityPeriodInDays: days })],
    }
  },
})
