import { type Decision, decideByGates, deny, gate, type KernelWorld, pass } from "@twin/kernel"
import { issuerOf } from "../double-key/AccessToken.ts"
import { isReachable } from "../double-key/askKeyService.ts"
import { clientApplications } from "../double-key/deployKeyService.ts"
import { callerOf } from "../double-key/handleRequest.ts"
import { activeEntry, entryOf } from "../double-key/KeyEntry.ts"
import { type DoubleKeyWorld, keyServiceAt, parseKeyAddress } from "../double-key/keyServiceOf.ts"
import { decryptAlgorithm, evaluateKeyUse } from "./evaluateKeyUse.ts"

/** Somebody who has passed rights management and now needs the customer's key. */
export interface SecondKeyRequest {
  readonly url: string
  /** The version that the content was protected with; the active one unless given. */
  readonly keyId?: string
  readonly address: string
  readonly tenantId: string
  readonly sid?: string
  /** The application that asks for the token; Office unless given. */
  readonly application?: string
}

interface ReachFacets {
  readonly service: "answers" | "unreachable" | "unknown"
  readonly registration: "complete" | "missing" | "client-not-authorized"
}

const serviceAnswers = gate<ReachFacets>()({
  name: "key-service-answers",
  facts: ["CRY-168", "CRY-170"],
  reads: ["service"],
  check: ({ service }) => {
    const message = "You don't have permissions to view this document"
    switch (service) {
      case "answers":
        return pass("The customer's key service answers.")
      case "unreachable":
        return deny("The customer's key service does not answer.", { service }, { message })
      case "unknown":
        return deny("There is no key service at this address.", { service }, { message })
    }
  },
})

const tokenIssued = gate<ReachFacets>()({
  name: "key-service-registration",
  facts: ["CRY-162"],
  reads: ["registration"],
  check: ({ registration }) => {
    switch (registration) {
      case "complete":
        return pass("The directory makes tokens for the key service.")
      case "missing":
        return deny(
          "The directory does not know the key service.",
          { registration },
          { code: "AADSTS500011", message: "The resource principal was not found in the tenant." },
        )
      case "client-not-authorized":
        return deny(
          "The application is not among those that get tokens for the key service.",
          { registration },
          { code: "AADSTS65001", message: "The user or administrator has not consented." },
        )
    }
  },
})

/**
 * Whether the customer's key service would let this person use the key now: the same gates that
 * answer the real request, for a token that says what is known about the person.
 */
export const evaluateSecondKey = (
  world: DoubleKeyWorld & KernelWorld,
  o: SecondKeyRequest,
): Decision => {
  const service = keyServiceAt(world, o.url)
  const name = parseKeyAddress(o.url)?.name ?? ""
  const { registration, keys = [] } = service ?? {}
  const application = o.application ?? clientApplications.office
  const isComplete = registration?.hasIdTokens === true && registration.scope === documentedScope
  const reach = decideByGates([serviceAnswers, tokenIssued], {
    service:
      service === undefined ? "unknown" : isReachable(world, service) ? "answers" : "unreachable",
    registration: !isComplete
      ? "missing"
      : registration.authorizedClients.includes(application)
        ? "complete"
        : "client-not-authorized",
  })
  if (reach.outcome !== "allow" || service === undefined) return reach
  const id = o.keyId ?? activeEntry(keys, name)?.id ?? ""
  const entry = entryOf(keys, name, id)
  const claims = [
    { type: "upn", value: o.address },
    ...(o.sid === undefined ? [] : [{ type: "onprem_sid", value: o.sid }]),
  ]
  const { directories } = world.crypto.doubleKey
  const caller = callerOf(
    {
      ldapPath: service.ldapPath,
      directories: Object.fromEntries(
        Object.entries(directories).map(([path, users]) => [path, Object.values(users)]),
      ),
    },
    { verdict: "valid", claims },
    entry,
  )
  const answer = evaluateKeyUse({
    token: service.validIssuers.includes(issuerOf(o.tenantId)) ? "valid" : "issuer",
    hasBody: true,
    keyName: name,
    keyId: id,
    isKeyKnown: entry !== undefined,
    ...caller,
    algorithm: decryptAlgorithm,
    value: "given",
  })
  return { ...answer, gates: [...reach.gates, ...answer.gates] }
}

/** The one permission that the key service exposes (CRY-162). */
const documentedScope = "user_impersonation"
