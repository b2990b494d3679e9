import { restrictionsAsOf } from "@twin/identity"
import { type AuditEntry, andThen, type Call, type Decision, days, inForce } from "@twin/kernel"
import { Schema } from "effect"
import { modified, siteLine } from "../auditLines.ts"
import { containerLabelResult, evaluateContainerLabel } from "../containerLabel.ts"
import { evaluateTenantSettings } from "../decisions/evaluateTenantSettings.ts"
import { missing } from "../decisions/missing.ts"
import { integrationByEra } from "../in-force/integration.ts"
import { anyoneLinkLife, organizationLinkLife } from "../in-force/linkLife.ts"
import type { Site } from "../Site.ts"
import type { SpoEvent } from "../SpoEvent.ts"
import { itemById, linksOf, type SpoWorld, siteOf, tenantSetting } from "../State.ts"
import { fieldsOf, isUnmodelled, type SettingValue } from "../settings/SettingRow.ts"
import { siteSettings } from "../settings/siteSettings.ts"
import { type TenantSettingName, tenantSettings } from "../settings/tenantSettings.ts"
import { cmdlet, type SpoOperation, type SpoRuling } from "./SpoOperation.ts"

/** Settings whose change the log calls something else than a sharing policy (SPO-245). */
const auditNames: Readonly<Record<string, string>> = {
  ConditionalAccessPolicy: "DeviceAccessPolicyChanged",
  AllowEditing: "DeviceAccessPolicyChanged",
  LimitedAccessFileType: "DeviceAccessPolicyChanged",
  IPAddressAllowList: "NetworkAccessPolicyChanged",
  IPAddressEnforcement: "NetworkAccessPolicyChanged",
}

const shown = (value: SettingValue | undefined): string =>
  value === undefined ? "" : typeof value === "object" ? value.join(", ") : String(value)

/** One record for each kind of policy that changed, with the values before and after. */
const settingsAudit = (
  objectId: string,
  changes: Readonly<Record<string, SettingValue>>,
  before: (name: string) => SettingValue | undefined,
): readonly AuditEntry[] => {
  const names = Object.keys(changes).toSorted()
  const kinds = [...new Set(names.map((it) => auditNames[it] ?? "SharingPolicyChanged"))].toSorted()
  return kinds.map((kind) =>
    siteLine(kind, objectId, {
      ModifiedProperties: names
        .filter((it) => (auditNames[it] ?? "SharingPolicyChanged") === kind)
        .map((it) => modified(it, shown(before(it)), shown(changes[it]))),
    }),
  )
}

/**
 * A shorter life of links reaches those that exist, a longer one does not (SPO-036). The dates are
 * fixed now; nobody has to come back to them.
 */
export const shortenedLinks = (
  before: SpoWorld,
  after: SpoWorld,
  now: number,
  only?: Site,
): readonly SpoEvent[] =>
  linksOf(before).flatMap((link) => {
    const item = itemById(before, link.itemId)
    const site = item === undefined ? undefined : siteOf(before, item.site)
    const siteAfter = item === undefined ? undefined : siteOf(after, item.site)
    if (site === undefined || siteAfter === undefined || link.removedAt !== undefined) return []
    if (only !== undefined && site.url !== only.url) return []
    if (link.scope !== "anonymous" && link.scope !== "organization") return []
    const lifeOf = link.scope === "anonymous" ? anyoneLinkLife : organizationLinkLife
    const was = lifeOf(before, site).maxDays
    const is = lifeOf(after, siteAfter).maxDays
    if (is === 0 || (was !== 0 && is >= was)) return []
    const limit = now + days(is)
    return link.expiresAt !== undefined && link.expiresAt <= limit
      ? []
      : [{ _tag: "LinkExpirationChanged" as const, linkId: link.id, expiresAt: limit, at: now }]
  })

