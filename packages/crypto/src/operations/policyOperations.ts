import {
  type AuditEntry,
  andThen,
  type Call,
  type Decision,
  decideByGates,
  exchangeAdminAudit,
  type OutputObject,
  type Ruling,
} from "@twin/kernel"
import { Effect, Option } from "effect"
import { type Container, containersOf, type Hierarchy, policyKeyOf } from "../at-rest/Hierarchy.ts"
import { rootFacetsOf, rootRoute } from "../at-rest/rootRoute.ts"
import type { CryptoServices } from "../CryptoServices.ts"
import type { DataEncryptionPolicy, PolicyKind } from "../customer-key/DataEncryptionPolicy.ts"
import {
  createPolicyKeys,
  moveContainers,
  namesOfPolicyKeys,
  rollPolicyKey,
  worldAfter,
} from "../customer-key/policyKeys.ts"
import { policyOf, withVersion } from "../customer-key/policyLookup.ts"
import { rootKeyFacetsOf, rootKeyRules } from "../decisions/evaluateRootKeys.ts"
import {
  keysReachable,
  onboarding,
  type PolicyFacets,
  policyFound,
  policyLimit,
  policyName,
} from "../decisions/policyGates.ts"
import { type CryptoEvent, type CryptoWorld, dataEncryptionPolicies } from "../State.ts"

/** What the facets of a question about policies are unless it says otherwise: nothing allows. */
export const noPolicy: PolicyFacets = {
  policy: "",
  isFound: false,
  isOnboarded: false,
  isNameTaken: true,
  activePolicies: Number.MAX_SAFE_INTEGER,
  isActivated: true,
  isEnabled: false,
  isPurgeRequested: true,
  isAssigned: true,
  isSwitchedOff: true,
  areKeysReachable: false,
}

/** A cmdlet and the parameters that it was given, for the audit record of the change. */
export interface Command {
  readonly cmdlet: string
  readonly given: Readonly<Record<string, unknown>>
}

/** A change by an administrator, as the Exchange admin audit log writes it. */
export const commandAudit = ({ cmdlet, given }: Command, objectId: string): AuditEntry =>
  exchangeAdminAudit(cmdlet, objectId, given)

/** The parameters of both cmdlets that create a policy. */
export interface NewPolicy extends Command {
  readonly kind: "Mailbox" | "MultiWorkload"
  readonly name: string
  readonly keys: readonly string[]
  readonly description: string
  readonly isEnabled: boolean
}

/** Validates the root keys, then really makes the policy's key and wraps it three times. */
export const createPolicy = Effect.fnUntraced(function* (
  { world, now, draw }: Call<CryptoWorld>,
  o: NewPolicy,
): Effect.fn.Return<Ruling<CryptoEvent>, never, CryptoServices> {
  const { kind, name } = o
  const all = dataEncryptionPolicies(world).filter((policy) => policy.kind === kind)
  const uris = o.keys.map((uri) => withVersion(world, uri, false))
  const facets = {
    ...noPolicy,
    policy: name,
    isOnboarded: world.crypto.customerKey.onboarded.includes(kind === "Mailbox" ? "EXO" : "MDEP"),
    isNameTaken: all.some((policy) => policy.name.toLowerCase() === name.toLowerCase()),
    activePolicies: all.filter(({ isEnabled }) => isEnabled).length,
    isActivated: o.isEnabled,
    ...rootKeyFacetsOf(world, { kind, uris, now }),
  }
  const limits = kind === "Mailbox" ? [policyLimit] : []
  const decision = decideByGates([onboarding, policyName, ...limits, ...rootKeyRules], facets)
  if (decision.outcome !== "allow") return { decision }
  const id = draw.guid("data encryption policy")
  const policy: DataEncryptionPolicy = {
    id,
    kind,
    name,
    description: o.description,
    isEnabled: o.isEnabled,
    rootKeys: uris,
    ...namesOfPolicyKeys(id, kind),
    versionIds: [draw.guid("data encryption policy version")],
    createdAt: now,
    isPurged: false,
  }
  const made = yield* createPolicyKeys(world, policy)
  const events: readonly CryptoEvent[] = [{ _tag: "DataEncryptionPolicyCreated", policy }, ...made]
  return { decision, events, output: [policyOutput(policy)], audit: [commandAudit(o, name)] }
})

