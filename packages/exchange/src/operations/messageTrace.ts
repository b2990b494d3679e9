import {
  type Call,
  days,
  decideByGates,
  deny,
  gate,
  hours,
  isoOf,
  notRecognized,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import type { Delivery, MailMessage } from "../MailMessage.ts"
import { waitingCopyOf } from "../messageStore.ts"
import { type ExchangeEvent, type ExchangeWorld, messageOf, messagesOf } from "../State.ts"
import { timeOf } from "../timeText.ts"
import { readable, readerRoles } from "./cmdlet.ts"

const Status = Schema.Literals([
  "Delivered",
  "Expanded",
  "Failed",
  "FilteredAsSpam",
  "GettingStatus",
  "Pending",
  "Quarantined",
])

const list = (description: string) =>
  Schema.optionalKey(Schema.Array(Schema.String).annotate({ description }))
const date = (description: string) => Schema.optionalKey(Schema.String.annotate({ description }))

interface TraceFacets {
  readonly startDays: number
  readonly spanDays: number
  readonly isReadable: boolean
  readonly resultSize: number
}

const window = gate<TraceFacets>()({
  name: "trace-window",
  facts: ["EXO-180"],
  reads: ["startDays", "spanDays", "isReadable", "resultSize"],
  check: ({ startDays, spanDays, isReadable, resultSize }) => {
    const details = { startDays, spanDays, resultSize }
    const invalid = (reason: string, message: string) =>
      deny(reason, details, { code: "InvalidArgumentException", message })
    if (!isReadable) return invalid("A date cannot be read.", "The date is not valid.")
    if (startDays > 90) {
      return invalid("The trace goes back 90 days.", "Invalid StartDate value: 90 days at most.")
    }
    if (spanDays > 10 || spanDays < 0) {
      return invalid(
        "One question covers ten days at most.",
        "The StartDate and EndDate must be within 10 days.",
      )
    }
    return resultSize >= 1 && resultSize <= 5000
      ? pass("The question covers a stretch that the trace keeps.", details)
      : invalid("The result size is outside what the trace gives.", "ResultSize: 1 to 5000.")
  },
})

/** One row for each recipient, the way the trace prints it. */
const rowsOf = (message: MailMessage) => {
  const row = (RecipientAddress: string, Subject: string, status: string) => ({
    Received: isoOf(message.sentAt),
    SenderAddress: message.from,
    RecipientAddress,
    Subject,
    Status: status,
    Size: message.sizeBytes,
    MessageId: message.messageId,
    MessageTraceId: message.id,
  })
  return [
    ...message.copies.flatMap(({ deliveries, subject }) =>
      deliveries.map(({ recipient }) => row(recipient, subject, "Delivered")),
    ),
    ...message.returned.flatMap(({ recipients, status }) =>
      recipients.map((it) => row(it, message.subject, status === "Pending" ? "Pending" : "Failed")),
    ),
  ]
}

const isOneOf = (wanted: readonly string[] | undefined, value: string): boolean =>
  wanted === undefined || wanted.some((it) => it.toLowerCase() === value.toLowerCase())

export const getMessageTrace = operation({
  name: "Get-MessageTraceV2",
  summary: "Shows what became of messages of the last days.",
  params: Schema.Struct({
    StartDate: date("From this moment, UTC; 48 hours ago unless given"),
    EndDate: date("Until this moment, UTC; now unless given"),
    SenderAddress: list("Senders"),
    RecipientAddress: list("Recipients"),
    MessageId: list("Internet Message-IDs"),
    MessageTraceId: Schema.optionalKey(Schema.String.annotate({ description: "One message" })),
    Subject: Schema.optionalKey(Schema.String.annotate({ description: "Part of the subject" })),
    Status: Schema.optionalKey(
      Schema.Array(Status).annotate({ description: "What became of the message" }),
    ),
    ResultSize: Schema.optionalKey(
      Schema.Int.annotate({ description: "1 to 5000; 1000 unless given" }),
    ),
  }),
  roles: readerRoles,
  roleRefusal: notRecognized("Get-MessageTraceV2"),
  facts: ["EXO-180", "EXO-169"],
  isReadOnly: true,
  decide: ({ world, now }: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const end = params.EndDate === undefined ? now : timeOf(params.EndDate)
    const start = params.StartDate === undefined ? now - hours(48) : timeOf(params.StartDate)
    const { ResultSize = 1000 } = params
    const decision = decideByGates([window], {
      isReadable: start !== undefined && end !== undefined,
      startDays: Math.floor((now - (start ?? now)) / days(1)),
      spanDays: Math.ceil(((end ?? now) - (start ?? now)) / days(1)),
      resultSize: ResultSize,
    })
    if (decision.outcome !== "allow" || start === undefined || end === undefined) {
      return { decision }
    }
    const rows = messagesOf(world)
      .filter(({ sentAt }) => start <= sentAt && sentAt <= end)
      .toReversed()
      .flatMap(rowsOf)
      .filter(
        (it) =>
          isOneOf(params.SenderAddress, it.SenderAddress) &&
          isOneOf(params.RecipientAddress, it.RecipientAddress) &&
          isOneOf(params.MessageId, it.MessageId) &&
          isOneOf(params.Status, it.Status) &&
          (params.MessageTraceId === undefined || params.MessageTraceId === it.MessageTraceId) &&
          it.Subject.toLowerCase().includes((params.Subject ?? "").toLowerCase()),
      )
    return { decision, output: rows.slice(0, ResultSize) }
  },
})

const event = (at: number | undefined, Event: string, Detail: string): OutputObject => ({
  Date: isoOf(at ?? 0),
  Event,
  Detail,
})

const isTo = (deliveries: readonly Delivery[], address: string): boolean =>
  deliveries.some(({ recipient, mailbox }) => recipient === address || mailbox === address)

export const getMessageTraceDetail = operation({
  name: "Get-MessageTraceDetailV2",
  summary: "Shows the events of one message for one recipient, rule hits among them.",
  params: Schema.Struct({
    MessageTraceId: Schema.NonEmptyString.annotate({ description: "From Get-MessageTraceV2" }),
    RecipientAddress: Schema.NonEmptyString.annotate({ description: "One recipient" }),
  }),
  roles: readerRoles,
  roleRefusal: notRecognized("Get-MessageTraceDetailV2"),
  facts: ["EXO-180", "EXO-203", "EXO-217"],
  binding: { positional: ["MessageTraceId", "RecipientAddress"] },
  isReadOnly: true,
  decide: ({ world }: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const message = messageOf(world, params.MessageTraceId)
    const wanted = params.RecipientAddress.toLowerCase()
    const failure = message?.returned.find(({ recipients }) => recipients.includes(wanted))
    const copy =
      message?.copies.find(({ deliveries }) => isTo(deliveries, wanted)) ??
      waitingCopyOf(world, failure?.queueId ?? "")?.copy
    const sentAt = message?.sentAt
    const delivery = copy?.deliveries.find((it) => isTo([it], wanted))
    const hops = (message?.hops ?? []).filter(({ recipients }) => recipients.includes(wanted))
    return {
      decision: readable("message trace"),
      output: [
        ...(copy === undefined && failure === undefined
          ? []
          : [event(sentAt, "RECEIVE", "Received")]),
        ...(copy?.rules ?? []).map(({ rule, kind }) =>
          event(sentAt, "Transport rule", `${rule}: ${kind}`),
        ),
        ...(delivery?.isInternal === true ? [event(sentAt, "DELIVER", copy?.subject ?? "")] : []),
        ...hops.map((it) => event(it.at, it.event, it.detail)),
        ...(failure === undefined || failure.queueId !== undefined
          ? []
          : [
              event(
                sentAt,
                failure.status === "Pending" ? "DEFER" : "FAIL",
                `${failure.code} ${failure.text}`,
              ),
            ]),
      ],
    }
  },
})
