/** Resource application ids that policies name (IDN-114, IDN-124, IDN-161). */
export const appIds = {
  exchangeOnline: "00000002-0000-0ff1-ce00-000000000000",
  sharePointOnline: "00000003-0000-0ff1-ce00-000000000000",
  rightsManagement: "00000012-0000-0000-c000-000000000000",
  microsoftGraph: "00000003-0000-0000-c000-000000000000",
  windowsAzureActiveDirectory: "00000002-0000-0000-c000-000000000000",
  myApps: "2793995e-0a7d-40d7-bd35-6968ba142197",
  accessPanel: "0000000c-0000-0000-c000-000000000000",
  myProfile: "8c59ead7-d703-4a27-9e55-c96a0054c8d2",
  mySignIns: "19db86c3-b2b9-44cc-b339-36da233a3be2",
  teams: "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe",
  azureManagement: "797f4846-ba00-4fd7-ba71-dec1f923b33c",
  entitlementManagement: "810dcf14-1858-4bf2-8134-4c369fa3235b",
} as const

/** Microsoft's own clients: applications that ask for tokens and are no resource (general knowledge). */
export const clientIds = {
  microsoftOffice: "d3590ed6-52b3-4102-aeff-aad2292ab01c",
  teams: "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
  outlookMobile: "27922004-5251-4030-b22d-91ecd9a37ea4",
} as const

const clientNames: Readonly<Record<string, string>> = {
  [clientIds.microsoftOffice]: "Microsoft Office",
  [clientIds.teams]: "Microsoft Teams",
  [clientIds.outlookMobile]: "Outlook Mobile",
}

const displayNames: Readonly<Record<string, string>> = {
  [appIds.exchangeOnline]: "Office 365 Exchange Online",
  [appIds.sharePointOnline]: "Office 365 SharePoint Online",
  [appIds.rightsManagement]: "Microsoft Rights Management Services",
  [appIds.microsoftGraph]: "Microsoft Graph",
  [appIds.windowsAzureActiveDirectory]: "Windows Azure Active Directory",
  [appIds.myApps]: "My Apps",
  [appIds.accessPanel]: "Microsoft App Access Panel",
  [appIds.myProfile]: "My Profile",
  [appIds.mySignIns]: "My Signins",
  [appIds.teams]: "Microsoft Teams Services",
  [appIds.azureManagement]: "Windows Azure Service Management API",
  [appIds.entitlementManagement]: "Azure AD Identity Governance - Entitlement Management",
}

/** Names somebody may type instead of an id; the former name of the rights service is one. */
const idByName: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(displayNames).map(([id, name]) => [name.toLowerCase(), id])),
  "microsoft azure information protection": appIds.rightsManagement,
  "sharepoint online": appIds.sharePointOnline,
  sharepoint: appIds.sharePointOnline,
  "exchange online": appIds.exchangeOnline,
  exchange: appIds.exchangeOnline,
  "rights management": appIds.rightsManagement,
  "entitlement management": appIds.entitlementManagement,
}

/** The application id behind an id or a display name; undefined for an unknown one (700016). */
export const appIdOf = (app: string): string | undefined => {
  const wanted = app.trim().toLowerCase()
  return Object.hasOwn(displayNames, wanted)
    ? wanted
    : Object.hasOwn(idByName, wanted)
      ? idByName[wanted]
      : undefined
}

export const appNameOf = (appId: string): string =>
  Object.hasOwn(displayNames, appId) ? (displayNames[appId] ?? appId) : appId

/** The name of one of Microsoft's own clients; undefined for everything else. */
export const clientNameOf = (appId: string): string | undefined =>
  Object.hasOwn(clientNames, appId) ? clientNames[appId] : undefined

/** The ids of Microsoft's own applications that the twin knows, resources first. */
export const microsoftAppIds: readonly string[] = [
  ...Object.keys(displayNames),
  ...Object.keys(clientNames),
]

/** Whether Microsoft itself made an application: it is in every tenant, and nobody consents to it. */
export const isMicrosoftApp = (appId: string): boolean => microsoftAppIds.includes(appId)

/** The names of all applications that the twin knows, sorted. */
export const appNames: readonly string[] = Object.values(displayNames).toSorted()

/**
 * Members of the suite that a policy on `Office365` covers. The rights service is not among them
 * (IDN-137), so a policy on the suite alone does not touch the opening of encrypted content.
 */
export const office365Suite: readonly string[] = [
  appIds.exchangeOnline,
  appIds.sharePointOnline,
  appIds.teams,
]

/** Members of `MicrosoftAdminPortals` that the twin knows: none, because nobody signs in to one. */
export const adminPortals: readonly string[] = []
