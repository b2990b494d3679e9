import {
  type Call,
  decideByGates,
  deny,
  gate,
  operation,
  pass,
  type Ruling,
  unknown,
} from "@twin/kernel"
import { Schema } from "effect"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet } from "./graphCmdlet.ts"

const administrators: readonly string[] = [
  roles.externalIdentityProviderAdministrator,
  roles.globalAdministrator,
]

interface ProviderFacets {
  readonly type: string
  readonly change: "add" | "remove"
  readonly exists: boolean
}

const providerFits = gate<ProviderFacets>()({
  name: "identity-provider-change",
  facts: ["IDN-062", "IDN-067"],
  reads: ["type", "change", "exists"],
  check: ({ type, change, exists }) => {
    const details = { type, change, exists }
    if (type.toLowerCase() !== "google") {
      return unknown("The twin models Google as the only social identity provider.", details)
    }
    if (change === "add" && exists) {
      return deny("Google federation is set up already.", details, {
        code: "AADB2C90083",
        message: "An identity provider of this type already exists.",
      })
    }
    return change === "remove" && !exists
      ? deny("There is no such identity provider.", details, {
          code: "ResourceNotFound",
          message: "The identity provider was not found.",
        })
      : pass("The identity provider can be changed; guests who redeemed before are not.", details)
  },
})

const googleId = "Google-OAUTH"

/** Client id and secret belong to the federation; neither is kept. */
export const newIdentityProvider = graphCmdlet({
  name: "New-MgIdentityProvider",
  summary: "Sets up federation with Google for gmail.com and googlemail.com.",
  params: {},
  body: Schema.Struct({
    displayName: Schema.optionalKey(Schema.String),
    identityProviderType: Schema.NonEmptyString,
    clientId: Schema.NonEmptyString,
    clientSecret: Schema.NonEmptyString,
  }),
  secrets: ["BodyParameter"],
  roles: administrators,
  facts: ["IDN-062", "IDN-067", "IDN-242"],
  decide: (call, body): Ruling<IdentityEvent> => {
    const decision = decideByGates([providerFits], {
      type: body.identityProviderType,
      change: "add",
      exists: call.world.identity.settings.isGoogleFederated,
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "GoogleFederationSet", isOn: true, at: call.now }],
      audit: [auditLine("Create identity provider", googleId)],
      output: [
        {
          Id: googleId,
          DisplayName: body.displayName ?? "Google",
          IdentityProviderType: "Google",
        },
      ],
    }
  },
})

export const removeIdentityProvider = operation({
  name: "Remove-MgIdentityProvider",
  summary: "Removes the federation with Google.",
  params: Schema.Struct({
    IdentityProviderBaseId: Schema.NonEmptyString.annotate({ description: googleId }),
  }),
  roles: administrators,
  roleRefusal: requestDenied,
  facts: ["IDN-067"],
  decide: ({ world, now }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const isGoogle = params.IdentityProviderBaseId.toLowerCase() === googleId.toLowerCase()
    const decision = decideByGates([providerFits], {
      type: isGoogle ? "google" : params.IdentityProviderBaseId,
      change: "remove",
      exists: world.identity.settings.isGoogleFederated,
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "GoogleFederationSet", isOn: false, at: now }],
      audit: [auditLine("Delete identity provider", googleId)],
    }
  },
})
