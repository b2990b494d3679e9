import { days, decideByGates, deny, gate, pass } from "@twin/kernel"
import { Effect, Result, Schema } from "effect"
import { certificateFrom } from "../certificates/Certificate.ts"
import { issueBelow } from "../certificates/simulatedAuthority.ts"
import { ownValue } from "../ownValue.ts"
import type { CryptoEvent } from "../State.ts"
import type { SmimeCertificate } from "../smime/SmimeState.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

const enrolled = gate<{ readonly address: string }>()({
  name: "own-key",
  facts: ["CRY-205"],
  reads: ["address"],
  check: ({ address }) =>
    pass("The key is made on the person's own device and stays there.", { address }),
})

export const enrollSmimeCertificate = cryptoOperation({
  name: "enroll-smime-certificate",
  summary:
    "Makes a key pair on the person's device, and has a certificate issued for the mail address.",
  params: Schema.Struct({
    expiresInDays: Schema.optionalKey(
      Schema.Int.check(Schema.isBetween({ minimum: -365, maximum: 3650 })),
    ),
    isTrusted: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "By an authority that everybody trusts" }),
    ),
    address: Schema.optionalKey(text("Another address in the certificate than the person's own")),
  }),
  facts: ["CRY-205"],
  decide: ({ now, actor, draw }, params) =>
    Effect.gen(function* () {
      const address = params.address ?? actor.id
      const notAfter = now + days(params.expiresInDays ?? 365)
      const keyId = `smime/${actor.id}/${draw.token("smime key", 8)}`
      const issued = yield* issueBelow({
        authority: (params.isTrusted ?? true) ? "public" : "unknown",
        keyId,
        commonName: address,
        addresses: [address],
        notBefore: Math.min(now, notAfter) - days(1),
        notAfter,
      })
      const certificate: SmimeCertificate = {
        address: actor.id,
        certificate: [...issued.chain, issued.root].join(""),
        keyId,
        isPublished: false,
      }
      const event: CryptoEvent = { _tag: "SmimeCertificateEnrolled", certificate }
      const [leaf] = issued.chain.map((pem) => Result.getOrThrow(certificateFrom(pem)))
      return {
        decision: decideByGates([enrolled], { address }),
        events: [event],
        output: [
          {
            id: actor.id,
            Subject: address,
            Thumbprint: (leaf?.x509.fingerprint ?? "").replaceAll(":", ""),
            Published: false,
          },
        ],
      }
    }),
})

const held = gate<{ readonly isHeld: boolean }>()({
  name: "smime-certificate",
  facts: ["CRY-205"],
  reads: ["isHeld"],
  check: ({ isHeld }) =>
    isHeld
      ? pass("Directory synchronization takes the certificate to the service, never the key.")
      : deny("This person has no certificate to publish."),
})

export const synchronizeCertificate = cryptoOperation({
  name: "synchronize-smime-certificate",
  summary: "Directory synchronization brings a person's public certificate to Exchange Online.",
  params: Schema.Struct({ address: text("Mail address of the person") }),
  facts: ["CRY-205"],
  decide: ({ world }, { address }) => {
    const isHeld = ownValue(world.crypto.smime.certificates, address.toLowerCase()) !== undefined
    const decision = decideByGates([held], { isHeld })
    const event: CryptoEvent = { _tag: "SmimeCertificatePublished", address }
    return isHeld ? { decision, events: [event] } : { decision }
  },
})
