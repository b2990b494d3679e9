import { type Client, decideByGates, deny, gate, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { conclude } from "../conclude.ts"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import { evaluateApproval, factsOfApproval } from "../decisions/evaluateApproval.ts"
import { evaluateProductionAccess } from "../decisions/evaluateProductionAccess.ts"
import {
  type AccessAttempt,
  factsOfProductionAccess,
} from "../decisions/factsOfProductionAccess.ts"
import { outcomeOf } from "../Happening.ts"
import { Protocol } from "../NetworkRule.ts"
import { type DatacenterWorld, elevationOf } from "../State.ts"
import { draftOfAttempt, interfaceFor, jitAccountOfRequest, presentedCard } from "./attempt.ts"
import { callerOf, type DatacenterCall } from "./caller.ts"
import { approvalHappening } from "./decideElevation.ts"
import { concludeCommand } from "./runAsEngineer.ts"

/** Controls that an attacker is supposed to have beaten already: assume breach (DCO-003). */
const Defeated = Schema.Array(Schema.Literals(["network", "workstation", "smart-card"])).annotate({
  description: "Controls that the attacker has beaten already",
})

const stolenFrom = Schema.NonEmptyString.annotate({
  description: "Person whose account the attacker has",
})
const component = Schema.NonEmptyString.annotate({ description: "Machine under attack" })
const action = Schema.NonEmptyString.annotate({ description: "Command that is tried" })
const parameters = Schema.optionalKey(Schema.Record(Schema.String, Schema.String)).annotate({
  description: "Parameters of the command",
})
const defeated = Schema.optionalKey(Defeated)

/** An address of the operators' network: what an attacker has who has beaten that control. */
const insideAddress = "198.51.100.66"

const clientOf = (
  client: Client,
  beaten: readonly ("network" | "workstation" | "smart-card")[] = [],
): Client => ({
  app: beaten.includes("workstation") ? "service-workstation" : client.app,
  device: beaten.includes("workstation") ? "managed" : client.device,
  ipAddress: beaten.includes("network") ? insideAddress : client.ipAddress,
})

/** The same gates as for everybody (DCO-298); the attacker only brings other facts. */
const tried = (call: DatacenterCall, attempt: AccessAttempt): Ruling<DatacenterEvent> =>
  concludeCommand(call, attempt, {
    decision: evaluateProductionAccess(factsOfProductionAccess(call.world, attempt, call.now)),
    isOpaque: false,
    bytes: undefined,
  })

const StandingAccess = Schema.Struct({ stolenFrom, component, action, parameters, defeated })

/** PX-01: a stolen operator account and an administrative command. */
export const attemptStandingAccess = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof StandingAccess.fields
>({
  name: "attempt-standing-access",
  summary: "An attacker uses a stolen operator account for a privileged command.",
  params: StandingAccess,
  facts: ["DCO-011", "DCO-021", "DCO-298"],
  decide: (call, params) => {
    const alias = params.stolenFrom.toLowerCase()
    const hasCard = params.defeated?.includes("smart-card") ?? false
    return tried(call, {
      alias,
      principal: "service-team-account",
      client: clientOf(call.actor.client, params.defeated),
      ...interfaceFor(),
      ...presentedCard(call.world, alias, params.component, hasCard ? undefined : "None"),
      component: params.component,
      line: { command: params.action, parameters: params.parameters ?? {} },
      readability: "no-content",
    })
  },
})

const Replay = Schema.Struct({
  request: Schema.NonEmptyString.annotate({
    description: "Elevation whose one-time password was stolen",
  }),
  component,
  action,
  parameters,
  defeated,
})

/** PX-09: the credential of a just-in-time account, used again. */
export const replayExpiredCredential = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof Replay.fields
>({
  name: "replay-expired-credential",
  summary: "An attacker replays the one-time password of an elevation.",
  params: Replay,
  facts: ["DCO-050", "DCO-053", "DCO-298"],
  decide: (call, params) => {
    const { world, actor } = call
    const alias = elevationOf(world, params.request)?.requester ?? "unknown"
    const account = jitAccountOfRequest(world, params.request)
    const hasCard = params.defeated?.includes("smart-card") ?? false
    return tried(call, {
      alias,
      principal: "jit-account",
      ...(account === undefined ? {} : { account }),
      client: clientOf(actor.client, params.defeated),
      ...interfaceFor(),
      ...presentedCard(world, alias, params.component, hasCard ? undefined : "None"),
      component: params.component,
      line: { command: params.action, parameters: params.parameters ?? {} },
      readability: "no-content",
    })
  },
})

const Lateral = Schema.Struct({
  from: Schema.NonEmptyString.annotate({ description: "Machine the attacker sits on" }),
  component: Schema.NonEmptyString.annotate({ description: "Machine the attacker wants" }),
  protocol: Schema.optionalKey(Protocol).annotate({
    description: "How the attacker connects; WinRM when absent",
  }),
  stolenFrom: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Person whose account the attacker has",
  }),
  request: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Elevation whose just-in-time account the attacker has",
  }),
})

