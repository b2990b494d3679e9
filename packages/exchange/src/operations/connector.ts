import { isDomainPattern } from "@twin/crypto"
import { deny, gate, objectNotFound, pass } from "@twin/kernel"

/** What both kinds of connectors are asked when they are made, changed or looked for. */
export interface ConnectorFacets {
  readonly name: string
  readonly isTaken: boolean
  readonly isKnown: boolean
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

export const connectorKnown = gate<ConnectorFacets>()({
  name: "connector",
  facts: ["CRY-201", "EXO-198"],
  reads: ["name", "isKnown"],
  check: ({ name, isKnown }) =>
    isKnown
      ? pass("The organization has this connector.", { name })
      : deny("The organization has no connector of this name.", { name }, objectNotFound(name)),
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
