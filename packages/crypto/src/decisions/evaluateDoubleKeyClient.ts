import { type Dated, type Decision, decideByGates, deny, gate, inForce, pass } from "@twin/kernel"
import {
  type DoubleKeyClient,
  isSdkRecent,
  sufficientLicences,
} from "../double-key/clientSupport.ts"

/** A client and what surrounds it. */
export interface DoubleKeyClientFacets extends DoubleKeyClient {
  readonly licence: string
  readonly isAzureReachable: boolean
  /** Both places of the registry hold the switch. */
  readonly isSwitchSet: boolean
  /** Epoch milliseconds. */
  readonly now: number
}

const licensed = gate<DoubleKeyClientFacets>()({
  name: "double-key-licence",
  facts: ["CRY-170"],
  reads: ["licence"],
  check: ({ licence }) =>
    sufficientLicences.some((it) => it === licence)
      ? pass("The licence includes a second key.", { licence })
      : deny("The licence does not include a second key.", { licence }),
})

const azureReachable = gate<DoubleKeyClientFacets>()({
  name: "double-key-azure",
  facts: ["CRY-170"],
  reads: ["isAzureReachable"],
  check: ({ isAzureReachable }) =>
    isAzureReachable
      ? pass("Azure holds the first key and can be reached.")
      : deny("Without a way to Azure there is no first key: closed networks are not supported."),
})

/** Built-in labelling works since 2024; before, the labelling client was needed (CRY-165). */
const builtIn: Dated<boolean> = { before: false, changes: [{ from: "2024-01-01", value: true }] }

const supportedClient = gate<DoubleKeyClientFacets>()({
  name: "double-key-client",
  facts: ["CRY-165"],
  reads: ["app", "platform", "sdkVersion", "labeling", "now"],
  check: ({ app, platform, sdkVersion, labeling, now }) => {
    const details = { app, platform }
    if (app === "MIP SDK") {
      return isSdkRecent(sdkVersion)
        ? pass("The program is recent enough for a second key.", { sdkVersion })
        : deny("The program is too old for a second key.", { sdkVersion })
    }
    if (platform !== "Windows") return deny("Only Office on Windows uses a second key.", details)
    if (app === "Outlook" && !inForce(builtIn, now)) {
      return deny("Outlook cannot use a second key yet.", details)
    }
    const isLabeling =
      labeling === "unified-labeling-client" || (labeling === "built-in" && inForce(builtIn, now))
    return isLabeling
      ? pass("Office on Windows uses a second key.", details)
      : deny("Office has no labelling that knows a second key.", { ...details, labeling })
  },
})

const registrySwitch = gate<DoubleKeyClientFacets>()({
  name: "double-key-registry",
  facts: ["CRY-164"],
  reads: ["needsRegistry", "isSwitchSet"],
  check: ({ needsRegistry, isSwitchSet }) => {
    if (!needsRegistry) return pass("This build does not ask the registry.")
    return isSwitchSet
      ? pass("The switch in the registry is set.")
      : deny("The switch in the registry is not set, so the label cannot be used.")
  },
})

/** What has to be there before anybody asks for a key (CRY-164, CRY-165, CRY-170). */
export const evaluateDoubleKeyClient = (facets: DoubleKeyClientFacets): Decision =>
  decideByGates([licensed, azureReachable, supportedClient, registrySwitch], facets)
