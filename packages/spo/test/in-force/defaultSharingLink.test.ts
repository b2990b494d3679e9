import { assert, describe, it } from "@effect/vitest"
import type { Label } from "@twin/mip"
import { makeLabel } from "@twin/mip"
import { defaultSharingLink, itemOf, siteOf } from "../../src/index.ts"
import { file, launch, oneDrive, settings, siteSettings, worldWith } from "../world.ts"

type Changes = Readonly<Record<string, string | boolean>>

const labelled = (advancedSettings: Label["advancedSettings"]) =>
  ({
    _tag: "LabelCreated",
    label: makeLabel({ id: "label-default", name: "Default", priority: 9, advancedSettings }),
  }) as const

/** The preselected link of a document with a label, or of a plain one. */
const preselected = (o: {
  readonly tenant?: Changes
  readonly site?: Changes
  readonly label?: Label["advancedSettings"]
  readonly url?: string
  readonly areLabelsOn?: boolean
}): string => {
  const { url = launch, areLabelsOn = true } = o
  const world = worldWith(
    settings({ EnableAIPIntegration: areLabelsOn, ...o.tenant }),
    siteSettings(url, o.site ?? {}),
    ...(o.label === undefined ? [] : [labelled(o.label)]),
    file("Plan.docx", {
      site: url,
      content: {
        version: 1,
        objectId: "x",
        size: 1,
        sha256: "x",
        processing: "readable",
        infoTypes: [],
        ...(o.label === undefined ? {} : { labelId: "label-default" }),
      },
    }),
  )
  const site = siteOf(world, url)
  if (site === undefined) throw new Error("no site")
  const { scope, role, from, isFallback } = defaultSharingLink(
    world,
    site,
    itemOf(world, "Plan.docx"),
  )
  return `${scope} ${role} from ${from}${isFallback ? ", fallback" : ""}`
}

const closed = { SharingCapability: "ExternalUserSharingOnly" }

describe("the preselected link", () => {
  it("[SPO-050] of an untouched tenant is organization and edit", () => {
    assert.strictEqual(preselected({}), "organization edit from tenant")
  })

  it.each([
    ["Direct", "users edit from tenant"],
    ["Internal", "organization edit from tenant"],
    ["AnonymousAccess", "anonymous edit from tenant"],
    ["None", "anonymous edit from tenant"],
  ])("[SPO-050] [SPO-051] %s at the tenant", (type, expected) => {
    assert.strictEqual(preselected({ tenant: { DefaultSharingLinkType: type } }), expected)
  })

  it("[SPO-051] None is the widest that is allowed: organization where Anyone is off", () => {
    assert.strictEqual(
      preselected({ tenant: { DefaultSharingLinkType: "None" }, site: closed }),
      "organization edit from tenant",
    )
  })

  it("[SPO-052] a successor wins for its partition once it is initialized", () => {
    const tenant = {
      DefaultSharingLinkType: "Internal",
      CoreDefaultShareLinkScope: "SpecificPeople",
      CoreDefaultShareLinkRole: "View",
    }
    assert.strictEqual(preselected({ tenant }), "users view from tenant")
    assert.strictEqual(preselected({ tenant, url: oneDrive }), "organization edit from tenant")
    assert.strictEqual(
      preselected({ tenant: { ...tenant, CoreDefaultLinkToExistingAccess: true } }),
      "existingAccess view from tenant",
    )
  })

  it("[SPO-053] a site's own value overrides the tenant, None inherits", () => {
    assert.strictEqual(
      preselected({ site: { DefaultSharingLinkType: "Direct", DefaultLinkPermission: "View" } }),
      "users view from site",
    )
    assert.strictEqual(
      preselected({ site: { DefaultSharingLinkType: "None", DefaultLinkPermission: "None" } }),
      "organization edit from tenant",
    )
    assert.strictEqual(
      preselected({
        site: { DefaultSharingLinkType: "Direct", DefaultLinkToExistingAccess: true },
      }),
      "existingAccess edit from site",
    )
  })

  it("[SPO-054] a label on a document sets its scope, permission or existing access", () => {
    assert.strictEqual(
      preselected({
        label: { defaultsharingscope: "SpecificPeople", defaultsharelinkpermission: "View" },
      }),
      "users view from label",
    )
    assert.strictEqual(
      preselected({
        label: { defaultsharingscope: "Anyone", defaultsharelinktoexistingaccess: "True" },
      }),
      "existingAccess edit from label",
    )
    assert.strictEqual(preselected({ label: {} }), "organization edit from tenant")
  })

  it("[SPO-055] Anyone falls back to the organization where it is not allowed", () => {
    assert.strictEqual(
      preselected({ tenant: { DefaultSharingLinkType: "AnonymousAccess" }, site: closed }),
      "organization edit from tenant, fallback",
    )
    assert.strictEqual(
      preselected({ site: { ...closed, DisableCompanyWideSharingLinks: "Disabled" } }),
      "users edit from tenant, fallback",
    )
  })

  it("[SPO-056] the more restrictive of site and label wins and brings its own permission", () => {
    assert.strictEqual(
      preselected({
        site: { DefaultSharingLinkType: "Direct", DefaultLinkPermission: "Edit" },
        label: { defaultsharingscope: "Organization", defaultsharelinkpermission: "View" },
      }),
      "users edit from site",
    )
    assert.strictEqual(
      preselected({
        site: { DefaultSharingLinkType: "Internal" },
        label: { defaultsharingscope: "SpecificPeople" },
      }),
      "users edit from label",
    )
    assert.strictEqual(
      preselected({
        site: { DefaultSharingLinkType: "Direct", DefaultLinkPermission: "Edit" },
        label: { defaultsharingscope: "SpecificPeople", defaultsharelinkpermission: "View" },
      }),
      "users view from label",
    )
  })

  it("[SPO-057] existing access is the most restrictive of all", () => {
    assert.strictEqual(
      preselected({
        site: { DefaultLinkToExistingAccess: true },
        label: { defaultsharingscope: "SpecificPeople" },
      }),
      "existingAccess edit from site",
    )
  })

  it("[SPO-059] labels count only once they are enabled for SharePoint", () => {
    const label = { defaultsharingscope: "SpecificPeople" }
    assert.strictEqual(preselected({ label, areLabelsOn: false }), "organization edit from tenant")
    assert.strictEqual(preselected({ label }), "users edit from label")
  })
})
