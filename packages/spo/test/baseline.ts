import { type CryptoEvent, type CryptoServices, cryptoDomain } from "@twin/crypto"
import {
  assignedGroup,
  type Group,
  type IdentityEvent,
  identityDomain,
  memberUser,
  type Person,
  untouchedPolicy,
} from "@twin/identity"
import { compose, instant, type KernelEvent, kernelDomain } from "@twin/kernel"
import {
  type Label,
  type MipEvent,
  makeLabel,
  makeLabelEncryption,
  makeLabelPolicy,
  mipDomain,
  rightsOfLevel,
} from "@twin/mip"
import { type Site, type SpoEvent, type SpoWorld, spoDomain } from "../src/index.ts"

export type WorldEvent = KernelEvent | CryptoEvent | IdentityEvent | MipEvent | SpoEvent

const domains = [cryptoDomain, identityDomain, mipDomain, spoDomain]

/** Everything up to this package, as the tenant composes it. */
export const composition = compose<SpoWorld, WorldEvent, CryptoServices>([
  kernelDomain(domains.flatMap((it) => it.faults)),
  ...domains,
])

export const evolveAll = (world: SpoWorld, events: readonly WorldEvent[]): SpoWorld =>
  events.reduce(composition.evolve, world)

/** The moment at which stories begin: all sharing goes through Entra B2B. */
export const today = instant("2026-09-01T08:00:00Z")
/** The seed's time: SharePoint's own codes, no integration. */
export const inTheDaysOfCodes = instant("2019-03-01T08:00:00Z")
/** Integration by setting, codes still honoured. */
export const inTheDaysOfChoice = instant("2024-03-01T08:00:00Z")

export const contosoId = "c0000000-0000-4000-8000-000000000001"
export const fabrikamId = "f0000000-0000-4000-8000-000000000002"
export const userId = (name: string): string => `user-${name}`
export const groupId = (name: string): string => `group-${name.toLowerCase()}`
export const labelId = (name: string): string => `label-${name.toLowerCase().replaceAll(" ", "-")}`

export const longAgo = instant("2015-01-01")

const member = (name: string): IdentityEvent => ({
  _tag: "UserCreated",
  user: memberUser({
    id: userId(name),
    userPrincipalName: `${name}@contoso.com`,
    displayName: name,
    createdAt: longAgo,
  }),
})

const role = (name: string, held: string): IdentityEvent => ({
  _tag: "RoleAssigned",
  assignment: { principalId: userId(name), role: held, assignment: "active", from: longAgo },
})

export const outsider = (
  address: string,
  account: Person["account"],
  aliases: readonly string[] = [],
): IdentityEvent => ({
  _tag: "PersonAdded",
  person: {
    address,
    displayName: address,
    account,
    aliases: [...aliases],
    ...(account === "entra" ? { homeTenant: fabrikamId, objectId: `home-${address}` } : {}),
  },
})

/** A guest who has accepted already. */
export const guest = (address: string, issuer = "ExternalAzureAD"): IdentityEvent => ({
  _tag: "UserCreated",
  user: {
    ...memberUser({
      id: userId(address),
      userPrincipalName: `${address.replace("@", "_")}#EXT#@contoso.onmicrosoft.com`,
      displayName: address,
      mail: address,
    }),
    proxyAddresses: [`SMTP:${address}`],
    userType: "Guest",
    creationType: "Invitation",
    externalUserState: "Accepted",
    identities: [{ signInType: "federated", issuer }],
    invitedAddress: address,
  },
})

export const group = (name: string, more: Partial<Group> = {}): IdentityEvent => ({
  _tag: "GroupCreated",
  group: assignedGroup({
    id: groupId(name),
    displayName: name,
    mail: `${name.toLowerCase()}@contoso.com`,
    ...more,
  }),
})

export const joins = (name: string, memberId: string): IdentityEvent => ({
  _tag: "GroupMemberAdded",
  groupId: groupId(name),
  memberId,
  at: longAgo,
})

