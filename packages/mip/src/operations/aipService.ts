import { tenantKeysOf } from "@twin/crypto"
import { organizationOf } from "@twin/identity"
import { decideByGates, deny, gate, isoOf, pass } from "@twin/kernel"
import { Schema } from "effect"
import { isSecurityGroup } from "../decisions/ProtectFacets.ts"
import { readMoment } from "../readMoment.ts"
import { adminLogOf, ledgerOf, rmsServiceOf, templatesOf } from "../State.ts"
import { aipCmdlet, says } from "./aipCmdlet.ts"

const none = Schema.Struct({})

export const enableAipService = aipCmdlet({
  name: "Enable-AipService",
  summary: "Switches the rights management service on.",
  params: none,
  facts: ["MIP-003", "MIP-004", "MIP-005"],
  decide: ({ world }) => ({
    warnings:
      ledgerOf(world).subscription.adRms === "deployed"
        ? [
            "Rights management servers run on premises: migrate them before you activate this service.",
          ]
        : [],
    changes: { functionalState: "Enabled" },
    logged: { command: "EnableTenantFunctionalState" },
    output: says("The rights management service was enabled for the organization."),
  }),
})

export const disableAipService = aipCmdlet({
  name: "Disable-AipService",
  summary: "Switches the rights management service off for the whole organization.",
  params: none,
  facts: ["MIP-003", "MIP-006", "MIP-008"],
  decide: ({ world }) => ({
    warnings:
      ledgerOf(world).subscription.publishingDomainExportedAt === undefined
        ? [
            "Nobody holds the tenant key and a trusted publishing domain: protected content will not open any more.",
          ]
        : [],
    changes: { functionalState: "Disabled" },
    logged: { command: "DisableTenantFunctionalState" },
    output: says("The rights management service was disabled for the organization."),
  }),
})

export const getAipService = aipCmdlet({
  name: "Get-AipService",
  summary: "Says whether the rights management service is on.",
  params: none,
  facts: ["MIP-003"],
  isReadOnly: true,
  decide: ({ world }) => ({ output: says(rmsServiceOf(world).functionalState) }),
})

/** The addresses of the service follow from the tenant; the region is the twin's own choice. */
export const getAipServiceConfiguration = aipCmdlet({
  name: "Get-AipServiceConfiguration",
  summary: "Shows the configuration of the protection service.",
  params: none,
  facts: ["MIP-003", "MIP-068", "MIP-230"],
  isReadOnly: true,
  decide: ({ world }) => {
    const service = rmsServiceOf(world)
    const id = organizationOf(world)?.tenantId ?? ""
    const host = `https://${id}.rms.eu.aadrm.com`
    return {
      output: [
        {
          BPOSId: id,
          AzureInformationProtectionServiceId: id,
          RightsManagementServiceId: id,
          LicensingIntranetDistributionPointUrl: `${host}/_wmcs/licensing`,
          LicensingExtranetDistributionPointUrl: `${host}/_wmcs/licensing`,
          CertificationIntranetDistributionPointUrl: `${host}/_wmcs/certification`,
          CertificationExtranetDistributionPointUrl: `${host}/_wmcs/certification`,
          AdminConnectionUrl: `${host.replace(".rms.", ".admin.")}/admin/admin.svc/Tenants/${id}`,
          AdminV2ConnectionUrl: `${host.replace(".rms.", ".admin.")}/adminV2/admin.svc/Tenants/${id}`,
          OnPremiseDomainName: null,
          Keys: tenantKeysOf(world).map(({ identifier }) => identifier),
          CurrentLicensorCertificateGuid:
            tenantKeysOf(world).find(({ status }) => status === "Active")?.identifier ?? null,
          Templates: templatesOf(world).map(({ templateId }) => templateId),
          FunctionalState: service.functionalState,
          SuperUsersEnabled: service.superUserFeature,
          SuperUsers: service.superUsers,
          AdminRoleMembers: ledgerOf(world).administrators.map(
            ({ displayName, role }) => `${displayName} (${role})`,
          ),
          KeyRolloverCount: tenantKeysOf(world).length - 1,
          ProvisioningDate: isoOf(
            ledgerOf(world).subscription.boughtAt ?? organizationOf(world)?.createdAt ?? 0,
          ),
          IPCv3FunctionalState: service.functionalState,
          DevicePlatformState: {
            WindowsStore: true,
            WindowsPhone: true,
            Mac: true,
            iOS: true,
            Android: true,
            Web: true,
          },
          FciEnabledForConnectorAuthorization: ledgerOf(world).connectorServers.some(
            ({ role }) => role === "FCI",
          ),
          DocumentTrackingFeatureState: service.documentTracking,
        },
      ],
    }
  },
})

const securityGroup = gate<{ readonly group: "none" | "security" | "other" }>()({
  name: "onboarding-group",
  facts: ["MIP-013"],
  reads: ["group"],
  check: ({ group }) => {
    if (group === "none") return pass("No group is named: everybody is meant.", { group })
    return group === "security"
      ? pass("The group is a security group of the directory.", { group })
      : deny(
          "The group is no security group of the directory.",
          { group },
          {
            code: "InvalidGroup",
            message: "The SecurityGroupObjectId does not identify a security group.",
          },
        )
  },
})

/** There is nobody to answer in the twin, which goes on as if the administrator had agreed. */
const asksFirst =
  "The cmdlet asks for confirmation; the twin answers Yes. Use -Force to skip the question."

