import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import { appIds } from "../../src/index.ts"
import { assignmentOf } from "../../src/SignInProtection.ts"
import { ask, isPartner, nina, withPackage, zoe } from "../packages.ts"
import { type Lab, lab, printed, refusal, userId, verdict } from "../world.ts"

/** A second policy of the package, with other terms. */
const secondPolicy = (it: Lab, id: string, scope = "allExternalUsers") =>
  it.as("ivan", "New-MgEntitlementManagementAssignmentPolicy", {
    DisplayName: "A short visit",
    AccessPackage: { id },
    AllowedTargetScope: scope,
    Expiration: { type: "afterDuration", duration: "P5D" },
    RequestApprovalSettings: { isApprovalRequiredForAdd: false, stages: [] },
  })

describe("several policies of one package", () => {
  it.effect("[IDN-240] who fits more than one has to name one, and gets what it says", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const id = yield* withPackage(it)
      yield* secondPolicy(it, id)
      const unnamed = yield* ask(it, nina)
      assert.strictEqual(verdict(unnamed), "deny assignment-policy")
      assert.strictEqual(refusal(unnamed), "InvalidRequest")
      const long = yield* ask(it, nina, { policy: "For outside" })
      assert.strictEqual(printed(long, "state"), "pendingApproval")
      const short = yield* ask(it, zoe, { policy: "A short visit" })
      assert.strictEqual(printed(short, "state"), "delivered")
      assert.isTrue(yield* isPartner(it, zoe))
      yield* it.wait(days(6))
      assert.isFalse(yield* isPartner(it, zoe))
    }),
  )

  it.effect("[IDN-240] a policy of another package, or one that does not fit, helps nobody", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const id = yield* withPackage(it)
      yield* secondPolicy(it, id, "allMemberUsers")
      // Only one fits somebody from outside: it need not be named.
      assert.strictEqual(verdict(yield* ask(it, nina)), "allow")
      const misfit = yield* ask(it, zoe, { policy: "A short visit" })
      assert.strictEqual(verdict(misfit), "deny assignment-policy")
      assert.strictEqual(
        verdict(yield* ask(it, zoe, { policy: "None" })),
        "deny entitlement-set-up",
      )
      const other = printed(
        yield* it.as("ivan", "New-MgEntitlementManagementAccessPackage", {
          DisplayName: "Other",
          Catalog: { id: "Outside" },
        }),
      )
      const foreign = yield* it.as("ivan", "New-MgEntitlementManagementAssignmentRequest", {
        RequestType: "adminAdd",
        Assignment: {
          targetId: userId("alice"),
          accessPackageId: other,
          assignmentPolicyId: "For outside",
        },
      })
      assert.strictEqual(verdict(foreign), "deny assignment-policy")
    }),
  )

  it.effect("[IDN-240] more time is asked for under the policy of the assignment", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const id = yield* withPackage(it, {
        stages: [],
      })
      yield* secondPolicy(it, id)
      yield* ask(it, zoe, { policy: "A short visit" })
      const extended = yield* ask(it, zoe, { extend: true })
      assert.strictEqual(verdict(extended), "allow")
      yield* it.wait(days(9))
      assert.isTrue(yield* isPartner(it, zoe))
      yield* it.wait(days(2))
      assert.isFalse(yield* isPartner(it, zoe))
    }),
  )
})

describe("an application in a package", () => {
  it.effect(
    "[IDN-240] [IDN-276] is assigned with the package and taken away with the last one",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const id = yield* withPackage(it, { stages: [] })
        const app = { originId: "SharePoint", originSystem: "AadApplication" }
        const put = it.as("ivan", "New-MgEntitlementManagementAccessPackageResourceRoleScope", {
          AccessPackageId: id,
          Role: {
            originId: "00000000-0000-0000-0000-000000000000",
            originSystem: "AadApplication",
          },
          Scope: app,
        })
        assert.strictEqual(verdict(yield* put), "deny entitlement-set-up")
        const add = (resource: object) =>
          it.as("ivan", "New-MgEntitlementManagementResourceRequest", {
            RequestType: "adminAdd",
            Resource: resource,
            Catalog: { id: "Outside" },
          })
        assert.strictEqual(
          verdict(yield* add({ ...app, originId: "Nothing" })),
          "deny entitlement-set-up",
        )
        assert.strictEqual(verdict(yield* add(app)), "allow")
        assert.strictEqual(verdict(yield* put), "allow")
        yield* it.as("ivan", "Update-MgServicePrincipal", {
          ServicePrincipalId: "SharePoint",
          AppRoleAssignmentRequired: true,
        })
        yield* ask(it, nina)
        yield* it.as(nina, "redeem-invitation")
        const signsIn = Effect.map(it.as(nina, "sign-in", { app: "SharePoint" }), verdict)
        assert.strictEqual(yield* signsIn, "allow")
        yield* it.as(nina, "return-access-package", { package: "Project" })
        assert.strictEqual(
          assignmentOf((yield* it.world).identity.signInProtection, appIds.sharePointOnline)
            .principals.length,
          0,
        )
      }),
  )
})
