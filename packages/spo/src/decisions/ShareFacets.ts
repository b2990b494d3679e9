import type { DomainVerdict } from "../in-force/domainLimit.ts"
import type { EffectiveCapability } from "../in-force/effectiveCapability.ts"
import type { RouteRole } from "../Route.ts"
import type { SharingCapability } from "../SharingCapability.ts"
import type { LinkRole, LinkScope } from "../SharingLink.ts"
import type { VisitorKind } from "../Visitor.ts"
import type { AccessFacets } from "./AccessFacets.ts"

/** Whom something is shared with; `new-guest` is outside and has no directory object yet. */
export type RecipientKind = "none" | "member" | "guest" | "new-guest"

/** Where the sharer stands against the two lists of security groups (SPO-073). */
export type GroupLimit = "no-list" | "in-anyone-list" | "in-guest-list" | "in-no-list"

/** One gesture of sharing with one recipient: everything the share gates may look at. */
export interface ShareFacets {
  readonly caller: VisitorKind
  readonly what: "file" | "folder" | "site"
  readonly itemState: AccessFacets["itemState"]
  readonly lockState: "Unlock" | "ReadOnly" | "NoAccess"

  // May the sharer share?
  readonly heldRole: RouteRole
  readonly isOneDrive: boolean
  readonly ownsItem: boolean
  readonly membersCanShare: "MemberShareAll" | "MemberShareFileAndFolder" | "MemberShareNone"
  readonly odbMembersCanShare: "On" | "Off" | "Unspecified"
  readonly areAccessRequestsOn: boolean
  readonly isResharingPrevented: boolean

  readonly barriers: AccessFacets["barriers"]

  // The kind of link, and the level.
  readonly scope: LinkScope | "site"
  readonly recipient: RecipientKind
  readonly level: SharingCapability
  readonly levelSetBy: EffectiveCapability["setBy"]
  readonly isSharedChannel: boolean
  readonly areOrganizationLinksOn: boolean
  readonly errorUrl: string

  // The recipient from outside.
  readonly groupLimit: GroupLimit
  readonly hasAnyoneList: boolean
  readonly tenantDomain: DomainVerdict
  readonly siteDomain: DomainVerdict
  readonly restrictedAccess: "off" | "sharing-free" | "recipient-inside" | "recipient-outside"

  // Role and expiry.
  readonly role: LinkRole
  readonly anyoneRoleCap: "View" | "ViewUpload" | "Edit"
  readonly areRequestLinksOn: boolean
  readonly hasPassword: boolean
  readonly isGraph: boolean
  readonly expiry: "none" | "ahead" | "past" | "beyond-maximum"
  readonly maxDays: number
}
