import {
  type InboundConnector,
  inboundConnectorOf,
  inboundConnectorsOf,
  inboundMailOf,
  isSenderRange,
} from "@twin/crypto"
import {
  andThen,
  type Call,
  commonParams,
  commonSwitches,
  decideByGates,
  deny,
  type GateRules,
  gate,
  notRecognized,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import type { LowerEvent } from "../LowerEvent.ts"
import type { ExchangeWorld } from "../State.ts"
import { transportAdminRoles, transportReaderRoles } from "./cmdlet.ts"
import {
  badDomainOf,
  type ConnectorFacets,
  carryOut,
  connectorDomains,
  connectorName,
  connectors,
} from "./connector.ts"

const flag = (description: string) => Schema.optionalKey(Schema.Boolean.annotate({ description }))
const list = (description: string) =>
  Schema.optionalKey(Schema.Array(Schema.NonEmptyString).annotate({ description }))

const settings = {
  ConnectorType: Schema.optionalKey(Schema.Literals(["Partner", "OnPremises"])),
  Enabled: flag("Whether the connector serves; true unless given"),
  Comment: Schema.optionalKey(Schema.String),
  RequireTls: flag("true unless given"),
  TlsSenderCertificateName: Schema.optionalKey(
    Schema.NullOr(Schema.NonEmptyString).annotate({
      description: "Name in the sender's certificate; a leading star stands for subdomains",
    }),
  ),
  RestrictDomainsToCertificate: flag("Whether only that certificate may hand in mail"),
  SenderIPAddresses: list("IPv4 addresses, or ranges from /24 to /32"),
  RestrictDomainsToIPAddresses: flag("Whether only these addresses may hand in mail"),
}

type Settings = Schema.Struct<typeof settings>["Type"]

interface InboundFacets extends ConnectorFacets {
  readonly badAddress: string
  readonly asksCertificate: boolean
  readonly hasCertificateName: boolean
  readonly asksAddress: boolean
  readonly addresses: number
}

const addressesGate = gate<InboundFacets>()({
  name: "connector-addresses",
  facts: ["EXO-200"],
  reads: ["badAddress"],
  check: ({ badAddress }) =>
    badAddress === ""
      ? pass("Every address is written as the service takes it.")
      : deny(
          "Addresses are IPv4, alone or as a range of at most 256.",
          { badAddress },
          {
            code: "InvalidSenderIPAddress",
            message: `"${badAddress}" isn't a valid IPv4 address or CIDR range. Subnet masks from /24 to /32 are supported.`,
          },
        ),
})

const restrictionsGate = gate<InboundFacets>()({
  name: "connector-restrictions",
  facts: ["EXO-200"],
  reads: ["asksCertificate", "hasCertificateName", "asksAddress", "addresses"],
  check: ({ asksCertificate, hasCertificateName, asksAddress, addresses }) => {
    if (asksCertificate && !hasCertificateName) {
      return deny(
        "To ask for a certificate, its name has to be given.",
        {},
        {
          code: "TlsSenderCertificateNameRequired",
          message:
            "TlsSenderCertificateName must be set when RestrictDomainsToCertificate is set to true.",
        },
      )
    }
    return asksAddress && addresses === 0
      ? deny(
          "To admit certain addresses only, they have to be given.",
          {},
          {
            code: "SenderIPAddressesRequired",
            message:
              "SenderIPAddresses must be set when RestrictDomainsToIPAddresses is set to true.",
          },
        )
      : pass("What the connector asks for is given.", { asksCertificate, asksAddress })
  },
})

const settingGates: GateRules<InboundFacets> = [connectorDomains, addressesGate, restrictionsGate]
const createGates: GateRules<InboundFacets> = [connectorName, ...settingGates]

const facetsOf = (it: InboundConnector, isTaken = false): InboundFacets => ({
  isTaken,
  name: it.name,
  badDomain: badDomainOf([
    ...it.senderDomains,
    ...(it.tlsSenderCertificateName === undefined ? [] : [it.tlsSenderCertificateName]),
  ]),
  badAddress: (it.senderIPAddresses ?? []).find((address) => !isSenderRange(address)) ?? "",
  asksCertificate: it.restrictDomainsToCertificate ?? false,
  hasCertificateName: it.tlsSenderCertificateName !== undefined,
  asksAddress: it.restrictDomainsToIPAddresses ?? false,
  addresses: it.senderIPAddresses?.length ?? 0,
})

const changed = (before: InboundConnector, it: Settings): InboundConnector => {
  const { tlsSenderCertificateName, ...rest } = before
  const certificateName =
    it.TlsSenderCertificateName === undefined
      ? tlsSenderCertificateName
      : (it.TlsSenderCertificateName ?? undefined)
  return {
    ...rest,
    ...(certificateName === undefined ? {} : { tlsSenderCertificateName: certificateName }),
    isEnabled: it.Enabled ?? before.isEnabled,
    requireTls: it.RequireTls ?? before.requireTls,
    connectorType: it.ConnectorType ?? before.connectorType ?? "Partner",
    comment: it.Comment ?? before.comment ?? "",
    restrictDomainsToCertificate:
      it.RestrictDomainsToCertificate ?? before.restrictDomainsToCertificate ?? false,
    senderIPAddresses: it.SenderIPAddresses ?? before.senderIPAddresses ?? [],
    restrictDomainsToIPAddresses:
      it.RestrictDomainsToIPAddresses ?? before.restrictDomainsToIPAddresses ?? false,
  }
}

const fresh = (name: string, senderDomains: readonly string[]): InboundConnector => ({
  name,
  isEnabled: true,
  senderDomains,
  requireTls: true,
})

const printed = (it: InboundConnector): OutputObject => ({
  Identity: it.name,
  Name: it.name,
  Enabled: it.isEnabled,
  ConnectorType: it.connectorType ?? "Partner",
  Comment: it.comment ?? "",
  SenderDomains: [...it.senderDomains],
  SenderIPAddresses: [...(it.senderIPAddresses ?? [])],
  RequireTls: it.requireTls,
  TlsSenderCertificateName: it.tlsSenderCertificateName ?? null,
  RestrictDomainsToCertificate: it.restrictDomainsToCertificate ?? false,
  RestrictDomainsToIPAddresses: it.restrictDomainsToIPAddresses ?? false,
})

export const newInboundConnector = operation({
  name: "New-InboundConnector",
  summary: "Creates a connector: demands on mail that comes in from certain domains.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString,
    SenderDomains: Schema.Array(Schema.NonEmptyString),
    ...settings,
    ...commonParams,
  }),
  roles: transportAdminRoles,
  roleRefusal: notRecognized("New-InboundConnector"),
  facts: ["CRY-201", "EXO-198", "EXO-200"],
  binding: { positional: ["Name"], switches: commonSwitches },
  decide: ({ world }: Call<ExchangeWorld>, params): Ruling<LowerEvent> => {
    const connector = changed(fresh(params.Name, params.SenderDomains), params)
    const isTaken = inboundConnectorOf(world, params.Name) !== undefined
    return carryOut({
      cmdlet: "New-InboundConnector",
      target: params.Name,
      params,
      decision: decideByGates(createGates, facetsOf(connector, isTaken)),
      event: { _tag: "InboundConnectorSet", connector },
      output: [printed(connector)],
    })
  },
})

