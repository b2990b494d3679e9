import {
  MtaStsMode,
  type OutboundConnector,
  outboundConnectorOf,
  outboundConnectorsOf,
  SmtpDaneMode,
  TlsSettings,
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
  Enabled: flag("Whether the connector serves; true unless given"),
  ConnectorType: Schema.optionalKey(Schema.Literals(["Partner", "OnPremises"])),
  ConnectorSource: Schema.optionalKey(Schema.Literals(["Default", "HybridWizard", "Migrated"])),
  Comment: Schema.optionalKey(Schema.String),
  RecipientDomains: list("Domains that it serves; a leading star stands for subdomains"),
  SmartHosts: list("Servers that it hands mail to; needed with -UseMXRecord $false"),
  UseMXRecord: flag("Whether DNS says where mail goes; true unless given"),
  IsTransportRuleScoped: flag("Whether only mail flow rules use it"),
  AllAcceptedDomains: flag("Hybrid organizations only"),
  RouteAllMessagesViaOnPremises: flag("Hybrid organizations only"),
  CloudServicesMailEnabled: flag("Hybrid organizations only"),
  SenderRewritingEnabled: flag("Hybrid organizations only"),
  TestMode: flag("Whether it is only tried"),
  TlsSettings: Schema.optionalKey(
    Schema.NullOr(TlsSettings).annotate({ description: "What the other side has to prove" }),
  ),
  TlsDomain: Schema.optionalKey(
    Schema.NullOr(Schema.NonEmptyString).annotate({
      description: "Name in the certificate, for DomainValidation",
    }),
  ),
  SmtpDaneMode: Schema.optionalKey(SmtpDaneMode),
  MtaStsMode: Schema.optionalKey(MtaStsMode),
}

type Settings = Schema.Struct<typeof settings>["Type"]

interface OutboundFacets extends ConnectorFacets {
  readonly tlsSettings: string
  readonly hasTlsDomain: boolean
  readonly usesMx: boolean
  readonly smartHosts: number
}

const tlsGate = gate<OutboundFacets>()({
  name: "connector-tls",
  facts: ["CRY-201", "EXO-199"],
  reads: ["tlsSettings", "hasTlsDomain"],
  check: ({ tlsSettings, hasTlsDomain }) =>
    tlsSettings === "DomainValidation" && !hasTlsDomain
      ? deny(
          "To look for a name in the certificate, the name has to be given.",
          { tlsSettings },
          {
            code: "TlsDomainRequired",
            message: "TlsDomain must be set when TlsSettings is DomainValidation.",
          },
        )
      : pass("The settings for TLS belong together.", { tlsSettings }),
})

const routeGate = gate<OutboundFacets>()({
  name: "connector-route",
  facts: ["EXO-198"],
  reads: ["usesMx", "smartHosts"],
  check: ({ usesMx, smartHosts }) =>
    usesMx || smartHosts > 0
      ? pass("The connector knows where mail goes.", { usesMx, smartHosts })
      : deny(
          "Without DNS the connector needs a server to hand mail to.",
          { usesMx, smartHosts },
          {
            code: "SmartHostsRequired",
            message: "SmartHosts must be specified when UseMXRecord is set to false.",
          },
        ),
})

const settingGates: GateRules<OutboundFacets> = [connectorDomains, tlsGate, routeGate]
const createGates: GateRules<OutboundFacets> = [connectorName, ...settingGates]

const facetsOf = (connector: OutboundConnector, isTaken = false): OutboundFacets => ({
  isTaken,
  name: connector.name,
  badDomain: badDomainOf([
    ...connector.recipientDomains,
    ...(connector.tlsDomain === null ? [] : [connector.tlsDomain]),
  ]),
  tlsSettings: connector.tlsSettings ?? "",
  hasTlsDomain: connector.tlsDomain !== null,
  usesMx: connector.useMxRecord,
  smartHosts: connector.smartHosts.length,
})

const changed = (before: OutboundConnector, it: Settings): OutboundConnector => ({
  ...before,
  isEnabled: it.Enabled ?? before.isEnabled,
  connectorType: it.ConnectorType ?? before.connectorType,
  connectorSource: it.ConnectorSource ?? before.connectorSource,
  comment: it.Comment ?? before.comment,
  recipientDomains: it.RecipientDomains ?? before.recipientDomains,
  smartHosts: it.SmartHosts ?? before.smartHosts,
  useMxRecord: it.UseMXRecord ?? before.useMxRecord,
  isTransportRuleScoped: it.IsTransportRuleScoped ?? before.isTransportRuleScoped,
  allAcceptedDomains: it.AllAcceptedDomains ?? before.allAcceptedDomains,
  routeAllMessagesViaOnPremises:
    it.RouteAllMessagesViaOnPremises ?? before.routeAllMessagesViaOnPremises,
  cloudServicesMailEnabled: it.CloudServicesMailEnabled ?? before.cloudServicesMailEnabled,
  senderRewritingEnabled: it.SenderRewritingEnabled ?? before.senderRewritingEnabled,
  testMode: it.TestMode ?? before.testMode,
  tlsSettings: it.TlsSettings === undefined ? before.tlsSettings : it.TlsSettings,
  tlsDomain: it.TlsDomain === undefined ? before.tlsDomain : it.TlsDomain,
  smtpDaneMode: it.SmtpDaneMode ?? before.smtpDaneMode,
  mtaStsMode: it.MtaStsMode ?? before.mtaStsMode,
})

