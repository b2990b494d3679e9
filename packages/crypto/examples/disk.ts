import {
  type CryptoEvent,
  type CryptoServices,
  type CryptoWorld,
  cryptoDomain,
  memoryServices,
  sealAtRest,
} from "@twin/crypto"
import {
  type Actor,
  compose,
  decidingGate,
  defaultClient,
  defaultEra,
  type KernelEvent,
  kernelDomain,
  makeSimulation,
} from "@twin/kernel"
import { Context, Effect } from "effect"
import { SecureRandom } from "effect/crypto"

const anybody: Actor = { id: "anybody", kind: "attacker", roles: [], client: defaultClient }
const composition = compose<CryptoWorld, CryptoEvent | KernelEvent, CryptoServices>([
  kernelDomain(cryptoDomain.faults),
  cryptoDomain,
])

const program = Effect.gen(function* () {
  const services = yield* memoryServices
  const twin = yield* makeSimulation({ composition, seed: "demo", services, start: defaultEra })
  const plaintext = new TextEncoder().encode("The launch date is 14 May.")
  const file = { workload: "SharePoint", container: "sites/Launch", objectId: "plan" } as const
  const random = SecureRandom.make((size) => new Uint8Array(size).fill(7))
  const full = Context.add(services.context, SecureRandom.SecureRandom, random)
  const sealed = sealAtRest(yield* twin.world, { ...file, plaintext })
  yield* twin.establish("save", yield* Effect.provideContext(sealed, full))

  for (const observer of ["raw-disk", "service"]) {
    const params = { object: "plan", observer, contains: "14 May" }
    const { decision, output } = yield* twin.call(anybody, "inspect-stored-bytes", params)
    const isFound = output[0]?.["containsText"] === true
    console.log(`${observer}: the date ${isFound ? "is there" : "is not to be found"}`)
    console.log(`  ${decidingGate(decision).reason}`)
  }
})

await Effect.runPromise(program)