/** What `Get-` prints; the availability key is no property (CRY-089). */
export const policyOutput = (policy: DataEncryptionPolicy): OutputObject => ({
  Identity: policy.name,
  Name: policy.name,
  Guid: policy.id,
  AzureKeyIDs: [...policy.rootKeys],
  Description: policy.description,
  Enabled: policy.isEnabled,
  ...(policy.kind === "Mailbox"
    ? {
        PermanentDataPurgeContact: policy.purgeRequest?.contact ?? "",
        PermanentDataPurgeReason: policy.purgeRequest?.reason ?? "",
      }
    : {}),
})

/** An unknown or missing identity lists them all: the real cmdlets do so, too. */
export const listPolicies = (
  world: CryptoWorld,
  kind: PolicyKind,
  identity: string | null | undefined,
): readonly OutputObject[] => {
  const one = identity ? policyOf(world, { kind, identity }) : undefined
  const all = dataEncryptionPolicies(world).filter((policy) => policy.kind === kind)
  return (one === undefined ? all : [one]).map(policyOutput)
}

/** Whether the service itself can get at the key of a policy now. */
export const isPolicyKeyReachable = (
  world: CryptoWorld,
  policy: DataEncryptionPolicy,
  now: number,
): boolean => {
  const hierarchy: Hierarchy = {
    workload: policy.kind === "SharePointGeo" ? "SharePoint" : "Exchange",
    levels: [policyKeyOf(policy)],
    policy,
  }
  return rootRoute(rootFacetsOf(world, hierarchy, { origin: "System", now })) !== "none"
}

/** `-Refresh` (newest versions of the same keys) and `-Replace` (other keys) (CRY-107, CRY-108). */
export const rollPolicy = Effect.fnUntraced(function* (
  { world, now, draw }: Call<CryptoWorld>,
  o: Command & { readonly policy: DataEncryptionPolicy; readonly keys?: readonly string[] },
): Effect.fn.Return<Ruling<CryptoEvent>, never, CryptoServices> {
  const { policy } = o
  const isRefresh = o.keys === undefined
  const uris = (o.keys ?? policy.rootKeys).map((uri) => withVersion(world, uri, isRefresh))
  const found = { policy: policy.name, isFound: true }
  const areKeysReachable = isPolicyKeyReachable(world, policy, now)
  const decision = decideByGates([policyFound, ...rootKeyRules, keysReachable], {
    ...noPolicy,
    ...found,
    areKeysReachable,
    ...rootKeyFacetsOf(world, { kind: policy.kind, uris, now }),
  })
  if (decision.outcome !== "allow") return { decision }
  const rewrapped = yield* rollPolicyKey(world, policy, { rootKeys: uris, now })
  if (Option.isNone(rewrapped)) return { decision: notRewrapped(decision) }
  const versionId = draw.guid("data encryption policy version")
  const events: readonly CryptoEvent[] = [
    ...rewrapped.value,
    { _tag: "DataEncryptionPolicyRolled", policyId: policy.id, rootKeys: uris, versionId },
  ]
  return { decision, events, audit: [commandAudit(o, policy.name)] }
})

/** The gates allowed and the bytes did not open: the wrapped copies are damaged. */
const notRewrapped = (decision: Decision): Decision =>
  andThen(decision, () => decideByGates([keysReachable], { areKeysReachable: false }))

/** Applies assignments and wraps the keys of all mailboxes concerned anew (CRY-074). */
export const assignPolicy = Effect.fnUntraced(function* (
  { world, now }: Call<CryptoWorld>,
  o: {
    readonly decision: Decision
    readonly events: readonly CryptoEvent[]
    readonly audit: AuditEntry
  },
): Effect.fn.Return<Ruling<CryptoEvent>, never, CryptoServices> {
  if (o.decision.outcome !== "allow") return { decision: o.decision }
  const after = worldAfter(world, o.events)
  const containers: readonly Container[] = containersOf(world, "Exchange")
  const moved = yield* moveContainers({ before: world, after, now }, containers)
  if (Option.isNone(moved)) return { decision: notRewrapped(o.decision) }
  return { decision: o.decision, events: [...o.events, ...moved.value], audit: [o.audit] }
})
