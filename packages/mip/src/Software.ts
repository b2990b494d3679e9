import type { ClientApp } from "@twin/kernel"
import type { ContentAction } from "./ContentAction.ts"
import type { ContentForm } from "./Protection.ts"

/** The rows of the matrix: how a reader can be authenticated (MIP-185). */
export const identityClasses = [
  "work-own-tenant",
  "work-other-tenant",
  "microsoft-account",
  "guest",
  "social-sign-in",
  "one-time-passcode",
  "none",
] as const
export type IdentityClass = (typeof identityClasses)[number]

/** The columns: software as far as protected content is concerned. */
export const softwareKinds = [
  "office-desktop",
  "office-2016",
  "office-mobile",
  "office-web",
  "viewer",
  "outlook",
  "portal",
  "module",
  "other",
] as const
export type Software = (typeof softwareKinds)[number]

/** One cell: `as-guest` asks for a guest account in the owner's tenant. */
export type Support = "yes" | "no" | "as-guest" | "not-needed" | "unknown"

/**
 * Identity by software, assuming that permissions are present (MIP-185, MIP-177 to MIP-181). The
 * column `outlook` is the message read in the client itself, without the portal (EXO-062); `module`
 * is PowerShell, of which only work accounts are recorded.
 */
export const supportMatrix: Readonly<Record<IdentityClass, Readonly<Record<Software, Support>>>> = {
  "work-own-tenant": {
    "office-desktop": "yes",
    "office-2016": "yes",
    "office-mobile": "yes",
    "office-web": "yes",
    viewer: "yes",
    outlook: "yes",
    portal: "not-needed",
    module: "yes",
    other: "no",
  },
  "work-other-tenant": {
    "office-desktop": "yes",
    "office-2016": "yes",
    "office-mobile": "yes",
    "office-web": "as-guest",
    viewer: "yes",
    outlook: "yes",
    portal: "yes",
    module: "yes",
    other: "no",
  },
  "microsoft-account": {
    "office-desktop": "yes",
    "office-2016": "no",
    "office-mobile": "yes",
    "office-web": "as-guest",
    viewer: "yes",
    outlook: "yes",
    portal: "yes",
    module: "no",
    other: "no",
  },
  guest: {
    "office-desktop": "yes",
    "office-2016": "no",
    "office-mobile": "yes",
    "office-web": "yes",
    viewer: "yes",
    outlook: "no",
    portal: "yes",
    module: "unknown",
    other: "no",
  },
  "social-sign-in": {
    "office-desktop": "no",
    "office-2016": "no",
    "office-mobile": "no",
    "office-web": "no",
    viewer: "no",
    outlook: "no",
    portal: "yes",
    module: "no",
    other: "no",
  },
  "one-time-passcode": {
    "office-desktop": "no",
    "office-2016": "no",
    "office-mobile": "no",
    "office-web": "as-guest",
    viewer: "no",
    outlook: "no",
    portal: "yes",
    module: "no",
    other: "no",
  },
  none: {
    "office-desktop": "no",
    "office-2016": "no",
    "office-mobile": "no",
    "office-web": "no",
    viewer: "no",
    outlook: "no",
    portal: "no",
    module: "no",
    other: "no",
  },
}

const documentSoftware: Readonly<Record<ClientApp, Software>> = {
  "office-desktop": "office-desktop",
  "office-mobile": "office-mobile",
  "office-web": "office-web",
  // Outlook hands a document to Office on the same device.
  "outlook-desktop": "office-desktop",
  "outlook-mobile": "office-mobile",
  "outlook-web": "office-web",
  "other-mail-app": "other",
  // The portal shows mail and what is attached to it, never a document received otherwise (MIP-180).
  "encrypted-message-portal": "other",
  browser: "office-web",
  "pdf-reader": "viewer",
  powershell: "module",
  "service-workstation": "other",
}

const mailSoftware: Readonly<Record<ClientApp, Software>> = {
  ...documentSoftware,
  "office-desktop": "other",
  "office-mobile": "other",
  "office-web": "other",
  "outlook-desktop": "outlook",
  "outlook-mobile": "outlook",
  "outlook-web": "outlook",
  "encrypted-message-portal": "portal",
  // The button in a wrapper mail leads to the portal, in whatever browser.
  browser: "portal",
}

const attachmentSoftware: Readonly<Record<ClientApp, Software>> = {
  ...documentSoftware,
  "outlook-web": "outlook",
  "encrypted-message-portal": "portal",
  browser: "portal",
}

/** Which column an application stands in, for this kind of content. */
export const softwareOf = (app: ClientApp, form: ContentForm): Software => {
  switch (form) {
    case "document":
      return documentSoftware[app]
    case "mail":
      return mailSoftware[app]
    case "mail-attachment":
      return attachmentSoftware[app]
  }
}

/**
 * Software that keeps licences on the device and can open without asking. Mobile and web software
 * asks each time (MIP-029).
 */
export const keepsLicences = (software: Software): boolean =>
  software === "office-desktop" ||
  software === "office-2016" ||
  software === "viewer" ||
  software === "outlook"

/** Applications that stay online or on a phone: nothing remains there, whatever they show (MIP-029). */
const keepsNothing: ReadonlySet<ClientApp> = new Set([
  "office-mobile",
  "office-web",
  "outlook-mobile",
  "outlook-web",
  "browser",
  "encrypted-message-portal",
])

/** Whether this application keeps certificates and licences on the device it runs on. */
export const initializesDevice = (software: Software, app: ClientApp): boolean =>
  keepsLicences(software) && !keepsNothing.has(app)

/** Which software can use Double Key Encryption: Office on devices, never the web (MIP-243). */
export const supportsDoubleKey = (software: Software): boolean =>
  software === "office-desktop" || software === "office-mobile" || software === "outlook"

/**
 * What the application does about an action without the right: most enforce everything; what cannot
 * be enforced is listed. Rights are enforced by the application after the licence is issued (MIP-032).
 */
export type Enforcement = "enforced" | "not-enforced" | "enforced-without-edit"

const ofScreen = {
  "screen-capture": "not-enforced",
  "present-in-meeting": "not-enforced",
} as const

/** Office shows the permissions to whoever opens the content (MIP-052). */
const inEveryOffice = { "view-rights": "not-enforced" } as const

const exceptions: Readonly<
  Partial<Record<Software, Readonly<Partial<Record<ContentAction, Enforcement>>>>>
> = {
  "office-desktop": inEveryOffice,
  "office-2016": inEveryOffice,
  // MIP-207: copying cannot be blocked for somebody who may edit; MIP-056: nor screen captures.
  "office-web": { ...inEveryOffice, ...ofScreen, copy: "enforced-without-edit" },
  "office-mobile": { ...inEveryOffice, ...ofScreen },
  portal: ofScreen,
}

export const enforcementOf = (software: Software, action: ContentAction): Enforcement =>
  exceptions[software]?.[action] ?? "enforced"
