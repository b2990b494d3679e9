import { transportSettingsOf } from "@twin/crypto"
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
import type { LowerEvent } from "../LowerEvent.ts"
import type { ExchangeWorld } from "../State.ts"
import { readable, transportAdminRoles, transportReaderRoles } from "./cmdlet.ts"

interface ConfigFacets {
  /** Empty: none is given, or the default is asked for. */
  readonly postmaster: string
  readonly expirationHours: number
  readonly isSpanReadable: boolean
}

/** EXO-203: between 12 and 24 hours. */
const expiration = gate<ConfigFacets>()({
  name: "message-expiration",
  facts: ["EXO-203"],
  reads: ["expirationHours", "isSpanReadable"],
  check: ({ expirationHours, isSpanReadable }) =>
    isSpanReadable && expirationHours >= 12 && expirationHours <= 24
      ? pass("A mail waits as long as the service admits.", { expirationHours })
      : deny(
          "A mail that cannot be delivered waits between twelve hours and a day.",
          { expirationHours },
          {
            code: "ParameterOutOfRange",
            message: "The value of property 'MessageExpiration' has to be between 12 and 24 hours.",
          },
        ),
})

const postmasterAddress = gate<ConfigFacets>()({
  name: "postmaster-address",
  facts: ["EXO-203"],
  reads: ["postmaster"],
  check: ({ postmaster }) =>
    postmaster === "" || /^[^\s@<>]+@[^\s@<>.]+(?:\.[^\s@<>.]+)+$/.test(postmaster)
      ? pass("Reports to senders outside come from an address that can be one.", { postmaster })
      : deny(
          "This is no address from which a report could come.",
          { postmaster },
          {
            code: "InvalidSmtpAddress",
            message: `"${postmaster}" isn't a valid SMTP address.`,
          },
        ),
})

/** Hours of `1.00:00:00` or `12:00:00`. */
export const hoursOfSpan = (span: string): number | undefined => {
  const [, days = "0", hours, minutes, seconds] =
    /^(?:(\d{1,3})\.)?(\d{1,2}):(\d{2}):(\d{2})$/.exec(span) ?? []
  if (hours === undefined) return undefined
  return Number(days) * 24 + Number(hours) + Number(minutes) / 60 + Number(seconds) / 3600
}

const twoDigits = (value: number) => String(value).padStart(2, "0")

const spanOfHours = (hours: number): string => {
  const seconds = Math.round(hours * 3600)
  const days = Math.floor(seconds / 86_400)
  const rest = `${twoDigits(Math.floor((seconds % 86_400) / 3600))}:${twoDigits(Math.floor((seconds % 3600) / 60))}:${twoDigits(seconds % 60)}`
  return days === 0 ? rest : `${days}.${rest}`
}

export const setTransportConfig = operation({
  name: "Set-TransportConfig",
  summary: "Changes settings for the transport of mail of the whole organization.",
  params: Schema.Struct({
    Identity: Schema.optionalKey(Schema.String),
    AllowLegacyTLSClients: Schema.optionalKey(
      Schema.NullOr(Schema.Boolean).annotate({
        description: "Whether the endpoint for older clients takes TLS 1.0 and 1.1",
      }),
    ),
    MessageExpiration: Schema.optionalKey(
      Schema.String.annotate({ description: "For example 1.00:00:00" }),
    ),
    ExternalPostmasterAddress: Schema.optionalKey(
      Schema.NullOr(Schema.String).annotate({
        description:
          "Sender of reports to senders outside; $null: postmaster of the default domain",
      }),
    ),
    ...commonParams,
  }),
  roles: transportAdminRoles,
  roleRefusal: notRecognized("Set-TransportConfig"),
  facts: ["CRY-185", "EXO-201", "EXO-203"],
  binding: { positional: ["Identity"], switches: commonSwitches },
  decide: ({ world }: Call<ExchangeWorld>, params): Ruling<LowerEvent> => {
    const { MessageExpiration: span, AllowLegacyTLSClients: allow } = params
    const read = span === undefined ? undefined : hoursOfSpan(span)
    const current = transportSettingsOf(world).messageExpirationHours
    const { ExternalPostmasterAddress: postmaster } = params
    const decision = decideByGates<ConfigFacets>([expiration, postmasterAddress], {
      postmaster: postmaster ?? "",
      expirationHours: read ?? current,
      isSpanReadable: span === undefined || read !== undefined,
    })
    if (decision.outcome !== "allow") return { decision }
    if (params.WhatIf === true) {
      return { decision, output: whatIfOutput("Set-TransportConfig", "Transport Settings") }
    }
    const changed: LowerEvent = {
      _tag: "TransportConfigChanged",
      ...(allow === undefined ? {} : { allowLegacyTlsClients: allow ?? false }),
      ...(read === undefined ? {} : { messageExpirationHours: read }),
      ...(postmaster === undefined ? {} : { externalPostmasterAddress: postmaster || null }),
    }
    const audit = [exchangeAdminAudit("Set-TransportConfig", "Transport Settings", params)]
    return { decision, events: [changed], audit }
  },
})

export const getTransportConfig = operation({
  name: "Get-TransportConfig",
  summary: "Shows settings for the transport of mail of the whole organization.",
  params: Schema.Struct({ Identity: Schema.optionalKey(Schema.String) }),
  roles: transportReaderRoles,
  roleRefusal: notRecognized("Get-TransportConfig"),
  facts: ["CRY-185", "EXO-203"],
  binding: { positional: ["Identity"] },
  isReadOnly: true,
  decide: ({ world }: Call<ExchangeWorld>): Ruling<LowerEvent> => {
    const settings = transportSettingsOf(world)
    return {
      decision: readable("transport settings"),
      output: [
        {
          Name: "Transport Settings",
          AllowLegacyTLSClients: settings.allowLegacyTlsClients ?? null,
          MessageExpiration: spanOfHours(settings.messageExpirationHours),
          ExternalPostmasterAddress: settings.externalPostmasterAddress ?? null,
        },
      ],
    }
  },
})
