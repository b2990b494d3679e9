import {
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
  unknown,
} from "@twin/kernel"
import { encryptionLimitBytes } from "../mail-flow/Draft.ts"

/** A message about to be sent, flat. */
export interface SendFacets {
  /** `outside`: somebody with a mailbox elsewhere. */
  readonly sender: "mailbox" | "outside" | "nobody"
  readonly isSenderEnabled: boolean
  readonly insideRecipients: number
  readonly outsideRecipients: number
  /** Whether the message belongs to a conversation that this organization carries. */
  readonly isInConversation: boolean
  readonly wanted: "none" | "encrypt-only" | "do-not-forward" | "label" | "template"
  readonly client: string
  readonly senderAccount: string
  readonly plan: string
  readonly hasMessageEncryption: boolean
  readonly functionalState: string
  /** Rights management servers on premises (MIP-004). */
  readonly adRms: "none" | "deployed" | "migrated"
  /** The policy of the sender's mailbox lets it protect in Outlook on the web (MIP-016). */
  readonly isIrmEnabledInOwa: boolean
  readonly azureRmsLicensing: boolean
  readonly internalLicensing: boolean
  readonly isEncryptButtonShown: boolean
  readonly isEncryptOnlyHidden: boolean
  readonly isDoNotForwardHidden: boolean
  readonly sizeBytes: number
}

const senderKnown = gate<SendFacets>()({
  name: "sender",
  facts: ["EXO-003", "EXO-127"],
  reads: ["sender", "isSenderEnabled"],
  check: ({ sender, isSenderEnabled }) => {
    if (sender === "nobody") return deny("Nobody in the world has this mailbox.", { sender })
    return isSenderEnabled
      ? pass("The sender has a mailbox.", { sender })
      : deny("The account of the sender is disabled.", { sender })
  },
})

const recipientsGiven = gate<SendFacets>()({
  name: "recipients",
  facts: ["EXO-040"],
  reads: ["sender", "insideRecipients", "outsideRecipients", "isInConversation"],
  check: ({ sender, insideRecipients, outsideRecipients, isInConversation }) => {
    const details = { insideRecipients, outsideRecipients }
    if (insideRecipients + outsideRecipients === 0) {
      return deny("The message reaches nobody.", details)
    }
    return sender === "outside" && insideRecipients === 0 && !isInConversation
      ? unknown("Mail between others does not pass through this organization.", details)
      : pass("The message has recipients.", details)
  },
})

const licence = gate<SendFacets>()({
  name: "message-encryption-licence",
  facts: ["EXO-006"],
  reads: ["wanted", "sender", "hasMessageEncryption", "plan"],
  check: ({ wanted, sender, hasMessageEncryption, plan }) => {
    if (wanted === "none") return pass("The sender chooses no protection.")
    if (sender === "outside") return pass("Somebody outside needs no licence.", { plan })
    return hasMessageEncryption
      ? pass("The plan includes message encryption.", { plan })
      : deny(
          "The plan does not include message encryption.",
          { plan },
          {
            code: "NotLicensed",
            message: "Your organization's subscription does not include message encryption.",
          },
        )
  },
})

const rightsManagement = gate<SendFacets>()({
  name: "rights-management-active",
  facts: ["EXO-001", "EXO-002"],
  reads: ["wanted", "functionalState"],
  check: ({ wanted, functionalState }) => {
    if (wanted === "none") return pass("The sender chooses no protection.")
    return functionalState === "Enabled"
      ? pass("Azure Rights Management is active: nothing else is needed.", { functionalState })
      : deny(
          "Azure Rights Management is not active, so message encryption is not available.",
          { functionalState },
          {
            code: "ServiceDisabledError",
            message: "The rights management service is disabled for this organization.",
          },
        )
  },
})

/** With servers of its own in use, Exchange cannot use message encryption (MIP-004). */
const onPremises = gate<SendFacets>()({
  name: "ad-rms",
  facts: ["MIP-004"],
  reads: ["wanted", "adRms"],
  check: ({ wanted, adRms }) => {
    if (wanted === "none") return pass("The sender chooses no protection.")
    return adRms === "deployed"
      ? deny(
          "Exchange works with rights management servers on premises, which excludes message encryption.",
          { adRms },
          {
            code: "AdRmsInUse",
            message: "Migrate from AD RMS to Azure Rights Management to use message encryption.",
          },
        )
      : pass("No rights management servers on premises are in the way.", { adRms })
  },
})

