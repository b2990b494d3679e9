import {
  domainOf,
  foreignOrganizationByDomain,
  isOwnDomain,
  personOf,
  untouchedPolicy,
} from "@twin/identity"
import { type Call, decideByGates, deny, gate, operation, pass, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import type { DomainEvent } from "../DomainEvent.ts"
import { isConsumerDomain } from "../grantMatch.ts"
import type { MipWorld } from "../State.ts"

interface SignUpFacets {
  readonly address: "work" | "personal" | "unknown"
  readonly organization: "none" | "known"
}

const workAddress = gate<SignUpFacets>()({
  name: "work-address",
  facts: ["MIP-182"],
  reads: ["address"],
  check: ({ address }) => {
    switch (address) {
      case "work":
        return pass("The address belongs to an organization.", { address })
      case "personal":
        return deny("A personal address cannot sign up.", { address }, personal)
      case "unknown":
        return deny("Nobody has this mailbox, so the address cannot be confirmed.", { address })
    }
  },
})

const personal = {
  code: "PersonalAddress",
  message: "This looks like a personal email address. Enter the address you have at work.",
}

const organizationKnown = gate<SignUpFacets>()({
  name: "organization-without-tenant",
  facts: ["MIP-182"],
  reads: ["organization"],
  check: ({ organization }) =>
    pass(
      organization === "known"
        ? "The organization has a tenant already, so this is an ordinary sign-in."
        : "The organization has no tenant, so an unmanaged one is made for its domain.",
      { organization },
    ),
})

/** Free, and meant for reading what others protected (MIP-182). */
export const signUpForRms = operation({
  name: "sign-up-for-rms",
  summary: "Signs up for RMS for individuals with the address of an organization without a tenant.",
  params: Schema.Struct({}),
  facts: ["MIP-182"],
  decide: ({ world, actor, draw }: Call<MipWorld>): Ruling<DomainEvent> => {
    const person = personOf(world, actor.id)
    const domain = domainOf(person?.address ?? actor.id).toLowerCase()
    const known = foreignOrganizationByDomain(world, domain)
    const decision = decideByGates([workAddress, organizationKnown], {
      address: person === undefined ? "unknown" : isConsumerDomain(domain) ? "personal" : "work",
      organization: known === undefined && !isOwnDomain(world, domain) ? "none" : "known",
    })
    if (decision.outcome !== "allow" || person === undefined) return { decision }
    if (known !== undefined || isOwnDomain(world, domain)) {
      return { decision, output: [{ signIn: "ordinary", tenantId: known?.tenantId ?? null }] }
    }
    const tenantId = draw.guid(`unmanaged tenant ${domain}`)
    return {
      decision,
      events: [
        {
          _tag: "ForeignOrganizationAdded",
          organization: {
            tenantId,
            displayName: domain,
            initialDomain: `${domain.replaceAll(".", "")}.onmicrosoft.com`,
            verifiedDomains: [domain],
            crossTenantAccess: untouchedPolicy,
          },
        },
        { _tag: "PersonAdded", person: { ...person, account: "entra", homeTenant: tenantId } },
      ],
      output: [{ signIn: "new", tenantId }],
    }
  },
})