const people: readonly IdentityEvent[] = [
  {
    _tag: "OrganizationCreated",
    organization: {
      tenantId: contosoId,
      displayName: "Contoso",
      initialDomain: "contoso.onmicrosoft.com",
      verifiedDomains: ["contoso.com", "contoso.onmicrosoft.com"],
      createdAt: longAgo,
    },
  },
  {
    _tag: "ForeignOrganizationAdded",
    organization: {
      tenantId: fabrikamId,
      displayName: "Fabrikam",
      initialDomain: "fabrikam.onmicrosoft.com",
      verifiedDomains: ["fabrikam.com"],
      crossTenantAccess: untouchedPolicy,
    },
  },
  ...["alice", "bob", "carol", "erin", "mallory", "grace", "ivan", "judy"].map(member),
  role("grace", "SharePoint Administrator"),
  role("ivan", "Global Administrator"),
  role("judy", "Compliance Administrator"),
  outsider("nina@fabrikam.com", "entra", ["nina.alias@fabrikam.com"]),
  outsider("oscar@fabrikam.com", "entra"),
  outsider("zoe@outlook.com", "microsoft-account", ["zoe.alias@outlook.com"]),
  outsider("gus@gmail.com", "google"),
  outsider("pat@mailbox.example", "mail-only"),
  group("Launch", { groupTypes: ["Unified"], owners: [userId("alice")] }),
  joins("Launch", userId("alice")),
  joins("Launch", userId("bob")),
  group("Finance"),
  joins("Finance", userId("alice")),
]

export const launch = "https://contoso.sharepoint.com/sites/launch"
export const finance = "https://contoso.sharepoint.com/sites/finance"
export const oneDrive = "https://contoso-my.sharepoint.com/personal/alice_contoso_com"

export const site = (
  url: string,
  kind: Site["kind"],
  more: Partial<Site> & { readonly level?: string } = {},
): SpoEvent => {
  const { level = "ExternalUserAndGuestSharing", requested = {}, ...rest } = more
  return {
    _tag: "SiteCreated",
    site: {
      url,
      title: url.slice(url.lastIndexOf("/") + 1),
      kind,
      owner: "alice@contoso.com",
      admins: ["alice@contoso.com"],
      assignments: [],
      createdAt: longAgo,
      ...rest,
      requested: { SharingCapability: level, ...requested },
    },
  }
}

/** Launch is a team site open to anyone; Finance keeps to itself; and alice has a OneDrive. */
const sites: readonly SpoEvent[] = [
  site(launch, "GroupConnected", { groupId: groupId("Launch") }),
  site(finance, "TeamNoGroup", {
    level: "Disabled",
    assignments: [{ kind: "group", principal: groupId("Finance"), level: "Edit" }],
  }),
  site(oneDrive, "OneDrive"),
]

const label = (name: string, priority: number, more: Partial<Label> = {}): Label =>
  makeLabel({ id: labelId(name), name, priority, ...more })

/** Public to Secret for files; Partner Site and Closed Site for sites. */
export const labels: readonly Label[] = [
  label("Public", 0),
  label("General", 1, { advancedSettings: { defaultsharingscope: "SpecificPeople" } }),
  label("Confidential", 2, {
    encryption: makeLabelEncryption({
      protectionType: "Template",
      templateId: "template-confidential",
      grants: [
        { who: "contoso.com", rights: rightsOfLevel("Editor") },
        { who: "fabrikam.com", rights: rightsOfLevel("Viewer") },
      ],
    }),
  }),
  label("Expiring", 3, {
    encryption: makeLabelEncryption({
      protectionType: "Template",
      templateId: "template-expiring",
      contentExpiry: { _tag: "AfterDays", days: 30 },
      grants: [{ who: "contoso.com", rights: rightsOfLevel("Editor") }],
    }),
  }),
  label("Personal", 5, {
    encryption: makeLabelEncryption({ protectionType: "UserDefined", promptUser: true }),
  }),
  label("Closed Site", 4, {
    contentTypes: ["Site", "UnifiedGroup"],
    container: {
      isEnabled: true,
      privacy: "Private",
      siteExternalSharingControlType: "Disabled",
      allowLimitedAccess: true,
    },
    advancedSettings: {
      memberscanshare: "MemberShareNone",
      defaultsharingscope: "SpecificPeople",
      blockdownloadpolicy: "true",
    },
  }),
]

const publishing: readonly MipEvent[] = [
  ...labels.map((it): MipEvent => ({ _tag: "LabelCreated", label: it })),
  {
    _tag: "LabelPolicyCreated",
    policy: makeLabelPolicy({
      id: "policy-global",
      name: "Global",
      labels: labels.map(({ id }) => id),
    }),
  },
]

export const baseline: readonly WorldEvent[] = [...people, ...publishing, ...sites]

/** The usual starting point, without services: enough for decisions. */
export const baseWorld: SpoWorld = evolveAll(composition.initial, baseline)
