import { BlobStore, rawBytesOf } from "@twin/crypto"
import { messageOf } from "@twin/exchange"
import type { Client } from "@twin/kernel"
import { localDocumentOf } from "@twin/mip"
import { itemOf } from "@twin/spo"
import { Effect } from "effect"
import type { TenantWorld } from "./TenantWorld.ts"

/** Something whose bytes lie in storage, and the operation with which a person opens it. */
export interface StoredThing {
  readonly kind: "file" | "message" | "document"
  /** Stored objects of service encryption. */
  readonly objects: readonly string[]
  /** Blobs outside service encryption: a document on somebody's device. */
  readonly blobs: readonly string[]
  /** With software that opens whatever the person has rights to: the bytes are asked, not the client. */
  readonly open: {
    readonly operation: string
    readonly params: object
    readonly using: Partial<Client>
  }
}

const desktop: Partial<Client> = { app: "office-desktop" }

/** A file of a site, a message, or a document on a device, by whatever its domain calls it. */
export const storedThing = (world: TenantWorld, name: string): StoredThing | undefined => {
  const file = itemOf(world, name)
  if (file !== undefined) {
    return {
      kind: "file",
      objects: file.content === undefined ? [] : [file.content.objectId],
      blobs: [],
      open: { operation: "open-file", params: { file: file.id }, using: desktop },
    }
  }
  const message = messageOf(world, name)
  if (message !== undefined) {
    const copies = message.copies.flatMap(({ portalObject, deliveries }) => [
      ...(portalObject === undefined ? [] : [portalObject]),
      ...deliveries.map(({ storedAs }) => storedAs),
    ])
    return {
      kind: "message",
      objects: [
        ...new Set([...(message.sentItem === undefined ? [] : [message.sentItem]), ...copies]),
      ],
      blobs: [],
      open: { operation: "open-message", params: { message: message.id }, using: {} },
    }
  }
  const document = localDocumentOf(world, name)
  return document === undefined
    ? undefined
    : {
        kind: "document",
        objects: [],
        blobs: [document.blobId],
        open: { operation: "open-document", params: { file: name }, using: desktop },
      }
}

/** Everything that lies in storage of a thing, as somebody reads it off the disk. */
export const storedBytesOf = Effect.fn("storedBytesOf")(function* ({
  objects,
  blobs,
}: StoredThing) {
  const store = yield* BlobStore
  const parts = [
    ...(yield* Effect.forEach(objects, (id) => rawBytesOf(id))),
    ...(yield* Effect.forEach(blobs, (id) =>
      Effect.orElseSucceed(store.get(id), () => new Uint8Array()),
    )),
  ]
  return new Uint8Array(Buffer.concat(parts))
})
