import { tenantKeysOf } from "@twin/crypto"
import {
  type Call,
  commonParams,
  commonSwitches,
  decideByGates,
  deny,
  exchangeAdminAudit,
  type GateRules,
  gate,
  inForce,
  notRecognized,
  operation,
  pass,
  type Ruling,
  whatIfOutput,
} from "@twin/kernel"
import { rmsServiceOf } from "@twin/mip"
import { Schema } from "effect"
import { keySharing } from "../eras.ts"
import {
  type ExchangeEvent,
  type ExchangeWorld,
  irmConfigurationOf,
  publishingDomainsOf,
} from "../State.ts"
import { adminRoles } from "./cmdlet.ts"

interface ImportFacets {
  readonly isAutomatic: boolean
  readonly isRmsOnline: boolean
  readonly location: string
  readonly functionalState: "Enabled" | "Disabled"
  readonly keyType: string
}

const importGate = gate<ImportFacets>()

const failed = (message: string) => ({
  code: "Cmdlet-FailedToGetTrustedPublishingDomainFromRmsOnlineException",
  message: `[FailureCategory=Cmdlet-FailedToGetTrustedPublishingDomainFromRmsOnlineException] ${message}`,
})

const gates: GateRules<ImportFacets> = [
  importGate({
    name: "import-needed",
    facts: ["EXO-037", "MIP-262"],
    reads: ["isAutomatic", "isRmsOnline"],
    check: ({ isAutomatic, isRmsOnline }) => {
      if (!isRmsOnline) {
        return deny(
          "Only the import from the online service is modelled here.",
          { isRmsOnline },
          { message: "Specify -RMSOnline." },
        )
      }
      return isAutomatic
        ? deny(
            "The service shares its keys with Exchange Online by itself: there is nothing to import.",
            { isAutomatic },
            failed("Exchange Online already uses the keys of your organization."),
          )
        : pass("The keys are brought by hand.", { isAutomatic })
    },
  }),
  importGate({
    name: "key-sharing-location",
    facts: ["EXO-037", "MIP-262"],
    reads: ["location"],
    check: ({ location }) =>
      /^https:\/\/sp-rms\.(na|eu|ap|sa|govus)\.aadrm\.com\/TenantManagement\/ServicePartner\.svc$/i.test(
        location,
      )
        ? pass("Exchange Online knows where the keys are shared.", { location })
        : deny(
            "Exchange Online does not know where the keys are shared.",
            { location },
            failed("Set RMSOnlineKeySharingLocation with Set-IRMConfiguration first."),
          ),
  }),
  importGate({
    name: "rights-management-active",
    facts: ["MIP-262"],
    reads: ["functionalState"],
    check: ({ functionalState }) =>
      functionalState === "Enabled"
        ? pass("Rights management is activated.", { functionalState })
        : deny("Rights management is not activated.", { functionalState }, failed("Activate it.")),
  }),
  importGate({
    name: "tenant-key-exportable",
    facts: ["MIP-262"],
    reads: ["keyType"],
    check: ({ keyType }) =>
      keyType === "Microsoft-managed"
        ? pass("Microsoft holds the tenant key and can share it.", { keyType })
        : deny(
            "The tenant key is the customer's own and cannot leave its key vault.",
            { keyType },
            failed("The trusted publishing domain could not be retrieved."),
          ),
  }),
]

/** The second step of 2016: Exchange Online gets the keys of rights management (EXO-037, MIP-262). */
export const importPublishingDomain = operation({
  name: "Import-RMSTrustedPublishingDomain",
  summary: "Imports the keys of rights management into Exchange Online, as was needed before 2018.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString.annotate({ description: "Name; a number is appended" }),
    RMSOnline: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "From the online service; switch" }),
    ),
    RefreshTemplates: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Only brings the templates up to date; switch" }),
    ),
    ...commonParams,
  }),
  roles: adminRoles,
  roleRefusal: notRecognized("Import-RMSTrustedPublishingDomain"),
  facts: ["EXO-037", "MIP-262"],
  binding: { positional: ["Name"], switches: [...commonSwitches, "RMSOnline", "RefreshTemplates"] },
  decide: ({ world, now }: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const decision = decideByGates(gates, {
      isAutomatic: inForce(keySharing, now) === "automatic",
      isRmsOnline: params.RMSOnline === true,
      location: irmConfigurationOf(world).RMSOnlineKeySharingLocation ?? "",
      functionalState: rmsServiceOf(world).functionalState,
      keyType: tenantKeysOf(world).find(({ status }) => status === "Active")?.keyType ?? "none",
    })
    if (decision.outcome !== "allow") return { decision }
    const name = `${params.Name} - ${publishingDomainsOf(world).length + 1}`
    if (params.WhatIf === true) {
      return { decision, output: whatIfOutput("Import-RMSTrustedPublishingDomain", name) }
    }
    return {
      decision,
      events: [{ _tag: "PublishingDomainImported", name, at: now }],
      audit: [exchangeAdminAudit("Import-RMSTrustedPublishingDomain", name, params)],
      output: [{ Name: name, Default: publishingDomainsOf(world).length === 0 }],
    }
  },
})
