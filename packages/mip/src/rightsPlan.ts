import { userOf, usersOf } from "@twin/identity"
import type { MipWorld } from "./State.ts"

/**
 * The service plan with rights management, as the directory lists it for a licensed user. The id is
 * that of RMS_S_ENTERPRISE in the public list of service plans.
 */
export const rightsPlan = {
  service: "RMSOnline",
  servicePlanId: "bea4c11e-220a-4e6d-8eb8-8ea15d019f90",
  capabilityStatus: "Enabled",
} as const

/** Whether somebody has a licence to protect (MIP-012). */
export const hasRightsPlan = (world: MipWorld, address: string): boolean =>
  userOf(world, address)?.assignedPlans.some(
    ({ service, capabilityStatus }) =>
      service === rightsPlan.service && capabilityStatus === rightsPlan.capabilityStatus,
  ) === true

/** Whether anybody was given such a licence: a tenant that records none is taken to have enough. */
export const areRightsPlansRecorded = (world: MipWorld): boolean =>
  usersOf(world).some(({ assignedPlans }) =>
    assignedPlans.some(({ service }) => service === rightsPlan.service),
  )
