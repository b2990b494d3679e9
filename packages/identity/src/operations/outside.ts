import { createHash } from "node:crypto"
import {
  type Call,
  decideByGates,
  deny,
  gate,
  minutes,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { HashMap, Option, Schema } from "effect"
import { domainOf, normalizeAddress } from "../Address.ts"
import { addedDomainOf } from "../decisions/evaluateDomainChange.ts"
import { discoverProvider } from "../decisions/identityProvider.ts"
import { foreignOrganizationByDomain, peopleOf, personOf } from "../directory.ts"
import { FederationProtocol } from "../ExternalFederation.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { AccountKind } from "../Person.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"

interface OutsideFacets {
  readonly isOwnMatter: boolean
  readonly what: string
}

const ownMatter = gate<OutsideFacets>()({
  name: "own-matter",
  facts: ["IDN-065"],
  reads: ["isOwnMatter", "what"],
  check: ({ isOwnMatter, what }) =>
    isOwnMatter
      ? pass("This is the actor's own to do.", { what })
      : deny("Only somebody of that domain can do this.", { what }),
})

const text = (description: string) => Schema.NonEmptyString.annotate({ description })

/** A new person in the world outside; nobody there has anything to do with the tenant yet. */
export const addPerson = operation({
  name: "add-person",
  summary: "Adds somebody to the world outside, with an account of a kind.",
  params: Schema.Struct({
    address: text("Mail address"),
    account: AccountKind.annotate({ description: "How the person signs in" }),
    displayName: Schema.optionalKey(text("Name")),
    homeTenant: Schema.optionalKey(text("Tenant id of the organization of a work account")),
    issuer: Schema.optionalKey(text("Issuer of the federated provider that knows the person")),
    aliases: Schema.optionalKey(
      Schema.Array(Schema.NonEmptyString).annotate({ description: "Other addresses" }),
    ),
    profile: Schema.optionalKey(
      Schema.Record(Schema.String, Schema.String).annotate({
        description: "Properties of the work account, e.g. department",
      }),
    ),
    otherTenants: Schema.optionalKey(
      Schema.Int.annotate({ description: "In how many other tenants the person is a guest" }),
    ),
  }),
  facts: ["IDN-033"],
  decide: ({ world, draw }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const address = normalizeAddress(params.address)
    const decision = decideByGates([ownMatter], {
      isOwnMatter: personOf(world, address) === undefined,
      what: "a new address",
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [
        {
          _tag: "PersonAdded",
          person: {
            address,
            displayName: params.displayName ?? address,
            account: params.account,
            aliases: (params.aliases ?? []).map(normalizeAddress),
            objectId: draw.guid(`person ${address}`),
            ...(params.homeTenant === undefined ? {} : { homeTenant: params.homeTenant }),
            ...(params.profile === undefined ? {} : { profile: params.profile }),
            ...(params.otherTenants === undefined ? {} : { otherTenants: params.otherTenants }),
            ...(params.issuer === undefined ? {} : { federatedIssuer: params.issuer }),
          },
        },
      ],
      output: [{ id: address, account: params.account }],
    }
  },
})

/** A domain that the tenant has added and nobody else owns: its administrators have registered it. */
const isFreeToClaim = (world: IdentityWorld, domain: string, held: readonly string[]): boolean =>
  addedDomainOf(world, domain) !== undefined &&
  foreignOrganizationByDomain(world, domain) === undefined &&
  !peopleOf(world).some(({ address }) => domainOf(address) === domain) &&
  (held.includes(roles.domainNameAdministrator) || held.includes(roles.globalAdministrator))

export const publishDnsText = operation({
  name: "publish-dns-text",
  summary: "The owner of a domain publishes a text record.",
  params: Schema.Struct({ domain: text("Domain of the actor"), text: text("The record") }),
  facts: ["IDN-065"],
  decide: ({ world, actor, now }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const domain = params.domain.toLowerCase()
    const decision = decideByGates([ownMatter], {
      isOwnMatter: domainOf(actor.id) === domain || isFreeToClaim(world, domain, actor.roles),
      what: domain,
    })
    return decision.outcome === "allow"
      ? {
          decision,
          events: [{ _tag: "DomainTextPublished", domain, text: params.text, at: now }],
        }
      : { decision }
  },
})

export const setUpProvider = operation({
  name: "set-up-partner-provider",
  summary: "A partner sets up its own SAML or WS-Fed provider, or renews its certificate.",
  params: Schema.Struct({
    issuer: text("Issuer URI"),
    protocol: FederationProtocol.annotate({ description: "saml or wsFed" }),
    certificate: text("Certificate it signs with"),
    subjectFormat: Schema.String.annotate({ description: "Format of the NameID, or ImmutableID" }),
    sendsEmailAddress: Schema.Boolean.annotate({ description: "Whether the claim is sent" }),
  }),
  facts: ["IDN-064"],
  decide: ({ world, actor, now }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const decision = decideByGates([ownMatter], {
      isOwnMatter: personOf(world, actor.id)?.federatedIssuer === params.issuer,
      what: params.issuer,
    })
    const { issuer, certificate, ...rest } = params
    return decision.outcome === "allow"
      ? {
          decision,
          events: [
            {
              _tag: "PartnerProviderSet",
              provider: { ...rest, issuerUri: issuer, signingCertificate: certificate },
              at: now,
            },
          ],
        }
      : { decision }
  },
})

/** A work account signs in where it lives: the browser remembers it (IDN-059). */
export const signInAtHome = operation({
  name: "sign-in-at-home",
  summary: "Signs in to the actor's own organization, in the browser in use.",
  params: Schema.Struct({}),
  facts: ["IDN-059"],
  decide: ({ world, actor, now }: Call<IdentityWorld>): Ruling<IdentityEvent> => {
    const person = personOf(world, actor.id)
    const decision = decideByGates([ownMatter], {
      isOwnMatter: person?.account === "entra",
      what: "a work account",
    })
    return decision.outcome === "allow" && person !== undefined
      ? { decision, events: [{ _tag: "HomeSessionOpened", address: person.address, at: now }] }
      : { decision }
  },
})

const digestOf = (address: string, code: string): string =>
  createHash("sha256")
    .update(JSON.stringify([address, code]))
    .digest("hex")

/** How long a code of an embedded page is good. */
const deviceCodeMinutes = 15

/** An app cannot show Google's page: it shows nine characters to type in a browser (IDN-063). */
export const showDeviceCode = operation({
  name: "show-device-code",
  summary: "Has the sign-in page inside an app show the code for microsoft.com/devicelogin.",
  params: Schema.Struct({}),
  facts: ["IDN-063"],
  decide: ({ world, actor, now, draw }: Call<IdentityWorld>): Ruling<IdentityEvent> => {
    const person = personOf(world, actor.id)
    const decision = decideByGates([ownMatter], {
      isOwnMatter: person !== undefined && discoverProvider(world, person, now) === "google",
      what: "a Google account",
    })
    if (decision.outcome !== "allow" || person === undefined) return { decision }
    const code = draw.guid(`device ${person.address}`).replaceAll("-", "").slice(0, 9).toUpperCase()
    return {
      decision,
      events: [
        {
          _tag: "DeviceCodeShown",
          code: {
            address: person.address,
            digest: digestOf(person.address, code),
            expiresAt: now + minutes(deviceCodeMinutes),
          },
        },
      ],
      output: [{ id: person.address, code, page: "https://microsoft.com/devicelogin" }],
    }
  },
})

interface DeviceFacets {
  readonly code: "good" | "wrong" | "expired" | "taken" | "absent"
}

const deviceCode = gate<DeviceFacets>()({
  name: "device-code",
  facts: ["IDN-063"],
  reads: ["code"],
  check: ({ code }) =>
    code === "good"
      ? pass("The code is the one that the app shows.", { code })
      : deny(
          "The code is not one that an app shows now.",
          { code },
          { message: "That code didn't work." },
        ),
})

export const enterDeviceCode = operation({
  name: "enter-device-code",
  summary: "Types the code of an app at microsoft.com/devicelogin, in a browser.",
  params: Schema.Struct({ code: text("Nine characters") }),
  secrets: ["code"],
  facts: ["IDN-063"],
  decide: ({ world, actor, now }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const address = personOf(world, actor.id)?.address ?? actor.id
    const known = Option.getOrUndefined(
      HashMap.get(world.identity.partnership.deviceCodes, address),
    )
    const isRight = known?.digest === digestOf(address, params.code.trim().toUpperCase())
    const decision = decideByGates([deviceCode], {
      code:
        known === undefined
          ? "absent"
          : known.takenAt !== undefined
            ? "taken"
            : known.expiresAt <= now
              ? "expired"
              : isRight
                ? "good"
                : "wrong",
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [
        { _tag: "DeviceCodeTaken", address, at: now },
        { _tag: "SignedIn", session: { address, provider: "google", authenticatedAt: now } },
      ],
    }
  },
})
