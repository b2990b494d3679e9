import { createHash } from "node:crypto"
import { type CryptoServices, issueCertificate, KeyVault } from "@twin/crypto"
import {
  andThen,
  type Call,
  days,
  isoOf,
  momentIn,
  type OutputObject,
  operation,
  type Ruling,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import type { SigningCertificate } from "../Application.ts"
import { applicationOf, servicePrincipalOf } from "../applications.ts"
import { isMicrosoftApp } from "../CloudApp.ts"
import {
  applicationAdministrators,
  evaluateApplicationChange,
} from "../decisions/evaluateApplicationChange.ts"
import { applicationRequest, throughApplication } from "../decisions/evaluateApplicationSignIn.ts"
import { evaluateAssertion, evaluateSamlRequest } from "../decisions/evaluateSaml.ts"
import { evaluateSignIn } from "../decisions/evaluateSignIn.ts"
import { registrationEvents, withSecondFactor } from "../decisions/secondFactor.ts"
import { organizationOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { judgingClock } from "../judgingClock.ts"
import { lifetimePolicyFor } from "../lifetimePolicies.ts"
import type { IdentityWorld } from "../State.ts"
import {
  assertionSkew,
  type NameIdFormat,
  nameIdFormats,
  samlAssertion,
  samlResponse,
} from "../samlAssertion.ts"
import { readAssertion, signAssertion } from "../signAssertion.ts"
import { issuers } from "../tokenClaims.ts"
import { auditLine } from "./auditLine.ts"
import { ownersOf, ServicePrincipalId } from "./servicePrincipals.ts"
import { shownAtSignIn, shownQuestion, signInAudit } from "./signIn.ts"

type SamlRuling = Effect.Effect<Ruling<IdentityEvent>, never, CryptoServices>

/** How long the certificate for assertions lasts unless it is said otherwise. */
const certificateDays = 3 * 365

export const addTokenSigningCertificate = operation({
  name: "Add-MgServicePrincipalTokenSigningCertificate",
  summary: "Makes the certificate that the assertions for an application are signed with.",
  params: Schema.Struct({
    ServicePrincipalId,
    DisplayName: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Name in the certificate, CN=..." }),
    ),
    EndDateTime: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "When it ends; in three years if absent" }),
    ),
  }),
  facts: ["IDN-256"],
  acceptedRoles: applicationAdministrators,
  decide: (call: Call<IdentityWorld>, params): SamlRuling =>
    Effect.gen(function* () {
      const { world, actor, now, draw } = call
      const principal = servicePrincipalOf(world, params.ServicePrincipalId)
      const end =
        params.EndDateTime === undefined
          ? now + days(certificateDays)
          : momentIn(params.EndDateTime)
      const isEndRight = end !== undefined && end > now
      const decision = evaluateApplicationChange({
        world,
        actor,
        change: "configure",
        missing: principal === undefined ? params.ServicePrincipalId : "",
        owners: ownersOf(world, principal),
        isMicrosofts: isMicrosoftApp(principal?.appId ?? ""),
        ...(isEndRight ? {} : { invalid: "endDateTime" }),
      })
      if (decision.outcome !== "allow" || principal === undefined || end === undefined) {
        return { decision }
      }
      const keyId = `assertions/${principal.id}/${draw.guid("signing key")}`
      const vault = yield* KeyVault
      yield* vault.createKeyPair(keyId)
      const [key, subject] = yield* Effect.orDie(
        Effect.all([vault.privateKey(keyId), vault.publicKey(keyId)]),
      )
      const der = yield* issueCertificate({
        commonName: (params.DisplayName ?? "Microsoft Azure Federated SSO Certificate").replace(
          /^CN=/i,
          "",
        ),
        subject,
        selfKey: key,
        notBefore: now,
        notAfter: end,
      })
      const signingCertificate: SigningCertificate = {
        keyId,
        certificate: Buffer.from(der).toString("base64"),
        thumbprint: createHash("sha1").update(der).digest("hex").toUpperCase(),
        notAfter: end,
      }
      return {
        decision,
        events: [
          {
            _tag: "ServicePrincipalChanged",
            servicePrincipalId: principal.id,
            changes: { signingCertificate },
            at: now,
          },
        ],
        audit: [
          auditLine("Add service principal credentials", principal.displayName, {
            Thumbprint: signingCertificate.thumbprint,
          }),
        ],
        output: [
          {
            Thumbprint: signingCertificate.thumbprint,
            Key: signingCertificate.certificate,
            Type: "AsymmetricX509Cert",
            Usage: "Verify",
            EndDateTime: isoOf(end),
          },
        ],
      }
    }),
})

/** The format that a request asks for; the principal name where it asks for none. */
const formatOf = (asked: string | undefined): NameIdFormat | undefined => {
  if (asked === undefined) return "emailAddress"
  const names = Object.keys(nameIdFormats) as readonly NameIdFormat[]
  return names.find((it) => it === asked || nameIdFormats[it] === asked)
}

