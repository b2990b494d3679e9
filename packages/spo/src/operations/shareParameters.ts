import { DateTime, Option, Schema } from "effect"
import { LinkRole, LinkScope } from "../SharingLink.ts"

/** An instant or a day, ISO 8601, UTC. */
export const IsoMoment = Schema.String.check(
  Schema.makeFilter((text: string) => Option.isSome(DateTime.make(text)), {
    expected: "an ISO date such as 2026-10-01 or 2026-10-01T12:00:00Z",
  }),
)

/** Epoch milliseconds of a checked moment. */
export const momentOf = (text: string | undefined): number | undefined =>
  text === undefined
    ? undefined
    : Option.getOrUndefined(
        Option.map(DateTime.make(text), ({ epochMilliseconds }) => epochMilliseconds),
      )

export const address = Schema.NonEmptyString.annotate({
  description: "Address of a person or group",
})

/** Which item is meant. */
export const itemParameters = {
  file: Schema.NonEmptyString.annotate({
    description: "Name, site-relative path, address or id of the file or folder",
  }),
  site: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Address or name of the site" }),
  ),
} as const

/** By what link somebody comes. */
export const wayParameters = {
  link: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Token of the link by which the person comes" }),
  ),
  password: Schema.optionalKey(
    Schema.String.annotate({ description: "Password of an Anyone link" }),
  ),
} as const

export const to = Schema.Array(address).annotate({ description: "Addresses of the recipients" })

/** What a new link should be. */
export const linkParameters = {
  scope: Schema.optionalKey(
    LinkScope.annotate({
      description: "Who the link works for; the default link of the place unless given",
    }),
  ),
  role: Schema.optionalKey(
    LinkRole.annotate({
      description: "What the link grants; the default of the place unless given",
    }),
  ),
  expiration: Schema.optionalKey(
    IsoMoment.annotate({ description: "When the link expires, ISO 8601" }),
  ),
  password: Schema.optionalKey(
    Schema.String.annotate({ description: "Password of the Anyone link" }),
  ),
} as const
