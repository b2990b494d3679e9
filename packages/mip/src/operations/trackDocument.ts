import { type Call, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { evaluateRevocation, evaluateTracking } from "../decisions/evaluateRevocation.ts"
import { canonicalAddress } from "../identityClass.ts"
import type { MipEvent } from "../MipEvent.ts"
import { localDocumentOf, type MipWorld } from "../State.ts"
import { revocationRequested } from "../serviceLoad.ts"
import { attemptRows, isHiddenFromOwners } from "./documentTracking.ts"

const target = {
  file: Schema.NonEmptyString.annotate({
    description: "A protected file by name or id, or a content id",
  }),
}

/** Administrators of the protection service may track and revoke what others protected (MIP-224). */
const adminRoles = ["Global Administrator", "Azure Information Protection Administrator"]

const requestOf = ({ world, actor, now }: Call<MipWorld>, file: string) => ({
  world,
  contentId: localDocumentOf(world, file)?.contentId ?? file.toLowerCase(),
  isSameSession: localDocumentOf(world, file)?.sessionOf === canonicalAddress(world, actor.id),
  address: actor.id,
  now,
  isAdmin: adminRoles.some((it) => actor.roles.includes(it)),
  isInOffice: true,
})

export const trackDocument = operation({
  name: "track-document",
  summary: "Shows who asked for a licence for a document.",
  params: Schema.Struct(target),
  facts: ["MIP-221", "MIP-222", "MIP-230"],
  isReadOnly: true,
  decide: (call: Call<MipWorld>, { file }): Ruling<MipEvent> => {
    const request = requestOf(call, file)
    const decision = evaluateTracking(request)
    if (decision.outcome !== "allow") return { decision }
    const { contentId, isAdmin } = request
    return {
      decision,
      output: attemptRows(call.world, contentId).filter(
        ({ RequesterEmail }) => isAdmin || !isHiddenFromOwners(call.world, RequesterEmail),
      ),
    }
  },
})

export const revokeDocument = operation({
  name: "revoke-document",
  summary: "Takes access to a document away: nobody but its issuer gets a licence any more.",
  params: Schema.Struct(target),
  facts: ["MIP-224", "MIP-225", "MIP-227", "MIP-228"],
  decide: (call: Call<MipWorld>, { file }): Ruling<MipEvent> => {
    const request = requestOf(call, file)
    const decision = evaluateRevocation(request)
    if (decision.outcome !== "allow") return { decision }
    const { contentId } = request
    return {
      decision,
      events: [
        {
          _tag: "ContentRevoked",
          contentId,
          by: canonicalAddress(call.world, call.actor.id),
          at: call.now,
        },
        revocationRequested(call),
      ],
      output: [{ content: contentId, revoked: true }],
      warnings: [
        "Licences that were issued already open the document until they end: revoking does not recall them.",
      ],
    }
  },
})
