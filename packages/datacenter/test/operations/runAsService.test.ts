import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { ed, elevated, fresh, operationsRequest, verdict } from "../setup.ts"

describe("service code", () => {
  const service = {
    id: "svc-managed-availability",
    kind: "service-account",
    roles: [],
    client: { app: "service-workstation", device: "managed", ipAddress: "10.1.0.1" },
  } as const

  it.effect("[DCO-024] [DCO-197] does its purpose on its own partition without an elevation", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const unlock = { component: "exo-nam01-safe", action: "Get-BitLockerVolume" }
      assert.strictEqual(verdict(yield* it.call(service, "run-as-service", unlock)), "allow")
      assert.strictEqual(
        verdict(yield* it.call(service, "run-as-service", { ...unlock, action: "Get-DkmKey" })),
        "deny at no-standing-access: NoStandingAccess",
      )
      assert.strictEqual(
        verdict(
          yield* it.call(service, "run-as-service", { ...unlock, component: "exo-eur01-mbx01" }),
        ),
        "deny at partition-boundary: PartitionBoundary",
      )
      assert.strictEqual((yield* it.world).datacenter.openRequests.length, 0)
    }),
  )

  it.effect("[DCO-196] [DCO-192] a person needs an elevation for the same keys", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const unlock = { component: "exo-nam01-safe", action: "Get-BitLockerVolume" }
      const refused = yield* it.call(ed, "run-as-engineer", unlock)
      assert.strictEqual(verdict(refused), "deny at no-standing-access: NoStandingAccess")
      const request = yield* elevated(it, {
        ...operationsRequest,
        role: "SecretStoreAccess",
        components: ["exo-nam01-safe"],
      })
      const allowed = yield* it.call(ed, "run-as-engineer", { ...unlock, request })
      assert.strictEqual(verdict(allowed), "allow")
    }),
  )
})
