import {
  type Call,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  isoOf,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { isExternalUser } from "../DirectoryUser.ts"
import { personOf, userOf, usersOf } from "../directory.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { UserRisk } from "../UserRisk.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet } from "./graphCmdlet.ts"

interface RiskFacets {
  readonly unknown: string
  readonly external: string
}

const riskGate = gate<RiskFacets>()

const usersKnown = riskGate({
  name: "risky-users",
  facts: ["IDN-167"],
  reads: ["unknown", "external"],
  check: ({ unknown: missing, external }) => {
    if (missing !== "") {
      return deny(
        "Nobody has this account.",
        { user: missing },
        { code: "Request_ResourceNotFound", message: `Resource '${missing}' does not exist.` },
      )
    }
    return external === ""
      ? pass("The risk of these accounts is judged in this tenant.")
      : deny(
          "The user risk of a guest is judged in the home tenant, and settled there.",
          { user: external },
          { code: "Request_BadRequest", message: "The user is not managed by this tenant." },
        )
  },
})

const gates: GateRules<RiskFacets> = [usersKnown]

const managers: readonly string[] = [roles.securityAdministrator, roles.globalAdministrator]

const evaluateRisk = (world: IdentityWorld, ids: readonly string[]): Decision => {
  const users = ids.map((id) => ({ id, user: userOf(world, id) }))
  return decideByGates(gates, {
    unknown: users.find(({ user }) => user === undefined)?.id ?? "",
    external: users.find(({ user }) => user !== undefined && isExternalUser(user))?.id ?? "",
  })
}

const UserIds = Schema.optionalKey(
  Schema.Array(Schema.NonEmptyString).annotate({ description: "Object ids or principal names" }),
)

const addressesOf = (world: IdentityWorld, ids: readonly string[]): readonly string[] =>
  ids.flatMap((id) => personOf(world, id)?.address ?? [])

const riskCmdlet = (spec: {
  readonly name: string
  readonly summary: string
  readonly activity: string
  readonly event: (address: string, at: number) => IdentityEvent
}) =>
  graphCmdlet({
    name: spec.name,
    summary: spec.summary,
    params: { UserIds },
    body: Schema.Struct({ userIds: Schema.NonEmptyArray(Schema.NonEmptyString) }),
    roles: managers,
    facts: ["IDN-167"],
    decide: (call, { userIds }): Ruling<IdentityEvent> => {
      const decision = evaluateRisk(call.world, userIds)
      if (decision.outcome !== "allow") return { decision }
      const addresses = addressesOf(call.world, userIds)
      return {
        decision,
        events: addresses.map((address) => spec.event(address, call.now)),
        audit: addresses.map((address) => auditLine(spec.activity, address)),
      }
    },
  })

export const confirmCompromised = riskCmdlet({
  name: "Confirm-MgRiskyUserCompromised",
  summary: "Confirms that accounts were taken over: their user risk becomes high.",
  activity: "ConfirmAccountCompromised",
  event: (address, at) => ({ _tag: "UserRiskRaised", address, level: "high", at }),
})

export const dismissRisk = riskCmdlet({
  name: "Invoke-MgDismissRiskyUser",
  summary: "Dismisses the user risk of accounts.",
  activity: "DismissUser",
  event: (address, at) => ({ _tag: "UserRiskDismissed", address, at }),
})

export const getRiskyUser = operation({
  name: "Get-MgRiskyUser",
  summary: "Shows the accounts of this tenant whose user risk is raised.",
  params: Schema.Struct({}),
  roles: [...managers, roles.securityReader, roles.globalReader],
  roleRefusal: requestDenied,
  facts: ["IDN-167"],
  isReadOnly: true,
  decide: ({ world }: Call<IdentityWorld>): Ruling<IdentityEvent> => ({
    decision: evaluateRisk(world, []),
    output: usersOf(world)
      .filter((user) => !isExternalUser(user))
      .flatMap((user) => {
        const risk = world.identity.userRisks[personOf(world, user.id)?.address ?? ""]
        return risk === undefined
          ? []
          : [
              {
                Id: user.id,
                UserPrincipalName: user.userPrincipalName,
                RiskLevel: risk.level,
                RiskState: "atRisk",
                RiskLastUpdatedDateTime: isoOf(risk.at),
              },
            ]
      }),
  }),
})

const somebody = gate<{ readonly isKnown: boolean }>()({
  name: "account-known",
  facts: ["IDN-167"],
  reads: ["isKnown"],
  check: ({ isKnown }) =>
    isKnown
      ? pass("The risk engine of the person's own tenant has found something.")
      : deny("Nobody has this account.", {}, { message: "The account does not exist." }),
})

/** What the risk engine of a person's own tenant finds, e.g. credentials that leaked (IDN-167). */
export const detectUserRisk = operation({
  name: "detect-user-risk",
  summary: "The risk engine of somebody's own tenant raises the user risk of the account.",
  params: Schema.Struct({
    user: Schema.NonEmptyString.annotate({ description: "Address of the account" }),
    level: UserRisk.fields.level.annotate({ description: "How likely a takeover is" }),
  }),
  facts: ["IDN-167"],
  decide: ({ world, now }: Call<IdentityWorld>, { user, level }): Ruling<IdentityEvent> => {
    const person = personOf(world, user)
    const decision = decideByGates([somebody], { isKnown: person !== undefined })
    return person === undefined
      ? { decision }
      : { decision, events: [{ _tag: "UserRiskRaised", address: person.address, level, at: now }] }
  },
})
