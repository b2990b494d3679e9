import { assert, describe, it } from "@effect/vitest"
import { BlobStore } from "@twin/crypto"
import type { CallResult } from "@twin/kernel"
import { localDocumentOf } from "@twin/mip"
import { Context, Effect } from "effect"
import {
  audited,
  fabrikamId,
  finance,
  first,
  guest,
  inTheDaysOfCodes,
  type Lab,
  launch,
  makeLab,
  outsider,
  refusal,
  verdict,
  type WorldEvent,
} from "../world.ts"

const nina = "nina@fabrikam.com"
const zoe = "zoe@outlook.com"
const folder = "Partners"

/** A folder with two files, shared with nina by a link that needs a sign-in. */
const shared = Effect.fnUntraced(function* (
  options: { readonly events?: readonly WorldEvent[]; readonly to?: string } = {},
) {
  const lab = yield* makeLab({
    events: options.events ?? [guest(nina), guest(zoe, "MicrosoftAccount")],
  })
  yield* lab.does("alice", "create-folder", { site: launch, folder })
  for (const name of ["Plan.docx", "Prices.xlsx"]) {
    yield* lab.does("alice", "upload-file", {
      site: launch,
      file: `Shared Documents/${folder}/${name}`,
      content: name,
    })
  }
  const to = options.to ?? nina
  yield* lab.does("alice", "share-file", { file: folder, to: [to], scope: "users", role: "edit" })
  return {
    ...lab,
    sync: (who = nina, params: object = {}, client = {}) =>
      lab.as(who, "sync-library", { site: launch, folder, ...params }, client),
    run: (who = nina) => lab.as(who, "run-sync", { site: launch, folder }),
    shown: (who = nina) => Effect.map(lab.as(who, "show-sync"), ({ output }) => output[0]),
  }
})

/** The document on the device of the first file that a run brought. */
const documentOf = ({ output }: CallResult): string => {
  const id = output[1]?.["document"]
  return typeof id === "string" ? id : ""
}

/** Ivan's policy for guests; terms of use are made first where it asks for some. */
const policy = Effect.fnUntraced(function* (lab: Lab, controls: object) {
  const agreement = yield* lab.does("ivan", "New-MgAgreement", {
    DisplayName: "Partners",
    Files: [{ fileName: "Terms.pdf", language: "en-GB", isDefault: true }],
  })
  const asked =
    "TermsOfUse" in controls ? { ...controls, TermsOfUse: [agreement.output[0]?.["Id"]] } : controls
  return yield* lab.does("ivan", "New-MgIdentityConditionalAccessPolicy", {
    DisplayName: "Guests",
    State: "enabled",
    Conditions: {
      Users: { IncludeUsers: ["GuestsOrExternalUsers"] },
      Applications: { IncludeApplications: ["All"] },
    },
    GrantControls: asked,
  })
})

const mfa = { Operator: "OR", BuiltInControls: ["mfa"] }
const demands = [
  ["a second factor", mfa, "deny at sync-sign-in-page"],
  ["terms of use", { Operator: "OR", TermsOfUse: ["terms"] }, "deny at sync-sign-in-page"],
  [
    "a compliant device",
    { Operator: "OR", BuiltInControls: ["compliantDevice"] },
    "deny at conditional-access-grant",
  ],
] as const

