import { appIds, evaluateSignIn } from "@twin/identity"
import { type Decision, decideByGates, gate, pass } from "@twin/kernel"
import type { OpenRequest } from "../requests.ts"
import type { OpenFacets } from "./OpenFacets.ts"

/**
 * Step 3 of MIP-284: Entra answers for the application of the rights management service. Who has no
 * more than a social account or a mailbox is signed in by the portal, which is Exchange's business.
 */
export const evaluateRmsSignIn = (
  { world, address, client, now, isProvenByPortal = false }: OpenRequest,
  facets: OpenFacets,
): Decision =>
  facets.software === "portal" &&
  (isProvenByPortal || !/work|microsoft|guest/.test(facets.identities))
    ? decideByGates<OpenFacets>([portalSignsIn], facets)
    : evaluateSignIn({ world, address, app: appIds.rightsManagement, client, now })

const portalSignsIn = gate<OpenFacets>()({
  name: "portal-sign-in",
  facts: ["MIP-180"],
  reads: ["software", "identities"],
  check: ({ software, identities }) =>
    pass("The portal itself signs this reader in.", { software, identities }),
})
