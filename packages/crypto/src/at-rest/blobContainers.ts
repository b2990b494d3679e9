import { days } from "@twin/kernel"
import { Effect, HashMap, Option } from "effect"
import { BlobStore } from "../BlobStore.ts"
import { KeyVault } from "../KeyVault.ts"
import { hmacSha256, isEqual, sha256 } from "../Primitives.ts"
import type { CryptoWorld } from "../State.ts"
import { blobContainerCount } from "./blobContainerCount.ts"
import { chunkBlob, contentMapBlob, peekContentMap } from "./ContentMap.ts"

export const blobContainers: readonly string[] = Array.from(
  { length: blobContainerCount },
  (_, index) => `container-${index}`,
)

/** Each kind of access to a container has a credential of its own (CRY-029). */
export const containerAccess = ["read", "write", "enumerate", "delete"] as const
export type ContainerAccess = (typeof containerAccess)[number]

/** How long a credential lasts: "regularly", so a twin parameter. */
export const credentialDays = 30

/** Counts the refreshes since the beginning of time. */
export const credentialGeneration = (now: number): number => Math.floor(now / days(credentialDays))

const credentialKey = (container: string, access: ContainerAccess, generation: number): string =>
  `key-store/container-credential/${container}/${access}/${generation}`

/** A request as it is signed: nothing of it can be changed on the way. */
export interface ContainerRequest {
  readonly container: string
  readonly access: ContainerAccess
  readonly blob: string
}

const wordsOf = ({ container, access, blob }: ContainerRequest): Uint8Array =>
  Buffer.from(JSON.stringify([container, access, blob]))

/** Signs with the credential that somebody holds, whatever they want to do with it. */
export const signRequest = Effect.fnUntraced(function* (
  held: { readonly access: ContainerAccess; readonly generation: number },
  request: ContainerRequest,
) {
  const vault = yield* KeyVault
  const keyId = credentialKey(request.container, held.access, held.generation)
  yield* vault.createSymmetricKey(keyId)
  return hmacSha256(yield* Effect.orDie(vault.symmetricKey(keyId)), wordsOf(request))
})

/** The container's own check: the credential for this kind of access, of this time, and no other. */
export const isRequestSigned = Effect.fnUntraced(function* (
  request: ContainerRequest,
  signature: Uint8Array,
  now: number,
) {
  const held = { access: request.access, generation: credentialGeneration(now) }
  return isEqual(signature, yield* signRequest(held, request))
})

/** A chunk as a container knows it: a name that says nothing, and bytes. */
export interface ContainerBlob {
  readonly name: string
  readonly blobId: string
}

const opaqueName = (blobId: string): string =>
  Buffer.from(sha256(Buffer.from(blobId)).subarray(0, 12)).toString("hex")

/** What lies in a container: chunks of any file of any site, in no order that means anything (CRY-027). */
export const blobsIn = Effect.fnUntraced(function* (world: CryptoWorld, container: string) {
  const blobs = yield* BlobStore
  const found: ContainerBlob[] = []
  for (const { workload, objectId } of HashMap.values(world.crypto.objects)) {
    if (workload !== "SharePoint") continue
    const bytes = yield* Effect.option(blobs.get(contentMapBlob(objectId)))
    const map = Option.flatMap(bytes, peekContentMap)
    for (const { blob, store } of Option.isSome(map) ? map.value.chunks : []) {
      if (blobContainers[store ?? 0] !== container) continue
      const blobId = chunkBlob(objectId, blob)
      found.push({ name: opaqueName(blobId), blobId })
    }
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1))
})
