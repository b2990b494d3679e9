import { assert, describe, it } from "@effect/vitest"
import { type CallResult, hours } from "@twin/kernel"
import { Effect } from "effect"
import { customerRequestOf, isVisibleToTenant } from "../../src/index.ts"
import {
  contentRequest,
  decide,
  ed,
  elevated,
  folderCounts,
  member,
  tenant,
  verdict,
  waitingForTenant,
  withCustomerLockbox,
} from "../setup.ts"

const audit = (result: CallResult) => result.record?.audit[0]
const judy = member("judy")

describe("what the tenant sees in its audit log", () => {
  it.effect("[DCO-131] the decision, under a service account, with the request's GUID", () =>
    Effect.gen(function* () {
      const it = yield* withCustomerLockbox()
      const { customer } = yield* waitingForTenant(it)
      const record = audit(yield* decide(it, "Deny", customer))
      assert.deepInclude(record, {
        Operation: "Set-AccessToCustomerDataRequest",
        RecordType: 1,
        Workload: "Exchange",
        UserId: "BOXServiceAccount@NAMPR00A001.prod.outlook.com",
        UserType: 2,
        ClientIP: judy.client.ipAddress,
        ObjectId: customerRequestOf(yield* it.world, customer)?.guid ?? "",
        ResultStatus: "True",
        ExternalAccess: false,
      })
      assert.deepStrictEqual(record?.["Parameters"], [
        { Name: "ApprovalDecision", Value: "Deny" },
        { Name: "RequestId", Value: customer },
      ])
      assert.notInclude(JSON.stringify(record), "judy")
    }),
  )

  it.effect("[DCO-141] for Windows 365 with its own record type", () =>
    Effect.gen(function* () {
      const it = yield* withCustomerLockbox()
      const { customer } = yield* waitingForTenant(it, {
        ...contentRequest,
        components: ["w365-nam01-host01"],
      })
      const record = audit(yield* decide(it, "Deny", customer))
      assert.deepInclude(record, { RecordType: 257, Workload: "Windows365" })
    }),
  )

  it.effect(
    "[DCO-132] [DCO-216] [DCO-217] [DCO-214] [DCO-301] what the engineer did, with its approval",
    () =>
      Effect.gen(function* () {
        const it = yield* withCustomerLockbox()
        const { request, customer } = yield* waitingForTenant(it)
        yield* decide(it, "Approve", customer)
        yield* it.advance(hours(0.5))
        const record = audit(yield* it.call(ed, "run-as-engineer", { ...folderCounts, request }))
        assert.deepInclude(record, {
          RecordType: 10,
          Operation: "Get-MailboxFolderStatistics",
          Workload: "Exchange",
          UserId: "Microsoft Operator",
          UserKey: "Microsoft Operator",
          UserType: 3,
          ClientIP: ed.client.ipAddress,
          ResultStatus: "Succeeded",
          DataCenterSecurityEventType: 0,
          StartTime: "2026-09-01T08:30:00",
          EffectiveOrganization: tenant,
          ElevationTime: "2026-09-01T08:00:00",
          ElevationApprovedTime: "2026-09-01T08:00:00",
          ElevationApprover: "Eva Approver",
          ElevationRequestId: request,
          ElevationRole: "AccessToCustomerData",
          ElevationDuration: 60,
          ExternalAccess: true,
        })
        assert.isUndefined(record?.ObjectId)
      }),
  )

  it.effect("[DCO-236] [DCO-216] failed commands as well, while the elevation lasts", () =>
    Effect.gen(function* () {
      const it = yield* withCustomerLockbox()
      const { request, customer } = yield* waitingForTenant(it)
      yield* decide(it, "Approve", customer)
      const wrong = { ...folderCounts, action: "Set-Mailbox", request }
      const failed = audit(yield* it.call(ed, "run-as-engineer", wrong))
      assert.deepInclude(failed, { RecordType: 10, ResultStatus: "Failed" })
      yield* it.advance(hours(1))
      const late = audit(yield* it.call(ed, "run-as-engineer", { ...folderCounts, request }))
      assert.deepInclude(late, { Workload: "Datacenter", ResultStatus: "Failed" })
    }),
  )

  it.effect("[DCO-221] [DCO-207] nothing of elevations without a tenant, and no names inside", () =>
    Effect.gen(function* () {
      const it = yield* withCustomerLockbox()
      const request = yield* elevated(it)
      yield* it.call(ed, "run-as-engineer", {
        component: "exo-nam01-mbx01",
        action: "Get-Queue",
        request,
      })
      const { customer } = yield* waitingForTenant(it)
      yield* decide(it, "Approve", customer)
      const records = (yield* it.records).flatMap((record) => record.audit)
      const visible = records.filter(isVisibleToTenant).map(({ Operation }) => Operation)
      assert.deepStrictEqual(visible, ["Set-OrganizationConfig", "Set-AccessToCustomerDataRequest"])
      const inside = JSON.stringify(records.filter((record) => !isVisibleToTenant(record)))
      const log = JSON.stringify((yield* it.call(ed, "Get-InternalLog", {})).output)
      for (const name of ["contoso", "judy", "ivan", "alice"]) {
        assert.notInclude(inside.toLowerCase(), name)
        assert.notInclude(log.toLowerCase(), name)
      }
    }),
  )

  it.effect("[DCO-221] and no view into the service: its log is for its own people", () =>
    Effect.gen(function* () {
      const it = yield* withCustomerLockbox()
      for (const view of [
        "Get-InternalLog",
        "Get-DatacenterAlert",
        "Get-LockboxRequest",
        "Get-JitAccount",
        "Get-DatacenterComponent",
        "list-standing-access",
      ]) {
        const refused = yield* it.call(member("ivan"), view, {})
        assert.strictEqual(verdict(refused), "deny at service-view: AccessDenied")
        assert.deepStrictEqual(refused.output, [])
        assert.strictEqual(verdict(yield* it.call(ed, view, {})), "allow")
      }
    }),
  )
})
