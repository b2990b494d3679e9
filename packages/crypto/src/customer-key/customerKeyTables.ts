import type { PolicyKind } from "./DataEncryptionPolicy.ts"

/** Which kind of policy covers some data; `none`: no policy of the customer does. */
export type PolicyScope = PolicyKind | "none"

/** What a new assignment encrypts: everything, what comes after it, or nothing. */
export type TimeEffect = "existing and new" | "new" | "nothing"

interface Coverage {
  readonly data: string
  readonly scope: PolicyScope
  readonly encrypts: TimeEffect
}

const rows = (
  scope: PolicyScope,
  encrypts: TimeEffect,
  ...data: readonly string[]
): readonly Coverage[] => data.map((it) => ({ data: it, scope, encrypts }))

/** What is covered by which policy, and from when on (CRY-067, CRY-068, CRY-069, CRY-102). */
export const coverage: readonly Coverage[] = [
  ...rows(
    "MultiWorkload",
    "new",
    "Teams chat messages: one to one, group, meeting, channel",
    "Teams media: images, code snippets, video and audio messages, wiki images",
    "Teams call and meeting recordings in Teams storage",
    "Teams chat notifications",
    "Teams chat suggestions",
    "Teams status messages",
    "Purview Information Protection EDM data: schemas, rule packages, salts",
    "Sensitivity label configuration",
    "Windows 365 Cloud PC disks",
  ),
  ...rows(
    "MultiWorkload",
    "existing and new",
    "Exchange user and signal information",
    "Exchange mailboxes without a mailbox policy",
  ),
  ...rows("Mailbox", "existing and new", "Exchange mailboxes with a mailbox policy"),
  ...rows(
    "SharePointGeo",
    "existing and new",
    "SharePoint and OneDrive files",
    "Teams files",
    "Teams recordings in SharePoint and OneDrive",
  ),
  ...rows(
    "none",
    "nothing",
    "SharePoint list items and metadata in SQL",
    "Viva Engage",
    "Planner",
    "Teams live events",
  ),
]

/** How many vaults or Managed HSMs some kinds of policies need (CRY-038). */
export const vaultPlan = (
  kinds: readonly PolicyKind[],
): { readonly vaults: number; readonly managedHsms: number; readonly subscriptions: 2 } => {
  const count = new Set(kinds).size
  return { vaults: 2 * count, managedHsms: count === 0 ? 0 : 2, subscriptions: 2 }
}

/** Who keeps a kind of key, and who rolls it. */
export interface KeyCustody {
  readonly Key: string
  readonly Algorithm: string
  readonly HeldBy: string
  readonly Store: string
  readonly ProtectedBy: string
  readonly Scope: string
  readonly RolledBy: string
  readonly RollSchedule: string
  readonly VisibleToCustomer: boolean
}

/** The keys of Customer Key one by one (CRY-081, 088, 089, 091, 094, 100, 101). */
export const keyCustody: readonly KeyCustody[] = [
  {
    Key: "CustomerRootKey",
    Algorithm: "RSA-2048, RSA-3072 or RSA-4096",
    HeldBy: "Customer",
    Store: "Azure Key Vault or Managed HSM",
    ProtectedBy: "HSM or vault",
    Scope: "two for each policy",
    RolledBy: "Customer",
    RollSchedule: "Customer's own; counts after a refresh of the policy",
    VisibleToCustomer: true,
  },
  {
    Key: "AvailabilityKey (Exchange, multi-workload)",
    Algorithm: "AES-256",
    HeldBy: "Microsoft",
    Store: "Exchange Online Active Directory secret store, tenant-specific container",
    ProtectedBy: "DKM on the domain controllers",
    Scope: "one for each policy",
    RolledBy: "Microsoft",
    RollSchedule: "internal, automated, no agreement with the customer",
    VisibleToCustomer: false,
  },
  {
    Key: "AvailabilityKey (SharePoint)",
    Algorithm: "RSA-2048",
    HeldBy: "Microsoft",
    Store: "internal secret store: front-end servers and a SQL database",
    ProtectedBy:
      "store keys with AES-256 and HMAC; these with RSA-2048 certificates of the Microsoft CA on the front ends",
    Scope: "one for each forest, shared by policies and customers",
    RolledBy: "Microsoft",
    RollSchedule: "internal; the intermediate key rolls with each new policy instead",
    VisibleToCustomer: false,
  },
  {
    Key: "DepKey",
    Algorithm: "AES-256",
    HeldBy: "Service",
    Store: "three wrapped copies",
    ProtectedBy: "two customer root keys and the availability key",
    Scope: "one for each policy",
    RolledBy: "Service",
    RollSchedule: "wrapped anew when a policy is refreshed",
    VisibleToCustomer: false,
  },
  {
    Key: "TenantIntermediateKey",
    Algorithm: "AES-256",
    HeldBy: "Service",
    Store: "three wrapped copies",
    ProtectedBy: "two customer root keys and the availability key",
    Scope: "one for each tenant and geo",
    RolledBy: "Service",
    RollSchedule: "new with each new policy",
    VisibleToCustomer: false,
  },
]
