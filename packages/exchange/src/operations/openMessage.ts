import type { CryptoServices } from "@twin/crypto"
import { type Call, operation, type Ruling } from "@twin/kernel"
import type { ContentAction } from "@twin/mip"
import { Effect, Schema } from "effect"
import type { LowerEvent } from "../LowerEvent.ts"
import { textBytes } from "../MessageContent.ts"
import { digestOf } from "../mail-flow/Draft.ts"
import { type PortalOperation, portalAudit } from "../portalAudit.ts"
import { readerOf } from "../reading.ts"
import { type ReadMessage, readMessage, refusingGate } from "../readMessage.ts"
import { brandingOf, type ExchangeEvent, type ExchangeWorld } from "../State.ts"
import { message } from "./params.ts"

const Named = Schema.Struct({ message })

/** What reading left behind, whatever came of it: the attempt is part of the log. */
export const tracesOf = (
  call: Call<ExchangeWorld>,
  read: ReadMessage,
  use: string,
): readonly (ExchangeEvent | LowerEvent)[] => {
  const { held, facets, decision, events } = read
  if (held === undefined) return events
  const base = { message: held.message.id, by: readerOf(call.world, call.actor), at: call.now }
  const event: ExchangeEvent =
    decision.outcome !== "allow"
      ? { _tag: "MessageUseRefused", ...base, use, gate: refusingGate(decision) }
      : use === "open"
        ? { _tag: "MessageOpened", ...base, route: facets.route === "portal" ? "portal" : "inline" }
        : { _tag: "MessageUsed", ...base, use }
  return [...events, event]
}

/** The portal's own log, where the message is read there. */
export const portalTrace = (
  call: Call<ExchangeWorld>,
  read: ReadMessage,
  o: { readonly operation: PortalOperation; readonly attachment?: string },
) => {
  const { held, facets, decision } = read
  if (held?.delivered === undefined || facets.route !== "portal") return []
  return portalAudit(call.world, {
    ...o,
    message: held.message,
    recipient: held.delivered.delivery.recipient,
    method: facets.signedInWith,
    decision,
  })
}

export const openMessage = operation({
  name: "open-message",
  summary: "Reads a message, inline or in the portal, as the client leads.",
  params: Named,
  facts: ["EXO-062", "EXO-064", "EXO-065", "EXO-166", "EXO-171", "EXO-173"],
  binding: { positional: ["message"] },
  decide: Effect.fnUntraced(function* (
    call: Call<ExchangeWorld>,
    params: typeof Named.Type,
  ): Effect.fn.Return<Ruling<ExchangeEvent | LowerEvent>, never, CryptoServices> {
    const read = yield* readMessage(call, { name: params.message, requested: "open" })
    const { held, facets, content, decision } = read
    const ruling = {
      decision,
      events: tracesOf(call, read, "open"),
      audit: [...read.audit, ...portalTrace(call, read, { operation: "MessageAccess" })],
    }
    if (held === undefined || content === undefined) return ruling
    return {
      ...ruling,
      output: [
        {
          id: held.message.id,
          message: held.message.id,
          messageId: held.message.messageId,
          from: held.message.from,
          subject: content.subject,
          route: facets.route,
          protection: held.protection.kind,
          contentId: held.protection.contentId ?? null,
          rights: decision.rights ?? [],
          // Proof that the text was read; the text itself stays out of journal and output.
          ...portalText(call, read),
          bodyDigest: digestOf(textBytes(content.body)),
          attachments: held.attachments.map(({ name, state, contentId }) => ({
            name,
            state,
            contentId: contentId ?? null,
          })),
        },
      ],
    }
  }),
})

/** What the organization has written at the top of the portal (EXO-163). */
const portalText = ({ world }: Call<ExchangeWorld>, { held, facets }: ReadMessage) => {
  if (facets.route !== "portal" || held?.delivered === undefined) return {}
  const { PortalText } = brandingOf(world, held.delivered.copy)
  return PortalText === "" ? {} : { portalText: PortalText }
}

/** Uses of a message beyond reading; on an unprotected one nothing hinders them. */
const use = (o: {
  readonly name: string
  readonly summary: string
  readonly requested: ContentAction
  readonly use: string
}) =>
  operation({
    name: o.name,
    summary: o.summary,
    params: Named,
    facts: ["EXO-038", "EXO-039", "EXO-043"],
    binding: { positional: ["message"] },
    decide: Effect.fnUntraced(function* (
      call: Call<ExchangeWorld>,
      params: typeof Named.Type,
    ): Effect.fn.Return<Ruling<ExchangeEvent | LowerEvent>, never, CryptoServices> {
      const read = yield* readMessage(call, { name: params.message, requested: o.requested })
      const { held, content, decision } = read
      const ruling = { decision, events: tracesOf(call, read, o.use), audit: read.audit }
      if (held === undefined || content === undefined) return ruling
      return { ...ruling, output: [{ id: held.message.id, message: held.message.id, use: o.use }] }
    }),
  })

export const printMessage = use({
  name: "print-message",
  summary: "Prints a message.",
  requested: "print",
  use: "print",
})

export const copyMessage = use({
  name: "copy-message",
  summary: "Copies text out of a message.",
  requested: "copy",
  use: "copy",
})
