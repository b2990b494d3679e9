import { instant } from "@twin/kernel"
import { Schema } from "effect"
import type { MipWorld } from "../State.ts"

/** What may stand on a server on premises beside the connector, and must not (MIP-264). */
export const ServerProduct = Schema.Literals(["Exchange", "SharePoint", "FCI"])
export type ServerProduct = typeof ServerProduct.Type

/** A server with the connector on it, as far as the prerequisites ask (MIP-264). */
export const ConnectorHost = Schema.Struct({
  name: Schema.NonEmptyString,
  /** Year of Windows Server, e.g. `2012 R2`. */
  windowsServer: Schema.NonEmptyString,
  is64Bit: Schema.Boolean,
  memoryGb: Schema.Number,
  diskGb: Schema.Number,
  isDomainMember: Schema.Boolean,
  isDomainController: Schema.Boolean,
  runs: Schema.Array(ServerProduct),
  hasInternet: Schema.Boolean,
  /** The way to the internet asks for credentials. */
  hasAuthenticatingProxy: Schema.Boolean,
  dotNet: Schema.NonEmptyString,
  hasTls12: Schema.Boolean,
})
export type ConnectorHost = typeof ConnectorHost.Type

/** A server that was told to use the connector, with its product and edition. */
export const ConnectedServer = Schema.Struct({
  /** The account or group that stands on the connector's list. */
  account: Schema.NonEmptyString,
  product: ServerProduct,
  /** Edition, e.g. `2016`; for FCI that of Windows Server. */
  edition: Schema.NonEmptyString,
})
export type ConnectedServer = typeof ConnectedServer.Type

/** The one configuration of the tenant (MIP-265). */
export interface RmsConnector {
  readonly hosts: readonly ConnectorHost[]
  /** The account that the connector signs in to the service with. */
  readonly account: string | undefined
  /** The address behind the load balancer. */
  readonly endpoint: { readonly address: string; readonly isHttps: boolean } | undefined
  readonly servers: readonly ConnectedServer[]
}

export const initialRmsConnector: RmsConnector = {
  hosts: [],
  account: undefined,
  endpoint: undefined,
  servers: [],
}

const at = Schema.Finite

export const connectorEvents = {
  ConnectorInstalled: { host: ConnectorHost, at },
  ConnectorAccountSet: { account: Schema.NonEmptyString, at },
  ConnectorEndpointSet: { address: Schema.NonEmptyString, isHttps: Schema.Boolean, at },
  ConnectorServerConfigured: { server: ConnectedServer, at },
} as const

export const connectorOf = (world: MipWorld): RmsConnector => world.mip.connector

/** How the connector itself appears in the usage log (MIP-276). */
export const connectorLogIdentity = "Aadrm_S-1-7-0"

/** Oldest and newest editions that the connector serves (MIP-264). */
const editions: Readonly<Record<ServerProduct, readonly string[]>> = {
  Exchange: ["2010", "2013", "2016", "2019"],
  SharePoint: ["2010", "2013", "2016", "2019"],
  FCI: ["2012", "2012 R2", "2016", "2019", "2022"],
}

/** The page of 2016 still names the editions of 2010; the last one does not (MIP-264). */
export const supportedEditions = (product: ServerProduct, now: number): readonly string[] =>
  editions[product].filter((edition) => edition !== "2010" || now < instant("2020-01-01"))
