import { isDoubleKeySwitchSet } from "@twin/crypto"
import { deny, gate, pass } from "@twin/kernel"
import type { Label } from "../Label.ts"
import { smimeOf } from "../labelSettings.ts"
import { labelKnownFrom } from "../replication.ts"
import type { ProtectRequest } from "../requests.ts"
import type { ResolvedWish } from "./ProtectFacets.ts"

/** What a label demands of the program that applies it. */
export interface LabelUseFacets {
  readonly arrival: "known" | "on-its-way" | "switch-missing"
  readonly technology: "rights-management" | "on-premises-key" | "certificates" | "both"
  /** What Outlook does with certificates because of the label (MIP-118). */
  readonly certificates: "none" | "sign" | "encrypt" | "sign-and-encrypt"
  readonly connection: "online" | "offline-windows" | "offline-elsewhere"
  readonly isChosenByPeople: boolean
}

export const labelUseFacets = (request: ProtectRequest, wish: ResolvedWish): LabelUseFacets => {
  const { client, isOffline = false } = request
  return {
    arrival: arrivalOf(request, wish.label),
    technology: technologyOf(request, wish),
    certificates: certificatesOf(request, wish),
    connection: !isOffline
      ? "online"
      : client.app === "office-desktop" || client.app === "outlook-desktop"
        ? "offline-windows"
        : "offline-elsewhere",
    isChosenByPeople:
      wish.custom !== undefined && (wish.effect === "apply" || wish.effect === "replace"),
  }
}

const arrivalOf = (
  { world, now, client, address, software, isServerSide = false }: ProtectRequest,
  label: Label | undefined,
): LabelUseFacets["arrival"] => {
  if (label === undefined || isServerSide) return "known"
  const asksRegistry = software === "office-2016" && label.encryption?.doubleKeyUrl !== undefined
  if (asksRegistry && !isDoubleKeySwitchSet(world, address)) return "switch-missing"
  const consumer = client.app.endsWith("-web") ? "office-web" : "office-apps"
  return labelKnownFrom(world, label, consumer).offered <= now ? "known" : "on-its-way"
}

// Certificates are for Outlook: documents with the label do without (MIP-118).
const certificatesOf = (
  { form, client }: ProtectRequest,
  { label }: ResolvedWish,
): LabelUseFacets["certificates"] => {
  if (label === undefined || form !== "mail" || !client.app.startsWith("outlook")) return "none"
  const { sign, encrypt } = smimeOf(label)
  if (sign && encrypt) return "sign-and-encrypt"
  return encrypt ? "encrypt" : sign ? "sign" : "none"
}

const technologyOf = (
  request: ProtectRequest,
  wish: ResolvedWish,
): LabelUseFacets["technology"] => {
  const { label, effect } = wish
  if (label === undefined) return "rights-management"
  if (label.encryption?.isEnabled === true && label.encryption.rightsUrl !== undefined) {
    return "on-premises-key"
  }
  const certificates = certificatesOf(request, wish)
  if (certificates === "none") return "rights-management"
  const encrypts = certificates !== "sign" && (effect === "apply" || effect === "replace")
  return encrypts ? "both" : "certificates"
}

const rule = gate<LabelUseFacets>()

export const labelArrived = rule({
  name: "label-arrived",
  facts: ["MIP-100", "MIP-242", "CRY-163"],
  reads: ["arrival"],
  check: ({ arrival }) =>
    arrival === "known"
      ? pass("The program knows the label.", { arrival })
      : deny(
          arrival === "switch-missing"
            ? "This Office shows labels with a second key once the registry tells it to."
            : "The program has not learnt of the label yet.",
          { arrival },
          {
            code: "LabelNotFoundError",
            message: "The label was not found for this account.",
          },
        ),
})

export const technologySupported = rule({
  name: "label-technology",
  facts: ["MIP-118", "MIP-120", "MIP-239"],
  reads: ["technology", "certificates"],
  check: ({ technology, certificates }) => {
    switch (technology) {
      case "rights-management":
        return pass("The label protects with the rights management service, or not at all.")
      case "certificates":
        return pass("Outlook signs or encrypts with certificates, as the label asks.", {
          technology,
          certificates,
        })
      case "both":
        return deny(
          "A message is encrypted with certificates or with rights, not both.",
          {
            technology,
          },
          {
            message: "S/MIME and label encryption can't be used on the same message.",
          },
        )
      case "on-premises-key":
        return deny(
          "The key lies on premises, and only the classic client could use it.",
          {
            technology,
          },
          {
            message: "This label uses HYOK protection, which this app doesn't support.",
          },
        )
    }
  },
})

export const connectionSuffices = rule({
  name: "connection-for-label",
  facts: ["MIP-112"],
  reads: ["connection", "isChosenByPeople"],
  check: ({ connection, isChosenByPeople }) => {
    const details = { connection }
    if (connection === "online") return pass("The program is online.", details)
    return isChosenByPeople && connection === "offline-elsewhere"
      ? deny("Permissions that people choose can be set offline on Windows only.", details, {
          message: "Connect to the internet to apply this label.",
        })
      : pass("The program can do this without a connection.", details)
  },
})
