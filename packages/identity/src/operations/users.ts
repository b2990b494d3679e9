import { andThen, type Call, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { normalizeAddress } from "../Address.ts"
import { memberUser, UserType } from "../DirectoryUser.ts"
import { evaluateDirectoryQuota } from "../decisions/evaluateDirectoryQuota.ts"
import { evaluateUserChange } from "../decisions/evaluateUserChange.ts"
import { personOf, userOf, usersOf } from "../directory.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"
import { graphList, listBinding, listParams } from "./graphList.ts"
import { profileFields, profileOf, profileParams } from "./userProfile.ts"
import { fullUserRow, userProperties, userRow } from "./userRow.ts"

export const userManagers: readonly string[] = [roles.userAdministrator, roles.globalAdministrator]

const UserId = Schema.NonEmptyString.annotate({ description: "Object id or principal name" })
const text = (description: string) => Schema.optionalKey(Schema.String.annotate({ description }))

export const getMgUser = operation({
  name: "Get-MgUser",
  summary: "Shows users of the directory, guests included.",
  params: Schema.Struct({
    UserId: Schema.optionalKey(UserId),
    Property: Schema.optionalKey(
      Schema.Array(Schema.String).annotate({
        description: "Properties to show; the guest's state comes only when asked for",
      }),
    ),
    ...listParams,
  }),
  binding: { ...listBinding, aliases: { ...listBinding.aliases, Select: "Property" } },
  facts: ["IDN-006", "IDN-100"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, actor } = call
    const { UserId: wanted, Property } = params
    const one = wanted === undefined ? undefined : userOf(world, wanted)
    return graphList(call, params, {
      resource: "User",
      rows: () => usersOf(world).map(fullUserRow),
      one: wanted === undefined ? "all" : one === undefined ? undefined : fullUserRow(one),
      isOwn: one !== undefined && one.id === userOf(world, actor.id)?.id,
      printed: (row) => userProperties(row, Property),
    })
  },
})

export const newMgUser = graphCmdlet({
  name: "New-MgUser",
  summary: "Creates a user whose credentials live in this tenant.",
  params: {
    DisplayName: text("Name of the user"),
    UserPrincipalName: text("Name to sign in with, in a verified domain"),
    MailNickname: text("Mail alias"),
    Mail: text("Mail address"),
    AccountEnabled: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether the user can sign in; switch" }),
    ),
    UserType: Schema.optionalKey(UserType.annotate({ description: "Member or Guest" })),
    PasswordProfile: Schema.optionalKey(
      hashtable.annotate({ description: "The first password; never kept by the twin" }),
    ),
    ...profileParams,
  },
  body: Schema.Struct({
    displayName: Schema.NonEmptyString,
    userPrincipalName: Schema.NonEmptyString,
    mailNickname: Schema.NonEmptyString,
    accountEnabled: Schema.Boolean,
    mail: Schema.optionalKey(Schema.String),
    userType: Schema.optionalKey(UserType),
    passwordProfile: hashtable,
    ...profileFields,
  }),
  secrets: ["PasswordProfile", "BodyParameter"],
  binding: { switches: ["AccountEnabled"] },
  roles: userManagers,
  facts: ["IDN-005", "IDN-232"],
  decide: (call, body): Ruling<IdentityEvent> => {
    const { world, now, draw } = call
    const asked = { world, change: "create", idOrName: body.userPrincipalName } as const
    const decision = andThen(evaluateUserChange(asked), () =>
      evaluateDirectoryQuota({ world, isNew: true }),
    )
    if (decision.outcome !== "allow") return { decision }
    const user = memberUser({
      id: draw.guid(`user ${body.userPrincipalName}`),
      displayName: body.displayName,
      userPrincipalName: body.userPrincipalName,
      mail: normalizeAddress(body.mail ?? body.userPrincipalName),
      accountEnabled: body.accountEnabled,
      userType: body.userType ?? "Member",
      profile: profileOf(body),
      createdAt: now,
    })
    return {
      decision,
      events: [{ _tag: "UserCreated", user }],
      audit: [auditLine("Add user", user.userPrincipalName, { UserType: user.userType })],
      output: [userRow(user)],
    }
  },
})

