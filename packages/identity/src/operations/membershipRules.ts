import {
  type Call,
  decideByGates,
  deny,
  gate,
  isFaultOn,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { HashMap, Option, Result, Schema } from "effect"
import { evaluateRuleValidation } from "../decisions/evaluateRuleValidation.ts"
import { allGroups, groupOf, isDirectMember, memberIdsOf, userOf } from "../directory.ts"
import { groupsToProcess } from "../dynamicMembership.ts"
import { isDynamic } from "../Group.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { isProcessingLate, membershipStateOf } from "../membershipStatus.ts"
import { roles } from "../Role.ts"
import { compileRule } from "../rules/compileRule.ts"
import { builderProblem, explainMatch, expressionsOf } from "../rules/explainMatch.ts"
import { type ParsedRule, parseRule } from "../rules/parseRule.ts"
import { printRule } from "../rules/printRule.ts"
import { ruleFootprint } from "../rules/ruleFootprint.ts"
import { deviceReaders, userReaders } from "../rules/ruleReaders.ts"
import type { IdentityWorld } from "../State.ts"

const readers: readonly string[] = [
  roles.groupsAdministrator,
  roles.userAdministrator,
  roles.intuneAdministrator,
  roles.globalReader,
  roles.globalAdministrator,
]

const shown = gate<{ readonly groups: number; readonly isLate: boolean }>()({
  name: "membership-processing",
  facts: ["IDN-220"],
  reads: ["groups", "isLate"],
  check: ({ groups, isLate }) =>
    pass(
      isLate
        ? "Changes have waited for more than a day: the tenant is alerted."
        : "This is how far the evaluation of membership rules is.",
      { groups, isLate },
    ),
})

/** The state of every dynamic group, and how many people need a licence for it. */
export const showMembershipProcessing = operation({
  name: "show-membership-processing",
  summary: "Shows how far the evaluation of the membership rules is.",
  params: Schema.Struct({
    group: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "One group by name, address or id" }),
    ),
  }),
  roles: readers,
  roleRefusal: requestDenied,
  facts: ["IDN-217", "IDN-219", "IDN-220"],
  isReadOnly: true,
  decide: ({ world, now }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const groups = allGroups(world).filter(isDynamic)
    const wanted =
      params.group === undefined
        ? groups
        : groups.filter(({ id }) => id === groupOf(world, params.group ?? "")?.id)
    const isLate = isProcessingLate(world, now)
    return {
      decision: decideByGates([shown], { groups: wanted.length, isLate }),
      output: wanted.map((group): OutputObject => {
        const state = membershipStateOf(world, group, now)
        return {
          id: group.id,
          displayName: group.displayName,
          dynamicRuleProcessingStatus: state?.status ?? "",
          lastMembershipChange: state?.lastMembershipChange ?? "",
          members: memberIdsOf(world, group.id).length,
          isTenantAlerted: isLate,
          licencesNeeded: uniqueMembers(world),
        }
      }),
      warnings: isLate
        ? ["Dynamic group processing in this tenant has been delayed for more than 24 hours."]
        : [],
    }
  },
})

/** How many different people the rules bring in: so many premium licences are needed (IDN-217). */
const uniqueMembers = (world: IdentityWorld): number =>
  new Set(
    groupsToProcess(world)
      .flatMap(({ id }) => memberIdsOf(world, id))
      .filter((id) => HashMap.has(world.identity.users, id)),
  ).size

const ruleReadable = gate<{ readonly problem: string; readonly position: number }>()({
  name: "membership-rule",
  facts: ["IDN-215"],
  reads: ["problem", "position"],
  check: ({ problem, position }) =>
    problem === ""
      ? pass("The membership rule can be read.")
      : deny(
          "The membership rule does not make sense to the rule engine.",
          { problem, position },
          {
            code: "Request_BadRequest",
            message: `Dynamic membership rule validation error: ${problem}`,
          },
        ),
})

