import {
  type Actor,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
} from "@twin/kernel"
import { requestDenied } from "../graphRefusals.ts"
import { roles } from "../Role.ts"
import { applicationAdministrators } from "./evaluateApplicationChange.ts"
import { resourceFound } from "./resourceFound.ts"

/** An administrator grants permissions to an application, or takes them away. */
export interface GrantQuestion {
  readonly actor: Actor
  readonly kind: "delegated" | "application"
  /** What the request names and does not exist; empty where everything does. */
  readonly missing: string
  readonly isMicrosoftGraph: boolean
  /** Permissions that the resource does not offer; empty where it offers all. */
  readonly notOffered?: string
  readonly isRepeated?: boolean
  /** Whether the grant names a user exactly where it is for one. */
  readonly isPrincipalRight?: boolean
}

interface GrantFacets {
  readonly kind: GrantQuestion["kind"]
  readonly actorIs: "privileged" | "application-administrator" | "other"
  readonly missing: string
  readonly isMicrosoftGraph: boolean
  readonly notOffered: string
  readonly isRepeated: boolean
  readonly isPrincipalRight: boolean
}

const grantGate = gate<GrantFacets>()

const found = resourceFound(["IDN-276"])

const permitted = grantGate({
  name: "grant-permission",
  facts: ["IDN-276"],
  reads: ["kind", "actorIs", "isMicrosoftGraph"],
  check: ({ kind, actorIs, isMicrosoftGraph }) => {
    const details = { kind, actorIs, isMicrosoftGraph }
    if (actorIs === "privileged") {
      return pass("The role grants every permission of every resource.", details)
    }
    if (actorIs === "other") {
      return deny("Only administrators grant permissions to applications.", details, requestDenied)
    }
    return kind === "application" && isMicrosoftGraph
      ? deny(
          "Application permissions of Microsoft Graph are beyond this role.",
          details,
          requestDenied,
        )
      : pass("The role grants every permission but the application ones of Graph.", details)
  },
})

const principalRight = grantGate({
  name: "grant-principal",
  facts: ["IDN-276"],
  reads: ["isPrincipalRight"],
  check: ({ isPrincipalRight }) =>
    isPrincipalRight
      ? pass("The grant is for one user, or for everybody.")
      : deny(
          "A grant for one user names the user, one for everybody names nobody.",
          {},
          {
            code: "Request_BadRequest",
            message:
              "Invalid value specified for property 'principalId' of resource 'OAuth2PermissionGrant'.",
          },
        ),
})

const offered = grantGate({
  name: "permission-offered",
  facts: ["IDN-276"],
  reads: ["notOffered"],
  check: ({ notOffered }) =>
    notOffered === ""
      ? pass("The resource offers these permissions.")
      : deny(
          "The resource offers no such permission.",
          { notOffered },
          {
            code: "Request_BadRequest",
            message: `Permission being assigned was not found on application. '${notOffered}'`,
          },
        ),
})

const fresh = grantGate({
  name: "permission-entry",
  facts: ["IDN-276"],
  reads: ["isRepeated"],
  check: ({ isRepeated }) =>
    isRepeated
      ? deny(
          "There is such a grant already; it can be changed.",
          {},
          { code: "Request_BadRequest", message: "Permission entry already exists." },
        )
      : pass("There is no such grant yet."),
})

const gates: GateRules<GrantFacets> = [found, permitted, principalRight, offered, fresh]

const privileged: readonly string[] = [roles.privilegedRoleAdministrator, roles.globalAdministrator]

const actorIs = ({ kind, roles: held }: Actor): GrantFacets["actorIs"] => {
  if (kind === "system" || held.some((it) => privileged.includes(it))) return "privileged"
  return held.some((it) => applicationAdministrators.includes(it))
    ? "application-administrator"
    : "other"
}

/** Whether somebody may grant permissions to an application, or take them away (IDN-276). */
export const evaluateGrant = (question: GrantQuestion): Decision =>
  decideByGates(gates, {
    kind: question.kind,
    actorIs: actorIs(question.actor),
    missing: question.missing,
    isMicrosoftGraph: question.isMicrosoftGraph,
    notOffered: question.notOffered ?? "",
    isRepeated: question.isRepeated ?? false,
    isPrincipalRight: question.isPrincipalRight ?? true,
  })