/** PX-07 and PX-08: from one machine to the next, without the gateway. */
export const attemptLateralMovement = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof Lateral.fields
>({
  name: "attempt-lateral-movement",
  summary: "An attacker on one machine connects to another.",
  params: Lateral,
  facts: ["DCO-067", "DCO-087", "DCO-089", "DCO-096", "DCO-298"],
  decide: (call, params) => {
    const { world, actor, now } = call
    const account =
      params.request === undefined ? undefined : jitAccountOfRequest(world, params.request)
    const attempt: AccessAttempt = {
      alias: (account?.owner ?? params.stolenFrom ?? "").toLowerCase(),
      principal: account === undefined ? "service-team-account" : "jit-account",
      ...(account === undefined ? {} : { account }),
      client: actor.client,
      sourceComponent: params.from,
      protocol: params.protocol ?? "WinRM",
      component: params.component,
      readability: "no-content",
    }
    const decision = evaluateProductionAccess(factsOfProductionAccess(world, attempt, now))
    return conclude(world, now, {
      decision,
      happenings: [
        {
          draft: {
            ...draftOfAttempt(world, attempt, callerOf(actor).who),
            kind: "sign-in",
            what: "attempt-lateral-movement",
            ...outcomeOf(decision),
          },
        },
      ],
    })
  },
})

const OwnRequest = Schema.Struct({
  request: Schema.NonEmptyString.annotate({ description: "Id of the elevation request" }),
})

/** The requester's account, in whoever's hands, says yes to its own request (LBX-05). */
export const attemptApproveOwnRequest = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof OwnRequest.fields
>({
  name: "attempt-approve-own-request",
  summary: "An attacker with the requester's account tries to approve its request.",
  params: OwnRequest,
  facts: ["DCO-047"],
  decide: ({ world, actor, now }, { request }) => {
    const by = elevationOf(world, request)?.requester ?? "unknown"
    const decision = evaluateApproval(factsOfApproval(world, { request, by }, now))
    return conclude(world, now, {
      decision,
      happenings: [
        approvalHappening(world, {
          by: { who: by, where: actor.client.ipAddress },
          what: "approve-elevation",
          request,
          decision,
          transitions: outcomeOf(decision).code === "SelfApprovalForbidden" ? ["LBX-05"] : [],
        }),
      ],
    })
  },
})

const SignIn = Schema.Struct({ stolenFrom, component })

/** PX-03 and PX-04: a guessed or stolen first factor without the second. */
export const attemptSignIn = operation<DatacenterWorld, DatacenterEvent, typeof SignIn.fields>({
  name: "attempt-sign-in",
  summary: "An attacker tries to sign in as an operator without the smart card.",
  params: SignIn,
  facts: ["DCO-032", "DCO-075", "DCO-298"],
  decide: (call, params) => {
    const { world, actor, now } = call
    const attempt: AccessAttempt = {
      alias: params.stolenFrom.toLowerCase(),
      principal: "service-team-account",
      client: actor.client,
      ...interfaceFor(),
      component: params.component,
      readability: "no-content",
    }
    const decision = evaluateProductionAccess(factsOfProductionAccess(world, attempt, now))
    return conclude(world, now, {
      decision,
      happenings: [
        {
          draft: {
            ...draftOfAttempt(world, attempt, attempt.alias),
            kind: "sign-in",
            what: "attempt-sign-in",
            ...outcomeOf(decision),
          },
        },
      ],
    })
  },
})

const ServiceAccountUse = Schema.Struct({
  serviceAccount: Schema.NonEmptyString.annotate({ description: "Name of the service account" }),
  component,
  action,
  defeated,
})

/** A person behind a service account (DCO-018). */
export const attemptServiceAccountUse = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof ServiceAccountUse.fields
>({
  name: "attempt-service-account-use",
  summary: "An attacker signs in interactively with a service account.",
  params: ServiceAccountUse,
  facts: ["DCO-018", "DCO-298"],
  decide: (call, params) =>
    tried(call, {
      alias: params.serviceAccount.toLowerCase(),
      principal: "service-account",
      isInteractive: true,
      client: clientOf(call.actor.client, params.defeated),
      ...interfaceFor(),
      component: params.component,
      line: { command: params.action, parameters: {} },
      readability: "no-content",
    }),
})

const JoinGroup = Schema.Struct({
  stolenFrom,
  role: Schema.NonEmptyString.annotate({ description: "Lockbox role the attacker wants" }),
})

const changeRecord = gate<{ readonly hasChangeRecord: boolean }>()({
  name: "change-record",
  facts: ["DCO-035", "DCO-017"],
  reads: ["hasChangeRecord"],
  check: ({ hasChangeRecord }) =>
    deny(
      "Memberships change through the identity tool and a manager's approval, and no other way.",
      { hasChangeRecord },
      { code: "NoChangeRecord", message: "The change was not approved." },
    ),
})

/** PX-12: adding oneself to a role's group past the identity tool. */
export const attemptJoinRoleGroup = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof JoinGroup.fields
>({
  name: "attempt-join-role-group",
  summary: "An attacker adds a stolen account to the group of a Lockbox role.",
  params: JoinGroup,
  facts: ["DCO-035"],
  decide: ({ world, actor, now }, params) => {
    const decision = decideByGates([changeRecord], { hasChangeRecord: false })
    return conclude(world, now, {
      decision,
      happenings: [
        {
          draft: {
            who: params.stolenFrom.toLowerCase(),
            where: actor.client.ipAddress,
            kind: "change",
            what: `add-to-group ${params.role}`,
            ...outcomeOf(decision),
          },
        },
      ],
    })
  },
})