describe("the sync client of a guest", () => {
  it.effect(
    "[IDN-090] brings the files of a shared folder to the device, and later what changed",
    () =>
      Effect.gen(function* () {
        const lab = yield* shared()
        const set = yield* lab.sync()
        assert.strictEqual(verdict(set), "allow")
        assert.deepInclude(set.output[0], {
          localFolder: "SharePoint - Contoso",
          status: "syncing",
        })
        assert.deepStrictEqual(
          set.output.slice(1).map(({ status }) => status),
          ["synced", "synced"],
        )
        assert.include(audited(set), "FileSyncDownloadedFull")
        const document = localDocumentOf(yield* lab.world, documentOf(set))
        assert.isDefined(document)
        const { services } = yield* lab.simulation.checkpoint
        const bytes = yield* Context.get(services.context, BlobStore).get(document?.blobId ?? "")
        assert.strictEqual(new TextDecoder().decode(bytes), "Plan.docx")
        yield* lab.does("alice", "edit-file", { file: "Plan.docx", site: launch, content: "Other" })
        const again = yield* lab.run()
        assert.deepStrictEqual(
          again.output.map(({ status }) => status),
          ["synced", "unchanged"],
        )
      }),
  )

  it.effect.each(demands)(
    "[IDN-090] where the other organization asks for %s nobody new can set sync up",
    ([, controls, expected]) =>
      Effect.gen(function* () {
        const lab = yield* shared()
        yield* policy(lab, controls)
        const set = yield* lab.sync(nina, {}, { device: "unmanaged" })
        assert.strictEqual(verdict(set), expected)
        assert.isUndefined(yield* lab.shown())
      }),
  )

  it.effect.each(demands)(
    "[IDN-090] a policy that asks for %s turns sync that runs into an error; the files stay",
    ([, controls, expected]) =>
      Effect.gen(function* () {
        const lab = yield* shared()
        const set = yield* lab.sync(nina, {}, { device: "unmanaged" })
        assert.strictEqual(verdict(set), "allow")
        yield* policy(lab, controls)
        const run = yield* lab.as(
          nina,
          "run-sync",
          { site: launch, folder },
          { device: "unmanaged" },
        )
        assert.strictEqual(verdict(run), expected)
        const shown = yield* lab.shown()
        assert.deepInclude(shown, { status: "error", files: 2 })
        assert.isString(shown?.["error"])
        const document = documentOf(set)
        assert.isDefined(localDocumentOf(yield* lab.world, document))
        const { output } = yield* lab.does("ivan", "Get-MgIdentityConditionalAccessPolicy")
        yield* lab.does("ivan", "Remove-MgIdentityConditionalAccessPolicy", {
          ConditionalAccessPolicyId: output[0]?.["Id"],
        })
        yield* lab.run()
        assert.deepInclude(yield* lab.shown(), { status: "synced", error: null })
      }),
  )

  it.effect(
    "[IDN-090] a second factor given in the browser does not help the client; one of the home tenant does",
    () =>
      Effect.gen(function* () {
        const lab = yield* shared()
        yield* policy(lab, mfa)
        yield* lab.does(nina, "sign-in", { app: "SharePoint", mfa: "authenticatorPush" })
        const set = yield* lab.sync()
        assert.strictEqual(verdict(set), "deny at sync-sign-in-page")
        assert.match(refusal(set)?.message ?? "", /couldn't set up/)
        const trusting = yield* shared({
          events: [
            guest(nina),
            {
              _tag: "CrossTenantPartnerAdded",
              partner: {
                tenantId: fabrikamId,
                inboundTrust: {
                  isMfaAccepted: true,
                  isCompliantDeviceAccepted: false,
                  isHybridAzureADJoinedDeviceAccepted: false,
                },
              },
              at: 0,
            },
          ],
        })
        yield* policy(trusting, mfa)
        yield* trusting.does(nina, "sign-in", { app: "SharePoint", mfa: "authenticatorPush" })
        assert.strictEqual(verdict(yield* trusting.sync()), "allow")
      }),
  )

  it.effect("[IDN-094] on a Mac the address has to be the one of the guest object", () =>
    Effect.gen(function* () {
      const lab = yield* shared()
      const account = "nina.alias@fabrikam.com"
      const mac = yield* lab.sync(nina, { platform: "mac", account })
      assert.strictEqual(verdict(mac), "deny at sync-address-form")
      const stranger = yield* lab.sync(nina, { platform: "mac", account: "bob@contoso.com" })
      assert.strictEqual(verdict(stranger), "deny at sync-sign-in")
      assert.strictEqual(
        verdict(yield* lab.sync(nina, { platform: "mac", account: nina })),
        "allow",
      )
      const windows = yield* shared()
      assert.strictEqual(verdict(yield* windows.sync(nina, { account })), "allow")
    }),
  )

  it.effect("[IDN-090] no single file, and nobody with a personal account", () =>
    Effect.gen(function* () {
      const lab = yield* shared()
      const file = yield* lab.sync(nina, { folder: `Shared Documents/${folder}/Plan.docx` })
      assert.strictEqual(verdict(file), "deny at sync-scope")
      yield* lab.does("alice", "share-file", {
        file: folder,
        to: [zoe],
        scope: "users",
        role: "view",
      })
      assert.strictEqual(verdict(yield* lab.as(zoe, "open-file", { file: "Plan.docx" })), "allow")
      assert.strictEqual(verdict(yield* lab.sync(zoe)), "deny at sync-account")
    }),
  )

  it.effect("[IDN-089] a recipient with a code has no object and cannot sync", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab({ start: inTheDaysOfCodes })
      yield* lab.does("alice", "create-folder", { site: launch, folder })
      yield* lab.does("alice", "share-file", {
        file: folder,
        to: [nina],
        scope: "users",
        role: "view",
      })
      const set = yield* lab.as(nina, "sync-library", { site: launch, folder })
      assert.strictEqual(verdict(set), "deny at sync-account")
    }),
  )

  it.effect("[IDN-090] an open link lets no guest sync", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab({ events: [guest(nina)] })
      yield* lab.does("alice", "create-folder", { site: launch, folder })
      yield* lab.does("alice", "share-file", {
        file: folder,
        to: [nina],
        scope: "anonymous",
        role: "view",
      })
      const set = yield* lab.as(nina, "sync-library", { site: launch, folder })
      assert.strictEqual(verdict(set), "deny at sync-route")
    }),
  )

  it.effect("[IDN-090] access that ends shows as an error, and what was synchronized stays", () =>
    Effect.gen(function* () {
      const lab = yield* shared()
      yield* lab.sync()
      yield* lab.does("alice", "remove-access", { file: folder, who: nina })
      assert.include(verdict(yield* lab.run()), "deny")
      assert.deepInclude(yield* lab.shown(), { status: "error", files: 2 })
      yield* lab.does(nina, "stop-sync", { site: launch, folder })
      assert.isUndefined(yield* lab.shown())
      assert.strictEqual(verdict(yield* lab.run()), "deny at sync-relation")
    }),
  )

  it.effect(
    "[SPO-212] [SPO-215] a site that blocks download blocks sync, in the words of the site",
    () =>
      Effect.gen(function* () {
        const lab = yield* shared()
        yield* lab.site(launch, { BlockDownloadPolicy: true })
        const set = yield* lab.sync()
        assert.strictEqual(verdict(set), "deny at block-download-policy")
        assert.match(refusal(set)?.message ?? "", /sync from this site/)
      }),
  )

  it.effect("[IDN-090] a member signs in to the own organization, where a page can be shown", () =>
    Effect.gen(function* () {
      const lab = yield* shared()
      const set = yield* lab.sync("bob")
      assert.strictEqual(verdict(set), "allow")
      const none = yield* lab.as("mallory", "sync-library", { site: finance })
      assert.include(verdict(none), "deny")
      const library = yield* lab.as("bob", "sync-library", { site: launch })
      assert.strictEqual(library.output.length, 3)
      yield* lab.does("ivan", "New-MgIdentityConditionalAccessPolicy", {
        DisplayName: "All",
        State: "enabled",
        Conditions: {
          Users: { IncludeUsers: ["All"] },
          Applications: { IncludeApplications: ["All"] },
        },
        GrantControls: mfa,
      })
      assert.strictEqual(verdict(yield* lab.run("bob")), "challenge at conditional-access-grant")
    }),
  )

  it.effect("[IDN-090] what is not there cannot be synchronized", () =>
    Effect.gen(function* () {
      const lab = yield* shared({ events: [guest(nina), outsider("pia@fabrikam.com", "entra")] })
      assert.strictEqual(verdict(yield* lab.sync(nina, { folder: "Nothing" })), "deny at present")
      assert.strictEqual(verdict(yield* lab.sync(nina, { site: "/sites/none" })), "deny at present")
      assert.strictEqual(
        verdict(yield* lab.as(nina, "run-sync", { site: launch })),
        "deny at sync-relation",
      )
      assert.isFalse(first(yield* lab.sync(), "id") === "")
    }),
  )
})
