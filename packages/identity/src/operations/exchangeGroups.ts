import { type Call, type OutputObject, operation, type Refusal, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { normalizeAddress } from "../Address.ts"
import { evaluateExchangeGroup } from "../decisions/evaluateExchangeGroup.ts"
import { contactOf, groupOf, userOf } from "../directory.ts"
import { addressesOfGroup } from "../directoryIndex.ts"
import { assignedGroup, type Group, groupKindOf } from "../Group.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { welcomeMail } from "../welcomeMail.ts"
import { auditLine } from "./auditLine.ts"
import { addressFor } from "./groups.ts"

export const managers: readonly string[] = [
  roles.exchangeAdministrator,
  roles.groupsAdministrator,
  roles.globalAdministrator,
]

/** Exchange shows an admin only the cmdlets of the own roles. */
export const noSuchCommand = (name: string): Refusal => ({
  code: "CommandNotFoundException",
  message: `The term '${name}' is not recognized as a name of a cmdlet, function, script file, or executable program.`,
})

export const text = (description: string) =>
  Schema.optionalKey(Schema.String.annotate({ description }))
export const names = (description: string) =>
  Schema.optionalKey(Schema.Array(Schema.NonEmptyString).annotate({ description }))
export const Identity = Schema.NonEmptyString.annotate({
  description: "Name, alias, address or id of the group",
})
export const nicknameOf = (name: string): string => name.replaceAll(/[^A-Za-z0-9._-]/g, "")

const recipientId = (world: IdentityWorld, name: string): string =>
  (userOf(world, name) ?? contactOf(world, name) ?? groupOf(world, name))?.id ?? name

export const row = (group: Group): OutputObject => ({
  Name: group.displayName,
  DisplayName: group.displayName,
  Alias: group.mailNickname,
  PrimarySmtpAddress: group.mail ?? null,
  EmailAddresses: addressesOfGroup(group).map((it, at) => `${at === 0 ? "SMTP" : "smtp"}:${it}`),
  ExternalDirectoryObjectId: group.id,
  ...(groupKindOf(group) === "microsoft-365"
    ? {
        AccessType: group.visibility === "Public" ? "Public" : "Private",
        HiddenGroupMembershipEnabled: group.visibility === "HiddenMembership",
        WelcomeMessageEnabled: group.welcomeMessageEnabled !== false,
      }
    : { GroupType: group.securityEnabled ? "Universal, SecurityEnabled" : "Universal" }),
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

export const made = (call: Call<IdentityWorld>, group: Group, members: readonly string[]) => {
  const { events = [], mail = [] } = joined(call, group, members)
  return {
    events: [{ _tag: "GroupCreated" as const, group }, ...events],
    mail,
    audit: [auditLine("Add group", group.displayName, { GroupId: group.id })],
    output: [row(group)],
  }
}

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