const fresh = (name: string, guid: string): OutboundConnector => ({
  name,
  guid,
  isEnabled: true,
  connectorType: "Partner",
  connectorSource: "Default",
  comment: "",
  recipientDomains: [],
  smartHosts: [],
  useMxRecord: true,
  isTransportRuleScoped: false,
  allAcceptedDomains: false,
  routeAllMessagesViaOnPremises: false,
  cloudServicesMailEnabled: false,
  senderRewritingEnabled: false,
  testMode: false,
  tlsSettings: null,
  tlsDomain: null,
  smtpDaneMode: "Opportunistic",
  mtaStsMode: "Opportunistic",
})

const printed = (it: OutboundConnector): OutputObject => ({
  Identity: it.name,
  Name: it.name,
  Guid: it.guid,
  Enabled: it.isEnabled,
  ConnectorType: it.connectorType,
  ConnectorSource: it.connectorSource,
  Comment: it.comment,
  RecipientDomains: [...it.recipientDomains],
  SmartHosts: [...it.smartHosts],
  UseMXRecord: it.useMxRecord,
  IsTransportRuleScoped: it.isTransportRuleScoped,
  AllAcceptedDomains: it.allAcceptedDomains,
  RouteAllMessagesViaOnPremises: it.routeAllMessagesViaOnPremises,
  CloudServicesMailEnabled: it.cloudServicesMailEnabled,
  SenderRewritingEnabled: it.senderRewritingEnabled,
  TestMode: it.testMode,
  TlsSettings: it.tlsSettings,
  TlsDomain: it.tlsDomain,
  SmtpDaneMode: it.smtpDaneMode,
  MtaStsMode: it.mtaStsMode,
})

export const newOutboundConnector = operation({
  name: "New-OutboundConnector",
  summary: "Creates a connector: settings for mail to certain domains.",
  params: Schema.Struct({ Name: Schema.NonEmptyString, ...settings, ...commonParams }),
  roles: transportAdminRoles,
  roleRefusal: notRecognized("New-OutboundConnector"),
  facts: ["CRY-201", "EXO-198", "EXO-199", "EXO-209", "EXO-216"],
  binding: { positional: ["Name"], switches: commonSwitches },
  decide: ({ world, draw }: Call<ExchangeWorld>, params): Ruling<LowerEvent> => {
    const connector = changed(fresh(params.Name, draw.guid("connector")), params)
    const isTaken = outboundConnectorOf(world, params.Name) !== undefined
    return carryOut({
      cmdlet: "New-OutboundConnector",
      target: params.Name,
      params,
      decision: decideByGates(createGates, facetsOf(connector, isTaken)),
      event: { _tag: "OutboundConnectorSet", connector },
      output: [printed(connector)],
    })
  },
})

export const setOutboundConnector = operation({
  name: "Set-OutboundConnector",
  summary: "Changes a connector.",
  params: Schema.Struct({ Identity: Schema.NonEmptyString, ...settings, ...commonParams }),
  roles: transportAdminRoles,
  roleRefusal: notRecognized("Set-OutboundConnector"),
  facts: ["CRY-201", "EXO-199", "EXO-209", "EXO-216"],
  binding: { positional: ["Identity"], switches: commonSwitches, pipeline: "Identity" },
  decide: ({ world }: Call<ExchangeWorld>, params): Ruling<LowerEvent> => {
    const before = outboundConnectorOf(world, params.Identity)
    const connector = changed(before ?? fresh(params.Identity, ""), params)
    return carryOut({
      cmdlet: "Set-OutboundConnector",
      target: connector.name,
      params,
      decision: andThen(connectors.known(params.Identity, before !== undefined), () =>
        decideByGates(settingGates, facetsOf(connector)),
      ),
      event: { _tag: "OutboundConnectorSet", connector },
    })
  },
})

export const removeOutboundConnector = operation({
  name: "Remove-OutboundConnector",
  summary: "Removes a connector.",
  params: Schema.Struct({ Identity: Schema.NonEmptyString, ...commonParams }),
  roles: transportAdminRoles,
  roleRefusal: notRecognized("Remove-OutboundConnector"),
  facts: ["CRY-201"],
  binding: { positional: ["Identity"], switches: commonSwitches, pipeline: "Identity" },
  decide: ({ world }: Call<ExchangeWorld>, params): Ruling<LowerEvent> => {
    const found = outboundConnectorOf(world, params.Identity)
    const name = found?.name ?? params.Identity
    return carryOut({
      cmdlet: "Remove-OutboundConnector",
      target: name,
      params,
      decision: connectors.known(params.Identity, found !== undefined),
      event: { _tag: "OutboundConnectorRemoved", name },
    })
  },
})

export const getOutboundConnector = operation({
  name: "Get-OutboundConnector",
  summary: "Shows connectors for mail that leaves.",
  params: Schema.Struct({ Identity: Schema.optionalKey(Schema.NonEmptyString) }),
  roles: transportReaderRoles,
  roleRefusal: notRecognized("Get-OutboundConnector"),
  facts: ["CRY-201"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  isReadOnly: true,
  decide: ({ world }: Call<ExchangeWorld>, { Identity }): Ruling<LowerEvent> =>
    connectors.list({
      all: outboundConnectorsOf(world),
      identity: Identity,
      find: (name) => outboundConnectorOf(world, name),
      shown: printed,
    }),
})