/** What a rule means, how it is written best, and whether the portal's builder can show it. */
export const inspectMembershipRule = operation({
  name: "inspect-membership-rule",
  summary: "Reads a membership rule and says what it looks at, without saving it.",
  params: Schema.Struct({
    rule: Schema.String.annotate({ description: "The rule" }),
  }),
  facts: ["IDN-195", "IDN-196", "IDN-198", "IDN-215", "IDN-217"],
  isReadOnly: true,
  decide: (_call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const parsed = parseRule(params.rule)
    const decision = decideByGates([ruleReadable], {
      problem: Result.isFailure(parsed) ? parsed.failure.message : "",
      position: Result.isFailure(parsed) ? parsed.failure.at : 0,
    })
    if (Result.isFailure(parsed)) return { decision }
    const { scope, rule, warnings } = parsed.success
    const problem = builderProblem(rule)
    const { properties, sources, clockOffsets } = ruleFootprint(rule)
    return {
      decision,
      warnings,
      output: [
        {
          rule: printRule(parsed.success),
          scope,
          expressions: expressionsOf(rule).length,
          properties: [...properties].toSorted(),
          sourceGroups: [...sources],
          looksAtClock: clockOffsets.length > 0,
          isShownInRuleBuilder: problem === undefined,
          ruleBuilder: problem ?? "The rule builder can show this rule.",
        },
      ],
    }
  },
})

/** What the tool answers about one object. */
const validated = (
  call: Call<IdentityWorld>,
  parsed: ParsedRule | undefined,
  given: string,
): OutputObject => {
  const { world, now } = call
  const unknown = (reason: string): OutputObject => ({
    object: given,
    result: "Unknown",
    reason,
    expressions: [],
  })
  if (isFaultOn(world, "directory-outage")) return unknown("The directory does not answer.")
  if (parsed === undefined) return unknown("The rule is not valid.")
  // The tool does not know rules over other groups (IDN-213).
  if (ruleFootprint(parsed.rule).sources.length > 0)
    return unknown("Rules over groups cannot be validated.")
  const context = {
    now,
    isDirectMember: (groupId: string, objectId: string) => isDirectMember(world, groupId, objectId),
  }
  const row = (isMember: boolean, expressions: ReturnType<typeof explainMatch>): OutputObject => ({
    object: given,
    result: isMember ? "Member" : "Not member",
    reason: "",
    expressions: expressions.map(({ expression, isSatisfied }) => ({ expression, isSatisfied })),
  })
  if (parsed.scope === "user") {
    const user = userOf(world, given)
    return user === undefined
      ? unknown("The directory has no such user.")
      : row(
          compileRule(parsed.rule, userReaders)(user, context),
          explainMatch(parsed, userReaders, user, context),
        )
  }
  const device = Option.getOrUndefined(HashMap.get(world.identity.devices, given))
  return device === undefined
    ? unknown("The directory has no such device.")
    : row(
        compileRule(parsed.rule, deviceReaders)(device, context),
        explainMatch(parsed, deviceReaders, device, context),
      )
}

/** The preview tool that asks a rule about some people before anybody depends on it (IDN-224). */
export const validateMembershipRule = operation({
  name: "validate-membership-rule",
  summary: "Asks a membership rule about up to twenty users or devices, without changing anything.",
  params: Schema.Struct({
    group: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "The dynamic group whose rule is asked" }),
    ),
    rule: Schema.optionalKey(
      Schema.String.annotate({ description: "Another rule; that of the group if absent" }),
    ),
    objects: Schema.Array(Schema.NonEmptyString).annotate({
      description: "Users by name or address, or devices by id",
    }),
  }),
  facts: ["IDN-213", "IDN-224"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, actor, now } = call
    const decision = evaluateRuleValidation({ world, actor, now, objects: params.objects.length })
    if (decision.outcome !== "allow") return { decision }
    const group = params.group === undefined ? undefined : groupOf(world, params.group)
    const parsed = parseRule(params.rule ?? group?.membershipRule ?? "")
    return {
      decision,
      output: params.objects.map((it) =>
        validated(call, Result.isSuccess(parsed) ? parsed.success : undefined, it),
      ),
    }
  },
})
