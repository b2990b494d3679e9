import { momentIn } from "@twin/kernel"
import { Schema } from "effect"
import type { AccessReview, ReviewScope } from "../AccessReview.ts"
import { appIdOf } from "../CloudApp.ts"
import { groupOf, userOf } from "../directory.ts"
import { parseDuration } from "../rules/parseDuration.ts"
import type { IdentityWorld } from "../State.ts"
import { hashtable } from "./graphCmdlet.ts"

const text = Schema.optionalKey(Schema.String)
const flag = Schema.optionalKey(Schema.Boolean)

const Query = Schema.Struct({
  query: Schema.NonEmptyString,
  queryType: text,
  queryRoot: Schema.optionalKey(Schema.NullOr(Schema.String)),
  inactiveDuration: text,
})

const Settings = Schema.Struct({
  mailNotificationsEnabled: flag,
  reminderNotificationsEnabled: flag,
  justificationRequiredOnApproval: flag,
  defaultDecisionEnabled: flag,
  defaultDecision: Schema.optionalKey(
    Schema.Literals(["None", "Approve", "Deny", "Recommendation"]),
  ),
  instanceDurationInDays: Schema.optionalKey(Schema.Int),
  autoApplyDecisionsEnabled: flag,
  recommendationsEnabled: flag,
  recommendationLookBackDuration: text,
  recurrence: Schema.optionalKey(
    Schema.Struct({
      pattern: Schema.optionalKey(
        Schema.NullOr(
          Schema.Struct({
            type: Schema.Literals(["daily", "weekly", "absoluteMonthly"]),
            interval: Schema.Int,
            dayOfMonth: Schema.optionalKey(Schema.Int),
          }),
        ),
      ),
      range: Schema.optionalKey(
        Schema.Struct({
          type: Schema.Literals(["noEnd", "endDate", "numbered"]),
          startDate: text,
          endDate: text,
          numberOfOccurrences: Schema.optionalKey(Schema.Int),
        }),
      ),
    }),
  ),
  applyActions: Schema.optionalKey(Schema.Array(hashtable)),
})

/** Who is asked about: a query, or, for an application, people and what they are assigned to. */
const Scope = Schema.Struct({
  query: text,
  queryType: text,
  queryRoot: Schema.optionalKey(Schema.NullOr(Schema.String)),
  inactiveDuration: text,
  principalScopes: Schema.optionalKey(Schema.Array(Query)),
  resourceScopes: Schema.optionalKey(Schema.Array(Query)),
})

/** The body of a definition, as the service documents it. */
export const ReviewBody = Schema.Struct({
  displayName: Schema.NonEmptyString,
  descriptionForAdmins: text,
  descriptionForReviewers: text,
  scope: Scope,
  instanceEnumerationScope: Schema.optionalKey(Query),
  reviewers: Schema.optionalKey(Schema.Array(Query)),
  fallbackReviewers: Schema.optionalKey(Schema.Array(Query)),
  settings: Schema.optionalKey(Settings),
})
export type ReviewBody = typeof ReviewBody.Type

const idIn = (query: string, collection: string): string | undefined =>
  new RegExp(`/${collection}/([^/?]+)`, "i").exec(query)?.[1]

const idsIn = (world: IdentityWorld, queries: readonly (typeof Query.Type)[]): readonly string[] =>
  queries.flatMap(({ query }) => {
    const user = idIn(query, "users")
    if (user !== undefined) return userOf(world, user)?.id ?? []
    const group = idIn(query, "groups")
    return group === undefined ? [] : (groupOf(world, group)?.id ?? [])
  })

const reviewerKind = (queries: readonly (typeof Query.Type)[]): AccessReview["reviewers"] => {
  if (queries.length === 0) return "self"
  if (queries.some(({ query }) => /manager/i.test(query))) return "managers"
  return queries.some(({ query }) => /\/owners/i.test(query)) ? "owners" : "selected"
}

const dayMillis = 86_400_000
const monthDays = 30

const recurrenceOf = (
  recurrence: (typeof Settings.Type)["recurrence"],
): Pick<AccessReview, "recursEveryMillis"> => {
  const pattern = recurrence?.pattern
  if (pattern === undefined || pattern === null) return {}
  const unit = { daily: 1, weekly: 7, absoluteMonthly: monthDays }[pattern.type]
  return { recursEveryMillis: pattern.interval * unit * dayMillis }
}

