import { assignGroupPolicy, type CryptoEvent, type CryptoServices } from "@twin/crypto"
import {
  andThen,
  type Call,
  type OutputObject,
  operation,
  type Refusal,
  type Ruling,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import { normalizeAddress } from "../Address.ts"
import { evaluateExchangeGroup } from "../decisions/evaluateExchangeGroup.ts"
import { allGroups, contactOf, groupOf, userOf } from "../directory.ts"
import { assignedGroup, type Group, GroupVisibility, groupKindOf } from "../Group.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { welcomeMail } from "../welcomeMail.ts"
import { auditLine } from "./auditLine.ts"
import { addressFor } from "./groups.ts"

const managers: readonly string[] = [
  roles.exchangeAdministrator,
  roles.groupsAdministrator,
  roles.globalAdministrator,
]

/** Exchange shows an admin only the cmdlets of the own roles. */
const noSuchCommand = (name: string): Refusal => ({
  code: "CommandNotFoundException",
  message: `The term '${name}' is not recognized as a name of a cmdlet, function, script file, or executable program.`,
})

const text = (description: string) => Schema.optionalKey(Schema.String.annotate({ description }))
const names = (description: string) =>
  Schema.optionalKey(Schema.Array(Schema.NonEmptyString).annotate({ description }))
const Identity = Schema.NonEmptyString.annotate({
  description: "Name, alias, address or id of the group",
})
const AccessType = Schema.optionalKey(
  GroupVisibility.pick(["Public", "Private"]).annotate({ description: "Public, or Private" }),
)

const nicknameOf = (name: string): string => name.replaceAll(/[^A-Za-z0-9._-]/g, "")

const recipientId = (world: IdentityWorld, name: string): string =>
  (userOf(world, name) ?? contactOf(world, name) ?? groupOf(world, name))?.id ?? name

const row = (group: Group): OutputObject => ({
  Name: group.displayName,
  DisplayName: group.displayName,
  Alias: group.mailNickname,
  PrimarySmtpAddress: group.mail ?? null,
  ExternalDirectoryObjectId: group.id,
  ...(groupKindOf(group) === "microsoft-365"
    ? {
        AccessType: group.visibility === "Public" ? "Public" : "Private",
        HiddenGroupMembershipEnabled: group.visibility === "HiddenMembership",
        WelcomeMessageEnabled: group.welcomeMessageEnabled !== false,
      }
    : { GroupType: group.securityEnabled ? "Universal, SecurityEnabled" : "Universal" }),
})

const DataEncryptionPolicy = Schema.optionalKey(
  Schema.NullOr(Schema.String).annotate({
    description: "Policy for the mailbox of the group, by name or GUID; $null takes it away",
  }),
)

type GroupRuling = Ruling<IdentityEvent | CryptoEvent>
type GroupEffect = Effect.Effect<GroupRuling, never, CryptoServices>

/** The mailbox of the group hangs on a data encryption policy where one is named (CRY-071). */
const withPolicy = Effect.fnUntraced(function* (
  call: Call<IdentityWorld>,
  o: {
    readonly cmdlet: string
    readonly identity: string
    readonly policy: string | null | undefined
  },
  ruling: GroupRuling,
): Effect.fn.Return<GroupRuling, never, CryptoServices> {
  if (o.policy === undefined) return ruling
  const assigned = yield* assignGroupPolicy(call, o)
  const decision = andThen(ruling.decision, () => assigned.decision)
  return decision.outcome === "allow"
    ? {
        ...ruling,
        decision,
        events: [...(ruling.events ?? []), ...(assigned.events ?? [])],
        audit: [...(ruling.audit ?? []), ...(assigned.audit ?? [])],
      }
    : { decision }
})

const joined = (
  call: Call<IdentityWorld>,
  group: Group,
  members: readonly string[],
): Pick<Ruling<IdentityEvent>, "events" | "mail"> => {
  const ids = [...new Set(members.map((it) => recipientId(call.world, it)))]
  return {
    events: ids.map((memberId) => ({
      _tag: "GroupMemberAdded" as const,
      groupId: group.id,
      memberId,
      at: call.now,
    })),
    mail: ids.flatMap((id) => welcomeMail(call.world, group, id)),
  }
}

const made = (call: Call<IdentityWorld>, group: Group, members: readonly string[]) => {
  const { events = [], mail = [] } = joined(call, group, members)
  return {
    events: [{ _tag: "GroupCreated" as const, group }, ...events],
    mail,
    audit: [auditLine("Add group", group.displayName, { GroupId: group.id })],
    output: [row(group)],
  }
}

/** A Microsoft 365 group; Public unless told otherwise (IDN-191). */
export const newUnifiedGroup = operation({
  name: "New-UnifiedGroup",
  summary: "Creates a Microsoft 365 group with a mailbox and an address.",
  params: Schema.Struct({
    DisplayName: Schema.NonEmptyString.annotate({ description: "Name of the group" }),
    Alias: text("First part of the address"),
    EmailAddresses: names("Addresses; the first one with SMTP: in upper case is the primary"),
    PrimarySmtpAddress: text("Primary address"),
    AccessType,
    HiddenGroupMembershipEnabled: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Hides the members, for good; switch" }),
    ),
    Members: names("Members by name or address"),
    Owner: text("Owner by name or address"),
    Notes: text("What the group is for"),
    DataEncryptionPolicy,
  }),
  extendsBelow: true,
  roles: managers,
  roleRefusal: noSuchCommand("New-UnifiedGroup"),
  binding: { positional: ["DisplayName"], switches: ["HiddenGroupMembershipEnabled"] },
  facts: ["IDN-188", "IDN-191", "IDN-192"],
  decide: (call: Call<IdentityWorld>, params): GroupEffect => {
    const { world, now, draw } = call
    const alias = nicknameOf(params.Alias ?? params.DisplayName)
    const listed = params.EmailAddresses ?? []
    const primary = listed.find((it) => it.startsWith("SMTP:")) ?? listed[0]
    const address = normalizeAddress(
      params.PrimarySmtpAddress ?? primary?.replace(/^smtp:/i, "") ?? addressFor(world, alias),
    )
    const members = params.Members ?? []
    const decision = evaluateExchangeGroup({
      world,
      change: "create",
      address,
      kinds: ["microsoft-365"],
      members: [...members, ...(params.Owner === undefined ? [] : [params.Owner])],
    })
    if (decision.outcome !== "allow") return Effect.succeed({ decision })
    const owner = userOf(world, params.Owner ?? call.actor.id)?.id
    const group = assignedGroup({
      id: draw.guid(`group ${alias}`),
      displayName: params.DisplayName,
      mailNickname: alias,
      mail: address,
      securityEnabled: false,
      groupTypes: ["Unified"],
      visibility:
        params.HiddenGroupMembershipEnabled === true
          ? "HiddenMembership"
          : (params.AccessType ?? "Public"),
      owners: owner === undefined ? [] : [owner],
      createdAt: now,
      ...(params.Notes === undefined ? {} : { description: params.Notes }),
    })
    return withPolicy(
      call,
      { cmdlet: "New-UnifiedGroup", identity: address, policy: params.DataEncryptionPolicy },
      { decision, ...made(call, group, members) },
    )
  },
})

