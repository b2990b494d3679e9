import { assert, describe, it } from "@effect/vitest"
import { memoryServices } from "@twin/crypto"
import { type CallResult, instant, makeSimulation } from "@twin/kernel"
import { Effect } from "effect"
import { elevationOf, isCoveredByCustomerLockbox } from "../../src/index.ts"
import {
  composition,
  contentRequest,
  decide,
  ed,
  elevated,
  folderCounts,
  fresh,
  member,
  start,
  verdict,
  waitingForTenant,
  withCustomerLockbox,
} from "../setup.ts"

const audit = (result: CallResult) => result.record?.audit[0]
const judy = member("judy")

describe("the switch", () => {
  it.effect("[DCO-109] is off by default: the internal approval is enough for content", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const [config] = (yield* it.call(member("ivan"), "Get-OrganizationConfig", {})).output
      assert.deepInclude(config, { CustomerLockboxEnabled: false })
      const request = yield* elevated(it, contentRequest)
      assert.strictEqual(elevationOf(yield* it.world, request)?.state, "Provisioned")
    }),
  )

  it.effect("[DCO-110] needs a licence, and says so where none is recorded", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const ivan = member("ivan")
      const turnOn = () => it.call(ivan, "set-customer-lockbox", { on: true })
      yield* it.call(ivan, "record-subscription", { plan: "Office 365 E3" })
      assert.strictEqual(
        verdict(yield* turnOn()),
        "deny at customer-lockbox-licence: CustomerLockboxNotLicensed",
      )
      yield* it.call(ivan, "record-subscription", { plan: "office 365 e5" })
      assert.strictEqual(verdict(yield* turnOn()), "allow")
      const services = yield* memoryServices
      const bare = yield* makeSimulation({ composition, seed: "s", services, start })
      const asked = yield* bare.call(ivan, "set-customer-lockbox", { on: true })
      assert.strictEqual(verdict(asked), "unknown at customer-lockbox-licence: ")
      assert.isFalse((yield* bare.world).datacenter.customerLockbox.isOn)
      const off = yield* bare.call(ivan, "set-customer-lockbox", { on: false })
      assert.strictEqual(verdict(off), "allow")
    }),
  )

  it.effect(
    "[DCO-111] [DCO-140] belongs to global administrators and to the access approvers",
    () =>
      Effect.gen(function* () {
        const it = yield* fresh()
        const set = (who: ReturnType<typeof member>) =>
          it.call(who, "Set-OrganizationConfig", { CustomerLockboxEnabled: true })
        assert.strictEqual(
          verdict(yield* set(member("alice"))),
          "deny at customer-lockbox-administrator: AccessDenied",
        )
        assert.strictEqual(verdict(yield* set(judy)), "allow")
        const done = yield* set(member("ivan"))
        assert.deepInclude(audit(done), {
          Operation: "Set-OrganizationConfig",
          RecordType: 1,
          UserId: "ivan@contoso.com",
          UserType: 2,
          ResultStatus: "True",
          ExternalAccess: false,
        })
      }),
  )

  it.effect(
    "[DCO-137] turned off while a request waits, the request still needs its decision",
    () =>
      Effect.gen(function* () {
        const it = yield* withCustomerLockbox()
        const { request, customer } = yield* waitingForTenant(it)
        yield* it.call(member("ivan"), "set-customer-lockbox", { on: false })
        assert.strictEqual(elevationOf(yield* it.world, request)?.state, "PendingCustomer")
        assert.strictEqual(verdict(yield* decide(it, "Approve", customer)), "allow")
      }),
  )

  it.effect("[DCO-107] turned on after an approval, it still stands before the content", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* elevated(it, contentRequest)
      yield* it.call(member("ivan"), "set-customer-lockbox", { on: true })
      const refused = yield* it.call(ed, "run-as-engineer", { ...folderCounts, request })
      assert.strictEqual(verdict(refused), "deny at customer-lockbox: CustomerApprovalRequired")
    }),
  )

  it("[DCO-108] covers the documented services; Windows 365 since March 2024", () => {
    const now = instant("2026-09-01")
    for (const service of ["Exchange", "SharePoint", "OneDrive", "Teams", "Windows365"] as const) {
      assert.isTrue(isCoveredByCustomerLockbox(service, now))
    }
    assert.isFalse(isCoveredByCustomerLockbox("Planner", now))
    assert.isFalse(isCoveredByCustomerLockbox("Windows365", instant("2024-02-29T23:59:59Z")))
    assert.isTrue(isCoveredByCustomerLockbox("Windows365", instant("2024-03-01")))
  })

  it.effect("[DCO-108] a service that is not covered needs no decision of the tenant", () =>
    Effect.gen(function* () {
      const it = yield* withCustomerLockbox()
      const request = yield* elevated(it, {
        ...contentRequest,
        components: ["planner-nam01-app01"],
      })
      assert.strictEqual(elevationOf(yield* it.world, request)?.state, "Provisioned")
    }),
  )

  it.effect("[DCO-107] work that touches no content never bothers the tenant", () =>
    Effect.gen(function* () {
      const it = yield* withCustomerLockbox()
      const request = yield* elevated(it)
      assert.strictEqual(elevationOf(yield* it.world, request)?.state, "Provisioned")
    }),
  )
})