const daysOf = (duration: string | undefined): number | undefined => {
  if (duration === undefined) return undefined
  const millis = parseDuration(duration)
  return millis === undefined ? Number.NaN : Math.floor(millis / dayMillis)
}

const rangeOf = (
  recurrence: (typeof Settings.Type)["recurrence"],
  now: number,
): Pick<AccessReview, "startsAt" | "endsAt" | "occurrences"> => {
  const range = recurrence?.range
  const start = range?.startDate === undefined ? now : (momentIn(range.startDate) ?? Number.NaN)
  const end = range?.type === "endDate" ? (momentIn(range.endDate ?? "") ?? Number.NaN) : Number.NaN
  return {
    startsAt: Number.isNaN(start) ? now : Math.max(start, now),
    ...(Number.isNaN(end) ? {} : { endsAt: end }),
    ...(range?.type === "numbered" ? { occurrences: range.numberOfOccurrences ?? 1 } : {}),
  }
}

const scopeOf = (
  world: IdentityWorld,
  body: ReviewBody,
): { readonly kind: "groups" | "application" | "unreadable"; readonly scope: ReviewScope } => {
  const { scope, instanceEnumerationScope: every } = body
  const people = scope.query ?? (scope.principalScopes ?? []).map(({ query }) => query).join(" ")
  const resources = scope.query ?? (scope.resourceScopes ?? []).map(({ query }) => query).join(" ")
  const inactiveDays = daysOf(
    scope.inactiveDuration ??
      scope.principalScopes?.find((it) => it.inactiveDuration !== undefined)?.inactiveDuration,
  )
  const groupId = idIn(resources, "groups")
  const rest = {
    users: /usertype\s+eq\s+'guest'/i.test(people) ? ("guests" as const) : ("everyone" as const),
    ...(inactiveDays === undefined ? {} : { inactiveDays }),
  }
  if (every !== undefined) {
    return {
      kind: /unified/i.test(every.query) ? "groups" : "unreadable",
      scope: { groupIds: [], isEveryMicrosoft365Group: true, ...rest },
    }
  }
  const groupIds = groupId === undefined ? [] : [groupOf(world, groupId)?.id ?? groupId]
  const application = idIn(resources, "servicePrincipals")
  return application === undefined
    ? {
        kind: groupId === undefined ? "unreadable" : "groups",
        scope: { groupIds, isEveryMicrosoft365Group: false, ...rest },
      }
    : {
        kind: "application",
        scope: {
          groupIds: [],
          isEveryMicrosoft365Group: false,
          applicationIds: [appIdOf(application) ?? application],
          ...rest,
        },
      }
}

/** What the body means, before anybody asked whether it may be. */
export const reviewIn = (
  world: IdentityWorld,
  body: ReviewBody,
  now: number,
): {
  readonly kind: "groups" | "application" | "unreadable"
  readonly review: Omit<AccessReview, "id" | "createdBy">
} => {
  const { reviewers = [], fallbackReviewers = [], settings = {} } = body
  const { kind, scope } = scopeOf(world, body)
  const isDeletion = (settings.applyActions ?? []).some((it) =>
    JSON.stringify(it["@odata.type"] ?? "")
      .toLowerCase()
      .includes("disableanddelete"),
  )
  const isDefaultOn = settings.defaultDecisionEnabled ?? settings.defaultDecision !== undefined
  return {
    kind,
    review: {
      displayName: body.displayName,
      scope,
      reviewers: reviewerKind(reviewers),
      reviewerIds: idsIn(world, reviewers),
      fallbackReviewerIds: idsIn(world, fallbackReviewers),
      mailNotifications: settings.mailNotificationsEnabled ?? false,
      reminderNotifications: settings.reminderNotificationsEnabled ?? false,
      justificationRequiredOnApproval: settings.justificationRequiredOnApproval ?? false,
      recommendationsEnabled: settings.recommendationsEnabled ?? false,
      recommendationLookBackDays: daysOf(settings.recommendationLookBackDuration) ?? 30,
      defaultDecision: isDefaultOn ? (settings.defaultDecision ?? "None") : "None",
      autoApply: settings.autoApplyDecisionsEnabled ?? false,
      deniedAction: isDeletion ? "disable-and-delete" : "remove-access",
      durationDays: settings.instanceDurationInDays ?? 14,
      ...recurrenceOf(settings.recurrence),
      ...rangeOf(settings.recurrence, now),
      createdAt: now,
    },
  }
}
