import { type CryptoWorld, dataEncryptionPolicies, vaultOf } from "../State.ts"
import { keyUri, parseKeyUri } from "./AzureKeyVault.ts"
import type { DataEncryptionPolicy, PolicyKind } from "./DataEncryptionPolicy.ts"
import { versionOf } from "./keyAnswer.ts"

/** By name, distinguished name, identity or the identity of a version (the property of a mailbox shows the latter). */
export const policyOf = (
  world: CryptoWorld,
  o: { readonly kind: PolicyKind; readonly identity: string },
): DataEncryptionPolicy | undefined => {
  // A distinguished name begins with the name: `CN=Board mailboxes,...`.
  const given = /^cn=((?:\\.|[^,\\])+)/i.exec(o.identity)?.[1] ?? o.identity
  const wanted = given.toLowerCase()
  return dataEncryptionPolicies(world).find(
    ({ kind, id, name, versionIds }) =>
      kind === o.kind && (name.toLowerCase() === wanted || [id, ...versionIds].includes(wanted)),
  )
}

/** With the version that is newest now, where the address names none or `isNewest` is wanted (CRY-055). */
export const withVersion = (world: CryptoWorld, uri: string, isNewest: boolean): string => {
  const parsed = parseKeyUri(uri)
  const vault = parsed === undefined ? undefined : vaultOf(world, parsed.vault)
  if (parsed === undefined || vault === undefined) return uri
  const { version, ...unversioned } = parsed
  const found = versionOf(vault, isNewest ? unversioned : parsed)
  return keyUri(parsed.vault, parsed.name, found?.version ?? version)
}
