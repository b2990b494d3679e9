import { Schema } from "effect"

/** These bytes are no certificate that can be used here. */
export class CertificateUnusable extends Schema.TaggedError<CertificateUnusable>()(
  "CertificateUnusable",
  {
    reason: Schema.Literals(["not-a-certificate", "too-large", "key", "empty-chain"]),
  },
) {
  override get message(): string {
    return `The certificate cannot be used: ${this.reason}.`
  }
}
