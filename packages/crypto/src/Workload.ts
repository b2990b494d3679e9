import { Schema } from "effect"

/**
 * The workloads whose content the twin stores. OneDrive and Teams files count as SharePoint; `Teams` is
 * what lies in the storage of Teams itself: chats, media, recordings, status (CRY-067).
 */
export const Workload = Schema.Literals(["SharePoint", "Exchange", "Teams"])
export type Workload = typeof Workload.Type

/**
 * Whether a person asked for the content or the service itself (search index, eDiscovery, malware
 * scan, mailbox move): after a revocation the availability key serves the second only (CRY-085, 086).
 */
export const TriggerOrigin = Schema.Literals(["User", "System"])
export type TriggerOrigin = typeof TriggerOrigin.Type
