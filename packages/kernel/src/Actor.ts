import { Schema } from "effect"

/** The software through which somebody acts. What each can open and enforce is data (MIP). */
export const ClientApp = Schema.Literals([
  "office-desktop",
  "office-mobile",
  "office-web",
  "outlook-desktop",
  "outlook-mobile",
  "outlook-web",
  "other-mail-app",
  "encrypted-message-portal",
  "browser",
  "pdf-reader",
  "powershell",
  "service-workstation",
])
export type ClientApp = typeof ClientApp.Type

/** App, device and network of one request. */
export const Client = Schema.Struct({
  app: ClientApp,
  device: Schema.Literals(["managed", "unmanaged"]),
  ipAddress: Schema.String,
})
export type Client = typeof Client.Type

export const defaultClient: Client = {
  app: "browser",
  device: "managed",
  ipAddress: "203.0.113.10",
}

/** What somebody is to the tenant. `external` has no directory object; `anonymous` no identity. */
export const ActorKind = Schema.Literals([
  "member",
  "guest",
  "external",
  "anonymous",
  "service-account",
  "datacenter-engineer",
  "attacker",
  "system",
])
export type ActorKind = typeof ActorKind.Type

/** Who acts: identity, active roles, and the client in use. */
export const Actor = Schema.Struct({
  /** UPN, mail address, engineer alias or service name; lower case. */
  id: Schema.NonEmptyString,
  kind: ActorKind,
  /** Roles active at this moment; an eligible role that is not activated does not stand here. */
  roles: Schema.Array(Schema.String),
  client: Client,
})
export type Actor = typeof Actor.Type

/** The service itself, e.g. when a deadline passes. */
export const systemActor: Actor = {
  id: "system",
  kind: "system",
  roles: [],
  client: { app: "service-workstation", device: "managed", ipAddress: "127.0.0.1" },
}
