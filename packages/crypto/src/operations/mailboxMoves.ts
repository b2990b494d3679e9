import {
  type Call,
  decideByGates,
  deny,
  gate,
  notRecognized,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import { sealAtRest } from "../at-rest/sealAtRest.ts"
import { BlobStore } from "../BlobStore.ts"
import type { CryptoServices } from "../CryptoServices.ts"
import { UnencryptedPlace } from "../customer-key/CustomerTenant.ts"
import { worldAfter } from "../customer-key/policyKeys.ts"
import { evaluateSealing } from "../decisions/evaluateStoredBytes.ts"
import { ownValue } from "../ownValue.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { mailboxPolicyRoles } from "./mailboxPolicies.ts"

/** Where content lies that the service does not encrypt: in the clear, under the disk at best. */
const plainBlob = (mailbox: string, objectId: string): string =>
  `unencrypted/${mailbox}/${objectId}`

const held = gate<object>()({
  name: "unencrypted-mail",
  facts: ["CRY-006", "CRY-075"],
  reads: [],
  check: () => pass("What lies outside service encryption is not protected by Customer Key."),
})

export const holdUnencryptedMail = cryptoOperation({
  name: "hold-unencrypted-mail",
  summary:
    "Puts a message into a mailbox on premises, or into one in the cloud that has no encryption yet.",
  params: Schema.Struct({
    mailbox: text("Address"),
    place: UnencryptedPlace,
    objectId: text("Name of the message"),
    text: text("What it says"),
  }),
  facts: ["CRY-006", "CRY-075", "CRY-076"],
  secrets: ["text"],
  decide: (_call, params) =>
    Effect.gen(function* () {
      const blobs = yield* BlobStore
      const mailbox = params.mailbox.toLowerCase()
      const { objectId, place } = params
      yield* blobs.put(plainBlob(mailbox, objectId), Buffer.from(params.text))
      const event: CryptoEvent = { _tag: "RecipientItemHeld", mailbox, place, objectId }
      return { decision: decideByGates([held], {}), events: [event] }
    }),
})

interface MoveFacets {
  readonly place: string
  readonly isRemote: boolean
  readonly isMarked: boolean
}

const moveKind = gate<MoveFacets>()({
  name: "move-request",
  facts: ["CRY-075", "CRY-076"],
  reads: ["place", "isRemote"],
  check: ({ place, isRemote }) => {
    if (!isRemote) {
      return deny(
        "Moves within the service are Microsoft's own affair.",
        { place },
        {
          code: "CommandNotAvailable",
          message: "New-MoveRequest is no longer available for local mailbox moves.",
        },
      )
    }
    return place === "OnPremises"
      ? pass("The mailbox comes from outside.", { place })
      : deny("There is no mailbox on premises of this address.", { place })
  },
})

const moveMarked = gate<MoveFacets>()({
  name: "mailbox-move-marked",
  facts: ["CRY-075"],
  reads: ["place", "isMarked"],
  check: ({ place, isMarked }) =>
    place === "Cloud" && isMarked
      ? pass("The mailbox is marked for a move, which encrypts it.", { place })
      : deny("Nothing marks this mailbox for a move.", { place, isMarked }),
})

const facetsOf = (world: CryptoWorld, mailbox: string, isRemote: boolean): MoveFacets => {
  const found = ownValue(world.crypto.customerTenant.unencrypted, mailbox)
  return { place: found?.place ?? "", isRemote, isMarked: found?.markedAt !== undefined }
}

/** Encrypts every message at its arrival, straight under the policy that is in force (CRY-076). */
const move = Effect.fnUntraced(function* (
  { world, now }: Call<CryptoWorld>,
  mailbox: string,
): Effect.fn.Return<Ruling<CryptoEvent>, never, CryptoServices> {
  const request = { origin: "System", now } as const
  const sealing = { workload: "Exchange", container: mailbox } as const
  const decision = evaluateSealing(world, sealing, request)
  if (decision.outcome !== "allow") return { decision }
  const blobs = yield* BlobStore
  const events: CryptoEvent[] = []
  const { objectIds = [] } = ownValue(world.crypto.customerTenant.unencrypted, mailbox) ?? {}
  for (const objectId of objectIds) {
    const plaintext = yield* Effect.option(blobs.get(plainBlob(mailbox, objectId)))
    if (Option.isNone(plaintext)) continue
    const here = worldAfter(world, events)
    const item = { ...sealing, objectId, plaintext: plaintext.value }
    events.push(...(yield* sealAtRest(here, item, request)))
    yield* blobs.remove(plainBlob(mailbox, objectId))
  }
  return { decision, events: [...events, { _tag: "RecipientMoved", mailbox }] }
})

export const newMoveRequest = cryptoOperation({
  name: "New-MoveRequest",
  summary:
    "Moves a mailbox from on premises into the service; its content is encrypted on the way.",
  params: Schema.Struct({
    Identity: text("Address of the mailbox"),
    Remote: Schema.optionalKey(Schema.Boolean),
    RemoteHostName: Schema.optionalKey(text("Host on premises")),
    TargetDeliveryDomain: Schema.optionalKey(text("Domain in the service")),
  }),
  roles: mailboxPolicyRoles,
  roleRefusal: notRecognized("New-MoveRequest"),
  facts: ["CRY-075", "CRY-076"],
  binding: { positional: ["Identity"], switches: ["Remote"] },
  decide: (call, { Identity, Remote = false }) => {
    const mailbox = Identity.toLowerCase()
    const decision = decideByGates([moveKind], facetsOf(call.world, mailbox, Remote))
    return decision.outcome === "allow" ? move(call, mailbox) : { decision }
  },
})

export const completeMailboxMove = cryptoOperation({
  name: "complete-mailbox-move",
  summary: "The service gets round to moving a mailbox that waits for its encryption.",
  params: Schema.Struct({ mailbox: text("Address") }),
  facts: ["CRY-075"],
  decide: (call, params) => {
    const mailbox = params.mailbox.toLowerCase()
    const decision = decideByGates([moveMarked], facetsOf(call.world, mailbox, false))
    return decision.outcome === "allow" ? move(call, mailbox) : { decision }
  },
})
