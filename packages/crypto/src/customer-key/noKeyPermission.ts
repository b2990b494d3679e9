import { makeDraw, type Refusal } from "@twin/kernel"
import { issuerOf } from "../double-key/AccessToken.ts"

/** The application with which a person asks a vault: Azure PowerShell. */
const azurePowerShell = "1950a258-227b-4e31-a9cf-717495945fc2"

const isApplication = (principal: string): boolean => /^[0-9a-f-]{36}$/i.test(principal)

/** Somebody whom the access policy of a vault does not permit something. */
export interface NotPermitted {
  readonly organizationId: string
  /** Application id of a service, or an account. */
  readonly principal: string
  readonly permission: string
  readonly vault: string
  readonly location: string
}

/**
 * The vault's refusal, with its inner code (CRY-064). It names application, object and issuer of the
 * token and never the account; the object id is drawn, and always the same for one principal.
 */
export const noKeyPermission = (o: NotPermitted): Refusal => {
  const { organizationId, permission, vault, location } = o
  const principal = o.principal.toLowerCase()
  const appid = isApplication(principal) ? principal : azurePowerShell
  const oid = makeDraw(`directory of ${organizationId}`).guid(principal)
  const caller = `appid=${appid};oid=${oid};numgroups=0;iss=${issuerOf(organizationId)}`
  return {
    code: "ForbiddenByPolicy",
    message:
      `The user, group or application '${caller}' does not have keys ${permission} permission on key vault ` +
      `'${vault};location=${location}'. For help resolving this issue, please see ` +
      "https://go.microsoft.com/fwlink/?linkid=2125287",
  }
}
