import { HashMap, Schema } from "effect"

const id = Schema.NonEmptyString
/** Epoch milliseconds. */
const at = Schema.Number

const fields = {
  displayName: id,
  description: Schema.optionalKey(Schema.String),
  visibility: Schema.Literals(["Public", "HiddenMembership"]),
  /** Filled by hand, or by a rule over users or devices. */
  membershipRule: Schema.optionalKey(Schema.NonEmptyString),
}

/** A part of the directory that roles can be limited to. */
export const AdministrativeUnit = Schema.Struct({
  id,
  ...fields,
  /** Restricted management: only administrators of this unit change what is in it. Never changes. */
  isMemberManagementRestricted: Schema.Boolean,
  /** Object ids of users, groups and devices; empty where a rule fills the unit. */
  memberIds: Schema.Array(id),
  createdAt: Schema.Number,
})
export type AdministrativeUnit = typeof AdministrativeUnit.Type

/** A role that somebody has over one unit and nothing else. */
export const ScopedRole = Schema.Struct({
  /** A user, or a group that can hold roles. */
  principalId: id,
  role: id,
  unitId: id,
  from: Schema.Number,
})
export type ScopedRole = typeof ScopedRole.Type

export interface Administration {
  readonly units: HashMap.HashMap<string, AdministrativeUnit>
  readonly scopedRoles: readonly ScopedRole[]
}

export const initialAdministration: Administration = { units: HashMap.empty(), scopedRoles: [] }

/** Events of units and the roles over them, spread into the union of the domain. */
export const administrationEvents = {
  /** Made, or changed as a whole. */
  AdministrativeUnitSet: { unit: AdministrativeUnit, at },
  AdministrativeUnitRemoved: { unitId: id, at },
  AdministrativeUnitMembersSet: { unitId: id, memberIds: Schema.Array(id), at },
  ScopedRoleAssigned: { scopedRole: ScopedRole },
  ScopedRoleRemoved: { principalId: id, role: id, unitId: id, at },
} as const

const union = Schema.TaggedUnion(administrationEvents)
export type AdministrationEvent = typeof union.Type

const isSame = (a: Omit<ScopedRole, "from">, b: Omit<ScopedRole, "from">): boolean =>
  a.principalId === b.principalId && a.role === b.role && a.unitId === b.unitId

/** The only place where this part changes; pure and total. */
export const evolveAdministration = (
  state: Administration,
  event: AdministrationEvent,
): Administration =>
  union.match(event, {
    AdministrativeUnitSet: ({ unit }) => ({
      ...state,
      units: HashMap.set(state.units, unit.id, unit),
    }),
    AdministrativeUnitRemoved: ({ unitId }) => ({
      units: HashMap.remove(state.units, unitId),
      scopedRoles: state.scopedRoles.filter((it) => it.unitId !== unitId),
    }),
    AdministrativeUnitMembersSet: ({ unitId, memberIds }) => ({
      ...state,
      units: HashMap.modify(state.units, unitId, (it) => ({ ...it, memberIds })),
    }),
    ScopedRoleAssigned: ({ scopedRole }) => ({
      ...state,
      scopedRoles: [...state.scopedRoles.filter((it) => !isSame(it, scopedRole)), scopedRole],
    }),
    ScopedRoleRemoved: (gone) => ({
      ...state,
      scopedRoles: state.scopedRoles.filter((it) => !isSame(it, gone)),
    }),
  })
