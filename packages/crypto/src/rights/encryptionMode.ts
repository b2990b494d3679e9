import type { CryptoWorld } from "../State.ts"
import { type ContentKind, contentCipherAt } from "./contentCipher.ts"
import type { ContentCipher } from "./Envelope.ts"

/** Microsoft 365 Apps write CBC by default from this build of version 16.0 (CRY-134). */
export const cbcBuild = 16_327

/** What publishes: Microsoft 365 Apps by build, another Office that can be told, or the SDK. */
export interface Publisher {
  readonly app: "Microsoft365Apps" | "Office2013To2021" | "MipSdk"
  /** Third number of the version 16.0.x, or second of the SDK's 1.x; the newest unless given. */
  readonly build?: number
  /** The SDK's own switch for CBC, which its version 1.13 has turned off. */
  readonly hasCbcSwitch?: boolean
}

/** The first version of the SDK that can write CBC, and then only when told to (CRY-133). */
export const firstCbcSdk = 13

/**
 * The cipher of new content (CRY-133, CRY-134). Outside Office and mail it is always CBC. A tenant
 * with the RMS connector stays with ECB until it asks support; then the Office policy counts; without
 * one the default of the client, which changed with its build and with the date.
 */
export const contentCipherFor = (
  world: CryptoWorld,
  o: { readonly kind: ContentKind; readonly now: number; readonly publisher?: Publisher },
): ContentCipher => {
  const { kind, now, publisher = { app: "Microsoft365Apps" } } = o
  const { connector, encryptionMode } = world.crypto.rightsSettings
  const inTime = contentCipherAt(kind, now)
  if (kind === "other") return inTime
  if (connector.isDeployed && !connector.hasAskedForCbc) return "AES-128-ECB"
  if (encryptionMode !== undefined) return encryptionMode === 1 ? "AES-256-CBC" : "AES-128-ECB"
  if (publisher.app === "Office2013To2021") return "AES-128-ECB"
  if (publisher.app === "MipSdk") return sdkCipher(publisher, inTime)
  const isOldBuild =
    publisher.app === "Microsoft365Apps" && (publisher.build ?? cbcBuild) < cbcBuild
  return isOldBuild ? "AES-128-ECB" : inTime
}

const sdkCipher = (publisher: Publisher, inTime: ContentCipher): ContentCipher => {
  const { build = firstCbcSdk + 1, hasCbcSwitch = false } = publisher
  if (build < firstCbcSdk) return "AES-128-ECB"
  if (build === firstCbcSdk) return hasCbcSwitch ? "AES-256-CBC" : "AES-128-ECB"
  return inTime
}

/** What has to be done before CBC works between these two: a row of the matrix of CRY-134. */
export interface CbcAction {
  readonly client: string
  readonly server: string
  readonly action: "None" | "Optional" | "Mandatory"
}

export const cbcClients = ["Microsoft365Apps", "Office2013To2021", "MipSdk"] as const
export const cbcServers = [
  "ExchangeOnline",
  "SharePointOnline",
  "ExchangeServer",
  "HybridExchange",
  "SharePointServer",
] as const

/** CRY-134: the SDK and SharePoint Server come before what the other side would ask for. */
export const cbcActionFor = (
  client: (typeof cbcClients)[number],
  server: (typeof cbcServers)[number],
): CbcAction["action"] => {
  if (server === "SharePointServer") return "None"
  if (client === "MipSdk") return "Optional"
  if (server === "ExchangeServer" || server === "HybridExchange") return "Mandatory"
  return client === "Microsoft365Apps" ? "None" : "Optional"
}
