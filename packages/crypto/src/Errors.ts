import { Schema } from "effect"

/** No usable key of that id: it never existed, or it was destroyed. Deny; there is no other way in. */
export class KeyNotFound extends Schema.TaggedError<KeyNotFound>()("KeyNotFound", {
  keyId: Schema.String,
}) {
  override get message(): string {
    return `There is no key '${this.keyId}'.`
  }
}

/** Nothing is stored under that id. */
export class BlobNotFound extends Schema.TaggedError<BlobNotFound>()("BlobNotFound", {
  blobId: Schema.String,
}) {
  override get message(): string {
    return `Nothing is stored as '${this.blobId}'.`
  }
}

/** A primitive refused: a key, length or format that the algorithm does not take, or a failed integrity check. */
export class DoesNotOpen extends Schema.TaggedError<DoesNotOpen>()("DoesNotOpen", {
  algorithm: Schema.String,
  reason: Schema.Literals(["key-length", "input-length", "iv-length", "integrity", "encoding"]),
}) {
  override get message(): string {
    return `${this.algorithm} refuses: ${this.reason}.`
  }
}

/**
 * The service cannot turn stored bytes back into content. `gate` is the gate of `evaluateStoredBytes`
 * that refused; `damaged` where the gates allow and the bytes themselves do not open.
 */
export class StoredBytesUnreadable extends Schema.TaggedError<StoredBytesUnreadable>()(
  "StoredBytesUnreadable",
  {
    objectId: Schema.String,
    reason: Schema.Literals(["refused", "damaged"]),
    gate: Schema.optionalKey(Schema.String),
    detail: Schema.String,
  },
) {
  override get message(): string {
    return `The stored bytes of '${this.objectId}' cannot be read: ${this.detail}`
  }
}

/** These bytes are no protected content of this tenant, or somebody changed them. */
export class EnvelopeInvalid extends Schema.TaggedError<EnvelopeInvalid>()("EnvelopeInvalid", {
  reason: Schema.Literals(["not-protected", "signature", "tenant-key-missing", "damaged"]),
  detail: Schema.String,
}) {
  override get message(): string {
    return `The protected content cannot be used: ${this.detail}`
  }
}

/** The use licence does not open this content for this principal at this moment. */
export class LicenceInvalid extends Schema.TaggedError<LicenceInvalid>()("LicenceInvalid", {
  reason: Schema.Literals([
    "signature",
    "other-principal",
    "other-content",
    "expired",
    "not-yet-valid",
    "no-rights",
    "key-missing",
    "double-key",
  ]),
}) {
  override get message(): string {
    return `The use licence does not open this content: ${this.reason}.`
  }
}

/** Nobody answers where the customer's key service should. Ask again later. */
export class KeyServiceUnreachable extends Schema.TaggedError<KeyServiceUnreachable>()(
  "KeyServiceUnreachable",
  { url: Schema.String },
) {
  override get message(): string {
    return `No key service answers at '${this.url}'.`
  }
}

/** The customer's key service answers, and does not serve: the status is its whole answer. */
export class DoubleKeyRefused extends Schema.TaggedError<DoubleKeyRefused>()("DoubleKeyRefused", {
  url: Schema.String,
  status: Schema.Int,
}) {
  override get message(): string {
    return `The key service refuses '${this.url}' with status ${this.status}.`
  }
}
