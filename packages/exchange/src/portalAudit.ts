import { type AuditEntry, type Decision, refusalOf } from "@twin/kernel"
import type { MailMessage } from "./MailMessage.ts"
import { type ExchangeWorld, irmConfigurationOf, subscriptionOf } from "./State.ts"
import { hasAdvancedMessageEncryption } from "./SubscriptionPlan.ts"

/** What the log of the portal knows (EXO-176). */
export type PortalOperation =
  | "AuthenticateRequest"
  | "MessageAccess"
  | "MessageForward"
  | "AttachmentDownload"
  | "AttachmentReview"

/**
 * A record of portal activity (RecordType 154): only with Advanced Message Encryption and the log
 * switched on (EXO-021, EXO-177). The user of the record is the sender, not the reader.
 */
export const portalAudit = (
  world: ExchangeWorld,
  o: {
    readonly operation: PortalOperation
    readonly message: MailMessage
    readonly recipient: string
    readonly method: string
    readonly decision: Decision
    readonly attachment?: string
  },
): readonly AuditEntry[] => {
  const isOn =
    irmConfigurationOf(world).EnablePortalTrackingLogs &&
    hasAdvancedMessageEncryption(subscriptionOf(world))
  if (!isOn) return []
  const isSuccess = o.decision.outcome === "allow"
  const status = isSuccess ? 0 : 1
  return [
    {
      operation: o.operation,
      recordType: 154,
      workload: "Exchange",
      userId: o.message.from,
      userType: 0,
      objectId: o.message.messageId,
      resultStatus: isSuccess ? "Success" : "Failure",
      details: {
        MessageId: o.message.messageId,
        Recipient: o.recipient,
        Sender: o.message.from,
        AuthenticationMethod: o.method === "Microsoft365" ? "Microsoft" : o.method,
        AuthenticationStatus: o.operation === "AuthenticateRequest" ? status : 0,
        OperationStatus: status,
        AttachmentName: o.attachment ?? "",
        OperationProperties: [{ Name: "MailSubject", Value: o.message.subject }],
        ...(isSuccess ? {} : { FailureReason: refusalOf(o.decision)?.message ?? "" }),
      },
    },
  ]
}
