import { type Call, decideByGates, gate, pass, type Ruling, unknown } from "@twin/kernel"
import { Schema } from "effect"
import { hasCurrentTrustStore } from "../certificates/clientRequirements.ts"
import { Pin } from "../certificates/Pin.ts"
import {
  evaluateTlsConnection,
  type TlsConnectionRequest,
} from "../decisions/evaluateTlsConnection.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { tls12Suites } from "../transport/CipherSuite.ts"
import { endpointService } from "../transport/endpointService.ts"
import type { ClientHello } from "../transport/negotiateTls.ts"
import { isLegacyEndpointOpen } from "../transport/SmtpEndpoint.ts"
import {
  everySuite,
  type UnableClient,
  unableRowOf,
  usualGroups,
  WindowsSettings,
  windowsHello,
} from "../transport/TlsClient.ts"
import { CloudInstance, FrontDoorPolicy, olderTlsStatus } from "../transport/TlsPolicy.ts"
import { TlsVersion } from "../transport/TlsVersion.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

const version = Schema.String.check(Schema.isPattern(/^(?:SP)?\s*\d{1,6}(?:[._]\d{1,6}){0,4}$/))

const product = Schema.Struct({
  product: text("Android, Firefox, Internet Explorer, Safari, Lync Phone, Java, iOS, ..."),
  version: version.annotate({ description: "Dotted numbers" }),
  system: Schema.optionalKey(text("Operating system, for example Windows 7")),
})

const offers = Schema.Struct({
  versions: Schema.Array(TlsVersion),
  suites: Schema.optionalKey(
    Schema.Array(Schema.String).annotate({
      description: "IANA names; all usual ones unless given",
    }),
  ),
  groups: Schema.optionalKey(
    Schema.Array(Schema.String).annotate({ description: "Curves, for example secp256r1" }),
  ),
})

const params = Schema.Struct({
  endpoint: text(
    "Host name, or the name of the service: Teams, ExchangeOnline, SmtpSubmission, ...",
  ),
  cloud: Schema.optionalKey(CloudInstance.annotate({ description: "Worldwide unless given" })),
  client: Schema.optionalKey(product),
  windows: Schema.optionalKey(WindowsSettings),
  dotNet: Schema.optionalKey(
    Schema.Struct({
      version,
      isConfigured: Schema.optionalKey(
        Schema.Boolean.annotate({ description: "Whether stronger protocols were switched on" }),
      ),
    }),
  ),
  offers: Schema.optionalKey(offers.annotate({ description: "What the client offers, in full" })),
  pins: Schema.optionalKey(Schema.Array(Pin)),
  chainList: Schema.optionalKey(
    Schema.Literals(["Worldwide", "Government", "21Vianet"]).annotate({
      description: "The published list of authorities that the client was configured with",
    }),
  ),
  chainVariant: Schema.optionalKey(Schema.Literals(["cross-signed", "self-rooted"])),
  signatures: Schema.optionalKey(Schema.Array(Schema.String)),
  revocation: Schema.optionalKey(Schema.Literals(["none", "soft", "hard"])),
  blockedHosts: Schema.optionalKey(Schema.Array(Schema.String)),
  interceptor: Schema.optionalKey(
    Schema.Struct({ name: text("Root of the proxy"), isTrusted: Schema.Boolean }),
  ),
  isTls13Enabled: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Whether the service speaks TLS 1.3; as published" }),
  ),
  frontDoorPolicy: Schema.optionalKey(FrontDoorPolicy),
})

const notOurs = gate<{ readonly endpoint: string }>()({
  name: "endpoint",
  facts: ["CRY-175"],
  reads: ["endpoint"],
  check: ({ endpoint }) => unknown("Behind this name stands no service of the twin.", { endpoint }),
})

