import { Schema } from "effect"

/** A device object of the directory, by the property names of the service (IDN-216). */
export const Device = Schema.Struct({
  /** Object id. */
  id: Schema.NonEmptyString,
  deviceId: Schema.NonEmptyString,
  displayName: Schema.String,
  accountEnabled: Schema.Boolean,
  isRooted: Schema.optionalKey(Schema.Boolean),
  /** String properties by their name in a rule: `deviceOSType`, `deviceOwnership`, ... */
  profile: Schema.Record(Schema.String, Schema.String),
  devicePhysicalIds: Schema.Array(Schema.String),
  systemLabels: Schema.Array(Schema.String),
  createdAt: Schema.Number,
})
export type Device = typeof Device.Type

export const DeviceChanges = Schema.Struct({
  displayName: Schema.optionalKey(Schema.String),
  accountEnabled: Schema.optionalKey(Schema.Boolean),
  isRooted: Schema.optionalKey(Schema.Boolean),
  profile: Schema.optionalKey(Device.fields.profile),
  devicePhysicalIds: Schema.optionalKey(Device.fields.devicePhysicalIds),
  systemLabels: Schema.optionalKey(Device.fields.systemLabels),
})
export type DeviceChanges = typeof DeviceChanges.Type

/** How a device is joined: the only values that a rule knows (IDN-216). */
export const deviceTrustTypes = ["AzureAD", "ServerAD", "Workplace"] as const
