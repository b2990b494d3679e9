import { assert, describe, it } from "@effect/vitest"
import { type CallResult } from "@twin/kernel"
import { Effect } from "effect"
import { addedPrincipalsOf, applicationOf, permissionGrantsOf } from "../../src/applications.ts"
import { appIds, type IdentityEvent } from "../../src/index.ts"
import { needs, published, registered } from "../registrations.ts"
import { accepted, type Lab, lab, printed, refusal, start, userId, verdict } from "../world.ts"

const graph = appIds.microsoftGraph

const claimsOf = (result: CallResult): Record<string, unknown> => {
  const token = printed(result, "access_token")
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"))
}

const role = (name: string, held: string): IdentityEvent => ({
  _tag: "RoleAssigned",
  assignment: { principalId: userId(name), role: held, assignment: "active", from: start },
})

const asked = (it: Lab, who: string, params: object) =>
  Effect.map(it.as(who, "acquire-token", params), (answer) => refusal(answer) || verdict(answer))

const userConsent = (it: Lab, policies: readonly string[]) =>
  it.as("ivan", "Update-MgPolicyAuthorizationPolicy", {
    DefaultUserRolePermissions: { PermissionGrantPoliciesAssigned: policies },
  })

const self = (policy: string) => `ManagePermissionGrantsForSelf.${policy}`

