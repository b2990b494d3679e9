import { type Call, type Decision, type OutputObject, operation } from "@twin/kernel"
import { Schema } from "effect"
import { applicationNameOf } from "../applications.ts"
import { appIds } from "../CloudApp.ts"
import { ClientAppType } from "../ConditionalAccessPolicy.ts"
import { contentGuestEvents } from "../contentGuest.ts"
import { applicationRequest, throughApplication } from "../decisions/evaluateApplicationSignIn.ts"
import { evaluateSignIn } from "../decisions/evaluateSignIn.ts"
import { registrationEvents, sessionShown, withSecondFactor } from "../decisions/secondFactor.ts"
import { conditionalAccessOf } from "../decisions/signInFacets.ts"
import {
  clientAppTypeOf,
  type SignInQuestion,
  type SignInSubject,
  signInSubject,
} from "../decisions/signInSubject.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { MfaMethod } from "../Person.ts"
import { type DeviceAttributes, deviceFilterAttributes } from "../rules/deviceFilter.ts"
import type { IdentityWorld } from "../State.ts"
import { signInLine } from "./auditLine.ts"
import { consentGivenBy, shownAtConsent } from "./consentAtSignIn.ts"

/** What a person shows at the sign-in page, in every action that leads there. */
export const shownAtSignIn = {
  mfa: Schema.optionalKey(
    MfaMethod.annotate({ description: "Second factor that the person shows" }),
  ),
  acceptTerms: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "The person accepts the terms of use" }),
  ),
  changePassword: Schema.optionalKey(
    Schema.Boolean.annotate({
      description: "The person sets a new password, where one is asked for",
    }),
  ),
  provider: Schema.optionalKey(
    Schema.Literals(["microsoftAccount"]).annotate({
      description: "Which account is picked where the address has two",
    }),
  ),
  endpoint: Schema.optionalKey(
    Schema.Literals(["tenant", "common", "common-organization"]).annotate({
      description:
        "Where the sign-in starts: at the organization's address, or at the common one, with or without picking the organization",
    }),
  ),
  useAnotherAccount: Schema.optionalKey(
    Schema.Boolean.annotate({
      description: "The person picks Use another account and types the address again",
    }),
  ),
  embedded: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "The page opens inside an app, not in a browser" }),
  ),
}

type ShownAtSignIn = Schema.Struct<typeof shownAtSignIn>["Type"]

/** The question as it is before anything is shown, and as it is with what is shown. */
export const shownQuestion = (
  call: Call<IdentityWorld>,
  shown: ShownAtSignIn,
  rest: Omit<SignInQuestion, "world" | "address" | "client" | "now">,
): { readonly subject: SignInSubject; readonly question: SignInQuestion } => {
  const asked: SignInQuestion = {
    world: call.world,
    address: call.actor.id,
    client: call.actor.client,
    now: call.now,
    ...(shown.provider === undefined ? {} : { chosenProvider: shown.provider }),
    ...(shown.endpoint === undefined ? {} : { endpoint: shown.endpoint }),
    ...(shown.useAnotherAccount === undefined
      ? {}
      : { usesAnotherAccount: shown.useAnotherAccount }),
    ...(shown.embedded === undefined ? {} : { isEmbeddedWebView: shown.embedded }),
    ...rest,
  }
  const subject = signInSubject(asked)
  const session = sessionShown(subject, shown, call.now)
  return { subject, question: session === undefined ? asked : { ...asked, session } }
}

/** The number in `AADSTSnnnnn`, 0 where there is no refusal; a refusal without number counts as 1. */
export const errorCodeOf = (decision: Decision): string => {
  if (decision.outcome === "allow") return "0"
  const code = decision.gates.at(-1)?.refusal?.code ?? ""
  return /^AADSTS(\d+)$/.exec(code)?.[1] ?? "1"
}

const policyRows = (question: SignInQuestion): readonly OutputObject[] =>
  conditionalAccessOf(signInSubject(question)).policies.map(({ policy, result, match }) => ({
    displayName: policy.displayName,
    result,
    ...(match.reason === undefined ? {} : { reason: match.reason }),
  }))

/** The status line of the sign-in log: success, failure, or no policy applied (IDN-183). */
const statusOf = (rows: readonly OutputObject[]): string => {
  const results = rows.map(({ result }) => result)
  if (results.includes("failure")) return "failure"
  return results.includes("success") ? "success" : "notApplied"
}

