import { Schema } from "effect"

/** Demands on mail that comes in from certain domains (EXO-198). */
export const InboundConnector = Schema.Struct({
  name: Schema.NonEmptyString,
  isEnabled: Schema.Boolean,
  senderDomains: Schema.Array(Schema.NonEmptyString),
  requireTls: Schema.Boolean,
})
export type InboundConnector = typeof InboundConnector.Type
