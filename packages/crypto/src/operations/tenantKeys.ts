import { decideByGates, deny, gate, pass } from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import {
  type KeyPermission,
  keyOfVault,
  parseKeyUri,
  permissionOf,
  servicePrincipals,
} from "../customer-key/AzureKeyVault.ts"
import { keyAnswer, versionOf } from "../customer-key/keyAnswer.ts"
import { withVersion } from "../customer-key/policyLookup.ts"
import { KeyVault } from "../KeyVault.ts"
import { type TenantKey, tenantKeysOf } from "../rights/TenantKey.ts"
import { type CryptoEvent, type CryptoWorld, vaultOf } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

/** Who administers the protection service. */
const roles = [
  "Global Administrator",
  "Azure Information Protection Administrator",
  "Compliance Administrator",
] as const

interface BroughtKeyFacets {
  readonly isFound: boolean
  readonly keyType: string
  readonly sizeBits: number
  readonly missingOps: number
  readonly missingPermissions: number
  readonly isReachable: boolean
}

const keyFound = gate<BroughtKeyFacets>()({
  name: "brought-key",
  facts: ["CRY-055", "CRY-139"],
  reads: ["isFound"],
  check: ({ isFound }) =>
    isFound
      ? pass("The address names a key that exists.")
      : deny("The address names no key that exists.", {}, failedToAdd),
})

const keyKind = gate<BroughtKeyFacets>()({
  name: "brought-key-kind",
  facts: ["CRY-139"],
  reads: ["keyType", "sizeBits", "missingOps"],
  check: ({ keyType, sizeBits, missingOps }) => {
    if (!keyType.startsWith("RSA") || (sizeBits !== 2048 && sizeBits !== 1024)) {
      return deny(
        "The key has to be an RSA key of 2048 bits, or of 1024 for old content.",
        {
          keyType,
          sizeBits,
        },
        failedToAdd,
      )
    }
    return missingOps === 0
      ? pass("Kind, length and permitted operations of the key fit.", { keyType, sizeBits })
      : deny(
          "The key does not permit every operation that the service needs.",
          { missingOps },
          failedToAdd,
        )
  },
})

const keyPermitted = gate<BroughtKeyFacets>()({
  name: "brought-key-permissions",
  facts: ["CRY-042", "CRY-139"],
  reads: ["missingPermissions", "isReachable"],
  check: ({ missingPermissions, isReachable }) =>
    missingPermissions === 0 && isReachable
      ? pass("The protection service may get the key, decrypt and sign with it.")
      : deny("The protection service may not use the key.", { missingPermissions }, failedToAdd),
})

const failedToAdd = {
  code: "KeyVaultAccessFailed",
  message: "The Rights Management service failed to add the key.",
}

const needed: readonly KeyPermission[] = [
  "encrypt",
  "decrypt",
  "wrapKey",
  "unwrapKey",
  "sign",
  "verify",
]

const broughtKeyFacets = (world: CryptoWorld, url: string): BroughtKeyFacets => {
  const principal = servicePrincipals.RightsManagement
  const parsed = parseKeyUri(url)
  const vault = parsed && vaultOf(world, parsed.vault)
  const version = parsed && vault && versionOf(vault, parsed)
  const granted = permissionOf(vault, principal)?.keys ?? []
  const answer = keyAnswer(world, { uri: url, principal, operation: "decrypt" })
  return {
    isFound:
      version !== undefined && keyOfVault(vault, parsed?.name ?? "")?.deletedAt === undefined,
    keyType: version?.keyType ?? "",
    sizeBits: version?.sizeBits ?? 0,
    missingOps: needed.filter((it) => version?.keyOps.includes(it) !== true).length,
    missingPermissions: (["get", "decrypt", "sign"] as const).filter((it) => !granted.includes(it))
      .length,
    isReachable: answer.result === "Success",
  }
}

