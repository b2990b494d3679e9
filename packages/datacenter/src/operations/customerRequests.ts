import { decideByGates, deny, gate, instant, isoOf, operation, pass } from "@twin/kernel"
import { Schema } from "effect"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import { customerApproverRoles, customerRoleHeld } from "../decisions/evaluateCustomerDecision.ts"
import { customerRequestsOf, type DatacenterWorld } from "../State.ts"

const GetAccessToCustomerDataRequest = Schema.Struct({
  ApprovalStatus: Schema.optionalKey(
    // An expired request is listed without a filter; the filter does not know the word (DCO-130).
    Schema.Literals(["Approved", "Canceled", "Denied", "Pending"]),
  ).annotate({ description: "Only requests with this status" }),
  CreatedAfter: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z?)?$/)),
  ).annotate({ description: "Only requests made after this moment, UTC, e.g. 2026-09-01" }),
  RequestId: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Only this request, e.g. EXSR123456",
  }),
})

const mayList = gate<{ readonly roleHeld: string }>()({
  name: "customer-approver",
  facts: ["DCO-115"],
  reads: ["roleHeld"],
  check: ({ roleHeld }) =>
    roleHeld === ""
      ? deny(
          "Only those who decide for the tenant see its Customer Lockbox requests.",
          { rolesAccepted: customerApproverRoles },
          {
            code: "AccessDenied",
            message: "You do not have permission to view Customer Lockbox requests.",
          },
        )
      : pass("The person may decide for the tenant.", { roleHeld }),
})

const momentOf = (text: string): number =>
  instant(text.includes("T") && !text.endsWith("Z") ? `${text}Z` : text)

/** History and open requests of the tenant, oldest first; names of the properties are the twin's. */
export const getAccessToCustomerDataRequest = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof GetAccessToCustomerDataRequest.fields
>({
  name: "Get-AccessToCustomerDataRequest",
  summary: "Lists Customer Lockbox requests.",
  params: GetAccessToCustomerDataRequest,
  facts: ["DCO-127", "DCO-130"],
  isReadOnly: true,
  decide: ({ world, actor }, { ApprovalStatus, CreatedAfter, RequestId }) => {
    const decision = decideByGates([mayList], { roleHeld: customerRoleHeld(actor) })
    if (decision.outcome !== "allow") return { decision }
    const since = CreatedAfter === undefined ? undefined : momentOf(CreatedAfter)
    return {
      decision,
      output: customerRequestsOf(world)
        .filter(
          (it) =>
            (ApprovalStatus === undefined || statusWord(it.status) === ApprovalStatus) &&
            (since === undefined || it.createdAt > since) &&
            (RequestId === undefined || it.id === RequestId.toUpperCase()),
        )
        .map((it) => ({
          RequestId: it.id,
          ApprovalStatus: statusWord(it.status),
          ServiceName: it.service,
          ServiceRequestNumber: it.serviceRequest,
          Reason: it.reason,
          DurationMinutes: it.requestedMinutes,
          CreatedDate: isoOf(it.createdAt),
          ExpirationDate: isoOf(it.dueAt),
          ...(it.decidedBy === undefined ? {} : { DecidedBy: it.decidedBy }),
          ...(it.accessUntil === undefined ? {} : { AccessUntil: isoOf(it.accessUntil) }),
          ...(it.comment === undefined ? {} : { Comment: it.comment }),
        })),
    }
  },
})

/** An approval stays an approval after its access is over. */
const statusWord = (status: string): string => (status === "Completed" ? "Approved" : status)
