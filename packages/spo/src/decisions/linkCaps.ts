import { deny, gate, pass, type Refusal } from "@twin/kernel"
import type { ShareFacets } from "./ShareFacets.ts"
import { denied } from "./shareGates.ts"

const shareGate = gate<ShareFacets>()

const invalid = (message: string): Refusal => ({ code: "invalidRequest", message })

/** Gate 7 of SPO-300: what the link may grant. */
export const roleCap = shareGate({
  name: "role-cap",
  facts: ["SPO-016", "SPO-025", "SPO-026", "SPO-039", "SPO-300"],
  reads: ["scope", "what", "role", "anyoneRoleCap", "areRequestLinksOn"],
  check: ({ scope, what, role, anyoneRoleCap, areRequestLinksOn }) => {
    const details = { role, scope }
    if (role === "review" && what !== "file") {
      return deny(
        "Review links exist for files only.",
        details,
        invalid("Review is for files only."),
      )
    }
    if (role === "createOnly") {
      if (what !== "folder" || scope !== "anonymous") {
        return deny(
          "Upload-only links exist for folders and anyone.",
          details,
          invalid("Choose a folder."),
        )
      }
      return areRequestLinksOn && anyoneRoleCap === "Edit"
        ? pass("Requesting files is switched on here.", details)
        : deny("Requesting files is switched off here.", details, denied("Request files is off."))
    }
    if (scope !== "anonymous") return pass("The cap is for Anyone links.", details)
    const isMoreThanView = role === "edit" || role === "review"
    return isMoreThanView && anyoneRoleCap !== "Edit"
      ? deny(
          "Anyone links may only grant viewing here.",
          { ...details, anyoneRoleCap },
          {
            code: "accessDenied",
            message: "Anyone links with this permission are not allowed.",
          },
        )
      : pass("Anyone links may grant this.", { ...details, anyoneRoleCap })
  },
})

/** Gate 7 of SPO-300: a password belongs to Anyone links of the dialog (SPO-027). */
export const password = shareGate({
  name: "link-password",
  facts: ["SPO-027"],
  reads: ["hasPassword", "scope", "isGraph"],
  check: ({ hasPassword, scope, isGraph }) => {
    if (!hasPassword) return pass("No password is asked for.")
    const refusal = { code: "invalidRequest", message: "A password can't be set on this link." }
    if (isGraph) return deny("Graph takes no password in a work tenant.", {}, refusal)
    return scope === "anonymous"
      ? pass("Anyone links may have a password.")
      : deny("Only Anyone links can have a password.", { scope }, refusal)
  },
})

/** Gate 7 of SPO-300: how long the link may live. */
export const expiryCap = shareGate({
  name: "expiry-cap",
  facts: ["SPO-031", "SPO-035", "SPO-038", "SPO-300"],
  reads: ["expiry", "maxDays"],
  check: ({ expiry, maxDays }) => {
    if (expiry === "past") {
      return deny(
        "The date has passed already.",
        {},
        invalid("The expiration date must be in the future."),
      )
    }
    return expiry === "beyond-maximum"
      ? deny(
          "The link would live longer than is allowed here.",
          { maxDays },
          invalid(`Links must expire within ${maxDays} days.`),
        )
      : pass("The life of the link is within what is allowed.", { expiry, maxDays })
  },
})
