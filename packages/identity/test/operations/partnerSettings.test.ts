import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { appIds, type B2bSetting } from "../../src/index.ts"
import { nina } from "../decisions/policies.ts"
import { lab, refusal, verdict } from "../world.ts"

const only = (appId: string): B2bSetting => ({
  usersAndGroups: { accessType: "allowed", targets: [{ target: "AllUsers", targetType: "user" }] },
  applications: {
    accessType: "allowed",
    targets: [{ target: appId, targetType: "application" }],
  },
})
const outbound = (setting: unknown, organization = "fabrikam.com") => ({
  organization,
  direction: "b2bCollaborationOutbound",
  setting,
})
const cmd = "set-partner-cross-tenant-access"

describe("the partner's side of cross-tenant access", () => {
  it.effect(
    "[IDN-125] [IDN-126] only the rights service outbound: encrypted mail stays readable",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([nina])
        const to = (app: string) =>
          it.as("nina@fabrikam.com", "sign-in", { app }, { app: "office-desktop" })
        yield* it.as("nina@fabrikam.com", cmd, outbound(only(appIds.rightsManagement)))
        assert.strictEqual(verdict(yield* to("Microsoft Rights Management Services")), "allow")
        const sites = yield* to("SharePoint")
        assert.strictEqual(verdict(sites), "deny home-outbound")
        assert.strictEqual(refusal(sites), "AADSTS500212")
        yield* it.as("nina@fabrikam.com", cmd, outbound(only(appIds.sharePointOnline)))
        assert.strictEqual(
          verdict(yield* to("Microsoft Rights Management Services")),
          "deny home-outbound",
        )
        assert.strictEqual(verdict(yield* to("SharePoint")), "allow")
      }),
  )

  it.effect("[IDN-107] [IDN-111] refuses an organization nobody knows, and contradictions", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const ask = (params: object) => Effect.map(it.as("nina@fabrikam.com", cmd, params), verdict)
      assert.strictEqual(
        yield* ask(outbound(only(appIds.rightsManagement), "nowhere.example")),
        "deny partner-known",
      )
      const half = {
        ...only("AllApplications"),
        usersAndGroups: {
          accessType: "blocked",
          targets: [{ target: "AllUsers", targetType: "user" }],
        },
      }
      assert.strictEqual(yield* ask(outbound(half)), "deny setting-consistent")
    }),
  )
})
