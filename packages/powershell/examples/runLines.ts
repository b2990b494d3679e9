import { decideByGates, defaultEra, gate, type OperationInfo, pass } from "@twin/kernel"
import { type Host, printedText, runScript } from "@twin/powershell"
import { Effect, Schema } from "effect"

const levels = ["Disabled", "ExternalUserSharingOnly", "ExternalUserAndGuestSharing"]
const tenant: Record<string, Schema.Json> = { SharingCapability: "Disabled", OneDriveQuota: 1024 }

// What a domain package offers: operations with the schema of their parameters.
const cmdlet = (name: string, params: OperationInfo["params"]): OperationInfo => ({
  name,
  kind: "cmdlet",
  summary: "",
  params,
  roles: [],
  facts: ["SPO-001"],
  binding: {},
  isReadOnly: name.startsWith("Get-"),
})
const get = cmdlet("Get-SPOTenant", Schema.Struct({}))
const set = cmdlet(
  "Set-SPOTenant",
  Schema.Struct({ SharingCapability: Schema.optionalKey(Schema.Literals(levels)) }),
)
const open = gate<object>()({
  name: "open",
  facts: ["SPO-001"],
  reads: [],
  check: () => pass("Anybody may try."),
})

// What the tenant package offers: a way to call them.
const host: Host = {
  operations: new Map([get, set].map((it) => [it.name.toLowerCase(), it])),
  now: Effect.succeed(defaultEra),
  call: (_name, params) =>
    Effect.sync(() => {
      Object.assign(tenant, params)
      return { decision: decideByGates([open], {}), output: [{ ...tenant }], warnings: [] }
    }),
}

const run = await Effect.runPromise(
  runScript(
    `set-spotenant –SharingC “ExternalUserSharingOnly” | Out-Null  # pasted from slides
Get-SPOTenant | Format-List Sharing*
Set-SPOTenant -SharingCapability Anyone`,
    host,
  ),
)
console.log(printedText(run))