export const useAipServiceKeyVaultKey = cryptoOperation({
  name: "Use-AipServiceKeyVaultKey",
  summary:
    "Registers a key in Azure Key Vault as a tenant key of the protection service; archived at first.",
  params: Schema.Struct({
    KeyVaultKeyUrl: text("Address of the key, with its version"),
    FriendlyName: Schema.optionalKey(Schema.String),
    Force: Schema.optionalKey(Schema.Boolean),
  }),
  roles,
  facts: ["CRY-139", "CRY-140"],
  binding: { positional: ["KeyVaultKeyUrl"], switches: ["Force"] },
  decide: ({ world, now, draw }, { KeyVaultKeyUrl: url, FriendlyName }) => {
    const decision = decideByGates([keyFound, keyKind, keyPermitted], broughtKeyFacets(world, url))
    if (decision.outcome !== "allow") return { decision }
    const identifier = draw.guid("tenant key")
    const keyId = withVersion(world, url, false)
    const registered: CryptoEvent = {
      _tag: "TenantKeyRegistered",
      key: {
        identifier,
        url,
        keyId,
        ...(FriendlyName === undefined ? {} : { friendlyName: FriendlyName }),
        createdAt: now,
      },
    }
    return {
      decision,
      events: [registered],
      output: [{ id: identifier, KeyIdentifier: identifier, Status: "Archived" }],
    }
  },
})

const listed = gate<object>()({
  name: "listed",
  facts: ["CRY-138"],
  reads: [],
  check: () => pass("Names and states of the tenant keys may be seen, never the keys."),
})

/** Shown for a brought key only; empty where it is not shown or gone. */
const publicKeyOf = Effect.fnUntraced(function* ({ keyId, keyType }: TenantKey) {
  if (keyType === "Microsoft-managed") return ""
  const vault = yield* KeyVault
  const key = yield* Effect.option(vault.publicKey(keyId))
  return Option.match(key, {
    onNone: () => "",
    onSome: (it) => it.export({ type: "spki", format: "der" }).toString("base64"),
  })
})

export const getAipServiceKeys = cryptoOperation({
  name: "Get-AipServiceKeys",
  summary: "Lists the tenant keys of the protection service, never the keys themselves.",
  params: Schema.Struct({}),
  roles,
  facts: ["CRY-138", "CRY-141"],
  isReadOnly: true,
  decide: ({ world }) =>
    Effect.gen(function* () {
      const output = yield* Effect.forEach(tenantKeysOf(world), (key) =>
        Effect.map(publicKeyOf(key), (PublicKey) => ({
          KeyIdentifier: key.identifier,
          FriendlyName: key.friendlyName,
          KeyType: key.keyType,
          Status: key.status,
          ...(PublicKey === "" ? {} : { PublicKey }),
        })),
      )
      return { decision: decideByGates([listed], {}), output }
    }),
})

interface ActivationFacets {
  readonly isKnown: boolean
  readonly isActivating: boolean
}

const keyKnown = gate<ActivationFacets>()({
  name: "tenant-key",
  facts: ["CRY-138", "CRY-141"],
  reads: ["isKnown"],
  check: ({ isKnown }) =>
    isKnown
      ? pass("The tenant has this key.")
      : deny(
          "The tenant has no such key, and Microsoft makes no new one.",
          {},
          {
            code: "KeyNotFound",
            message: "The key identifier does not match a tenant key of this organization.",
          },
        ),
})

const onlyActivates = gate<ActivationFacets>()({
  name: "activation",
  facts: ["CRY-141"],
  reads: ["isActivating"],
  check: ({ isActivating }) =>
    isActivating
      ? pass("The key becomes active, and the one before it is archived.")
      : deny(
          "A key is archived only by activating another one.",
          {},
          {
            code: "InvalidParameter",
            message: "You cannot archive the active tenant key. Set another key to active instead.",
          },
        ),
})

export const setAipServiceKeyProperties = cryptoOperation({
  name: "Set-AipServiceKeyProperties",
  summary:
    "Makes another tenant key the active one: new content uses it, old content keeps its own.",
  params: Schema.Struct({
    KeyIdentifier: text("GUID of the tenant key"),
    Active: Schema.Boolean,
    Force: Schema.optionalKey(Schema.Boolean),
    RefreshSlcName: Schema.optionalKey(Schema.Boolean),
  }),
  roles,
  facts: ["CRY-141", "CRY-143"],
  binding: { positional: ["KeyIdentifier"], switches: ["Force", "RefreshSlcName"] },
  decide: ({ world, now }, { KeyIdentifier: identifier, Active: isActivating }) => {
    const isKnown = tenantKeysOf(world).some((key) => key.identifier === identifier)
    const decision = decideByGates([keyKnown, onlyActivates], { isKnown, isActivating })
    const activated: CryptoEvent = { _tag: "TenantKeyActivated", identifier, at: now }
    return decision.outcome === "allow" ? { decision, events: [activated] } : { decision }
  },
})