export const setUnifiedGroup = operation({
  name: "Set-UnifiedGroup",
  summary: "Changes a Microsoft 365 group, for instance whether new members are welcomed.",
  params: Schema.Struct({
    Identity,
    DisplayName: text("New name"),
    AccessType,
    UnifiedGroupWelcomeMessageEnabled: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether new members get a mail; switch" }),
    ),
    DataEncryptionPolicy,
  }),
  extendsBelow: true,
  roles: managers,
  roleRefusal: noSuchCommand("Set-UnifiedGroup"),
  binding: {
    positional: ["Identity"],
    switches: ["UnifiedGroupWelcomeMessageEnabled"],
    pipeline: "Identity",
  },
  facts: ["IDN-191", "IDN-192"],
  decide: (call: Call<IdentityWorld>, params): GroupEffect => {
    const { world, now } = call
    const group = groupOf(world, params.Identity)
    const { AccessType: visibility, UnifiedGroupWelcomeMessageEnabled: welcome } = params
    const decision = evaluateExchangeGroup({
      world,
      change: "update",
      address: params.Identity,
      kinds: ["microsoft-365"],
      members: [],
      ...(visibility === undefined ? {} : { visibility }),
      ...(group?.visibility === undefined ? {} : { previousVisibility: group.visibility }),
    })
    if (decision.outcome !== "allow" || group === undefined) {
      return Effect.succeed({ decision })
    }
    const changes = {
      ...(params.DisplayName === undefined ? {} : { displayName: params.DisplayName }),
      ...(visibility === undefined ? {} : { visibility }),
      ...(welcome === undefined ? {} : { welcomeMessageEnabled: welcome }),
    }
    return withPolicy(
      call,
      {
        cmdlet: "Set-UnifiedGroup",
        identity: group.mail ?? params.Identity,
        policy: params.DataEncryptionPolicy,
      },
      {
        decision,
        events: [{ _tag: "GroupUpdated", groupId: group.id, changes, at: now }],
        audit: [auditLine("Update group", group.displayName, { GroupId: group.id })],
      },
    )
  },
})

