import {
  type Call,
  type Client,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  hours,
  isoOf,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { HashMap, Schema } from "effect"
import { normalizeAddress } from "../Address.ts"
import { appIds } from "../CloudApp.ts"
import { admission, collaborationSetting, inboundTrustOf } from "../CrossTenantAccess.ts"
import { isExternalUser } from "../DirectoryUser.ts"
import { cloudBetween } from "../decisions/partnershipFacets.ts"
import { stsError } from "../decisions/StsError.ts"
import { conditionalAccessOf } from "../decisions/signInFacets.ts"
import { signInSubject } from "../decisions/signInSubject.ts"
import { foreignOrganizationOf, organizationOf, personOf, userOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { directConnectTokenHours, type SharedChannel } from "../SharedChannel.ts"
import type { IdentityWorld } from "../State.ts"

interface ChannelFacets {
  readonly channel: "present" | "absent"
  readonly actor: "owner" | "member" | "other"
  readonly wants: "open" | "manage"
  readonly person: "inside" | "work-account-outside" | "guest" | "no-work-account" | "unknown"
  readonly ownInbound: string
  readonly ownOutbound: string
  readonly homeInbound: string
  readonly homeOutbound: string
  readonly cloud: "same" | "enabled" | "not-enabled"
  readonly policy: "none" | "satisfied" | "blocked" | "mfa-not-trusted" | "not-supported"
}

const channelGate = gate<ChannelFacets>()

const channelKnown = channelGate({
  name: "shared-channel",
  facts: ["IDN-122"],
  reads: ["channel", "actor", "wants"],
  check: ({ channel, actor, wants }) => {
    const details = { channel, actor, wants }
    if (channel === "absent") return deny("There is no such shared channel.", details)
    return actor === "owner" || (wants === "open" && actor === "member")
      ? pass("The channel lists the actor.", details)
      : deny("The channel does not list the actor for this.", details)
  },
})

const workAccount = channelGate({
  name: "direct-connect-person",
  facts: ["IDN-122"],
  reads: ["person"],
  check: ({ person }) => {
    switch (person) {
      case "inside":
        return pass("The person belongs to this organization.", { person })
      case "work-account-outside":
        return pass("The person has a work account of another organization.", { person })
      case "guest":
        return deny("Guests cannot be in a shared channel; the work account itself can.", {
          person,
        })
      case "no-work-account":
      case "unknown":
        return deny("Only work accounts can be in a shared channel.", { person })
    }
  },
})

const mutualTrust = channelGate({
  name: "direct-connect",
  facts: ["IDN-122"],
  reads: ["ownInbound", "ownOutbound", "homeInbound", "homeOutbound", "person"],
  check: ({ person, ...settings }) => {
    if (person === "inside") return pass("No other organization takes part.", settings)
    return Object.values(settings).every((it) => it === "admitted")
      ? pass("Both organizations allow direct connect in both directions.", settings)
      : deny(
          "Direct connect needs both organizations, each inbound and outbound.",
          settings,
          settings.homeOutbound === "admitted" ? stsError(500213) : stsError(500212),
        )
  },
})

const sameCloud = channelGate({
  name: "direct-connect-cloud",
  facts: ["IDN-119"],
  reads: ["cloud"],
  check: ({ cloud }) =>
    cloud === "same"
      ? pass("Both organizations live in one cloud.", { cloud })
      : deny("Direct connect never works across clouds.", { cloud }, stsError(1000104)),
})

const policiesMet = channelGate({
  name: "direct-connect-policies",
  facts: ["IDN-123"],
  reads: ["policy"],
  check: ({ policy }) => {
    switch (policy) {
      case "none":
      case "satisfied":
        return pass("The policies of the organization let the person in.", { policy })
      case "blocked":
        return deny("A policy blocks the person.", { policy }, stsError(53003))
      case "mfa-not-trusted":
        return deny(
          "A second factor is required, and that of the home organization does not count here.",
          { policy },
          stsError(90071),
        )
      case "not-supported":
        return deny(
          "A policy asks for something that direct connect cannot show.",
          { policy },
          stsError(53003),
        )
    }
  },
})

const gates: GateRules<ChannelFacets> = [
  channelKnown,
  workAccount,
  sameCloud,
  mutualTrust,
  policiesMet,
]

const channelOf = (world: IdentityWorld, idOrName: string): SharedChannel | undefined =>
  HashMap.toValues(world.identity.partnership.channels).find(
    (it) => it.id === idOrName || it.displayName.toLowerCase() === idOrName.toLowerCase(),
  )

const answersFor = (
  world: IdentityWorld,
  homeTenant: string | undefined,
  objectId: string | undefined,
): Pick<ChannelFacets, "ownInbound" | "ownOutbound" | "homeInbound" | "homeOutbound"> => {
  const home = homeTenant === undefined ? undefined : foreignOrganizationOf(world, homeTenant)
  const own = organizationOf(world)
  if (home === undefined || own === undefined) {
    return {
      ownInbound: "not-recorded",
      ownOutbound: "not-recorded",
      homeInbound: "not-recorded",
      homeOutbound: "not-recorded",
    }
  }
  const visitor = { userAndGroupIds: objectId === undefined ? [] : [objectId], appId: appIds.teams }
  const anybody = { userAndGroupIds: [], appId: appIds.teams }
  const mine = world.identity.crossTenantAccess
  const ask = (
    policy: typeof mine,
    direction: "b2bDirectConnectInbound" | "b2bDirectConnectOutbound",
    tenantId: string,
    asked: typeof visitor,
  ): string => admission(collaborationSetting(policy, direction, tenantId).setting, asked)
  return {
    ownInbound: ask(mine, "b2bDirectConnectInbound", home.tenantId, visitor),
    ownOutbound: ask(mine, "b2bDirectConnectOutbound", home.tenantId, anybody),
    homeInbound: ask(home.crossTenantAccess, "b2bDirectConnectInbound", own.tenantId, anybody),
    homeOutbound: ask(home.crossTenantAccess, "b2bDirectConnectOutbound", own.tenantId, visitor),
  }
}

const policyState = (
  world: IdentityWorld,
  asked: { readonly address: string; readonly client: Client; readonly now: number },
): ChannelFacets["policy"] => {
  const { outcome, control } = conditionalAccessOf(
    signInSubject({ world, ...asked, app: appIds.teams, route: "direct-connect" }),
  )
  const person = personOf(world, asked.address)
  const trust = inboundTrustOf(world.identity.crossTenantAccess, person?.homeTenant)
  if (outcome === "blocked") return "blocked"
  if (outcome === "satisfied" || outcome === "notApplied") return "satisfied"
  if (control !== "mfa") return "not-supported"
  if (!trust.isMfaAccepted) return "mfa-not-trusted"
  return (person?.mfaMethods ?? []).length > 0 ? "satisfied" : "mfa-not-trusted"
}

const evaluateChannel = (
  { world, actor, now }: Call<IdentityWorld>,
  channel: SharedChannel | undefined,
  asked: { readonly who: string; readonly wants: "open" | "manage" },
): Decision => {
  const person = personOf(world, asked.who)
  const user = userOf(world, asked.who)
  const isInside = user !== undefined && !isExternalUser(user)
  const address = normalizeAddress(actor.id)
  return decideByGates(gates, {
    channel: channel === undefined ? "absent" : "present",
    actor:
      channel?.owner === address
        ? "owner"
        : channel?.members.includes(address) === true
          ? "member"
          : "other",
    wants: asked.wants,
    person: isInside
      ? "inside"
      : person === undefined
        ? "unknown"
        : person.account === "entra"
          ? "work-account-outside"
          : user === undefined
            ? "no-work-account"
            : "guest",
    ...answersFor(world, person?.homeTenant, person?.objectId),
    cloud: isInside ? "same" : cloudBetween(world, person?.homeTenant),
    policy:
      asked.wants === "open" && !isInside
        ? policyState(world, { address: asked.who, client: actor.client, now })
        : "none",
  })
}

const text = (description: string) => Schema.NonEmptyString.annotate({ description })
const channelName = text("Name or id of the channel")

export const createSharedChannel = operation({
  name: "create-shared-channel",
  summary: "Creates a Teams shared channel that the actor owns.",
  params: Schema.Struct({ name: text("Name of the channel") }),
  facts: ["IDN-122"],
  decide: ({ world, actor, now, draw }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const user = userOf(world, actor.id)
    const decision = decideByGates([workAccount], {
      person: user === undefined || isExternalUser(user) ? "guest" : "inside",
    })
    if (decision.outcome !== "allow") return { decision }
    const channel = {
      id: draw.guid(`channel ${params.name}`),
      displayName: params.name,
      owner: normalizeAddress(actor.id),
      members: [],
      createdAt: now,
    }
    return {
      decision,
      events: [{ _tag: "SharedChannelCreated", channel }],
      output: [{ id: channel.id, name: params.name }],
    }
  },
})

const manage = (name: string, summary: string, isAdded: boolean) =>
  operation({
    name,
    summary,
    params: Schema.Struct({ channel: channelName, person: text("Address") }),
    facts: ["IDN-122"],
    decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
      const channel = channelOf(call.world, params.channel)
      const address = normalizeAddress(params.person)
      const decision = evaluateChannel(call, channel, {
        who: isAdded ? address : call.actor.id,
        wants: "manage",
      })
      if (decision.outcome !== "allow" || channel === undefined) return { decision }
      const others = channel.members.filter((it) => it !== address)
      return {
        decision,
        events: [
          {
            _tag: "SharedChannelMembersSet",
            channelId: channel.id,
            members: isAdded ? [...others, address] : others,
            at: call.now,
          },
        ],
      }
    },
  })

export const addChannelMember = manage(
  "add-channel-member",
  "Adds somebody to a shared channel; nobody gets a user object by it.",
  true,
)
export const removeChannelMember = manage(
  "remove-channel-member",
  "Takes somebody out of a shared channel.",
  false,
)

export const openSharedChannel = operation({
  name: "open-shared-channel",
  summary: "Opens a shared channel, from inside or with the account of another organization.",
  params: Schema.Struct({ channel: channelName }),
  facts: ["IDN-122", "IDN-123"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const channel = channelOf(call.world, params.channel)
    const decision = evaluateChannel(call, channel, { who: call.actor.id, wants: "open" })
    return decision.outcome === "allow" && channel !== undefined
      ? {
          decision,
          output: [{ id: channel.id, tokenEnds: isoOf(call.now + hours(directConnectTokenHours)) }],
        }
      : { decision }
  },
})
