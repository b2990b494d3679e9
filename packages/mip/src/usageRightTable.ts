import { allRights, type UsageRight } from "./UsageRight.ts"

/** What is known about one usage right (MIP-052). */
export interface UsageRightRow {
  /** As dialogs and portals name it; several names are synonyms. */
  readonly commonName: string
  /** Name of the right in the protection SDK; absent where it has none. */
  readonly constant?: string
  readonly grants: string
  /** What Office makes of it. */
  readonly inOffice: "enforced" | "not-enforced" | "not-honoured" | "ignored"
  /** Meaningful for messages alone. */
  readonly isForMail: boolean
  readonly note?: string
}

/**
 * The fourteen rights (MIP-052). The names of the constants are those of the rights reference of RMS
 * SDK 2.1 (learn.microsoft.com, msipc/rights); two rights are Office's own and have none.
 */
export const usageRightTable: Readonly<Record<UsageRight, UsageRightRow>> = {
  VIEW: {
    commonName: "View, Open, Read",
    constant: "IPC_GENERIC_READ",
    grants: "open and read",
    inOffice: "enforced",
    isForMail: false,
    note: "in Excel sorting also needs DOCEDIT, filtering DOCEDIT and EXTRACT",
  },
  DOCEDIT: {
    commonName: "Edit Content, Edit",
    grants: "change the content inside the application, on the web as well",
    inOffice: "enforced",
    isForMail: false,
    note: "does not allow saving; before version 1807 Word tracks changes with OWNER only",
  },
  EDIT: {
    commonName: "Save",
    constant: "IPC_GENERIC_WRITE",
    grants: "save in place, or elsewhere in a format that keeps the protection",
    inOffice: "enforced",
    isForMail: false,
    note: "on the web it allows editing as well",
  },
  COMMENT: {
    commonName: "Comment",
    constant: "IPC_GENERIC_COMMENT",
    grants: "annotate",
    inOffice: "ignored",
    isForMail: false,
    note: "for applications of the SDK",
  },
  EXPORT: {
    commonName: "Save As, Export",
    constant: "IPC_GENERIC_EXPORT",
    grants: "save elsewhere without protection, send to OneNote, change or remove the label",
    inOffice: "enforced",
    isForMail: false,
  },
  FORWARD: {
    commonName: "Forward",
    constant: "IPC_EMAIL_FORWARD",
    grants: "forward a message, and add recipients",
    inOffice: "enforced",
    isForMail: true,
    note: "gives the new recipients no rights",
  },
  OWNER: {
    commonName: "Full Control",
    constant: "IPC_GENERIC_ALL",
    grants: "everything, removing and changing the protection included",
    inOffice: "enforced",
    isForMail: false,
    note: "whoever holds it is not the owner for that",
  },
  PRINT: {
    commonName: "Print",
    constant: "IPC_GENERIC_PRINT",
    grants: "print",
    inOffice: "enforced",
    isForMail: false,
  },
  REPLY: {
    commonName: "Reply",
    constant: "IPC_EMAIL_REPLY",
    grants: "reply without changing the recipients",
    inOffice: "enforced",
    isForMail: true,
  },
  REPLYALL: {
    commonName: "Reply All",
    constant: "IPC_EMAIL_REPLYALL",
    grants: "reply to everybody without changing the recipients",
    inOffice: "enforced",
    isForMail: true,
  },
  EXTRACT: {
    commonName: "Copy",
    constant: "IPC_GENERIC_EXTRACT",
    grants: "clipboard, screen capture, showing it in meetings, calls out of Office Scripts",
    inOffice: "enforced",
    isForMail: false,
  },
  VIEWRIGHTSDATA: {
    commonName: "View Rights",
    constant: "IPC_READ_RIGHTS",
    grants: "see the policy",
    inOffice: "not-enforced",
    isForMail: false,
  },
  EDITRIGHTSDATA: {
    commonName: "Change Rights",
    constant: "IPC_WRITE_RIGHTS",
    grants: "change the policy, remove the protection",
    inOffice: "not-honoured",
    isForMail: false,
  },
  OBJMODEL: {
    commonName: "Allow Macros",
    grants: "macros and access by program",
    inOffice: "enforced",
    isForMail: false,
  },
}

/** The name that the portal shows for an encoding (MIP-052). */
export const commonNameOf: Readonly<Record<UsageRight, string>> = Object.fromEntries(
  allRights.map((right) => [right, usageRightTable[right].commonName]),
) as Record<UsageRight, string>
