import type { ClientApp } from "@twin/kernel"
import { HashMap, Option } from "effect"
import { canonicalAddress } from "./identityClass.ts"
import type { ContentForm } from "./Protection.ts"
import { ledgerOf, type MipWorld } from "./State.ts"

/**
 * Applications that open protected mail of a shared mailbox for somebody assigned to it: every
 * Outlook; its attachments only Office on computers and Outlook on the web (MIP-171).
 */
export const sharedMailboxClients: Readonly<Record<ContentForm, readonly ClientApp[]>> = {
  mail: ["outlook-desktop", "outlook-mobile", "outlook-web"],
  "mail-attachment": ["office-desktop", "outlook-desktop", "outlook-web"],
  document: [],
}

export const opensSharedMailbox = (app: ClientApp, form: ContentForm): boolean =>
  sharedMailboxClients[form].includes(app)

/** Shared mailboxes to which somebody is assigned directly; access through a group does not count. */
export const delegatedMailboxesOf = (world: MipWorld, address: string): readonly string[] =>
  Option.getOrElse(
    HashMap.get(ledgerOf(world).delegations, canonicalAddress(world, address)),
    () => [],
  )

/** Who is assigned to a shared mailbox directly, sorted. */
export const delegatesOf = (world: MipWorld, mailbox: string): readonly string[] =>
  HashMap.toEntries(ledgerOf(world).delegations)
    .filter(([, mailboxes]) => mailboxes.includes(mailbox.toLowerCase()))
    .map(([delegate]) => delegate)
    .toSorted()
