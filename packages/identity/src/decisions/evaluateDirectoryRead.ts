import {
  type Actor,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
  unknown,
} from "@twin/kernel"
import {
  guestLevelDelay,
  guestUserRoleIds,
  policyAsSet,
  policyInForce,
} from "../CollaborationSettings.ts"
import { requestDenied, resourceNotFound } from "../graphRefusals.ts"
import { principalFacets } from "../principalFacets.ts"
import type { IdentityWorld } from "../State.ts"

/** May this actor look at this part of the directory? */
export interface DirectoryReadQuestion {
  readonly world: IdentityWorld
  readonly actor: Actor
  readonly now: number
  /** `list` enumerates, `object` reads one. */
  readonly wants: "list" | "object"
  readonly isOwn: boolean
  readonly isFound: boolean
  readonly isFilterReadable: boolean
  /** Other users are what is read; false unless given. */
  readonly readsUsers?: boolean
}

interface DirectoryReadFacets {
  readonly reader: "member" | "guest" | "outsider" | "role-holder"
  readonly level: "sameAsMembers" | "limited" | "restricted"
  readonly wants: "list" | "object"
  readonly isOwn: boolean
  readonly isFound: boolean
  readonly isFilterReadable: boolean
  readonly readsUsers: boolean
  readonly mayReadOthers: boolean
}

const readGate = gate<DirectoryReadFacets>()

const guestAccess = readGate({
  name: "guest-access-level",
  facts: ["IDN-099", "IDN-100"],
  reads: ["reader", "level", "wants", "isOwn"],
  check: ({ reader, level, wants, isOwn }) => {
    const details = { reader, level, wants }
    if (reader === "outsider") {
      return deny("Somebody outside the directory reads nothing of it.", details, requestDenied)
    }
    if (reader !== "guest" || level === "sameAsMembers") {
      return pass("This reader sees the directory like every member.", details)
    }
    if (isOwn) return pass("A guest may always read the own object.", details)
    return level === "limited" && wants === "object"
      ? pass("Limited guest access shows the basic properties of one object.", details)
      : deny(
          "The guest access level does not show this part of the directory.",
          details,
          requestDenied,
        )
  },
})

const otherUsers = readGate({
  name: "read-other-users",
  facts: ["IDN-100"],
  reads: ["reader", "readsUsers", "isOwn", "mayReadOthers"],
  check: ({ reader, readsUsers, isOwn, mayReadOthers }) => {
    const details = { reader, allowedToReadOtherUsers: mayReadOthers }
    return reader === "role-holder" || !readsUsers || isOwn || mayReadOthers
      ? pass("The authorization policy lets this reader see what is asked for.", details)
      : deny(
          "The authorization policy shows members no users but themselves.",
          details,
          requestDenied,
        )
  },
})

const filterReadable = readGate({
  name: "filter",
  facts: ["IDN-100"],
  reads: ["isFilterReadable"],
  check: ({ isFilterReadable }) =>
    isFilterReadable
      ? pass("The filter is one that the twin can answer.")
      : unknown("The twin does not answer this kind of filter.", {
          supported: "eq, ne, startswith(), joined by and",
        }),
})

const objectFound = readGate({
  name: "object-found",
  facts: ["IDN-100"],
  reads: ["isFound"],
  check: ({ isFound }) =>
    isFound
      ? pass("The directory has what is asked for.")
      : deny("The directory has no such object.", {}, resourceNotFound()),
})

const gates: GateRules<DirectoryReadFacets> = [guestAccess, otherUsers, filterReadable, objectFound]

const levelOf = (id: string): DirectoryReadFacets["level"] => {
  if (id === guestUserRoleIds.sameAsMembers) return "sameAsMembers"
  return id === guestUserRoleIds.limited ? "limited" : "restricted"
}

const readerOf = ({ world, actor }: DirectoryReadQuestion): DirectoryReadFacets["reader"] => {
  if (actor.kind === "system" || actor.roles.length > 0) return "role-holder"
  const { kind, userType } = principalFacets(world, actor.id)
  if (kind === "external") return "outsider"
  return userType === "Guest" ? "guest" : "member"
}

/** Whether somebody may read this; a guest with a role reads what the role reads (IDN-100). */
export const evaluateDirectoryRead = (question: DirectoryReadQuestion): Decision =>
  decideByGates(gates, {
    reader: readerOf(question),
    level: levelOf(
      policyInForce(question.world.identity.settings, question.now, guestLevelDelay)
        .guestUserRoleId,
    ),
    wants: question.wants,
    isOwn: question.isOwn,
    isFound: question.isFound,
    isFilterReadable: question.isFilterReadable,
    readsUsers: question.readsUsers ?? false,
    mayReadOthers: policyAsSet(question.world.identity.settings).defaultUserRolePermissions
      .allowedToReadOtherUsers,
  })
