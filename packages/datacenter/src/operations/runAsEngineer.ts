import {
  availabilityKeyAudit,
  type CryptoServices,
  evaluateStoredBytes,
  isEnvelope,
  openAtRest,
  storedObjectOf,
} from "@twin/crypto"
import {
  type AuditEntry,
  andThen,
  decideByGates,
  deny,
  gate,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import { operatorEntry } from "../auditEntries.ts"
import { conclude } from "../conclude.ts"
import type { DatacenterEvent, OperatorAction } from "../DatacenterEvent.ts"
import { evaluateProductionAccess } from "../decisions/evaluateProductionAccess.ts"
import {
  type AccessAttempt,
  factsOfProductionAccess,
  isBaselineCommand,
} from "../decisions/factsOfProductionAccess.ts"
import { outcomeOf } from "../Happening.ts"
import { isLiveAt, ManagementInterface, type OperatorSession } from "../JitAccount.ts"
import { commandOf } from "../LockboxRole.ts"
import {
  componentOf,
  type DatacenterWorld,
  elevationOf,
  jitAccountOf,
  openSessionsOf,
  operatorSessionOf,
} from "../State.ts"
import { accountOfRequest, draftOfAttempt, interfaceFor, presentedCard } from "./attempt.ts"
import { callerOf, canonicalTenant, type DatacenterCall, engineerAlias } from "./caller.ts"
import { SmartCard } from "./operatorSession.ts"

const RunAsEngineer = Schema.Struct({
  component: Schema.NonEmptyString.annotate({ description: "Machine the command runs on" }),
  action: Schema.NonEmptyString.annotate({ description: "Command, e.g. Restart-Service" }),
  parameters: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)).annotate({
    description: "Parameters of the command with their values",
  }),
  session: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Session to work in; the open one on this machine when absent",
  }),
  request: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Elevation to use without a session; absent: the own account",
  }),
  interface: Schema.optionalKey(ManagementInterface).annotate({
    description: "Way in, where no session is open",
  }),
  smartCard: Schema.optionalKey(SmartCard).annotate({
    description: "Platform of the card that is presented; the fitting one when absent",
  }),
  tenant: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Tenant whose content is touched; that of the elevation when absent",
  }),
  container: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Mailbox or site that is touched; that of the elevation when absent",
  }),
  item: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Stored object whose bytes are read",
  }),
})
type Params = typeof RunAsEngineer.Type

/** The session that was named, or the person's open one on the machine. */
const sessionFor = (
  { world, actor }: DatacenterCall,
  params: Params,
): OperatorSession | undefined => {
  if (params.session !== undefined) return operatorSessionOf(world, params.session)
  if (params.request !== undefined) return undefined
  const alias = engineerAlias(actor)
  return openSessionsOf(world).find((it) => it.owner === alias && it.component === params.component)
}

const principalFor = (
  { world, actor }: DatacenterCall,
  params: Params,
  session: OperatorSession | undefined,
): Pick<AccessAttempt, "principal" | "account"> => {
  if (session?.account !== undefined && actor.kind === "datacenter-engineer") {
    const account = jitAccountOf(world, session.account)
    return account === undefined
      ? { principal: "jit-account" }
      : { principal: "jit-account", account }
  }
  return accountOfRequest(world, actor, params.request)
}

/** Bytes that the service itself cannot turn into plaintext stay ciphertext for the operator. */
const readabilityOf = Effect.fnUntraced(function* (
  world: DatacenterWorld,
  item: string,
  now: number,
) {
  if (evaluateStoredBytes(world, item, { now }).outcome !== "allow") {
    return { readability: "opaque", bytes: storedObjectOf(world, item)?.sizeBytes ?? 0 } as const
  }
  const bytes = yield* Effect.orElseSucceed(openAtRest(world, item, { now }), () => undefined)
  return bytes === undefined || isEnvelope(bytes)
    ? ({ readability: "opaque", bytes: bytes?.length ?? 0 } as const)
    : ({ readability: "readable", bytes: bytes.length } as const)
})

const attemptOf = (call: DatacenterCall, params: Params): AccessAttempt => {
  const { world, actor } = call
  const alias = engineerAlias(actor)
  const session = sessionFor(call, params)
  const isHere = session?.component === params.component && session.owner === alias
  const who = principalFor(call, params, session)
  const scope = who.account?.scope
  const stored = params.item === undefined ? undefined : storedObjectOf(world, params.item)
  const container = stored?.container ?? params.container ?? scope?.container
  const tenant = params.tenant === undefined ? scope?.tenant : canonicalTenant(world, params.tenant)
  return {
    alias,
    ...who,
    client: actor.client,
    ...interfaceFor(session?.interface ?? params.interface),
    ...(session === undefined
      ? presentedCard(world, alias, params.component, params.smartCard)
      : session.smartCard === undefined
        ? {}
        : { smartCard: session.smartCard }),
    ...(session !== undefined && isHere ? { session } : {}),
    component: params.component,
    line: { command: params.action, parameters: params.parameters ?? {} },
    ...(tenant === undefined ? {} : { tenant }),
    ...(container === undefined ? {} : { container }),
    ...(params.item === undefined ? {} : { item: params.item }),
    readability: "no-content",
  }
}

/** Whether the object lies in the service of the machine; Teams files and OneDrive are SharePoint's. */
const isStoredHere = (world: DatacenterWorld, item: string, component: string): boolean => {
  const workload = storedObjectOf(world, item)?.workload
  const service = componentOf(world, component)?.service
  if (workload === undefined || service === undefined) return false
  return workload === "Exchange"
    ? service === "Exchange"
    : service === "SharePoint" || service === "OneDrive" || service === "Teams"
}

