import {
  type DoubleKeyRefused,
  type EnvelopeInvalid,
  type KeyServiceUnreachable,
  type LicenceInvalid,
  readPublishingPolicy,
} from "@twin/crypto"
import { andThen, type Decision, decideByGates, deny, gate } from "@twin/kernel"
import { Effect } from "effect"
import type { MipWorld } from "../State.ts"

/** Why bytes cannot be used as protected content. */
export type EnvelopeProblem = EnvelopeInvalid["reason"] | LicenceInvalid["reason"] | "other-content"

/** A failure on the way to the plaintext as such a problem. */
export const problemOf = (
  failure: EnvelopeInvalid | LicenceInvalid | KeyServiceUnreachable | DoubleKeyRefused,
): EnvelopeProblem =>
  failure._tag === "KeyServiceUnreachable" || failure._tag === "DoubleKeyRefused"
    ? "double-key"
    : failure.reason

/** The id in the publishing licence; the problem where the bytes hold none that verifies. */
export const readContentId = Effect.fnUntraced(function* (world: MipWorld, bytes: Uint8Array) {
  const policy = yield* Effect.result(readPublishingPolicy(world, bytes))
  return policy._tag === "Success"
    ? { contentId: policy.success.contentId }
    : { problem: policy.failure.reason }
})

interface EnvelopeFacets {
  readonly problem: EnvelopeProblem
}

const publishingLicence = gate<EnvelopeFacets>()({
  name: "publishing-licence",
  facts: ["MIP-027", "MIP-028"],
  reads: ["problem"],
  check: ({ problem }) =>
    deny(
      "The bytes hold no publishing licence that the service can use.",
      { problem },
      {
        code: problem === "tenant-key-missing" ? "CustomerKeyUnavailableError" : "BadInputError",
        message: "The content is damaged or was not protected by this organization.",
      },
    ),
})

/** The refusal, after the gates that were asked before. */
export const envelopeRefused = (problem: EnvelopeProblem, before?: Decision): Decision => {
  const refused = { ...decideByGates<EnvelopeFacets>([publishingLicence], { problem }), rights: [] }
  return before === undefined ? refused : andThen({ ...before, outcome: "allow" }, () => refused)
}
