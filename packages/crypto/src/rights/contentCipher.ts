import { type Dated, inForce } from "@twin/kernel"
import { Option, Result } from "effect"
import {
  decryptCbc,
  decryptEcb,
  deriveKey,
  encryptCbc,
  encryptEcb,
  hmacSha256,
  isEqual,
  sha256,
} from "../Primitives.ts"
import type { ContentCipher } from "./Envelope.ts"

/** What is protected: Office documents and mail changed their cipher, other files never had ECB. */
export type ContentKind = "office" | "mail" | "other"

/** "From late August 2023, default by October 2023": the twin switches on the first of October. */
const officeCipher: Dated<ContentCipher> = {
  before: "AES-128-ECB",
  changes: [{ from: "2023-10-01", value: "AES-256-CBC" }],
}

/** The cipher in force when content of this kind is protected (CRY-133). */
export const contentCipherAt = (kind: ContentKind, now: number): ContentCipher =>
  kind === "other" ? "AES-256-CBC" : inForce(officeCipher, now)

export const contentKeyBytes = (cipher: ContentCipher): number =>
  cipher === "AES-256-CBC" ? 32 : 16

const ivBytes = 16

/** What a content key and its licence make of a plaintext. */
export interface Encrypted {
  readonly contentMac: Uint8Array
  readonly content: Uint8Array
}

/** The key and the licence that one content belongs to. */
export interface ContentLock {
  readonly cipher: ContentCipher
  readonly contentKey: Uint8Array
  /** Bound into the code, so that content cannot move under another licence. */
  readonly licenceBytes: Uint8Array
}

/** Encrypts, then authenticates. `iv`: 16 random bytes; ECB has no use for them. */
export const encryptContent = (
  lock: ContentLock,
  plaintext: Uint8Array,
  iv: Uint8Array,
): Encrypted => {
  const content =
    lock.cipher === "AES-256-CBC"
      ? Buffer.concat([iv, encryptCbc(lock.contentKey, iv, plaintext)])
      : encryptEcb(lock.contentKey, plaintext)
  return { contentMac: macOf(lock, content), content }
}

/** Nothing at all comes out unless the code is right. */
export const decryptContent = (
  lock: ContentLock,
  { content, contentMac }: Encrypted,
): Option.Option<Uint8Array> => {
  if (!isEqual(contentMac, macOf(lock, content))) return Option.none()
  return Result.getSuccess(
    lock.cipher === "AES-256-CBC"
      ? decryptCbc(lock.contentKey, content.subarray(0, ivBytes), content.subarray(ivBytes))
      : decryptEcb(lock.contentKey, content),
  )
}

const macOf = ({ contentKey, licenceBytes }: ContentLock, content: Uint8Array): Uint8Array =>
  hmacSha256(deriveKey(contentKey, "content code"), Buffer.concat([sha256(licenceBytes), content]))
