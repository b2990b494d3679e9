import { Schema } from "effect"
import { ElevationScope } from "./LockboxRequest.ts"
import { CmdletCapability } from "./RoleCapability.ts"
import { Service } from "./Service.ts"

/**
 * The account made for one approved elevation: bound by time, by scope and by actions (DCO-012,
 * DCO-013), with exactly one owner (DCO-022). Its one-time password lies in the key vault.
 */
export const JitAccount = Schema.Struct({
  id: Schema.NonEmptyString,
  request: Schema.NonEmptyString,
  owner: Schema.NonEmptyString,
  role: Schema.NonEmptyString,
  capability: Schema.Array(CmdletCapability),
  scope: ElevationScope,
  notBefore: Schema.Finite,
  /** Half-open: at this moment the account is gone (DCO-053). */
  notAfter: Schema.Finite,
  /** Name of the one-time password in the vault (DCO-050). */
  credential: Schema.NonEmptyString,
  /** Disabled and then deleted in one step at the end (DCO-052). */
  state: Schema.Literals(["Enabled", "Deleted"]),
  deletedAt: Schema.optionalKey(Schema.Finite),
})
export type JitAccount = typeof JitAccount.Type

/** Live: enabled and inside its window (INV-02). */
export const isLiveAt = (account: JitAccount, now: number): boolean =>
  account.state === "Enabled" && account.notBefore <= now && now < account.notAfter

/** The only two ways in (DCO-067). */
export const ManagementInterface = Schema.Literals(["TerminalServiceGateway", "RemotePowerShell"])
export type ManagementInterface = typeof ManagementInterface.Type

/** A connection of one person to one machine. */
export const OperatorSession = Schema.Struct({
  id: Schema.NonEmptyString,
  owner: Schema.NonEmptyString,
  /** Absent: the person's own account, which reads system metadata and no more (DCO-015). */
  account: Schema.optionalKey(Schema.NonEmptyString),
  component: Schema.NonEmptyString,
  interface: ManagementInterface,
  /** Platform of the smart card that was presented; absent: none. */
  smartCard: Schema.optionalKey(Service),
  ipAddress: Schema.String,
  startedAt: Schema.Finite,
  lastActivityAt: Schema.Finite,
  endedAt: Schema.optionalKey(Schema.Finite),
  endedBecause: Schema.optionalKey(
    Schema.Literals(["ended", "idle", "forced-logoff", "elevation-ended", "killed"]),
  ),
})
export type OperatorSession = typeof OperatorSession.Type
