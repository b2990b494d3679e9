import {
  type Call,
  decideByGates,
  deny,
  type GateRules,
  gate,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { HashMap, Option, Schema } from "effect"
import { isOwnDomain } from "../directory.ts"
import {
  directFederationRecord,
  type ExternalFederation,
  FederationProtocol,
  httpsHostOf,
  isHostInside,
} from "../ExternalFederation.ts"
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

interface FederationFacets {
  readonly host: string
  readonly ownDomain: string
  readonly takenDomain: string
  readonly domainWithoutRecord: string
  readonly presence: "new" | "known" | "absent"
  readonly wants: "add" | "change" | "remove"
}

const federationGate = gate<FederationFacets>()
const bad = (message: string) => ({ code: "Request_BadRequest", message })

const presence = federationGate({
  name: "federation-known",
  facts: ["IDN-064"],
  reads: ["presence", "wants"],
  check: ({ presence: state, wants }) =>
    wants !== "add" && state === "absent"
      ? deny(
          "There is no such federation.",
          { state },
          { code: "ResourceNotFound", message: "The identity provider was not found." },
        )
      : pass("The federation can be changed; guests who redeemed before are not.", { state }),
})

const httpsOnly = federationGate({
  name: "passive-endpoint",
  facts: ["IDN-064"],
  reads: ["host", "wants"],
  check: ({ host, wants }) =>
    wants !== "remove" && host === ""
      ? deny(
          "The passive sign-in endpoint has to be an https address.",
          { host },
          bad("passiveSignInUri must be an https URL."),
        )
      : pass("The endpoint can be reached safely.", { host }),
})

const domainForeign = federationGate({
  name: "federation-domain",
  facts: ["IDN-065"],
  reads: ["ownDomain", "takenDomain"],
  check: ({ ownDomain, takenDomain }) => {
    if (ownDomain !== "") {
      return deny(
        "A domain that is verified in this tenant cannot be federated like this.",
        { ownDomain },
        bad(`The domain ${ownDomain} is verified in this tenant.`),
      )
    }
    return takenDomain === ""
      ? pass("No domain of the federation belongs to this tenant or another federation.")
      : deny(
          "Another federation covers the domain.",
          { takenDomain },
          bad(`The domain ${takenDomain} is federated already.`),
        )
  },
})

const recordPublished = federationGate({
  name: "federation-dns",
  facts: ["IDN-065"],
  reads: ["domainWithoutRecord", "host"],
  check: ({ domainWithoutRecord, host }) =>
    domainWithoutRecord === ""
      ? pass("The partner vouches for the endpoint, by its host or by a text record.", { host })
      : deny(
          "The endpoint lies outside the domain, and the domain does not name it in a text record.",
          { domainWithoutRecord, host },
          bad(
            `Add a TXT record DirectFedAuthUrl with the passive endpoint to ${domainWithoutRecord}.`,
          ),
        ),
})

const gates: GateRules<FederationFacets> = [presence, httpsOnly, domainForeign, recordPublished]

const federationOf = (world: IdentityWorld, id: string): ExternalFederation | undefined =>
  Option.getOrUndefined(HashMap.get(world.identity.partnership.federations, id))

const facetsFor = (
  world: IdentityWorld,
  wish: Pick<ExternalFederation, "id" | "passiveSignInUri" | "domains">,
  wants: "add" | "change",
): FederationFacets => {
  const { federations, textRecords } = world.identity.partnership
  const host = httpsHostOf(wish.passiveSignInUri) ?? ""
  const others = HashMap.toValues(federations).filter(({ id }) => id !== wish.id)
  const record = directFederationRecord(wish.passiveSignInUri)
  return {
    host,
    ownDomain: wish.domains.find((it) => isOwnDomain(world, it)) ?? "",
    takenDomain: wish.domains.find((it) => others.some((o) => o.domains.includes(it))) ?? "",
    domainWithoutRecord:
      wish.domains.find(
        (it) =>
          !isHostInside(host, it) &&
          !Option.getOrElse(HashMap.get(textRecords, it), (): readonly string[] => []).includes(
            record,
          ),
      ) ?? "",
    presence: federationOf(world, wish.id) === undefined ? "absent" : "known",
    wants,
  }
}

const text = Schema.optionalKey(Schema.String)
const Domain = Schema.Struct({ id: Schema.NonEmptyString })
const Body = {
  displayName: text,
  issuerUri: Schema.optionalKey(Schema.NonEmptyString),
  passiveSignInUri: Schema.optionalKey(Schema.NonEmptyString),
  preferredAuthenticationProtocol: Schema.optionalKey(FederationProtocol),
  signingCertificate: Schema.optionalKey(Schema.NonEmptyString),
  metadataExchangeUri: text,
  domains: Schema.optionalKey(Schema.NonEmptyArray(Domain)),
}

const row = (it: ExternalFederation): OutputObject => ({
  Id: it.id,
  DisplayName: it.displayName,
  IssuerUri: it.issuerUri,
  PassiveSignInUri: it.passiveSignInUri,
  PreferredAuthenticationProtocol: it.preferredAuthenticationProtocol,
  MetadataExchangeUri: it.metadataExchangeUri ?? null,
  Domains: [...it.domains],
})

const key = Schema.NonEmptyString.annotate({ description: "Id of the federation" })

const set = (
  call: Call<IdentityWorld>,
  federation: ExternalFederation,
  wants: "add" | "change",
): Ruling<IdentityEvent> => {
  const decision = decideByGates(gates, facetsFor(call.world, federation, wants))
  if (decision.outcome !== "allow") return { decision }
  return {
    decision,
    events: [{ _tag: "FederationSet", federation }],
    audit: [
      auditLine(
        wants === "add" ? "Create identity provider" : "Update identity provider",
        federation.displayName,
      ),
    ],
    output: [row(federation)],
  }
}

export const newFederation = graphCmdlet({
  name: "New-MgDirectoryFederationConfiguration",
  summary: "Sets up federation with a SAML or WS-Fed provider for domains of a partner.",
  params: {},
  body: Schema.Struct({
    ...Body,
    issuerUri: Schema.NonEmptyString,
    passiveSignInUri: Schema.NonEmptyString,
    preferredAuthenticationProtocol: FederationProtocol,
    signingCertificate: Schema.NonEmptyString,
    domains: Schema.NonEmptyArray(Domain),
  }),
  roles: administrators,
  facts: ["IDN-064", "IDN-065", "IDN-242"],
  decide: (call, body): Ruling<IdentityEvent> => {
    const [first, ...rest] = body.domains.map(({ id }) => id.toLowerCase())
    return set(
      call,
      {
        id: call.draw.guid(`federation ${body.issuerUri}`),
        displayName: body.displayName ?? body.issuerUri,
        issuerUri: body.issuerUri,
        passiveSignInUri: body.passiveSignInUri,
        preferredAuthenticationProtocol: body.preferredAuthenticationProtocol,
        signingCertificate: body.signingCertificate,
        ...(body.metadataExchangeUri === undefined
          ? {}
          : { metadataExchangeUri: body.metadataExchangeUri }),
        domains: [first ?? "", ...rest],
        changedAt: call.now,
      },
      "add",
    )
  },
})

export const updateFederation = graphCmdlet({
  name: "Update-MgDirectoryFederationConfiguration",
  summary: "Changes a federation, for instance its signing certificate.",
  params: { IdentityProviderBaseId: key },
  path: ["IdentityProviderBaseId"],
  body: Schema.Struct(Body),
  roles: administrators,
  facts: ["IDN-064", "IDN-065"],
  decide: (call, { domains, ...body }, params): Ruling<IdentityEvent> => {
    const known = federationOf(call.world, params.IdentityProviderBaseId)
    if (known === undefined) {
      const wish = {
        id: params.IdentityProviderBaseId,
        passiveSignInUri: "",
        domains: [""] as const,
      }
      return { decision: decideByGates(gates, facetsFor(call.world, wish, "change")) }
    }
    const [first, ...rest] = (domains ?? []).map(({ id }) => id.toLowerCase())
    return set(
      call,
      {
        ...known,
        ...body,
        domains: first === undefined ? known.domains : [first, ...rest],
        changedAt: call.now,
      },
      "change",
    )
  },
})

export const removeFederation = operation({
  name: "Remove-MgDirectoryFederationConfiguration",
  summary: "Removes a federation; guests who redeemed with it keep their binding.",
  params: Schema.Struct({ IdentityProviderBaseId: key }),
  roles: administrators,
  roleRefusal: requestDenied,
  facts: ["IDN-067"],
  decide: ({ world, now }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const known = federationOf(world, params.IdentityProviderBaseId)
    const decision = decideByGates([presence], {
      presence: known === undefined ? "absent" : "known",
      wants: "remove",
    })
    if (known === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "FederationRemoved", federationId: known.id, at: now }],
      audit: [auditLine("Delete identity provider", known.displayName)],
    }
  },
})

export const getFederation = operation({
  name: "Get-MgDirectoryFederationConfiguration",
  summary: "Shows federations with SAML and WS-Fed providers.",
  params: Schema.Struct({}),
  roles: [...administrators, roles.globalReader],
  roleRefusal: requestDenied,
  facts: ["IDN-064"],
  isReadOnly: true,
  decide: ({ world }: Call<IdentityWorld>): Ruling<IdentityEvent> => ({
    decision: decideByGates([presence], { presence: "known", wants: "add" }),
    output: HashMap.toValues(world.identity.partnership.federations)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(row),
  }),
})
