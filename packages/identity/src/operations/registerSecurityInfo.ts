import { type Call, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { evaluateSignIn } from "../decisions/evaluateSignIn.ts"
import { userActions } from "../decisions/matchApplication.ts"
import { registrationEvents, withSecondFactor } from "../decisions/secondFactor.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { MfaMethod } from "../Person.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { shownAtSignIn, shownQuestion, signInAudit } from "./signIn.ts"

/**
 * Registers the first second factor of the actor at My Sign-ins, as the user action that policies name
 * (IDN-160, IDN-173): policies on applications do not concern it.
 */
export const registerSecurityInfo = operation({
  name: "register-security-info",
  summary: "Registers a second factor in this organization, at the My Sign-ins page.",
  params: Schema.Struct({
    method: MfaMethod.annotate({ description: "What is registered" }),
    provider: shownAtSignIn.provider,
  }),
  facts: ["IDN-160", "IDN-172", "IDN-173"],
  decide: (call: Call<IdentityWorld>, { method, ...picked }): Ruling<IdentityEvent> => {
    const shown = { mfa: method, ...picked }
    const { subject, question } = shownQuestion(call, shown, {
      app: "My Signins",
      userAction: userActions[0],
    })
    const decision = withSecondFactor(evaluateSignIn(question), subject, shown)
    const audit = signInAudit(question, subject, decision)
    if (decision.outcome !== "allow" || question.session === undefined) return { decision, audit }
    return {
      decision,
      events: [
        ...registrationEvents(subject, shown, call.now),
        { _tag: "SignedIn", session: question.session },
      ],
      audit: [
        ...audit,
        auditLine("User registered security info", subject.user?.id ?? "", { method }),
      ],
    }
  },
})