/** Signs in to an application that is set up for assertions, and answers with what it is sent. */
export const acquireSamlToken = operation({
  name: "acquire-saml-token",
  summary: "Signs in to an application that is set up for SAML and gets the signed response.",
  params: Schema.Struct({
    app: Schema.NonEmptyString.annotate({
      description: "Application by its identifier (entity id), id or name",
    }),
    requestId: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Id of the request that is answered" }),
    ),
    replyAddress: Schema.optionalKey(
      Schema.NonEmptyString.annotate({
        description: "Where the response is wanted; the first address of the application if absent",
      }),
    ),
    nameIdFormat: Schema.optionalKey(
      Schema.NonEmptyString.annotate({
        description: "persistent, emailAddress, unspecified or transient, or the full name",
      }),
    ),
    ...shownAtSignIn,
  }),
  facts: ["IDN-256", "IDN-258"],
  decide: (call: Call<IdentityWorld>, params): SamlRuling =>
    Effect.gen(function* () {
      const { world, now, draw } = call
      const { subject, question } = shownQuestion(call, params, { app: params.app })
      const principal = servicePrincipalOf(world, params.app)
      const application = applicationOf(world, principal?.appId ?? params.app)
      const addresses = application?.redirectUris ?? []
      const recipient = params.replyAddress ?? addresses[0] ?? ""
      const format = formatOf(params.nameIdFormat)
      const signIn = () =>
        throughApplication(applicationRequest(question), question, undefined, () =>
          withSecondFactor(evaluateSignIn(question), subject, params),
        )
      const decision =
        application === undefined
          ? signIn()
          : andThen(
              evaluateSamlRequest({
                app: application.displayName,
                mode: principal?.preferredSingleSignOnMode === "saml" ? "saml" : "other",
                hasCertificate: principal?.signingCertificate !== undefined,
                replyAddress:
                  addresses.length === 0
                    ? "missing"
                    : addresses.includes(recipient)
                      ? "configured"
                      : "other",
                nameIdFormat: params.nameIdFormat ?? "emailAddress",
                isFormatKnown: format !== undefined,
              }),
              signIn,
            )
      const audit = signInAudit(question, subject, decision)
      const { session } = question
      const certificate = principal?.signingCertificate
      const { user } = subject
      if (
        decision.outcome !== "allow" ||
        application === undefined ||
        certificate === undefined ||
        format === undefined ||
        session === undefined ||
        user === undefined
      ) {
        return { decision, audit }
      }
      const tenantId = organizationOf(world)?.tenantId ?? ""
      const policy = lifetimePolicyFor(world, application.appId)
      const inResponseTo = params.requestId === undefined ? {} : { inResponseTo: params.requestId }
      const assertion = yield* signAssertion(
        samlAssertion({
          world,
          tenantId,
          user,
          session,
          application,
          audience: application.identifierUris[0] ?? `spn:${application.appId}`,
          recipient,
          format,
          id: `_${draw.guid("assertion")}`,
          transientName: `_${draw.token("transient name", 32)}`,
          now,
          ...inResponseTo,
          ...(policy === undefined ? {} : { configuredMinutes: policy.accessTokenLifetimeMinutes }),
        }),
        certificate,
      )
      const response = samlResponse({
        assertion,
        tenantId,
        recipient,
        id: `_${draw.guid("response")}`,
        now,
        ...inResponseTo,
      })
      return {
        decision,
        audit,
        events: [
          ...registrationEvents(subject, params, now),
          { _tag: "SignedIn", session } satisfies IdentityEvent,
        ],
        output: [
          {
            SAMLResponse: Buffer.from(response, "utf8").toString("base64"),
            Destination: recipient,
          },
        ],
      }
    }),
})

const lifetimeOf = (
  it: {
    readonly notBefore: string
    readonly notOnOrAfter: string
    readonly confirmedUntil: string
  },
  watch: number,
) => {
  const [from, until, confirmed] = [it.notBefore, it.notOnOrAfter, it.confirmedUntil].map(
    (text) => momentIn(text) ?? Number.NaN,
  )
  if (from === undefined || !(watch + assertionSkew >= from)) return "not-yet"
  if (until === undefined || !(watch - assertionSkew < until)) return "expired"
  return confirmed !== undefined && watch - assertionSkew < confirmed ? "current" : "shown-too-late"
}

/** What an application says to a response, by the certificate that it was given when it was set up. */
export const useSamlToken = operation({
  name: "use-saml-token",
  summary: "Posts a SAML response to an application, which checks it.",
  params: Schema.Struct({
    response: Schema.NonEmptyString.annotate({ description: "The response, base64" }),
    app: Schema.NonEmptyString.annotate({
      description: "Application by its identifier (entity id), id or name",
    }),
  }),
  secrets: ["response"],
  isReadOnly: true,
  facts: ["IDN-256", "IDN-258"],
  decide: ({ world, now }: Call<IdentityWorld>, params): SamlRuling =>
    Effect.gen(function* () {
      const principal = servicePrincipalOf(world, params.app)
      const application = applicationOf(world, principal?.appId ?? params.app)
      const watch = judgingClock(world, now)
      const read = yield* readAssertion(
        Buffer.from(params.response, "base64").toString("utf8"),
        principal?.signingCertificate?.certificate ?? "",
      )
      const identifiers = [
        ...(application?.identifierUris ?? []),
        ...(application === undefined ? [] : [`spn:${application.appId}`]),
      ]
      const decision = evaluateAssertion({
        form: read.form,
        signature: read.signature,
        issuer: read.issuer,
        isTrustedIssuer: read.issuer === issuers.v1(organizationOf(world)?.tenantId ?? ""),
        audience: read.audience,
        isOwnAudience: identifiers.includes(read.audience),
        isOwnRecipient: application?.redirectUris.includes(read.recipient) === true,
        lifetime: lifetimeOf(read, watch),
      })
      const row: OutputObject = { nameId: read.nameId, attributes: { ...read.attributes } }
      return decision.outcome === "allow" ? { decision, output: [row] } : { decision }
    }),
})
