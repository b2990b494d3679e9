import type { Actor } from "@twin/kernel"
import {
  type AccessAttempt,
  isBaselineCommand,
  protocolOf,
  workstationOf,
} from "../decisions/factsOfProductionAccess.ts"
import type { RecordDraft } from "../InternalRecord.ts"
import { scrub } from "../InternalRecord.ts"
import type { JitAccount, ManagementInterface } from "../JitAccount.ts"
import { commandOf } from "../LockboxRole.ts"
import type { Service } from "../Service.ts"
import {
  componentOf,
  type DatacenterWorld,
  elevationOf,
  engineerOf,
  jitAccountOf,
} from "../State.ts"

type World = Pick<DatacenterWorld, "datacenter">

/** The just-in-time account of a request; a request without one gives nothing. */
export const jitAccountOfRequest = (world: World, request: string): JitAccount | undefined => {
  const id = elevationOf(world, request)?.account
  return id === undefined ? undefined : jitAccountOf(world, id)
}

/** Whose rights are used: the elevation that was named, or the person's own account. */
export const accountOfRequest = (
  world: World,
  actor: Actor,
  request: string | undefined,
): Pick<AccessAttempt, "principal" | "account"> => {
  if (actor.kind !== "datacenter-engineer") return { principal: "corporate-account" }
  if (request === undefined) return { principal: "service-team-account" }
  const account = jitAccountOfRequest(world, request)
  return account === undefined
    ? { principal: "jit-account" }
    : { principal: "jit-account", account }
}

export const interfaceFor = (
  named: ManagementInterface = "TerminalServiceGateway",
): Pick<AccessAttempt, "interface" | "protocol"> => ({
  interface: named,
  protocol: protocolOf[named],
})

/** The card that was named; without a name the fitting one, where the person holds it. */
export const presentedCard = (
  world: World,
  alias: string,
  component: string,
  named: Service | "None" | undefined,
): Pick<AccessAttempt, "smartCard"> => {
  if (named === "None") return {}
  if (named !== undefined) return { smartCard: named }
  const platform = componentOf(world, component)?.service
  const isHeld =
    platform !== undefined && (engineerOf(world, alias)?.smartCards.includes(platform) ?? false)
  return isHeld ? { smartCard: platform } : {}
}

/** What the log says about an attempt, apart from its kind and outcome. */
export const draftOfAttempt = (
  world: DatacenterWorld,
  attempt: AccessAttempt,
  who: string,
): Omit<RecordDraft, "at" | "kind" | "what" | "outcome"> => {
  const { account, component, line, tenant, sourceComponent, session } = attempt
  const target = componentOf(world, component)
  const scopeTenant = account?.scope.tenant
  const touches =
    attempt.item === undefined ? commandOf(line?.command ?? "")?.touches : "customer-content"
  return {
    // The log sees the account in use, not who sits behind it.
    who: attempt.alias === "" ? who : attempt.alias,
    // Network addresses of connections into production are the service's own data.
    where: sourceComponent ?? attempt.client.ipAddress,
    component,
    principal: attempt.principal,
    workstation: workstationOf(world, attempt),
    isPrivileged: !isBaselineCommand(line),
    ...(target === undefined ? {} : { partition: target.partition }),
    ...(account === undefined ? {} : { account: account.id, request: account.request }),
    ...(session === undefined ? {} : { session: session.id }),
    ...(sourceComponent === undefined ? {} : { sourceComponent }),
    ...(attempt.isInteractive === undefined ? {} : { isInteractive: attempt.isInteractive }),
    ...(touches === undefined ? {} : { touches }),
    ...(tenant === undefined ? {} : { tenant: scrub(tenant) }),
    ...(tenant !== undefined && scopeTenant !== undefined && tenant !== scopeTenant
      ? { isForeignTenant: true }
      : {}),
  }
}
