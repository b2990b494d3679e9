import type { Call } from "@twin/kernel"
import { Schema } from "effect"
import type { ClientRequest } from "../decisions/evaluateClient.ts"
import {
  type ConsentAnswer,
  type ConsentQuestion,
  evaluateConsent,
  missingPermissions,
} from "../decisions/evaluateConsent.ts"
import type { SignInSubject } from "../decisions/signInSubject.ts"
import type { IdentityWorld } from "../State.ts"
import { consentTraces, type Traced } from "./consentEvents.ts"

/** What a person does at the consent page of an application. */
export const shownAtConsent = {
  consent: Schema.optionalKey(
    Schema.Literals(["accept", "accept-for-organization", "decline"]).annotate({
      description: "What the person does where the application asks for consent; nothing if absent",
    }),
  ),
}

const questionOf = (
  request: ClientRequest,
  { user }: SignInSubject,
  now: number,
  answer: ConsentAnswer | undefined,
): ConsentQuestion | undefined =>
  user === undefined
    ? undefined
    : { ...request, user, now, ...(answer === undefined ? {} : { answer }) }

const nothing: Traced = { events: [], audit: [] }

/** What an answer at the consent page leaves behind, where it was asked for and let through. */
export const consentGivenBy = (
  call: Call<IdentityWorld>,
  request: ClientRequest,
  subject: SignInSubject,
  answer: ConsentAnswer | undefined,
): Traced => {
  const question = questionOf(request, subject, call.now, answer)
  if (question === undefined || answer === undefined || answer === "decline") return nothing
  if (evaluateConsent(question).outcome !== "allow") return nothing
  const permissions = missingPermissions(question)
  return permissions.length === 0
    ? nothing
    : consentTraces(call, {
        client: request.client,
        permissions,
        ...(answer === "accept" ? { userId: question.user.id } : {}),
      })
}
