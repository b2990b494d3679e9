import type { AuditEntry, Call, Decision } from "@twin/kernel"
import { decideByGates, deny, gate, pass } from "@twin/kernel"
import { type ContainerSettings, containerSettingsOf, labelOf, labelSetting } from "@twin/mip"
import { siteLine } from "./auditLines.ts"
import type { Site } from "./Site.ts"
import type { SpoEvent } from "./SpoEvent.ts"
import type { SpoWorld } from "./State.ts"
import type { SettingValue } from "./settings/SettingRow.ts"

interface ContainerFacets {
  readonly areContainerLabelsOn: boolean
  readonly label: "none" | "unknown" | "without-site-scope" | "for-sites"
  readonly isRootWithContext: boolean
}

const labelsOn = gate<ContainerFacets>()({
  name: "container-labels-enabled",
  facts: ["SPO-130", "SPO-141"],
  reads: ["areContainerLabelsOn"],
  check: ({ areContainerLabelsOn }) =>
    areContainerLabelsOn
      ? pass("Labels for groups and sites are enabled in the directory.")
      : deny(
          "Labels for groups and sites are not enabled in the directory.",
          {
            EnableMIPLabels: "False",
          },
          {
            message:
              "Sensitivity labels for groups and sites are not enabled for this organization.",
          },
        ),
})

const labelForSites = gate<ContainerFacets>()({
  name: "label-scope",
  facts: ["SPO-130", "SPO-131", "SPO-137"],
  reads: ["label", "isRootWithContext"],
  check: ({ label, isRootWithContext }) => {
    if (isRootWithContext) {
      return deny("The root site cannot ask for an authentication context.")
    }
    switch (label) {
      case "none":
        return pass("The label is taken off; what it has set stays until somebody changes it.")
      case "for-sites":
        return pass("The label can be put on groups and sites.")
      case "unknown":
        return deny(
          "There is no such label.",
          {},
          {
            message: "The sensitivity label specified was not found.",
          },
        )
      case "without-site-scope":
        return deny(
          "The label is not for groups and sites.",
          {},
          {
            message: "The sensitivity label is not valid for groups and sites.",
          },
        )
    }
  },
})

/** Whether a container label can be put on a site, or taken off. */
export const evaluateContainerLabel = (
  world: SpoWorld,
  site: Site,
  label: string | undefined,
): Decision => {
  const found = label === undefined ? undefined : labelOf(world, label)
  const settings = found === undefined ? undefined : containerSettingsOf(world, found.id)
  return decideByGates([labelsOn, labelForSites], {
    areContainerLabelsOn: world.spo.areContainerLabelsOn,
    label:
      label === undefined
        ? "none"
        : found === undefined
          ? "unknown"
          : settings === undefined
            ? "without-site-scope"
            : "for-sites",
    isRootWithContext: site.kind === "Root" && settings?.authenticationContext !== undefined,
  })
}

const scopeOf = {
  SpecificPeople: "SpecificPeople",
  Organization: "Organization",
  Anyone: "Anyone",
} as const

/** What applying the label writes to the container: from then on it is the site's own (SPO-132). */
const changesOf = (
  world: SpoWorld,
  labelId: string,
  settings: ContainerSettings,
): Readonly<Record<string, SettingValue>> => {
  const { defaultSharing: sharing } = settings
  const label = labelOf(world, labelId)
  const blocksDownload =
    label !== undefined && labelSetting(label, "BlockDownloadPolicy")?.toLowerCase() === "true"
  const context = settings.authenticationContext
  return {
    ...(settings.siteExternalSharingControlType === undefined
      ? {}
      : { SharingCapability: settings.siteExternalSharingControlType }),
    ...(context !== undefined
      ? { ConditionalAccessPolicy: "AuthenticationContext", AuthenticationContextName: context }
      : settings.unmanagedDevices === undefined
        ? {}
        : { ConditionalAccessPolicy: settings.unmanagedDevices }),
    ...(sharing.scope === undefined ? {} : { DefaultShareLinkScope: scopeOf[sharing.scope] }),
    ...(sharing.permission === undefined ? {} : { DefaultShareLinkRole: sharing.permission }),
    ...(sharing.toExistingAccess === undefined
      ? {}
      : { DefaultLinkToExistingAccess: sharing.toExistingAccess }),
    ...(settings.membersCanShare === undefined
      ? {}
      : { MembersCanShare: settings.membersCanShare }),
    ...(blocksDownload ? { BlockDownloadPolicy: true } : {}),
  }
}

/** Puts a label on a site; without one, takes it off and leaves the settings (SPO-134, SPO-148). */
export const containerLabelResult = (
  { world, now }: Pick<Call<SpoWorld>, "world" | "now">,
  site: Site,
  label: string | undefined,
): { readonly events: readonly SpoEvent[]; readonly audit: readonly AuditEntry[] } => {
  const found = label === undefined ? undefined : labelOf(world, label)
  const settings = found === undefined ? undefined : containerSettingsOf(world, found.id)
  const line = (operation: string): AuditEntry =>
    siteLine(operation, site.url, {
      SensitivityLabelId: found?.id ?? "",
      OldSensitivityLabelId: site.labelId ?? "",
    })
  if (found === undefined || settings === undefined) {
    return site.labelId === undefined
      ? { events: [], audit: [] }
      : {
          events: [{ _tag: "SiteLabelChanged", url: site.url, at: now }],
          audit: [line("SensitivityLabelRemoved")],
        }
  }
  const changes = changesOf(world, found.id, settings)
  const labelled: SpoEvent = {
    _tag: "SiteLabelChanged",
    url: site.url,
    labelId: found.id,
    ...(settings.privacy === undefined ? {} : { privacy: settings.privacy }),
    at: now,
  }
  return {
    events: [
      labelled,
      ...(Object.keys(changes).length === 0
        ? []
        : [{ _tag: "SiteSettingsChanged" as const, url: site.url, changes, at: now }]),
    ],
    audit: [
      line(site.labelId === undefined ? "SensitivityLabelApplied" : "SensitivityLabelUpdated"),
    ],
  }
}
