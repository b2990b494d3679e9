import { type AuditEntry, andThen, decideByGates, deny, gate, pass } from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import type { DataEncryptionPolicy } from "../customer-key/DataEncryptionPolicy.ts"
import { rollAvailabilityKey } from "../customer-key/policyKeys.ts"
import { policyOf } from "../customer-key/policyLookup.ts"
import { keysReachable, policyFound } from "../decisions/policyGates.ts"
import { accessOf, secretStoreRole } from "../Elevation.ts"
import { type CryptoWorld, geoEncryptionOf, policyById } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { noPolicy } from "./policyOperations.ts"

interface StoreFacets {
  readonly how: string
  readonly isService: boolean
  readonly isElevated: boolean
}

/** Nobody of the tenant comes in here, whatever the role (CRY-089). */
const elevation = gate<StoreFacets>()({
  name: "secret-store-elevation",
  facts: ["CRY-089", "CRY-091", "CRY-092"],
  reads: ["isService", "isElevated"],
  check: ({ isService, isElevated }) =>
    isService || isElevated
      ? pass("The service itself, or an engineer with an elevation that is in force.", {
          isService,
        })
      : deny(
          "There is no way to this key but an automated command of the service, started with an approved elevation.",
          { isElevated },
        ),
})

const automated = gate<StoreFacets>()({
  name: "secret-store-command",
  facts: ["CRY-092"],
  reads: ["how"],
  check: ({ how }) =>
    how === "automated-command"
      ? pass("An automated command does it; nobody sees the store.", { how })
      : deny("Nobody logs on to the store or to its service accounts.", { how }),
})

const alert = (objectId: string): AuditEntry => ({
  operation: "Secret store alert",
  recordType: 1,
  workload: "Exchange",
  objectId,
  resultStatus: "False",
})

const found = (world: CryptoWorld, identity: string): DataEncryptionPolicy | undefined => {
  const geo = policyById(world, geoEncryptionOf(world).policyId)
  return (
    policyOf(world, { kind: "Mailbox", identity }) ??
    policyOf(world, { kind: "MultiWorkload", identity }) ??
    (geo?.name.toLowerCase() === identity.toLowerCase() || geo?.id === identity ? geo : undefined)
  )
}

export const rollAvailabilityKeyOperation = cryptoOperation({
  name: "roll-availability-key",
  summary: "Microsoft rolls the availability key of a policy; the tenant has no way to do it.",
  params: Schema.Struct({
    policy: text("Name or GUID of the policy"),
    how: Schema.optionalKey(Schema.Literals(["automated-command", "interactive-log-on"])),
  }),
  facts: ["CRY-089", "CRY-091", "CRY-092", "CRY-100"],
  decide: ({ world, actor, now, draw }, { policy: identity, how = "automated-command" }) =>
    Effect.gen(function* () {
      const policy = found(world, identity)
      const access = accessOf(actor, secretStoreRole)
      const facets = {
        how,
        isService: access === "service",
        isElevated: access === "elevated",
      }
      const asked = decideByGates([elevation, automated], facets)
      if (asked.outcome !== "allow") return { decision: asked, audit: [alert(identity)] }
      const decision = andThen(asked, () =>
        decideByGates([policyFound], {
          ...noPolicy,
          policy: identity,
          isFound: policy !== undefined,
        }),
      )
      if (policy === undefined) return { decision }
      const availabilityKeyId = `${policy.availabilityKeyId.split("/").slice(0, 2).join("/")}/${draw.guid("availability key")}`
      const rolled = yield* rollAvailabilityKey(world, policy, { availabilityKeyId, now })
      if (Option.isNone(rolled)) {
        const unreachable = decideByGates([keysReachable], { areKeysReachable: false })
        return { decision: andThen(decision, () => unreachable) }
      }
      return { decision, events: rolled.value }
    }),
})
