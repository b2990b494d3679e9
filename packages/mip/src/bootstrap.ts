import { organizationOf, personOf } from "@twin/identity"
import { days } from "@twin/kernel"
import { canonicalAddress } from "./identityClass.ts"
import type { MipEvent } from "./MipEvent.ts"
import type { OpenRequest } from "./requests.ts"
import { certificateOf } from "./State.ts"
import { keyVaultRequest, serviceRequested } from "./serviceLoad.ts"
import { certificateValidityDays } from "./UseLicenceRecord.ts"

/** Somebody on a device at a moment. */
export type DeviceQuestion = Pick<OpenRequest, "world" | "address" | "now"> &
  Partial<Pick<OpenRequest, "client" | "isFreshDevice">>

/** Both certificates lie on the device and are valid (MIP-023, MIP-024). */
export const isBootstrapped = ({ world, address, now, isFreshDevice }: DeviceQuestion): boolean => {
  if (isFreshDevice === true) return false
  const certificate = certificateOf(world, canonicalAddress(world, address))
  return certificate !== undefined && now < certificate.expiresAt
}

/** The first request of a person on a device gets two certificates (MIP-023). */
export const bootstrapEvents = (question: DeviceQuestion): readonly MipEvent[] => {
  if (isBootstrapped(question)) return []
  const { world, address, now, client } = question
  const asked = {
    at: now,
    userId: canonicalAddress(world, address),
    result: "Success",
    ...(client === undefined ? {} : { ipAddress: client.ipAddress, application: client.app }),
  }
  return [
    serviceRequested({ ...asked, requestType: "Certify" }),
    ...keyVaultRequest(world, "KeyVaultSignDigest", now),
    serviceRequested({ ...asked, requestType: "GetClientLicensorCert" }),
    serviceRequested({ ...asked, requestType: "AcquireTemplates" }),
    certificateEvent(question),
  ]
}

/** The certificate is renewed whenever the person talks to the service (MIP-024). */
export const certificateEvent = ({ world, address, now }: DeviceQuestion): MipEvent => ({
  _tag: "IdentityCertified",
  certificate: {
    address: canonicalAddress(world, address),
    issuedBy: personOf(world, address)?.homeTenant ?? organizationOf(world)?.tenantId ?? "",
    issuedAt: now,
    expiresAt: now + days(certificateValidityDays),
  },
})
