import {
  type Call,
  decideByGates,
  deny,
  gate,
  notRecognized,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import { policyInForce } from "../at-rest/Hierarchy.ts"
import type { CryptoServices } from "../CryptoServices.ts"
import {
  hasCustomerKeyPlan,
  plansOf,
  type RecipientType,
  recipientTypeOf,
} from "../customer-key/CustomerTenant.ts"
import type { DataEncryptionPolicy } from "../customer-key/DataEncryptionPolicy.ts"
import { policyOf } from "../customer-key/policyLookup.ts"
import {
  keysReachable,
  type PolicyFacets,
  policyFound,
  policyUsable,
} from "../decisions/policyGates.ts"
import { ownValue } from "../ownValue.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { mailboxPolicyRoles } from "./mailboxPolicies.ts"
import {
  assignPolicy,
  type Command,
  commandAudit,
  isPolicyKeyReachable,
  noPolicy,
} from "./policyOperations.ts"

interface RecipientFacets extends PolicyFacets {
  readonly recipientType: string
  readonly isLicensed: boolean
}

const recipientLicence = gate<RecipientFacets>()({
  name: "mailbox-licence",
  facts: ["CRY-034", "CRY-035"],
  reads: ["recipientType", "isLicensed"],
  check: ({ recipientType, isLicensed }) =>
    isLicensed
      ? pass("A plan with Customer Key covers the mailbox.", { recipientType })
      : deny(
          "No plan with Customer Key covers the mailbox; what it has stays as it is.",
          { recipientType },
          {
            code: "CustomerKey.LicenseRequired",
            message: "The recipient does not have a license that includes Customer Key.",
          },
        ),
})

const reachable = (
  world: CryptoWorld,
  policy: DataEncryptionPolicy | undefined,
  now: number,
): boolean => policy === undefined || isPolicyKeyReachable(world, policy, now)

const recipientFacets = (
  { world, now }: Call<CryptoWorld>,
  mailbox: string,
  policy: DataEncryptionPolicy | undefined,
  identity: string,
): RecipientFacets => ({
  ...noPolicy,
  policy: identity,
  isFound: policy !== undefined,
  isEnabled: policy?.isEnabled ?? false,
  isPurgeRequested: policy?.purgeRequest !== undefined,
  areKeysReachable:
    reachable(world, policyInForce(world, "Exchange", mailbox), now) &&
    reachable(world, policy, now),
  recipientType: recipientTypeOf(world.crypto.customerTenant, mailbox),
  isLicensed: hasCustomerKeyPlan(plansOf(world.crypto.customerTenant, mailbox)),
})

interface Assignment extends Command {
  readonly identity: string
  /** Null: back to Microsoft's keys. Undefined: the policy stays as it is. */
  readonly policy: string | null | undefined
  readonly type: RecipientType | undefined
}

const assigned = (
  { world, now }: Call<CryptoWorld>,
  mailbox: string,
  policy: DataEncryptionPolicy | undefined,
): readonly CryptoEvent[] => {
  const held = ownValue(world.crypto.customerTenant.unencrypted, mailbox)
  const isMarked = policy !== undefined && held?.place === "Cloud"
  return [
    {
      _tag: "MailboxPolicyAssigned",
      mailbox,
      ...(policy === undefined ? {} : { policyId: policy.id }),
    },
    ...(isMarked ? [{ _tag: "RecipientMoveMarked" as const, mailbox, at: now }] : []),
  ]
}

/** Assigns a policy to a recipient, or takes it away; a new type counts from this command on. */
const assignTo = (call: Call<CryptoWorld>, o: Assignment) => {
  const mailbox = o.identity.toLowerCase()
  const typed: readonly CryptoEvent[] =
    o.type === undefined ? [] : [{ _tag: "RecipientTypeSet", mailbox, type: o.type }]
  const tenant = call.world.crypto.customerTenant
  const recipients = {
    ...tenant.recipients,
    ...(o.type === undefined ? {} : { [mailbox]: o.type }),
  }
  const crypto = { ...call.world.crypto, customerTenant: { ...tenant, recipients } }
  const typedCall = { ...call, world: { ...call.world, crypto } }
  if (o.policy === undefined) {
    const decision = decideByGates([recipientKnown], {})
    return { decision, events: typed, audit: [commandAudit(o, mailbox)] }
  }
  const policy =
    o.policy === null ? undefined : policyOf(call.world, { kind: "Mailbox", identity: o.policy })
  const facets = recipientFacets(typedCall, mailbox, policy, o.policy ?? "")
  return assignPolicy(call, {
    decision:
      o.policy === null
        ? decideByGates([keysReachable], facets)
        : decideByGates([policyFound, policyUsable, recipientLicence, keysReachable], facets),
    events: [...typed, ...assigned(call, mailbox, policy)],
    audit: commandAudit(o, mailbox),
  })
}

const recipientKnown = gate<object>()({
  name: "recipient",
  facts: ["CRY-071"],
  reads: [],
  check: () => pass("The recipient is there."),
})

const DataEncryptionPolicyParam = Schema.optionalKey(
  Schema.NullOr(text("Name or GUID of the policy; $null takes it away")),
)
const facts = ["CRY-003", "CRY-035", "CRY-071", "CRY-074", "CRY-117", "CRY-124"] as const

export const setMailbox = cryptoOperation({
  name: "Set-Mailbox",
  summary: "Assigns a data encryption policy to a mailbox, or with $null takes it away.",
  params: Schema.Struct({
    Identity: text("Address of the mailbox"),
    DataEncryptionPolicy: DataEncryptionPolicyParam,
    Type: Schema.optionalKey(
      Schema.Literals(["Regular", "Shared"]).annotate({ description: "Shared needs no licence" }),
    ),
    PublicFolder: Schema.optionalKey(Schema.Boolean),
  }),
  roles: mailboxPolicyRoles,
  facts: [...facts, "CRY-073", "CRY-075"],
  binding: { positional: ["Identity"], switches: ["PublicFolder"] },
  decide: (call, given) => {
    const { Identity: identity, DataEncryptionPolicy: policy, Type, PublicFolder } = given
    const plain = Type === "Shared" ? "Shared" : Type === "Regular" ? "UserMailbox" : undefined
    const type = PublicFolder === true ? "PublicFolder" : plain
    return assignTo(call, { cmdlet: "Set-Mailbox", given, identity, policy, type })
  },
})

export const setMailUser = cryptoOperation({
  name: "Set-MailUser",
  summary: "Assigns a policy to a mailbox on premises, before it is moved to the service.",
  params: Schema.Struct({
    Identity: text("Address of the mail user"),
    DataEncryptionPolicy: DataEncryptionPolicyParam,
  }),
  roles: mailboxPolicyRoles,
  roleRefusal: notRecognized("Set-MailUser"),
  facts: [...facts, "CRY-006", "CRY-076"],
  binding: { positional: ["Identity"] },
  decide: (call, given) =>
    assignTo(call, {
      cmdlet: "Set-MailUser",
      given,
      identity: given.Identity,
      policy: given.DataEncryptionPolicy,
      type: "MailUser",
    }),
})

/** The policy of a group's mailbox, for the cmdlets of groups in the directory. */
export const assignGroupPolicy = Effect.fnUntraced(function* (
  call: Call<CryptoWorld>,
  o: Pick<Assignment, "cmdlet" | "identity" | "policy">,
): Effect.fn.Return<Ruling<CryptoEvent>, never, CryptoServices> {
  const answer = assignTo(call, {
    ...o,
    given: { Identity: o.identity, DataEncryptionPolicy: o.policy },
    type: "Group",
  })
  return Effect.isEffect(answer) ? yield* answer : answer
})

export const newUnifiedGroup = cryptoOperation({
  name: "New-UnifiedGroup",
  summary: "Creates a Microsoft 365 group, with a data encryption policy for its mailbox.",
  params: Schema.Struct({
    DisplayName: Schema.optionalKey(text("Name of the group")),
    PrimarySmtpAddress: text("Address of the group"),
    DataEncryptionPolicy: DataEncryptionPolicyParam,
  }),
  roles: mailboxPolicyRoles,
  roleRefusal: notRecognized("New-UnifiedGroup"),
  facts,
  binding: { positional: ["DisplayName"] },
  decide: (call, params) =>
    assignTo(call, {
      cmdlet: "New-UnifiedGroup",
      given: params,
      identity: params.PrimarySmtpAddress,
      policy: params.DataEncryptionPolicy,
      type: "Group",
    }),
})

export const setUnifiedGroup = cryptoOperation({
  name: "Set-UnifiedGroup",
  summary: "Assigns a data encryption policy to the mailbox of a Microsoft 365 group.",
  params: Schema.Struct({
    Identity: text("Address of the group"),
    DataEncryptionPolicy: DataEncryptionPolicyParam,
  }),
  roles: mailboxPolicyRoles,
  roleRefusal: notRecognized("Set-UnifiedGroup"),
  facts,
  binding: { positional: ["Identity"] },
  decide: (call, params) =>
    assignTo(call, {
      cmdlet: "Set-UnifiedGroup",
      given: params,
      identity: params.Identity,
      policy: params.DataEncryptionPolicy,
      type: "Group",
    }),
})
