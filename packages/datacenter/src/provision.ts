import { type Draw, isoOf, type OutputObject } from "@twin/kernel"
import type { DatacenterEvent } from "./DatacenterEvent.ts"
import type { JitAccount } from "./JitAccount.ts"
import type { LockboxRequest } from "./LockboxRequest.ts"
import { type DatacenterWorld, lockboxRoleOf } from "./State.ts"

/** The account for one approved request (LBX-11): no action, machine or minute more than approved. */
export const accountFor = (
  world: Pick<DatacenterWorld, "datacenter">,
  o: {
    readonly request: LockboxRequest
    readonly approvedAt: number
    /** End of the tenant's approval, where there is one. */
    readonly accessUntil?: number
    readonly draw: Draw
  },
): JitAccount => {
  const { request, approvedAt, draw } = o
  const id = `jit-${draw.guid("just-in-time account")}`
  const role = lockboxRoleOf(world, request.role)
  const wanted = request.actions.map((it) => it.toLowerCase())
  const granted = (role?.capability ?? []).filter(
    ({ name }) => wanted.length === 0 || wanted.includes(name.toLowerCase()),
  )
  const end = approvedAt + request.durationMinutes * 60_000
  return {
    id,
    request: request.id,
    owner: request.requester,
    role: request.role,
    capability: granted,
    scope: request.scope,
    notBefore: approvedAt,
    notAfter: Math.min(end, o.accessUntil ?? end),
    credential: `password of ${id}`,
    state: "Enabled",
  }
}

export const provisioned = (account: JitAccount): DatacenterEvent => ({
  _tag: "JitAccountProvisioned",
  account,
})

/** What the requester gets to know about the account; the password stays in the safe. */
export const accountOutput = (account: JitAccount): OutputObject => ({
  account: account.id,
  owner: account.owner,
  role: account.role,
  partition: account.scope.partition,
  components: account.scope.components,
  actions: account.capability.map(({ name }) => name),
  notBefore: isoOf(account.notBefore),
  notAfter: isoOf(account.notAfter),
})
