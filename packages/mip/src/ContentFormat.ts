import type { ContentForm } from "./Protection.ts"

/** Formats by what they mean for protection (MIP-183, MIP-255, MIP-256). */
export type ContentFormat =
  | "office"
  | "office-97"
  | "pdf"
  | "native"
  | "generic"
  | "excluded"
  | "mail"

const officeOpenXml =
  /\.(docx|docm|dotx|dotm|xlsx|xlsm|xlsb|xltx|xltm|pptx|pptm|ppsx|ppsm|potx|potm)$/i
const office97 = /\.(doc|dot|xls|xlt|ppt|pps|pot|odt|ods|odp)$/i
const native = /\.(txt|xml|jpg|jpeg|png|tif|tiff|bmp|gif|ptxt|pxml|pjpg|ppng|ptif|pbmp|pgif)$/i
const excluded = /\.(lnk|exe|com|cmd|bat|dll|ini|sys|drm|pst|msi)$/i

/** The format that a file name stands for; what has no known extension is protected generically. */
export const formatOf = (name: string): Exclude<ContentFormat, "mail"> => {
  if (officeOpenXml.test(name)) return "office"
  if (office97.test(name)) return "office-97"
  if (/\.p?pdf$/i.test(name)) return "pdf"
  if (native.test(name)) return "native"
  return excluded.test(name) ? "excluded" : "generic"
}

/** What the content is to the cipher: Office files and mail changed theirs in 2023 (MIP-021). */
export const contentKindOf = (content: {
  readonly form: ContentForm
  readonly name: string
}): "mail" | "office" | "other" => {
  if (content.form === "mail") return "mail"
  return formatOf(content.name).startsWith("office") ? "office" : "other"
}
