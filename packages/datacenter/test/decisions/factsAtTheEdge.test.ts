import { assert, describe, it } from "@effect/vitest"
import { decidingGate, hours } from "@twin/kernel"
import { Effect } from "effect"
import { evaluateApproval, factsOfApproval } from "../../src/decisions/evaluateApproval.ts"
import {
  evaluateCustomerApproval,
  factsOfCustomerDecision,
} from "../../src/decisions/evaluateCustomerDecision.ts"
import { evaluateProductionAccess } from "../../src/decisions/evaluateProductionAccess.ts"
import { factsOfProductionAccess } from "../../src/decisions/factsOfProductionAccess.ts"
import {
  type CustomerLockboxRequest,
  eligibilitiesAt,
  engineerOf,
  jitAccountsOf,
  secureWorkstation,
} from "../../src/index.ts"
import {
  ask,
  contentRequest,
  ed,
  eva,
  folderCounts,
  fresh,
  member,
  operationsRequest,
  start,
  tenant,
  value,
  withCustomerLockbox,
} from "../setup.ts"

/** The clock stands exactly on a deadline whose own event has not come yet. */
describe("on the very moment of a deadline", () => {
  it.effect("[DCO-049] [DCO-120] a decision comes too late, a millisecond earlier in time", () =>
    Effect.gen(function* () {
      const it = yield* withCustomerLockbox()
      const request = yield* ask(it, operationsRequest)
      const content = yield* ask(it, contentRequest)
      const sent = yield* it.call(eva, "approve-elevation", { request: content })
      const customer = value(sent, "customerRequest")
      const world = yield* it.world
      const internal = (now: number) =>
        evaluateApproval(factsOfApproval(world, { request, by: "eva" }, now)).outcome
      const asked = { request: customer, actor: member("judy") }
      const external = (now: number) =>
        evaluateCustomerApproval(factsOfCustomerDecision(world, asked, now)).outcome
      for (const decide of [internal, external]) {
        assert.strictEqual(decide(start + hours(12) - 1), "allow")
        assert.strictEqual(decide(start + hours(12)), "deny")
      }
    }),
  )

  it.effect("[DCO-033] an eligibility is gone", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      yield* it.call(eva, "transfer-engineer", { engineer: "ed", manager: "eva" })
      const account = engineerOf(yield* it.world, "ed")
      assert.isDefined(account)
      if (account === undefined) return
      const lapse = start + 14 * hours(24)
      assert.isAbove(eligibilitiesAt(account, lapse - 1).length, 0)
      assert.strictEqual(eligibilitiesAt(account, lapse).length, 0)
    }),
  )
})

describe("the tenant's approval", () => {
  it.effect("[DCO-107] [DCO-124] counts for its own tenant, mailbox and time only", () =>
    Effect.gen(function* () {
      const outcome = Effect.fnUntraced(function* (changed: Partial<CustomerLockboxRequest>) {
        const it = yield* withCustomerLockbox()
        const request = yield* ask(it, contentRequest)
        const customerRequest: CustomerLockboxRequest = {
          id: "EXSR000001",
          guid: "g",
          elevation: request,
          tenant,
          service: "Exchange",
          serviceRequest: "SR-1",
          reason: "r",
          container: contentRequest.container,
          requestedMinutes: 60,
          createdAt: start,
          dueAt: start + hours(12),
          status: "Pending",
          ...changed,
        }
        const approval = { by: "eva", step: "Manager", at: start } as const
        yield* it.establish("sent", [
          { _tag: "ElevationSentToCustomer", request, approval, customerRequest },
        ])
        yield* it.call(member("judy"), "approve-lockbox", { request: customerRequest.id })
        const world = yield* it.world
        const [account] = jitAccountsOf(world)
        assert.isDefined(account)
        const at = (now: number) =>
          decidingGate(
            evaluateProductionAccess(
              factsOfProductionAccess(
                world,
                {
                  alias: ed.id,
                  principal: "jit-account",
                  ...(account === undefined ? {} : { account: { ...account, notAfter: Infinity } }),
                  client: secureWorkstation,
                  protocol: "RDP",
                  interface: "TerminalServiceGateway",
                  smartCard: "Exchange",
                  component: folderCounts.component,
                  line: { command: folderCounts.action, parameters: folderCounts.parameters },
                  readability: "readable",
                },
                now,
              ),
            ),
          ).name
        return [at(start), at(start + hours(1))]
      })
      const refused = "customer-lockbox"
      assert.deepStrictEqual(yield* outcome({}), ["readable-content", refused])
      assert.deepStrictEqual(yield* outcome({ tenant: "fabrikam.onmicrosoft.com" }), [
        refused,
        refused,
      ])
      assert.deepStrictEqual(yield* outcome({ container: "bob@contoso.com" }), [refused, refused])
    }),
  )
})
