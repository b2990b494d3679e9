import { ownValue } from "@twin/crypto"
import { groupsOf, userOf } from "@twin/identity"
import { Schema } from "effect"
import type { ExchangeWorld } from "./State.ts"

/** What a mailbox is to Exchange; those of people are regular. */
export const MailboxType = Schema.Literals(["Regular", "Shared"])
export type MailboxType = typeof MailboxType.Type

/** Mailboxes as far as protection depends on them. Addresses are lower case. */
export interface Mailboxes {
  /** Mailboxes that are not regular. */
  readonly types: Readonly<Record<string, MailboxType>>
  /** Object ids of users and groups with full access, by mailbox. */
  readonly fullAccess: Readonly<Record<string, readonly string[]>>
  /** Whether people under a policy may protect in Outlook on the web, by name (MIP-016). */
  readonly owaPolicies: Readonly<Record<string, { readonly name: string; readonly irm: boolean }>>
  /** Policy of a mailbox, where it is not the default one. */
  readonly owaPolicyOfMailbox: Readonly<Record<string, string>>
}

export const defaultOwaPolicy = "OwaMailboxPolicy-Default"

/** No shared mailbox, one policy that lets everybody protect. */
export const initialMailboxes: Mailboxes = {
  types: {},
  fullAccess: {},
  owaPolicies: { [defaultOwaPolicy.toLowerCase()]: { name: defaultOwaPolicy, irm: true } },
  owaPolicyOfMailbox: {},
}

const id = Schema.NonEmptyString
const at = Schema.Finite

/** Events of mailboxes: part of `ExchangeEvent`. */
export const mailboxEvents = {
  MailboxTypeSet: { mailbox: id, mailboxType: MailboxType, at },
  /** A user or group, by object id, may open a mailbox, or may no more. */
  MailboxPermissionSet: { mailbox: id, trustee: id, isGranted: Schema.Boolean, at },
  OwaPolicySet: { name: id, irmEnabled: Schema.Boolean, at },
  OwaPolicyAssigned: { mailbox: id, policy: id, at },
} as const

/** What was granted or not is a list without doubles. */
export const withTrustee = (
  trustees: readonly string[],
  trustee: string,
  isGranted: boolean,
): readonly string[] => {
  const others = trustees.filter((it) => it !== trustee)
  return isGranted ? [...others, trustee] : others
}

export const mailboxesOf = (world: ExchangeWorld): Mailboxes => world.exchange.mailboxes

export const mailboxTypeOf = (world: ExchangeWorld, mailbox: string): MailboxType =>
  ownValue(mailboxesOf(world).types, mailbox.toLowerCase()) ?? "Regular"

/** Object ids of those with full access, in the order in which they got it. */
export const trusteesOf = (world: ExchangeWorld, mailbox: string): readonly string[] =>
  ownValue(mailboxesOf(world).fullAccess, mailbox.toLowerCase()) ?? []

/** Shared mailboxes that somebody may open, by an own permission or through a group (MIP-171). */
export const sharedMailboxesOf = (world: ExchangeWorld, reader: string): readonly string[] => {
  const user = userOf(world, reader)
  const { fullAccess } = mailboxesOf(world)
  if (user === undefined) return []
  const ids = new Set([user.id, ...groupsOf(world, reader).map((group) => group.id)])
  return Object.keys(fullAccess)
    .filter((it) => mailboxTypeOf(world, it) === "Shared")
    .filter((it) => trusteesOf(world, it).some((trustee) => ids.has(trustee)))
    .toSorted()
}

/** Whether the policy of a mailbox lets its owner protect in Outlook on the web (MIP-016). */
export const isIrmEnabledInOwa = (world: ExchangeWorld, mailbox: string): boolean => {
  const { owaPolicies, owaPolicyOfMailbox } = mailboxesOf(world)
  const assigned = ownValue(owaPolicyOfMailbox, mailbox.toLowerCase())
  return ownValue(owaPolicies, assigned ?? defaultOwaPolicy.toLowerCase())?.irm ?? true
}
