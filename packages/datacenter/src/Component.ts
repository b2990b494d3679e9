import { Schema } from "effect"
import { Service } from "./Service.ts"

/** Which screening kinds an environment asks of its engineers beyond the common ones (DCO-037). */
export const Environment = Schema.Literals(["worldwide", "us-government"])
export type Environment = typeof Environment.Type

/** A machine or store of the service fabric. `partition` is its breach boundary (DCO-005). */
export const Component = Schema.Struct({
  id: Schema.NonEmptyString,
  service: Service,
  partition: Schema.NonEmptyString,
  kind: Schema.Literals(["server", "secret-store", "key-directory", "log-store"]),
  environment: Environment,
})
export type Component = typeof Component.Type

const component = (
  id: string,
  service: Service,
  partition: string,
  kind: Component["kind"] = "server",
  environment: Environment = "worldwide",
): Component => ({ id, service, partition, kind, environment })

/** The inventory that every world starts with: small, but with every kind and boundary in it. */
export const inventory: readonly Component[] = [
  component("exo-nam01-mbx01", "Exchange", "exchange-nam-01"),
  component("exo-nam01-mbx02", "Exchange", "exchange-nam-01"),
  component("exo-nam01-dkm", "Exchange", "exchange-nam-01", "key-directory"),
  component("exo-nam01-safe", "Exchange", "exchange-nam-01", "secret-store"),
  component("exo-nam01-log", "Exchange", "exchange-nam-01", "log-store"),
  component("exo-eur01-mbx01", "Exchange", "exchange-eur-01"),
  component("exo-gcc01-mbx01", "Exchange", "exchange-gcc-01", "server", "us-government"),
  component("spo-nam01-web01", "SharePoint", "sharepoint-nam-01"),
  component("spo-nam01-content01", "SharePoint", "sharepoint-nam-01"),
  component("odb-nam01-content01", "OneDrive", "onedrive-nam-01"),
  component("teams-nam01-chat01", "Teams", "teams-nam-01"),
  component("w365-nam01-host01", "Windows365", "windows365-nam-01"),
  component("planner-nam01-app01", "Planner", "planner-nam-01"),
]

/**
 * A process identity: one service, one purpose, and nobody can use it in person (DCO-018). What it
 * does belongs to normal operation and needs no elevation (DCO-024).
 */
export const ServiceAccount = Schema.Struct({
  id: Schema.NonEmptyString,
  service: Service,
  purpose: Schema.NonEmptyString,
  /** Commands that belong to the purpose. */
  commands: Schema.Array(Schema.NonEmptyString),
  partition: Schema.NonEmptyString,
  isEnabled: Schema.Boolean,
})
export type ServiceAccount = typeof ServiceAccount.Type

export const serviceAccounts: readonly ServiceAccount[] = [
  {
    id: "svc-managed-availability",
    service: "Exchange",
    purpose: "Unlocks volumes and restarts unhealthy components",
    commands: ["Get-BitLockerVolume", "Restart-Service", "Get-ServerHealth"],
    partition: "exchange-nam-01",
    isEnabled: true,
  },
  {
    id: "svc-exchange-transport",
    service: "Exchange",
    purpose: "Delivers mail and decrypts mail secrets on the way",
    commands: ["Get-DkmKey", "Get-Queue"],
    partition: "exchange-nam-01",
    isEnabled: true,
  },
]
