import type { Label } from "./Label.ts"
import { effectOf } from "./Label.ts"
import { type CustomProtection, doNotForward, encryptOnly } from "./Protection.ts"
import type { ProtectRequest } from "./requests.ts"

/** Whether it is settled for whom the content is protected. */
export type Audience =
  | "not-needed"
  | "given"
  | "missing"
  | "not-by-hand"
  | "not-offered"
  | "double-key"

/**
 * The permissions that a person chose, or that follow from the recipients of a message: a label that
 * lets users decide needs them (MIP-109, MIP-111).
 */
export const customFor = (
  request: Pick<ProtectRequest, "custom" | "form" | "recipients" | "method" | "isServerSide">,
  label: Label | undefined,
): { readonly custom?: CustomProtection; readonly audience: Audience } => {
  const { custom, form, recipients = [], method = "manual", isServerSide = false } = request
  const encryption = label?.encryption
  if (encryption === undefined || label === undefined || effectOf(label) !== "user-defined") {
    if (custom === undefined) return { audience: "not-needed" }
    return { custom, audience: custom.grants.length === 0 ? "missing" : "given" }
  }
  // MIP-110: applied by hand, except by a service policy for mail.
  if (method !== "manual" && !(isServerSide && form === "mail")) return { audience: "not-by-hand" }
  if (form !== "mail") {
    if (!encryption.promptUser) return { audience: "not-offered" }
    return custom === undefined ? { audience: "missing" } : { custom, audience: "given" }
  }
  if (!encryption.doNotForward && !encryption.encryptOnly) return { audience: "not-offered" }
  // MIP-250: the label saves, applying it in Outlook fails.
  if (encryption.doubleKeyUrl !== undefined) return { audience: "double-key" }
  if (custom !== undefined) return { custom, audience: "given" }
  if (recipients.length === 0) return { audience: "missing" }
  const chosen = encryption.doNotForward ? doNotForward(recipients) : encryptOnly(recipients)
  return { custom: chosen, audience: "given" }
}
