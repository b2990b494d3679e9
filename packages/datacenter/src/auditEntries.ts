import { type AuditEntry, type AuditRecord, isoOf } from "@twin/kernel"
import type { InternalRecord } from "./InternalRecord.ts"
import type { JitAccount } from "./JitAccount.ts"
import type { LockboxRequest } from "./LockboxRequest.ts"
import { type Service, workloadOf } from "./Service.ts"
import { type DatacenterWorld, engineerOf } from "./State.ts"

/**
 * Record type of internal records: the schema's numbers begin at 1, so this one can be no tenant's
 * record. They share the mandatory common fields (DCO-212) and stay inside (DCO-221).
 */
export const internalRecordType = 0

/** Whether a record belongs into the tenant's unified audit log (DCO-221). */
export const isVisibleToTenant = (record: Pick<AuditRecord, "Workload">): boolean =>
  record.Workload !== "Datacenter"

/** An internal record in the common schema. */
export const internalEntry = (record: InternalRecord): AuditEntry => ({
  operation: record.what,
  recordType: internalRecordType,
  workload: "Datacenter",
  userId: record.who,
  userType: record.who === "system" ? 4 : 3,
  resultStatus: record.outcome,
  ...(record.component === undefined ? {} : { objectId: record.component }),
  details: {
    InternalLogSequence: record.seq,
    Kind: record.kind,
    ...(record.code === undefined ? {} : { FailureReason: record.code }),
    ...(record.transitions === undefined ? {} : { Transitions: record.transitions }),
    ...(record.request === undefined ? {} : { ElevationRequestId: record.request }),
    ...(record.partition === undefined ? {} : { Partition: record.partition }),
  },
})

/** Seconds, UTC, as the schema writes times. */
const time = (epochMillis: number): string => isoOf(epochMillis).slice(0, 19)

/**
 * What an engineer did in a tenant, as the tenant sees it (DCO-132, DCO-216, DCO-217). Only for
 * moments inside the grant window, so that the record leads to its approval (INV-11).
 */
export const operatorEntry = (
  world: Pick<DatacenterWorld, "datacenter">,
  o: {
    readonly request: LockboxRequest
    readonly account: JitAccount
    readonly service: Service
    readonly command: string
    readonly now: number
    readonly isSucceeded: boolean
  },
): AuditEntry => {
  const { request, account, service, command, now, isSucceeded } = o
  const approval = request.approvals.at(-1)
  return {
    operation: command,
    recordType: 10,
    workload: workloadOf[service],
    userId: "Microsoft Operator",
    userType: 3,
    resultStatus: isSucceeded ? "Succeeded" : "Failed",
    details: {
      DataCenterSecurityEventType: 0,
      StartTime: time(now),
      EffectiveOrganization: account.scope.tenant ?? "",
      ElevationTime: time(account.notBefore),
      ElevationApprover:
        approval === undefined ? "" : (engineerOf(world, approval.by)?.displayName ?? approval.by),
      ...(approval === undefined ? {} : { ElevationApprovedTime: time(approval.at) }),
      ElevationRequestId: request.id,
      ElevationRole: request.role,
      // The schema gives no unit; the twin uses minutes.
      ElevationDuration: request.durationMinutes,
      GenericInfo: "",
      ...(service === "Exchange" ? { ExternalAccess: true } : {}),
    },
  }
}

/** The service account that stands in the record instead of the human approver (DCO-131). */
export const boxServiceAccount = "BOXServiceAccount@NAMPR00A001.prod.outlook.com"

/** A tenant's decision on a Customer Lockbox request (DCO-131, DCO-141). */
export const customerDecisionEntry = (o: {
  readonly service: Service
  readonly guid: string
  readonly requestId: string
  readonly decision: "Approve" | "Deny" | "Cancel"
  readonly comment: string | undefined
  readonly isSucceeded: boolean
}): AuditEntry => ({
  operation: "Set-AccessToCustomerDataRequest",
  recordType: o.service === "Windows365" ? 257 : 1,
  workload: workloadOf[o.service],
  userId: boxServiceAccount,
  userType: 2,
  objectId: o.guid,
  resultStatus: o.isSucceeded ? "True" : "False",
  details: {
    ExternalAccess: false,
    Parameters: [
      { Name: "ApprovalDecision", Value: o.decision },
      { Name: "RequestId", Value: o.requestId },
      ...(o.comment === undefined ? [] : [{ Name: "Comment", Value: o.comment }]),
    ],
  },
})
