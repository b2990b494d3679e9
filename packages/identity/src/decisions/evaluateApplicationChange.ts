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
import { policyAsSet } from "../CollaborationSettings.ts"
import { userOf } from "../directory.ts"
import { requestDenied } from "../graphRefusals.ts"
import { principalFacets } from "../principalFacets.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { resourceFound } from "./resourceFound.ts"

/** Roles that manage every registration and every application of the tenant. */
export const applicationAdministrators: readonly string[] = [
  roles.cloudApplicationAdministrator,
  roles.applicationAdministrator,
  roles.globalAdministrator,
]

/** Somebody registers an application, brings one into the tenant, or changes or removes it. */
export interface ApplicationChangeQuestion {
  readonly world: IdentityWorld
  readonly actor: Actor
  /** `configure`: what Microsoft decides for its own applications. */
  readonly change: "register" | "add" | "change" | "configure" | "remove"
  /** What the request names and does not exist; empty where everything does. */
  readonly missing: string
  /** Object ids of the owners. */
  readonly owners: readonly string[]
  readonly isMicrosofts?: boolean
  /** What is in the way: an identifier that is taken, or an application that is here already. */
  readonly taken?: string
  /** Name of a property whose value does not fit. */
  readonly invalid?: string
}

interface ApplicationChangeFacets {
  readonly change: ApplicationChangeQuestion["change"]
  readonly actorIs: "administrator" | "developer" | "owner" | "member" | "other"
  readonly allowedToCreateApps: boolean
  readonly missing: string
  readonly isMicrosofts: boolean
  readonly taken: string
  readonly invalid: string
}

const changeGate = gate<ApplicationChangeFacets>()

const found = resourceFound(["IDN-276"])

const permitted = changeGate({
  name: "application-permission",
  facts: ["IDN-276"],
  reads: ["change", "actorIs", "allowedToCreateApps"],
  check: ({ change, actorIs, allowedToCreateApps }) => {
    const details = { change, actorIs, allowedToCreateApps }
    if (actorIs === "administrator") {
      return pass("The role manages every application of the organization.", details)
    }
    if (actorIs === "owner") return pass("Owners manage their application.", details)
    if (change === "register" || change === "add") {
      if (actorIs === "developer") {
        return pass("The role may register applications, whatever the setting.", details)
      }
      return actorIs === "member" && allowedToCreateApps
        ? pass("Members may register applications here.", details)
        : deny("This person may not register applications here.", details, requestDenied)
    }
    return deny("Only owners and administrators manage an application.", details, requestDenied)
  },
})

const changeable = changeGate({
  name: "application-kind",
  facts: ["IDN-276"],
  reads: ["change", "isMicrosofts"],
  check: ({ change, isMicrosofts }) => {
    if (isMicrosofts && change === "configure") {
      return unknown("The twin does not model this setting of Microsoft's own applications.", {
        change,
      })
    }
    return isMicrosofts && change === "remove"
      ? deny(
          "Applications of Microsoft belong to the service and stay.",
          { change },
          {
            code: "Request_BadRequest",
            message: "Specified App Principal can not be modified or deleted.",
          },
        )
      : pass("The application is one that can be changed.", { change })
  },
})

const free = changeGate({
  name: "application-free",
  facts: ["IDN-276"],
  reads: ["taken"],
  check: ({ taken }) =>
    taken === ""
      ? pass("No other object stands in the way.")
      : deny(
          "Another object stands in the way.",
          { taken },
          {
            code: "Request_MultipleObjectsWithSameKeyValue",
            message: `Another object with the same value for property ${taken} already exists.`,
          },
        ),
})

const fits = changeGate({
  name: "application-value",
  facts: ["IDN-276"],
  reads: ["invalid"],
  check: ({ invalid }) =>
    invalid === ""
      ? pass("Every value fits.")
      : deny(
          "A value does not fit.",
          { invalid },
          {
            code: "Request_BadRequest",
            message: `Invalid value specified for property '${invalid}'.`,
          },
        ),
})

const gates: GateRules<ApplicationChangeFacets> = [found, permitted, changeable, free, fits]

const actorIs = ({
  world,
  actor,
  owners,
  change,
}: ApplicationChangeQuestion): ApplicationChangeFacets["actorIs"] => {
  if (actor.kind === "system" || actor.roles.some((it) => applicationAdministrators.includes(it))) {
    return "administrator"
  }
  if (owners.includes(userOf(world, actor.id)?.id ?? "") && change !== "register") return "owner"
  if (actor.roles.includes(roles.applicationDeveloper)) return "developer"
  const { kind, userType } = principalFacets(world, actor.id)
  return kind !== "external" && userType === "Member" ? "member" : "other"
}

/** Whether somebody may do this to a registration or to an application of the tenant. */
export const evaluateApplicationChange = (question: ApplicationChangeQuestion): Decision =>
  decideByGates(gates, {
    change: question.change,
    actorIs: actorIs(question),
    allowedToCreateApps: policyAsSet(question.world.identity.settings).defaultUserRolePermissions
      .allowedToCreateApps,
    missing: question.missing,
    isMicrosofts: question.isMicrosofts ?? false,
    taken: question.taken ?? "",
    invalid: question.invalid ?? "",
  })
