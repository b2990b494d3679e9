import type { CryptoServices } from "@twin/crypto"
import {
  andThen,
  type Decision,
  decideByGates,
  deny,
  gate,
  isoOf,
  operation,
  pass,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import { conclude } from "../conclude.ts"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import { evaluateProductionAccess } from "../decisions/evaluateProductionAccess.ts"
import {
  type AccessAttempt,
  factsOfProductionAccess,
} from "../decisions/factsOfProductionAccess.ts"
import { worldAfter } from "../evolve.ts"
import { outcomeOf } from "../Happening.ts"
import { ManagementInterface, type OperatorSession } from "../JitAccount.ts"
import { Service } from "../Service.ts"
import {
  type DatacenterWorld,
  elevationOf,
  jitAccountOf,
  lockboxRoleOf,
  operatorSessionOf,
} from "../State.ts"
import { accountOfRequest, draftOfAttempt, interfaceFor, presentedCard } from "./attempt.ts"
import { callerOf, type DatacenterCall, engineerAlias } from "./caller.ts"
import { destroyDeadPasswords, hasPassword } from "./passwordSafe.ts"

export const SmartCard = Schema.Union([Service, Schema.Literal("None")])

const StartSession = Schema.Struct({
  request: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Elevation whose just-in-time account is used; absent: the own account",
  }),
  component: Schema.NonEmptyString.annotate({ description: "Machine to connect to" }),
  interface: Schema.optionalKey(ManagementInterface).annotate({
    description: "Terminal service gateway (default) or remote PowerShell",
  }),
  smartCard: Schema.optionalKey(SmartCard).annotate({
    description: "Platform of the card that is presented; the fitting one when absent",
  }),
})

const oneTimePassword = gate<{ readonly isInSafe: boolean }>()({
  name: "one-time-password",
  facts: ["DCO-050"],
  reads: ["isInSafe"],
  check: ({ isInSafe }) =>
    isInSafe
      ? pass("The password safe hands out the password of this elevation.")
      : deny(
          "The password safe holds no password for this elevation any more.",
          { isInSafe },
          { code: "NoStandingAccess", message: "The credentials are not valid." },
        ),
})

/** Asks the safe as well, where a just-in-time account signs in (DCO-050). */
const withPassword = Effect.fnUntraced(function* (decision: Decision, attempt: AccessAttempt) {
  if (decision.outcome !== "allow" || attempt.account === undefined) return decision
  const isInSafe = yield* hasPassword(attempt.account)
  return andThen(decision, () => decideByGates([oneTimePassword], { isInSafe }))
})

const opened = (call: DatacenterCall, attempt: AccessAttempt): OperatorSession => ({
  id: call.draw.guid("operator session"),
  owner: attempt.alias,
  ...(attempt.account === undefined ? {} : { account: attempt.account.id }),
  component: attempt.component,
  interface: attempt.interface ?? "TerminalServiceGateway",
  ...(attempt.smartCard === undefined ? {} : { smartCard: attempt.smartCard }),
  ipAddress: call.actor.client.ipAddress,
  startedAt: call.now,
  lastActivityAt: call.now,
})

/** Connects to one machine: the gates of DCO-298 that a connection has to pass; LBX-12. */
export const startSession = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof StartSession.fields,
  CryptoServices
