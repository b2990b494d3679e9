import {
  initialCryptoState,
  issueUseLicence,
  memoryServices,
  openEnvelope,
  protectBytes,
} from "@twin/crypto"
import { Context, Effect } from "effect"
import { SecureRandom } from "effect/crypto"

const world = { kernel: { organizationId: "contoso", faults: {} }, crypto: initialCryptoState }
const now = Date.UTC(2026, 8, 1)

const program = Effect.gen(function* () {
  const plaintext = new TextEncoder().encode("Offer: 4.2 million")
  const grants = [{ who: "nina@fabrikam.com", rights: ["VIEW"] }]
  const policy = { contentId: "offer", owner: "erin@contoso.com", issuedAt: now, grants }
  const { bytes } = yield* protectBytes(world, { contentId: "offer", plaintext, policy })

  const principal = "nina@fabrikam.com"
  const wish = { bytes, principal, rights: ["VIEW"], validUntil: now + 1000, now }
  const licence = yield* issueUseLicence(world, wish)
  const open = (who: string, at: number) =>
    openEnvelope(world, { bytes, licence, principal: who, now: at }).pipe(
      Effect.map((opened) => new TextDecoder().decode(opened)),
      Effect.catch((error) => Effect.succeed(error.message)),
    )
  console.log(yield* open("nina@fabrikam.com", now))
  console.log(yield* open("oscar@fabrikam.com", now))
  console.log(yield* open("nina@fabrikam.com", now + 1001))
})

const { context } = await Effect.runPromise(memoryServices)
const random = SecureRandom.make((size) => crypto.getRandomValues(new Uint8Array(size)))
await Effect.runPromise(
  Effect.provideContext(program, Context.add(context, SecureRandom.SecureRandom, random)),
)
