import { HashMap, Option } from "effect"
import { withEntries } from "./DirectoryLogs.ts"
import type { IdentityEvent } from "./IdentityEvent.ts"
import { evolvePrivilegedAccess, type PrivilegedAccessEvent } from "./PrivilegedAccess.ts"
import type { RoleAssignment } from "./Role.ts"
import type { IdentityState } from "./State.ts"

type Of<Tag extends IdentityEvent["_tag"]> = Extract<IdentityEvent, { readonly _tag: Tag }>

const at = <V>(map: HashMap.HashMap<string, V>, key: string): V | undefined =>
  Option.getOrUndefined(HashMap.get(map, key))

const changeHeld = (
  state: IdentityState,
  principalId: string,
  to: (held: readonly RoleAssignment[]) => readonly RoleAssignment[],
): IdentityState => {
  const held = at(state.roles, principalId)
  return held === undefined
    ? state
    : { ...state, roles: HashMap.set(state.roles, principalId, to(held)) }
}

const withPrivileged = (state: IdentityState, event: PrivilegedAccessEvent): IdentityState => ({
  ...state,
  privilegedAccess: evolvePrivilegedAccess(state.privilegedAccess, event),
})

/** What the events about directory roles and the logs of the directory change. */
export const roleCases = (state: IdentityState) => ({
  RoleAssigned: ({ assignment }: Of<"RoleAssigned">) => {
    const held = at(state.roles, assignment.principalId) ?? []
    const others = held.filter(
      (it) => it.role !== assignment.role || it.assignment !== assignment.assignment,
    )
    return {
      ...state,
      roles: HashMap.set(state.roles, assignment.principalId, [...others, assignment]),
    }
  },
  RoleActivated: ({ principalId, role, until, at: now }: Of<"RoleActivated">) =>
    changeHeld(state, principalId, (held) =>
      held.map((it) =>
        it.role === role && it.assignment === "eligible"
          ? { ...it, activeUntil: until, activeFrom: now }
          : it,
      ),
    ),
  RoleRemoved: ({ principalId, role, assignment }: Of<"RoleRemoved">) =>
    changeHeld(state, principalId, (held) =>
      held.filter(
        (it) => it.role !== role || (assignment !== undefined && it.assignment !== assignment),
      ),
    ),

  RoleSettingsSet: (event: Of<"RoleSettingsSet">) => withPrivileged(state, event),
  ActivationRequested: (event: Of<"ActivationRequested">) => withPrivileged(state, event),
  DirectoryLogged: ({ entries }: Of<"DirectoryLogged">) => ({
    ...state,
    directoryLogs: withEntries(state.directoryLogs, entries),
  }),
  ActivationDecided: (event: Of<"ActivationDecided">) => withPrivileged(state, event),
})
