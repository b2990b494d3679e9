import { assert, describe, it } from "@effect/vitest"
import { days, type JournalUnusable } from "@twin/kernel"
import { Effect } from "effect"
import { type SdkError, sdkErrorOf } from "../src/index.ts"
import { setService } from "./asking.ts"
import { call, ivan, type Sim, simulate } from "./operations/stage.ts"
import { userIdOf, type WorldEvent } from "./world.ts"

const alice = "alice@contoso.com"
const bob = "bob@contoso.com"

const met = (sim: Sim, who: Parameters<typeof call>[1], name: string, params: object) =>
  Effect.map(call(sim, who, name, params), ({ decision }) => sdkErrorOf(decision))
const protect = (sim: Sim, more: object, who = alice) =>
  met(sim, who, "protect-document", { file: "a.docx", ...more })
const open = (sim: Sim, who: string, more: object = {}) =>
  met(sim, who, "open-document", { file: "a.docx", freshDevice: true, ...more })

const permissions = (category: string): SdkError => ({ type: "NoPermissionsError", category })

/** Each error of the catalogue, and a situation in which an application meets it. */
const situations: readonly (readonly [
  SdkError,
  Effect.Effect<SdkError | undefined, JournalUnusable>,
])[] = [
  [
    permissions("AccessDenied"),
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { to: [bob] })
      return yield* open(sim, "carol@contoso.com")
    }),
  ],
  [
    permissions("AccessExpired"),
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { to: [bob], expires: "2026-09-10" })
      yield* sim.advance(days(20))
      return yield* open(sim, bob)
    }),
  ],
  [
    permissions("UserNotFound"),
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { to: ["AuthenticatedUsers"] })
      return yield* open(sim, "nobody@nowhere.example")
    }),
  ],
  [
    permissions("InvalidEmail"),
    Effect.flatMap(simulate(), (sim) => protect(sim, { to: ["bob @ contoso"] })),
  ],
  [
    permissions("NotOwner"),
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { to: [bob] })
      return yield* met(sim, bob, "revoke-document", { file: "a.docx" })
    }),
  ],
  [
    permissions("NotPremiumLicenseUser"),
    Effect.gen(function* () {
      const licensed: WorldEvent = {
        _tag: "UserUpdated",
        userId: userIdOf("bob"),
        changes: {
          assignedPlans: [
            { service: "RMSOnline", servicePlanId: "plan", capabilityStatus: "Enabled" },
          ],
        },
        at: 0,
      }
      const sim = yield* simulate([licensed])
      yield* protect(sim, { to: [bob] })
      yield* call(sim, alice, "close-document", { file: "a.docx" })
      return yield* met(sim, alice, "revoke-document", { file: "a.docx" })
    }),
  ],
  [
    { type: "ServiceDisabledError", extent: "Tenant" },
    Effect.flatMap(simulate([setService({ functionalState: "Disabled" })]), (sim) =>
      protect(sim, { to: [bob] }),
    ),
  ],
  [
    { type: "TemplateNotFoundError" },
    Effect.flatMap(simulate(), (sim) => protect(sim, { template: "No such template" })),
  ],
  [
    { type: "LicenseNotRegisteredError" },
    Effect.flatMap(simulate(), (sim) =>
      met(sim, ivan, "revoke-document", { file: "never-protected" }),
    ),
  ],
  [
    { type: "CustomerKeyUnavailableError" },
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { to: [bob] })
      yield* call(sim, ivan, "switch-fault", { fault: "tenant-key-unreachable", on: true })
      return yield* open(sim, bob)
    }),
  ],
  [
    { type: "LabelNotFoundError" },
    Effect.flatMap(simulate(), (sim) => protect(sim, { label: "No such label" })),
  ],
  [
    { type: "AdhocProtectionRequiredError" },
    Effect.flatMap(simulate(), (sim) => protect(sim, { label: "Personal" })),
  ],
]

describe("errors of the SDK", () => {
  for (const [wanted, situation] of situations) {
    const { type, category } = wanted
    const name = category === undefined ? type : `${type} (${category})`
    it.effect(`[MIP-282] ${name}`, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* situation, wanted)
      }),
    )
  }

  it.effect("[MIP-282] nothing refused is no error", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      assert.isUndefined(yield* protect(sim, { to: [bob] }))
      assert.isUndefined(yield* open(sim, bob))
    }),
  )
})
