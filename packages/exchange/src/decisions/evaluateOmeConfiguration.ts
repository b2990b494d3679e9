import {
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  notRecognized,
  objectNotFound,
  pass,
} from "@twin/kernel"
import { colorOf } from "../backgroundColors.ts"
import {
  type BrandingText,
  defaultTemplateName,
  expiryLimitDays,
  isDefaultTemplate,
  textLimits,
} from "../OmeConfiguration.ts"

/** A change of a branding template, flat. Texts are empty where nothing is given. */
export interface OmeFacets {
  readonly verb: "new" | "set" | "remove"
  readonly cmdlet: string
  readonly name: string
  readonly exists: boolean
  readonly plan: string
  readonly hasAdvancedEncryption: boolean
  readonly hasPremiumEncryption: boolean
  readonly backgroundColor: string
  /** The first text that is too long, with its length. */
  readonly longText: string
  readonly longTextLength: number
  readonly isExpiryGiven: boolean
  readonly expiryInDays: number
}

/** The first branding text that exceeds its limit (EXO-155). */
export const firstLongText = (
  texts: Readonly<Partial<Record<BrandingText, string | null>>>,
): { readonly longText: string; readonly longTextLength: number } => {
  for (const [name, limit] of Object.entries(textLimits) as [BrandingText, number][]) {
    const length = texts[name]?.length ?? 0
    if (length > limit) return { longText: name, longTextLength: length }
  }
  return { longText: "", longTextLength: 0 }
}

const severalTemplates = gate<OmeFacets>()({
  name: "advanced-message-encryption",
  facts: ["EXO-009", "EXO-007", "EXO-154"],
  reads: ["verb", "cmdlet", "hasAdvancedEncryption", "plan"],
  check: ({ verb, cmdlet, hasAdvancedEncryption, plan }) => {
    if (verb !== "new") return pass("Templates that exist can be kept up with any plan.", { plan })
    return hasAdvancedEncryption
      ? pass("The organization has Advanced Message Encryption.", { plan })
      : deny(
          "Templates of one's own belong to Advanced Message Encryption, which is not licensed.",
          { plan },
          notRecognized(cmdlet),
        )
  },
})

const templateName = gate<OmeFacets>()({
  name: "template-name",
  facts: ["EXO-153", "EXO-154"],
  reads: ["verb", "name", "exists"],
  check: ({ verb, name, exists }) => {
    if (verb === "new") {
      return exists
        ? deny("A branding template of this name exists already.", { name }, nameTaken(name))
        : pass("No other branding template has this name.", { name })
    }
    if (!exists) {
      return deny("There is no branding template of this name.", { name }, objectNotFound(name))
    }
    return verb === "remove" && isDefaultTemplate(name)
      ? deny(
          "The default template belongs to the organization and stays.",
          { name },
          {
            code: "InvalidOperationException",
            message: `The default configuration '${defaultTemplateName}' can't be removed.`,
          },
        )
      : pass("The branding template exists.", { name })
  },
})

const nameTaken = (name: string) => ({
  code: "ManagementObjectAlreadyExistsException",
  message: `The OME configuration '${name}' already exists.`,
})

const texts = gate<OmeFacets>()({
  name: "branding-texts",
  facts: ["EXO-155"],
  reads: ["longText", "longTextLength"],
  check: ({ longText, longTextLength }) =>
    longText === ""
      ? pass("All texts are short enough.")
      : deny(
          "A text is longer than the mail or the portal can show.",
          { parameter: longText, length: longTextLength },
          {
            code: "ParameterBindingValidationException",
            message:
              `Cannot validate argument on parameter '${longText}'. The value is too long: ` +
              `its length is ${longTextLength}.`,
          },
        ),
})

const color = gate<OmeFacets>()({
  name: "background-color",
  facts: ["EXO-157"],
  reads: ["backgroundColor"],
  check: ({ backgroundColor }) => {
    if (backgroundColor === "") return pass("The background keeps its default.")
    const value = colorOf(backgroundColor)
    return value === undefined
      ? deny(
          "The colour is neither on the published list nor a hexadecimal value.",
          { backgroundColor },
          {
            code: "InvalidArgumentException",
            message: `The value '${backgroundColor}' isn't a valid background color. Use #RRGGBB or a name of the list.`,
          },
        )
      : pass("The colour is known.", { backgroundColor, value })
  },
})

const expiry = gate<OmeFacets>()({
  name: "mail-expiry",
  facts: ["EXO-159", "EXO-165", "EXO-008"],
  reads: [
    "isExpiryGiven",
    "expiryInDays",
    "name",
    "hasAdvancedEncryption",
    "hasPremiumEncryption",
    "plan",
  ],
  check: (it) => {
    const { isExpiryGiven, expiryInDays, name, plan } = it
    if (!isExpiryGiven) return pass("The expiry of mail is not touched.")
    const details = { expiryInDays, limit: expiryLimitDays, template: name, plan }
    const refuse = (reason: string, message: string) =>
      deny(reason, details, { code: "InvalidOperationException", message })
    if (isDefaultTemplate(name)) {
      return refuse(
        "The default template carries no expiry: only templates of one's own do.",
        `ExternalMailExpiryInDays can't be changed on '${defaultTemplateName}'.`,
      )
    }
    if (!it.hasAdvancedEncryption || !it.hasPremiumEncryption) {
      return refuse(
        "Expiry needs Advanced Message Encryption with its service plan switched on.",
        "ExternalMailExpiryInDays requires Premium Encryption in Office 365.",
      )
    }
    return Number.isInteger(expiryInDays) && expiryInDays >= 0 && expiryInDays <= expiryLimitDays
      ? pass("The number of days is allowed; none means never.", details)
      : refuse(
          "The number of days is outside what the service allows.",
          `ExternalMailExpiryInDays must be between 0 and ${expiryLimitDays}.`,
        )
  },
})

const gates: GateRules<OmeFacets> = [severalTemplates, templateName, texts, color, expiry]

/** Whether a branding template may be made, changed or removed. */
export const evaluateOmeConfiguration = (facets: OmeFacets): Decision =>
  decideByGates(gates, facets)
