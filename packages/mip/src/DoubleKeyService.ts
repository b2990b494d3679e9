import { Schema } from "effect"

/** A key service run by the customer, as far as its answers matter here (MIP-246 to MIP-248). */
export const DoubleKeyService = Schema.Struct({
  /** `https://host/KeyName`; the key name is case-sensitive (MIP-241). */
  url: Schema.NonEmptyString,
  /** Addresses that may use the key, lower case. */
  authorizedEmailAddresses: Schema.Array(Schema.String),
  /** Tenant ids whose tokens the service accepts (MIP-248). */
  validTenants: Schema.Array(Schema.String),
  isRunning: Schema.Boolean,
})
export type DoubleKeyService = typeof DoubleKeyService.Type
