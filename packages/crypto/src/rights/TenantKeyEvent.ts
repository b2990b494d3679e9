import { Schema } from "effect"

/** A key that the customer brought: its name in the protection service and in Azure (CRY-139). */
export const BroughtKey = Schema.Struct({
  /** GUID under which `Get-AipServiceKeys` lists it. */
  identifier: Schema.NonEmptyString,
  /** As it was given: without a version the service is lost at the next renewal (CRY-140). */
  url: Schema.NonEmptyString,
  /** The address with the version that was the newest when it was registered. */
  keyId: Schema.NonEmptyString,
  friendlyName: Schema.optionalKey(Schema.String),
  createdAt: Schema.Finite,
})
export type BroughtKey = typeof BroughtKey.Type

/** What happens to the root keys of the protection service. */
export const tenantKeyEvents = {
  TenantKeyRegistered: { key: BroughtKey },
  /** Exactly one key is active; whichever was before is archived (CRY-141). */
  TenantKeyActivated: { identifier: Schema.NonEmptyString, at: Schema.Finite },
  /** Somebody asked support for a copy (CRY-138). */
  TenantKeyExportRequested: { identifier: Schema.NonEmptyString, at: Schema.Finite },
} as const

/** Microsoft's own key is always there; active unless another one was made so. */
export interface TenantKeys {
  readonly brought: readonly BroughtKey[]
  readonly activeIdentifier?: string
  /** Every rekey, oldest first: who held a certificate then moves over with the next one (CRY-141). */
  readonly activations: readonly { readonly identifier: string; readonly at: number }[]
  readonly exports: readonly { readonly identifier: string; readonly at: number }[]
}

export const initialTenantKeys: TenantKeys = { brought: [], activations: [], exports: [] }

const events = Schema.TaggedUnion(tenantKeyEvents)
export type TenantKeyEvent = typeof events.Type

/** Pure and total. */
export const evolveTenantKeys = (state: TenantKeys, event: TenantKeyEvent): TenantKeys =>
  events.match(event, {
    TenantKeyRegistered: ({ key }) => ({
      ...state,
      brought: [...state.brought.filter((it) => it.identifier !== key.identifier), key],
    }),
    TenantKeyActivated: ({ identifier, at }): TenantKeys => ({
      ...state,
      activeIdentifier: identifier,
      activations: [...state.activations, { identifier, at }],
    }),
    TenantKeyExportRequested: ({ identifier, at }) => ({
      ...state,
      exports: [...state.exports.filter((it) => it.identifier !== identifier), { identifier, at }],
    }),
  })
