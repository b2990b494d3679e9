import { type Client, defaultClient } from "@twin/kernel"
import {
  type ConditionalAccessPolicy,
  type Conditions,
  evaluateSignIn,
  type GrantControls,
  type IdentityEvent,
  memberUser,
  type SignInQuestion,
} from "../../src/index.ts"
import { baseline, fabrikamId, start, verdict, worldFrom } from "../world.ts"

const nobody = {
  includeUsers: [],
  excludeUsers: [],
  includeGroups: [],
  excludeGroups: [],
  includeRoles: [],
  excludeRoles: [],
}
const everything = { includeApplications: ["All"], excludeApplications: [], includeUserActions: [] }

export const policy = (
  name: string,
  grant: Partial<GrantControls>,
  rest: {
    readonly users?: Partial<Conditions["users"]>
    readonly apps?: Partial<Conditions["applications"]>
    readonly conditions?: Partial<Conditions>
    readonly state?: ConditionalAccessPolicy["state"]
    readonly session?: ConditionalAccessPolicy["sessionControls"]
  } = {},
): ConditionalAccessPolicy => ({
  id: name,
  displayName: name,
  state: rest.state ?? "enabled",
  conditions: {
    users: { ...nobody, includeUsers: ["All"], ...rest.users },
    applications: { ...everything, ...rest.apps },
    clientAppTypes: ["all"],
    signInRiskLevels: [],
    userRiskLevels: [],
    ...rest.conditions,
  },
  grantControls: { operator: "AND", builtInControls: [], termsOfUse: [], ...grant },
  ...(rest.session === undefined ? {} : { sessionControls: rest.session }),
  createdAt: start,
})
export const added = (it: ConditionalAccessPolicy): IdentityEvent => ({
  _tag: "ConditionalAccessPolicyAdded",
  policy: it,
})
export const block = (rest: Parameters<typeof policy>[2] = {}) =>
  added(policy("Block", { builtInControls: ["block"] }, rest))
export const mfa = (rest: Parameters<typeof policy>[2] = {}) =>
  added(policy("Require MFA", { builtInControls: ["mfa"] }, rest))
export const compliant = (rest: Parameters<typeof policy>[2] = {}) =>
  added(policy("Require compliant device", { builtInControls: ["compliantDevice"] }, rest))

export const guest = (address: string, issuer: string, rest: object = {}): IdentityEvent => ({
  _tag: "UserCreated",
  user: memberUser({
    id: `guest-${address}`,
    userPrincipalName: `${address.replace("@", "_")}#EXT#@contoso.onmicrosoft.com`,
    displayName: address,
    mail: address,
    userType: "Guest",
    externalUserState: "Accepted",
    identities: [{ signInType: "federated", issuer }],
    ...rest,
  }),
})
export const nina = guest("nina@fabrikam.com", "ExternalAzureAD")
export const trust = (what: object): IdentityEvent => ({
  _tag: "CrossTenantPartnerAdded",
  partner: {
    tenantId: fabrikamId,
    inboundTrust: {
      isMfaAccepted: false,
      isCompliantDeviceAccepted: false,
      isHybridAzureADJoinedDeviceAccepted: false,
      ...what,
    },
  },
  at: start,
})

export type Asked = Partial<SignInQuestion> & { readonly using?: Partial<Client> }
export const question = (
  address: string,
  events: readonly IdentityEvent[],
  rest: Asked,
): SignInQuestion => {
  const { using, ...more } = rest
  return {
    world: worldFrom([...baseline, ...events]),
    address,
    app: "Office 365 SharePoint Online",
    client: { ...defaultClient, ...using },
    now: start,
    ...more,
  }
}
export const asked = (address: string, events: readonly IdentityEvent[], rest: Asked = {}) => ({
  decision: evaluateSignIn(question(address, events, rest)),
})
export const alice = (events: readonly IdentityEvent[], rest: Asked = {}) =>
  verdict(asked("alice@contoso.com", events, rest))
