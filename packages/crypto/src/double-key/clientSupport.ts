import { ownValue } from "../ownValue.ts"
import type { DoubleKeyWorld } from "./keyServiceOf.ts"

/** A program that wants to work with doubly protected content, and the device it runs on. */
export interface DoubleKeyClient {
  readonly app: "Word" | "Excel" | "PowerPoint" | "Outlook" | "MIP SDK"
  readonly platform: "Windows" | "Mac" | "Web" | "Mobile"
  /** Of the MIP SDK, like `1.7`; empty for Office. */
  readonly sdkVersion: string
  readonly labeling: "built-in" | "unified-labeling-client" | "none"
  /** Whether this Office still asks the registry: current builds do not. */
  readonly needsRegistry: boolean
}

/** Where the switch has to stand, both with the dword 1 (CRY-164). */
export const registryPaths = [
  "HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\MSIPC\\flighting\\DoubleKeyProtection",
  "HKLM\\SOFTWARE\\Microsoft\\MSIPC\\flighting\\DoubleKeyProtection",
] as const

/** Whether somebody's device has the switch in both places, as older Office wants it (CRY-164). */
export const isDoubleKeySwitchSet = ({ crypto }: DoubleKeyWorld, person: string): boolean => {
  const registry = ownValue(crypto.doubleKey.registries, person.toLowerCase()) ?? {}
  return registryPaths.every((it) => registry[it.toLowerCase()] === 1)
}

/** Laws for which organizations keep a key of their own (MIP-251). */
export const doubleKeyDrivers = [
  "GDPR",
  "HIPAA",
  "GLBA",
  "Federal Law 242-FZ (Russia)",
  "Privacy Act 1988 (Australia)",
  "Privacy Act (New Zealand)",
] as const

/** Where the key service may run: the customer's own rooms, or any cloud (MIP-251). */
export const doubleKeyHostings = ["on-premises", "cloud"] as const

/** What a service of the cloud cannot do with the content, because it would have to read it (CRY-166). */
export const withoutSecondKey = [
  "web-view",
  "coauthoring",
  "search-index",
  "ediscovery-content",
  "delve",
  "mail-rule-on-attachment",
  "anti-malware-on-attachment",
] as const

/** What needs no look inside (CRY-166). */
export const opaqueWork = ["store", "send"] as const

/** Licences that include Double Key Encryption (CRY-170). */
export const sufficientLicences = [
  "Microsoft 365 E5",
  "Microsoft 365 E5 Compliance",
  "Microsoft 365 E5 Information Protection and Governance",
] as const

/** At least this version of the MIP SDK (CRY-165). */
export const firstSdkVersion = [1, 7] as const

/** `1.10` is later than `1.7`. A version that is none is too early. */
export const isSdkRecent = (version: string): boolean => {
  const parts = /^(\d+)\.(\d+)/.exec(version)
  if (parts === null) return false
  const [major, minor] = [Number(parts[1]), Number(parts[2])]
  return major > firstSdkVersion[0] || (major === firstSdkVersion[0] && minor >= firstSdkVersion[1])
}
