import {
  andThen,
  type Call,
  type Decision,
  decideByGates,
  deny,
  gate,
  isoOf,
  type OutputObject,
  pass,
} from "@twin/kernel"
import { DateTime, Option, Schema } from "effect"
import {
  fipsLevelOf,
  KeyPermission,
  keyUri,
  managedHsmName,
  shownName,
  type Vault,
  type VaultKeyVersion,
} from "../customer-key/AzureKeyVault.ts"
import { recoveryLevelOf } from "../customer-key/recoveryLevel.ts"
import type { ThrottledOperation } from "../customer-key/vaultCondition.ts"
import { evaluateVaultAccess } from "../decisions/evaluateVaultAccess.ts"
import type { CryptoWorld } from "../State.ts"
import { text } from "./cryptoOperation.ts"

/** A key stands in a vault or in a Managed HSM: exactly one of the two is named. */
export const holder = {
  VaultName: Schema.optionalKey(text("Name of the vault")),
  HsmName: Schema.optionalKey(text("Name of the Managed HSM, instead of a vault")),
}
export const keyName = { ...holder, Name: text("Name of the key") }
const date = (description: string) =>
  text(description).check(
    Schema.isPattern(
      /^(?:\d{1,2}\/\d{1,2}\/\d{4}|\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z?)?)$/,
    ),
  )
export const dates = {
  Expires: Schema.optionalKey(
    date("Customer Key accepts none but 12/31/9999; can be moved, never removed"),
  ),
  NotBefore: Schema.optionalKey(date("Before it the key wraps nothing")),
}
export const keyBinding = {
  positional: ["VaultName", "Name"],
  aliases: { KeyName: "Name" },
} as const

/** `12/31/9999`, as the pages write it, or an ISO day or instant; UTC. */
export const parseDate = (given: string | undefined): number | undefined => {
  if (given === undefined) return undefined
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(given.trim())
  const [, month = "", day = "", year = ""] = american ?? []
  const iso =
    american === null ? given : `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`
  return Option.getOrUndefined(Option.map(DateTime.make(iso), (it) => it.epochMilliseconds))
}

interface HolderParams {
  readonly VaultName?: string
  readonly HsmName?: string
}

interface HolderFacets {
  readonly holders: number
}

const oneHolder = gate<HolderFacets>()({
  name: "one-holder",
  facts: ["CRY-055", "CRY-066"],
  reads: ["holders"],
  check: ({ holders }) =>
    holders === 1
      ? pass("The command names one place.")
      : deny(
          "The command has to name a vault or a Managed HSM.",
          { holders },
          {
            code: "AmbiguousParameterSet",
            message:
              "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.",
          },
        ),
})

/** The name under which the vault or Managed HSM is kept. */
export const holderName = ({ VaultName, HsmName }: HolderParams): string =>
  HsmName === undefined ? (VaultName ?? "").toLowerCase() : managedHsmName(HsmName)

/** Whether exactly one place is named, and may be used so. */
export const holderAccess = (
  { world, actor, now }: Call<CryptoWorld>,
  params: HolderParams,
  permission: KeyPermission,
  load?: ThrottledOperation,
): Decision => {
  const holders = [params.VaultName, params.HsmName].filter((it) => it !== undefined).length
  return andThen(decideByGates([oneHolder], { holders }), () =>
    evaluateVaultAccess(world, {
      vault: holderName(params),
      actor,
      permission,
      now,
      ...(load === undefined ? {} : { load }),
    }),
  )
}

/** What is printed of a key; never its material (CRY-057). */
export const keyOutput = (
  world: CryptoWorld,
  vault: Vault,
  name: string,
  version: VaultKeyVersion,
): OutputObject => ({
  VaultName: shownName(vault),
  Name: name,
  Version: version.version,
  Id: keyUri(vault.name, name, version.version),
  KeyType: version.keyType,
  KeySize: version.sizeBits,
  KeyOps: [...version.keyOps],
  Enabled: version.isEnabled,
  NotBefore: version.notBefore === undefined ? null : isoOf(version.notBefore),
  Expires: version.expiresAt === undefined ? null : isoOf(version.expiresAt),
  Created: isoOf(version.createdAt),
  Updated: isoOf(version.changedAt),
  RecoveryLevel: recoveryLevelOf(world, vault),
  FipsLevel: fipsLevelOf(vault.kind, version.keyType),
})
