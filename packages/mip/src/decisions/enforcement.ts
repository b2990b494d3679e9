import { deny, gate, pass } from "@twin/kernel"
import { type ContentAction, contentActions, isEnough, neededFor } from "../ContentAction.ts"
import { isViewOnly } from "../consumerSupport.ts"
import { enforcementOf } from "../Software.ts"
import type { OpenFacets } from "./OpenFacets.ts"

/** Step 10: what the application does with the rights in the licence. */
export const applicationEnforces = gate<OpenFacets>()({
  name: "application-enforces",
  facts: ["MIP-032", "MIP-183", "MIP-052", "MIP-053", "MIP-056", "MIP-207"],
  reads: ["action", "rights", "software", "form", "format", "canWebPrint", "consumer"],
  check: ({ action, rights, software, form, format, canWebPrint, consumer }) => {
    const held = rights.split(", ")
    const details = { action, software, rights }
    if (action === "open") return pass("The right to view is enough to open.", details)
    if (isViewOnly(consumer)) {
      return deny("The viewer shows content and does nothing else with it.", details, {
        message: "This action is not available in the viewer.",
      })
    }
    if (action === "print" && software === "office-web" && !canWebPrint) {
      return deny("The application cannot print protected documents.", details, {
        message: "Printing is not supported for encrypted documents in the browser.",
      })
    }
    if (form !== "mail" && contentActions[action].isForMail === true) {
      return pass("The right stands for messages only; the copy stays protected.", details)
    }
    if (format === "generic") {
      return pass("A generically protected file is free to use once it is open.", details)
    }
    const needed = neededFor(action, software)
    const asked = needed.map((set) => set.join(" and ")).join(", or ")
    if (isEnough(held, needed)) {
      return pass("The permissions include what this action needs.", {
        ...details,
        needed: asked,
        ...deliveryOf(action, held),
      })
    }
    return isEnforced(action, software, held)
      ? deny(
          "The permissions do not include what this action needs.",
          { ...details, needed: asked },
          refusalFor(action),
        )
      : pass("The permissions do not include the action, and the application cannot prevent it.", {
          ...details,
          needed: asked,
        })
  },
})

const deliveredActions: ReadonlySet<ContentAction> = new Set(["forward", "reply", "reply-all"])

const isEnforced = (
  action: ContentAction,
  software: OpenFacets["software"],
  held: readonly string[],
): boolean => {
  switch (enforcementOf(software, action)) {
    case "enforced":
      return true
    case "not-enforced":
      return false
    case "enforced-without-edit":
      return !held.includes("DOCEDIT") && !held.includes("EDIT")
  }
}

/** Without both edit rights a reply or forward carries the original as an attachment (MIP-055). */
const deliveryOf = (action: ContentAction, held: readonly string[]) =>
  deliveredActions.has(action) && !(held.includes("DOCEDIT") && held.includes("EDIT"))
    ? { delivery: "as an attachment" }
    : {}

const refusalFor = (action: ContentAction) =>
  action === "change-protection" || action === "change-rights"
    ? {
        code: "NoPermissionsError",
        message:
          "You don't have permission to make this change to the sensitivity label. Please contact the content owner.",
      }
    : {
        code: "NoPermissionsError",
        message: "The permissions of this content do not allow this action.",
      }
