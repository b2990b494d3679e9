import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import type { IdentityEvent } from "../../src/index.ts"
import { accepted, contosoId, fabrikamId, type Lab, lab, start, verdict } from "../world.ts"

const cmdlet = "Get-MSIDCrossTenantAccessActivity"
const otherId = "a0000000-0000-4000-8000-000000000003"

/** What the log of this tenant holds when own people have signed in elsewhere. */
const outbound: IdentityEvent = {
  _tag: "DirectoryLogged",
  entries: [
    {
      id: "elsewhere",
      log: "sign-in",
      tenantId: contosoId,
      at: start,
      activity: "Office 365 SharePoint Online",
      initiatedBy: "alice@contoso.com",
      ipAddress: "203.0.113.7",
      target: "",
      result: "success",
      errorCode: 0,
      details: { homeTenantId: contosoId, resourceTenantId: otherId, userType: "member" },
    },
  ],
}

const busy = Effect.fnUntraced(function* (more: readonly IdentityEvent[] = []) {
  const it = yield* lab(more)
  yield* accepted(it, "nina@fabrikam.com")
  const before = (yield* it.as("ivan", "Get-MgAuditLogSignIn")).output.length
  yield* it.as("nina@fabrikam.com", "sign-in", { app: "SharePoint" })
  yield* it.as("nina@fabrikam.com", "sign-in", { app: "Exchange" })
  yield* it.as("alice", "sign-in", { app: "SharePoint" })
  return { it, before }
})

const rows = (it: Lab, params: object, who = "ivan") =>
  Effect.map(it.as(who, cmdlet, params), (answer) => answer.output)

describe("activity across tenants", () => {
  it.effect("[IDN-263] lists sign-ins of other tenants' people, not those of own people here", () =>
    Effect.gen(function* () {
      const { it } = yield* busy()
      const found = yield* rows(it, { AccessDirection: "Inbound", ResolveTenantId: true })
      assert.isTrue(found.every((row) => row["UserPrincipalName"] === "nina@fabrikam.com"))
      assert.deepInclude(found[0], {
        ExternalTenantId: fabrikamId,
        ExternalTenantName: "Fabrikam",
        ExternalDefaultDomain: "fabrikam.onmicrosoft.com",
        AccessDirection: "Inbound",
        UserType: "guest",
        CrossTenantAccessType: "b2bCollaboration",
        AppDisplayName: "Office 365 Exchange Online",
        StatusCode: 0,
      })
      const [plain] = yield* rows(it, { AccessDirection: "Inbound" })
      assert.isFalse(Object.hasOwn(plain ?? {}, "ExternalTenantName"))
    }),
  )

  it.effect("[IDN-263] counts sign-ins, failures, people and resources for each tenant", () =>
    Effect.gen(function* () {
      const { it, before } = yield* busy([outbound])
      yield* it.as("ursula", "Update-MgUser", {
        UserId: "nina@fabrikam.com",
        AccountEnabled: false,
      })
      yield* it.as("nina@fabrikam.com", "sign-in", { app: "SharePoint" })
      const summary = yield* rows(it, { SummaryStats: true })
      assert.deepStrictEqual(summary, [
        {
          ExternalTenantId: otherId,
          AccessDirection: "Outbound",
          SignIns: 1,
          SuccessSignIns: 1,
          FailedSignIns: 0,
          UniqueUsers: 1,
          UniqueResources: 1,
        },
        {
          ExternalTenantId: fabrikamId,
          AccessDirection: "Inbound",
          // One entry of those before is that of alice elsewhere.
          SignIns: before - 1 + 3,
          SuccessSignIns: before - 1 + 2,
          FailedSignIns: 1,
          UniqueUsers: 1,
          UniqueResources: 3,
        },
      ])
      const named = yield* rows(it, { ExternalTenantId: otherId, ResolveTenantId: true })
      assert.deepStrictEqual(
        named.map((row) => [
          row["AccessDirection"],
          row["ExternalTenantName"],
          row["UserDisplayName"],
        ]),
        [["Outbound", "NotFound", "alice"]],
      )
    }),
  )

  it.effect("[IDN-242] [IDN-263] is for who reads reports, and about other tenants", () =>
    Effect.gen(function* () {
      const { it } = yield* busy()
      assert.strictEqual(verdict(yield* it.as("alice", cmdlet)), "deny role")
      yield* it.as("ivan", "assign-role", { user: "alice@contoso.com", role: "Reports Reader" })
      assert.strictEqual(verdict(yield* it.as("alice", cmdlet)), "allow")
      const own = yield* it.as("ivan", cmdlet, { ExternalTenantId: contosoId })
      assert.strictEqual(verdict(own), "deny external-tenant")
      const none = yield* it.as("ivan", cmdlet, { AccessDirection: "Outbound" })
      assert.deepStrictEqual(none.warnings, ["No sign-ins matching the selected criteria found."])
    }),
  )

  it.effect("[IDN-268] knows nothing that the log no longer keeps", () =>
    Effect.gen(function* () {
      const { it } = yield* busy()
      yield* it.wait(days(29))
      assert.isNotEmpty(yield* rows(it, {}))
      yield* it.wait(days(2))
      assert.isEmpty(yield* rows(it, {}))
    }),
  )
})
