import { isLiveAt } from "../JitAccount.ts"
import { isLive } from "../LockboxRequest.ts"
import { checkCommandLine, escapesOf } from "../RoleCapability.ts"
import {
  componentOf,
  customerRequestOf,
  elevationOf,
  elevationsOf,
  engineerOf,
  engineersOf,
  jitAccountOf,
  jitAccountsOf,
  lockboxRolesOf,
  operatorActionsOf,
  standingPrivilegesOf,
} from "../State.ts"
import type { Invariant } from "./Invariant.ts"

/** What must hold about people, accounts and what they did (INV-01 to INV-08, 12, 13, 16). */
export const accessInvariants: readonly Invariant[] = [
  {
    id: "INV-01",
    statement: "Nobody holds a privileged right without a live just-in-time account.",
    facts: ["DCO-011", "DCO-283"],
    violations: (world) =>
      engineersOf(world).flatMap(({ id }) =>
        standingPrivilegesOf(world, id).map((it) => `${id} holds ${it}`),
      ),
  },
  {
    id: "INV-02",
    statement: "Every live just-in-time account has exactly one approved request in its time.",
    facts: ["DCO-012", "DCO-022", "DCO-052", "DCO-053"],
    violations: (world, now) => [
      ...jitAccountsOf(world)
        .filter(({ state }) => state === "Enabled")
        .flatMap((it) => {
          const request = elevationOf(world, it.request)
          const isBacked =
            request !== undefined &&
            isLive(request.state) &&
            request.account === it.id &&
            request.approvedAt === it.notBefore &&
            it.notAfter <= it.notBefore + request.durationMinutes * 60_000
          return isBacked && isLiveAt(it, now) ? [] : [`${it.id} has no approval behind it`]
        }),
      ...elevationsOf(world)
        .filter(
          ({ state, account }) =>
            isLive(state) &&
            (account === undefined || jitAccountOf(world, account)?.state !== "Enabled"),
        )
        .map(({ id }) => `${id} is live without an account`),
    ],
  },
  {
    id: "INV-03",
    statement: "Nobody approved their own request, and each level was another person.",
    facts: ["DCO-047", "DCO-055"],
    violations: (world) =>
      elevationsOf(world).flatMap(({ id, requester, approvals, approvedAt }) => {
        const people = approvals.map(({ by }) => by)
        const isSound =
          !people.includes(requester) &&
          new Set(people).size === people.length &&
          (approvedAt === undefined || people.length > 0)
        return isSound ? [] : [`${id} was approved by ${people.join(", ") || "nobody"}`]
      }),
  },
  {
    id: "INV-04",
    statement: "Nobody may both ask for a role and decide on it.",
    facts: ["DCO-017"],
    violations: (world) =>
      engineersOf(world).flatMap(({ id, lockboxRoles, approverFor }) =>
        approverFor
          .filter(({ role }) => lockboxRoles.includes(role))
          .map(({ role }) => `${id} holds and approves ${role}`),
      ),
  },
  {
    id: "INV-05",
    statement: "Every privileged operation was one of the approved actions on an approved machine.",
    facts: ["DCO-013", "DCO-079"],
    violations: (world) =>
      operatorActionsOf(world)
        .filter(({ isPrivileged, principal }) => isPrivileged && principal !== "service-account")
        .flatMap((it) => {
          const account = it.account === undefined ? undefined : jitAccountOf(world, it.account)
          const isInside =
            account !== undefined &&
            account.owner === it.owner &&
            account.notBefore <= it.at &&
            it.at < account.notAfter &&
            (account.deletedAt === undefined || it.at <= account.deletedAt) &&
            account.scope.components.includes(it.component) &&
            checkCommandLine(account.capability, { command: it.command, parameters: {} }).result ===
              "allowed"
          return isInside ? [] : [`${it.owner} ran ${it.command} on ${it.component}`]
        }),
  },
  {
    id: "INV-07",
    statement: "A stolen account without elevation reaches nothing; a stolen elevation, one task.",
    facts: ["DCO-021", "DCO-097", "DCO-086"],
    violations: (world) => [
      ...jitAccountsOf(world).flatMap(({ id, scope }) => {
        const partitions = new Set(scope.components.map((it) => componentOf(world, it)?.partition))
        return partitions.size === 1 && partitions.has(scope.partition)
          ? []
          : [`${id} reaches ${partitions.size} partitions`]
      }),
      ...lockboxRolesOf(world).flatMap(({ name, capability }) =>
        escapesOf(capability).map((it) => `${name} exposes ${it}`),
      ),
    ],
  },
  {
    id: "INV-08",
    statement: "A person touched content only inside the tenant's approval, four hours at most.",
    facts: ["DCO-107", "DCO-123"],
    violations: (world) =>
      operatorActionsOf(world)
        .filter(
          ({ touches, principal }) => touches === "customer-content" && principal === "jit-account",
        )
        .flatMap((it) => {
          const request = it.request === undefined ? undefined : elevationOf(world, it.request)
          // Without a customer step the feature was not in force when the request was approved.
          if (request?.customerRequest === undefined) return []
          const asked = customerRequestOf(world, request.customerRequest)
          const isInside =
            asked?.decidedAt !== undefined &&
            asked.accessUntil !== undefined &&
            asked.decidedAt <= it.at &&
            it.at < asked.accessUntil &&
            asked.accessUntil - asked.decidedAt <= 240 * 60_000
          return isInside ? [] : [`${it.owner} touched content of ${it.tenant ?? "a tenant"}`]
        }),
  },
  {
    id: "INV-12",
    statement: "Nobody has both logical and physical access.",
    facts: ["DCO-100"],
    violations: (world) =>
      engineersOf(world)
        .filter(({ hasPhysicalAccess, state }) => hasPhysicalAccess && state !== "Removed")
        .map(({ id }) => `${id} has both`),
  },
  {
    id: "INV-13",
    statement: "Whoever is elevated is screened, trained, employed and enabled.",
    facts: ["DCO-028", "DCO-029", "DCO-036"],
    violations: (world, now) =>
      jitAccountsOf(world)
        .filter((it) => isLiveAt(it, now))
        .flatMap(({ id, owner }) => {
          const person = engineerOf(world, owner)
          const isFresh =
            person?.state === "Active" &&
            now < person.screeningValidUntil &&
            now < person.trainingValidUntil
          return isFresh ? [] : [`the owner of ${id} is not entitled any more`]
        }),
  },
  {
    id: "INV-16",
    statement: "People read keys only inside an elevation with every approval of its chain.",
    facts: ["DCO-192", "DCO-193", "DCO-196", "DCO-199"],
    violations: (world) =>
      operatorActionsOf(world)
        .filter(
          ({ touches, principal }) =>
            touches === "access-control-data" && principal !== "service-account",
        )
        .flatMap((it) => {
          const request = it.request === undefined ? undefined : elevationOf(world, it.request)
          const role = lockboxRolesOf(world).find(({ name }) => name === request?.role)
          const isComplete =
            it.command !== "Get-AvailabilityKey" &&
            request !== undefined &&
            role !== undefined &&
            request.approvals.length >= role.approvalChain.length
          return isComplete ? [] : [`${it.owner} ran ${it.command}`]
        }),
  },
]