const logOf = (question: SignInQuestion, subject: SignInSubject, decision: Decision) => {
  const rows = policyRows(question)
  return signInLine({
    address: subject.person?.address ?? question.address,
    app:
      subject.appId === undefined ? question.app : applicationNameOf(question.world, subject.appId),
    errorCode: errorCodeOf(decision),
    details: {
      ClientAppUsed: clientAppTypeOf(question),
      ConditionalAccessStatus: statusOf(rows),
      AppliedConditionalAccessPolicies: rows,
      CrossTenantAccessType:
        subject.isInternal || subject.user === undefined ? "none" : "b2bCollaboration",
      HomeTenantId: subject.person?.homeTenant ?? "",
    },
  })
}

/** A person without an object here leaves no trace in this tenant's sign-in log (IDN-131, IDN-264). */
export const signInAudit = (
  question: SignInQuestion,
  subject: SignInSubject,
  decision: Decision,
) =>
  subject.user === undefined && subject.person !== undefined
    ? []
    : [logOf(question, subject, decision)]

/** Circumstances of a sign-in that policies look at, beyond the client in use. */
const circumstances = {
  platform: Schema.optionalKey(
    Schema.Literals(["android", "iOS", "windows", "windowsPhone", "macOS", "linux"]).annotate({
      description: "Device platform; policies that ask for one stay undecided without",
    }),
  ),
  country: Schema.optionalKey(
    Schema.NonEmptyString.annotate({
      description: "Country of the address, two letters; countries stay undecided without",
    }),
  ),
  signInRisk: Schema.optionalKey(
    Schema.Literals(["none", "low", "medium", "high"]).annotate({
      description: "What the risk engine makes of this sign-in; none if absent",
    }),
  ),
  authenticationContext: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Context the resource asks for, e.g. c1" }),
  ),
  scopes: Schema.optionalKey(
    Schema.Array(Schema.NonEmptyString).annotate({
      description: "Requested scopes; more than the baseline if absent",
    }),
  ),
  confidentialClient: Schema.optionalKey(
    Schema.NonEmptyString.annotate({
      description: "Id of the client, where it is an application with a secret of its own",
    }),
  ),
  device: Schema.optionalKey(
    Schema.Struct(
      Object.fromEntries(
        deviceFilterAttributes
          .filter((name) => name !== "isCompliant")
          .map((name) => [name, Schema.optionalKey(Schema.String)]),
      ) as Readonly<Record<string, Schema.optionalKey<Schema.String>>>,
    ).annotate({ description: "What the device says about itself, e.g. trustType, model" }),
  ),
  isAppProtected: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Whether an app protection policy manages the app" }),
  ),
}
type Circumstances = Schema.Struct<typeof circumstances>["Type"]

const circumstancesOf = (it: Circumstances): Partial<SignInQuestion> => ({
  ...(it.platform === undefined ? {} : { platform: it.platform }),
  ...(it.country === undefined ? {} : { country: it.country.toUpperCase() }),
  ...(it.signInRisk === undefined ? {} : { signInRiskLevel: it.signInRisk }),
  ...(it.authenticationContext === undefined
    ? {}
    : { authenticationContext: it.authenticationContext }),
  ...(it.device === undefined ? {} : { device: it.device as DeviceAttributes }),
  ...(it.scopes === undefined ? {} : { scopes: it.scopes }),
  ...(it.confidentialClient === undefined ? {} : { confidentialClient: it.confidentialClient }),
  ...(it.isAppProtected === undefined ? {} : { isAppProtected: it.isAppProtected }),
})

/** The session controls of all policies that apply, by name; several values where policies differ. */
const sessionControlsOf = (question: SignInQuestion): OutputObject => {
  const applying = conditionalAccessOf(signInSubject(question)).policies.filter(
    ({ policy, match }) => policy.state === "enabled" && match.applies === "yes",
  )
  const controls = applying.flatMap(({ policy }) => Object.entries(policy.sessionControls ?? {}))
  const values = (name: string) => [
    ...new Set(controls.filter(([key]) => key === name).map(([, value]) => value)),
  ]
  return Object.fromEntries(
    [...new Set(controls.map(([name]) => name))].toSorted().map((name) => {
      const found = values(name)
      return [name, found.length === 1 ? (found[0] ?? null) : found]
    }),
  )
}

/** A new password, set by somebody who proved a second factor, settles the user risk (IDN-170). */
const remediation = (
  call: Call<IdentityWorld>,
  { person, user, isInternal }: SignInSubject,
  { changePassword }: ShownAtSignIn,
): readonly IdentityEvent[] =>
  changePassword === true && isInternal && person !== undefined
    ? [
        { _tag: "UserRiskDismissed", address: person.address, at: call.now },
        ...newPassword(call, user?.id, person.address),
      ]
    : []

