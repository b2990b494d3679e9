import type { Site } from "../Site.ts"
import { type SpoWorld, siteSetting, tenantSetting } from "../State.ts"

export type DeviceAccess =
  | "AllowFullAccess"
  | "AllowLimitedAccess"
  | "BlockAccess"
  | "AuthenticationContext"

const byRank: readonly DeviceAccess[] = ["AllowFullAccess", "AllowLimitedAccess", "BlockAccess"]

/**
 * What unmanaged devices may do here: the stricter of tenant and site (SPO-136, SPO-210). An
 * authentication context is another kind of rule, and the tenant's limit goes on beside it.
 */
export const deviceAccessOf = (world: SpoWorld, site: Site): DeviceAccess => {
  const tenant = tenantSetting(world, "ConditionalAccessPolicy")
  const own = siteSetting(site, "ConditionalAccessPolicy")
  return byRank.indexOf(own) > byRank.indexOf(tenant) ? own : tenant
}

/** The context that people must have met to reach this site; empty where there is none (SPO-137). */
export const authenticationContextOf = (site: Site): string =>
  siteSetting(site, "ConditionalAccessPolicy") === "AuthenticationContext"
    ? siteSetting(site, "AuthenticationContextName") || "unnamed"
    : ""

/** Whether limited access still lets people edit in the browser (SPO-212). */
export const isLimitedEditingOn = (world: SpoWorld, site: Site): boolean =>
  tenantSetting(world, "AllowEditing") &&
  siteSetting(site, "AllowEditing") &&
  !siteSetting(site, "ReadOnlyForUnmanagedDevices")

export type LimitedFiles = "OfficeOnlineFilesOnly" | "WebPreviewableFiles" | "OtherFiles"

const limitedByRank: readonly LimitedFiles[] = [
  "OfficeOnlineFilesOnly",
  "WebPreviewableFiles",
  "OtherFiles",
]

/** Which files limited access opens: the stricter of tenant and, where it is set, site (SPO-212). */
export const limitedAccessFiles = (world: SpoWorld, site: Site): LimitedFiles => {
  const tenant = tenantSetting(world, "LimitedAccessFileType")
  if (!Object.hasOwn(site.requested, "LimitedAccessFileType")) return tenant
  const own = siteSetting(site, "LimitedAccessFileType")
  return limitedByRank.indexOf(own) < limitedByRank.indexOf(tenant) ? own : tenant
}

/** Which files a link that blocks download may open: the stricter of tenant and site (SPO-026). */
export const blockDownloadFileTypes = (
  world: SpoWorld,
  site: Site,
): "WebPreviewableFiles" | "ServerRenderedFilesOnly" =>
  [
    tenantSetting(world, "BlockDownloadLinksFileType"),
    siteSetting(site, "BlockDownloadLinksFileType"),
  ].includes("ServerRenderedFilesOnly")
    ? "ServerRenderedFilesOnly"
    : "WebPreviewableFiles"
