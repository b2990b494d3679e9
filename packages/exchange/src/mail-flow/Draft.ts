import { createHash } from "node:crypto"
import type { Importance } from "../rules/RuleConditions.ts"

/** What a message is to be protected with. */
export type Protecting =
  | { readonly kind: "none" }
  | { readonly kind: "encrypt-only" }
  | { readonly kind: "do-not-forward" }
  | { readonly kind: "label"; readonly label: string }
  | { readonly kind: "template"; readonly templateId: string }

/** A file as the sender attaches it. */
export interface DraftAttachment {
  readonly name: string
  /** Clear, or an envelope where the file has protection of its own. */
  readonly bytes: Uint8Array
  readonly contentId?: string
  readonly labelId?: string
  /** SHA-256 of the unprotected bytes, hex. */
  readonly digest: string
  /** What the file weighs; large files need not be there byte by byte. */
  readonly sizeBytes: number
  readonly isPasswordProtected: boolean
}

/** A message before it goes anywhere. */
export interface Draft {
  readonly from: string
  readonly to: readonly string[]
  readonly cc: readonly string[]
  readonly bcc: readonly string[]
  readonly subject: string
  readonly body: string
  readonly attachments: readonly DraftAttachment[]
  readonly protecting: Protecting
  readonly importance: Importance
  readonly classification?: string
  /** Id of the message that this one answers or passes on. */
  readonly inReplyTo?: string
  /** Written in the portal or by a reader outside: the service protects it, without label policies. */
  readonly isByService: boolean
  /** Whose protection goes on, where answering or passing on makes nobody an owner (EXO-040). */
  readonly issuer?: string
  /** How the label of the message came on: by hand unless given. */
  readonly labelMethod?: "Standard" | "Privileged"
  /** An invitation to a meeting: the scope of its label is another (MIP-106). */
  readonly isMeeting?: boolean
  /** The conversation began with own protection: its encryption may be removed (EXO-132). */
  readonly isReplyToOwnProtection: boolean
}

export const digestOf = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex")

/** Body and files together (EXO-058). */
export const sizeOf = ({ subject, body, attachments }: Draft): number =>
  Buffer.byteLength(subject) +
  Buffer.byteLength(body) +
  attachments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)

/** EXO-058: the value of the pages moved from 30 to 150 and then to 25 MB; the twin takes the last. */
export const encryptionLimitBytes = 25 * 1024 * 1024
