import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { HashMap, Option } from "effect"
import { domainOf } from "../Address.ts"
import type { AddedDomain } from "../DirectoryExtents.ts"
import { directoryLimits } from "../DirectoryLimits.ts"
import {
  allGroups,
  foreignOrganizationByDomain,
  isOwnDomain,
  organizationOf,
  usersOf,
} from "../directory.ts"
import { resourceNotFound } from "../graphRefusals.ts"
import type { IdentityWorld } from "../State.ts"

/** An administrator adds a domain, has it verified, or takes it away. */
export interface DomainChangeQuestion {
  readonly world: IdentityWorld
  readonly change: "add" | "verify" | "remove"
  readonly name: string
}

interface DomainChangeFacets {
  readonly name: string
  readonly isWellFormed: boolean
  readonly state: "absent" | "added" | "verified"
  readonly domains: number
  readonly isRecordPublished: boolean
  readonly owner: string
  readonly isInitial: boolean
  readonly usedBy: string
}

const domainGate = gate<DomainChangeFacets>()

const bad = (message: string) => ({ code: "Request_BadRequest", message })

const wellFormed = domainGate({
  name: "domain-name",
  facts: ["IDN-280"],
  reads: ["name", "isWellFormed"],
  check: ({ name, isWellFormed }) =>
    isWellFormed
      ? pass("The name can be one of a domain.", { name })
      : deny(
          "The name cannot be one of a domain.",
          { name },
          bad(`Invalid value specified for property 'id' of resource 'Domain'.`),
        ),
})

const notThere = domainGate({
  name: "domain-new",
  facts: ["IDN-280"],
  reads: ["state"],
  check: ({ state }) =>
    state === "absent"
      ? pass("The tenant does not have the domain yet.", { state })
      : deny(
          "The tenant has this domain.",
          { state },
          {
            code: "ObjectConflict",
            message:
              "A conflicting object with one or more of the specified property values is present in the directory.",
          },
        ),
})

const domainsLeft = domainGate({
  name: "domain-limit",
  facts: ["IDN-280"],
  reads: ["domains"],
  check: ({ domains }) => {
    const { limit } = directoryLimits.managedDomains
    return domains < limit
      ? pass("The tenant has room for another domain.", { domains, limit })
      : deny(
          "The tenant has as many domains as it can have.",
          { domains, limit },
          {
            code: "Directory_QuotaExceeded",
            message: "The maximum number of domains for the tenant has been reached.",
          },
        )
  },
})

const there = domainGate({
  name: "domain-known",
  facts: ["IDN-280"],
  reads: ["name", "state"],
  check: ({ name, state }) =>
    state === "absent"
      ? deny("The tenant does not have this domain.", { state }, resourceNotFound(name))
      : pass("The tenant has this domain.", { state }),
})

const unverified = domainGate({
  name: "domain-unverified",
  facts: ["IDN-280"],
  reads: ["state"],
  check: ({ state }) =>
    state === "verified"
      ? deny(
          "The domain is verified already.",
          { state },
          bad("The domain has already been verified."),
        )
      : pass("The domain waits to be verified.", { state }),
})

const ownedByNobodyElse = domainGate({
  name: "domain-owner",
  facts: ["IDN-280"],
  reads: ["name", "owner"],
  check: ({ name, owner }) =>
    owner === ""
      ? pass("No other organization has verified the domain.")
      : deny(
          "Another organization has verified the domain.",
          { owner },
          bad(
            `The domain ${name} is already verified in another directory and must be removed there first.`,
          ),
        ),
})

const recordPublished = domainGate({
  name: "domain-record",
  facts: ["IDN-280"],
  reads: ["name", "isRecordPublished"],
  check: ({ name, isRecordPublished }) =>
    isRecordPublished
      ? pass("The domain publishes the text record of this tenant.", { isRecordPublished })
      : deny(
          "The domain does not publish the text record of this tenant.",
          { isRecordPublished },
          bad(
            `Domain verification failed for ${name}: the verification record was not found in DNS.`,
          ),
        ),
})

const removable = domainGate({
  name: "domain-removable",
  facts: ["IDN-280"],
  reads: ["isInitial", "usedBy"],
  check: ({ isInitial, usedBy }) => {
    if (isInitial) {
      return deny(
        "The domain that the tenant began with stays for good.",
        { isInitial },
        bad("The initial domain of the tenant cannot be deleted."),
      )
    }
    return usedBy === ""
      ? pass("Nobody has an address in the domain.")
      : deny(
          "Somebody still has a name or an address in the domain.",
          { usedBy },
          bad("The domain cannot be deleted because users or groups still reference it."),
        )
  },
})

const gatesOf: Record<DomainChangeQuestion["change"], GateRules<DomainChangeFacets>> = {
  add: [wellFormed, notThere, domainsLeft],
  verify: [there, unverified, ownedByNobodyElse, recordPublished],
  remove: [there, removable],
}

/** A domain that waits to be verified. */
export const addedDomainOf = (world: IdentityWorld, name: string): AddedDomain | undefined =>
  Option.getOrUndefined(HashMap.get(world.identity.extents.addedDomains, name.toLowerCase()))

/** A subdomain of a verified domain needs no proof of its own. */
export const isBelowOwnDomain = (world: IdentityWorld, name: string): boolean =>
  (organizationOf(world)?.verifiedDomains ?? []).some((it) =>
    name.toLowerCase().endsWith(`.${it.toLowerCase()}`),
  )

/** The first user or group, by name, that has a name or an address in the domain. */
const userOfDomain = (world: IdentityWorld, name: string): string => {
  const isIn = (address: string | undefined): boolean =>
    address !== undefined && domainOf(address.toLowerCase()) === name
  const user = usersOf(world).find(
    ({ userPrincipalName, proxyAddresses, userType, mail }) =>
      isIn(userPrincipalName) ||
      (userType === "Member" && (isIn(mail) || proxyAddresses.some((it) => isIn(it)))),
  )
  return (
    user?.userPrincipalName ?? allGroups(world).find(({ mail }) => isIn(mail))?.displayName ?? ""
  )
}

export const evaluateDomainChange = (question: DomainChangeQuestion): Decision => {
  const { world, change } = question
  const name = question.name.toLowerCase()
  const { addedDomains } = world.identity.extents
  const organization = organizationOf(world)
  const added = addedDomainOf(world, name)
  const records = Option.getOrElse(
    HashMap.get(world.identity.partnership.textRecords, name),
    (): readonly string[] => [],
  )
  return decideByGates(gatesOf[change], {
    name,
    isWellFormed: /^(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/.test(name),
    state: isOwnDomain(world, name) ? "verified" : added === undefined ? "absent" : "added",
    domains: (organization?.verifiedDomains.length ?? 0) + HashMap.size(addedDomains),
    isRecordPublished: added !== undefined && records.includes(added.verificationText),
    owner: foreignOrganizationByDomain(world, name)?.displayName ?? "",
    isInitial: organization?.initialDomain.toLowerCase() === name,
    usedBy: change === "remove" ? userOfDomain(world, name) : "",
  })
}