/** What the described client offers, and the row of CRY-182 that speaks against it. */
const clientOf = (
  given: typeof params.Type,
  cloud: typeof CloudInstance.Type,
): { readonly hello: ClientHello; readonly unable: UnableClient | undefined } => {
  const { client, windows, dotNet } = given
  const unable = client === undefined ? undefined : unableRowOf(client, cloud)
  if (given.offers !== undefined) {
    const { versions, suites = everySuite, groups = usualGroups } = given.offers
    return { hello: { versions, suites, groups }, unable }
  }
  if (unable !== undefined) {
    return { hello: { versions: ["SSL 3.0", "TLS 1.0"], suites: everySuite, groups: [] }, unable }
  }
  const framework =
    dotNet === undefined
      ? undefined
      : { framework: dotNet.version, isConfigured: dotNet.isConfigured ?? false }
  if (windows !== undefined || framework !== undefined) {
    return { hello: windowsHello(windows ?? { version: "Windows 10" }, framework), unable }
  }
  const versions = ["TLS 1.2", "TLS 1.3"] as const
  return { hello: { versions, suites: everySuite, groups: usualGroups }, unable }
}

const decideConnection = (
  { world, now }: Call<CryptoWorld>,
  given: typeof params.Type,
): Ruling<CryptoEvent> => {
  const { endpoint } = given
  const found = endpointService(endpoint)
  if (found === undefined) return { decision: decideByGates([notOurs], { endpoint }) }
  const cloud = found.cloud ?? given.cloud ?? "Worldwide"
  const { hello, unable } = clientOf(given, cloud)
  const { client } = given
  const request: TlsConnectionRequest = {
    cloud,
    service: found.service,
    at: now,
    hello,
    isTls13Enabled: given.isTls13Enabled,
    frontDoorPolicy: given.frontDoorPolicy,
    isLegacyEndpointOpen: isLegacyEndpointOpen(
      world.crypto.transport.allowLegacyTlsClients ?? false,
      cloud,
      now,
    ),
    unableProduct: unable?.product,
    chainVariant: given.chainVariant,
    interceptor: given.interceptor,
    trust: {
      chainList: given.chainList,
      hasCurrentTrustStore:
        client === undefined ? undefined : hasCurrentTrustStore(client.product, client.version),
      signatures: given.signatures,
      pins: given.pins,
      revocation: given.revocation,
      blockedHosts: given.blockedHosts,
    },
  }
  const { decision, agreed, chain } = evaluateTlsConnection(request)
  const isOld = agreed !== undefined && ["TLS 1.0", "TLS 1.1"].includes(agreed.version)
  const status = olderTlsStatus(cloud, now)
  return {
    decision,
    output: [
      {
        id: endpoint,
        Endpoint: endpoint,
        Service: found.service,
        Cloud: cloud,
        Connected: decision.outcome === "allow",
        TlsVersion: agreed?.version ?? null,
        CipherSuite: agreed?.suite ?? null,
        KeyExchange: tls12Suites.find(({ name }) => name === agreed?.suite)?.keyExchange ?? null,
        Group: agreed?.group ?? null,
        ForwardSecrecy: agreed?.hasForwardSecrecy ?? null,
        Certificate: chain.name,
        Issuer: chain.subordinate.name,
        Root: chain.root.name,
        RootThumbprint: chain.root.thumbprint,
        OlderTls: status,
      },
    ],
    warnings:
      isOld && status === "deprecated"
        ? [
            `${agreed.version} still works here, but is no longer supported: problems are not mended.`,
          ]
        : [],
  }
}

export const connectWithTls = cryptoOperation({
  name: "connect-with-tls",
  summary: "Opens a TLS connection to a service of the cloud, as a described client would.",
  params,
  facts: [
    "CRY-174",
    "CRY-175",
    "CRY-178",
    "CRY-181",
    "CRY-182",
    "CRY-183",
    "CRY-184",
    "CRY-185",
    "CRY-191",
    "CRY-192",
  ],
  isReadOnly: true,
  decide: decideConnection,
})

const shown = gate<object>()({
  name: "published",
  facts: ["CRY-176"],
  reads: [],
  check: () => pass("What the service accepts is published."),
})

export const published = decideByGates([shown], {})