/** A password that is set at sign-in is one that its owner changed (IDN-259). */
const newPassword = (
  { now }: Call<IdentityWorld>,
  userId: string | undefined,
  address: string,
): readonly IdentityEvent[] =>
  userId === undefined
    ? []
    : [
        { _tag: "PasswordSet", userId, at: now },
        { _tag: "PasswordChanged", userId, address, by: "user", at: now },
      ]

/** What a sign-in does to the count of wrong passwords, let through or not. */
const tries = (
  { world, now }: Call<IdentityWorld>,
  { user }: SignInSubject,
  decision: Decision,
): readonly IdentityEvent[] => {
  if (user === undefined) return []
  if (decision.outcome === "allow") {
    return Object.hasOwn(world.identity.signInProtection.wrongTries, user.id)
      ? [{ _tag: "WrongTriesForgotten", userId: user.id, at: now }]
      : []
  }
  return errorCodeOf(decision) === "50126"
    ? [{ _tag: "PasswordMissed", userId: user.id, at: now }]
    : []
}

/** A token for encrypted content is asked for by whoever opens it in an Office app (IDN-139). */
const guestOfContent = (
  { world, draw, now, actor }: Call<IdentityWorld>,
  { appId, provider }: SignInSubject,
): readonly IdentityEvent[] =>
  appId === appIds.rightsManagement && provider === "microsoftAccount"
    ? contentGuestEvents(world, {
        address: actor.id,
        objectId: draw.guid(`guest ${actor.id}`),
        now,
      })
    : []

/** Signs the actor in to an application of the tenant. */
export const signIn = operation({
  name: "sign-in",
  summary: "Signs in to an application of the tenant, with whatever the sign-in page asks for.",
  params: Schema.Struct({
    app: Schema.optionalKey(
      Schema.NonEmptyString.annotate({
        description: "Application by name or id; My Apps if absent",
      }),
    ),
    wrongPassword: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "The person types a wrong password" }),
    ),
    clientAppType: Schema.optionalKey(
      ClientAppType.pick([
        "browser",
        "mobileAppsAndDesktopClients",
        "exchangeActiveSync",
        "other",
      ]).annotate({ description: "Kind of client; derived from the client in use if absent" }),
    ),
    ...circumstances,
    ...shownAtSignIn,
    ...shownAtConsent,
  }),
  facts: [
    "IDN-033",
    "IDN-113",
    "IDN-139",
    "IDN-145",
    "IDN-150",
    "IDN-154",
    "IDN-162",
    "IDN-166",
    "IDN-167",
    "IDN-263",
    "IDN-269",
    "IDN-275",
    "IDN-276",
  ],
  decide: (call: Call<IdentityWorld>, params) => {
    const { app = "My Apps", wrongPassword, clientAppType } = params
    const { subject, question } = shownQuestion(call, params, {
      app,
      ...(wrongPassword === undefined ? {} : { hasWrongPassword: wrongPassword }),
      ...(clientAppType === undefined ? {} : { clientAppType }),
      ...circumstancesOf(params),
    })
    const asked = applicationRequest(question)
    const decision = throughApplication(asked, question, params.consent, () =>
      withSecondFactor(evaluateSignIn(question), subject, params),
    )
    const consent =
      decision.outcome === "allow" && asked !== undefined
        ? consentGivenBy(call, asked, subject, params.consent)
        : undefined
    const events: readonly IdentityEvent[] =
      decision.outcome === "allow" && question.session !== undefined
        ? [
            ...(consent?.events ?? []),
            ...registrationEvents(subject, params, call.now),
            { _tag: "SignedIn", session: question.session },
            ...remediation(call, subject, params),
            ...guestOfContent(call, subject),
            ...tries(call, subject, decision),
          ]
        : tries(call, subject, decision)
    const rows = policyRows(question)
    return {
      decision,
      events,
      audit: [...(consent?.audit ?? []), ...signInAudit(question, subject, decision)],
      output: [
        {
          id: subject.user?.id ?? call.actor.id,
          app: subject.appId === undefined ? app : applicationNameOf(call.world, subject.appId),
          provider: subject.provider,
          errorCode: errorCodeOf(decision),
          conditionalAccessStatus: statusOf(rows),
          appliedConditionalAccessPolicies: rows,
          sessionControls: sessionControlsOf(question),
        },
      ],
    }
  },
})
