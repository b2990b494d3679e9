import {
  type Call,
  commonParams,
  commonSwitches,
  exchangeAdminAudit,
  notRecognized,
  type OutputObject,
  operation,
  type Ruling,
  whatIfOutput,
} from "@twin/kernel"
import { Schema } from "effect"
import { evaluateOmeConfiguration, firstLongText } from "../decisions/evaluateOmeConfiguration.ts"
import {
  builtInTexts,
  defaultTemplateName,
  type OmeChanges,
  type OmeConfiguration,
  plainTemplate,
} from "../OmeConfiguration.ts"
import {
  type ExchangeEvent,
  type ExchangeWorld,
  omeConfigurationOf,
  omeConfigurationsOf,
  subscriptionOf,
} from "../State.ts"
import { hasAdvancedMessageEncryption } from "../SubscriptionPlan.ts"
import { adminRoles, confirmation, readable, readerRoles } from "./cmdlet.ts"

const text = (description: string) =>
  Schema.optionalKey(Schema.NullOr(Schema.String).annotate({ description }))

const branding = {
  BackgroundColor: text("#RRGGBB or a name of the published list; $null for the default"),
  DisclaimerText: text("In the mail that carries the encrypted message, up to 1024 characters"),
  EmailText: text("With the instructions of the mail, up to 1024 characters"),
  IntroductionText: text("Beside the sender's name and address"),
  PortalText: text("At the top of the portal, up to 128 characters"),
  ReadButtonText: text("On the button of the mail"),
  PrivacyStatementUrl: text("Link to the privacy statement; empty for the one of Microsoft"),
  Image: Schema.optionalKey(
    Schema.NullOr(Schema.Array(Schema.Int)).annotate({
      description: "Bytes of a logo (png, jpg, bmp, tiff); $null for none",
    }),
  ),
  OTPEnabled: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Readers may use a one-time passcode" }),
  ),
  SocialIdSignIn: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Readers may sign in with Google, Yahoo, Microsoft" }),
  ),
  ExternalMailExpiryInDays: Schema.optionalKey(
    Schema.Int.annotate({ description: "0 (never) to 730; not on the default template" }),
  ),
}

const identity = Schema.String.check(Schema.isBetweenLength(1, 64))

const Branding = Schema.Struct(branding)
type Branding = typeof Branding.Type

/** What a command changes, with texts taken back to the built-in ones by nothing at all (EXO-153). */
const changesOf = (given: Branding): OmeChanges => {
  const { BackgroundColor, Image, ...rest } = given
  const plain = Object.entries(rest).map(([name, value]) => [name, value === null ? "" : value])
  return {
    ...(Object.fromEntries(plain) as OmeChanges),
    ...(BackgroundColor === undefined
      ? {}
      : { BackgroundColor: BackgroundColor === null ? null : BackgroundColor.trim() || null }),
    ...(Image === undefined ? {} : { imageBytes: Image === null ? null : Image.length }),
  }
}

type Verb = "new" | "set" | "remove"

const decisionFor = (
  world: ExchangeWorld,
  verb: Verb,
  o: { readonly cmdlet: string; readonly name: string; readonly given: Branding },
) => {
  const subscription = subscriptionOf(world)
  return evaluateOmeConfiguration({
    verb,
    cmdlet: o.cmdlet,
    name: o.name,
    exists: omeConfigurationOf(world, o.name) !== undefined,
    plan: subscription.plan,
    hasAdvancedEncryption: hasAdvancedMessageEncryption(subscription),
    hasPremiumEncryption: subscription.hasPremiumEncryption,
    backgroundColor: o.given.BackgroundColor?.trim() ?? "",
    ...firstLongText(o.given),
    isExpiryGiven: o.given.ExternalMailExpiryInDays !== undefined,
    expiryInDays: o.given.ExternalMailExpiryInDays ?? 0,
  })
}

/** As `Get-OMEConfiguration` prints it. */
const shown = (it: OmeConfiguration): OutputObject => ({
  TemplateName: it.name,
  Image: it.imageBytes === null ? "" : `{${it.imageBytes} bytes}`,
  ImageUrl: "",
  EmailText: it.EmailText,
  PortalText: it.PortalText,
  DisclaimerText: it.DisclaimerText,
  BackgroundColor: it.BackgroundColor ?? "",
  IntroductionText: it.IntroductionText,
  ReadButtonText: it.ReadButtonText,
  OTPEnabled: it.OTPEnabled,
  SocialIdSignIn: it.SocialIdSignIn,
  ExternalMailExpiryInterval: `${it.ExternalMailExpiryInDays}.00:00:00`,
  PrivacyStatementUrl: it.PrivacyStatementUrl || builtInTexts.PrivacyStatementUrl,
  Identity: it.name,
  IsValid: true,
})

