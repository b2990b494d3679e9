import { organizationOf } from "@twin/identity"
import {
  type Call,
  commonParams,
  commonSwitches,
  decideByGates,
  deny,
  exchangeAdminAudit,
  gate,
  namedObjects,
  notRecognized,
  operation,
  pass,
  type Ruling,
  whatIfOutput,
} from "@twin/kernel"
import { Schema } from "effect"
import {
  defaultIrmConfiguration,
  type IrmChanges,
  type IrmSetting,
  irmIdentity,
  irmSettings,
} from "../IrmConfiguration.ts"
import { hasRightsKeys, irmInForce } from "../irmInForce.ts"
import {
  type ExchangeEvent,
  type ExchangeWorld,
  irmConfigurationOf,
  subscriptionOf,
} from "../State.ts"
import { hasAdvancedMessageEncryption } from "../SubscriptionPlan.ts"
import { adminRoles, confirmation, readerRoles } from "./cmdlet.ts"

const identity = Schema.optionalKey(
  Schema.String.annotate({ description: "Only 'ControlPoint Configuration', or nothing" }),
)

const configurations = namedObjects({
  objects: "IRM configurations",
  gate: "irm-configuration",
  facts: ["EXO-013"],
})

const isTheOne = (name: string): boolean => name.toLowerCase() === irmIdentity.toLowerCase()

/** Where the tenant's rights management service answers. */
const serviceUrl = (world: ExchangeWorld, path: string): string =>
  `https://${organizationOf(world)?.tenantId ?? world.kernel.organizationId}.rms.na.aadrm.com/_wmcs/${path}`

/** The licensing address in force; Exchange Online finds the tenant's own by itself (EXO-018). */
export const licensingLocations = (world: ExchangeWorld): readonly string[] => {
  const { LicensingLocation } = irmConfigurationOf(world)
  return LicensingLocation.length === 0 ? [serviceUrl(world, "licensing")] : LicensingLocation
}

export const getIrmConfiguration = operation({
  name: "Get-IRMConfiguration",
  summary: "Shows the one IRM configuration of the organization.",
  params: Schema.Struct({ Identity: identity }),
  roles: readerRoles,
  roleRefusal: notRecognized("Get-IRMConfiguration"),
  facts: ["EXO-013", "EXO-017"],
  binding: { positional: ["Identity"] },
  isReadOnly: true,
  decide: ({ world, now }: Call<ExchangeWorld>, { Identity }): Ruling<ExchangeEvent> => {
    const configuration = {
      ...irmInForce(world, now),
      // On-premises only; the property can be read all the same.
      ExternalLicensingEnabled: false,
      LicensingLocation: licensingLocations(world),
      ServiceLocation: serviceUrl(world, "certification"),
      PublishingLocation: serviceUrl(world, "licensing/publish.asmx"),
      Identity: irmIdentity,
    }
    return configurations.list({
      all: [configuration],
      identity: Identity === "" ? undefined : Identity,
      find: (name) => (isTheOne(name) ? configuration : undefined),
      shown: (it) => it,
    })
  },
})

interface IrmFacets {
  readonly enablesLicensing: boolean
  readonly hasKeys: boolean
  readonly touchesPortalLogs: boolean
  readonly hasAdvancedEncryption: boolean
  readonly plan: string
}

const keysAreShared = gate<IrmFacets>()({
  name: "rights-keys-shared",
  facts: ["EXO-037"],
  reads: ["enablesLicensing", "hasKeys"],
  check: ({ enablesLicensing, hasKeys }) =>
    enablesLicensing && !hasKeys
      ? deny(
          "Licensing needs the keys of rights management, which nobody has imported yet.",
          { hasKeys },
          {
            code: "InvalidOperationException",
            message:
              "Internal licensing can't be enabled because no trusted publishing domain was imported.",
          },
        )
      : pass("Nothing needs keys that Exchange Online lacks.", { hasKeys }),
})

