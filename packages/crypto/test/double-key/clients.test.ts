import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Effect } from "effect"
import { evaluateDoubleKeyClient } from "../../src/decisions/evaluateDoubleKeyClient.ts"
import { evaluateSecondKey } from "../../src/decisions/evaluateSecondKey.ts"
import {
  opaqueWork,
  registryPaths,
  sufficientLicences,
  withoutSecondKey,
} from "../../src/double-key/clientSupport.ts"
import { issuerOf } from "../../src/index.ts"
import { ivan, mallory, startTwin } from "../harness.ts"
import { host, now, tenantId } from "./keyService.ts"

const client = {
  app: "Word",
  platform: "Windows",
  sdkVersion: "",
  labeling: "built-in",
  needsRegistry: false,
  licence: "Microsoft 365 E5",
  isAzureReachable: true,
  isSwitchSet: false,
  now,
} as const
const verdict = (more: Partial<Parameters<typeof evaluateDoubleKeyClient>[0]>) => {
  const decision = evaluateDoubleKeyClient({ ...client, ...more })
  return decision.outcome === "allow" ? "allow" : decidingGate(decision).name
}

describe("clients with a second key", () => {
  it("[CRY-165] Office on Windows and a recent SDK, no web, Mac or mobile", () => {
    for (const app of ["Word", "Excel", "PowerPoint", "Outlook"] as const) {
      assert.strictEqual(verdict({ app }), "allow")
      for (const platform of ["Mac", "Web", "Mobile"] as const) {
        assert.strictEqual(verdict({ app, platform }), "double-key-client")
      }
    }
    for (const sdkVersion of ["1.7", "1.10", "2.0"]) {
      assert.strictEqual(verdict({ app: "MIP SDK", sdkVersion }), "allow")
    }
    for (const sdkVersion of ["1.6", "0.9", ""]) {
      assert.strictEqual(verdict({ app: "MIP SDK", sdkVersion }), "double-key-client")
    }
    const then = Date.UTC(2021, 5, 1)
    const old = { now: then, labeling: "unified-labeling-client" } as const
    assert.strictEqual(verdict({ now: then }), "double-key-client")
    assert.strictEqual(verdict(old), "allow")
    assert.strictEqual(verdict({ ...old, app: "Outlook" }), "double-key-client")
  })

  it("[CRY-170] needs a licence and a way to Azure", () => {
    for (const licence of sufficientLicences) assert.strictEqual(verdict({ licence }), "allow")
    assert.strictEqual(verdict({ licence: "Microsoft 365 E3" }), "double-key-licence")
    assert.strictEqual(verdict({ isAzureReachable: false }), "double-key-azure")
  })

  it.effect("[CRY-164] older builds want the switch in both places of the registry", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("registry")
      const check = { app: "Word", needsRegistry: true }
      const set = (path: string, value: number) =>
        twin.allow(ivan, "set-client-registry", { person: mallory.id, path, value })
      const gate = () => twin.refuse(mallory, "check-double-key-client", check)
      assert.strictEqual((yield* gate()).name, "double-key-registry")
      yield* set(registryPaths[0], 1)
      assert.strictEqual((yield* gate()).name, "double-key-registry")
      yield* set(registryPaths[1].toLowerCase(), 0)
      assert.strictEqual((yield* gate()).name, "double-key-registry")
      yield* set(registryPaths[1], 1)
      yield* twin.allow(mallory, "check-double-key-client", check)
      yield* twin.refuse(ivan, "set-client-registry", { person: "x", path: "HKLM\\x", value: 1 })
    }),
  )

  it.effect("[CRY-166] what has to read fails, what only carries works", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("opaque")
      for (const work of withoutSecondKey) {
        const gate = yield* twin.refuse(ivan, "check-service-work-on-double-key", { work })
        assert.strictEqual(gate.name, "second-key-for-service", work)
      }
      for (const work of opaqueWork) {
        yield* twin.allow(ivan, "check-service-work-on-double-key", { work })
      }
    }),
  )

  it.effect(
    "[CRY-162] [CRY-167] a guest needs an accepted tenant, a place on the list, a known client",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("guest")
        const url = `${host}/Secret`
        const guest = { url, address: "nina@fabrikam.com", tenantId: "fabrikam" }
        const gate = (o: Parameters<typeof evaluateSecondKey>[1]) =>
          Effect.map(twin.world, (world) => {
            const decision = evaluateSecondKey(world, o)
            return decision.outcome === "allow" ? "allow" : decidingGate(decision).name
          })
        assert.strictEqual(yield* gate(guest), "key-service-answers")
        const validIssuers = [issuerOf(tenantId)]
        yield* twin.allow(ivan, "deploy-double-key-service", { address: host, validIssuers })
        yield* twin.allow(ivan, "add-double-key", { url, AuthorizedEmailAddress: [ivan.id] })
        assert.strictEqual(yield* gate(guest), "key-service-token")
        const both = [...validIssuers, issuerOf("fabrikam")]
        yield* twin.allow(ivan, "set-double-key-service", { address: host, validIssuers: both })
        assert.strictEqual(yield* gate(guest), "key-service-authorization")
        const people = [ivan.id, guest.address]
        yield* twin.allow(ivan, "authorize-double-key", { url, AuthorizedEmailAddress: people })
        assert.strictEqual(yield* gate(guest), "allow")
        const other = { ...guest, application: "00000000-0000-0000-0000-000000000000" }
        assert.strictEqual(yield* gate(other), "key-service-registration")
      }),
  )
})
