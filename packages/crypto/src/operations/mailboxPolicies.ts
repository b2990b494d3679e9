import { days, decideByGates, gate, notRecognized, pass } from "@twin/kernel"
import { Schema } from "effect"
import { containerKey, policyInForce } from "../at-rest/Hierarchy.ts"
import { encryptionWaitDays } from "../customer-key/CustomerTenant.ts"
import { ownValue } from "../ownValue.ts"
import { keyOf, mailboxPolicyIdOf } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { createPolicy, listPolicies } from "./policyOperations.ts"

/** CRY-079. */
export const mailboxPolicyRoles = ["Exchange Administrator", "Global Administrator"] as const

/** The parameters of a new mailbox or multi-workload policy. */
export const newPolicyParams = Schema.Struct({
  Name: text("Name of the policy; spaces are accepted"),
  AzureKeyIDs: Schema.Array(text("Address of a key in Azure Key Vault")).annotate({
    description: "Two keys in two vaults of two subscriptions",
  }),
  Description: Schema.optionalKey(Schema.String),
  Enabled: Schema.optionalKey(Schema.Boolean),
  Confirm: Schema.optionalKey(Schema.Boolean),
})

export const newDataEncryptionPolicy = cryptoOperation({
  name: "New-DataEncryptionPolicy",
  summary: "Creates a data encryption policy for mailboxes.",
  params: newPolicyParams,
  roles: mailboxPolicyRoles,
  roleRefusal: notRecognized("New-DataEncryptionPolicy"),
  facts: ["CRY-037", "CRY-052", "CRY-071", "CRY-077", "CRY-078", "CRY-079", "CRY-081", "CRY-088"],
  binding: { positional: ["Name"], switches: ["Confirm"] },
  decide: (call, given) =>
    createPolicy(call, {
      cmdlet: "New-DataEncryptionPolicy",
      kind: "Mailbox",
      given,
      name: given.Name,
      keys: given.AzureKeyIDs,
      description: given.Description ?? "",
      isEnabled: given.Enabled ?? true,
    }),
})

/** Reading changes nothing and is refused to nobody who has the role. */
export const listed = gate<object>()({
  name: "listed",
  facts: ["CRY-089"],
  reads: [],
  check: () => pass("What is printed is what administrators may see; keys are never shown."),
})

export const getDataEncryptionPolicy = cryptoOperation({
  name: "Get-DataEncryptionPolicy",
  summary: "Lists mailbox policies; an unknown identity lists them all.",
  params: Schema.Struct({
    Identity: Schema.optionalKey(Schema.NullOr(text("Name or GUID of the policy"))),
  }),
  roles: mailboxPolicyRoles,
  roleRefusal: notRecognized("Get-DataEncryptionPolicy"),
  facts: ["CRY-079", "CRY-089"],
  binding: { positional: ["Identity"] },
  isReadOnly: true,
  decide: ({ world }, { Identity }) => ({
    decision: decideByGates([listed], {}),
    output: listPolicies(world, "Mailbox", Identity),
  }),
})

export const getMailboxStatistics = cryptoOperation({
  name: "Get-MailboxStatistics",
  summary: "Shows whether a mailbox is encrypted and by which version of which policy.",
  params: Schema.Struct({ Identity: text("Address of the mailbox") }),
  roles: mailboxPolicyRoles,
  facts: ["CRY-075", "CRY-111"],
  binding: { positional: ["Identity"] },
  isReadOnly: true,
  decide: ({ world, now }, { Identity }) => {
    const mailbox = Identity.toLowerCase()
    const policy = policyInForce(world, "Exchange", mailbox)
    const { unencrypted } = world.crypto.customerTenant
    const held = ownValue(unencrypted, mailbox)
    const isLate = held?.markedAt !== undefined && now - held.markedAt > days(encryptionWaitDays)
    const hasKey = keyOf(world, containerKey("Exchange", mailbox)) !== undefined
    return {
      decision: decideByGates([listed], {}),
      output: [
        {
          Identity: mailbox,
          IsEncrypted: hasKey && held === undefined,
          DataEncryptionPolicyID: policy?.versionIds.at(-1) ?? "",
          AssignedDirectly: mailboxPolicyIdOf(world, mailbox) !== undefined,
        },
      ],
      warnings: isLate
        ? [
            `${mailbox} is not encrypted ${encryptionWaitDays} days after the assignment: contact Microsoft.`,
          ]
        : [],
    }
  },
})
