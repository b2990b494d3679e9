import {
  addressesOfGroup,
  groupOf,
  groupsOf,
  isExternalUser,
  memberIdsOf,
  personOf,
  userOf,
} from "@twin/identity"
import type { RuleRecipient } from "../rules/RuleMessage.ts"
import { type ExchangeWorld, scopeOf } from "../State.ts"

/** Whether an address is a mailbox of this organization: a member with an address of its domains. */
export const isOwnMailbox = (world: ExchangeWorld, address: string): boolean => {
  const user = userOf(world, address)
  return user !== undefined && !isExternalUser(user) && scopeOf(world, address) === "InOrganization"
}

/** Where mail to an address lies: a person's primary address, or the address itself. */
export const mailboxOfAddress = (world: ExchangeWorld, address: string): string =>
  personOf(world, address)?.address ?? address.trim().toLowerCase()

/** Names under which rules may speak of the groups of somebody, lower case. */
export const groupNamesOf = (world: ExchangeWorld, address: string): readonly string[] =>
  groupsOf(world, address).flatMap(({ id, displayName, mail }) => [
    id.toLowerCase(),
    displayName.toLowerCase(),
    ...(mail === undefined ? [] : [mail.toLowerCase()]),
  ])

/** A recipient as rules see one (EXO-118): proxies of own mailboxes become primary addresses. */
export const ruleRecipient = (
  world: ExchangeWorld,
  address: string,
  field: RuleRecipient["field"],
): RuleRecipient => {
  const original = address.trim().toLowerCase()
  const scope = scopeOf(world, original)
  return {
    address: scope === "InOrganization" ? mailboxOfAddress(world, original) : original,
    original,
    field,
    scope,
    groups: groupNamesOf(world, original),
  }
}

/** Addresses of the people in a group and in the groups inside it, sorted. */
const membersOf = (
  world: ExchangeWorld,
  groupId: string,
  seen: ReadonlySet<string>,
): readonly string[] => {
  if (seen.has(groupId)) return []
  const visited = new Set([...seen, groupId])
  return memberIdsOf(world, groupId).flatMap((id) => {
    const user = userOf(world, id)
    if (user !== undefined) return [(user.mail ?? user.userPrincipalName).toLowerCase()]
    const nested = groupOf(world, id)
    return nested === undefined ? [] : membersOf(world, nested.id, visited)
  })
}

/** Everybody whom a message reaches, groups resolved to their people, nobody twice. */
export interface ResolvedRecipients {
  readonly recipients: readonly RuleRecipient[]
  /** Addresses in domains of the organization that nobody has. */
  readonly unknown: readonly string[]
}

export const resolveRecipients = (
  world: ExchangeWorld,
  fields: {
    readonly to: readonly string[]
    readonly cc: readonly string[]
    readonly bcc: readonly string[]
  },
): ResolvedRecipients => {
  const recipients = new Map<string, RuleRecipient>()
  const unknown: string[] = []
  for (const field of ["to", "cc", "bcc"] as const) {
    for (const given of fields[field]) {
      const group = groupOf(world, given)
      const listed = given.trim().toLowerCase()
      const isGroup = group !== undefined && addressesOfGroup(group).includes(listed)
      const addresses =
        group === undefined || !isGroup ? [given] : membersOf(world, group.id, new Set())
      for (const address of addresses) {
        const recipient = {
          ...ruleRecipient(world, address, field),
          ...(isGroup ? { through: listed } : {}),
        }
        const isNobody =
          recipient.scope === "InOrganization" && userOf(world, recipient.original) === undefined
        if (isNobody) unknown.push(recipient.original)
        else if (!recipients.has(recipient.address)) recipients.set(recipient.address, recipient)
      }
    }
  }
  return { recipients: [...recipients.values()], unknown }
}
