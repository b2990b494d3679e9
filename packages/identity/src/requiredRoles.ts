import type { OperationInfo } from "@twin/kernel"
import { roles, templateIdOf } from "./Role.ts"

/** From the least to the most privileged, as far as operations of the twin ask for them (IDN-242). */
const byPrivilege: readonly string[] = [
  roles.reportsReader,
  roles.directoryReaders,
  roles.securityReader,
  roles.globalReader,
  roles.guestInviter,
  roles.applicationDeveloper,
  roles.helpdeskAdministrator,
  roles.externalIdentityProviderAdministrator,
  roles.groupsAdministrator,
  roles.identityGovernanceAdministrator,
  roles.conditionalAccessAdministrator,
  roles.authenticationPolicyAdministrator,
  roles.customerLockboxAccessApprover,
  roles.billingAdministrator,
  roles.azureInformationProtectionAdministrator,
  roles.complianceDataAdministrator,
  roles.complianceAdministrator,
  roles.sharePointAdministrator,
  roles.exchangeAdministrator,
  roles.intuneAdministrator,
  roles.domainNameAdministrator,
  roles.cloudApplicationAdministrator,
  roles.applicationAdministrator,
  roles.userAdministrator,
  roles.securityAdministrator,
  roles.privilegedRoleAdministrator,
  roles.globalAdministrator,
]

/** What an operation needs of a directory role; nothing where its gates decide alone. */
export interface RequiredRole {
  readonly operation: string
  /** The least privileged role that will do. */
  readonly leastPrivileged: string
  readonly templateId: string
  /** Every role that will do, the least privileged first. */
  readonly accepted: readonly string[]
}

/** A role of another service is not in the list: it is narrower than any directory role. */
const rank = (role: string): number => byPrivilege.indexOf(role)

/** The roles that operations ask for, by name of the operation: a report for whoever assigns roles. */
export const requiredRoles = (
  operations: Iterable<Pick<OperationInfo, "name" | "roles" | "acceptedRoles">>,
): readonly RequiredRole[] =>
  [...operations]
    // Roles of other services alone, such as eDiscovery Manager, are no matter of the directory.
    .filter(({ acceptedRoles = [] }) => acceptedRoles.some((it) => templateIdOf(it) !== undefined))
    .map(({ name, acceptedRoles = [] }) => {
      const sorted = [...new Set(acceptedRoles)].toSorted(
        (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1),
      )
      const [leastPrivileged = ""] = sorted
      return {
        operation: name,
        leastPrivileged,
        templateId: templateIdOf(leastPrivileged) ?? "",
        accepted: sorted,
      }
    })
    .toSorted((a, b) => (a.operation < b.operation ? -1 : 1))
