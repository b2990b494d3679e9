import { type Call, decideByGates, gate, operation, pass, type Ruling, unknown } from "@twin/kernel"
import { Schema } from "effect"
import {
  AllowInvitesFrom,
  AuthorizationPolicyChanges,
  EmailOtpState,
  GuestUserRoleId,
  policyAsSet,
} from "../CollaborationSettings.ts"
import { evaluateDirectoryRead } from "../decisions/evaluateDirectoryRead.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"

/** A setting that any account with the role may write: there is nothing more to ask. */
export const settingWritten = (facts: readonly [`IDN-${string}`, ...`IDN-${string}`[]]) =>
  gate<{ readonly setting: string }>()({
    name: "setting-written",
    facts,
    reads: ["setting"],
    check: ({ setting }) => pass("The setting is saved.", { setting }),
  })

/** Settings are read like one object of the directory. */
export const readSettings = ({ world, actor, now }: Call<IdentityWorld>) =>
  evaluateDirectoryRead({
    world,
    actor,
    now,
    wants: "object",
    isOwn: false,
    isFound: true,
    isFilterReadable: true,
  })

const flag = (description: string) => Schema.optionalKey(Schema.Boolean.annotate({ description }))

export const getAuthorizationPolicy = operation({
  name: "Get-MgPolicyAuthorizationPolicy",
  summary: "Shows who may invite guests and what guests may see.",
  params: Schema.Struct({}),
  facts: ["IDN-024", "IDN-099"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>): Ruling<IdentityEvent> => {
    const policy = policyAsSet(call.world.identity.settings)
    return {
      decision: readSettings(call),
      output: [
        {
          Id: "authorizationPolicy",
          DisplayName: "Authorization Policy",
          AllowInvitesFrom: policy.allowInvitesFrom,
          GuestUserRoleId: policy.guestUserRoleId,
          AllowEmailVerifiedUsersToJoinOrganization:
            policy.allowEmailVerifiedUsersToJoinOrganization,
          AllowedToUseSspr: policy.allowedToUseSspr,
          BlockMsolPowerShell: policy.blockMsolPowerShell,
          DefaultUserRolePermissions: {
            AllowedToCreateApps: policy.defaultUserRolePermissions.allowedToCreateApps,
            AllowedToCreateSecurityGroups:
              policy.defaultUserRolePermissions.allowedToCreateSecurityGroups,
            AllowedToReadOtherUsers: policy.defaultUserRolePermissions.allowedToReadOtherUsers,
            PermissionGrantPoliciesAssigned:
              policy.defaultUserRolePermissions.permissionGrantPoliciesAssigned,
          },
        },
      ],
    }
  },
})

const authorizationWritten = settingWritten(["IDN-024", "IDN-099", "IDN-104"])

export const updateAuthorizationPolicy = graphCmdlet({
  name: "Update-MgPolicyAuthorizationPolicy",
  summary: "Sets who may invite guests and what guests may see.",
  params: {
    AllowInvitesFrom: Schema.optionalKey(
      AllowInvitesFrom.annotate({ description: "Who may invite guests" }),
    ),
    GuestUserRoleId: Schema.optionalKey(
      GuestUserRoleId.annotate({ description: "Access level of guests" }),
    ),
    AllowEmailVerifiedUsersToJoinOrganization: flag("Whether people may sign up by mail; switch"),
    AllowedToUseSspr: flag("Whether administrators may reset their own password; switch"),
    BlockMsolPowerShell: flag("Whether the old PowerShell module is blocked; switch"),
    DefaultUserRolePermissions: Schema.optionalKey(
      hashtable.annotate({
        description:
          "What every member may do: AllowedToCreateApps, AllowedToCreateSecurityGroups, AllowedToReadOtherUsers, PermissionGrantPoliciesAssigned",
      }),
    ),
    PermissionGrantPolicyIdsAssignedToDefaultUserRole: Schema.optionalKey(
      Schema.Array(Schema.String).annotate({
        description: "Policies that say what users may consent to; none: nothing",
      }),
    ),
  },
  body: Schema.Struct({
    ...AuthorizationPolicyChanges.fields,
    permissionGrantPolicyIdsAssignedToDefaultUserRole: Schema.optionalKey(
      Schema.Array(Schema.String),
    ),
  }),
  binding: {
    switches: [
      "AllowEmailVerifiedUsersToJoinOrganization",
      "AllowedToUseSspr",
      "BlockMsolPowerShell",
    ],
  },
  roles: [roles.privilegedRoleAdministrator, roles.globalAdministrator],
  facts: ["IDN-024", "IDN-030", "IDN-099", "IDN-104", "IDN-267", "IDN-276"],
  decide: (call, body): Ruling<IdentityEvent> => {
    const changes = changesIn(body)
    return {
      decision: decideByGates([authorizationWritten], {
        setting: Object.keys(changes).toSorted().join(", "),
      }),
      events: [{ _tag: "AuthorizationPolicyUpdated", changes, at: call.now }],
      audit: [
        auditLine("Update authorization policy", "authorizationPolicy", {
          Changes: { ...changes },
        }),
      ],
      warnings: [
        ...(changes.allowInvitesFrom === undefined
          ? []
          : ["Who may invite changes after 15 to 60 minutes; the twin counts on it after 60."]),
        ...(changes.guestUserRoleId === undefined
          ? []
          : ["What guests may see changes within 15 minutes."]),
      ],
    }
  },
})