/** The switch for Outlook on the web, which the onboarding policy does not have (MIP-016). */
const owaPolicy = gate<SendFacets>()({
  name: "owa-mailbox-policy",
  facts: ["MIP-016"],
  reads: ["wanted", "sender", "client", "isIrmEnabledInOwa"],
  check: ({ wanted, sender, client, isIrmEnabledInOwa }) => {
    const details = { client, IRMEnabled: isIrmEnabledInOwa }
    const isOwa = client === "browser" || client === "outlook-web" || client === "office-web"
    if (wanted === "none" || sender !== "mailbox" || !isOwa) {
      return pass("The mailbox policy for Outlook on the web has nothing to say here.", details)
    }
    return isIrmEnabledInOwa
      ? pass("The mailbox policy lets the sender protect in Outlook on the web.", details)
      : deny(
          "The mailbox policy keeps the sender from protecting in Outlook on the web.",
          details,
          {
            code: "IrmDisabled",
            message: "Information Rights Management is not available in this client.",
          },
        )
  },
})

const irmLicensing = gate<SendFacets>()({
  name: "irm-licensing",
  facts: ["EXO-014", "EXO-015", "EXO-035"],
  reads: ["wanted", "azureRmsLicensing", "internalLicensing"],
  check: ({ wanted, azureRmsLicensing, internalLicensing }) => {
    if (wanted === "none") return pass("The sender chooses no protection.")
    const details = {
      AzureRMSLicensingEnabled: azureRmsLicensing,
      InternalLicensingEnabled: internalLicensing,
    }
    return azureRmsLicensing && internalLicensing
      ? pass("Exchange Online may use the rights management service.", details)
      : deny("The IRM configuration keeps Exchange Online from using rights management.", details, {
          code: "IrmDisabled",
          message: "Information Rights Management is disabled for your organization.",
        })
  },
})

const offered = gate<SendFacets>()({
  name: "protection-offered",
  facts: ["EXO-005", "EXO-022", "EXO-023"],
  reads: [
    "wanted",
    "sender",
    "client",
    "isEncryptButtonShown",
    "isEncryptOnlyHidden",
    "isDoNotForwardHidden",
    "isInConversation",
  ],
  check: (it) => {
    const isChoice = it.wanted === "encrypt-only" || it.wanted === "do-not-forward"
    if (!isChoice || it.sender === "outside" || it.isInConversation) {
      return pass("The client has nothing to offer or to hide here.")
    }
    const details = {
      client: it.client,
      SimplifiedClientAccessEnabled: it.isEncryptButtonShown,
      SimplifiedClientAccessEncryptOnlyDisabled: it.isEncryptOnlyHidden,
      SimplifiedClientAccessDoNotForwardDisabled: it.isDoNotForwardHidden,
    }
    const isWeb = ["outlook-web", "browser", "office-web"].includes(it.client)
    if (!isWeb) return pass("Only Outlook on the web can be told to hide an option.", details)
    const isHidden =
      !it.isEncryptButtonShown ||
      (it.wanted === "encrypt-only" ? it.isEncryptOnlyHidden : it.isDoNotForwardHidden)
    return isHidden
      ? deny("Outlook on the web does not show this option to the sender.", details, {
          code: "OptionHidden",
          message: "The option isn't available in Outlook on the web.",
        })
      : pass("Outlook on the web shows the option.", details)
  },
})

const protectionByOthers = gate<SendFacets>()({
  name: "protection-by-others",
  facts: ["EXO-090"],
  reads: ["sender", "wanted", "senderAccount", "isInConversation"],
  check: ({ sender, wanted, senderAccount, isInConversation }) => {
    if (sender === "mailbox" || wanted === "none" || isInConversation) {
      return pass("The organization's own service protects, or nothing is protected.")
    }
    return senderAccount === "entra"
      ? pass("The sender's own organization protects the message.", { senderAccount })
      : unknown("How such a sender protects mail is not modelled.", { senderAccount })
  },
})

const size = gate<SendFacets>()({
  name: "message-size",
  facts: ["EXO-058"],
  reads: ["wanted", "sizeBytes"],
  check: ({ wanted, sizeBytes }) => {
    const details = { sizeBytes, limitBytes: encryptionLimitBytes }
    if (wanted === "none") return pass("The limit is for encrypted mail.", details)
    return sizeBytes <= encryptionLimitBytes
      ? pass("The message is small enough to be encrypted.", details)
      : deny("The message is too large to be encrypted.", details, {
          code: "5.3.4",
          message: "Message size exceeds fixed maximum message size for encrypted messages.",
        })
  },
})

const gates: GateRules<SendFacets> = [
  senderKnown,
  recipientsGiven,
  licence,
  rightsManagement,
  onPremises,
  irmLicensing,
  owaPolicy,
  offered,
  protectionByOthers,
  size,
]

/** The tenant's gates in front of mail flow, in the order of the documented interactions. */
export const evaluateSend = (facets: SendFacets): Decision => decideByGates(gates, facets)

/** The same for protection that a mail flow rule applies: no client chooses anything. */
export const evaluateRuleProtection = (facets: SendFacets): Decision =>
  decideByGates<SendFacets>([licence, rightsManagement, irmLicensing, size], facets)
