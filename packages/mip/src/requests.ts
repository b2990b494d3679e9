import type { Client } from "@twin/kernel"
import type { ContentAction } from "./ContentAction.ts"
import type { ContentForm, CustomProtection } from "./Protection.ts"
import type { Software } from "./Software.ts"
import type { MipWorld } from "./State.ts"

/** May this address do this with a protected content? (MIP-284) */
export interface OpenRequest {
  readonly world: MipWorld
  readonly contentId: string
  /** Of the account that is signed in to the application. */
  readonly address: string
  readonly client: Client
  /** Epoch milliseconds. */
  readonly now: number
  /** `open` unless given. */
  readonly requested?: ContentAction
  /** Software that no client application stands for, e.g. Office 2016. */
  readonly software?: Software
  /** Product and version of the reader, where its age matters: `MIP SDK 1.12` (MIP-022). */
  readonly consumer?: string
  /**
   * Ask the service although a licence may lie on the device: Office on the web, previews, a new
   * device. Such software is always online anyway.
   */
  readonly isFreshDevice?: boolean
  /** The message portal has proven the address by itself (passcode, social account): no Entra sign-in. */
  readonly isProvenByPortal?: boolean
}

/** What is to be protected, by whom, with what (MIP-285). */
export interface ProtectRequest {
  readonly world: MipWorld
  /** Who protects: becomes the issuer. */
  readonly address: string
  readonly client: Client
  readonly now: number
  readonly form: ContentForm
  /** File name with extension, subject of a message. */
  readonly name: string
  /** GUID or name; absent where only permissions are set. */
  readonly label?: string
  /** A template used without a label, by id or name. */
  readonly template?: string
  /** What the person chose: needed for a label that lets users decide, else it overrides (MIP-117). */
  readonly custom?: CustomProtection
  /** To whom a message goes: the audience of Do Not Forward and Encrypt-Only. */
  readonly recipients?: readonly string[]
  /** What lies there now. */
  readonly existing?: ExistingProtection
  /** `manual` unless given. */
  readonly method?: LabelMethod
  readonly justification?: string
  /** Software that no client application stands for, e.g. Office 2016. */
  readonly software?: Software
  /** By the service (mail flow rule, library, auto-labelling): no onboarding policy (MIP-016). */
  readonly isServerSide?: boolean
  /** Take label and encryption away instead. */
  readonly isRemoval?: boolean
  /** Without a connection to the service at this moment (MIP-112). */
  readonly isOffline?: boolean
  /** A message that is an invitation: the scope for meetings counts (MIP-106). */
  readonly isMeeting?: boolean
}

/** How a label comes on: by hand it is `Privileged`, otherwise `Standard` (MIP-253). */
export type LabelMethod = "manual" | "automatic" | "default"

export interface ExistingProtection {
  readonly contentId?: string
  readonly labelId?: string
  readonly labelMethod?: "Standard" | "Privileged"
}
