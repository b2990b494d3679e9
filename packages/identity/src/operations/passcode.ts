import {
  type Call,
  decidingGate,
  hours,
  isFaultOn,
  minutes,
  operation,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { normalizeAddress } from "../Address.ts"
import {
  evaluatePasscode,
  evaluatePasscodeRequest,
  passcodePurpose,
  passcodeRules,
  passcodeSessionHours,
} from "../decisions/evaluatePasscode.ts"
import { organizationOf, passcodeOf, personOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { issueCode } from "../OneTimeCode.ts"
import type { IdentityWorld } from "../State.ts"
import { signInLine } from "./auditLine.ts"

/** How long a mail with a code is on the way while the fault is on (IDN-279). */
export const codeMailDelayMinutes = 15

/** What the faults do to a mail that carries a code: nothing, a delay, or a loss. */
export const codeMailDelivery = (
  world: IdentityWorld,
): { readonly delayMillis?: number; readonly isLost?: boolean } => {
  if (isFaultOn(world, "code-mail-lost")) return { isLost: true }
  return isFaultOn(world, "code-mail-delayed") ? { delayMillis: minutes(codeMailDelayMinutes) } : {}
}

const address = Schema.optionalKey(
  Schema.NonEmptyString.annotate({
    description: "Address typed at the sign-in page; the actor's own if absent",
  }),
)

/** "Send code" at the sign-in page: the mail goes to the address that was typed, to nobody else. */
export const requestPasscode = operation({
  name: "request-passcode",
  summary: "Asks the tenant to mail a one-time passcode.",
  params: Schema.Struct({ address }),
  facts: ["IDN-048", "IDN-049", "IDN-050", "IDN-055", "IDN-279"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, now, draw } = call
    const wanted = normalizeAddress(params.address ?? call.actor.id)
    const decision = evaluatePasscodeRequest(world, wanted, now)
    if (decision.outcome !== "allow") return { decision }
    const { code, record } = issueCode({
      draw,
      purpose: passcodePurpose,
      address: wanted,
      now,
      rules: passcodeRules,
    })
    return {
      decision,
      events: [{ _tag: "PasscodeIssued", code: record }],
      mail: [
        {
          kind: "one-time-passcode",
          from: "account-security-noreply@accountprotection.microsoft.com",
          to: wanted,
          subject: `Your ${organizationOf(world)?.displayName ?? ""} account verification code`,
          text: "To access the apps and resources of this organization, use the code below. It is valid for 30 minutes and works once.",
          code,
          ...codeMailDelivery(world),
        },
      ],
      output: [{ id: record.id, address: wanted, expiresAt: record.expiresAt }],
    }
  },
})

/** The code that came by mail, typed at the sign-in page. It opens a session of 24 hours. */
export const enterPasscode = operation({
  name: "enter-passcode",
  summary: "Types a one-time passcode at the sign-in page of the tenant.",
  params: Schema.Struct({
    code: Schema.NonEmptyString.annotate({ description: "The code from the mail" }),
    address,
  }),
  secrets: ["code"],
  facts: ["IDN-049", "IDN-050", "IDN-058", "IDN-278"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, now } = call
    const typed = normalizeAddress(params.address ?? call.actor.id)
    const decision = evaluatePasscode(world, typed, { now, code: params.code })
    if (decision.outcome !== "allow") {
      const isMiss = decidingGate(decision).details["code"] === "wrong"
      return {
        decision,
        events:
          isMiss && passcodeOf(world, typed) !== undefined
            ? [{ _tag: "PasscodeMissed", address: typed, at: now }]
            : [],
        audit: [signInLine({ address: typed, app: "My Apps", errorCode: "1" })],
      }
    }
    const person = personOf(world, typed)
    return {
      decision,
      events: [
        { _tag: "PasscodeUsed", address: typed, at: now },
        {
          _tag: "SignedIn",
          session: {
            address: person?.address ?? typed,
            provider: "emailOneTimePasscode",
            authenticatedAt: now,
            expiresAt: now + hours(passcodeSessionHours),
          },
        },
      ],
      output: [{ id: typed, expiresAt: now + hours(passcodeSessionHours) }],
    }
  },
})
