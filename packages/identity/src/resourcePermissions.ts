import type { AppRole, PermissionScope } from "./Application.ts"
import { appIds } from "./CloudApp.ts"

type Row = readonly [value: string, id: string]

const scopes = (type: PermissionScope["type"], rows: readonly Row[]): readonly PermissionScope[] =>
  rows.map(([value, id]) => ({ id, value, type }))

const roles = (rows: readonly Row[]): readonly AppRole[] =>
  rows.map(([value, id]) => ({
    id,
    value,
    displayName: value,
    allowedMemberTypes: ["Application"],
  }))

/** What every sign-in asks for; on the consent page the name and the profile of the person. */
export const signInScopes = ["openid", "profile", "email", "offline_access"] as const

/**
 * Delegated permissions of Microsoft's own resources that the twin knows, by the ids under which
 * registrations name them (the permissions reference of Microsoft Graph and of each service).
 */
const delegated: Readonly<Record<string, readonly PermissionScope[]>> = {
  [appIds.microsoftGraph]: [
    ...scopes("User", [
      ["openid", "37f7f235-527c-4136-accd-4a02d197296e"],
      ["profile", "14dad69e-099b-42c9-810b-d002981feec1"],
      ["email", "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0"],
      ["offline_access", "7427e0e9-2fba-42fe-b0c0-848c9e6a8182"],
      ["User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d"],
      ["User.ReadBasic.All", "b340eb25-3456-403f-be2f-af7a0d370277"],
      ["People.Read", "ba47897c-39ec-4d83-8086-ee8256fa737d"],
      ["Mail.Read", "570282fd-fa5c-430d-a7fd-fc8dc98a9dca"],
      ["Mail.Send", "e383f46e-2787-4529-855e-0e479a3ffac0"],
      ["Calendars.Read", "465a38f9-76ea-45b9-9f34-9e8b0d4b0b42"],
      ["Files.Read", "10465720-29dd-4523-a11a-6a75c743c9d9"],
      ["Files.ReadWrite", "5c28f0bf-8a70-41f1-8ab2-9032436ddb65"],
      ["Files.Read.All", "df85f4d6-205c-4ac5-a5ea-6bf408dba283"],
      ["Files.ReadWrite.All", "863451e7-0667-486c-a5d6-d135439485f0"],
      ["Sites.Read.All", "205e70e5-aba6-4c52-a976-6d2d46c48043"],
      ["InformationProtectionPolicy.Read", "4ad84827-5578-4e18-ad7a-86530b12f884"],
    ]),
    ...scopes("Admin", [
      ["User.Read.All", "a154be20-db9c-4678-8ab7-66f6cc099a59"],
      ["User.Invite.All", "63dd7cd9-b489-4adf-a28c-ac38b9a0f962"],
      ["Group.Read.All", "5f8c59db-677d-491f-a6b8-5f174b11ec1d"],
      ["GroupMember.Read.All", "bc024368-1153-4739-b217-4326f2e966d0"],
      ["Group.ReadWrite.All", "4e46008b-f24c-477d-8fff-7bb4ec7aafe0"],
      ["Directory.Read.All", "06da0dbc-49e2-44d2-8312-53f166ab848a"],
      ["Directory.ReadWrite.All", "c5366453-9fb0-48a5-a156-24f0c49a4b84"],
      ["Policy.Read.All", "572fea84-0151-49b2-9301-11cb16974376"],
    ]),
  ],
  [appIds.sharePointOnline]: [
    ...scopes("User", [
      ["AllSites.Read", "4e0d77b0-96ba-4398-af14-3baa780278f4"],
      ["MyFiles.Read", "dd2c8d78-58e1-46d7-82dd-34d411282686"],
    ]),
    ...scopes("Admin", [["AllSites.FullControl", "56680e0d-d2a3-4ae1-80d8-3c4f2100e3d0"]]),
  ],
  [appIds.exchangeOnline]: scopes("User", [
    ["EWS.AccessAsUser.All", "3b5f3d61-589b-4a3c-a359-5dd4b5ee5bd5"],
  ]),
  [appIds.rightsManagement]: scopes("User", [
    ["user_impersonation", "c9c9a04d-3b66-4ca8-a00c-fca953e2afd3"],
  ]),
}

/** Application permissions of the same resources: an administrator grants them, nobody else. */
const application: Readonly<Record<string, readonly AppRole[]>> = {
  [appIds.microsoftGraph]: roles([
    ["User.Read.All", "df021288-bdef-4463-88db-98f22de89214"],
    ["User.Invite.All", "09850681-111b-4a89-9bed-3f2cae46d706"],
    ["Group.Read.All", "5b567255-7703-4780-807c-7be8301ae99b"],
    ["Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"],
    ["Mail.Read", "810c84a8-4a9e-49e6-bf7d-12d183f40d01"],
    ["Files.Read.All", "01d4889c-1287-42c6-ac1f-5d1e02578ef6"],
    ["Sites.Read.All", "332a536c-c7ef-4017-ab91-336970924f0d"],
    ["InformationProtectionPolicy.Read.All", "19da66cb-0fb0-4390-b071-ebc76a349482"],
  ]),
  [appIds.sharePointOnline]: roles([
    ["Sites.FullControl.All", "678536fe-1083-478a-9c59-b99265e6b0d3"],
    ["Sites.Selected", "20d37865-089c-4dee-8c41-6967602d4ac8"],
  ]),
  [appIds.exchangeOnline]: roles([
    ["full_access_as_app", "dc890d15-9560-4a4c-9b7f-a736ec74ec40"],
    ["Exchange.ManageAsApp", "dc50a0fb-09a3-484d-be87-e023b12c6440"],
  ]),
}

const rowsOf = <A>(table: Readonly<Record<string, readonly A[]>>, appId: string): readonly A[] =>
  Object.hasOwn(table, appId) ? (table[appId] ?? []) : []

export const delegatedPermissionsOf = (appId: string): readonly PermissionScope[] =>
  rowsOf(delegated, appId)

export const applicationPermissionsOf = (appId: string): readonly AppRole[] =>
  rowsOf(application, appId)
