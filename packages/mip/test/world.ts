import { type CryptoEvent, type CryptoServices, cryptoDomain } from "@twin/crypto"
import {
  assignedGroup,
  type DirectoryUser,
  type Group,
  type IdentityEvent,
  identityDomain,
  memberUser,
  microsoftAccountTenantId,
  type Person,
  untouchedPolicy,
} from "@twin/identity"
import { type Actor, type Client, compose, type KernelEvent, kernelDomain } from "@twin/kernel"
import {
  type Label,
  type LabelEncryption,
  type MipEvent,
  type MipWorld,
  makeLabel,
  makeLabelEncryption,
  makeLabelPolicy,
  mipDomain,
  rightsOfLevel,
} from "../src/index.ts"

export type WorldEvent = KernelEvent | CryptoEvent | IdentityEvent | MipEvent

const domains = [cryptoDomain, identityDomain, mipDomain]

/** Everything up to this package, as the tenant composes it. */
export const composition = compose<MipWorld, WorldEvent, CryptoServices>([
  kernelDomain(domains.flatMap((it) => it.faults)),
  ...domains,
])

export const evolveAll = (world: MipWorld, events: readonly WorldEvent[]): MipWorld =>
  events.reduce(composition.evolve, world)

export const start = Date.UTC(2026, 8, 1, 8)
export const contosoId = "c0000000-0000-4000-8000-000000000001"
export const fabrikamId = "f0000000-0000-4000-8000-000000000001"

export const userIdOf = (name: string): string =>
  `a0000000-0000-4000-8000-${Buffer.from(name).toString("hex").padStart(12, "0").slice(0, 12)}`

export const member = (name: string, more: Partial<DirectoryUser> = {}): IdentityEvent => ({
  _tag: "UserCreated",
  user: memberUser({
    id: userIdOf(name),
    userPrincipalName: `${name}@contoso.com`,
    displayName: name,
    ...more,
  }),
})

export const person = (
  address: string,
  account: Person["account"],
  more: Partial<Person> = {},
): IdentityEvent => ({
  _tag: "PersonAdded",
  person: {
    address,
    displayName: address,
    account,
    aliases: [],
    ...(account === "entra" ? { homeTenant: fabrikamId } : {}),
    ...(account === "microsoft-account" ? { homeTenant: microsoftAccountTenantId } : {}),
    ...more,
  },
})

export const guest = (address: string, issuer = "ExternalAzureAD"): IdentityEvent => ({
  _tag: "UserCreated",
  user: {
    ...memberUser({
      id: userIdOf(address),
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
    id: groupIdOf(name),
    displayName: name,
    mail: `${name.toLowerCase()}@contoso.com`,
    ...more,
  }),
})

export const groupIdOf = (name: string): string =>
  `b0000000-0000-4000-8000-${Buffer.from(name).toString("hex").padStart(12, "0").slice(0, 12)}`

export const joins = (groupName: string, memberId: string, at = start): IdentityEvent => ({
  _tag: "GroupMemberAdded",
  groupId: groupIdOf(groupName),
  memberId,
  at,
})

export const leaves = (groupName: string, memberId: string, at = start): IdentityEvent => ({
  _tag: "GroupMemberRemoved",
  groupId: groupIdOf(groupName),
  memberId,
  at,
})

/** Members alice to erin and mallory, partner nina, outsiders with each kind of account. */
export const people: readonly IdentityEvent[] = [
  {
    _tag: "OrganizationCreated",
    organization: {
      tenantId: contosoId,
      displayName: "Contoso",
      initialDomain: "contoso.onmicrosoft.com",
      verifiedDomains: ["contoso.com", "contoso.onmicrosoft.com"],
      createdAt: start,
    },
  },
  {
    _tag: "ForeignOrganizationAdded",
    organization: {
      tenantId: fabrikamId,
      displayName: "Fabrikam",
      initialDomain: "fabrikam.onmicrosoft.com",
      verifiedDomains: ["fabrikam.com", "fabrikam.co.uk", "fabrikam.onmicrosoft.com"],
      crossTenantAccess: untouchedPolicy,
    },
  },
  ...["alice", "bob", "carol", "dave", "erin", "ivan", "judy", "mallory"].map((it) => member(it)),
  person("nina@fabrikam.com", "entra"),
  person("oscar@fabrikam.co.uk", "entra"),
  person("zoe@outlook.com", "microsoft-account"),
  person("gus@gmail.com", "google"),
  person("pat@mailbox.example", "mail-only"),
  group("Finance"),
  group("Partners"),
  joins("Finance", userIdOf("alice")),
]

export const labelId = (name: string): string =>
  `1abe1000-0000-4000-8000-${Buffer.from(name).toString("hex").padStart(12, "0").slice(-12)}`
export const templateId = (name: string): string =>
  `7e41a7e0-0000-4000-8000-${Buffer.from(name).toString("hex").padStart(12, "0").slice(-12)}`

export const label = (
  name: string,
  priority: number,
  encryption?: Partial<LabelEncryption> & Pick<LabelEncryption, "protectionType">,
  more: Partial<Label> = {},
): Label =>
  makeLabel({
    id: labelId(name),
    name,
    priority,
    ...(encryption === undefined
      ? {}
      : {
          encryption: makeLabelEncryption({
            ...(encryption.protectionType === "Template" ? { templateId: templateId(name) } : {}),
            ...encryption,
          }),
        }),
    ...more,
  })

/** The labels that the tests use, lowest first. */
export const labels: readonly Label[] = [
  label("Public", 0),
  label("General", 1),
  label("Unrestricted", 2, { protectionType: "RemoveProtection" }),
  label("Confidential", 3, {
    protectionType: "Template",
    grants: [
      { who: "contoso.com", rights: rightsOfLevel("Editor") },
      { who: "partners@contoso.com", rights: rightsOfLevel("Viewer") },
    ],
  }),
  label("Personal", 4, {
    protectionType: "UserDefined",
    doNotForward: true,
    promptUser: true,
  }),
  label("Secret", 5, {
    protectionType: "Template",
    grants: [{ who: "finance@contoso.com", rights: rightsOfLevel("Editor") }],
    offlineAccessDays: 0,
  }),
]

/** Labels, and one policy that publishes all of them to everybody. */
export const publishing = (
  these: readonly Label[] = labels,
  settings: Readonly<Record<string, string>> = {},
): readonly MipEvent[] => [
  ...these.map((it): MipEvent => ({ _tag: "LabelCreated", label: it })),
  {
    _tag: "LabelPolicyCreated",
    policy: makeLabelPolicy({
      id: "9011c900-0000-4000-8000-000000000001",
      name: "Global",
      labels: these.map(({ id }) => id),
      settings,
    }),
  },
]

/** The usual starting point: people, labels, policy. */
export const baseline: MipWorld = evolveAll(composition.initial, [...people, ...publishing()])

export const onDesktop: Client = {
  app: "office-desktop",
  device: "managed",
  ipAddress: "203.0.113.10",
}
export const client = (app: Client["app"]): Client => ({ ...onDesktop, app })

export const actor = (id: string, app: Client["app"] = "office-desktop"): Actor => ({
  id,
  kind: id.endsWith("@contoso.com") ? "member" : "external",
  roles: [],
  client: client(app),
})

export const plaintext: Uint8Array = Buffer.from("The offer is 4.2 million.")

export const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8")