export const getOmeConfiguration = operation({
  name: "Get-OMEConfiguration",
  summary: "Shows a branding template; a wrong or empty name shows all of them.",
  params: Schema.Struct({
    Identity: Schema.optionalKey(
      Schema.String.annotate({ description: "Name of the branding template" }),
    ),
  }),
  roles: readerRoles,
  roleRefusal: notRecognized("Get-OMEConfiguration"),
  facts: ["EXO-160", "EXO-153"],
  binding: { positional: ["Identity"] },
  isReadOnly: true,
  decide: ({ world }: Call<ExchangeWorld>, { Identity = "" }): Ruling<ExchangeEvent> => {
    const one = omeConfigurationOf(world, Identity)
    const all = one === undefined ? omeConfigurationsOf(world) : [one]
    return { decision: readable(Identity || defaultTemplateName), output: all.map(shown) }
  },
})

export const newOmeConfiguration = operation({
  name: "New-OMEConfiguration",
  summary: "Makes a branding template of the organization's own.",
  params: Schema.Struct({
    Identity: identity.annotate({ description: "Name, unique, at most 64 characters" }),
    ...branding,
    ...commonParams,
  }),
  roles: adminRoles,
  roleRefusal: notRecognized("New-OMEConfiguration"),
  facts: ["EXO-154", "EXO-009", "EXO-155", "EXO-157", "EXO-159"],
  binding: { positional: ["Identity"], switches: commonSwitches },
  decide: ({ world, now }: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const cmdlet = "New-OMEConfiguration"
    const { Identity: name, WhatIf, Confirm, ...given } = params
    const decision = decisionFor(world, "new", { cmdlet, name, given })
    if (decision.outcome !== "allow") return { decision }
    if (WhatIf === true) return { decision, output: whatIfOutput(cmdlet, name) }
    const configuration = { ...plainTemplate(name), ...changesOf(given) }
    return {
      decision,
      events: [{ _tag: "OmeConfigurationCreated", configuration, at: now }],
      output: [shown(configuration)],
      audit: [exchangeAdminAudit(cmdlet, name, withoutImage(params))],
      warnings: Confirm === true ? confirmation({ Confirm }, false) : [],
    }
  },
})

export const setOmeConfiguration = operation({
  name: "Set-OMEConfiguration",
  summary: "Changes a branding template.",
  params: Schema.Struct({
    Identity: identity.annotate({ description: "Name of the branding template" }),
    ...branding,
    ...commonParams,
  }),
  roles: adminRoles,
  roleRefusal: notRecognized("Set-OMEConfiguration"),
  facts: ["EXO-153", "EXO-155", "EXO-157", "EXO-158", "EXO-159", "EXO-161"],
  binding: { positional: ["Identity"], switches: commonSwitches, pipeline: "Identity" },
  decide: ({ world, now }: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const cmdlet = "Set-OMEConfiguration"
    const { Identity, WhatIf, Confirm, ...given } = params
    const name = omeConfigurationOf(world, Identity)?.name ?? Identity
    const decision = decisionFor(world, "set", { cmdlet, name, given })
    if (decision.outcome !== "allow") return { decision }
    if (WhatIf === true) return { decision, output: whatIfOutput(cmdlet, name) }
    return {
      decision,
      events: [{ _tag: "OmeConfigurationChanged", name, changes: changesOf(given), at: now }],
      audit: [exchangeAdminAudit(cmdlet, name, withoutImage(params))],
      warnings: confirmation(Confirm === undefined ? {} : { Confirm }, true),
    }
  },
})

export const removeOmeConfiguration = operation({
  name: "Remove-OMEConfiguration",
  summary: "Removes a branding template of the organization's own.",
  params: Schema.Struct({
    Identity: identity.annotate({ description: "Name of the branding template" }),
    ...commonParams,
  }),
  roles: adminRoles,
  roleRefusal: notRecognized("Remove-OMEConfiguration"),
  facts: ["EXO-153", "EXO-154", "EXO-161"],
  binding: { positional: ["Identity"], switches: commonSwitches, pipeline: "Identity" },
  decide: ({ world, now }: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const cmdlet = "Remove-OMEConfiguration"
    const name = omeConfigurationOf(world, params.Identity)?.name ?? params.Identity
    const decision = decisionFor(world, "remove", { cmdlet, name, given: {} })
    if (decision.outcome !== "allow") return { decision }
    if (params.WhatIf === true) return { decision, output: whatIfOutput(cmdlet, name) }
    return {
      decision,
      events: [{ _tag: "OmeConfigurationRemoved", name, at: now }],
      audit: [exchangeAdminAudit(cmdlet, name, params)],
      warnings: confirmation(params, true),
    }
  },
})

const withoutImage = ({ Image, ...params }: { readonly Image?: unknown }) => ({
  ...params,
  ...(Image === undefined ? {} : { Image: "(bytes)" }),
})
