/** How message encryption treats a file that hangs on a mail. */
export type AttachmentType = "office" | "office-97" | "pdf" | "other"

const office97 = ["doc", "dot", "xls", "xlt", "xla", "ppt", "pot", "pps"]
const office = [
  "docm",
  "docx",
  "dotm",
  "dotx",
  "xlsb",
  "xlsm",
  "xlsx",
  "xltm",
  "xltx",
  "xlam",
  "pptm",
  "pptx",
  "potm",
  "potx",
  "ppsm",
  "ppsx",
  "thmx",
  "xsn",
  "xps",
]

/** What stands after the last dot, lower case; empty where there is none. */
export const extensionOf = (name: string): string => {
  const dot = name.lastIndexOf(".")
  return dot < 0 ? "" : name.slice(dot + 1).toLowerCase()
}

/** EXO-052 and EXO-053: the formats of 97-2003 are a kind of their own. */
export const attachmentTypeOf = (name: string): AttachmentType => {
  const extension = extensionOf(name)
  if (office97.includes(extension)) return "office-97"
  if (office.includes(extension)) return "office"
  return extension === "pdf" ? "pdf" : "other"
}

/** Who puts the protection on: the sender's desktop client, or the service (rule, web, mobile). */
export type ProtectedBy = "desktop-client" | "service"

/**
 * Whether a file without protection of its own takes that of its mail: Office files always (EXO-051),
 * PDF by the service and only when switched on (EXO-020, EXO-055), the formats of 97-2003 by the
 * desktop client only (EXO-053), anything else never (EXO-054).
 */
export const inheritsProtection = (options: {
  readonly type: AttachmentType
  readonly by: ProtectedBy
  readonly isPdfEncryptionEnabled: boolean
}): boolean => {
  switch (options.type) {
    case "office":
      return true
    case "office-97":
      return options.by === "desktop-client"
    case "pdf":
      return options.by === "service" && options.isPdfEncryptionEnabled
    case "other":
      return false
  }
}
