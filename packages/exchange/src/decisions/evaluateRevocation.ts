import { type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"

/** Taking external access away from a message in the portal, flat. */
export interface RevocationFacets {
  /** `admin`: by cmdlet; `sender`: from the Sent Items of Outlook on the web. */
  readonly by: "admin" | "sender"
  readonly messageExists: boolean
  readonly isSender: boolean
  readonly plan: string
  readonly hasAdvancedEncryption: boolean
  readonly hasPremiumEncryption: boolean
  /** Recipients of all kinds, and those who got a mail with a link. */
  readonly recipients: number
  readonly linkRecipients: number
  /** The first one, where there is only one. */
  readonly onlyRecipientKind: string
  readonly client: string
}

const messageExists = gate<RevocationFacets>()({
  name: "message-exists",
  facts: ["EXO-169"],
  reads: ["messageExists"],
  check: ({ messageExists: exists }) =>
    exists
      ? pass("The organization sent this message.")
      : deny(
          "The organization has not sent such a message.",
          {},
          {
            code: "ManagementObjectNotFoundException",
            message: "The message with the specified Message ID couldn't be found.",
          },
        ),
})

const mayRevoke = gate<RevocationFacets>()({
  name: "sender-of-the-message",
  facts: ["EXO-170", "EXO-169"],
  reads: ["by", "isSender"],
  check: ({ by, isSender }) => {
    if (by === "admin") return pass("An admin may revoke any message of the organization.")
    return isSender
      ? pass("The sender may take back what was sent.")
      : deny("Only the sender or an admin takes a message back.")
  },
})

const licensed = gate<RevocationFacets>()({
  name: "advanced-message-encryption",
  facts: ["EXO-007", "EXO-008", "EXO-168", "EXO-175"],
  reads: ["plan", "hasAdvancedEncryption", "hasPremiumEncryption"],
  check: ({ plan, hasAdvancedEncryption, hasPremiumEncryption }) => {
    const details = { plan, premiumEncryption: hasPremiumEncryption }
    if (!hasAdvancedEncryption) {
      return deny(
        "Revocation belongs to Advanced Message Encryption, which is not licensed.",
        details,
        {
          code: "InvalidOperationException",
          message: "Message revocation requires Advanced Message Encryption.",
        },
      )
    }
    return hasPremiumEncryption
      ? pass("Advanced Message Encryption is licensed and switched on.", details)
      : deny(
          "The service plan for expiry and revocation is switched off in the licence.",
          details,
          {
            code: "InvalidOperationException",
            message: "Message revocation requires Premium Encryption in Office 365.",
          },
        )
  },
})

const linkBased = gate<RevocationFacets>()({
  name: "link-based-mail",
  facts: ["EXO-168", "EXO-173", "EXO-174"],
  reads: ["recipients", "linkRecipients"],
  check: ({ recipients, linkRecipients }) => {
    const details = { recipients, linkRecipients }
    return linkRecipients > 0
      ? pass("Some recipient got a link to the portal: that access can be taken away.", details)
      : deny(
          "Nobody got a link to the portal, and a message that opens inline cannot be revoked.",
          details,
          {
            code: "InvalidOperationException",
            message: "The message can't be revoked because it isn't a link-based message.",
          },
        )
  },
})

const offeredToSender = gate<RevocationFacets>()({
  name: "remove-external-access",
  facts: ["EXO-170"],
  reads: ["by", "recipients", "linkRecipients", "onlyRecipientKind", "client"],
  check: ({ by, recipients, linkRecipients, onlyRecipientKind, client }) => {
    if (by === "admin") return pass("The cmdlet knows no limits of a client.")
    const details = { recipients, client, onlyRecipientKind }
    if (client !== "outlook-web" && client !== "browser" && client !== "office-web") {
      return deny("Only Outlook on the web offers to remove external access.", details)
    }
    if (recipients !== 1) {
      return deny(
        "The sender can take back a message to a single recipient only; an admin any.",
        details,
      )
    }
    const isPersonalMail =
      onlyRecipientKind !== "other-organization" &&
      onlyRecipientKind !== "microsoft-account" &&
      onlyRecipientKind !== "own-mailbox"
    return linkRecipients === 1 && isPersonalMail
      ? pass("The one recipient reads in the portal with a personal address.", details)
      : deny("The link is not offered for work, school and Microsoft accounts.", details)
  },
})

/** Whether a message can be revoked, by an admin or by its sender. */
export const evaluateRevocation = (facets: RevocationFacets): Decision =>
  decideByGates([messageExists, mayRevoke, licensed, linkBased, offeredToSender], facets)
