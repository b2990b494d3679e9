import { groupKindOf, groupOf } from "@twin/identity"
import { type Decision, decideByGates, deny, type Finding, gate, pass } from "@twin/kernel"
import { domainsOf } from "../in-force/domainLimit.ts"
import { addressListDefect } from "../in-force/networkLocation.ts"
import { isAtLeast, rankOf, type SharingCapability } from "../SharingCapability.ts"
import { type SpoWorld, tenantSetting } from "../State.ts"
import type { SettingValue } from "../settings/SettingRow.ts"
import type { TenantSettingName, TenantSettings } from "../settings/tenantSettings.ts"

/** What would be in force if the change were made, as far as settings bind each other. */
interface SettingFacets {
  readonly changed: string
  readonly tenantLevel: SharingCapability
  readonly oneDriveLevel: SharingCapability
  readonly isOneDriveLevelSet: boolean
  readonly recommendationDefect: string
  readonly domainDefect: string
  readonly groupDefect: string
  readonly addressDefect: string
  readonly listDefect: string
}

const settingGate = gate<SettingFacets>()

const oneDriveNotLooser = settingGate({
  name: "onedrive-not-looser",
  facts: ["SPO-010"],
  reads: ["tenantLevel", "oneDriveLevel", "isOneDriveLevelSet"],
  check: ({ tenantLevel, oneDriveLevel, isOneDriveLevelSet }) =>
    !isOneDriveLevelSet || isAtLeast(tenantLevel, oneDriveLevel)
      ? pass("OneDrive is not more open than SharePoint.", { tenantLevel, oneDriveLevel })
      : deny(
          "OneDrive cannot be more open than SharePoint.",
          { tenantLevel, oneDriveLevel },
          {
            message:
              "OneDriveSharingCapability can't be more permissive than SharingCapability of the organization.",
          },
        ),
})

const noDefect = (
  name: string,
  facts: SettingGateFacts,
  facet: "recommendationDefect" | "domainDefect" | "groupDefect" | "addressDefect" | "listDefect",
  passes: string,
) =>
  settingGate({
    name,
    facts,
    reads: [facet],
    check: (it: Partial<SettingFacets>): Finding => {
      const defect = it[facet] ?? ""
      return defect === ""
        ? pass(passes)
        : deny("The values of the cmdlet do not fit together.", {}, { message: defect })
    },
  })

type SettingGateFacts = Parameters<typeof settingGate>[0]["facts"]

const gates = [
  oneDriveNotLooser,
  noDefect(
    "recommended-expiration",
    ["SPO-031", "SPO-038"],
    "recommendationDefect",
    "No recommended expiration is longer than the maximum.",
  ),
  noDefect("domain-list", ["SPO-076"], "domainDefect", "The lists of domains are well formed."),
  noDefect(
    "security-groups",
    ["SPO-073"],
    "groupDefect",
    "The lists of groups name security groups of the directory.",
  ),
  noDefect("ip-allow-list", ["SPO-217"], "addressDefect", "The list of addresses is well formed."),
  noDefect("bcc-list", ["SPO-085"], "listDefect", "The list of blind copies is well formed."),
] as const

/** Pairs of maximum and recommendation. */
const recommendations: readonly (readonly [TenantSettingName, TenantSettingName])[] = [
  ["CoreAnyoneSharingLinkMaxExpirationInDays", "CoreAnyoneSharingLinkRecommendedExpirationInDays"],
  [
    "OneDriveAnyoneSharingLinkMaxExpirationInDays",
    "OneDriveAnyoneSharingLinkRecommendedExpirationInDays",
  ],
  [
    "CoreOrganizationSharingLinkMaxExpirationInDays",
    "CoreOrganizationSharingLinkRecommendedExpirationInDays",
  ],
  [
    "OneDriveOrganizationSharingLinkMaxExpirationInDays",
    "OneDriveOrganizationSharingLinkRecommendedExpirationInDays",
  ],
]

/** A recommendation above its maximum; 0 as a maximum is no limit. */
export const recommendationDefect = (
  pairs: readonly (readonly [string, string])[],
  valueOf: (name: string) => number,
): string => {
  const bad = pairs.find(
    ([max, recommended]) => valueOf(max) > 0 && valueOf(recommended) > valueOf(max),
  )
  return bad === undefined ? "" : `${bad[1]} must be less than or equal to ${bad[0]}.`
}

/** Wildcards and more names than are allowed (SPO-076). */
export const domainDefect = (texts: readonly string[], limit: number): string => {
  for (const text of texts) {
    const domains = domainsOf(text)
    const odd = domains.find((it) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(it))
    if (odd !== undefined) return `The domain '${odd}' is not valid. Wildcards are not supported.`
    if (domains.length > limit) return `The list can contain at most ${limit} domains.`
  }
  return ""
}

const groupLimit = 12

const groupDefect = (world: SpoWorld, ids: readonly string[]): string => {
  if (ids.length > groupLimit) return `At most ${groupLimit} security groups can be specified.`
  for (const id of ids) {
    const group = groupOf(world, id)
    if (group === undefined) return `The security group '${id}' was not found.`
    if (groupKindOf(group) === "microsoft-365") {
      return `The group '${id}' is a Microsoft 365 group. Only security groups are supported.`
    }
  }
  return ""
}

/** Whether a change of tenant settings holds together; nothing is changed where it does not. */
export const evaluateTenantSettings = (
  world: SpoWorld,
  changes: Readonly<Record<string, SettingValue>>,
): Decision => {
  const next = <K extends TenantSettingName>(name: K): TenantSettings[K] =>
    (Object.hasOwn(changes, name) ? changes[name] : tenantSetting(world, name)) as TenantSettings[K]
  const isSet = (name: TenantSettingName): boolean => Object.hasOwn(changes, name)
  const bcc = next("BccExternalSharingInvitationsList")
  return decideByGates<SettingFacets>(gates, {
    changed: Object.keys(changes).toSorted().join(", "),
    tenantLevel: next("SharingCapability"),
    oneDriveLevel: next("OneDriveSharingCapability"),
    isOneDriveLevelSet: isSet("OneDriveSharingCapability"),
    recommendationDefect: recommendationDefect(recommendations, (name) =>
      Number(next(name as TenantSettingName)),
    ),
    domainDefect: domainDefect(
      [next("SharingAllowedDomainList"), next("SharingBlockedDomainList")],
      5000,
    ),
    groupDefect: (
      ["WhoCanShareAuthenticatedGuestAllowList", "WhoCanShareAnonymousAllowList"] as const
    )
      .filter(isSet)
      .map((name) => groupDefect(world, next(name)))
      .reduce((found, it) => (found === "" ? it : found), ""),
    addressDefect: addressListDefect(next("IPAddressAllowList")) ?? "",
    listDefect: /\s/.test(bcc) ? "Separate the addresses by commas, without spaces." : "",
  })
}

/** Whether a level is more open than what it hangs on: stored all the same, with a warning (SPO-306). */
export const isLooser = (own: SharingCapability, above: SharingCapability): boolean =>
  rankOf(own) > rankOf(above)
