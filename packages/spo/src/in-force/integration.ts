import { organizationOf, personOf } from "@twin/identity"
import { type Dated, inForce, instant, isFaultOn } from "@twin/kernel"
import { faultNames } from "../faults.ts"
import { isTenantSettingSet, type SpoWorld, tenantSetting } from "../State.ts"

/** What `EnableAzureADB2BIntegration` was worth over the years (SPO-107, SPO-117, SPO-118). */
export const integrationByEra: Dated<"absent" | "with-passcode" | "by-setting" | "always"> = {
  before: "absent",
  changes: [
    // Opt-in preview, then GA: Entra's own passcode had to be on as well.
    { from: "2019-06-01", value: "with-passcode" },
    { from: "2022-09-15", value: "by-setting" },
    { from: "2026-05-01", value: "always" },
  ],
}

/** Whether people without a directory object still get in by a code alone (SPO-118). */
const codeAccessByEra: Dated<"honoured" | "ends-with-integration" | "retired"> = {
  before: "honoured",
  changes: [
    { from: "2025-07-01", value: "ends-with-integration" },
    { from: "2026-07-01", value: "retired" },
  ],
}

/** Tenants made from this day on have the integration without anybody switching it (SPO-117). */
const onByDefaultSince = instant("2023-01-01")

/** What `Get-SPOTenant` shows: what was set, else what a tenant of this age starts with. */
export const isIntegrationSet = (world: SpoWorld): boolean =>
  isTenantSettingSet(world, "EnableAzureADB2BIntegration")
    ? tenantSetting(world, "EnableAzureADB2BIntegration")
    : (organizationOf(world)?.createdAt ?? 0) >= onByDefaultSince

/** The defect of 2020: the person still gets a code, although everything is switched on (SPO-114). */
export const isHitByOldDefect = (world: SpoWorld, address: string): boolean =>
  isFaultOn(world, faultNames.microsoftAccountBug) &&
  personOf(world, address)?.account === "microsoft-account"

/** How people without a directory object are handled at this moment. */
export interface Integration {
  /** New shares with outsiders make guests of them, and Entra is asked (SPO-105). */
  readonly isInForce: boolean
  /** Why: the era, the setting, or the passcode of Entra that used to be a prerequisite. */
  readonly because: "era" | "setting" | "passcode-off"
  /** Links made for a person without a guest object: SharePoint's code, a guest on demand, or nothing. */
  readonly forCodeRecipients: "code" | "guest-on-demand" | "refused"
}

/** `isEntraPasscodeOn`: e-mail one-time passcode for guests, in Entra. */
export const integrationOf = (
  world: SpoWorld,
  isEntraPasscodeOn: boolean,
  now: number,
): Integration => {
  const era = inForce(integrationByEra, now)
  const isOn = isIntegrationSet(world)
  const isInForce =
    era === "always" ||
    (era === "by-setting" && isOn) ||
    (era === "with-passcode" && isOn && isEntraPasscodeOn)
  const because =
    era === "always" || era === "absent"
      ? "era"
      : era === "with-passcode" && isOn && !isEntraPasscodeOn
        ? "passcode-off"
        : "setting"
  return { isInForce, because, forCodeRecipients: forCodeRecipients(now, isInForce, isOn) }
}

/**
 * Before the retirement an old link makes a guest at the first visit (SPO-111). From July 2025 it is
 * dead where the setting was on, from July 2026 everywhere (SPO-118).
 */
const forCodeRecipients = (
  now: number,
  isInForce: boolean,
  isOn: boolean,
): Integration["forCodeRecipients"] => {
  switch (inForce(codeAccessByEra, now)) {
    case "honoured":
      return isInForce ? "guest-on-demand" : "code"
    case "ends-with-integration":
      return isOn ? "refused" : "code"
    case "retired":
      return "refused"
  }
}

/** What somebody sees whose code no longer opens anything (SPO-119). */
export const retiredCodeMessage =
  "Sorry, something went wrong. This organization has updated its guest access settings. " +
  "To access this item, please contact the person who shared it with you and ask them to reshare it with you."
