import { isDomainPattern } from "@twin/crypto"
import {
  type Decision,
  deny,
  exchangeAdminAudit,
  gate,
  namedObjects,
  type OutputObject,
  pass,
  type Ruling,
  whatIfOutput,
} from "@twin/kernel"
import type { LowerEvent } from "../LowerEvent.ts"

/** What both kinds of connectors are asked when they are made or changed. */
export interface ConnectorFacets {
  readonly name: string
  readonly isTaken: boolean
  /** Empty: every domain is written as the service takes it. */
  readonly badDomain: string
}

const tooLong = {
  code: "ParameterBindingValidation",
  message: "The length of property 'Name' is too long. The maximum length is 64.",
}

export const connectorName = gate<ConnectorFacets>()({
  name: "connector-name",
  facts: ["CRY-201", "EXO-198"],
  reads: ["name", "isTaken"],
  check: ({ name, isTaken }) => {
    if (name.length > 64) return deny("A name has at most 64 characters.", { name }, tooLong)
    return isTaken
      ? deny(
          "A connector of this name exists already.",
          { name },
          {
            code: "ADObjectAlreadyExistsException",
            message: `The object '${name}' already exists.`,
          },
        )
      : pass("The name is free.", { name })
  },
})

/** What cmdlets for connectors name. */
export const connectors = namedObjects({
  objects: "connectors",
  facts: ["CRY-201", "EXO-198"],
  gate: "connector",
})

export const connectorDomains = gate<ConnectorFacets>()({
  name: "connector-domains",
  facts: ["CRY-201", "EXO-198"],
  reads: ["badDomain"],
  check: ({ badDomain }) =>
    badDomain === ""
      ? pass("Every domain is written as the service takes it.")
      : deny(
          "A star stands for subdomains at the beginning only.",
          { domain: badDomain },
          { code: "InvalidSmtpDomain", message: `"${badDomain}" isn't a valid SMTP domain.` },
        ),
})

export const badDomainOf = (domains: readonly string[]): string =>
  domains.find((it) => !isDomainPattern(it)) ?? ""

/** A change that was decided: carried out with its record, or with `-WhatIf` only told. */
export const carryOut = (o: {
  readonly cmdlet: string
  readonly target: string
  readonly params: { readonly WhatIf?: boolean }
  readonly decision: Decision
  readonly event: LowerEvent
  readonly output?: readonly OutputObject[]
}): Ruling<LowerEvent> => {
  const { cmdlet, target, params, decision } = o
  if (decision.outcome !== "allow") return { decision }
  if (params.WhatIf === true) return { decision, output: whatIfOutput(cmdlet, target) }
  const audit = [exchangeAdminAudit(cmdlet, target, params)]
  return { decision, events: [o.event], audit, output: o.output ?? [] }
}
