import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { finance, first, guest, type Lab, makeLab, verdict } from "../world.ts"

const nina = "nina@fabrikam.com"

const resource = (lab: Lab, catalog: string, originId: string) =>
  lab.as("ivan", "New-MgEntitlementManagementResourceRequest", {
    RequestType: "adminAdd",
    Resource: { originId, originSystem: "SharePointOnline" },
    Catalog: { id: catalog },
  })

const role = (lab: Lab, AccessPackageId: string, originId: string, site = finance) =>
  lab.as("ivan", "New-MgEntitlementManagementAccessPackageResourceRoleScope", {
    AccessPackageId,
    Role: { originId, originSystem: "SharePointOnline" },
    Scope: { originId: site, originSystem: "SharePointOnline" },
  })

/** A package that makes people visitors of the finance site. */
const withPackage = Effect.fnUntraced(function* (group: string) {
  const lab = yield* makeLab({ events: [guest(nina)] })
  yield* lab.site(finance, { SharingCapability: "ExternalUserSharingOnly" })
  const catalog = first(
    yield* lab.does("ivan", "New-MgEntitlementManagementCatalog", {
      DisplayName: "Outside",
      IsExternallyVisible: true,
    }),
    "Id",
  )
  const id = first(
    yield* lab.does("ivan", "New-MgEntitlementManagementAccessPackage", {
      DisplayName: "Books",
      Catalog: { id: catalog },
    }),
    "Id",
  )
  assert.strictEqual(verdict(yield* role(lab, id, group)), "deny at entitlement-set-up")
  assert.strictEqual(verdict(yield* resource(lab, catalog, `${finance}/`)), "allow")
  assert.strictEqual(verdict(yield* role(lab, id, group)), "allow")
  yield* lab.does("ivan", "New-MgEntitlementManagementAssignmentPolicy", {
    DisplayName: "Everybody",
    AccessPackage: { id },
    AllowedTargetScope: "allDirectoryUsers",
    Expiration: { type: "afterDuration", duration: "P30D" },
    RequestApprovalSettings: { isApprovalRequiredForAdd: false, stages: [] },
  })
  yield* lab.does("alice", "upload-file", { site: finance, file: "Books.docx", content: "Books" })
  const opens = Effect.map(lab.as(nina, "open-file", { file: "Books.docx" }), verdict)
  const edits = Effect.map(
    lab.as(nina, "edit-file", { file: "Books.docx", content: "Changed" }),
    verdict,
  )
  return { ...lab, catalog, id, opens, edits }
})

describe("a site in an access package", () => {
  it.effect("[IDN-240] opens to whoever has the package, and closes with it", () =>
    Effect.gen(function* () {
      const lab = yield* withPackage("4")
      assert.strictEqual(yield* lab.opens, "deny at link-or-grant")
      yield* lab.does(nina, "request-access-package", { package: "Books" })
      assert.strictEqual(yield* lab.opens, "allow")
      assert.strictEqual(yield* lab.edits, "deny at permission")
      yield* lab.wait(31 * 86_400_000)
      assert.strictEqual(yield* lab.opens, "deny at link-or-grant")
    }),
  )

  it.effect("[IDN-240] members of the site's group edit; other groups there are none", () =>
    Effect.gen(function* () {
      const lab = yield* withPackage("5")
      yield* lab.does(nina, "request-access-package", { package: "Books" })
      assert.strictEqual(yield* lab.edits, "allow")
      assert.include(verdict(yield* role(lab, lab.id, "7")), "deny")
    }),
  )

  it.effect("[IDN-240] a site that SharePoint does not have comes into no catalogue", () =>
    Effect.gen(function* () {
      const lab = yield* withPackage("4")
      const none = `${finance}-none`
      assert.strictEqual(verdict(yield* resource(lab, lab.catalog, none)), "deny at catalog-site")
      assert.include(verdict(yield* role(lab, lab.id, "4", none)), "deny")
      assert.include(verdict(yield* resource(lab, lab.catalog, "finance")), "deny")
      assert.include(
        verdict(
          yield* lab.as("alice", "New-MgEntitlementManagementResourceRequest", {
            RequestType: "adminAdd",
            Resource: { originId: finance, originSystem: "SharePointOnline" },
            Catalog: { id: lab.catalog },
          }),
        ),
        "deny at role",
      )
    }),
  )
})
