import { decideByGates, deny, exchangeAdminAudit, gate, notRecognized, pass } from "@twin/kernel"
import { Schema } from "effect"
import { ownValue } from "../ownValue.ts"
import type { CryptoEvent } from "../State.ts"
import type { InboundConnector } from "../transport/InboundConnector.ts"
import { coversDomain, isDomainPattern } from "../transport/OutboundConnector.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { transportAdminRoles } from "./transportCmdlet.ts"

interface NewFacets {
  readonly name: string
  readonly isTaken: boolean
  readonly badDomain: string
}

const creation = gate<NewFacets>()({
  name: "connector-name",
  facts: ["CRY-201", "EXO-198"],
  reads: ["name", "isTaken", "badDomain"],
  check: ({ name, isTaken, badDomain }) => {
    if (badDomain !== "") {
      return deny(
        "A star stands for subdomains at the beginning only.",
        { badDomain },
        { code: "InvalidSmtpDomain", message: `"${badDomain}" isn't a valid SMTP domain.` },
      )
    }
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

export const newInboundConnector = cryptoOperation({
  name: "New-InboundConnector",
  summary: "Creates a connector: demands on mail that comes in from certain domains.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString,
    SenderDomains: Schema.Array(Schema.NonEmptyString),
    ConnectorType: Schema.optionalKey(Schema.Literals(["Partner", "OnPremises"])),
    Enabled: Schema.optionalKey(Schema.Boolean),
    RequireTls: Schema.optionalKey(Schema.Boolean.annotate({ description: "true unless given" })),
  }),
  roles: transportAdminRoles,
  roleRefusal: notRecognized("New-InboundConnector"),
  facts: ["CRY-201", "EXO-198"],
  binding: { positional: ["Name"] },
  decide: ({ world }, params) => {
    const { Name: name, SenderDomains: senderDomains } = params
    const isTaken =
      ownValue(world.crypto.transport.inboundConnectors, name.toLowerCase()) !== undefined
    const badDomain = senderDomains.find((it) => !isDomainPattern(it)) ?? ""
    const decision = decideByGates([creation], { name, isTaken, badDomain })
    if (decision.outcome !== "allow") return { decision }
    const connector: InboundConnector = {
      name,
      isEnabled: params.Enabled ?? true,
      senderDomains,
      requireTls: params.RequireTls ?? true,
    }
    const created: CryptoEvent = { _tag: "InboundConnectorSet", connector }
    return {
      decision,
      events: [created],
      output: [
        {
          Name: name,
          SenderDomains: [...senderDomains],
          RequireTls: connector.requireTls,
          Enabled: connector.isEnabled,
        },
      ],
      audit: [exchangeAdminAudit("New-InboundConnector", name, params)],
    }
  },
})

interface InboundFacets {
  readonly connector: string
  readonly hasTls: boolean
}

const inboundTls = gate<InboundFacets>()({
  name: "inbound-connector",
  facts: ["CRY-200", "CRY-201", "EXO-198"],
  reads: ["connector", "hasTls"],
  check: ({ connector, hasTls }) => {
    if (connector === "") return pass("No connector asks for TLS on mail from this domain.")
    return hasTls
      ? pass("The connector asks for TLS, and the sender speaks it.", { connector })
      : deny(
          "The connector asks for TLS, and the sender does not speak it.",
          { connector },
          { code: "5.7.3", message: "451 5.7.3 Must issue a STARTTLS command first." },
        )
  },
})

export const receiveOverSmtp = cryptoOperation({
  name: "receive-over-smtp",
  summary: "A server of another domain hands in a mail, with or without TLS.",
  params: Schema.Struct({ domain: text("Domain of the sender"), hasTls: Schema.Boolean }),
  facts: ["CRY-201"],
  isReadOnly: true,
  decide: ({ world }, { domain, hasTls }) => {
    const asking = Object.values(world.crypto.transport.inboundConnectors).find(
      (it) =>
        it.isEnabled &&
        it.requireTls &&
        it.senderDomains.some((pattern) => coversDomain(pattern, domain)),
    )
    const decision = decideByGates([inboundTls], { connector: asking?.name ?? "", hasTls })
    return {
      decision,
      output: [{ Domain: domain, Encrypted: hasTls, Received: decision.outcome === "allow" }],
    }
  },
})
