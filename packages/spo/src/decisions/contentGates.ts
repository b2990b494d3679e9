import { deny, gate, pass } from "@twin/kernel"
import type { Processing } from "../DriveItem.ts"
import type { VisitorKind } from "../Visitor.ts"
import type { FileAction } from "./AccessFacets.ts"

/** What matters once SharePoint has let somebody through, and the content itself is protected. */
export interface ContentFacets {
  readonly action: FileAction
  readonly isProtected: boolean
  readonly person: VisitorKind
  readonly isBrowser: boolean
  /** What SharePoint made of the file when it was stored (SPO-151). */
  readonly processing: Processing
  /** Whether the service may read this protection at this moment (MIP-206). */
  readonly canProcessNow: boolean
  readonly isIntegrationOn: boolean
}

const contentGate = gate<ContentFacets>()

/** Sharing never adds rights of a label: protected content wants an identity (SPO-166). */
export const contentIdentity = contentGate({
  name: "content-identity",
  facts: ["SPO-166", "SPO-124", "SPO-157", "SPO-181"],
  reads: ["isProtected", "person", "action"],
  check: ({ isProtected, person, action }) => {
    if (!isProtected) return pass("The content is not encrypted by a label.")
    if (action === "download") {
      return pass("The copy stays encrypted: opening it asks for an identity with rights.")
    }
    return person === "anonymous" || person === "ad-hoc"
      ? deny(
          "The content is encrypted, and the visitor has no identity that could hold rights.",
          { person },
          {
            code: "accessDenied",
            message: "Sign in with an account that has permission to open this file.",
          },
        )
      : pass("The visitor has an identity that rights can be given to.", { person })
  },
})

/** In the browser SharePoint has to be able to process the encryption (SPO-150, SPO-153). */
export const webProcessing = contentGate({
  name: "web-processing",
  facts: ["SPO-150", "SPO-151", "SPO-153"],
  reads: ["isProtected", "isBrowser", "processing", "canProcessNow", "isIntegrationOn", "action"],
  check: ({ isProtected, isBrowser, processing, canProcessNow, isIntegrationOn, action }) => {
    if (!isProtected || action === "download") {
      return pass("SharePoint does not have to look into encrypted content for this.")
    }
    if (!isBrowser) return pass("The app on the device opens the encrypted file itself.")
    return isIntegrationOn && processing === "readable" && canProcessNow
      ? pass("SharePoint can process the encryption of this label.", { processing })
      : deny(
          "SharePoint cannot process the encryption, so the browser cannot show the file.",
          { EnableAIPIntegration: isIntegrationOn, processing, canProcessNow },
          {
            code: "cannotOpenInBrowser",
            message:
              "This document is protected and can't be opened in the browser. Open it in the desktop app.",
          },
        )
  },
})
