import { type Call, decideByGates, gate, type OutputObject, pass } from "@twin/kernel"
import { Schema } from "effect"
import { isIntegrationSet } from "../in-force/integration.ts"
import { type SpoWorld, tenantSetting } from "../State.ts"
import { type TenantSettingName, tenantSettings } from "../settings/tenantSettings.ts"
import { cmdlet, type SpoOperation, type SpoRuling } from "./SpoOperation.ts"

const read = gate<object>()({
  name: "read",
  facts: ["SPO-113"],
  reads: [],
  check: () => pass("Reading changes nothing."),
})

/** An administrator may read. */
export const reading = decideByGates([read], {})

/** Every readable setting with its value; actions are not shown (SPO-113). */
const tenantRow = (world: SpoWorld): OutputObject =>
  Object.fromEntries(
    Object.entries(tenantSettings)
      .filter(([, { isAction }]) => !isAction)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name]) => [
        name,
        name === "EnableAzureADB2BIntegration"
          ? isIntegrationSet(world)
          : plain(tenantSetting(world, name as TenantSettingName)),
      ]),
  )

const plain = <A extends string | number | boolean>(value: A | readonly string[]): A | string[] =>
  typeof value === "object" ? [...value] : value

export const getSpoTenant: SpoOperation = cmdlet({
  name: "Get-SPOTenant",
  summary: "Shows the settings of SharePoint and OneDrive for the whole organization.",
  params: Schema.Struct({}),
  facts: ["SPO-113", "SPO-050", "SPO-117"],
  isReadOnly: true,
  decide: ({ world }: Call<SpoWorld>): SpoRuling => ({
    decision: reading,
    output: [tenantRow(world)],
  }),
})

/** Opens a session: the twin runs the cmdlets without one, too. */
export const connectSpoService: SpoOperation = cmdlet({
  name: "Connect-SPOService",
  summary: "Connects to the SharePoint administration site.",
  params: Schema.Struct({
    Url: Schema.NonEmptyString.annotate({ description: "Address of the administration site" }),
    Credential: Schema.optionalKey(Schema.String),
    ModernAuth: Schema.optionalKey(Schema.Boolean),
  }),
  binding: { positional: ["Url"] },
  facts: ["SPO-012"],
  secrets: ["Credential"],
  isReadOnly: true,
  decide: (_call: Call<SpoWorld>): SpoRuling => ({ decision: reading }),
})
