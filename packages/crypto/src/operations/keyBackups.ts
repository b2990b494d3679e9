import { andThen, decideByGates, deny, gate, isoOf, pass } from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import { BlobStore } from "../BlobStore.ts"
import { keyOfVault, keyUri, VaultKeyVersion, VaultKind } from "../customer-key/AzureKeyVault.ts"
import {
  backupFile,
  backupSubscription,
  keyFacets,
  keyKnown,
  type RestoreFacets,
  restoreName,
} from "../decisions/vaultKeyGates.ts"
import { KeyVault } from "../KeyVault.ts"
import { type CryptoEvent, type CryptoWorld, vaultOf } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { holder, holderAccess, holderName, keyBinding, keyName, keyOutput } from "./keyHolder.ts"

/** What a backup says of itself; the keys are in it as ciphertext only (CRY-049). */
const Backup = Schema.fromJsonString(
  Schema.Struct({
    format: Schema.Literal("twin-key-backup/1"),
    kind: VaultKind,
    subscription: Schema.String,
    vault: Schema.String,
    key: Schema.String,
    versions: Schema.Array(VaultKeyVersion),
    sealed: Schema.Uint8ArrayFromBase64,
  }),
)
type Backup = typeof Backup.Type
const decode = Schema.decodeUnknownOption(Backup)
const encode = Schema.encodeSync(Backup)

const blobOf = (file: string): string => `key-backups/${file}`

/** Azure's own key, one for each subscription: no other subscription opens what it protects. */
const backupKeyOf = (subscription: string): string =>
  `azure-key-backup/${subscription.toLowerCase()}`

const keyIdsOf = ({ vault, key, versions }: Pick<Backup, "vault" | "key" | "versions">) =>
  versions
    .filter(({ keyType }) => !keyType.startsWith("EC"))
    .map(({ version }) => keyUri(vault, key, version))

const contextOf = (o: Omit<Backup, "sealed" | "format">): string => JSON.stringify(o)

export const backupAzKeyVaultKey = cryptoOperation({
  name: "Backup-AzKeyVaultKey",
  summary: "Writes a key with all its versions into a file that only Azure can open.",
  params: Schema.Struct({
    ...keyName,
    OutputFile: Schema.optionalKey(text("File; its name should end with .backup")),
    Force: Schema.optionalKey(Schema.Boolean),
  }),
  facts: ["CRY-049", "CRY-057"],
  binding: { ...keyBinding, switches: ["Force"] },
  decide: (call, params) =>
    Effect.gen(function* () {
      const { world, now } = call
      const name = holderName(params)
      const vault = vaultOf(world, name)
      const key = keyOfVault(vault, params.Name)
      const blobs = yield* BlobStore
      const file =
        params.OutputFile ??
        `backup-${params.VaultName ?? params.HsmName ?? ""}-${params.Name}-${isoOf(now).replaceAll(":", "")}.backup`
      const isTaken = (yield* blobs.find(blobOf(file))) !== undefined
      const decision = andThen(holderAccess(call, params, "backup"), () =>
        andThen(decideByGates([keyKnown], keyFacets(world, name, params.Name)), () =>
          decideByGates([outputFile], { file, isInTheWay: isTaken && params.Force !== true }),
        ),
      )
      if (decision.outcome !== "allow" || vault === undefined || key === undefined) {
        return { decision }
      }
      const { kind, subscription } = vault
      const about = { kind, subscription, vault: name, key: key.name, versions: key.versions }
      const keys = yield* KeyVault
      const backupKeyId = backupKeyOf(subscription)
      yield* keys.createSymmetricKey(backupKeyId)
      const context = contextOf(about)
      const backup = { keyIds: keyIdsOf(about), backupKeyId, context }
      const sealed = yield* Effect.orDie(keys.backUp(backup))
      const written = encode({ format: "twin-key-backup/1", ...about, sealed })
      yield* blobs.put(blobOf(file), Buffer.from(written))
      const warnings = file.endsWith(".backup") ? [] : [`'${file}' does not end with .backup.`]
      const events: readonly CryptoEvent[] = [
        { _tag: "VaultKeyBackedUp", vault: name, key: key.name, at: now },
      ]
      return { decision, events, output: [{ OutputFile: file }], warnings }
    }),
})

interface OutputFacets {
  readonly file: string
  readonly isInTheWay: boolean
}

const outputFile = gate<OutputFacets>()({
  name: "output-file",
  facts: ["CRY-049"],
  reads: ["file", "isInTheWay"],
  check: ({ file, isInTheWay }) =>
    isInTheWay
      ? deny(
          "The file is there already.",
          { file },
          { code: "IOException", message: `The file '${file}' already exists.` },
        )
      : pass("The file can be written.", { file }),
})

const facetsOf = (
  world: CryptoWorld,
  name: string,
  file: string,
  backup: Backup | undefined,
): RestoreFacets => {
  const vault = vaultOf(world, name)
  return {
    file,
    isBackupKnown: backup !== undefined,
    isKindAlike: backup?.kind === vault?.kind,
    isOwnSubscription: backup?.subscription.toLowerCase() === vault?.subscription.toLowerCase(),
    isNameTaken: keyOfVault(vault, backup?.key ?? "") !== undefined,
  }
}

export const restoreAzKeyVaultKey = cryptoOperation({
  name: "Restore-AzKeyVaultKey",
  summary: "Brings a key back out of a backup, with all its versions, where no key has its name.",
  params: Schema.Struct({ ...holder, InputFile: text("File of a backup") }),
  facts: ["CRY-049", "CRY-114"],
  binding: { positional: ["VaultName", "InputFile"] },
  decide: (call, params) =>
    Effect.gen(function* () {
      const { world } = call
      const file = params.InputFile
      const blobs = yield* BlobStore
      const bytes = Option.fromUndefinedOr(yield* blobs.find(blobOf(file)))
      const found = Option.flatMap(bytes, (it) => decode(Buffer.from(it).toString("utf8")))
      const backup = Option.getOrUndefined(found)
      const name = holderName(params)
      const vault = vaultOf(world, name)
      const gates = [backupFile, backupSubscription, restoreName] as const
      const decision = andThen(holderAccess(call, params, "restore"), () =>
        decideByGates(gates, facetsOf(world, name, file, backup)),
      )
      if (decision.outcome !== "allow" || vault === undefined || backup === undefined) {
        return { decision }
      }
      const { format: _format, sealed, ...about } = backup
      const keys = yield* KeyVault
      const isRestored = yield* keys.restore({
        keyIds: keyIdsOf({ ...about, vault: name }),
        backupKeyId: backupKeyOf(vault.subscription),
        context: contextOf(about),
        sealed,
      })
      if (!isRestored) {
        const damaged = { ...facetsOf(world, name, file, backup), isBackupKnown: false }
        return { decision: andThen(decision, () => decideByGates([backupFile], damaged)) }
      }
      const { key, versions } = backup
      const event: CryptoEvent = { _tag: "VaultKeyRestored", vault: name, key, versions }
      const newest = versions.slice(-1).map((version) => keyOutput(world, vault, key, version))
      return { decision, events: [event], output: newest }
    }),
})