const portalLogsAreLicensed = gate<IrmFacets>()({
  name: "advanced-message-encryption",
  facts: ["EXO-021", "EXO-007"],
  reads: ["touchesPortalLogs", "hasAdvancedEncryption", "plan"],
  check: ({ touchesPortalLogs, hasAdvancedEncryption, plan }) => {
    if (!touchesPortalLogs) return pass("No setting needs Advanced Message Encryption.")
    return hasAdvancedEncryption
      ? pass("The organization has Advanced Message Encryption.", { plan })
      : deny(
          "The log of the portal belongs to Advanced Message Encryption, which is not licensed.",
          { plan },
          {
            code: "InvalidOperationException",
            message:
              "EnablePortalTrackingLogs requires a subscription to Advanced Message Encryption.",
          },
        )
  },
})

const optional = <F extends Record<string, Schema.Top>>(fields: F) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, Schema.optionalKey(field)]),
  ) as { [K in keyof F]: Schema.optionalKey<F[K]> }

export const setIrmConfiguration = operation({
  name: "Set-IRMConfiguration",
  summary: "Changes the IRM configuration of the organization.",
  params: Schema.Struct({
    Identity: identity,
    ...optional(irmSettings),
    LicensingLocation: Schema.optionalKey(
      Schema.NullOr(Schema.Array(Schema.String)).annotate({
        description: "Licensing URLs; the one of Azure RMS must be first (EXO-018)",
      }),
    ),
    Force: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Does not ask about InternalLicensingEnabled" }),
    ),
    ...commonParams,
  }),
  roles: adminRoles,
  roleRefusal: notRecognized("Set-IRMConfiguration"),
  facts: ["EXO-013", "EXO-014", "EXO-015", "EXO-016", "EXO-017", "EXO-021"],
  binding: { positional: ["Identity"], switches: [...commonSwitches, "Force"] },
  decide: ({ world, now }: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const { Identity = "", Force, WhatIf, Confirm, LicensingLocation, ...rest } = params
    const subscription = subscriptionOf(world)
    const known = configurations.known(Identity, Identity === "" || isTheOne(Identity))
    if (known.outcome !== "allow") return { decision: known }
    const decision = decideByGates([keysAreShared, portalLogsAreLicensed], {
      enablesLicensing: rest.InternalLicensingEnabled === true,
      hasKeys: hasRightsKeys(world, now),
      touchesPortalLogs: rest.EnablePortalTrackingLogs === true,
      hasAdvancedEncryption: hasAdvancedMessageEncryption(subscription),
      plan: subscription.plan,
    })
    if (decision.outcome !== "allow") return { decision }
    if (WhatIf === true)
      return { decision, output: whatIfOutput("Set-IRMConfiguration", irmIdentity) }
    const changes: IrmChanges =
      LicensingLocation === undefined
        ? rest
        : { ...rest, LicensingLocation: LicensingLocation ?? [] }
    const asks = {
      ...(Force === undefined ? {} : { Force }),
      ...(Confirm === undefined ? {} : { Confirm }),
    }
    const event: ExchangeEvent = { _tag: "IrmConfigurationChanged", changes, at: now }
    return {
      decision,
      events: [event],
      audit: [exchangeAdminAudit("Set-IRMConfiguration", irmIdentity, params)],
      warnings: [
        ...confirmation(asks, changes.InternalLicensingEnabled !== undefined),
        ...unchanged(world, changes),
      ],
    }
  },
})

/** What Exchange says when nothing was different. */
const unchanged = (world: ExchangeWorld, changes: IrmChanges): readonly string[] => {
  const before = irmConfigurationOf(world)
  const names = Object.keys(defaultIrmConfiguration) as readonly IrmSetting[]
  const differs = names.some(
    (name) =>
      changes[name] !== undefined && JSON.stringify(changes[name]) !== JSON.stringify(before[name]),
  )
  return differs
    ? []
    : [`The command completed successfully but no settings of '${irmIdentity}' have been modified.`]
}
