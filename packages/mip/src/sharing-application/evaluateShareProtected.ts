import { domainOf, isOwnDomain, personOf } from "@twin/identity"
import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { formatOf } from "../ContentFormat.ts"
import { ledgerOf, type MipWorld, rmsServiceOf } from "../State.ts"
import {
  type ClientSupport,
  clientSupportAt,
  dialogVersion,
  installationOf,
  isAtLeast,
} from "./SharingApplication.ts"

/** What somebody fills into the dialog (MIP-267). */
export interface ShareProtectedRequest {
  readonly world: MipWorld
  readonly address: string
  readonly now: number
  readonly recipients: readonly string[]
  /** Name of the file; undefined where there is none. */
  readonly file: string | undefined
  readonly level?: string
  readonly template?: string
  readonly expiresOn?: string
  readonly isNotified?: boolean
}

interface ShareFacets {
  readonly support: ClientSupport
  readonly version: string
  readonly isNewEnough: boolean
  readonly isFilePresent: boolean
  readonly personalAddress: string
  readonly outsideCompany: string
  readonly isServiceInCloud: boolean
  readonly choices: "one" | "level-and-template" | "template-with-expiry" | "none"
  readonly format: string
  readonly isLevelChosen: boolean
}

const shareGate = gate<ShareFacets>()

const clientSupported = shareGate({
  name: "sharing-application-supported",
  facts: ["MIP-273"],
  reads: ["support"],
  check: ({ support }) => {
    switch (support) {
      case "supported":
        return pass("The sharing application is supported.", { support })
      case "unsupported":
        return pass("The sharing application still works, without support since January 2019.", {
          support,
        })
      case "retired":
        return deny(
          "The sharing application and its add-in are gone: a label with permissions that people choose took their place.",
          { support },
          { message: "Use a sensitivity label with user-defined permissions." },
        )
    }
  },
})

const clientInstalled = shareGate({
  name: "sharing-application-installed",
  facts: ["MIP-259", "MIP-267"],
  reads: ["version", "isNewEnough"],
  check: ({ version, isNewEnough }) => {
    if (version === "") {
      return deny(
        "The ribbon has no Share Protected button: the sharing application is not installed.",
        {},
        { message: "Install the Rights Management sharing application first." },
      )
    }
    return isNewEnough
      ? pass("Share Protected is on the ribbon.", { version })
      : deny(
          "The installed application is too old for this dialog.",
          { version, needed: dialogVersion },
          { message: `Update the sharing application to ${dialogVersion} or later.` },
        )
  },
})

const filePresent = shareGate({
  name: "file-known",
  facts: ["MIP-272"],
  reads: ["isFilePresent"],
  check: ({ isFilePresent }) =>
    isFilePresent
      ? pass("The file is there.")
      : deny("There is no such file.", {}, { message: "The file was not found." }),
})

const workAddresses = shareGate({
  name: "work-addresses",
  facts: ["MIP-268"],
  reads: ["personalAddress"],
  check: ({ personalAddress }) =>
    personalAddress === ""
      ? pass("All recipients have work addresses.")
      : deny(
          "A personal address cannot be shared with.",
          { personalAddress },
          { message: `You can share with work email addresses only: ${personalAddress}` },
        ),
})

const withinCompany = shareGate({
  name: "within-company",
  facts: ["MIP-268"],
  reads: ["outsideCompany", "isServiceInCloud"],
  check: ({ outsideCompany, isServiceInCloud }) =>
    isServiceInCloud || outsideCompany === ""
      ? pass("The service that protects can be reached by every recipient.", { isServiceInCloud })
      : deny(
          "With the service on premises, nobody outside the company could open the file.",
          { outsideCompany },
          { message: "Sharing is allowed only within your company." },
        ),
})

const choicesFit = shareGate({
  name: "dialog-choices",
  facts: ["MIP-267", "MIP-269"],
  reads: ["choices"],
  check: ({ choices }) => {
    switch (choices) {
      case "one":
        return pass("What was chosen in the dialog goes together.", { choices })
      case "none":
        return deny(
          "Nobody said what the recipients may do.",
          { choices },
          { message: "Choose an access level or a template." },
        )
      case "level-and-template":
        return deny(
          "An access level and a template exclude each other.",
          { choices },
          { message: "Choose either an access level or a template." },
        )
      case "template-with-expiry":
        return deny(
          "With a template the dialog offers no expiry: the template says how long.",
          { choices },
          { message: "An expiration date is not available with a template." },
        )
    }
  },
})

const formatShared = shareGate({
  name: "generic-protection",
  facts: ["MIP-272", "MIP-255"],
  reads: ["format", "isLevelChosen"],
  check: ({ format, isLevelChosen }) => {
    if (format === "excluded") {
      return deny(
        "Files of this type cannot be protected.",
        { format },
        { message: "This file type cannot be protected." },
      )
    }
    return format === "generic" && isLevelChosen
      ? deny(
          "Software enforces nothing inside files of this type, so no level can be chosen.",
          { format },
          { message: "This file type supports generic protection only." },
        )
      : pass("The file can be shared like this.", { format })
  },
})

const gates: GateRules<ShareFacets> = [
  clientSupported,
  clientInstalled,
  filePresent,
  workAddresses,
  withinCompany,
  choicesFit,
  formatShared,
]

/** Domains of providers for private people; the sources name Gmail as an example (MIP-268). */
const personalDomains: readonly string[] = [
  "gmail.com",
  "googlemail.com",
  "outlook.com",
  "hotmail.com",
  "live.com",
  "msn.com",
  "windowslive.com",
  "yahoo.com",
  "aol.com",
  "icloud.com",
  "gmx.net",
]

const isPersonal = (world: MipWorld, address: string): boolean => {
  const account = personOf(world, address)?.account
  return (
    personalDomains.includes(domainOf(address)) ||
    account === "microsoft-account" ||
    account === "google"
  )
}

const choicesOf = ({
  level,
  template,
  expiresOn,
}: ShareProtectedRequest): ShareFacets["choices"] => {
  if (level !== undefined && template !== undefined) return "level-and-template"
  if (template !== undefined && expiresOn !== undefined) return "template-with-expiry"
  return "one"
}

/** Whether the dialog lets the file go, before the service is asked to protect it. */
export const evaluateShareProtected = (request: ShareProtectedRequest): Decision => {
  const { world, address, now, recipients, file, level } = request
  const version = installationOf(world, address)?.version ?? ""
  const format = formatOf(file ?? "")
  const choices = choicesOf(request)
  const isNothingChosen = level === undefined && request.template === undefined
  return decideByGates(gates, {
    support: clientSupportAt(now),
    version,
    isNewEnough: version !== "" && isAtLeast(version, dialogVersion),
    isFilePresent: file !== undefined,
    personalAddress: recipients.find((it) => isPersonal(world, it)) ?? "",
    outsideCompany: recipients.find((it) => !isOwnDomain(world, domainOf(it))) ?? "",
    isServiceInCloud:
      rmsServiceOf(world).functionalState === "Enabled" ||
      ledgerOf(world).subscription.adRms !== "deployed",
    choices: isNothingChosen && format !== "generic" ? "none" : choices,
    format,
    isLevelChosen: level !== undefined,
  })
}