export const setInboundConnector = operation({
  name: "Set-InboundConnector",
  summary: "Changes a connector for mail that comes in.",
  params: Schema.Struct({
    Identity: Schema.NonEmptyString,
    SenderDomains: list("Domains that it covers; a leading star stands for subdomains"),
    ...settings,
    ...commonParams,
  }),
  roles: transportAdminRoles,
  roleRefusal: notRecognized("Set-InboundConnector"),
  facts: ["CRY-201", "EXO-198", "EXO-200"],
  binding: { positional: ["Identity"], switches: commonSwitches, pipeline: "Identity" },
  decide: ({ world }: Call<ExchangeWorld>, params): Ruling<LowerEvent> => {
    const found = inboundConnectorOf(world, params.Identity)
    const before = found ?? fresh(params.Identity, [])
    const senderDomains = params.SenderDomains ?? before.senderDomains
    const connector = changed({ ...before, senderDomains }, params)
    return carryOut({
      cmdlet: "Set-InboundConnector",
      target: connector.name,
      params,
      decision: andThen(connectors.known(params.Identity, found !== undefined), () =>
        decideByGates(settingGates, facetsOf(connector)),
      ),
      event: { _tag: "InboundConnectorSet", connector },
    })
  },
})

export const removeInboundConnector = operation({
  name: "Remove-InboundConnector",
  summary: "Removes a connector for mail that comes in.",
  params: Schema.Struct({ Identity: Schema.NonEmptyString, ...commonParams }),
  roles: transportAdminRoles,
  roleRefusal: notRecognized("Remove-InboundConnector"),
  facts: ["CRY-201", "EXO-198"],
  binding: { positional: ["Identity"], switches: commonSwitches, pipeline: "Identity" },
  decide: ({ world }: Call<ExchangeWorld>, params): Ruling<LowerEvent> => {
    const found = inboundConnectorOf(world, params.Identity)
    const name = found?.name ?? params.Identity
    return carryOut({
      cmdlet: "Remove-InboundConnector",
      target: name,
      params,
      decision: connectors.known(params.Identity, found !== undefined),
      event: { _tag: "InboundConnectorRemoved", name },
    })
  },
})

export const getInboundConnector = operation({
  name: "Get-InboundConnector",
  summary: "Shows connectors for mail that comes in.",
  params: Schema.Struct({ Identity: Schema.optionalKey(Schema.NonEmptyString) }),
  roles: transportReaderRoles,
  roleRefusal: notRecognized("Get-InboundConnector"),
  facts: ["CRY-201", "EXO-198", "EXO-200"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  isReadOnly: true,
  decide: ({ world }: Call<ExchangeWorld>, { Identity }): Ruling<LowerEvent> =>
    connectors.list({
      all: inboundConnectorsOf(world),
      identity: Identity,
      find: (name) => inboundConnectorOf(world, name),
      shown: printed,
    }),
})

export const receiveOverSmtp = operation({
  name: "receive-over-smtp",
  summary: "A server of another domain hands in a mail, with or without TLS.",
  params: Schema.Struct({
    domain: Schema.NonEmptyString.annotate({ description: "Domain of the sender" }),
    hasTls: Schema.Boolean,
    ipAddress: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "IPv4 address that the server connects from" }),
    ),
  }),
  facts: ["CRY-201", "EXO-198", "EXO-200"],
  isReadOnly: true,
  decide: (
    { world, now }: Call<ExchangeWorld>,
    { domain, hasTls, ipAddress },
  ): Ruling<LowerEvent> => {
    const seen = { hasTls, ...(ipAddress === undefined ? {} : { ipAddress }) }
    const decision = inboundMailOf(world, { domain, now, seen })
    return {
      decision,
      output: [{ Domain: domain, Encrypted: hasTls, Received: decision.outcome === "allow" }],
    }
  },
})
