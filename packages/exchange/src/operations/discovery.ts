import {
  availabilityKeyAudit,
  type CryptoServices,
  evaluateStoredBytes,
  openAtRest,
} from "@twin/crypto"
import {
  andThen,
  type Call,
  type Decision,
  decideByGates,
  deny,
  gate,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { openForService } from "@twin/mip"
import { Effect, Option, Schema } from "effect"
import type { LowerEvent } from "../LowerEvent.ts"
import { decodeContent, textBytes } from "../MessageContent.ts"
import { digestOf } from "../mail-flow/Draft.ts"
import { type ExchangeEvent, type ExchangeWorld, irmConfigurationOf, messageOf } from "../State.ts"
import { message } from "./params.ts"

interface DiscoveryFacets {
  readonly isFound: boolean
  readonly eDiscoverySuperUserEnabled: boolean
  readonly isProtected: boolean
}

const itemFound = gate<DiscoveryFacets>()({
  name: "message-exists",
  facts: ["MIP-074"],
  reads: ["isFound"],
  check: ({ isFound }) =>
    isFound
      ? pass("A mailbox of the organization holds the message.")
      : deny("No mailbox of the organization holds such a message."),
})

const discoveryReads = gate<DiscoveryFacets>()({
  name: "discovery-decryption",
  facts: ["MIP-074", "MIP-173"],
  reads: ["eDiscoverySuperUserEnabled", "isProtected"],
  check: ({ eDiscoverySuperUserEnabled, isProtected }) => {
    const details = { EDiscoverySuperUserEnabled: eDiscoverySuperUserEnabled }
    if (!isProtected) return pass("The message is not protected.", details)
    return eDiscoverySuperUserEnabled
      ? pass("Discovery opens protected mail without being made super user.", details)
      : deny("The IRM configuration keeps discovery from opening protected mail.", details, {
          message: "The item is protected and was exported without being decrypted.",
        })
  },
})

/** What discovery found; a digest stands for the text (MIP-074, MIP-170). */
export const exportForDiscovery = operation({
  name: "ediscovery-export",
  summary: "Exports a message from a mailbox for discovery, decrypted where that is possible.",
  params: Schema.Struct({ message }),
  roles: ["eDiscovery Manager", "eDiscovery Administrator"],
  facts: ["CRY-086", "CRY-129", "MIP-074", "MIP-170"],
  decide: (call: Call<ExchangeWorld>, params) => exported(call, params.message),
})

const exported = Effect.fnUntraced(function* (
  call: Call<ExchangeWorld>,
  name: string,
): Effect.fn.Return<Ruling<ExchangeEvent | LowerEvent>, never, CryptoServices> {
  const found = copyOf(call.world, name)
  const contentId = found?.contentId
  const first = decideByGates([itemFound, discoveryReads], {
    isFound: found !== undefined,
    eDiscoverySuperUserEnabled: irmConfigurationOf(call.world).EDiscoverySuperUserEnabled,
    isProtected: found?.isProtected ?? false,
  })
  if (found === undefined || first.outcome !== "allow") return { decision: first }
  // Discovery is work of the service itself, so the availability key serves it (CRY-086).
  const request = { origin: "System", now: call.now } as const
  const stored = andThen(first, () => evaluateStoredBytes(call.world, found.storedAs, request))
  const record = availabilityKeyAudit(call.world, found.storedAs, request)
  const audit = record === undefined ? [] : [record]
  const opening = Effect.option(openAtRest(call.world, found.storedAs, request))
  const bytes = Option.getOrUndefined(yield* opening)
  const opened =
    contentId === undefined || bytes === undefined
      ? { decision: stored, plaintext: bytes }
      : yield* openForService(call, { bytes, contentId, service: "Exchange" })
  const decision: Decision =
    contentId === undefined ? stored : andThen(stored, () => opened.decision)
  const content = opened.plaintext === undefined ? undefined : decodeContent(opened.plaintext)
  if (decision.outcome !== "allow" || content === undefined) return { decision, audit }
  return {
    decision,
    audit,
    output: [
      {
        message: found.id,
        subject: content.subject,
        isDecrypted: found.isProtected,
        sha256: digestOf(textBytes(content.body)),
        attachments: content.attachments.map((file) => file.name),
      },
    ],
  }
})

interface Found {
  readonly id: string
  readonly storedAs: string
  readonly isProtected: boolean
  readonly contentId: string | undefined
}

const copyOf = (world: ExchangeWorld, name: string): Found | undefined => {
  const sent = messageOf(world, name)
  if (sent === undefined) return undefined
  for (const { deliveries, protection } of sent.copies) {
    const delivery = deliveries.find(({ isInternal }) => isInternal)
    if (delivery === undefined) continue
    return {
      id: sent.id,
      storedAs: delivery.storedAs,
      isProtected: protection.kind !== "none",
      contentId: protection.contentId,
    }
  }
  return sent.sentItem === undefined
    ? undefined
    : {
        id: sent.id,
        storedAs: sent.sentItem,
        isProtected: sent.sentItemProtection.kind !== "none",
        contentId: sent.sentItemProtection.contentId,
      }
}