describe("consent", () => {
  const files = { RequiredResourceAccess: [needs(["User.Read", "Files.Read"])] }

  it.effect("[IDN-276] 65001 until somebody consents, and then a token with these scopes", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { appId: client } = yield* registered(it, "Expenses", files)
      const before = yield* it.as("alice", "acquire-token", { client })
      assert.strictEqual(verdict(before), "challenge application-consent")
      assert.strictEqual(refusal(before), "AADSTS65001")
      assert.strictEqual(yield* asked(it, "alice", { client, consent: "decline" }), "AADSTS65004")
      assert.deepStrictEqual(permissionGrantsOf(yield* it.world), [])
      const given = yield* it.as("alice", "acquire-token", { client, consent: "accept" })
      assert.strictEqual(verdict(given), "allow")
      assert.strictEqual(claimsOf(given)["scp"], "Files.Read User.Read")
      const [grant] = permissionGrantsOf(yield* it.world)
      assert.deepInclude(grant, { consentType: "Principal", principalId: userId("alice") })
      assert.strictEqual(yield* asked(it, "alice", { client }), "allow")
      assert.strictEqual(yield* asked(it, "bob", { client }), "AADSTS65001")
      const refreshed = yield* it.as("alice", "refresh-tokens", {
        client,
        refreshToken: printed(given, "refresh_token"),
      })
      assert.strictEqual(verdict(refreshed), "allow")
    }),
  )

  it.effect(
    "[IDN-276] more permissions need more consent, and a grant that goes takes it back",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const { appId: client } = yield* registered(it, "Expenses", files)
        const given = yield* it.as("alice", "acquire-token", { client, consent: "accept" })
        const more = { client, scopes: ["https://graph.microsoft.com/Mail.Read"] }
        assert.strictEqual(yield* asked(it, "alice", more), "AADSTS65001")
        const wider = yield* it.as("alice", "acquire-token", { ...more, consent: "accept" })
        assert.strictEqual(claimsOf(wider)["scp"], "Files.Read Mail.Read User.Read")
        const [grant] = permissionGrantsOf(yield* it.world)
        const OAuth2PermissionGrantId = grant?.id ?? ""
        yield* it.as("ivan", "Update-MgOauth2PermissionGrant", {
          OAuth2PermissionGrantId,
          Scope: "User.Read",
        })
        assert.strictEqual(yield* asked(it, "alice", more), "AADSTS65001")
        yield* it.as("ivan", "Remove-MgOauth2PermissionGrant", { OAuth2PermissionGrantId })
        const refreshed = yield* it.as("alice", "refresh-tokens", {
          client,
          refreshToken: printed(given, "refresh_token"),
        })
        assert.strictEqual(refusal(refreshed), "AADSTS65001")
      }),
  )

  it.effect("[IDN-276] 90094 where only an administrator may: the permission, or the setting", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { appId: client } = yield* registered(it, "Expenses", files)
      const groups = { client, scopes: ["Group.Read.All"], consent: "accept" }
      assert.strictEqual(yield* asked(it, "alice", groups), "AADSTS90094")
      const forAll = { client, consent: "accept-for-organization" }
      assert.strictEqual(yield* asked(it, "alice", forAll), "AADSTS90094")
      yield* userConsent(it, [])
      assert.strictEqual(yield* asked(it, "alice", { client, consent: "accept" }), "AADSTS90094")
      assert.strictEqual(yield* asked(it, "ivan", { ...groups, ...forAll }), "allow")
      const given = yield* it.as("alice", "acquire-token", { client, scopes: ["Group.Read.All"] })
      assert.strictEqual(claimsOf(given)["scp"], "Group.Read.All")
    }),
  )

  it.effect("[IDN-276] an application that asks for an assignment needs an administrator", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { appId: client, principalId } = yield* registered(it, "Expenses", files)
      yield* it.as("alice", "New-MgServicePrincipalAppRoleAssignedTo", {
        ServicePrincipalId: principalId,
        PrincipalId: userId("alice"),
      })
      yield* it.as("alice", "Update-MgServicePrincipal", {
        ServicePrincipalId: principalId,
        AppRoleAssignmentRequired: true,
      })
      assert.strictEqual(yield* asked(it, "alice", { client, consent: "accept" }), "AADSTS90094")
      yield* it.as("ivan", "grant-admin-consent", { app: client })
      assert.strictEqual(yield* asked(it, "alice", { client }), "allow")
    }),
  )

  it.effect("[IDN-276] the low policy: known publishers, classified permissions, members", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, "nina@fabrikam.com")
      yield* userConsent(it, [self("microsoft-user-default-low")])
      const unverified = yield* published(it, "Notes", {
        requiredResourceAccess: [needs(["User.Read"])],
      })
      const verified = yield* published(it, "Ledger", {
        requiredResourceAccess: [needs(["User.Read"])],
        verifiedPublisher: true,
      })
      const tries = (client: string, who = "alice") => asked(it, who, { client, consent: "accept" })
      assert.strictEqual(yield* tries(verified), "AADSTS90094")
      const classified = yield* it.as(
        "ivan",
        "New-MgServicePrincipalDelegatedPermissionClassification",
        {
          ServicePrincipalId: graph,
          PermissionId: needs(["User.Read"]).resourceAccess[0]?.id,
          PermissionName: "User.Read",
          Classification: "low",
        },
      )
      assert.strictEqual(verdict(classified), "allow")
      assert.strictEqual(yield* tries(unverified), "AADSTS90094")
      assert.strictEqual(yield* tries(verified, "nina@fabrikam.com"), "AADSTS90094")
      assert.strictEqual(yield* tries(verified), "allow")
      yield* userConsent(it, [self("our-own-policy")])
      const own = yield* it.as("bob", "acquire-token", { client: verified, consent: "accept" })
      assert.strictEqual(verdict(own), "unknown consent-policy")
    }),
  )

  it.effect("[IDN-276] a partner's application comes into the tenant with the first consent", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const appId = yield* published(it, "Fabrikam Notes", {
        requiredResourceAccess: [needs(["User.Read"])],
      })
      assert.strictEqual(addedPrincipalsOf(yield* it.world).length, 0)
      const before = yield* it.as("alice", "sign-in", { app: "Fabrikam Notes" })
      assert.strictEqual(refusal(before), "AADSTS65001")
      assert.strictEqual(addedPrincipalsOf(yield* it.world).length, 0)
      const given = yield* it.as("alice", "sign-in", { app: "Fabrikam Notes", consent: "accept" })
      assert.strictEqual(verdict(given), "allow")
      assert.deepStrictEqual(
        addedPrincipalsOf(yield* it.world).map((one) => one.appId),
        [appId],
      )
      const { output } = yield* it.as("ivan", "Get-MgAuditLogDirectoryAudit")
      const said = output.map((row) => row["ActivityDisplayName"])
      assert.includeMembers(said, [
        "Add service principal",
        "Add delegated permission grant",
        "Consent to application",
      ])
      yield* it.as("ivan", "Remove-MgServicePrincipal", { ServicePrincipalId: appId })
      const again = yield* it.as("alice", "sign-in", { app: "Fabrikam Notes" })
      assert.strictEqual(refusal(again), "AADSTS65001")
    }),
  )

  it.effect("[IDN-276] 650052: nobody can consent to a resource that is not here", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const api = yield* registered(it, "Payroll API", {
        Api: { Oauth2PermissionScopes: [{ Value: "Pay.Read" }] },
      })
      const scope = applicationOf(yield* it.world, api.appId)?.scopes[0]?.id ?? ""
      yield* registered(it, "Expenses", {
        RequiredResourceAccess: [
          { resourceAppId: api.appId, resourceAccess: [{ id: scope, type: "Scope" }] },
        ],
      })
      const tries = Effect.map(
        it.as("alice", "sign-in", { app: "Expenses", consent: "accept" }),
        (answer) => refusal(answer) || verdict(answer),
      )
      yield* it.as("alice", "Remove-MgServicePrincipal", { ServicePrincipalId: api.principalId })
      assert.strictEqual(yield* tries, "AADSTS650052")
      yield* it.as("alice", "New-MgServicePrincipal", { AppId: api.appId })
      assert.strictEqual(yield* tries, "allow")
    }),
  )

  it.effect("[IDN-041] [IDN-276] a guest consents here, whatever redemption or the home said", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, "nina@fabrikam.com")
      const { appId: client } = yield* registered(it, "Expenses", files)
      assert.strictEqual(yield* asked(it, "nina@fabrikam.com", { client }), "AADSTS65001")
      assert.strictEqual(
        yield* asked(it, "nina@fabrikam.com", { client, consent: "accept" }),
        "allow",
      )
      assert.strictEqual(yield* asked(it, "nina@fabrikam.com", { client }), "allow")
    }),
  )
})

