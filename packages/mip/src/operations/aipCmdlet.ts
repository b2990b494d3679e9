import { isExternalUser, userOf } from "@twin/identity"
import {
  andThen,
  type Binding,
  type Call,
  type Decision,
  decideByGates,
  deny,
  type FactId,
  gate,
  type Operation,
  type OutputObject,
  operation,
  type PlainStruct,
  pass,
} from "@twin/kernel"
import type { Schema } from "effect"
import type { MipEvent } from "../MipEvent.ts"
import type { RmsServiceChanges } from "../RmsService.ts"
import type { ServiceRole } from "../ServiceLedger.ts"
import { isConnected, type MipWorld } from "../State.ts"
import { serviceRolesOf } from "../serviceRoles.ts"

/** Who may use the AIPService module (MIP-009). */
export const aipRoles: readonly string[] = [
  "Global Administrator",
  "Azure Information Protection Administrator",
  "Compliance Administrator",
  "Compliance Data Administrator",
]

/** What the module says to an account without one of its roles. */
export const aipRoleRefusal = {
  code: "AccessDenied",
  message:
    "Your account does not have the permissions to administer the protection service. Sign in with an administrator of this organization.",
}

interface SessionFacets {
  readonly roleHeld: string
  readonly rolesAccepted: string
  readonly isConnected: boolean
}

/** A role of the directory, or one that the service itself gave (MIP-009, MIP-010). */
const role = gate<SessionFacets>()({
  name: "role",
  facts: ["MIP-009", "MIP-010"],
  reads: ["roleHeld", "rolesAccepted"],
  check: ({ roleHeld, rolesAccepted }) =>
    roleHeld === ""
      ? deny("The account may not administer the service.", { rolesAccepted }, aipRoleRefusal)
      : pass("The account holds a role that may do this.", { roleHeld }),
})

/** Who administers the service: roles, and whether an administrator of connectors is enough. */
export const evaluateAipRole = (
  { world, actor }: Pick<Call<MipWorld>, "world" | "actor">,
  isConnectorTask = false,
): Decision => decideByGates([role], roleFacets(world, actor, isConnectorTask))

const roleFacets = (
  world: MipWorld,
  actor: Call<MipWorld>["actor"],
  isConnectorTask: boolean,
): SessionFacets => {
  const accepted: readonly ServiceRole[] = isConnectorTask
    ? ["GlobalAdministrator", "ConnectorAdministrator"]
    : ["GlobalAdministrator"]
  const own = serviceRolesOf(world, actor.id).find((it) => accepted.includes(it))
  return {
    roleHeld: aipRoles.find((it) => actor.roles.includes(it)) ?? own ?? "",
    rolesAccepted: [...aipRoles, ...accepted].join(", "),
    isConnected: isConnected(world, actor.id),
  }
}

/** Whether somebody has connected to the service (MIP-009): the gate of every cmdlet of the module. */
export const evaluateAipSession = (
  { world, actor }: Pick<Call<MipWorld>, "world" | "actor">,
  isConnectorTask = false,
): Decision => decideByGates([role, session], roleFacets(world, actor, isConnectorTask))

const session = gate<SessionFacets>()({
  name: "aip-service-session",
  facts: ["MIP-009"],
  reads: ["isConnected"],
  check: ({ isConnected: hasSession }) =>
    hasSession
      ? pass("The administrator is connected to the protection service.")
      : deny(
          "The administrator has not connected to the protection service first.",
          {},
          {
            code: "NotConnected",
            message: "You must call the Connect-AipService cmdlet before calling any other cmdlet.",
          },
        ),
})

/** What a cmdlet of the module comes to once the session is there. */
export interface AipAnswer {
  /** Its own gates; without them the session is all that is asked. */
  readonly decision?: Decision
  readonly changes?: RmsServiceChanges
  readonly events?: readonly MipEvent[]
  readonly output?: readonly OutputObject[]
  readonly warnings?: readonly string[]
  /** How the administration log calls it (MIP-073); nothing is written for a read. */
  readonly logged?: { readonly command: string; readonly parameters?: string }
}

interface AipSpec<F extends Schema.Struct.Fields> {
  readonly name: string
  readonly summary: string
  readonly params: PlainStruct<F>
  readonly facts: readonly [FactId, ...FactId[]]
  readonly binding?: Binding
  readonly isReadOnly?: boolean
  /** Installing and authorising a connector: its administrators may as well (MIP-010). */
  readonly isConnectorTask?: boolean
  readonly decide: (call: Call<MipWorld>, params: Schema.Struct<F>["Type"]) => AipAnswer
}

/** A cmdlet of the AIPService module: role, session, its own gates, change, log line. */
export const aipCmdlet = <F extends Schema.Struct.Fields>(
  spec: AipSpec<F>,
): Operation<MipWorld, MipEvent> =>
  operation<MipWorld, MipEvent, F>({
    name: spec.name,
    summary: spec.summary,
    params: spec.params,
    facts: spec.facts,
    acceptedRoles: aipRoles,
    binding: spec.binding ?? {},
    isReadOnly: spec.isReadOnly ?? false,
    decide: (call, params) => {
      const first = evaluateAipSession(call, spec.isConnectorTask)
      if (first.outcome !== "allow") return { decision: first }
      const answer = spec.decide(call, params)
      const own = answer.decision
      const decision = own === undefined ? first : andThen(first, () => own)
      const line = logLine(call, answer, decision.outcome === "allow")
      const changes = decision.outcome === "allow" ? (answer.changes ?? {}) : {}
      return {
        decision,
        events: [
          ...(line === undefined ? [] : [{ _tag: "RmsServiceConfigured" as const, changes, line }]),
          ...(decision.outcome === "allow" ? (answer.events ?? []) : []),
        ],
        output: decision.outcome === "allow" ? (answer.output ?? []) : [],
        warnings: answer.warnings ?? [],
      }
    },
  })

const logLine = ({ actor, now }: Call<MipWorld>, { logged }: AipAnswer, hasPassed: boolean) =>
  logged === undefined
    ? undefined
    : {
        at: now,
        admin: actor.id,
        command: logged.command,
        parameters: logged.parameters ?? "",
        hasPassed,
      }

/** Whether an account is a member of this organization: others cannot connect (MIP-009). */
export const isOwnAccount = (world: MipWorld, address: string): boolean => {
  const user = userOf(world, address)
  return user !== undefined && !isExternalUser(user)
}

/** The one line that a cmdlet prints where it has no object to show. */
export const says = (message: string): readonly OutputObject[] => [{ Value: message }]
