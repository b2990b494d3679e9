import { type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"

export interface AccountCreationFacets {
  readonly account: string
  readonly hasMicrosoftAccount: boolean
  /** Some Entra organization has verified the domain of the address. */
  readonly isDomainOwned: boolean
}

const addressFree = gate<AccountCreationFacets>()({
  name: "microsoft-account-address",
  facts: ["IDN-033", "IDN-036"],
  reads: ["account", "hasMicrosoftAccount", "isDomainOwned"],
  check: ({ account, hasMicrosoftAccount, isDomainOwned }) => {
    const details = { account, isDomainOwned }
    if (account === "unknown") return deny("Nobody reads the mail of this address.", details)
    if (hasMicrosoftAccount) return deny("The address has a Microsoft account already.", details)
    return isDomainOwned
      ? deny("An organization owns the domain, so no personal account can use it.", details, {
          message:
            "You can't sign up here with a work or school email address. Use a personal email.",
        })
      : pass("A personal account can be made from this address.", details)
  },
})

/** Whether a Microsoft account can be made from somebody's own address. */
export const evaluateAccountCreation = (facets: AccountCreationFacets): Decision =>
  decideByGates([addressFree], facets)
