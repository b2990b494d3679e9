import { getSpoSitePolicy } from "@twin/crypto"
import { type Call, type OutputObject, whereKnown } from "@twin/kernel"
import { Schema } from "effect"
import { missing } from "../decisions/missing.ts"
import { type Site, templateOf } from "../Site.ts"
import { type SpoWorld, siteOf, siteSetting, sitesOf } from "../State.ts"
import { type SiteSettingName, siteSettings } from "../settings/siteSettings.ts"
import { reading } from "./getSpoTenant.ts"
import { cmdlet, type SpoOperation, type SpoRuling } from "./SpoOperation.ts"

/** Comes back empty or as a default in lists: ask for the one site to see it. */
const notInLists: ReadonlySet<string> = new Set([
  "AnonymousLinkExpirationInDays",
  "ConditionalAccessPolicy",
  "DefaultLinkPermission",
  "DefaultLinkToExistingAccess",
  "DefaultSharingLinkType",
  "DisableCompanyWideSharingLinks",
  "ExternalUserExpirationInDays",
  "LimitedAccessFileType",
  "OverrideTenantAnonymousLinkExpirationPolicy",
  "OverrideTenantExternalUserExpirationPolicy",
  "OverrideTenantOrganizationSharingLinkExpirationPolicy",
  "SharingCapability",
  "SharingAllowedDomainList",
  "SharingBlockedDomainList",
  "SharingDomainRestrictionMode",
])

const settingsRow = (site: Site, isListed: boolean): OutputObject =>
  Object.fromEntries(
    Object.keys(siteSettings)
      .toSorted()
      .map((name) => {
        const value =
          isListed && notInLists.has(name)
            ? siteSettings[name as SiteSettingName].default
            : siteSetting(site, name as SiteSettingName)
        return [name, typeof value === "object" ? [...value] : value]
      }),
  )

/** A site as the cmdlets print it: the requested values, not those in force. */
const siteRow = (site: Site, isListed = false): OutputObject => ({
  Url: site.url,
  Title: site.title,
  Owner: site.owner,
  Template: templateOf[site.kind],
  GroupId: site.groupId ?? "00000000-0000-0000-0000-000000000000",
  SensitivityLabel: isListed ? "" : (site.labelId ?? ""),
  Status: "Active",
  ...settingsRow(site, isListed),
})

export const getSpoSite: SpoOperation = cmdlet({
  name: "Get-SPOSite",
  summary: "Shows one site, or the list of sites.",
  params: Schema.Struct({
    Identity: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Address of the site" }),
    ),
    Limit: Schema.optionalKey(
      Schema.Union([Schema.Number, Schema.String]).annotate({
        description: "How many sites, or ALL; 200 unless given",
      }),
    ),
    Template: Schema.optionalKey(Schema.String.annotate({ description: "Only this web template" })),
    Filter: Schema.optionalKey(
      Schema.String.annotate({ description: "Part of the address: Url -like 'text'" }),
    ),
    IncludePersonalSite: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "OneDrives, too" }),
    ),
    Detailed: Schema.optionalKey(Schema.Boolean),
  }),
  binding: { positional: ["Identity"], pipeline: "Identity", switches: ["Detailed"] },
  facts: ["SPO-007", "SPO-053"],
  isReadOnly: true,
  decide: ({ world }: Call<SpoWorld>, given): SpoRuling => {
    if (given.Identity !== undefined) {
      const site = siteOf(world, given.Identity)
      return site === undefined || site.recycledAt !== undefined
        ? { decision: missing("site") }
        : { decision: reading, output: [siteRow(site)] }
    }
    const text = /-like\s+['"]?([^'"]*)['"]?/i.exec(given.Filter ?? "")?.[1] ?? ""
    const wanted = text.replaceAll("*", "").toLowerCase()
    const limit =
      String(given.Limit ?? 200).toLowerCase() === "all" ? Infinity : Number(given.Limit ?? 200)
    const sites = sitesOf(world)
      .filter(({ recycledAt }) => recycledAt === undefined)
      .filter(({ kind }) => kind !== "OneDrive" || given.IncludePersonalSite === true)
      .filter(({ kind }) => given.Template === undefined || templateOf[kind] === given.Template)
      .filter(({ url }) => url.includes(wanted))
    return {
      decision: reading,
      output: sites.slice(0, limit).map((site) => siteRow(site, true)),
      warnings:
        sites.length > limit
          ? [`More than ${limit} sites exist. Use -Limit ALL to see them all.`]
          : [],
    }
  },
})

/** Which sites there are, this domain knows. */
export const getSpoSiteDataEncryptionPolicy: SpoOperation = whereKnown(
  getSpoSitePolicy,
  "Identity",
  (world: SpoWorld, it) => (siteOf(world, it) === undefined ? missing("site") : reading),
)
