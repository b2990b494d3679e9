import { type Dated, inForce, type Workload } from "@twin/kernel"
import { Schema } from "effect"

/** The cloud services whose machines the engineers operate. */
export const Service = Schema.Literals([
  "Exchange",
  "SharePoint",
  "OneDrive",
  "Teams",
  "Windows365",
  "Planner",
])
export type Service = typeof Service.Type

/**
 * Services where Customer Lockbox stands between the engineer and the content (DCO-108). Copilot
 * interactions are covered through Exchange.
 */
const customerLockboxServices: Dated<readonly Service[]> = {
  before: ["Exchange", "SharePoint", "OneDrive", "Teams"],
  changes: [
    { from: "2024-03-01", value: ["Exchange", "SharePoint", "OneDrive", "Teams", "Windows365"] },
  ],
}

/** Whether Customer Lockbox covers a service at a moment (DCO-108). */
export const isCoveredByCustomerLockbox = (service: Service, now: number): boolean =>
  inForce(customerLockboxServices, now).includes(service)

/** The workload that the tenant's audit record names. */
export const workloadOf: Readonly<Record<Service, Workload>> = {
  Exchange: "Exchange",
  SharePoint: "SharePoint",
  OneDrive: "OneDrive",
  Teams: "MicrosoftTeams",
  Windows365: "Windows365",
  Planner: "Planner",
}
