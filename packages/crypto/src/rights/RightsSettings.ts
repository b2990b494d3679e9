import { Schema } from "effect"

/** `Encryption mode for Information Rights Management (IRM)`: 1 is CBC, 2 is ECB (CRY-134). */
export const EncryptionMode = Schema.Literals([1, 2])
export type EncryptionMode = typeof EncryptionMode.Type

/** A device with what it keeps for an account: Windows guards its key, a phone keeps none (CRY-137). */
export const AccountDevice = Schema.Struct({
  principal: Schema.NonEmptyString,
  device: Schema.NonEmptyString,
  platform: Schema.Literals(["Windows", "Mobile"]),
  /** Epoch milliseconds; the certificate serves before `validUntil`. */
  issuedAt: Schema.Finite,
  validUntil: Schema.Finite,
})
export type AccountDevice = typeof AccountDevice.Type

/** What a tenant set for its rights management, and the certificates of its accounts. */
export interface RightsSettings {
  /** Absent: not configured, so that the client's own default counts. */
  readonly encryptionMode?: EncryptionMode
  readonly connector: { readonly isDeployed: boolean; readonly hasAskedForCbc: boolean }
  /** `principal/device` in lower case. */
  readonly devices: Readonly<Record<string, AccountDevice>>
}

export const initialRightsSettings: RightsSettings = {
  connector: { isDeployed: false, hasAskedForCbc: false },
  devices: {},
}

export const rightsSettingsEvents = {
  IrmEncryptionModeSet: { mode: Schema.optionalKey(EncryptionMode) },
  RmsConnectorSet: { isDeployed: Schema.Boolean, hasAskedForCbc: Schema.Boolean },
  AccountCertificateIssued: { certificate: AccountDevice },
} as const

const events = Schema.TaggedUnion(rightsSettingsEvents)
export type RightsSettingsEvent = typeof events.Type

export const deviceKey = (principal: string, device: string): string =>
  `${principal}/${device}`.toLowerCase()

/** Pure and total. */
export const evolveRightsSettings = (
  state: RightsSettings,
  event: RightsSettingsEvent,
): RightsSettings =>
  events.match(event, {
    IrmEncryptionModeSet: ({ mode }): RightsSettings => {
      const { connector, devices } = state
      return mode === undefined
        ? { connector, devices }
        : { connector, devices, encryptionMode: mode }
    },
    RmsConnectorSet: ({ isDeployed, hasAskedForCbc }) => ({
      ...state,
      connector: { isDeployed, hasAskedForCbc },
    }),
    AccountCertificateIssued: ({ certificate }) => ({
      ...state,
      devices: {
        ...state.devices,
        [deviceKey(certificate.principal, certificate.device)]: certificate,
      },
    }),
  })
