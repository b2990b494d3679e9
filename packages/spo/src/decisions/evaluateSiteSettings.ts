import { type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"
import { domainsOf, tenantDomainLimit } from "../in-force/domainLimit.ts"
import type { Site, SiteKind } from "../Site.ts"
import { type SpoWorld, siteSetting, tenantSetting } from "../State.ts"
import type { SettingValue } from "../settings/SettingRow.ts"
import type { SiteSettingName, SiteSettings } from "../settings/siteSettings.ts"
import { domainDefect, recommendationDefect } from "./evaluateTenantSettings.ts"

interface SiteSettingFacets {
  readonly kind: SiteKind
  /** Parameters that a OneDrive does not take, joined. */
  readonly notForOneDrive: string
  readonly recommendationDefect: string
  readonly domainDefect: string
  readonly isDevicePolicyLooser: boolean
  readonly contextDefect: string
  readonly isLocking: boolean
  readonly restrictionDefect: string
}

const siteGate = gate<SiteSettingFacets>()

const forThisKind = siteGate({
  name: "parameters-for-site-kind",
  facts: ["SPO-013", "SPO-077"],
  reads: ["kind", "notForOneDrive"],
  check: ({ kind, notForOneDrive }) =>
    kind !== "OneDrive" || notForOneDrive === ""
      ? pass("This kind of site takes these parameters.", { kind })
      : deny(
          "A OneDrive does not take these parameters.",
          { notForOneDrive },
          {
            message: `The following parameters can't be used with a OneDrive site: ${notForOneDrive}.`,
          },
        ),
})

const wellFormed = siteGate({
  name: "values-fit",
  facts: ["SPO-031", "SPO-038", "SPO-076", "SPO-077"],
  reads: ["recommendationDefect", "domainDefect"],
  check: ({ recommendationDefect: recommendation, domainDefect: domain }) => {
    const defect = recommendation === "" ? domain : recommendation
    return defect === ""
      ? pass("The values fit together.")
      : deny("The values of the cmdlet do not fit together.", {}, { message: defect })
  },
})

const devicePolicy = siteGate({
  name: "device-policy-not-looser",
  facts: ["SPO-136", "SPO-210"],
  reads: ["isDevicePolicyLooser"],
  check: ({ isDevicePolicyLooser }) =>
    isDevicePolicyLooser
      ? deny(
          "A site cannot be looser with unmanaged devices than the tenant.",
          {},
          {
            message:
              "The ConditionalAccessPolicy of a site must be at least as restrictive as that of the organization.",
          },
        )
      : pass("The site is at least as strict with unmanaged devices as the tenant."),
})

const context = siteGate({
  name: "authentication-context",
  facts: ["SPO-137", "SPO-210"],
  reads: ["contextDefect"],
  check: ({ contextDefect }) =>
    contextDefect === ""
      ? pass("No authentication context stands against this.")
      : deny("The authentication context cannot be set like this.", {}, { message: contextDefect }),
})

const rootStaysOpen = siteGate({
  name: "root-site-lock",
  facts: ["SPO-283"],
  reads: ["kind", "isLocking"],
  check: ({ kind, isLocking }) =>
    kind === "Root" && isLocking
      ? deny(
          "The root site cannot be locked.",
          {},
          {
            message: "You can't change the lock state of the root site.",
          },
        )
      : pass("The lock can be set.", { kind }),
})

const restriction = siteGate({
  name: "restricted-access-control",
  facts: ["SPO-216"],
  reads: ["restrictionDefect"],
  check: ({ restrictionDefect }) =>
    restrictionDefect === ""
      ? pass("The restriction to groups can be set.")
      : deny(
          "The restriction to groups cannot be set like this.",
          {},
          { message: restrictionDefect },
        ),
})

const gates = [forThisKind, wellFormed, devicePolicy, context, rootStaysOpen, restriction] as const

/** What a OneDrive takes, by the cmdlet's page. */
const oneDriveParameters: ReadonlySet<string> = new Set([
  "AllowEditing",
  "ConditionalAccessPolicy",
  "DefaultLinkPermission",
  "DefaultSharingLinkType",
  "DisableCompanyWideSharingLinks",
  "LimitedAccessFileType",
  "LockState",
  "SharingAllowedDomainList",
  "SharingBlockedDomainList",
  "SharingCapability",
  "SharingDomainRestrictionMode",
  "ShowPeoplePickerSuggestionsForGuestUsers",
])

const restrictedGroups = 10
const siteDomains = 500
const strictness = ["AllowFullAccess", "AllowLimitedAccess", "BlockAccess"]

/** A site's list must lie within the tenant's list of allowed domains (SPO-077). */
const subsetDefect = (world: SpoWorld, mode: string, allowed: string): string => {
  const tenant = tenantDomainLimit(world)
  if (tenant.mode !== "AllowList" || mode !== "AllowList") return ""
  const beyond = domainsOf(allowed).find((it) => !tenant.domains.includes(it))
  return beyond === undefined
    ? ""
    : `The domain '${beyond}' is not in the list of allowed domains of the organization.`
}

/** Whether a change of site settings holds together; nothing is changed where it does not. */
export const evaluateSiteSettings = (
  world: SpoWorld,
  site: Site,
  changes: Readonly<Record<string, SettingValue>>,
): Decision => {
  const next = <K extends SiteSettingName>(name: K): SiteSettings[K] =>
    (Object.hasOwn(changes, name) ? changes[name] : siteSetting(site, name)) as SiteSettings[K]
  const isSet = (name: SiteSettingName): boolean => Object.hasOwn(changes, name)
  const policy = next("ConditionalAccessPolicy")
  const mode = next("SharingDomainRestrictionMode")
  const allowed = next("SharingAllowedDomainList")
  const malformed = domainDefect([allowed, next("SharingBlockedDomainList")], siteDomains)
  return decideByGates<SiteSettingFacets>(gates, {
    kind: site.kind,
    notForOneDrive: Object.keys(changes)
      .filter((name) => !oneDriveParameters.has(name))
      .toSorted()
      .join(", "),
    recommendationDefect: recommendationDefect(
      [
        ["AnonymousLinkExpirationInDays", "AnyoneSharingLinkRecommendedExpirationInDays"],
        [
          "OrganizationSharingLinkMaxExpirationInDays",
          "OrganizationSharingLinkRecommendedExpirationInDays",
        ],
      ],
      (name) => Number(next(name as SiteSettingName)),
    ),
    domainDefect: malformed === "" ? subsetDefect(world, mode, allowed) : malformed,
    isDevicePolicyLooser:
      isSet("ConditionalAccessPolicy") &&
      policy !== "AuthenticationContext" &&
      strictness.indexOf(policy) <
        strictness.indexOf(tenantSetting(world, "ConditionalAccessPolicy")),
    contextDefect:
      policy !== "AuthenticationContext" || !isSet("ConditionalAccessPolicy")
        ? ""
        : site.kind === "Root"
          ? "An authentication context can't be set on the root site."
          : next("AuthenticationContextName") === ""
            ? "AuthenticationContextName is required with ConditionalAccessPolicy AuthenticationContext."
            : "",
    isLocking: isSet("LockState") && next("LockState") !== "Unlock",
    restrictionDefect:
      isSet("RestrictedAccessControl") &&
      next("RestrictedAccessControl") &&
      !tenantSetting(world, "EnableRestrictedAccessControl")
        ? "Restricted access control is not enabled for the organization."
        : next("RestrictedAccessControlGroups").length > restrictedGroups
          ? `At most ${restrictedGroups} groups can reach a restricted site.`
          : "",
  })
}
