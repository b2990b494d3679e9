import { type Call, type OutputObject, operation, type Ruling } from "@twin/kernel"
import { HashMap, Schema } from "effect"
import { evaluateDirectoryRead } from "../decisions/evaluateDirectoryRead.ts"
import {
  addedDomainOf,
  evaluateDomainChange,
  isBelowOwnDomain,
} from "../decisions/evaluateDomainChange.ts"
import { isOwnDomain, organizationOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import { noExpiry } from "../SignInProtection.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet } from "./graphCmdlet.ts"

const administrators: readonly string[] = [roles.domainNameAdministrator, roles.globalAdministrator]

const DomainId = Schema.NonEmptyString.annotate({ description: "Name of the domain" })

/** A domain as Graph prints it; the first verified one is the default of the twin. */
const domainRow = (world: IdentityWorld, name: string): OutputObject => {
  const organization = organizationOf(world)
  const { validityDays } = world.identity.signInProtection
  return {
    Id: name,
    AuthenticationType: "Managed",
    IsAdminManaged: true,
    IsDefault: organization?.verifiedDomains[0]?.toLowerCase() === name,
    IsInitial: organization?.initialDomain.toLowerCase() === name,
    IsRoot: !isBelowOwnDomain(world, name),
    IsVerified: isOwnDomain(world, name),
    PasswordValidityPeriodInDays: Object.hasOwn(validityDays, name)
      ? (validityDays[name] ?? noExpiry)
      : noExpiry,
  }
}

/** Everything that follows from an added domain; below a verified one it is verified at once. */
export const newMgDomain = graphCmdlet({
  name: "New-MgDomain",
  summary: "Adds a domain to the tenant, to be verified by a record in its DNS.",
  params: { Id: Schema.optionalKey(DomainId) },
  body: Schema.Struct({ id: Schema.NonEmptyString }),
  roles: administrators,
  facts: ["IDN-280", "IDN-242"],
  decide: ({ world, now, draw }, body): Ruling<IdentityEvent> => {
    const name = body.id.toLowerCase()
    const decision = evaluateDomainChange({ world, change: "add", name })
    if (decision.outcome !== "allow") return { decision }
    const isBelow = isBelowOwnDomain(world, name)
    const domain = {
      name,
      verificationText: `MS=ms${draw.digits(`domain ${name}`, 8)}`,
      addedAt: now,
    }
    return {
      decision,
      events: [
        { _tag: "DomainAdded", domain },
        ...(isBelow ? [{ _tag: "DomainVerified" as const, name, at: now }] : []),
      ],
      audit: [auditLine("Add unverified domain", name)],
      output: [{ ...domainRow(world, name), IsVerified: isBelow }],
    }
  },
})

export const getVerificationRecord = operation({
  name: "Get-MgDomainVerificationDnsRecord",
  summary: "Shows the records by which a domain proves that it belongs to the tenant.",
  params: Schema.Struct({ DomainId }),
  binding: { positional: ["DomainId"] },
  roles: [...administrators, roles.globalReader],
  facts: ["IDN-280"],
  isReadOnly: true,
  decide: ({ world, actor, now }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const added = addedDomainOf(world, params.DomainId)
    const decision = evaluateDirectoryRead({
      world,
      actor,
      now,
      wants: "object",
      isOwn: false,
      isFound: added !== undefined,
      isFilterReadable: true,
    })
    if (decision.outcome !== "allow" || added === undefined) return { decision }
    const label = added.verificationText.slice("MS=".length)
    return {
      decision,
      output: [
        { RecordType: "Txt", Label: added.name, Ttl: 3600, Text: added.verificationText },
        {
          RecordType: "Mx",
          Label: added.name,
          Ttl: 3600,
          MailExchange: `${label}.msv1.invalid`,
          Preference: 32_767,
        },
      ],
    }
  },
})

export const confirmMgDomain = graphCmdlet({
  name: "Confirm-MgDomain",
  summary: "Looks for the record of a domain in DNS, and makes the domain one of the tenant.",
  params: { DomainId },
  path: ["DomainId"],
  body: Schema.Struct({}),
  binding: { positional: ["DomainId"] },
  roles: administrators,
  facts: ["IDN-280", "IDN-242"],
  decide: ({ world, now }, _body, params): Ruling<IdentityEvent> => {
    const name = params.DomainId.toLowerCase()
    const decision = evaluateDomainChange({ world, change: "verify", name })
    if (decision.outcome !== "allow") {
      return { decision, audit: [auditLine("Verify domain", name, {}, "Failure")] }
    }
    return {
      decision,
      events: [{ _tag: "DomainVerified", name, at: now }],
      audit: [auditLine("Verify domain", name)],
      output: [{ ...domainRow(world, name), IsVerified: true }],
    }
  },
})

export const getMgDomain = operation({
  name: "Get-MgDomain",
  summary: "Shows the domains of the tenant, verified or not.",
  params: Schema.Struct({
    DomainId: Schema.optionalKey(DomainId),
    All: Schema.optionalKey(Schema.Boolean.annotate({ description: "All pages; switch" })),
  }),
  binding: { positional: ["DomainId"], switches: ["All"] },
  facts: ["IDN-280"],
  isReadOnly: true,
  decide: ({ world, actor, now }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const names = [
      ...(organizationOf(world)?.verifiedDomains ?? []).map((it) => it.toLowerCase()),
      ...HashMap.keys(world.identity.extents.addedDomains),
    ].toSorted()
    const wanted = params.DomainId?.toLowerCase()
    const decision = evaluateDirectoryRead({
      world,
      actor,
      now,
      wants: wanted === undefined ? "list" : "object",
      isOwn: false,
      isFound: wanted === undefined || names.includes(wanted),
      isFilterReadable: true,
    })
    return decision.outcome === "allow"
      ? {
          decision,
          output: names
            .filter((it) => wanted === undefined || it === wanted)
            .map((it) => domainRow(world, it)),
        }
      : { decision }
  },
})

export const removeMgDomain = graphCmdlet({
  name: "Remove-MgDomain",
  summary: "Takes a domain away from the tenant, where nobody uses it.",
  params: { DomainId },
  path: ["DomainId"],
  body: Schema.Struct({}),
  binding: { positional: ["DomainId"] },
  roles: administrators,
  facts: ["IDN-280", "IDN-242"],
  decide: ({ world, now }, _body, params): Ruling<IdentityEvent> => {
    const name = params.DomainId.toLowerCase()
    const decision = evaluateDomainChange({ world, change: "remove", name })
    if (decision.outcome !== "allow") return { decision }
    const wasVerified = isOwnDomain(world, name)
    return {
      decision,
      events: [{ _tag: "DomainRemoved", name, at: now }],
      audit: [auditLine(wasVerified ? "Remove verified domain" : "Remove unverified domain", name)],
    }
  },
})
