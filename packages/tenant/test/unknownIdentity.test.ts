import { assert, describe, it, layer } from "@effect/vitest"
import { type Actor, decidingGate, defaultClient } from "@twin/kernel"
import { Context, Effect, Layer } from "effect"
import { makeTenant, type Tenant, tenantComposition } from "../src/index.ts"

/** Cmdlets for which the sources say that an identity nobody has shows everything. */
const showsEverything: Readonly<Record<string, string>> = {
  "Get-Label.Identity": "MIP-091",
  "Get-OMEConfiguration.Identity": "EXO-160",
  "Get-RMSTemplate.Identity": "EXO-044",
  "Get-DataEncryptionPolicy.Identity": "CRY-079",
  "Get-M365DataAtRestEncryptionPolicy.Identity": "CRY-079",
}

/** Parameters that name nothing which has to be there, by what they do instead. */
const namesNothing: readonly RegExp[] = [
  // conditions that leave rows out: an empty answer is an answer
  /\.(Filter|Property|SearchString|ExternalTenantId|Template|Position|Subject|SortOrder|Status|State|Role|Rule|Outcome)$/,
  /^Get-Az\w+\.(ResourceGroupName|Location|Version|ProviderNamespace|FeatureName|SubscriptionId)$/,
  // an empty answer, as of the module itself
  /^Get-AzKeyVault\.VaultName$/,
  /^Get-AzKeyVaultManagedHsm\.Name$/,
  // a key is looked for in a vault that is there: the tests of vaults ask that
  /^Get-AzKeyVaultKey\.Name$/,
  /^Get-MessageTraceV2\./,
  /^Get-MessageTraceDetailV2\./,
  /^Get-AccessToCustomerDataRequest\.RequestId$/,
  /^Get-(LockboxRequest|JitAccount|InternalLog)\.RequestId$/,
  /^Get-AipServiceDocumentLog\./,
  /^Get-AipServiceTrackingLog\./,
  // moments, numbers, files and variables to write to
  /\.(FromTime|ToTime|ForDate|FromDate|ToDate|StartDate|EndDate|CreatedAfter|Limit|Top|ResultSize|CountVariable)$/,
  /^Get-AipService(Admin|User)Log\.Path$/,
  // taken and ignored, or reserved for Microsoft
  /^Get-SPODataEncryptionPolicy\.Identity$/,
  /^Get-(TransportConfig|SmimeConfig)\.Identity$/,
  // one of a few literals, which the twin models in part
  /AuthenticationMethodConfigurationId$/,
  /^Get-AzureADObjectSetting\.TargetType$/,
]

const site = "https://contoso.sharepoint.com/sites/launch"

/** What a cmdlet has to be told besides, where it needs more than the one parameter. */
const companions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "Get-SPOUser": { Site: site },
  "Get-MgGroupSetting": { GroupId: "launch@contoso.com" },
  "Get-MgBetaGroupSetting": { GroupId: "launch@contoso.com" },
  "Get-AzureADObjectSetting": { TargetType: "Groups", TargetObjectId: "launch@contoso.com" },
  "Get-AzResourceProvider": { ProviderNamespace: "Microsoft.Resources", SubscriptionId: "sub" },
  "Get-MgIdentityGovernanceAccessReviewDefinitionInstanceDecision": {
    AccessReviewScheduleDefinitionId: "absent",
  },
}

const isText = (schema: { readonly ast: { readonly _tag: string } }): boolean => {
  const { ast } = schema
  return ast._tag === "String" || (ast._tag === "Union" && JSON.stringify(ast).includes("String"))
}

const asked = [...tenantComposition.operations.values()]
  .filter(({ name }) => name.startsWith("Get-"))
  .flatMap(({ name, params }) =>
    Object.entries(params.fields)
      .filter(([, schema]) => isText(schema))
      .map(([parameter]) => `${name}.${parameter}`),
  )

const sitePolicy = {
  id: "site-policy",
  kind: "SharePointGeo",
  name: "Sites",
  description: "",
  isEnabled: true,
  rootKeys: [],
  depKeyId: "site-policy-key",
  availabilityKeyId: "site-availability-key",
  versionIds: ["site-policy-1"],
  isPurged: false,
} as const

class Contoso extends Context.Service<Contoso, Tenant>()("test/Contoso") {}

const contoso = Layer.effect(Contoso)(
  Effect.gen(function* () {
    const tenant = yield* makeTenant({ seed: "1" })
    yield* tenant.call(yield* tenant.actor("ivan"), "Connect-AipService", {})
    // Customer Key of sites is in use, so that a site can be asked for.
    const at = yield* tenant.now
    yield* tenant.simulation.establish("establish-site-keys", [
      { _tag: "DataEncryptionPolicyCreated", policy: { ...sitePolicy, createdAt: at } },
      {
        _tag: "GeoEncryptionStarted",
        policyId: sitePolicy.id,
        state: "Registering",
        at,
        doneAt: at,
      },
    ])
    return tenant
  }),
)

/** Somebody who holds every role that the cmdlet asks for. */
const administrator = (roles: readonly string[]): Actor => ({
  id: "ivan@contoso.com",
  kind: "member",
  roles: ["Global Administrator", ...roles],
  client: defaultClient,
})

/** Gates that come before the question whether the thing is there. */
const beforeTheQuestion = ["role", "aip-service-session", "customer-key-in-use", "one-holder"]

const named = asked.filter((it) => !namesNothing.some((pattern) => pattern.test(it)))

describe("what cmdlets that show things say of an identity that nobody has", () => {
  it("is asked of every parameter that names something", () => {
    assert.isAbove(named.length, 30)
    for (const it of ["Get-LabelPolicy.Identity", "Get-SPOSite.Identity", "Get-MgUser.UserId"]) {
      assert.include(named, it)
    }
    for (const it of Object.keys(showsEverything)) assert.include(named, it)
  })

  layer(contoso)((it) => {
    it.effect.each(named)("%s", (key) =>
      Effect.gen(function* () {
        const tenant = yield* Contoso
        const [cmdlet = "", parameter = ""] = key.split(".")
        const operation = tenantComposition.operations.get(cmdlet.toLowerCase())
        const actor = administrator(operation?.roles ?? [])
        for (const absent of ["Nobody of this name", "11111111-2222-4333-8444-555555555555"]) {
          const params = { ...companions[cmdlet], [parameter]: absent }
          const { decision, output } = yield* tenant.call(actor, cmdlet, params)
          if (showsEverything[key] === undefined) {
            const gate = decidingGate(decision)
            assert.strictEqual(decision.outcome, "deny", `${absent}: ${gate.name}`)
            assert.notInclude(beforeTheQuestion, gate.name)
            assert.isNotEmpty(gate.refusal?.message ?? "", gate.name)
            assert.isEmpty(output)
          } else {
            const all = yield* tenant.call(actor, cmdlet, {})
            assert.strictEqual(decision.outcome, "allow")
            assert.deepStrictEqual(output, all.output)
          }
        }
      }),
    )
  })
})
