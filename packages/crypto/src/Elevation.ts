import type { Actor } from "@twin/kernel"

/**
 * Roles that only an approved, running elevation puts among somebody's roles: an actor carries them
 * from the approval to the end of the window, and loses them by itself (CRY-017, CRY-021).
 */
export const secretStoreRole = "SecretStoreAccess"
export const dkmRole = "DkmKeyAccess"

/** How somebody stands to the keys of the service. */
export type Access = "none" | "elevated" | "service"

/**
 * Service code works without any elevation; an engineer needs the role of a running one; nobody else
 * comes near, whatever other administrative role they hold (CRY-020).
 */
export const accessOf = (
  { kind, roles }: Actor,
  role: typeof secretStoreRole | typeof dkmRole,
): Access => {
  if (kind === "system" || kind === "service-account") return "service"
  return kind === "datacenter-engineer" && roles.includes(role) ? "elevated" : "none"
}
