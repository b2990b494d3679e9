import { Schema } from "effect"
import { managedHsmName, type NetworkRules } from "../customer-key/AzureKeyVault.ts"
import { ThrottledOperation, VaultCondition } from "../customer-key/vaultCondition.ts"
import { evaluateVault } from "../decisions/evaluateVaultAccess.ts"
import { type CryptoEvent, vaultOf } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { azureRoles } from "./vaults.ts"

/** The name under which it is kept: a Managed HSM is named by its address. */
const storeName = (name: string): string =>
  /\.managedhsm\.azure\.net/i.test(name)
    ? managedHsmName(name.split(".")[0] ?? "")
    : name.toLowerCase()

const vault = text("Name of a vault, or {name}.managedhsm.azure.net")

export const setVaultCondition = cryptoOperation({
  name: "set-key-vault-condition",
  summary: "Lets one vault fail in a certain way, or work again.",
  params: Schema.Struct({
    vault,
    condition: VaultCondition.annotate({
      description: "token-refused counts as a refusal, all others as a system error",
    }),
  }),
  facts: ["CRY-064", "CRY-084"],
  decide: ({ world, now }, params) => {
    const name = storeName(params.vault)
    const decision = evaluateVault(world, name)
    const { condition } = params
    const event: CryptoEvent = { _tag: "VaultConditionSet", vault: name, condition, at: now }
    return decision.outcome === "allow" ? { decision, events: [event] } : { decision }
  },
})

export const loadKeyVault = cryptoOperation({
  name: "load-key-vault",
  summary: "Sends many operations to a vault at this moment.",
  params: Schema.Struct({
    vault,
    kind: ThrottledOperation,
    count: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 })),
  }),
  facts: ["CRY-065"],
  decide: ({ world, now }, { vault: given, kind, count }) => {
    const name = storeName(given)
    const decision = evaluateVault(world, name)
    const event: CryptoEvent = { _tag: "VaultUsed", vault: name, kind, count, at: now }
    return decision.outcome === "allow" ? { decision, events: [event] } : { decision }
  },
})

export const updateNetworkRuleSet = cryptoOperation({
  name: "Update-AzKeyVaultNetworkRuleSet",
  summary: "Says whom the firewall of a vault lets through.",
  params: Schema.Struct({
    VaultName: text("Name of the vault"),
    DefaultAction: Schema.optionalKey(Schema.Literals(["Allow", "Deny"])),
    Bypass: Schema.optionalKey(
      Schema.Literals(["AzureServices", "None"]).annotate({
        description: "Whether trusted services of Microsoft come through in any case",
      }),
    ),
    IpAddressRange: Schema.optionalKey(Schema.Array(text("Address"))),
  }),
  roles: azureRoles,
  facts: ["CRY-064"],
  binding: { positional: ["VaultName"] },
  decide: ({ world, now }, params) => {
    const name = params.VaultName.toLowerCase()
    const found = vaultOf(world, name)
    const decision = evaluateVault(world, name)
    if (decision.outcome !== "allow" || found === undefined) return { decision }
    const network: NetworkRules = {
      defaultAction: params.DefaultAction ?? found.network.defaultAction,
      bypass: params.Bypass ?? found.network.bypass,
      ipAddresses: params.IpAddressRange ?? found.network.ipAddresses,
    }
    const event: CryptoEvent = { _tag: "VaultNetworkSet", vault: name, network, at: now }
    return { decision, events: [event] }
  },
})
