import {
  type Actor,
  type Call,
  decideByGates,
  defaultEra,
  deny,
  gate,
  makeDraw,
  type Operation,
  type OperationInfo,
  type OutputObject,
  operation,
  pass,
  unknown,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import type { Host } from "../src/Shell.ts"

/** A tenant of three sites, enough to bind and run cmdlets against. */
export interface SampleWorld {
  readonly tenant: Readonly<Record<string, Schema.Json>>
  readonly sites: Readonly<Record<string, OutputObject>>
}

type SampleEvent = (world: SampleWorld) => SampleWorld

const levels = [
  "Disabled",
  "ExistingExternalUserSharingOnly",
  "ExternalUserSharingOnly",
  "ExternalUserAndGuestSharing",
] as const

const exists = gate<{ readonly found: boolean; readonly url: string }>()({
  name: "site-exists",
  facts: ["SPO-281"],
  reads: ["found", "url"],
  check: ({ found, url }) =>
    found
      ? pass("The site exists.")
      : deny(
          "There is no such site.",
          {},
          { code: "ServerException", message: `Cannot get site ${url}.` },
        ),
})

const modelled = gate<{ readonly isModelled: boolean }>()({
  name: "modelled",
  facts: ["SPO-281"],
  reads: ["isModelled"],
  check: ({ isModelled }) =>
    isModelled ? pass("The twin models this.") : unknown("The twin does not model this setting."),
})

type SampleOperation = Operation<SampleWorld, SampleEvent>

const optional = <S extends Schema.Top>(schema: S) => Schema.optionalKey(schema)

const setTenant: SampleOperation = operation({
  name: "Set-SPOTenant",
  summary: "Sets properties of the tenant.",
  params: Schema.Struct({
    SharingCapability: optional(Schema.Literals(levels)),
    SharingDomainRestrictionMode: optional(Schema.Literals(["None", "AllowList", "BlockList"])),
    SharingAllowedDomainList: optional(Schema.String),
    EnableAzureADB2BIntegration: optional(Schema.Boolean),
    SyncAadB2BManagementPolicy: optional(Schema.Boolean),
    ExternalUserExpireInDays: optional(
      Schema.Int.check(Schema.isBetween({ minimum: 30, maximum: 730 })),
    ),
    WhoCanShareAuthenticatedGuestAllowList: optional(Schema.NullOr(Schema.Array(Schema.String))),
    NoAccessRedirectUrl: optional(Schema.String),
    MediaTranscription: optional(Schema.String),
  }),
  roles: ["SharePoint Administrator"],
  facts: ["SPO-001"],
  decide: (_call: Call<SampleWorld>, params) => {
    const decision = decideByGates([modelled], {
      isModelled: params.MediaTranscription === undefined,
    })
    return decision.outcome === "allow"
      ? {
          decision,
          events: [(world) => ({ ...world, tenant: { ...world.tenant, ...params } })],
          warnings:
            params.SharingCapability === "ExternalUserAndGuestSharing"
              ? ["Anyone links are on."]
              : [],
        }
      : { decision }
  },
})

const allowed = decideByGates([modelled], { isModelled: true })

const getTenant: SampleOperation = operation({
  name: "Get-SPOTenant",
  summary: "Shows properties of the tenant.",
  params: Schema.Struct({}),
  facts: ["SPO-001"],
  isReadOnly: true,
  decide: ({ world }: Call<SampleWorld>) => ({ decision: allowed, output: [world.tenant] }),
})

const getSite: SampleOperation = operation({
  name: "Get-SPOSite",
  summary: "Shows sites.",
  params: Schema.Struct({
    Identity: optional(Schema.String),
    Limit: optional(Schema.String),
    Filter: optional(Schema.String),
    IncludePersonalSite: optional(Schema.Boolean),
    Detailed: optional(Schema.Boolean),
    ModifiedDate: optional(Schema.String),
    CreatedAfter: optional(Schema.String.annotate({ format: "date-time" })),
  }),
  facts: ["SPO-281"],
  isReadOnly: true,
  binding: { positional: ["Identity"], switches: ["Detailed"] },
  decide: ({ world }: Call<SampleWorld>, { Identity }) => {
    const found = Object.entries(world.sites).filter(
      ([url]) => Identity === undefined || url === Identity,
    )
    const decision = decideByGates([exists], { found: found.length > 0, url: Identity ?? "" })
    return { decision, output: decision.outcome === "allow" ? found.map(([, site]) => site) : [] }
  },
})

const setSite: SampleOperation = operation({
  name: "Set-SPOSite",
  summary: "Sets properties of a site.",
  params: Schema.Struct({
    Identity: Schema.String.annotate({ description: "Address of the site" }),
    SharingCapability: optional(Schema.Literals(levels)),
    DisableSharingForNonOwners: optional(Schema.Boolean),
    LockState: optional(Schema.Literals(["Unlock", "ReadOnly", "NoAccess"])),
    Owner: optional(Schema.String),
  }),
  facts: ["SPO-281"],
  binding: {
    positional: ["Identity"],
    switches: ["DisableSharingForNonOwners"],
    aliases: { Url: "Identity" },
    pipeline: "Identity",
  },
  decide: ({ world }: Call<SampleWorld>, { Identity, ...changes }) => {
    const site = world.sites[Identity]
    const decision = decideByGates([exists], { found: site !== undefined, url: Identity })
    return decision.outcome === "allow"
      ? {
          decision,
          events: [
            (it) => ({ ...it, sites: { ...it.sites, [Identity]: { ...site, ...changes } } }),
          ],
        }
      : { decision }
  },
})

const newRule: SampleOperation = operation({
  name: "New-DlpComplianceRule",
  summary: "Makes a rule.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString,
    Policy: Schema.NonEmptyString,
    ContentContainsSensitiveInformation: optional(
      Schema.Array(
        Schema.Struct({
          name: Schema.String,
          minCount: optional(Schema.Finite),
          confidence: optional(Schema.Union([Schema.Finite, Schema.String])),
        }),
      ),
    ),
    Settings: optional(Schema.Record(Schema.String, Schema.String)),
    Owner: optional(Schema.String.annotate({ format: "uuid" })),
    Lifetime: optional(Schema.String.annotate({ format: "duration" })),
    Image: optional(Schema.Array(Schema.Int)),
    Anything: optional(Schema.Json),
    Password: optional(Schema.String),
  }),
  facts: ["SPO-200"],
  binding: { positional: ["Name", "Policy"] },
  secrets: ["Password"],
  decide: (_call: Call<SampleWorld>, params) => ({
    decision: allowed,
    output: [{ ...params, WhenCreated: "2026-09-01T08:00:00.000Z" }],
  }),
})

