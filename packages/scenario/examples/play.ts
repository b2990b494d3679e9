import { decodeScenario, playAll } from "@twin/scenario"
import { tenantComposition } from "@twin/tenant"
import { Effect, Result, Stream } from "effect"

const text = `
id: one-setting
title: One setting
abstract: Grace closes the tenant.
level: 100
durationMinutes: 1
sources: [example]
tenant: { baseline: contoso }
agenda:
  - title: Sharing
    steps:
      - as: grace
        powershell: Set-SPOTenant -SharingCapability Disabled
        expect: { value: { of: (Get-SPOTenant).SharingCapability, is: Disabled } }
`

const vocabulary = {
  operations: tenantComposition.operations,
  questions: new Set(tenantComposition.questions.map(({ action }) => action)),
  faults: new Set(tenantComposition.faults.map(({ name }) => name)),
}
const loaded = decodeScenario("one-setting.yaml", new TextEncoder().encode(text), vocabulary)
const messages = playAll(Result.getOrThrow(loaded), { seed: "1" })

await Effect.runPromise(
  Stream.runForEach(messages, (message) =>
    Effect.sync(() => {
      if (message._tag === "DecisionMade") {
        console.log(`${message.operation}: ${message.decision.outcome}`)
      } else if (message._tag === "ExpectationJudged") {
        const { held, that, found } = message.judgement
        console.log(`${held ? "holds" : "fails"}: ${that} (${found})`)
      }
    }),
  ),
)