>({
  name: "start-session",
  summary: "An engineer connects to a machine from the secure workstation.",
  params: StartSession,
  facts: ["DCO-051", "DCO-067", "DCO-298"],
  decide: Effect.fnUntraced(function* (call: DatacenterCall, params: typeof StartSession.Type) {
    const { world, actor, now } = call
    const alias = engineerAlias(actor)
    const attempt: AccessAttempt = {
      alias,
      ...accountOfRequest(world, actor, params.request),
      client: actor.client,
      ...interfaceFor(params.interface),
      ...presentedCard(world, alias, params.component, params.smartCard),
      component: params.component,
      readability: "no-content",
    }
    const gates = evaluateProductionAccess(factsOfProductionAccess(world, attempt, now))
    const decision = yield* withPassword(gates, attempt)
    const session = opened(call, attempt)
    const request = attempt.account && elevationOf(world, attempt.account.request)
    const isFirstUse = request?.state === "Provisioned"
    const isAllowed = decision.outcome === "allow"
    const events: DatacenterEvent[] = isAllowed
      ? [
          { _tag: "OperatorSessionStarted", session },
          ...(request !== undefined && isFirstUse
            ? [{ _tag: "ElevationActivated", request: request.id, at: now } as const]
            : []),
        ]
      : []
    return conclude(world, now, {
      decision,
      events,
      happenings: [
        {
          draft: {
            ...draftOfAttempt(world, attempt, callerOf(actor).who),
            kind: "sign-in",
            what: "start-session",
            ...outcomeOf(decision),
            ...(isAllowed ? { session: session.id } : {}),
            ...(isAllowed && isFirstUse ? { transitions: ["LBX-12"] } : {}),
          },
        },
      ],
      output: isAllowed
        ? [
            {
              id: session.id,
              session: session.id,
              component: session.component,
              interface: session.interface,
              startedAt: isoOf(now),
            },
          ]
        : [],
    })
  }),
})

const EndSession = Schema.Struct({
  session: Schema.NonEmptyString.annotate({ description: "Id of the session" }),
})

const ownOpenSession = gate<{ readonly session: "own" | "foreign" | "ended" | "unknown" }>()({
  name: "own-session",
  facts: ["DCO-022", "DCO-073"],
  reads: ["session"],
  check: ({ session }) =>
    session === "own"
      ? pass("The session is open and belongs to the person.", { session })
      : deny(
          session === "foreign"
            ? "The session belongs to another person."
            : "There is no open session to end.",
          { session },
          { code: "SessionNotFound", message: "The session could not be found." },
        ),
})

/** The elevation that is over with this session, because its role ends when somebody logs out. */
const endingWith = (
  world: DatacenterWorld,
  session: OperatorSession | undefined,
): string | undefined => {
  const account = session?.account === undefined ? undefined : jitAccountOf(world, session.account)
  if (account === undefined) return undefined
  return lockboxRoleOf(world, account.role)?.endsAtLogOut === true ? account.request : undefined
}

/** Leaves the machine; the elevation lives on until its own end, but for roles that end with it. */
export const endSession = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof EndSession.fields,
  CryptoServices
>({
  name: "end-session",
  summary: "An engineer ends a session; the elevation itself goes on, but for the secret stores.",
  params: EndSession,
  facts: ["CRY-092", "DCO-073"],
  decide: Effect.fnUntraced(function* (
    { world, actor, now }: DatacenterCall,
    params: typeof EndSession.Type,
  ) {
    const session = operatorSessionOf(world, params.session)
    const decision = decideByGates([ownOpenSession], {
      session:
        session === undefined
          ? "unknown"
          : session.owner !== engineerAlias(actor)
            ? "foreign"
            : session.endedAt === undefined
              ? "own"
              : "ended",
    })
    const isAllowed = decision.outcome === "allow"
    const request = endingWith(world, session)
    const ended: readonly DatacenterEvent[] = [
      { _tag: "OperatorSessionEnded", session: params.session, because: "ended", at: now },
      ...(request === undefined ? [] : [{ _tag: "ElevationCompleted" as const, request, at: now }]),
    ]
    const ruling = conclude(world, now, {
      decision,
      events: isAllowed ? ended : [],
      happenings: [
        {
          draft: {
            ...callerOf(actor),
            kind: "operation",
            what: "end-session",
            ...outcomeOf(decision),
            session: params.session,
            ...(session === undefined ? {} : { component: session.component }),
            ...(isAllowed && request !== undefined ? { request, transitions: ["LBX-14"] } : {}),
          },
        },
      ],
      output: isAllowed ? [{ id: params.session, session: params.session, state: "ended" }] : [],
    })
    yield* destroyDeadPasswords(worldAfter(world, ruling.events ?? []))
    return ruling
  }),
})
