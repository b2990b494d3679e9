import { assignGroupPolicy, type CryptoEvent, type CryptoServices } from "@twin/crypto"
import { andThen, type Call, operation, type Ruling } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { normalizeAddress } from "../Address.ts"
import { evaluateExchangeGroup } from "../decisions/evaluateExchangeGroup.ts"
import { allGroups, groupOf, userOf } from "../directory.ts"
import { addressesOfGroup } from "../directoryIndex.ts"
import { assignedGroup, GroupVisibility, groupKindOf } from "../Group.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import {
  Identity,
  made,
  managers,
  names,
  nicknameOf,
  noSuchCommand,
  row,
  text,
} from "./exchangeGroups.ts"
import { addressFor } from "./groups.ts"

const AccessType = Schema.optionalKey(
  GroupVisibility.pick(["Public", "Private"]).annotate({ description: "Public, or Private" }),
)

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

const addressParams = {
  Alias: text("First part of the address; alone it changes the nickname and no address"),
  EmailAddresses: names("All addresses; the one with SMTP: in upper case is the primary"),
  PrimarySmtpAddress: text("Primary address; the former one stays as a further address"),
}

interface Addresses {
  /** The primary one first. */
  readonly all: readonly string[]
  readonly primaries: number
}

const plain = (it: string): string => normalizeAddress(it.replace(/^smtp:/i, ""))

/** The addresses as the parameters say them; undefined where they say nothing. */
const addressesIn = (
  {
    EmailAddresses: listed,
    PrimarySmtpAddress: primary,
  }: { readonly EmailAddresses?: readonly string[]; readonly PrimarySmtpAddress?: string },
  before: readonly string[],
): Addresses | undefined => {
  if (listed === undefined) {
    return primary === undefined
      ? undefined
      : { all: [...new Set([normalizeAddress(primary), ...before])], primaries: 1 }
  }
  const named = listed.filter((it) => it.startsWith("SMTP:")).map(plain)
  const first = named[0] ?? plain(listed[0] ?? "")
  return {
    all: [...new Set([first, ...listed.map(plain)])],
    primaries: Math.max(named.length, 1) + (primary === undefined ? 0 : 1),
  }
}

const asChanges = ([mail = "", ...proxyAddresses]: readonly string[]) => ({
  mail,
  ...(proxyAddresses.length === 0 ? {} : { proxyAddresses }),
})

/** A Microsoft 365 group; Public unless told otherwise (IDN-191). */
export const newUnifiedGroup = operation({
  name: "New-UnifiedGroup",
  summary: "Creates a Microsoft 365 group with a mailbox and an address.",
  params: Schema.Struct({
    DisplayName: Schema.NonEmptyString.annotate({ description: "Name of the group" }),
    ...addressParams,
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
    const { all, primaries } = addressesIn(params, []) ?? {
      all: [addressFor(world, alias)],
      primaries: 1,
    }
    const [address = ""] = all
    const members = params.Members ?? []
    const decision = evaluateExchangeGroup({
      world,
      change: "create",
      address,
      added: all,
      primaries,
      kinds: ["microsoft-365"],
      members: [...members, ...(params.Owner === undefined ? [] : [params.Owner])],
    })
    if (decision.outcome !== "allow") return Effect.succeed({ decision })
    const owner = userOf(world, params.Owner ?? call.actor.id)?.id
    const group = assignedGroup({
      id: draw.guid(`group ${alias}`),
      displayName: params.DisplayName,
      mailNickname: alias,
      ...asChanges(all),
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
    ...addressParams,
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
    const before = group === undefined ? [] : addressesOfGroup(group)
    const addresses = addressesIn(params, before)
    const decision = evaluateExchangeGroup({
      world,
      change: "update",
      address: params.Identity,
      kinds: ["microsoft-365"],
      members: [],
      ...(addresses === undefined
        ? {}
        : {
            added: addresses.all.filter((it) => !before.includes(it)),
            primaries: addresses.primaries,
          }),
      ...(visibility === undefined ? {} : { visibility }),
      ...(group?.visibility === undefined ? {} : { previousVisibility: group.visibility }),
    })
    if (decision.outcome !== "allow" || group === undefined) {
      return Effect.succeed({ decision })
    }
    const changes = {
      ...(params.DisplayName === undefined ? {} : { displayName: params.DisplayName }),
      ...(params.Alias === undefined ? {} : { mailNickname: nicknameOf(params.Alias) }),
      ...(addresses === undefined ? {} : { proxyAddresses: [], ...asChanges(addresses.all) }),
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
