import { days, isoOf, makeDraw, momentIn } from "@twin/kernel"
import { policyInForce } from "./policyInForce.ts"
import type { ServiceRequest } from "./ServiceLedger.ts"
import { type MipWorld, protectionOf } from "./State.ts"
import { serviceRequestsOf } from "./serviceLoad.ts"

/** Columns of the usage log, in its order (MIP-274). */
export const usageLogFields = [
  "date",
  "time",
  "row-id",
  "request-type",
  "user-id",
  "result",
  "correlation-id",
  "content-id",
  "owner-email",
  "issuer",
  "template-id",
  "file-name",
  "date-published",
  "c-info",
  "c-ip",
  "admin-action",
  "acting-as-user",
] as const
export type UsageLogField = (typeof usageLogFields)[number]
export type UsageLogRow = Readonly<Record<UsageLogField, string>>

/** Values stand in single quotes, and a quote inside them is doubled; nothing is a hyphen. */
const quoted = (value: string): string =>
  value === "" ? "-" : `'${value.replaceAll("'", "''").replaceAll(/[\t\r\n]/g, " ")}'`

const lineOf = (row: UsageLogRow): string =>
  usageLogFields
    .map((field) => (field === "date" || field === "time" ? row[field] : quoted(row[field])))
    .join("\t")

/** What the request was about: only requests for a licence say it (MIP-275). */
const contentColumns = (
  world: MipWorld,
  { requestType, contentId }: ServiceRequest,
): Pick<
  UsageLogRow,
  "content-id" | "owner-email" | "issuer" | "template-id" | "file-name" | "date-published"
> => {
  const isLicence = requestType === "AcquireLicense" || requestType === "AcquirePreLicense"
  const protection =
    contentId === undefined || !isLicence ? undefined : protectionOf(world, contentId)
  const policy = protection === undefined ? undefined : policyInForce(world, protection)
  return {
    "content-id": requestType === "AcquireLicense" ? (contentId ?? "") : "",
    "owner-email": protection?.owner ?? "",
    issuer: protection?.issuer ?? "",
    "template-id": policy === undefined ? "" : (protection?.templateId ?? ""),
    "file-name": protection?.name ?? "",
    "date-published": protection === undefined ? "" : isoOf(protection.issuedAt).slice(0, 19),
  }
}

/** Requests that change something for everybody; the others are made by a reader or a publisher. */
const adminActions: readonly string[] = ["RevokeAccess"]

const rowOf = (world: MipWorld, request: ServiceRequest, index: number): UsageLogRow => {
  const moment = isoOf(request.at)
  const draw = makeDraw(`usage-log/${index}/${request.at}/${request.userId}`)
  return {
    date: moment.slice(0, 10),
    time: moment.slice(11, 19),
    "row-id": draw.guid("row"),
    "request-type": request.requestType,
    "user-id": request.userId,
    result: request.result,
    "correlation-id": draw.guid("correlation"),
    ...contentColumns(world, request),
    "c-info": request.application ?? "",
    "c-ip": request.ipAddress ?? "",
    "admin-action": adminActions.includes(request.requestType) ? "True" : "False",
    "acting-as-user": request.actingAs ?? "",
  }
}

/** How long a request takes until the log shows it; most are there sooner (MIP-277). */
export const usageLogDelayMinutes = 15

/** Every request of one UTC day, as rows, oldest first. */
export const usageLogRows = (world: MipWorld, day: string): readonly UsageLogRow[] =>
  serviceRequestsOf(world).flatMap((request, index) =>
    isoOf(request.at).startsWith(day)
      ? Array.from({ length: request.count }, (_, burst) =>
          rowOf(world, request, index * 1_000_000 + burst),
        )
      : [],
  )

/** The log of a day as the service writes it: W3C extended format (MIP-274). */
export const usageLogText = (rows: readonly UsageLogRow[]): string =>
  [
    "#Software: RMS",
    "#Version: 1.1",
    `#Fields: ${usageLogFields.join(" ")}`,
    ...rows.map(lineOf),
    "",
  ].join("\n")

/** Days from one to another, both included, as the log names them; empty where they are reversed. */
export const daysBetween = (from: string, to: string): readonly string[] => {
  const found: string[] = []
  const last = momentIn(to) ?? Number.NaN
  for (let at = momentIn(from) ?? Number.NaN; at <= last; at += days(1)) {
    found.push(isoOf(at).slice(0, 10))
  }
  return found
}
