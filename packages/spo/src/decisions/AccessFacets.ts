import type { BlockAccessScope } from "../DriveItem.ts"
import type { FileType } from "../fileTypes.ts"
import type { DeviceAccess, LimitedFiles } from "../in-force/deviceAccess.ts"
import type { DomainVerdict } from "../in-force/domainLimit.ts"
import type { EffectiveCapability } from "../in-force/effectiveCapability.ts"
import type { Integration } from "../in-force/integration.ts"
import type { NetworkLocation } from "../in-force/networkLocation.ts"
import type { RouteKind, RouteRole } from "../Route.ts"
import type { SharingCapability } from "../SharingCapability.ts"
import type { LinkMember } from "../SharingLink.ts"
import type { VisitorKind } from "../Visitor.ts"

/**
 * What somebody wants to do with a file, or in a folder (`upload`). `copy` takes content out of an
 * open file.
 */
export type FileAction = "open" | "edit" | "download" | "print" | "copy" | "upload"

/**
 * One way of one person to one item, for one action: everything the access gates may look at. Small
 * values only, so that equal questions are recognised as equal.
 */
export interface AccessFacets {
  readonly action: FileAction

  // The thing and the way to it.
  readonly itemState: "present" | "recycled" | "site-recycled" | "missing"
  readonly itemKind: "file" | "folder"
  readonly fileType: FileType
  readonly route: RouteKind
  readonly role: RouteRole
  readonly linkState: "no-link" | "live" | "expired" | "removed" | "unknown"
  readonly password: "none" | "right" | "wrong" | "missing"
  readonly naming: "named" | "by-alias" | "not-named"
  readonly addedAs: LinkMember["addedAs"] | "none"

  // The person.
  readonly person: VisitorKind
  readonly codeAccess: Integration["forCodeRecipients"]
  /** Of somebody who proves an address by a code. */
  readonly proof: "fresh" | "none" | "reauthentication-due"
  /** May the maker of the link still share? Decides about guests on demand (SPO-111). */
  readonly canSharerStillShare: boolean

  // Tenant and site.
  readonly lockState: "Unlock" | "ReadOnly" | "NoAccess"
  readonly noAccessRedirect: string
  readonly level: SharingCapability
  readonly levelSetBy: EffectiveCapability["setBy"]
  readonly tenantDomain: DomainVerdict
  readonly siteDomain: DomainVerdict
  readonly areOrganizationLinksOn: boolean
  readonly tracksAnyoneUsers: boolean
  readonly network: NetworkLocation
  readonly device: "managed" | "unmanaged"
  readonly isBrowser: boolean
  readonly deviceAccess: DeviceAccess
  /** A Conditional Access policy with app enforced restrictions covers this person (SPO-211). */
  readonly isDeviceAccessEnforced: boolean
  readonly bindsAdHoc: boolean
  readonly isLimitedEditingOn: boolean
  readonly limitedFiles: LimitedFiles
  readonly authenticationContext: string
  readonly restrictedAccess: "off" | "inside" | "outside"
  readonly barriers: "off" | "open" | "group-member" | "not-in-group" | "segments"

  // The guest's stay, scanning, data loss prevention.
  readonly stay: "none" | "current" | "expired" | "removed"
  readonly scan: "not-sensitive" | "scanned" | "waiting" | "never-scanned"
  readonly dlpBlock: BlockAccessScope | "none"
  readonly isCloseToFile: boolean

  // Download.
  readonly blockDownloadFileTypes: "WebPreviewableFiles" | "ServerRenderedFilesOnly"
  readonly downloadPolicy: "off" | "exempt" | "browser-only" | "browser-only-read"
}