const getService: SampleOperation = operation({
  name: "Get-AipService",
  summary: "Shows whether the service is on.",
  params: Schema.Struct({}),
  facts: ["MIP-003"],
  isReadOnly: true,
  decide: () => ({ decision: allowed, output: [{ Value: "Enabled" }] }),
})

const shareFile: SampleOperation = operation({
  name: "share-file",
  summary: "Shares a file.",
  params: Schema.Struct({}),
  facts: ["SPO-001"],
  decide: () => ({ decision: allowed }),
})

/** Counts into a variable, as cmdlets of the Graph SDK do. */
const getUser: SampleOperation = operation({
  name: "Get-MgUser",
  summary: "Shows users.",
  params: Schema.Struct({ CountVariable: optional(Schema.String), Top: optional(Schema.Int) }),
  facts: ["IDN-100"],
  isReadOnly: true,
  decide: (_call: Call<SampleWorld>, { CountVariable: name, Top }) => ({
    decision: allowed,
    output: [{ Id: "alex" }, { Id: "pat" }].slice(0, Top),
    ...(name === undefined ? {} : { variables: { [name]: 2 } }),
  }),
})

const operations = [getTenant, setTenant, getSite, setSite, newRule, getService, getUser, shareFile]

export const sampleOperations: ReadonlyMap<string, OperationInfo> = new Map(
  operations.map((it) => [it.name.toLowerCase(), it]),
)

const site = (name: string, level: string, created: string) => ({
  Url: `https://contoso.sharepoint.com/sites/${name}`,
  Title: name.toUpperCase(),
  SharingCapability: level,
  StorageQuota: 1024,
  Owners: ["alex@contoso.com", "pat@contoso.com"],
  IsHub: name === "hr",
  SensitivityLabel: null,
  LastContentModifiedDate: created,
})

const start: SampleWorld = {
  tenant: {
    SharingCapability: "ExternalUserSharingOnly",
    EnableAzureADB2BIntegration: false,
    SharingAllowedDomainList: "",
  },
  sites: Object.fromEntries(
    [
      site("legal", "Disabled", "2026-08-01T09:30:00.000Z"),
      site("hr", "ExternalUserSharingOnly", "2026-07-15T18:05:09.000Z"),
      site("sales", "ExternalUserAndGuestSharing", "2026-08-31T23:59:59.000Z"),
    ].map((it) => [it.Url, it]),
  ),
}

const admin: Actor = {
  id: "admin@contoso.com",
  kind: "member",
  roles: ["SharePoint Administrator"],
  client: { app: "powershell", device: "managed", ipAddress: "203.0.113.10" },
}

/** A fresh tenant to run scripts against; `world` shows what they changed. */
export const makeSampleTenant = (
  actor: Actor = admin,
): { readonly host: Host; readonly world: () => SampleWorld } => {
  let world = start
  const host: Host = {
    operations: sampleOperations,
    now: Effect.succeed(defaultEra),
    readFile: (path) =>
      Effect.succeed(path === "C:\\logo.png" ? new Uint8Array([137, 80, 78, 71]) : undefined),
    call: Effect.fnUntraced(function* (name, params) {
      const found = operations.find((it) => it.name === name)
      if (found === undefined) return yield* Effect.die(new Error(`no operation ${name}`))
      const call = { world, actor, now: defaultEra, draw: makeDraw("test") }
      const ruling = yield* found.rule(call, params)
      const { decision, events = [], output = [], warnings = [], variables = {} } = ruling
      for (const event of events) world = event(world)
      return { decision, output, warnings, variables }
    }),
  }
  return { host, world: () => world }
}
