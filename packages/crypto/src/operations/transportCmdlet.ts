/** Who may change the transport of mail. */
export const transportAdminRoles: readonly string[] = [
  "Exchange Administrator",
  "Global Administrator",
]

/** Who may look at it. */
export const transportReaderRoles: readonly string[] = [
  ...transportAdminRoles,
  "Compliance Administrator",
  "Security Administrator",
  "Global Reader",
]