export const getUnifiedGroup = operation({
  name: "Get-UnifiedGroup",
  summary: "Shows Microsoft 365 groups.",
  params: Schema.Struct({ Identity: Schema.optionalKey(Identity) }),
  roles: [...managers, roles.globalReader],
  roleRefusal: noSuchCommand("Get-UnifiedGroup"),
  binding: { positional: ["Identity"] },
  facts: ["IDN-188", "IDN-191", "IDN-192"],
  isReadOnly: true,
  decide: ({ world }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { Identity: wanted } = params
    const decision = evaluateExchangeGroup({
      world,
      change: wanted === undefined ? "create" : "update",
      address: wanted ?? addressFor(world, "no group has this alias"),
      kinds: ["microsoft-365"],
      members: [],
    })
    const found = allGroups(world).filter((it) => groupKindOf(it) === "microsoft-365")
    return decision.outcome !== "allow"
      ? { decision }
      : {
          decision,
          output: found
            .filter(({ id }) => wanted === undefined || id === groupOf(world, wanted)?.id)
            .map(row),
        }
  },
})

/** A distribution list, or a mail-enabled security group (IDN-189). */
export const newDistributionGroup = operation({
  name: "New-DistributionGroup",
  summary: "Creates a distribution list or a mail-enabled security group.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString.annotate({ description: "Name of the group" }),
    Alias: text("First part of the address"),
    PrimarySmtpAddress: text("Primary address"),
    Type: Schema.optionalKey(
      Schema.Literals(["Distribution", "Security"]).annotate({
        description: "Distribution unless given; Security can also be given permissions",
      }),
    ),
    Members: names("Members by name or address"),
    ManagedBy: names("Owners by name or address"),
  }),
  roles: managers,
  roleRefusal: noSuchCommand("New-DistributionGroup"),
  binding: { positional: ["Name"] },
  facts: ["IDN-188", "IDN-189", "IDN-225"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, now, draw } = call
    const alias = nicknameOf(params.Alias ?? params.Name)
    const address = normalizeAddress(params.PrimarySmtpAddress ?? addressFor(world, alias))
    const isSecurity = params.Type === "Security"
    const members = params.Members ?? []
    const decision = evaluateExchangeGroup({
      world,
      change: "create",
      address,
      kinds: ["distribution", "mail-enabled-security"],
      members: [...members, ...(params.ManagedBy ?? [])],
    })
    if (decision.outcome !== "allow") return { decision }
    const group = assignedGroup({
      id: draw.guid(`group ${alias}`),
      displayName: params.Name,
      mailNickname: alias,
      mail: address,
      securityEnabled: isSecurity,
      owners: (params.ManagedBy ?? [call.actor.id]).map((it) => recipientId(world, it)),
      createdAt: now,
    })
    return { decision, ...made(call, group, members) }
  },
})

export const addDistributionGroupMember = operation({
  name: "Add-DistributionGroupMember",
  summary: "Adds a recipient to a distribution list or a mail-enabled security group.",
  params: Schema.Struct({
    Identity,
    Member: Schema.NonEmptyString.annotate({ description: "The recipient by name or address" }),
  }),
  roles: managers,
  roleRefusal: noSuchCommand("Add-DistributionGroupMember"),
  binding: { positional: ["Identity"] },
  facts: ["IDN-189", "IDN-230"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const group = groupOf(call.world, params.Identity)
    const decision = evaluateExchangeGroup({
      world: call.world,
      change: "add-member",
      address: params.Identity,
      kinds: ["distribution", "mail-enabled-security"],
      members: [params.Member],
    })
    if (decision.outcome !== "allow" || group === undefined) return { decision }
    return {
      decision,
      ...joined(call, group, [params.Member]),
      audit: [auditLine("Add member to group", group.displayName, { Member: params.Member })],
    }
  },
})

/** Lives in Exchange only: the directory never hears of it (IDN-225). */
export const newDynamicDistributionGroup = operation({
  name: "New-DynamicDistributionGroup",
  summary: "Creates a distribution list whose recipients Exchange finds when a mail is sent.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString.annotate({ description: "Name of the group" }),
    Alias: text("First part of the address"),
    PrimarySmtpAddress: text("Primary address"),
    RecipientFilter: text("Filter, e.g. Department -eq 'Sales'"),
    IncludedRecipients: text("AllRecipients, MailboxUsers, ..."),
  }),
  roles: managers,
  roleRefusal: noSuchCommand("New-DynamicDistributionGroup"),
  binding: { positional: ["Name"] },
  facts: ["IDN-188", "IDN-225"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, now } = call
    const alias = nicknameOf(params.Alias ?? params.Name)
    const address = normalizeAddress(params.PrimarySmtpAddress ?? addressFor(world, alias))
    const decision = evaluateExchangeGroup({
      world,
      change: "create",
      address,
      kinds: [],
      members: [],
    })
    if (decision.outcome !== "allow") return { decision }
    const recipientFilter = params.RecipientFilter ?? params.IncludedRecipients ?? "AllRecipients"
    return {
      decision,
      events: [
        {
          _tag: "DynamicDistributionGroupCreated",
          group: { name: params.Name, address, recipientFilter, createdAt: now },
        },
      ],
      output: [
        { Name: params.Name, PrimarySmtpAddress: address, RecipientFilter: recipientFilter },
      ],
    }
  },
})
