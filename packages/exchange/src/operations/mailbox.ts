import { type CryptoServices, getMailboxStatistics, ownValue } from "@twin/crypto"
import { groupOf, userOf } from "@twin/identity"
import {
  andThen,
  type Call,
  exchangeAdminAudit,
  namedObjects,
  notRecognized,
  type OutputObject,
  operation,
  type Ruling,
  whereKnown,
} from "@twin/kernel"
import type { MipEvent } from "@twin/mip"
import { Schema } from "effect"
import type { LowerEvent } from "../LowerEvent.ts"
import {
  defaultOwaPolicy,
  MailboxType,
  mailboxesOf,
  mailboxTypeOf,
  trusteesOf,
} from "../Mailboxes.ts"
import { isOwnMailbox, mailboxOfAddress } from "../mail-flow/recipients.ts"
import type { ExchangeEvent, ExchangeWorld } from "../State.ts"
import { adminRoles, readable, readerRoles } from "./cmdlet.ts"

type MailboxRuling = Ruling<ExchangeEvent | LowerEvent>

const mailboxes = namedObjects({
  objects: "mailboxes",
  gate: "mailbox",
  facts: ["MIP-171", "MIP-016"],
})

const trustees = namedObjects({
  objects: "users and groups",
  gate: "trustee",
  facts: ["MIP-171"],
})

const policies = namedObjects({
  objects: "mailbox policies",
  gate: "mailbox-policy",
  facts: ["MIP-016"],
})

const identity = Schema.NonEmptyString.annotate({ description: "Address of the mailbox" })

interface Trustee {
  readonly id: string
  readonly name: string
  readonly address?: string
}

const trusteeOf = (world: ExchangeWorld, name: string): Trustee | undefined => {
  const user = userOf(world, name)
  if (user !== undefined) {
    const address = mailboxOfAddress(world, user.mail ?? user.userPrincipalName)
    return { id: user.id, name: user.userPrincipalName, address }
  }
  const group = groupOf(world, name)
  return group === undefined ? undefined : { id: group.id, name: group.mail ?? group.displayName }
}

/** The rights service knows who is assigned to a shared mailbox directly, and nobody else. */
const delegation = (
  world: ExchangeWorld,
  mailbox: string,
  o: { readonly trustee: string; readonly isGranted: boolean; readonly at: number },
): readonly MipEvent[] => {
  const { address } = trusteeOf(world, o.trustee) ?? {}
  return address === undefined
    ? []
    : [
        {
          _tag: "MailboxDelegated",
          mailbox,
          delegate: address,
          isGranted: o.isGranted,
          at: o.at,
        },
      ]
}

/** The button of the admin centre; the cmdlet of that purpose belongs to keys and policies here. */
export const convertMailbox = operation({
  name: "convert-mailbox",
  summary: "Makes a mailbox a shared one, or a regular one again.",
  params: Schema.Struct({
    mailbox: identity,
    type: MailboxType.annotate({ description: "What the mailbox is to be" }),
  }),
  roles: adminRoles,
  facts: ["MIP-171"],
  decide: ({ world, now }: Call<ExchangeWorld>, params): MailboxRuling => {
    const mailbox = mailboxOfAddress(world, params.mailbox)
    const { type: Type } = params
    const decision = mailboxes.known(params.mailbox, isOwnMailbox(world, mailbox))
    if (decision.outcome !== "allow") return { decision }
    const isGranted = Type === "Shared"
    return {
      decision,
      events: [
        { _tag: "MailboxTypeSet", mailbox, mailboxType: Type, at: now },
        ...trusteesOf(world, mailbox).flatMap((trustee) =>
          delegation(world, mailbox, { trustee, isGranted, at: now }),
        ),
      ],
      audit: [exchangeAdminAudit("Set-Mailbox", mailbox, { Type })],
    }
  },
})

const permissionParams = {
  Identity: identity,
  User: Schema.NonEmptyString.annotate({ description: "User or group, by name or address" }),
  AccessRights: Schema.Literals(["FullAccess"]).annotate({
    description: "FullAccess: open the mailbox",
  }),
}

