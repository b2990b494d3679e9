import type { AccountKind } from "@twin/identity"
import type { Client } from "@twin/kernel"
import type { DeliveryForm } from "./MailMessage.ts"

/** Whose mailbox a protected mail goes to: the rows of the recipient matrix (EXO-062). */
export type RecipientKind =
  | "own-mailbox"
  | "other-organization"
  | "microsoft-account"
  | "google"
  | "yahoo"
  | "other"

/** Domains of Outlook.com; a Microsoft account at another address has another mail service. */
const outlookDomains = ["outlook.com", "hotmail.com", "live.com", "msn.com"]

const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1)

/** EXO-062, EXO-065: by account and, where the account is personal, by the mail service. */
export const recipientKindOf = (options: {
  readonly address: string
  readonly isOwnMailbox: boolean
  /** Who signs in elsewhere, or at a tenant that nobody manages, reads in the portal. */
  readonly account: AccountKind | "unknown"
}): RecipientKind => {
  const domain = domainOf(options.address.toLowerCase())
  if (options.isOwnMailbox) return "own-mailbox"
  if (options.account === "entra") return "other-organization"
  if (outlookDomains.includes(domain)) return "microsoft-account"
  if (options.account === "google" || domain === "gmail.com") return "google"
  if (/^(yahoo|ymail)\./.test(domain)) return "yahoo"
  return "other"
}

const isExternal = (kind: RecipientKind): boolean => kind !== "own-mailbox"

/**
 * What a protected mail looks like in the mailbox. Microsoft 365 and Outlook.com get it natively
 * (EXO-062, EXO-063); a branding template applied by a rule turns it into a wrapper for everybody
 * outside (EXO-073) and changes nothing inside (EXO-072).
 */
const nativeKinds: readonly RecipientKind[] = [
  "own-mailbox",
  "other-organization",
  "microsoft-account",
]

export const protectedForm = (kind: RecipientKind, isBranded: boolean): DeliveryForm =>
  nativeKinds.includes(kind) && !(isBranded && isExternal(kind)) ? "native" : "wrapper"

/** Where a client leads the reader of a mail in that form. */
export type ReadingRoute = "inline" | "portal" | "none"

type App = Client["app"]
type Row = Readonly<Record<App, ReadingRoute>>

const noMailClient = {
  "office-desktop": "none",
  "office-mobile": "none",
  "pdf-reader": "none",
  powershell: "none",
  "service-workstation": "none",
} as const

/** EXO-062: any Outlook opens it inline; another mail app shows the wrapper with its link. */
const native: Row = {
  ...noMailClient,
  "outlook-desktop": "inline",
  "outlook-mobile": "inline",
  "outlook-web": "inline",
  // A browser on a mailbox of Microsoft 365 or Outlook.com is Outlook on the web.
  browser: "inline",
  "office-web": "inline",
  "other-mail-app": "portal",
  "encrypted-message-portal": "portal",
}

/** EXO-064: the button leads into the portal, whatever shows the mail. */
const wrapper: Row = {
  ...noMailClient,
  "outlook-desktop": "portal",
  "outlook-mobile": "portal",
  "outlook-web": "portal",
  browser: "portal",
  "office-web": "portal",
  "other-mail-app": "portal",
  "encrypted-message-portal": "portal",
}

/** A mail without protection opens in any mail client. */
const plain: Row = {
  ...noMailClient,
  "outlook-desktop": "inline",
  "outlook-mobile": "inline",
  "outlook-web": "inline",
  browser: "inline",
  "office-web": "inline",
  "other-mail-app": "inline",
  "encrypted-message-portal": "none",
}

/** The documented matrix as data: form of the mail against the reader's client. */
export const readingRoutes: Readonly<Record<DeliveryForm, Row>> = { plain, native, wrapper }

export const routeOf = (form: DeliveryForm, app: App): ReadingRoute => readingRoutes[form][app]