const warningsFor = (
  world: SpoWorld,
  changes: Readonly<Record<string, SettingValue>>,
  now: number,
): readonly string[] => [
  ...(Object.hasOwn(changes, "EnableAzureADB2BIntegration") &&
  inForce(integrationByEra, now) === "always"
    ? [
        "EnableAzureADB2BIntegration no longer changes anything: all external sharing uses Microsoft Entra B2B.",
      ]
    : []),
  ...(Object.hasOwn(changes, "RequireAcceptingAccountMatchInvitedAccount")
    ? [
        "RequireAcceptingAccountMatchInvitedAccount is deprecated and has no effect on B2B invitations.",
      ]
    : []),
  ...Object.keys(changes)
    .filter((name) => isUnmodelled(tenantSettings, name))
    .toSorted()
    .map((name) => `${name} is stored, but the twin does not model what it does.`),
  ...(changes["MarkNewFilesSensitiveByDefault"] === "BlockExternalSharing" &&
  !world.spo.dlpRules.some((it) => it.isEnabled)
    ? ["No DLP policy scans files: new files will stay closed to people outside your organization."]
    : []),
]

/** `-Sites` sends what a site has, too, to the sites it names (SPO-089). */
const toSites = (
  call: Call<SpoWorld>,
  urls: readonly string[],
  changes: Readonly<Record<string, SettingValue>>,
  label: string | undefined,
): SpoRuling => {
  const sites = urls.map((it) => siteOf(call.world, it))
  const own = Object.fromEntries(
    Object.entries(changes).filter(([name]) => Object.hasOwn(siteSettings, name)),
  )
  let decision: Decision = evaluateTenantSettings(call.world, {})
  const events: SpoEvent[] = []
  const audit: AuditEntry[] = []
  for (const site of sites) {
    if (site === undefined) return { decision: missing("site") }
    if (label !== undefined) {
      decision = andThen(decision, () => evaluateContainerLabel(call.world, site, label))
      if (decision.outcome !== "allow") return { decision }
      const result = containerLabelResult(call, site, label)
      events.push(...result.events)
      audit.push(...result.audit)
    }
    if (Object.keys(own).length === 0) continue
    events.push({ _tag: "SiteSettingsChanged", url: site.url, changes: own, at: call.now })
    audit.push(...settingsAudit(site.url, own, (name) => site.requested[name]))
  }
  return { decision, events, audit }
}

const policyCopied = ({ world, now }: Call<SpoWorld>): SpoEvent => ({
  _tag: "EntraPolicySynced",
  restrictions: restrictionsAsOf(world.identity.settings, now),
  at: now,
})

/** Changes settings of the tenant: all or none. Silent, like the real cmdlet. */
export const setSpoTenant: SpoOperation = cmdlet({
  name: "Set-SPOTenant",
  summary: "Changes settings of SharePoint and OneDrive for the whole organization.",
  params: Schema.Struct({
    ...fieldsOf(tenantSettings),
    Sites: Schema.optionalKey(
      Schema.Array(Schema.NonEmptyString).annotate({ description: "Only these sites" }),
    ),
    SensitivityLabel: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Container label for the sites" }),
    ),
  }),
  facts: ["SPO-001", "SPO-010", "SPO-035", "SPO-036", "SPO-105", "SPO-113", "SPO-190", "SPO-245"],
  decide: (call: Call<SpoWorld>, params): SpoRuling => {
    const { world, now } = call
    const { Sites: sites, SensitivityLabel: label, ...given } = params
    const isSynced = given.SyncAadB2BManagementPolicy === true
    const changes = Object.fromEntries(
      Object.entries(given as Readonly<Record<string, SettingValue>>).filter(
        ([name]) =>
          Object.hasOwn(tenantSettings, name) &&
          !tenantSettings[name as TenantSettingName].isAction,
      ),
    )
    if (sites !== undefined) return toSites(call, sites, changes, label)
    const decision = evaluateTenantSettings(world, changes)
    if (decision.outcome !== "allow") return { decision }
    const after = { ...world, spo: { ...world.spo, tenant: { ...world.spo.tenant, ...changes } } }
    const isChanged = Object.keys(changes).length > 0
    return {
      decision,
      events: [
        ...(isChanged ? [{ _tag: "TenantSettingsChanged" as const, changes, at: now }] : []),
        ...shortenedLinks(world, after, now),
        ...(isSynced ? [policyCopied(call)] : []),
      ],
      audit: settingsAudit("Tenant", changes, (name) =>
        tenantSetting(world, name as TenantSettingName),
      ),
      warnings: warningsFor(world, changes, now),
    }
  },
})

export { settingsAudit }
