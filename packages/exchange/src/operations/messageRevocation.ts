import {
  type Call,
  commonParams,
  commonSwitches,
  decideByGates,
  deny,
  exchangeAdminAudit,
  gate,
  notRecognized,
  operation,
  pass,
  type Ruling,
  whatIfOutput,
} from "@twin/kernel"
import { Schema } from "effect"
import { evaluateRevocation } from "../decisions/evaluateRevocation.ts"
import { isLinkBased, type MailMessage } from "../MailMessage.ts"
import { revocationFacets } from "../revocationFacets.ts"
import { type ExchangeEvent, type ExchangeWorld, messageOf, revocationOf } from "../State.ts"
import { adminRoles, confirmation, readerRoles } from "./cmdlet.ts"

const messageId = Schema.NonEmptyString.annotate({
  description: "Internet Message-ID, with its angle brackets",
})

/** EXO-169: what the service answers about a message that was taken back. */
const revokedText = (message: MailMessage): string =>
  `The encrypted email with the subject "${message.subject}" and Message ID ` +
  `"${message.messageId}" was successfully revoked`

const known = gate<{ readonly exists: boolean }>()({
  name: "message-exists",
  facts: ["EXO-169"],
  reads: ["exists"],
  check: ({ exists }) =>
    exists
      ? pass("The organization sent this message.")
      : deny(
          "The organization has not sent such a message.",
          {},
          {
            code: "ManagementObjectNotFoundException",
            message: "The message with the specified Message ID couldn't be found.",
          },
        ),
})

export const getOmeMessageStatus = operation({
  name: "Get-OMEMessageStatus",
  summary: "Shows whether an encrypted message can be revoked, and whether it is.",
  params: Schema.Struct({ MessageId: messageId }),
  roles: readerRoles,
  roleRefusal: notRecognized("Get-OMEMessageStatus"),
  facts: ["EXO-168", "EXO-169"],
  binding: { positional: ["MessageId"], pipeline: "MessageId" },
  isReadOnly: true,
  decide: ({ world }: Call<ExchangeWorld>, { MessageId }): Ruling<ExchangeEvent> => {
    const message = messageOf(world, MessageId)
    const decision = decideByGates([known], { exists: message !== undefined })
    if (message === undefined) return { decision }
    const isRevoked = revocationOf(world, message.id) !== undefined
    const row = {
      Subject: message.subject,
      IsRevocable: isLinkBased(message),
      Revoked: isRevoked,
    }
    return { decision, output: [isRevoked ? { ...row, Message: revokedText(message) } : row] }
  },
})

export const setOmeMessageRevocation = operation({
  name: "Set-OMEMessageRevocation",
  summary: "Takes access through the portal away from a message, or gives it back.",
  params: Schema.Struct({
    MessageId: messageId,
    Revoke: Schema.Boolean.annotate({ description: "$true: revoked; $false: not revoked" }),
    ...commonParams,
  }),
  roles: adminRoles,
  roleRefusal: notRecognized("Set-OMEMessageRevocation"),
  facts: ["EXO-168", "EXO-169", "EXO-175"],
  binding: { positional: ["MessageId"], switches: commonSwitches, pipeline: "MessageId" },
  decide: (call: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const { world, actor, now } = call
    const cmdlet = "Set-OMEMessageRevocation"
    const { MessageId, Revoke } = params
    const decision = evaluateRevocation(
      revocationFacets(world, { by: "admin", name: MessageId, actor }),
    )
    const message = messageOf(world, MessageId)
    if (decision.outcome !== "allow" || message === undefined) return { decision }
    if (params.WhatIf === true) return { decision, output: whatIfOutput(cmdlet, MessageId) }
    const change = { message: message.id, by: actor.id, at: now }
    return {
      decision,
      events: [
        Revoke
          ? { _tag: "MessageRevoked", ...change }
          : { _tag: "MessageRevocationLifted", ...change },
      ],
      audit: [exchangeAdminAudit(cmdlet, message.messageId, params)],
      warnings: [...confirmation(params, false), ...(Revoke ? limitsOf(message) : [])],
    }
  },
})

export const revokeMessage = operation({
  name: "revoke-message",
  summary: "The sender removes external access to a message, in Outlook on the web.",
  params: Schema.Struct({
    message: Schema.NonEmptyString.annotate({ description: "The message to take back" }),
  }),
  facts: ["EXO-170", "EXO-168", "EXO-173"],
  binding: { positional: ["message"] },
  decide: ({ world, actor, now }: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const decision = evaluateRevocation(
      revocationFacets(world, { by: "sender", name: params.message, actor }),
    )
    const message = messageOf(world, params.message)
    if (message === undefined) return { decision }
    if (decision.outcome !== "allow") {
      const gateName = decision.gates.at(-1)?.name ?? "message-exists"
      const refused = { message: message.id, by: actor.id, use: "revoke", gate: gateName, at: now }
      return { decision, events: [{ _tag: "MessageUseRefused", ...refused }] }
    }
    return {
      decision,
      events: [{ _tag: "MessageRevoked", message: message.id, by: actor.id, at: now }],
      output: [{ id: message.id, messageId: message.messageId, revoked: true }],
      warnings: limitsOf(message),
    }
  },
})

/** Who keeps access all the same (EXO-168, EXO-173). */
const limitsOf = (message: MailMessage): readonly string[] => {
  const inline = message.copies
    .flatMap(({ deliveries }) => deliveries)
    .filter(({ form }) => form !== "wrapper")
    .map(({ recipient }) => recipient)
  return inline.length === 0
    ? []
    : [`Recipients who read the message inline keep access: ${inline.toSorted().join(", ")}.`]
}
