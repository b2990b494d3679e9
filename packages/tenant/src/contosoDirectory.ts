import {
  assignedGroup,
  type Group,
  type IdentityEvent,
  memberUser,
  microsoftAccountTenantId,
  type Person,
  untouchedPolicy,
} from "@twin/identity"
import { makeDraw } from "@twin/kernel"
import { addressOf, groups, members, outsiders } from "./contosoPeople.ts"
import { familyNames, madeUpPeople } from "./madeUpPeople.ts"

export interface DirectoryOptions {
  readonly seed: string
  /** Epoch milliseconds. */
  readonly now: number
  /** Members besides the named ones. */
  readonly people: number
}

interface Member {
  readonly address: string
  readonly displayName: string
  readonly department: string
  readonly jobTitle: string
  readonly roles: readonly string[]
}

/** The tenant id of Contoso: another one for each seed. */
export const contosoTenantId = (seed: string): string =>
  makeDraw(`${seed}/directory`).guid("organisation contoso")

/** Everything about people: the organisation, its members and groups, the partner, the outsiders. */
export const directoryEvents = ({ seed, now, people }: DirectoryOptions): IdentityEvent[] => {
  const { guid } = makeDraw(`${seed}/directory`)
  const contosoId = contosoTenantId(seed)
  const fabrikamId = guid("organisation fabrikam")
  const names = familyNames(seed, now, members.length + outsiders.length)
  const named = members.map(
    ({ name, ...rest }, index): Member => ({
      ...rest,
      address: addressOf(name),
      displayName: `${name} ${names[index] ?? ""}`,
    }),
  )
  const madeUp = madeUpPeople(seed, now, people).map(
    (it): Member => ({
      address: `${it.alias}@contoso.com`,
      displayName: `${it.firstName} ${it.lastName}`,
      department: it.department,
      jobTitle: it.jobTitle,
      roles: [],
    }),
  )
  const userId = (address: string) => guid(`user ${address}`)
  return [
    {
      _tag: "OrganizationCreated",
      organization: {
        tenantId: contosoId,
        displayName: "Contoso",
        initialDomain: "contoso.onmicrosoft.com",
        verifiedDomains: ["contoso.com", "contoso.onmicrosoft.com"],
        createdAt: now,
      },
    },
    {
      _tag: "ForeignOrganizationAdded",
      organization: {
        tenantId: fabrikamId,
        displayName: "Fabrikam",
        initialDomain: "fabrikam.onmicrosoft.com",
        verifiedDomains: ["fabrikam.com", "fabrikam.onmicrosoft.com"],
        crossTenantAccess: untouchedPolicy,
      },
    },
    ...[...named, ...madeUp].flatMap((it) => memberEvents(it, userId(it.address), contosoId, now)),
    ...outsiders.map((it, index): IdentityEvent => {
      const home = { entra: fabrikamId, "microsoft-account": microsoftAccountTenantId } as const
      const { account, address, name } = it
      const person: Person = {
        address,
        displayName: `${name} ${names[members.length + index] ?? ""}`,
        account,
        aliases: [],
        accountEnabled: true,
        ...(account === "entra" || account === "microsoft-account"
          ? { homeTenant: home[account], objectId: guid(`person ${address}`) }
          : {}),
      }
      return { _tag: "PersonAdded", person }
    }),
    ...groups.flatMap((it) =>
      groupEvents(it, guid(`group ${it.name}`), (name) => userId(addressOf(name)), now),
    ),
  ]
}

const memberEvents = (
  { address, displayName, department, jobTitle, roles }: Member,
  id: string,
  homeTenant: string,
  now: number,
): IdentityEvent[] => [
  {
    _tag: "PersonAdded",
    person: {
      address,
      displayName,
      account: "entra",
      homeTenant,
      aliases: [],
      accountEnabled: true,
      objectId: id,
      mfaMethods: ["authenticatorPush"],
    },
  },
  {
    _tag: "UserCreated",
    user: memberUser({
      id,
      userPrincipalName: address,
      displayName,
      profile: { department, jobTitle },
      mfaMethods: ["authenticatorPush"],
      createdAt: now,
    }),
  },
  ...roles.map(
    (role): IdentityEvent => ({
      _tag: "RoleAssigned",
      assignment: { principalId: id, role, assignment: "active", from: now },
    }),
  ),
]

const groupEvents = (
  it: (typeof groups)[number],
  id: string,
  idOf: (name: string) => string,
  now: number,
): IdentityEvent[] => {
  const flags: Partial<Group> =
    it.kind === "microsoft-365"
      ? { groupTypes: ["Unified"], securityEnabled: false, visibility: "Private" }
      : {}
  return [
    {
      _tag: "GroupCreated",
      group: assignedGroup({ id, displayName: it.name, mail: it.mail, createdAt: now, ...flags }),
    },
    ...it.members.map(
      (name): IdentityEvent => ({
        _tag: "GroupMemberAdded",
        groupId: id,
        memberId: idOf(name),
        at: now,
      }),
    ),
  ]
}
