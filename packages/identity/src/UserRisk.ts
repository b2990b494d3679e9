import { Schema } from "effect"

/** How likely it is that an account was taken over, as the person's own tenant judges it (IDN-167). */
export const UserRisk = Schema.Struct({
  level: Schema.Literals(["low", "medium", "high"]),
  at: Schema.Number,
})
export type UserRisk = typeof UserRisk.Type