export const setOnboardingControlPolicy = aipCmdlet({
  name: "Set-AipServiceOnboardingControlPolicy",
  summary: "Says who may protect content; it replaces the policy before it.",
  params: Schema.Struct({
    UseRmsUserLicense: Schema.Boolean.annotate({
      description: "Only people with a licence may protect",
    }),
    SecurityGroupObjectId: Schema.optionalKey(
      Schema.String.annotate({ description: "Only members of this security group may protect" }),
    ),
    Scope: Schema.optionalKey(
      Schema.Literals(["All", "WindowsApp", "MobileApp"]).annotate({
        description: "Applications that the policy covers",
      }),
    ),
    Force: Schema.optionalKey(Schema.Boolean.annotate({ description: "Does not ask" })),
  }),
  facts: ["MIP-011", "MIP-012", "MIP-013"],
  binding: { switches: ["Force"] },
  decide: ({ world }, { UseRmsUserLicense, SecurityGroupObjectId, Scope, Force = false }) => {
    const group = SecurityGroupObjectId?.toLowerCase()
    return {
      decision: decideByGates([securityGroup], {
        group: group === undefined ? "none" : isSecurityGroup(world, group) ? "security" : "other",
      }),
      warnings: Force ? [] : [asksFirst],
      changes: {
        onboarding: {
          useRmsUserLicense: UseRmsUserLicense,
          scope: Scope ?? "All",
          ...(group === undefined ? {} : { securityGroupObjectId: group }),
        },
      },
      logged: {
        command: "SetOnboardingControlPolicy",
        parameters: `-UseRmsUserLicense ${UseRmsUserLicense ? "True" : "False"} -SecurityGroupObjectId ${group ?? ""}`,
      },
    }
  },
})

export const getOnboardingControlPolicy = aipCmdlet({
  name: "Get-AipServiceOnboardingControlPolicy",
  summary: "Shows who may protect content.",
  params: none,
  facts: ["MIP-011"],
  isReadOnly: true,
  decide: ({ world }) => {
    const { useRmsUserLicense, securityGroupObjectId, scope } = rmsServiceOf(world).onboarding
    return {
      output: [
        {
          UseRmsUserLicense: useRmsUserLicense,
          SecurityGroupObjectId: securityGroupObjectId ?? null,
          Scope: scope,
        },
      ],
    }
  },
})

export const setMaxUseLicenseValidityTime = aipCmdlet({
  name: "Set-AipServiceMaxUseLicenseValidityTime",
  summary: "Sets how many days a use licence opens content without asking again.",
  params: Schema.Struct({
    MaxUseLicenseValidityTime: Schema.Int.check(
      Schema.isBetween({ minimum: 0, maximum: 65535 }),
    ).annotate({ description: "Days, 0 to 65535" }),
    Force: Schema.optionalKey(Schema.Boolean.annotate({ description: "Does not ask" })),
  }),
  facts: ["MIP-077", "MIP-079"],
  binding: { positional: ["MaxUseLicenseValidityTime"], switches: ["Force"] },
  decide: (_call, { MaxUseLicenseValidityTime: count }) => ({
    changes: { maxUseLicenseValidityDays: count },
    logged: { command: "SetMaxUseLicenseValidityTime", parameters: `-days ${count}` },
  }),
})

export const getMaxUseLicenseValidityTime = aipCmdlet({
  name: "Get-AipServiceMaxUseLicenseValidityTime",
  summary: "Shows how many days a use licence opens content without asking again.",
  params: none,
  facts: ["MIP-077"],
  isReadOnly: true,
  decide: ({ world }) => ({
    output: [{ Value: rmsServiceOf(world).maxUseLicenseValidityDays }],
  }),
})

const timeRange = gate<{ readonly range: "readable" | "unreadable" }>()({
  name: "time-range",
  facts: ["MIP-073"],
  reads: ["range"],
  check: ({ range }) =>
    range === "readable"
      ? pass("The times can be read.", { range })
      : deny(
          "A time cannot be read.",
          { range },
          {
            code: "ParameterArgumentTransformationError",
            message: "Specify FromTime and ToTime as a date and time.",
          },
        ),
})

export const getAdminLog = aipCmdlet({
  name: "Get-AipServiceAdminLog",
  summary: "Shows the administration log of the protection service.",
  params: Schema.Struct({
    Path: Schema.NonEmptyString.annotate({
      description: "File to write; the twin prints the lines",
    }),
    FromTime: Schema.optionalKey(Schema.String.annotate({ description: "Date and time, UTC" })),
    ToTime: Schema.optionalKey(Schema.String.annotate({ description: "Date and time, UTC" })),
    Force: Schema.optionalKey(Schema.Boolean.annotate({ description: "Overwrites the file" })),
  }),
  facts: ["MIP-073"],
  binding: { positional: ["Path"], switches: ["Force"] },
  isReadOnly: true,
  decide: ({ world }, { FromTime, ToTime }) => {
    const from = FromTime === undefined ? 0 : readMoment(FromTime)
    const until = ToTime === undefined ? Number.POSITIVE_INFINITY : readMoment(ToTime)
    return {
      decision: decideByGates([timeRange], {
        range: from === undefined || until === undefined ? "unreadable" : "readable",
      }),
      output: adminLogOf(world)
        .filter(({ at }) => (from ?? 0) <= at && at <= (until ?? 0))
        .map(({ at, admin, command, parameters, hasPassed }) => ({
          Line: [isoOf(at), admin, command, parameters, hasPassed ? "Passed True" : "Passed False"]
            .filter((it) => it !== "")
            .join(" "),
        })),
    }
  },
})