const permission = (name: string, isGranted: boolean) =>
  operation({
    name,
    summary: isGranted
      ? "Lets a user or a group open a mailbox."
      : "Takes the access to a mailbox away from a user or a group.",
    params: Schema.Struct({
      ...permissionParams,
      InheritanceType: Schema.optionalKey(
        Schema.Literals(["None", "All", "Children", "Descendents", "SelfAndChildren"]).annotate({
          description: "Folders that the permission reaches",
        }),
      ),
      AutoMapping: Schema.optionalKey(
        Schema.Boolean.annotate({ description: "Outlook opens the mailbox by itself" }),
      ),
      Confirm: Schema.optionalKey(Schema.Boolean.annotate({ description: "Asks first" })),
    }),
    roles: adminRoles,
    roleRefusal: notRecognized(name),
    facts: ["MIP-171"],
    binding: { positional: ["Identity"], pipeline: "Identity" },
    decide: ({ world, now }: Call<ExchangeWorld>, params): MailboxRuling => {
      const mailbox = mailboxOfAddress(world, params.Identity)
      const trustee = trusteeOf(world, params.User)
      const decision = andThen(mailboxes.known(params.Identity, isOwnMailbox(world, mailbox)), () =>
        trustees.known(params.User, trustee !== undefined),
      )
      if (decision.outcome !== "allow" || trustee === undefined) return { decision }
      const isShared = mailboxTypeOf(world, mailbox) === "Shared"
      return {
        decision,
        events: [
          { _tag: "MailboxPermissionSet", mailbox, trustee: trustee.id, isGranted, at: now },
          ...(isShared
            ? delegation(world, mailbox, { trustee: trustee.id, isGranted, at: now })
            : []),
        ],
        output: isGranted ? [permissionRow(mailbox, trustee)] : [],
        audit: [
          exchangeAdminAudit(name, mailbox, { User: params.User, AccessRights: "FullAccess" }),
        ],
      }
    },
  })

const permissionRow = (mailbox: string, { name }: Trustee): OutputObject => ({
  Identity: mailbox,
  User: name,
  AccessRights: ["FullAccess"],
  IsInherited: false,
  Deny: false,
})

export const addMailboxPermission = permission("Add-MailboxPermission", true)
export const removeMailboxPermission = permission("Remove-MailboxPermission", false)

export const getMailboxPermission = operation({
  name: "Get-MailboxPermission",
  summary: "Shows who may open a mailbox.",
  params: Schema.Struct({ Identity: identity }),
  roles: readerRoles,
  roleRefusal: notRecognized("Get-MailboxPermission"),
  facts: ["MIP-171"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  isReadOnly: true,
  decide: ({ world }: Call<ExchangeWorld>, { Identity }): MailboxRuling => {
    const mailbox = mailboxOfAddress(world, Identity)
    const decision = mailboxes.known(Identity, isOwnMailbox(world, mailbox))
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      output: trusteesOf(world, mailbox).flatMap((it) => {
        const trustee = trusteeOf(world, it)
        return trustee === undefined ? [] : [permissionRow(mailbox, trustee)]
      }),
    }
  },
})

const mailboxesWithData = namedObjects({
  objects: "mailboxes",
  gate: "mailbox",
  facts: ["MIP-171"],
  notFound: (name) => ({
    code: "ManagementObjectNotFoundException",
    message: `The specified mailbox Identity:"${name}" doesn't exist.`,
  }),
})

/** Who is a mailbox at all, the directory knows. */
export const mailboxStatistics = whereKnown<
  ExchangeWorld,
  ExchangeEvent | LowerEvent,
  CryptoServices
>(getMailboxStatistics, "Identity", (world, it) =>
  mailboxesWithData.known(it, isOwnMailbox(world, mailboxOfAddress(world, it))),
)

const policyName = Schema.NonEmptyString.annotate({ description: "Name of the policy" })