describe("administrators who grant", () => {
  it.effect(
    "[IDN-276] application permissions of Graph are beyond application administrators",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([
          role("bob", "Application Administrator"),
          role("carl", "Privileged Role Administrator"),
        ])
        const client = yield* registered(it, "Backup")
        const grant = (who: string, resource: string, AppRoleId: string) =>
          Effect.gen(function* () {
            const shown = yield* it.as(who, "Get-MgServicePrincipal", {
              ServicePrincipalId: resource,
            })
            const result = yield* it.as(who, "New-MgServicePrincipalAppRoleAssignment", {
              ServicePrincipalId: client.principalId,
              PrincipalId: client.principalId,
              ResourceId: printed(shown),
              AppRoleId,
            })
            return verdict(result)
          })
        const readUsers = "df021288-bdef-4463-88db-98f22de89214"
        const sites = "678536fe-1083-478a-9c59-b99265e6b0d3"
        assert.strictEqual(yield* grant("alice", graph, readUsers), "deny grant-permission")
        assert.strictEqual(yield* grant("bob", graph, readUsers), "deny grant-permission")
        assert.strictEqual(yield* grant("bob", appIds.sharePointOnline, sites), "allow")
        assert.strictEqual(yield* grant("carl", graph, readUsers), "allow")
        assert.strictEqual(yield* grant("carl", graph, readUsers), "deny permission-entry")
        assert.strictEqual(yield* grant("carl", graph, sites), "deny permission-offered")
        const { output } = yield* it.as("alice", "Get-MgServicePrincipalAppRoleAssignment", {
          ServicePrincipalId: client.principalId,
        })
        assert.deepStrictEqual(
          new Set(output.map((row) => row["AppRoleId"])),
          new Set([sites, readUsers]),
        )
        const remove = yield* it.as("ivan", "Remove-MgServicePrincipalAppRoleAssignedTo", {
          ServicePrincipalId: graph,
          AppRoleAssignmentId: printed({
            output: output.filter((row) => row["AppRoleId"] === readUsers),
          }),
        })
        assert.strictEqual(verdict(remove), "allow")
        const left = yield* it.as("alice", "Get-MgServicePrincipalAppRoleAssignedTo", {
          ServicePrincipalId: graph,
        })
        assert.deepStrictEqual(left.output, [])
      }),
  )

  it.effect(
    "[IDN-276] a grant names what exists, once, and a user exactly where it is for one",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([role("bob", "Cloud Application Administrator")])
        const client = yield* registered(it, "Backup")
        const ResourceId = printed(
          yield* it.as("bob", "Get-MgServicePrincipal", { ServicePrincipalId: graph }),
        )
        const good = {
          ClientId: client.principalId,
          ConsentType: "AllPrincipals",
          ResourceId,
          Scope: "Group.Read.All User.Read",
        }
        const create = (body: object, who = "bob") =>
          Effect.map(it.as(who, "New-MgOauth2PermissionGrant", body), verdict)
        assert.strictEqual(yield* create(good, "alice"), "deny grant-permission")
        assert.strictEqual(yield* create({ ...good, ClientId: "nobody" }), "deny resource-found")
        assert.strictEqual(yield* create({ ...good, Scope: "Fly.All" }), "deny permission-offered")
        assert.strictEqual(
          yield* create({ ...good, PrincipalId: userId("alice") }),
          "deny grant-principal",
        )
        assert.strictEqual(
          yield* create({ ...good, ConsentType: "Principal" }),
          "deny grant-principal",
        )
        assert.deepStrictEqual(permissionGrantsOf(yield* it.world), [])
        assert.strictEqual(yield* create(good), "allow")
        assert.strictEqual(yield* create(good), "deny permission-entry")
        const { output } = yield* it.as("alice", "Get-MgOauth2PermissionGrant", {
          Filter: `clientId eq '${client.principalId}'`,
        })
        assert.deepStrictEqual(
          output.map((row) => row["Scope"]),
          ["Group.Read.All User.Read"],
        )
      }),
  )
})
