import { assert, describe, it } from "@effect/vitest"
import { type CallResult, instant } from "@twin/kernel"
import { Effect } from "effect"
import { addedPrincipalsOf, applicationOf, permissionGrantsOf } from "../../src/applications.ts"
import { appIds, type IdentityEvent } from "../../src/index.ts"
import { needs, published, registered } from "../registrations.ts"
import {
  accepted,
  contosoId,
  type Lab,
  lab,
  printed,
  refusal,
  start,
  userId,
  verdict,
} from "../world.ts"

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

describe("registrations", () => {
  it.effect("[IDN-276] members register unless it is switched off; guests never do", () =>
    Effect.gen(function* () {
      const it = yield* lab([role("bob", "Application Developer")])
      yield* accepted(it, "nina@fabrikam.com")
      const register = (who: string) =>
        Effect.map(it.as(who, "New-MgApplication", { DisplayName: `of ${who}` }), verdict)
      assert.strictEqual(yield* register("alice"), "allow")
      assert.strictEqual(yield* register("nina@fabrikam.com"), "deny application-permission")
      assert.strictEqual(yield* register("oscar@fabrikam.com"), "deny application-permission")
      yield* it.as("ivan", "Update-MgPolicyAuthorizationPolicy", {
        DefaultUserRolePermissions: { AllowedToCreateApps: false },
      })
      assert.strictEqual(yield* register("alice"), "deny application-permission")
      assert.strictEqual(yield* register("bob"), "allow")
      assert.strictEqual(yield* register("ivan"), "allow")
    }),
  )

  it.effect("[IDN-276] a registration is for its owner and administrators to change", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { objectId, appId } = yield* registered(it, "Expenses")
      const change = (who: string, body: object) =>
        Effect.map(
          it.as(who, "Update-MgApplication", { ApplicationId: objectId, ...body }),
          verdict,
        )
      const multi = { SignInAudience: "AzureADMultipleOrgs" }
      assert.strictEqual(yield* change("bob", multi), "deny application-permission")
      assert.strictEqual(applicationOf(yield* it.world, appId)?.signInAudience, "AzureADMyOrg")
      assert.strictEqual(yield* change("alice", multi), "allow")
      assert.strictEqual(
        applicationOf(yield* it.world, appId)?.signInAudience,
        "AzureADMultipleOrgs",
      )
      yield* registered(it, "Travel", { IdentifierUris: ["api://travel"] })
      assert.strictEqual(
        yield* change("alice", { IdentifierUris: ["API://travel"] }),
        "deny application-free",
      )
      const remove = it.as("bob", "Remove-MgApplication", { ApplicationId: objectId })
      assert.strictEqual(verdict(yield* remove), "deny application-permission")
    }),
  )

  it.effect("[IDN-276] Microsoft's own resources have their well-known ids and stay", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const show = (ServicePrincipalId: string) =>
        it.as("alice", "Get-MgServicePrincipal", { ServicePrincipalId })
      assert.strictEqual(printed(yield* show(graph), "DisplayName"), "Microsoft Graph")
      const id = printed(yield* show("Office 365 SharePoint Online"))
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
      assert.strictEqual(printed(yield* show(id), "AppId"), appIds.sharePointOnline)
      assert.strictEqual(verdict(yield* show("no such thing")), "deny object-found")
      const gone = yield* it.as("ivan", "Remove-MgServicePrincipal", { ServicePrincipalId: graph })
      assert.strictEqual(verdict(gone), "deny application-kind")
      const off = yield* it.as("ivan", "Update-MgServicePrincipal", {
        ServicePrincipalId: graph,
        AccountEnabled: false,
      })
      assert.strictEqual(verdict(off), "unknown application-kind")
    }),
  )

  it.effect("[IDN-276] one service principal for each application, and none without one", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { appId } = yield* registered(it, "Expenses")
      const add = (AppId: string) =>
        Effect.map(it.as("alice", "New-MgServicePrincipal", { AppId }), verdict)
      assert.strictEqual(yield* add(appId), "deny application-free")
      assert.strictEqual(yield* add(graph), "deny application-free")
      assert.strictEqual(yield* add("99999999-0000-4000-8000-000000000000"), "deny resource-found")
      const single = yield* published(it, "Fabrikam Intern", { audience: "AzureADMyOrg" })
      assert.strictEqual(yield* add(single), "deny resource-found")
      const multi = yield* published(it, "Fabrikam Notes", {})
      assert.strictEqual(yield* add(multi), "allow")
      assert.strictEqual(addedPrincipalsOf(yield* it.world).length, 2)
    }),
  )
})