/** The policies of consent stand in a property of their own in one version of the service. */
const changesIn = ({
  permissionGrantPolicyIdsAssignedToDefaultUserRole: policies,
  ...changes
}: typeof AuthorizationPolicyChanges.Type & {
  readonly permissionGrantPolicyIdsAssignedToDefaultUserRole?: readonly string[]
}): typeof AuthorizationPolicyChanges.Type =>
  policies === undefined
    ? changes
    : {
        ...changes,
        defaultUserRolePermissions: {
          ...changes.defaultUserRolePermissions,
          permissionGrantPoliciesAssigned: policies,
        },
      }

const methodId = Schema.NonEmptyString.annotate({ description: "Email" })

const emailMethodMeant = gate<{ readonly method: string }>()({
  name: "email-method",
  facts: ["IDN-051"],
  reads: ["method"],
  check: ({ method }) =>
    method === "email"
      ? pass("The email method holds the passcode setting of guests.", { method })
      : unknown("The twin models the email method only.", { method }),
})

export const getEmailMethod = operation({
  name: "Get-MgPolicyAuthenticationMethodPolicyAuthenticationMethodConfiguration",
  summary: "Shows whether guests may sign in with an email one-time passcode.",
  params: Schema.Struct({ AuthenticationMethodConfigurationId: methodId }),
  facts: ["IDN-051"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const isEmail = params.AuthenticationMethodConfigurationId.toLowerCase() === "email"
    return {
      decision: decideByGates([emailMethodMeant], {
        method: params.AuthenticationMethodConfigurationId.toLowerCase(),
      }),
      output: isEmail
        ? [
            {
              Id: "Email",
              State: "disabled",
              AllowExternalIdToUseEmailOtp:
                call.world.identity.settings.allowExternalIdToUseEmailOtp,
            },
          ]
        : [],
    }
  },
})

const EmailMethod = Schema.Struct({
  allowExternalIdToUseEmailOtp: EmailOtpState,
})

export const updateEmailMethod = graphCmdlet({
  name: "Update-MgPolicyAuthenticationMethodPolicyAuthenticationMethodConfiguration",
  summary: "Switches the email one-time passcode of guests on or off.",
  params: { AuthenticationMethodConfigurationId: methodId },
  path: ["AuthenticationMethodConfigurationId"],
  body: EmailMethod,
  roles: [roles.authenticationPolicyAdministrator, roles.globalAdministrator],
  facts: ["IDN-048", "IDN-051", "IDN-055", "IDN-056", "IDN-267"],
  decide: (call, body, params): Ruling<IdentityEvent> => {
    const method = params.AuthenticationMethodConfigurationId.toLowerCase()
    const decision = decideByGates([emailMethodMeant], { method })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "EmailOtpSet", state: body.allowExternalIdToUseEmailOtp, at: call.now }],
      audit: [
        auditLine("Authentication Methods Policy Update", "Email", {
          AllowExternalIdToUseEmailOtp: body.allowExternalIdToUseEmailOtp,
        }),
      ],
    }
  },
})
