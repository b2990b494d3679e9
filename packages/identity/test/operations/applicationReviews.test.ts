import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import { appIds } from "../../src/index.ts"
import { assignmentOf } from "../../src/SignInProtection.ts"
import { body, define, inGroup, partners, rows } from "../reviews.ts"
import { lab, userId, verdict } from "../world.ts"

const sharePoint = {
  principalScopes: [{ query: "/users?$filter=(userType eq 'Guest')", queryType: "MicrosoftGraph" }],
  resourceScopes: [{ query: `/servicePrincipals/${appIds.sharePointOnline}` }],
}

describe("a review of who is assigned to an application", () => {
  it.effect(
    "[IDN-233] [IDN-234] [IDN-236] a denial takes the own assignment away, not that of a group",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* partners(it)
        const application = { ServicePrincipalId: "SharePoint" }
        const asked = it.as("ivan", define, body({ Scope: sharePoint }))
        // Everybody gets in: there is nothing to review.
        assert.strictEqual(verdict(yield* asked), "deny review-scope")
        yield* it.as("ivan", "Update-MgServicePrincipal", {
          ...application,
          AppRoleAssignmentRequired: true,
        })
        yield* it.as("nina@fabrikam.com", "sign-in")
        for (const PrincipalId of ["partners", "nina@fabrikam.com", userId("bob")]) {
          yield* it.as("ivan", "New-MgServicePrincipalAppRoleAssignedTo", {
            ...application,
            PrincipalId,
          })
        }
        assert.strictEqual(verdict(yield* asked), "allow")
        const items = yield* rows(it)
        assert.deepStrictEqual(
          items.map(({ Resource }) => Resource),
          ["Office 365 SharePoint Online", "Office 365 SharePoint Online"],
        )
        for (const person of ["nina@fabrikam.com", "pat@mailbox.example"]) {
          const answer = yield* it.as("alice", "review-access", {
            review: "Quarterly",
            person,
            group: "SharePoint",
            decision: "Deny",
          })
          assert.strictEqual(verdict(answer), "allow")
        }
        yield* it.wait(days(15))
        const { principals } = assignmentOf(
          (yield* it.world).identity.signInProtection,
          appIds.sharePointOnline,
        )
        assert.deepStrictEqual(principals.toSorted(), ["partners", userId("bob")].toSorted())
        assert.isTrue(yield* inGroup(it, "pat@mailbox.example"))
        assert.sameMembers(
          (yield* rows(it)).map(({ ApplyResult }) => ApplyResult),
          ["AppliedSuccessfully", "NotSupported"],
        )
      }),
  )

  it.effect(
    "[IDN-233] everybody who is assigned, or only guests; an unknown application not at all",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* it.as("ivan", "Update-MgServicePrincipal", {
          ServicePrincipalId: "SharePoint",
          AppRoleAssignmentRequired: true,
        })
        yield* it.as("ivan", "New-MgServicePrincipalAppRoleAssignedTo", {
          ServicePrincipalId: "SharePoint",
          PrincipalId: userId("bob"),
        })
        yield* it.as(
          "ivan",
          define,
          body({ Scope: { ...sharePoint, principalScopes: [{ query: "/users" }] } }),
        )
        assert.strictEqual((yield* rows(it)).length, 1)
        const unknown = yield* it.as(
          "ivan",
          define,
          body({
            DisplayName: "Other",
            Scope: { query: "/servicePrincipals/1/appRoleAssignedTo" },
          }),
        )
        assert.strictEqual(verdict(unknown), "deny review-scope")
      }),
  )
})
