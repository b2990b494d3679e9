import { type CryptoEvent, type CryptoServices, cryptoDomain, memoryServices } from "@twin/crypto"
import {
  type DatacenterEvent,
  type DatacenterWorld,
  datacenterBaseline,
  datacenterDomain,
  engineerActor,
} from "@twin/datacenter"
import { type IdentityEvent, identityDomain } from "@twin/identity"
import {
  compose,
  decidingGate,
  defaultEra,
  type KernelEvent,
  kernelDomain,
  makeSimulation,
  minutes,
} from "@twin/kernel"
import { Effect } from "effect"

type Event = KernelEvent | CryptoEvent | IdentityEvent | DatacenterEvent
const domains = [cryptoDomain, identityDomain, datacenterDomain]
const composition = compose<DatacenterWorld, Event, CryptoServices>([
  kernelDomain(domains.flatMap(({ faults }) => faults)),
  ...domains,
])

const program = Effect.gen(function* () {
  const services = yield* memoryServices
  const twin = yield* makeSimulation({ composition, seed: "demo", services, start: defaultEra })
  yield* twin.establish("people", datacenterBaseline(defaultEra))
  const say = Effect.fnUntraced(function* (who: string, operation: string, params: object) {
    const { decision, output } = yield* twin.call(engineerActor(who), operation, params)
    const { reason, refusal } = decidingGate(decision)
    console.log(`${who}, ${operation}: ${decision.outcome} ${refusal?.code ?? ""}`.trim())
    console.log(`  ${reason}`)
    return output[0]?.["request"] ?? "none"
  })

  const component = "exo-nam01-mbx01"
  const parameters = { Name: "MSExchangeTransport" }
  const restart = { component, action: "Restart-Service", parameters }
  yield* say("ed", "run-as-engineer", restart)
  const request = yield* say("ed", "request-elevation", {
    role: "ServiceEngineerOperations",
    actions: ["Restart-Service"],
    components: [component],
    durationMinutes: 30,
    reason: "Transport service hangs",
  })
  yield* say("ed", "approve-elevation", { request })
  yield* say("eva", "approve-elevation", { request })
  yield* say("ed", "run-as-engineer", { ...restart, request })
  yield* say("ed", "run-as-engineer", { component, action: "Set-Mailbox", request })
  yield* twin.advance(minutes(30))
  yield* say("ed", "run-as-engineer", { ...restart, request })
})

await Effect.runPromise(program)