export const updateMgUser = graphCmdlet({
  name: "Update-MgUser",
  summary: "Changes a user, for instance blocks the sign-in of a guest.",
  params: {
    UserId,
    AccountEnabled: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether the user can sign in; switch" }),
    ),
    UserType: Schema.optionalKey(UserType.annotate({ description: "Member or Guest" })),
    DisplayName: text("Name of the user"),
    Mail: text("Mail address; not copied from the guest's home"),
    OtherMails: Schema.optionalKey(
      Schema.Array(Schema.String).annotate({ description: "Further addresses" }),
    ),
    ShowInAddressList: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether the address list shows the user; switch" }),
    ),
    ...profileParams,
  },
  path: ["UserId"],
  body: Schema.Struct({
    accountEnabled: Schema.optionalKey(Schema.Boolean),
    userType: Schema.optionalKey(UserType),
    displayName: Schema.optionalKey(Schema.String),
    mail: Schema.optionalKey(Schema.String),
    otherMails: Schema.optionalKey(Schema.Array(Schema.String)),
    showInAddressList: Schema.optionalKey(Schema.Boolean),
    ...profileFields,
  }),
  binding: { switches: ["AccountEnabled", "ShowInAddressList"] },
  roles: userManagers,
  facts: ["IDN-003", "IDN-004", "IDN-009", "IDN-010", "IDN-013"],
  decide: (call, body, params): Ruling<IdentityEvent> => {
    const { world, now } = call
    const decision = evaluateUserChange({ world, change: "update", idOrName: params.UserId })
    const user = userOf(world, params.UserId)
    if (decision.outcome !== "allow" || user === undefined) return { decision }
    const { accountEnabled, userType, displayName, mail, otherMails, showInAddressList } = body
    const profile = profileOf(body)
    return {
      decision,
      events: [
        {
          _tag: "UserUpdated",
          userId: user.id,
          changes: {
            ...(accountEnabled === undefined ? {} : { accountEnabled }),
            ...(userType === undefined ? {} : { userType }),
            ...(displayName === undefined ? {} : { displayName }),
            ...(mail === undefined ? {} : { mail: normalizeAddress(mail) }),
            ...(otherMails === undefined ? {} : { otherMails }),
            ...(showInAddressList === undefined ? {} : { showInAddressList }),
            ...(Object.keys(profile).length === 0
              ? {}
              : { profile: { ...user.profile, ...profile } }),
          },
          at: now,
        },
      ],
      audit: [auditLine("Update user", user.userPrincipalName, { Changed: Object.keys(body) })],
    }
  },
})

export const removeMgUser = graphCmdlet({
  name: "Remove-MgUser",
  summary: "Deletes a user; for thirty days the object can be restored.",
  params: { UserId },
  path: ["UserId"],
  body: Schema.Struct({}),
  roles: userManagers,
  facts: ["IDN-014"],
  decide: (call, _body, params): Ruling<IdentityEvent> => {
    const { world, now } = call
    const decision = evaluateUserChange({ world, change: "delete", idOrName: params.UserId })
    const user = userOf(world, params.UserId)
    if (decision.outcome !== "allow" || user === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "UserDeleted", userId: user.id, at: now }],
      audit: [auditLine("Delete user", user.userPrincipalName)],
    }
  },
})

export const restoreDeletedItem = graphCmdlet({
  name: "Restore-MgDirectoryDeletedItem",
  summary: "Brings a deleted user back, groups and permissions included.",
  params: {
    DirectoryObjectId: Schema.NonEmptyString.annotate({ description: "Object id of the user" }),
  },
  path: ["DirectoryObjectId"],
  body: Schema.Struct({}),
  roles: userManagers,
  facts: ["IDN-014"],
  decide: (call, _body, { DirectoryObjectId }): Ruling<IdentityEvent> => {
    const { world, now } = call
    const decision = evaluateUserChange({ world, change: "restore", idOrName: DirectoryObjectId })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "UserRestored", userId: DirectoryObjectId.toLowerCase(), at: now }],
      audit: [auditLine("Restore user", DirectoryObjectId)],
    }
  },
})

/** For somebody whose home is elsewhere it reaches nothing here: the tokens are the home's (IDN-259). */
export const revokeSession = operation({
  name: "Revoke-MgUserSignInSession",
  summary: "Ends the sessions of a user, so that every application asks for a new sign-in.",
  params: Schema.Struct({ UserId }),
  roles: [roles.helpdeskAdministrator, ...userManagers],
  roleRefusal: requestDenied,
  facts: ["IDN-259"],
  decide: ({ world, now }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const decision = evaluateUserChange({ world, change: "update", idOrName: params.UserId })
    const user = userOf(world, params.UserId)
    if (decision.outcome !== "allow" || user === undefined) return { decision }
    const isExternal = user.externalUserState !== undefined
    const address = personOf(world, user.id)?.address
    return {
      decision,
      events:
        isExternal || address === undefined ? [] : [{ _tag: "SessionsRevoked", address, at: now }],
      output: [{ Value: true }],
      audit: [auditLine("Update StsRefreshTokenValidFrom Timestamp", user.userPrincipalName)],
      warnings: isExternal
        ? ["Refresh tokens of an external user are revoked in the home tenant only."]
        : [],
    }
  },
})
