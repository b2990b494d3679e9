import { Schema } from "effect"
import type { ServerRole } from "./Server.ts"

/** The ways to the volume master key (CRY-011, CRY-012). */
export const KeyProtector = Schema.Literals([
  "TPM",
  "ExternalKey",
  "NumericalPassword",
  "DataRecoveryAgentCertificate",
])
export type KeyProtector = typeof KeyProtector.Type

/** Where a copy of a protector is kept. */
export const KeyPlace = Schema.Literals([
  "TPM",
  "SecretSafe",
  "MailboxServerRegistry",
  "ActiveDirectory",
  "BuildSystem",
])
export type KeyPlace = typeof KeyPlace.Type

/** One copy of one protector: a row of the table of CRY-012, narrowed by CRY-013. */
export interface ProtectorCopy {
  readonly protector: KeyProtector
  readonly description: string
  readonly granularity: "per server" | "per disk" | "environment"
  readonly generatedBy: string
  readonly storedIn: KeyPlace
  readonly protectedBy: string
  readonly roles: readonly ServerRole[]
  /** What opens the place: the machine itself, an approved elevation, or two people together. */
  readonly reachedBy: "machine" | "elevation" | "two-people"
}

const everywhere: readonly ServerRole[] = ["ExchangeMailbox", "SharePoint", "SkypeForBusiness"]

const externalKey = {
  protector: "ExternalKey",
  description: "AES 256-bit External Key",
  granularity: "per server",
  generatedBy: "BitLocker APIs",
} as const

/** Every copy of every protector. The TPM itself is the protector that BitLocker uses at each start. */
export const protectorCopies: readonly ProtectorCopy[] = [
  {
    protector: "TPM",
    description: "Volume master key sealed to the machine",
    granularity: "per server",
    generatedBy: "BitLocker APIs",
    storedIn: "TPM",
    protectedBy: "TPM encryption",
    roles: everywhere,
    reachedBy: "machine",
  },
  {
    ...externalKey,
    storedIn: "TPM",
    protectedBy: "Lockbox / access control",
    roles: everywhere,
    reachedBy: "machine",
  },
  {
    ...externalKey,
    storedIn: "SecretSafe",
    protectedBy: "Lockbox / access control",
    roles: everywhere,
    reachedBy: "elevation",
  },
  {
    ...externalKey,
    storedIn: "MailboxServerRegistry",
    protectedBy: "TPM encryption",
    roles: ["ExchangeMailbox"],
    reachedBy: "machine",
  },
  {
    protector: "NumericalPassword",
    description: "48-digit Numerical Password",
    granularity: "per disk",
    generatedBy: "BitLocker APIs",
    storedIn: "ActiveDirectory",
    protectedBy: "Lockbox / access control",
    roles: everywhere,
    reachedBy: "elevation",
  },
  {
    protector: "DataRecoveryAgentCertificate",
    description: "X.509 certificate as Data Recovery Agent, also called public key protector",
    granularity: "environment",
    generatedBy: "Microsoft CA",
    storedIn: "BuildSystem",
    protectedBy:
      "No single person knows the full password of the private key; the password is physically secured",
    roles: everywhere,
    reachedBy: "two-people",
  },
]

/** The copies that a server of this role has. */
export const protectorCopiesOf = (role: ServerRole): readonly ProtectorCopy[] =>
  protectorCopies.filter(({ roles }) => roles.includes(role))

/** Where an unlock takes a protector from unless told: the recovery copy, not the machine's own. */
export const recoveryPlace: Record<KeyProtector, KeyPlace> = {
  TPM: "TPM",
  ExternalKey: "SecretSafe",
  NumericalPassword: "ActiveDirectory",
  DataRecoveryAgentCertificate: "BuildSystem",
}

export const protectorCopy = (
  protector: KeyProtector,
  place: KeyPlace,
  role: ServerRole,
): ProtectorCopy | undefined =>
  protectorCopiesOf(role).find((it) => it.protector === protector && it.storedIn === place)
