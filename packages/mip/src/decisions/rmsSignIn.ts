import { appIds, evaluateSignIn } from "@twin/identity"
import { type Decision, days, decideByGates, decidingGate, gate, pass } from "@twin/kernel"
import { Array } from "effect"
import { canonicalAddress } from "../identityClass.ts"
import type { OpenRequest } from "../requests.ts"
import { initializesDevice, type Software } from "../Software.ts"
import { rmsServiceOf, signedInAtOf } from "../State.ts"
import type { OpenFacets } from "./OpenFacets.ts"

/**
 * Step 3 of MIP-284: Entra answers for the application of the rights management service. Who has no
 * more than a social account or a mailbox is signed in by the portal, which is Exchange's business.
 */
export const evaluateRmsSignIn = (request: OpenRequest, facets: OpenFacets): Decision => {
  const { isProvenByPortal = false } = request
  return facets.software === "portal" &&
    (isProvenByPortal || !/work|microsoft|guest/.test(facets.identities))
    ? decideByGates<OpenFacets>([portalSignsIn], facets)
    : withToken(serviceSignIn(request, facets), tokenFacets(request, facets))
}

/**
 * A guest with a social account or a passcode signs in to SharePoint, which shows the document: the
 * Office apps on devices cannot sign such an account in, the web does not have to (MIP-179, MIP-185).
 */
const serviceSignIn = (
  { world, address, client, now }: OpenRequest,
  { software, identities }: OpenFacets,
): Decision => {
  const asked = { world, address, client, now }
  const decision = evaluateSignIn({ ...asked, app: appIds.rightsManagement })
  const isGuestOnWeb = software === "office-web" && identities.split(", ").includes("guest")
  return isGuestOnWeb && decidingGate(decision).name === "rights-management-identity"
    ? evaluateSignIn({ ...asked, app: appIds.sharePointOnline })
    : decision
}

/** What a Windows device keeps of the last sign-in. */
interface TokenFacets {
  readonly token: "none" | "valid" | "over"
  readonly signInTokenDays: number
  readonly policyGate: string
}

/** Gates of the policies that are asked when a token is issued, and not while it lasts. */
const policyGates: ReadonlySet<string> = new Set([
  "conditional-access-block",
  "conditional-access-grant",
])

const tokenFacets = (request: OpenRequest, { software }: OpenFacets): TokenFacets => ({
  token: signInTokenOf(request, software),
  signInTokenDays: rmsServiceOf(request.world).signInTokenDays,
  policyGate: "",
})

/** Whether the device signs in by itself: only software that initializes itself keeps a token. */
export const signInTokenOf = (
  { world, address, client, now, isFreshDevice = false }: OpenRequest,
  software: Software,
): TokenFacets["token"] => {
  if (isFreshDevice || !initializesDevice(software, client.app)) return "none"
  const at = signedInAtOf(world, canonicalAddress(world, address))
  if (at === undefined) return "none"
  return now < at + days(rmsServiceOf(world).signInTokenDays) ? "valid" : "over"
}

const token = gate<TokenFacets>()({
  name: "sign-in-token",
  facts: ["MIP-190"],
  reads: ["token", "signInTokenDays", "policyGate"],
  check: (facets) =>
    pass("The device still holds a token, so the policies are not asked again.", { ...facets }),
})

/** With a valid token a policy that would ask for more is not noticed; anything else is. */
const withToken = (decision: Decision, facets: TokenFacets): Decision => {
  const last = decidingGate(decision)
  if (decision.outcome === "allow" || facets.token !== "valid" || !policyGates.has(last.name)) {
    return decision
  }
  const passed = decideByGates([token], { ...facets, policyGate: last.name })
  return { ...passed, gates: Array.appendAll(decision.gates.slice(0, -1), passed.gates) }
}

const portalSignsIn = gate<OpenFacets>()({
  name: "portal-sign-in",
  facts: ["MIP-180"],
  reads: ["software", "identities"],
  check: ({ software, identities }) =>
    pass("The portal itself signs this reader in.", { software, identities }),
})