export const newOwaMailboxPolicy = operation({
  name: "New-OwaMailboxPolicy",
  summary: "Makes a policy for Outlook on the web.",
  params: Schema.Struct({ Name: policyName }),
  roles: adminRoles,
  roleRefusal: notRecognized("New-OwaMailboxPolicy"),
  facts: ["MIP-016"],
  binding: { positional: ["Name"] },
  decide: ({ now }: Call<ExchangeWorld>, { Name }): MailboxRuling => ({
    decision: readable(Name),
    events: [{ _tag: "OwaPolicySet", name: Name, irmEnabled: true, at: now }],
    output: [{ Name, IRMEnabled: true }],
    audit: [exchangeAdminAudit("New-OwaMailboxPolicy", Name, { Name })],
  }),
})

export const setOwaMailboxPolicy = operation({
  name: "Set-OwaMailboxPolicy",
  summary: "Says whether people under a policy may protect in Outlook on the web.",
  params: Schema.Struct({
    Identity: policyName,
    IRMEnabled: Schema.Boolean.annotate({ description: "Whether they may protect mail there" }),
  }),
  roles: adminRoles,
  roleRefusal: notRecognized("Set-OwaMailboxPolicy"),
  facts: ["MIP-016"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  decide: ({ world, now }: Call<ExchangeWorld>, { Identity, IRMEnabled }): MailboxRuling => {
    const policy = ownValue(mailboxesOf(world).owaPolicies, Identity.toLowerCase())
    const decision = policies.known(Identity, policy !== undefined)
    return decision.outcome !== "allow" || policy === undefined
      ? { decision }
      : {
          decision,
          events: [{ _tag: "OwaPolicySet", name: policy.name, irmEnabled: IRMEnabled, at: now }],
          audit: [exchangeAdminAudit("Set-OwaMailboxPolicy", policy.name, { IRMEnabled })],
        }
  },
})

export const getOwaMailboxPolicy = operation({
  name: "Get-OwaMailboxPolicy",
  summary: "Shows the policies for Outlook on the web.",
  params: Schema.Struct({ Identity: Schema.optionalKey(policyName) }),
  roles: readerRoles,
  roleRefusal: notRecognized("Get-OwaMailboxPolicy"),
  facts: ["MIP-016"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  isReadOnly: true,
  decide: ({ world }: Call<ExchangeWorld>, { Identity }): MailboxRuling => {
    const { owaPolicies } = mailboxesOf(world)
    return policies.list({
      all: Object.values(owaPolicies),
      identity: Identity,
      find: (it) => owaPolicies[it.toLowerCase()],
      shown: ({ name, irm }) => ({
        Name: name,
        IRMEnabled: irm,
        IsDefault: name === defaultOwaPolicy,
      }),
    })
  },
})

export const setCasMailbox = operation({
  name: "Set-CASMailbox",
  summary: "Puts a mailbox under a policy for Outlook on the web.",
  params: Schema.Struct({ Identity: identity, OwaMailboxPolicy: policyName }),
  roles: adminRoles,
  roleRefusal: notRecognized("Set-CASMailbox"),
  facts: ["MIP-016"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  decide: ({ world, now }: Call<ExchangeWorld>, params): MailboxRuling => {
    const mailbox = mailboxOfAddress(world, params.Identity)
    const policy = params.OwaMailboxPolicy.toLowerCase()
    const isKnown = ownValue(mailboxesOf(world).owaPolicies, policy) !== undefined
    const decision = andThen(mailboxes.known(params.Identity, isOwnMailbox(world, mailbox)), () =>
      policies.known(params.OwaMailboxPolicy, isKnown),
    )
    return decision.outcome !== "allow"
      ? { decision }
      : {
          decision,
          events: [{ _tag: "OwaPolicyAssigned", mailbox, policy, at: now }],
          audit: [exchangeAdminAudit("Set-CASMailbox", mailbox, { ...params })],
        }
  },
})
