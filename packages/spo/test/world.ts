import { type CryptoEvent, type CryptoServices, cryptoDomain, memoryServices } from "@twin/crypto"
import {
  assignedGroup,
  type Group,
  type IdentityEvent,
  identityDomain,
  memberUser,
  type Person,
  rolesOf,
  untouchedPolicy,
  userOf,
} from "@twin/identity"
import {
  type Actor,
  type CallResult,
  type Client,
  compose,
  type Decision,
  decidingGate,
  defaultClient,
  instant,
  type JournalRecord,
  type KernelEvent,
  kernelDomain,
  type Mail,
  mailboxOf,
  makeDraw,
  makeSimulation,
  type Simulation,
} from "@twin/kernel"
import {
  type Label,
  type MipEvent,
  makeLabel,
  makeLabelEncryption,
  makeLabelPolicy,
  mipDomain,
  rightsOfLevel,
} from "@twin/mip"
import { Effect } from "effect"
import {
  type Access,
  type DriveItem,
  evaluateAccess,
  evaluateShare,
  type FileAction,
  itemOf,
  type Share,
  type ShareRequest,
  type SharingLink,
  type Site,
  siteOf,
  type SpoEvent,
  spoDomain,
  type SpoWorld,
} from "../src/index.ts"

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

const longAgo = instant("2015-01-01")

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
  label("Closed Site", 4, {
    contentTypes: ["Site", "UnifiedGroup"],
    container: {
      isEnabled: true,
      privacy: "Private",
      siteExternalSharingControlType: "Disabled",
      allowLimitedAccess: true,
    },
    advancedSettings: { memberscanshare: "MemberShareNone", defaultsharingscope: "SpecificPeople" },
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

export const addressOf = (who: string): string => (who.includes("@") ? who : `${who}@contoso.com`)

export const actorOf = (
  world: SpoWorld,
  who: string,
  now: number,
  client: Partial<Client> = {},
): Actor => {
  const id = addressOf(who)
  const user = userOf(world, id)
  return {
    id: who === "anonymous" ? "anonymous" : id,
    kind:
      who === "anonymous"
        ? "anonymous"
        : user === undefined
          ? "external"
          : user.userType === "Guest"
            ? "guest"
            : "member",
    roles: [...rolesOf(world, id, now)],
    client: { ...defaultClient, ...client },
  }
}

export interface Lab {
  readonly simulation: Simulation<SpoWorld, WorldEvent, CryptoServices>
  /** Acts as somebody by first name or address (or `anonymous`), with the roles in force now. */
  readonly as: (
    who: string,
    operation: string,
    params?: unknown,
    client?: Partial<Client>,
  ) => Effect.Effect<CallResult>
  /** The same, and it has to be allowed. */
  readonly does: Lab["as"]
  readonly world: Effect.Effect<SpoWorld>
  readonly now: Effect.Effect<number>
  readonly records: Effect.Effect<readonly JournalRecord[]>
  readonly mailbox: (owner: string) => Effect.Effect<readonly Mail[]>
  readonly wait: (millis: number) => Effect.Effect<readonly JournalRecord[]>
  readonly fault: (name: string, on?: boolean) => Effect.Effect<unknown>
  readonly given: (...events: readonly WorldEvent[]) => Effect.Effect<unknown>
  /** Grace changes the tenant. */
  readonly tenant: (params: Readonly<Record<string, unknown>>) => Effect.Effect<CallResult>
  /** Grace changes a site. */
  readonly site: (
    identity: string,
    params: Readonly<Record<string, unknown>>,
  ) => Effect.Effect<CallResult>
}

/** A tenant that runs, from the given moment on. */
export const makeLab = (
  options: {
    readonly start?: number
    readonly seed?: string
    readonly events?: readonly WorldEvent[]
  } = {},
): Effect.Effect<Lab> =>
  Effect.gen(function* () {
    const simulation = yield* makeSimulation({
      composition,
      seed: options.seed ?? "spo",
      services: yield* memoryServices,
      start: options.start ?? today,
    })
    yield* simulation.establish("baseline", [...baseline, ...(options.events ?? [])])
    const as: Lab["as"] = (who, operation, params = {}, client = {}) =>
      Effect.gen(function* () {
        const actor = actorOf(yield* simulation.world, who, yield* simulation.now, client)
        return yield* simulation.call(actor, operation, params)
      }).pipe(Effect.orDie)
    const does: Lab["as"] = (who, operation, params = {}, client = {}) =>
      Effect.map(as(who, operation, params, client), (result) => {
        if (result.decision.outcome === "allow") return result
        throw new Error(`${who} cannot ${operation}: ${explained(result.decision)}`)
      })
    return {
      simulation,
      as,
      does,
      world: simulation.world,
      now: simulation.now,
      records: Effect.orDie(simulation.records),
      mailbox: (owner) =>
        Effect.gen(function* () {
          return mailboxOf(yield* simulation.mails, addressOf(owner), yield* simulation.now)
        }).pipe(Effect.orDie),
      wait: (millis) => Effect.orDie(simulation.advance(millis)),
      fault: (name, on = true) => does("ivan", "switch-fault", { fault: name, on }),
      given: (...events) => Effect.orDie(simulation.establish("given", events)),
      tenant: (params) => does("grace", "Set-SPOTenant", params),
      site: (Identity, params) => does("grace", "Set-SPOSite", { Identity, ...params }),
    } satisfies Lab
  }).pipe(Effect.orDie)

const explained = (decision: Decision): string => {
  const { name, reason, details } = decidingGate(decision)
  return `${decision.outcome} at ${name}: ${reason} ${JSON.stringify(details)}`
}

/** Outcome and deciding gate in one string: what a test asserts about a decision. */
export const verdict = ({ decision }: Pick<CallResult, "decision">): string =>
  decision.outcome === "allow" ? "allow" : `${decision.outcome} at ${decidingGate(decision).name}`

/** The last mail of a kind in somebody's mailbox. */
export const lastMail = (mails: readonly Mail[], kind: Mail["kind"]): Mail | undefined =>
  mails.findLast((it) => it.kind === kind)

/** A property of the first row that an operation answered. */
export const first = (result: CallResult, name: string): string => String(result.output[0]?.[name])

/** Names of the audit records that a call wrote. */
export const audited = ({ record }: CallResult): readonly string[] =>
  (record?.audit ?? []).map(({ Operation }) => Operation)

export const refusal = ({ decision }: Pick<CallResult, "decision">) =>
  decidingGate(decision).refusal

/** A plain stored file, without bytes behind it: enough for decisions. */
export const file = (
  path: string,
  o: { readonly site?: string; readonly id?: string } & Partial<
    Omit<DriveItem, "site" | "path" | "id">
  > = {},
): readonly WorldEvent[] => {
  const { site: url = launch, id = path, ...more } = o
  const objectId = `${id}/v1`
  return [
    {
      _tag: "ObjectStored",
      objectId,
      workload: "SharePoint",
      container: url,
      keyId: "site-key",
      sizeBytes: 3,
      chunks: 1,
      newChunks: 1,
    },
    {
      _tag: "ItemCreated",
      item: {
        id,
        site: url,
        path: path.includes("/") ? path : `Shared Documents/${path}`,
        kind: "file",
        createdBy: "alice@contoso.com",
        createdAt: longAgo,
        modifiedBy: "alice@contoso.com",
        modifiedAt: longAgo,
        content: {
          version: 1,
          objectId,
          size: 3,
          sha256: "0".repeat(64),
          processing: "readable",
          infoTypes: [],
        },
        scan: { isNewAndSensitive: false, matches: [], isOverridden: false },
        grants: [],
        hasUniquePermissions: false,
        ...more,
      },
    },
  ]
}

/** An empty folder. */
export const folder = (path: string, url = launch): SpoEvent => ({
  _tag: "ItemCreated",
  item: {
    id: path,
    site: url,
    path,
    kind: "folder",
    createdBy: "alice@contoso.com",
    createdAt: longAgo,
    modifiedBy: "alice@contoso.com",
    modifiedAt: longAgo,
    grants: [],
    hasUniquePermissions: false,
  },
})

/** A link to a file; `id` is its token as well. */
export const linkTo = (
  itemId: string,
  scope: SharingLink["scope"],
  more: Partial<SharingLink> = {},
): SpoEvent => ({
  _tag: "LinkCreated",
  link: {
    id: `link-${scope}`,
    token: more.id ?? `link-${scope}`,
    itemId,
    scope,
    role: "view",
    createdBy: "alice@contoso.com",
    createdAt: longAgo,
    members: [],
    redeemedBy: [],
    sentTo: [],
    ...more,
  },
})

export const settings = (
  changes: Readonly<Record<string, string | number | boolean | readonly string[]>>,
): SpoEvent => ({
  _tag: "TenantSettingsChanged",
  changes,
  at: longAgo,
})

export const siteSettings = (
  url: string,
  changes: Readonly<Record<string, string | number | boolean | readonly string[]>>,
): SpoEvent => ({ _tag: "SiteSettingsChanged", url, changes, at: longAgo })

/** The usual world after some events. */
export const worldWith = (...events: readonly (WorldEvent | readonly WorldEvent[])[]): SpoWorld =>
  evolveAll(baseWorld, events.flat() as readonly WorldEvent[])

/** One question about a file: who, what, when, by which link. */
export const asks = (
  world: SpoWorld,
  who: string,
  o: {
    readonly action?: FileAction
    readonly file?: string
    readonly token?: string
    readonly password?: string
    readonly now?: number
    readonly client?: Partial<Client>
  } = {},
): Access => {
  const now = o.now ?? today
  return evaluateAccess(
    { world, actor: actorOf(world, who, now, o.client), now },
    {
      item: itemOf(world, o.file ?? "Plan.docx"),
      action: o.action ?? "open",
      ...(o.token === undefined ? {} : { token: o.token }),
      ...(o.password === undefined ? {} : { password: o.password }),
    },
  )
}

/** One attempt at sharing, without carrying it out. */
export const shares = (
  world: SpoWorld,
  who: string,
  o: Partial<ShareRequest> & { readonly file?: string; readonly now?: number } = {},
): Share => {
  const { file: name = "Plan.docx", now = today, ...request } = o
  const item = itemOf(world, name)
  const place = item === undefined ? undefined : siteOf(world, item.site)
  if (item === undefined || place === undefined) throw new Error(`no file ${name}`)
  const call = { world, actor: actorOf(world, who, now), now, draw: makeDraw("share") }
  return evaluateShare(call, {
    site: place,
    ...(request.scope === "site" ? {} : { item }),
    scope: "users",
    role: "view",
    to: [],
    ...request,
  })
}

/** Whether a decision's gates were asked in this order, others in between. */
export const asked = (decision: Decision): readonly string[] =>
  decision.gates.map(({ name }) => name)
