import type { AuditEntry } from "@twin/kernel"
import type { Schema } from "effect"

/** A line of the directory's own audit: record type 8 (IDN-269). */
export const auditLine = (
  activity: string,
  objectId: string,
  details: Readonly<Record<string, Schema.Json>> = {},
  result: "Success" | "Failure" = "Success",
): AuditEntry => ({
  operation: activity,
  recordType: 8,
  workload: "AzureActiveDirectory",
  objectId,
  resultStatus: result,
  details,
})

/** A sign-in: record type 15, and the number of the refusal, 0 for none (IDN-269). */
export const signInLine = (options: {
  readonly address: string
  readonly app: string
  readonly errorCode: string
  readonly details?: Readonly<Record<string, Schema.Json>>
}): AuditEntry => ({
  operation: options.errorCode === "0" ? "UserLoggedIn" : "UserLoginFailed",
  recordType: 15,
  workload: "AzureActiveDirectory",
  objectId: options.app,
  userId: options.address,
  resultStatus: options.errorCode === "0" ? "Success" : "Failure",
  details: { ErrorCode: options.errorCode, ...options.details },
})