const itemKnown = gate<{ readonly isStored: boolean }>()({
  name: "stored-item",
  facts: ["DCO-298"],
  reads: ["isStored"],
  check: ({ isStored }) =>
    isStored
      ? pass("The item is stored here.")
      : deny(
          "This machine's service stores nothing under this name.",
          { isStored },
          { code: "ItemNotFound", message: "The item could not be found." },
        ),
})

const actionOf = (
  call: DatacenterCall,
  attempt: AccessAttempt,
  isOpaque: boolean,
): OperatorAction => {
  const { line, account, session, tenant, container } = attempt
  const command = line?.command ?? ""
  const touches =
    attempt.item === undefined
      ? (commandOf(command)?.touches ?? "system-metadata")
      : "customer-content"
  return {
    id: call.draw.guid("operator action"),
    at: call.now,
    owner: attempt.alias,
    principal: attempt.principal,
    ...(account === undefined ? {} : { account: account.id, request: account.request }),
    ...(session === undefined ? {} : { session: session.id }),
    component: attempt.component,
    partition: componentOf(call.world, attempt.component)?.partition ?? "unknown",
    command: commandOf(command)?.name ?? command,
    touches,
    isPrivileged: !isBaselineCommand(line),
    ...(tenant === undefined ? {} : { tenant }),
    ...(container === undefined ? {} : { container }),
    isOpaque,
  }
}

/** The end of every command in production: its record for the log and, inside a tenant, for it. */
export const concludeCommand = (
  call: DatacenterCall,
  attempt: AccessAttempt,
  o: Pick<Ruling<DatacenterEvent>, "decision"> & {
    readonly isOpaque: boolean
    readonly bytes: number | undefined
  },
): Ruling<DatacenterEvent> => {
  const { world, actor, now } = call
  const { account, line } = attempt
  const isAllowed = o.decision.outcome === "allow"
  const action = actionOf(call, attempt, o.isOpaque)
  const request = account === undefined ? undefined : elevationOf(world, account.request)
  const service = componentOf(world, attempt.component)?.service
  const isFirstUse = isAllowed && request?.state === "Provisioned"
  const isSeenByTenant =
    request !== undefined &&
    account?.scope.tenant !== undefined &&
    service !== undefined &&
    isLiveAt(account, now)
  return conclude(world, now, {
    decision: o.decision,
    events: isAllowed
      ? [
          ...(isFirstUse
            ? [{ _tag: "ElevationActivated", request: request.id, at: now } as const]
            : []),
          { _tag: "OperatorActionTaken", action },
        ]
      : [],
    happenings: [
      {
        draft: {
          ...draftOfAttempt(world, attempt, callerOf(actor).who),
          kind: "operation",
          what: commandOf(line?.command ?? "")?.name ?? line?.command ?? "command",
          ...outcomeOf(o.decision),
          ...(isFirstUse ? { transitions: ["LBX-12"] } : {}),
        },
        ...(isSeenByTenant
          ? {
              visible: operatorEntry(world, {
                request,
                account,
                service,
                command: action.command,
                now,
                isSucceeded: isAllowed,
              }),
            }
          : {}),
      },
    ],
    output: isAllowed
      ? [
          {
            id: action.id,
            component: action.component,
            action: action.command,
            opaque: o.isOpaque,
            ...(o.bytes === undefined ? {} : { bytes: o.bytes }),
          },
        ]
      : [],
  })
}

/** One command on one machine: all gates of DCO-298, in their order. */
export const runAsEngineer = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof RunAsEngineer.fields,
  CryptoServices
>({
  name: "run-as-engineer",
  summary: "An engineer runs one command on a machine of the service.",
  params: RunAsEngineer,
  facts: ["DCO-011", "DCO-013", "DCO-298", "DCO-301"],
  decide: Effect.fnUntraced(function* (call: DatacenterCall, params: Params) {
    const { world, now } = call
    const attempt = attemptOf(call, params)
    const decision = evaluateProductionAccess(factsOfProductionAccess(world, attempt, now))
    const { item } = params
    if (item === undefined || decision.outcome !== "allow") {
      return concludeCommand(call, attempt, { decision, isOpaque: false, bytes: undefined })
    }
    const isStored = isStoredHere(world, item, params.component)
    if (!isStored) {
      return concludeCommand(call, attempt, {
        decision: andThen(decision, () => decideByGates([itemKnown], { isStored })),
        isOpaque: false,
        bytes: undefined,
      })
    }
    // Nothing is read before every gate has passed; then the keys have their say (gate 13).
    const { readability, bytes } = yield* readabilityOf(world, item, now)
    const facets = factsOfProductionAccess(world, { ...attempt, readability }, now)
    const ruling = concludeCommand(call, attempt, {
      decision: evaluateProductionAccess(facets),
      isOpaque: readability === "opaque",
      bytes,
    })
    return { ...ruling, audit: [...(ruling.audit ?? []), ...fallbackOf(world, item, now)] }
  }),
})

/** The tenant sees that the availability key was used, and of the engineer no more than ever (CRY-129). */
const fallbackOf = (world: DatacenterWorld, item: string, now: number): readonly AuditEntry[] => {
  const record = availabilityKeyAudit(world, item, { now })
  return record === undefined ? [] : [{ ...record, userId: "Microsoft Operator", userType: 3 }]
}
