import {
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  objectNotFound,
  pass,
} from "@twin/kernel"
import { domainOf } from "../Address.ts"
import { contactOf, groupOf, isOwnDomain, userOf } from "../directory.ts"
import { type GroupKind, groupKindOf } from "../Group.ts"
import type { IdentityWorld } from "../State.ts"

/** A group is made or changed in Exchange, where groups with addresses live (IDN-189). */
export interface ExchangeGroupQuestion {
  readonly world: IdentityWorld
  readonly change: "create" | "update" | "add-member"
  readonly address: string
  /** Addresses that the group would have and has not; with a new group its address is one. */
  readonly added?: readonly string[]
  /** How many addresses are named as the primary one. */
  readonly primaries?: number
  /** What the cmdlet is for. */
  readonly kinds: readonly GroupKind[]
  readonly members: readonly string[]
  readonly visibility?: string
  readonly previousVisibility?: string
}

interface ExchangeGroupFacets {
  readonly change: ExchangeGroupQuestion["change"]
  readonly address: string
  /** The first of the new addresses that another recipient has, and who that is. */
  readonly taken: string
  readonly owner: string
  /** The first of the new addresses that lies in no accepted domain. */
  readonly outside: string
  readonly primaries: number
  readonly kind: GroupKind | "none"
  readonly kinds: string
  readonly missing: string
  readonly changesHidden: boolean
}

const exchangeGate = gate<ExchangeGroupFacets>()

const onePrimary = exchangeGate({
  name: "group-primary-address",
  facts: ["IDN-225"],
  reads: ["primaries"],
  check: ({ primaries }) =>
    primaries > 1
      ? deny(
          "A group has one primary address.",
          { primaries },
          {
            code: "ProxyAddressCollectionException",
            message: "There can be only one primary SMTP address in the collection.",
          },
        )
      : pass("At most one address is named as the primary one.", { primaries }),
})

const addressFree = exchangeGate({
  name: "group-address-free",
  facts: ["IDN-012", "IDN-189"],
  reads: ["taken", "owner"],
  check: ({ taken, owner }) =>
    taken === ""
      ? pass("No other recipient has a new address of the group.")
      : deny(
          "Another recipient has this address.",
          { taken, owner },
          {
            code: "ProxyAddressExistsException",
            message: `The proxy address "SMTP:${taken}" is already being used by the proxy addresses or LegacyExchangeDN of "${owner}". Please choose another proxy address.`,
          },
        ),
})

const domainAccepted = exchangeGate({
  name: "group-domain",
  facts: ["IDN-225"],
  reads: ["outside"],
  check: ({ outside }) =>
    outside === ""
      ? pass("New addresses of the group lie in accepted domains.")
      : deny(
          "The address does not lie in an accepted domain.",
          { outside },
          {
            code: "NotAcceptedDomainException",
            message:
              "You can't use the domain because it's not an accepted domain for your organization.",
          },
        ),
})

const groupOfKind = exchangeGate({
  name: "group-kind",
  facts: ["IDN-188", "IDN-189"],
  reads: ["change", "address", "kind", "kinds"],
  check: ({ change, address, kind, kinds }) =>
    change === "create" || kinds.split(", ").includes(kind)
      ? pass("The cmdlet is for groups of this kind.", { kind })
      : deny(
          "There is no group of the kind that this cmdlet is for.",
          { kind, kinds },
          objectNotFound(address),
        ),
})

const membersKnown = exchangeGate({
  name: "member-kind",
  facts: ["IDN-190"],
  reads: ["missing"],
  check: ({ missing }) =>
    missing === ""
      ? pass("Everybody named is a recipient.")
      : deny(
          "Somebody named is no recipient of this kind.",
          { missing },
          {
            code: "ManagementObjectNotFoundException",
            message: `Couldn't find object "${missing}". Please make sure that it was spelled correctly or specify a different object.`,
          },
        ),
})

const hiddenStays = exchangeGate({
  name: "group-visibility",
  facts: ["IDN-191"],
  reads: ["changesHidden"],
  check: ({ changesHidden }) =>
    changesHidden
      ? deny(
          "Whether the membership is hidden is settled when the group is made.",
          { changesHidden },
          {
            code: "InvalidOperationException",
            message: "The AccessType of a group with hidden membership can't be changed.",
          },
        )
      : pass("The visibility can be as asked for."),
})

const gates: GateRules<ExchangeGroupFacets> = [
  groupOfKind,
  onePrimary,
  addressFree,
  domainAccepted,
  hiddenStays,
  membersKnown,
]

const ownerOf = (world: IdentityWorld, address: string): string =>
  userOf(world, address)?.displayName ??
  contactOf(world, address)?.displayName ??
  groupOf(world, address)?.displayName ??
  world.identity.dynamicDistributionGroups.find((it) => it.address === address)?.name ??
  ""

const isRecipient = (world: IdentityWorld, kinds: readonly GroupKind[], name: string): boolean =>
  userOf(world, name) !== undefined ||
  (!kinds.includes("microsoft-365") &&
    (contactOf(world, name) !== undefined || groupOf(world, name)?.mailEnabled === true))

/** Whether Exchange makes or changes the group. */
export const evaluateExchangeGroup = (question: ExchangeGroupQuestion): Decision => {
  const { world, change, address, kinds, members, visibility, previousVisibility } = question
  const group = groupOf(world, address)
  const added = question.added ?? (change === "create" ? [address] : [])
  const taken = added.find((it) => ownerOf(world, it) !== "") ?? ""
  return decideByGates(gates, {
    change,
    address,
    taken,
    owner: ownerOf(world, taken),
    outside: added.find((it) => !isOwnDomain(world, domainOf(it))) ?? "",
    primaries: question.primaries ?? 1,
    kind: group === undefined ? "none" : groupKindOf(group),
    kinds: kinds.join(", "),
    missing: members.find((it) => !isRecipient(world, kinds, it)) ?? "",
    changesHidden:
      change === "update" &&
      visibility !== undefined &&
      visibility !== previousVisibility &&
      [visibility, previousVisibility].includes("HiddenMembership"),
  })
}