describe("clients", () => {
  it.effect("[IDN-276] 700016: unknown, or registered for another organization alone", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.strictEqual(yield* asked(it, "alice", { client: "made up" }), "AADSTS700016")
      const single = yield* published(it, "Fabrikam Intern", { audience: "AzureADMyOrg" })
      assert.strictEqual(yield* asked(it, "alice", { client: single }), "AADSTS700016")
      const signIn = yield* it.as("alice", "sign-in", { app: "Fabrikam Intern" })
      assert.strictEqual(refusal(signIn), "AADSTS700016")
      const { output } = yield* it.as("alice", "acquire-token", { client: "made up" })
      assert.strictEqual(output[0]?.["error"], "unauthorized_client")
    }),
  )

  it.effect("[IDN-276] 50194: an application for one organization at the address of all", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { appId } = yield* registered(it, "Expenses", {
        RequiredResourceAccess: [needs(["User.Read"])],
      })
      const at = (authority: string) =>
        asked(it, "alice", { client: appId, authority, consent: "accept" })
      assert.strictEqual(yield* at("common"), "AADSTS50194")
      assert.strictEqual(yield* at("organizations"), "AADSTS50194")
      const shared = yield* it.as("alice", "sign-in", { app: "Expenses", endpoint: "common" })
      assert.strictEqual(refusal(shared), "AADSTS50194")
      assert.strictEqual(yield* at(contosoId), "allow")
      yield* it.as("alice", "Update-MgApplication", {
        ApplicationId: appId,
        SignInAudience: "AzureADMultipleOrgs",
      })
      assert.strictEqual(yield* at("common"), "allow")
    }),
  )

  it.effect("[IDN-276] an application from before 2018-10-15 is served there", () =>
    Effect.gen(function* () {
      const old = yield* lab([], { now: instant("2018-10-14T08:00:00Z") })
      const { appId } = yield* registered(old, "Old", {
        RequiredResourceAccess: [needs(["User.Read"])],
      })
      const at = { client: appId, authority: "common", consent: "accept" }
      assert.strictEqual(yield* asked(old, "alice", at), "allow")
    }),
  )

  it.effect("[IDN-276] 500011: no such resource, or none any more", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const api = yield* registered(it, "Payroll API", {
        IdentifierUris: ["api://payroll"],
        Api: { Oauth2PermissionScopes: [{ Value: "Pay.Read" }] },
      })
      const { appId: client } = yield* registered(it, "Expenses")
      const wish = { client, resource: "api://payroll", scopes: ["api://payroll/Pay.Read"] }
      const given = yield* it.as("alice", "acquire-token", { ...wish, consent: "accept" })
      assert.strictEqual(verdict(given), "allow")
      assert.deepInclude(claimsOf(given), { aud: api.appId, scp: "Pay.Read", azp: client })
      yield* it.as("alice", "Remove-MgServicePrincipal", { ServicePrincipalId: api.principalId })
      assert.strictEqual(yield* asked(it, "alice", wish), "AADSTS500011")
      assert.deepStrictEqual(permissionGrantsOf(yield* it.world), [])
    }),
  )

  it.effect("[IDN-276] 7000112: switched off; 650057 and 70011: asked for what is not there", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { appId: client, principalId } = yield* registered(it, "Expenses")
      assert.strictEqual(yield* asked(it, "alice", { client }), "AADSTS650057")
      const api = yield* registered(it, "Payroll API", {
        Api: { Oauth2PermissionScopes: [{ Value: "Pay.Read" }] },
      })
      const wish = { client, resource: api.appId, scopes: ["Pay.Write"] }
      assert.strictEqual(yield* asked(it, "alice", wish), "AADSTS70011")
      const vague = { client, scopes: ["Chat.Read"] }
      assert.strictEqual(
        verdict(yield* it.as("alice", "acquire-token", vague)),
        "unknown requested-scopes",
      )
      yield* it.as("alice", "Update-MgServicePrincipal", {
        ServicePrincipalId: principalId,
        AccountEnabled: false,
      })
      assert.strictEqual(yield* asked(it, "alice", { client }), "AADSTS7000112")
    }),
  )

  it.effect("[IDN-276] 50105 concerns the client as well as the resource", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { appId: client, principalId } = yield* registered(it, "Expenses", {
        RequiredResourceAccess: [needs(["User.Read"])],
      })
      yield* it.as("alice", "Update-MgServicePrincipal", {
        ServicePrincipalId: principalId,
        AppRoleAssignmentRequired: true,
      })
      yield* it.as("ivan", "grant-admin-consent", { app: client })
      assert.strictEqual(yield* asked(it, "alice", { client }), "AADSTS50105")
      yield* it.as("alice", "New-MgServicePrincipalAppRoleAssignedTo", {
        ServicePrincipalId: principalId,
        PrincipalId: userId("alice"),
      })
      assert.strictEqual(yield* asked(it, "alice", { client }), "allow")
      assert.strictEqual(yield* asked(it, "bob", { client }), "AADSTS50105")
    }),
  )
})
