import { type AuditEntry, andThen, type Call } from "@twin/kernel"

import { HashMap, Schema } from "effect"
import { containerLabelResult, evaluateContainerLabel } from "../containerLabel.ts"
import { evaluateSiteSettings } from "../decisions/evaluateSiteSettings.ts"
import { isLooser } from "../decisions/evaluateTenantSettings.ts"
import { missing } from "../decisions/missing.ts"
import type { Site } from "../Site.ts"
import type { SpoEvent } from "../SpoEvent.ts"
import { type SpoWorld, siteOf, siteSetting, tenantSetting } from "../State.ts"
import { fieldsOf, isUnmodelled, type SettingValue } from "../settings/SettingRow.ts"
import { type SiteSettingName, siteSettings } from "../settings/siteSettings.ts"
import { cmdlet, type SpoOperation, type SpoRuling } from "./SpoOperation.ts"
import { settingsAudit, shortenedLinks } from "./setSpoTenant.ts"

/** A page of the site, not a parameter (SPO-070). */
const { MembersCanShare: _, ...parameters } = siteSettings

const list = (description: string) =>
  Schema.optionalKey(Schema.Array(Schema.NonEmptyString).annotate({ description }))
const flag = (description: string) => Schema.optionalKey(Schema.Boolean.annotate({ description }))

const params = Schema.Struct({
  Identity: Schema.NonEmptyString.annotate({ description: "Address of the site" }),
  ...fieldsOf(parameters),
  Title: Schema.optionalKey(Schema.String.annotate({ description: "Title of the site" })),
  Owner: Schema.optionalKey(Schema.NonEmptyString.annotate({ description: "Primary site admin" })),
  DisableSharingForNonOwners: flag("Only owners share the site"),
  DefaultLinkToExistingAccessReset: flag("Back to the default of the tenant"),
  SensitivityLabel: Schema.optionalKey(
    Schema.String.annotate({ description: "Container label, by id or name" }),
  ),
  RemoveLabel: flag("Takes the container label off"),
  AddRestrictedAccessControlGroups: list("Groups that reach the restricted site, too"),
  RemoveRestrictedAccessControlGroups: list("Groups that reach it no more"),
  ClearRestrictedAccessControl: flag("The site is not restricted any more"),
  NoWait: flag("Do not wait for the end"),
})
type Params = typeof params.Type

/** The settings that a call changes, with what its switches stand for. */
const changesOf = (site: Site, given: Params): Readonly<Record<string, SettingValue>> => {
  const plain = Object.fromEntries(
    Object.entries(given as Readonly<Record<string, SettingValue>>).filter(([name]) =>
      Object.hasOwn(parameters, name),
    ),
  )
  const groups = new Set([
    ...(given.RestrictedAccessControlGroups ?? siteSetting(site, "RestrictedAccessControlGroups")),
    ...(given.AddRestrictedAccessControlGroups ?? []),
  ])
  for (const gone of given.RemoveRestrictedAccessControlGroups ?? []) groups.delete(gone)
  const hasGroups =
    given.AddRestrictedAccessControlGroups !== undefined ||
    given.RemoveRestrictedAccessControlGroups !== undefined
  return {
    ...plain,
    ...(given.DisableSharingForNonOwners === true &&
    siteSetting(site, "MembersCanShare") === "MemberShareAll"
      ? { MembersCanShare: "MemberShareFileAndFolder" }
      : {}),
    ...(given.DefaultLinkToExistingAccessReset === true
      ? { DefaultLinkToExistingAccess: false }
      : {}),
    ...(hasGroups ? { RestrictedAccessControlGroups: [...groups] } : {}),
    ...(given.ClearRestrictedAccessControl === true
      ? { RestrictedAccessControl: false, RestrictedAccessControlGroups: [] }
      : {}),
  }
}

/** A level above the tenant's is stored and clamped (SPO-306); other settings say what they lack. */
const warningsFor = (
  world: SpoWorld,
  site: Site,
  changes: Readonly<Record<string, SettingValue>>,
): readonly string[] => {
  const level = changes["SharingCapability"]
  const above = tenantSetting(world, "SharingCapability")
  const isAbove =
    level !== undefined &&
    isLooser(siteSetting({ ...site, requested: changes }, "SharingCapability"), above)
  const hasNoContext = changes["ConditionalAccessPolicy"] === "AuthenticationContext"
  return [
    ...(isAbove
      ? [
          `SharingCapability ${String(level)} is more permissive than the organization's ${above}. The value is stored; the site runs at the organization's level.`,
        ]
      : []),
    ...(hasNoContext
      ? ["The twin does not model authentication contexts: access to this site answers 'unknown'."]
      : []),
    ...Object.keys(changes)
      .filter((name) => isUnmodelled(siteSettings, name))
      .toSorted()
      .map((name) => `${name} is stored, but the twin does not model what it does.`),
  ]
}

const ownerEvents = (site: Site, owner: string | undefined, at: number): readonly SpoEvent[] =>
  owner === undefined
    ? []
    : [
        {
          _tag: "SiteAdminChanged",
          url: site.url,
          address: owner.trim().toLowerCase(),
          isAdmin: true,
          at,
        },
      ]

/** Changes settings of one site: what was asked for is stored, what is in force is computed. */
export const setSpoSite: SpoOperation = cmdlet({
  name: "Set-SPOSite",
  summary: "Changes settings of a site or a OneDrive.",
  params,
  binding: {
    positional: ["Identity"],
    pipeline: "Identity",
    switches: [
      "DisableSharingForNonOwners",
      "DefaultLinkToExistingAccessReset",
      "RemoveLabel",
      "ClearRestrictedAccessControl",
      "NoWait",
    ],
    aliases: { Url: "Identity" },
  },
  facts: ["SPO-005", "SPO-007", "SPO-012", "SPO-013", "SPO-138", "SPO-306"],
  decide: (call: Call<SpoWorld>, given): SpoRuling => {
    const { world, now } = call
    const site = siteOf(world, given.Identity)
    if (site === undefined || site.recycledAt !== undefined) return { decision: missing("site") }
    const changes = changesOf(site, given)
    const label = given.SensitivityLabel
    const isLabelling = label !== undefined || given.RemoveLabel === true
    const wanted = given.RemoveLabel === true || label === "" ? undefined : label
    const settings = evaluateSiteSettings(world, site, changes)
    const decision = isLabelling
      ? andThen(settings, () => evaluateContainerLabel(world, site, wanted))
      : settings
    if (decision.outcome !== "allow") return { decision }
    const labelled = isLabelling
      ? containerLabelResult(call, site, wanted)
      : { events: [], audit: [] as readonly AuditEntry[] }
    const isChanged = Object.keys(changes).length > 0
    const after = withSite(world, { ...site, requested: { ...site.requested, ...changes } })
    return {
      decision,
      events: [
        ...(isChanged
          ? [{ _tag: "SiteSettingsChanged" as const, url: site.url, changes, at: now }]
          : []),
        ...shortenedLinks(world, after, now, site),
        ...labelled.events,
        ...ownerEvents(site, given.Owner, now),
      ],
      audit: [
        ...settingsAudit(site.url, changes, (name) => siteSetting(site, name as SiteSettingName)),
        ...labelled.audit,
      ],
      warnings: warningsFor(world, site, changes),
    }
  },
})

const withSite = (world: SpoWorld, site: Site): SpoWorld => ({
  ...world,
  spo: { ...world.spo, sites: HashMap.set(world.spo.sites, site.url, site) },
})
