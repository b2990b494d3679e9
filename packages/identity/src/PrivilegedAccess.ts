import { Schema } from "effect"

const id = Schema.NonEmptyString
/** Epoch milliseconds. */
const at = Schema.Number

/** What activating a role asks for (IDN-247, IDN-248). */
export const RoleSettings = Schema.Struct({
  /** 1 to 24. */
  maximumHours: Schema.Number,
  requiresJustification: Schema.Boolean,
  requiresTicket: Schema.Boolean,
  requiresMfa: Schema.Boolean,
  /** An authentication context such as `c1`, instead of plain multifactor authentication. */
  authenticationContext: Schema.optionalKey(Schema.String),
  requiresApproval: Schema.Boolean,
  /** Object ids; nobody chosen means whoever administers privileged roles. */
  approvers: Schema.Array(id),
})
export type RoleSettings = typeof RoleSettings.Type

/** The longest activation unless the settings say otherwise; taken from common configurations. */
export const activationHours = 8

export const defaultRoleSettings: RoleSettings = {
  maximumHours: activationHours,
  requiresJustification: true,
  requiresTicket: false,
  requiresMfa: false,
  requiresApproval: false,
  approvers: [],
}

/** An activation that waits for somebody else's word. */
export const ActivationRequest = Schema.Struct({
  id,
  /** User or group that is eligible. */
  principalId: id,
  requestedBy: id,
  role: id,
  hours: Schema.Number,
  justification: Schema.String,
  at,
  status: Schema.Literals(["PendingApproval", "Provisioned", "Denied"]),
})
export type ActivationRequest = typeof ActivationRequest.Type

export const privilegedAccessEvents = {
  RoleSettingsSet: { role: id, settings: RoleSettings, at },
  ActivationRequested: { request: ActivationRequest },
  ActivationDecided: {
    requestId: id,
    status: Schema.Literals(["Provisioned", "Denied"]),
    at,
  },
}
const union = Schema.TaggedUnion(privilegedAccessEvents)
export type PrivilegedAccessEvent = typeof union.Type

export interface PrivilegedAccess {
  readonly settings: Readonly<Record<string, RoleSettings>>
  readonly requests: Readonly<Record<string, ActivationRequest>>
}

export const noPrivilegedAccess: PrivilegedAccess = { settings: {}, requests: {} }

export const evolvePrivilegedAccess = (
  it: PrivilegedAccess,
  event: PrivilegedAccessEvent,
): PrivilegedAccess =>
  union.match(event, {
    RoleSettingsSet: ({ role, settings }) => ({
      ...it,
      settings: { ...it.settings, [role]: settings },
    }),
    ActivationRequested: ({ request }) => ({
      ...it,
      requests: { ...it.requests, [request.id]: request },
    }),
    ActivationDecided: ({ requestId, status }) => {
      const request = Object.hasOwn(it.requests, requestId) ? it.requests[requestId] : undefined
      return request === undefined
        ? it
        : { ...it, requests: { ...it.requests, [requestId]: { ...request, status } } }
    },
  })

/** The settings in force for a role. */
export const roleSettingsOf = (it: PrivilegedAccess, role: string): RoleSettings =>
  (Object.hasOwn(it.settings, role) ? it.settings[role] : undefined) ?? defaultRoleSettings
