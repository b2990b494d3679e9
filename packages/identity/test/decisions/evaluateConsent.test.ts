import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { PermissionGrant } from "../../src/Application.ts"
import { servicePrincipalOf } from "../../src/applications.ts"
import { evaluateConsent, tokenScopes } from "../../src/decisions/evaluateConsent.ts"
import { appIds, type IdentityEvent, userOf } from "../../src/index.ts"
import { baseline, contosoId, start, userId, worldFrom } from "../world.ts"

const clients = ["client-one", "client-two"] as const
const people = ["alice", "bob"] as const
const scopes = ["User.Read", "Mail.Read", "Files.Read", "Group.Read.All"] as const

const Grant = Schema.Struct({
  client: Schema.Literals(clients),
  /** Absent: for everybody. */
  person: Schema.optionalKey(Schema.Literals(people)),
  scopes: Schema.NonEmptyArray(Schema.Literals(scopes)),
})

const registration = (appId: string): readonly IdentityEvent[] => [
  {
    _tag: "ApplicationAdded",
    application: {
      id: `registration of ${appId}`,
      appId,
      displayName: appId,
      homeTenant: contosoId,
      signInAudience: "AzureADMyOrg",
      identifierUris: [],
      redirectUris: [],
      groupMembershipClaims: "None",
      isPublisherVerified: false,
      requiredResourceAccess: [],
      scopes: [],
      appRoles: [],
      owners: [],
      createdAt: start,
    },
  },
  {
    _tag: "ServicePrincipalAdded",
    servicePrincipal: {
      id: `principal of ${appId}`,
      appId,
      displayName: appId,
      accountEnabled: true,
      createdAt: start,
    },
  },
]

const graphId = servicePrincipalOf(worldFrom(baseline), appIds.microsoftGraph)?.id ?? ""

const granted = (grant: typeof Grant.Type, index: number): IdentityEvent => ({
  _tag: "PermissionGrantAdded",
  grant: {
    id: `grant ${index}`,
    clientId: `principal of ${grant.client}`,
    resourceId: graphId,
    scopes: grant.scopes,
    ...(grant.person === undefined
      ? { consentType: "AllPrincipals" }
      : { consentType: "Principal", principalId: userId(grant.person) }),
  } satisfies PermissionGrant,
  at: start,
})

describe("consent", () => {
  it.prop(
    "[IDN-276] a token is given exactly when grants cover every permission, and carries no other",
    {
      grants: Schema.Array(Grant),
      client: Schema.Literals(clients),
      person: Schema.Literals(people),
      wanted: Schema.NonEmptyArray(Schema.Literals(scopes)),
    },
    ({ grants, client, person, wanted }) => {
      const world = worldFrom([
        ...baseline,
        ...clients.flatMap(registration),
        ...grants.map(granted),
      ])
      const user = userOf(world, userId(person))
      assert.isDefined(user)
      if (user === undefined) return
      const request = {
        world,
        client,
        resource: appIds.microsoftGraph,
        scopes: wanted,
        isSharedEndpoint: false,
        user,
        now: start,
      }
      const counting = grants
        .filter((it) => it.client === client && (it.person ?? person) === person)
        .flatMap((it) => it.scopes)
      const isCovered = wanted.every((it) => counting.includes(it))
      const decision = evaluateConsent(request)
      assert.strictEqual(decision.outcome === "allow", isCovered)
      if (isCovered) {
        assert.deepStrictEqual(tokenScopes(request), [...new Set(counting)].toSorted())
      } else {
        const isForAdministrators = wanted.some(
          (it) => it === "Group.Read.All" && !counting.includes(it),
        )
        assert.strictEqual(
          decision.gates.at(-1)?.refusal?.code,
          isForAdministrators ? "AADSTS90094" : "AADSTS65001",
        )
      }
    },
  )
})
