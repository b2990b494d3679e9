import { type Call, decidingGate, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { accessSymptoms, symptomOf } from "../accessSymptoms.ts"
import { evaluateOpenContent } from "../decisions/evaluateOpenContent.ts"
import type { MipEvent } from "../MipEvent.ts"
import { localDocumentOf, type MipWorld, protectionOf } from "../State.ts"
import { sdkErrorOf } from "../sdkError.ts"
import { evaluateFileKnown } from "./file.ts"

/** An address of every trusted network, to ask the same question from there. */
const trustedAddresses = (world: MipWorld): readonly string[] =>
  Object.values(world.identity.namedLocations)
    .filter(({ isTrusted }) => isTrusted)
    .flatMap(({ ipRanges }) => ipRanges.map((range) => range.split("/")[0] ?? range))

/** What a help desk would look at: the part that fails, and who has to change what (MIP-175). */
export const explainAccess = operation({
  name: "explain-access",
  summary: "Tells why somebody can or cannot open a content, and where that is changed.",
  params: Schema.Struct({
    file: Schema.NonEmptyString.annotate({ description: "A file by name or id, or a content id" }),
  }),
  facts: ["MIP-175", "MIP-194"],
  isReadOnly: true,
  decide: ({ world, actor, now }: Call<MipWorld>, { file }): Ruling<MipEvent> => {
    const contentId = localDocumentOf(world, file)?.contentId ?? file.toLowerCase()
    if (protectionOf(world, contentId) === undefined) {
      return { decision: evaluateFileKnown(undefined) }
    }
    const ask = (ipAddress: string) =>
      evaluateOpenContent({
        world,
        contentId,
        address: actor.id,
        client: { ...actor.client, ipAddress },
        now,
      })
    const decision = ask(actor.client.ipAddress)
    const { name, reason, details } = decidingGate(decision)
    const family = symptomOf({
      isAllowed: decision.outcome === "allow",
      gate: name,
      opensAtWork: trustedAddresses(world).some((it) => ask(it).outcome === "allow"),
    })
    const { symptom, cause, cures } = accessSymptoms[family]
    return {
      decision: evaluateFileKnown(localDocumentOf(world, file) ?? emptyDocument),
      output: [
        {
          outcome: decision.outcome,
          gate: name,
          reason,
          part: details["part"] ?? null,
          sdkError: sdkErrorOf(decision)?.type ?? null,
          sdkCategory: sdkErrorOf(decision)?.category ?? null,
          sdkExtent: sdkErrorOf(decision)?.extent ?? null,
          family,
          symptom,
          cause,
          cures,
        },
      ],
    }
  },
})

/** A content id names something that is there, although no file is. */
const emptyDocument = { id: "content", name: "content", savedBy: "-", savedAt: 0, blobId: "-" }
