import { hours, isoOf } from "@twin/kernel"
import { Schema } from "effect"
import { searchAuthorities } from "../certificates/CertificateAuthority.ts"
import { revokedBy, shortestNotice } from "../certificates/revocationDeadline.ts"
import { evaluatePinReplacement } from "../decisions/evaluatePinReplacement.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

const someHours = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 100_000 }))

export const checkPinReplacement = cryptoOperation({
  name: "check-pin-replacement",
  summary:
    "Tells whether an application that pins an authority gets a new pin out before the authority is revoked.",
  params: Schema.Struct({
    authority: text("Name of the authority that is pinned"),
    list: Schema.optionalKey(
      Schema.Literals(["Worldwide", "Government"]).annotate({
        description: "Whose list; the worldwide one unless given",
      }),
    ),
    hoursSinceKnown: Schema.optionalKey(
      someHours.annotate({
        description: "For how long the authority has known of the problem; 0 unless given",
      }),
    ),
    hoursToReplace: someHours.annotate({
      description: "What it takes to bring another pin to every client",
    }),
    hasSecondPin: Schema.optionalKey(Schema.Boolean),
    deadline: Schema.optionalKey(
      Schema.Literals(["24 hours", "7 days"]).annotate({
        description: "Which text of the rules; the shorter one unless given",
      }),
    ),
  }),
  facts: ["CRY-194"],
  isReadOnly: true,
  decide: ({ now }, { authority, list = "Worldwide", hoursSinceKnown = 0, ...o }) => {
    const name = authority.toLowerCase()
    const found = searchAuthorities({ name, list, at: now })
    const knownSince = now - hours(hoursSinceKnown)
    const { hasSecondPin = false, deadline = shortestNotice, hoursToReplace } = o
    const decision = evaluatePinReplacement({
      isListed: found.some((it) => it.name.toLowerCase() === name),
      knownSince,
      now,
      replacementMillis: hours(hoursToReplace),
      hasSecondPin,
      deadline,
    })
    const end = revokedBy(knownSince, deadline)
    return {
      decision,
      output: [
        {
          Authority: authority,
          Deadline: deadline,
          RevokedBy: isoOf(end),
          HoursLeft: Math.max(0, (end - now) / hours(1)),
        },
      ],
    }
  },
})
