import {
  type Call,
  decideByGates,
  deny,
  type GateRules,
  gate,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { canonicalAddress } from "../identityClass.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import {
  type ClientSupport,
  clientSupportAt,
  installationOf,
  isAtLeast,
} from "../sharing-application/SharingApplication.ts"

interface InstallFacets {
  readonly support: ClientSupport
  readonly installed: string
  readonly isNewer: boolean
}

const installGate = gate<InstallFacets>()

const stillOffered = installGate({
  name: "sharing-application-supported",
  facts: ["MIP-273"],
  reads: ["support"],
  check: ({ support }) =>
    support === "supported"
      ? pass("The application can be downloaded.", { support })
      : deny(
          "The application is not offered any more.",
          { support },
          { message: "The Rights Management sharing application is no longer available." },
        ),
})

const somethingToDo = installGate({
  name: "already-on-ribbon",
  facts: ["MIP-259"],
  reads: ["installed", "isNewer"],
  check: ({ installed, isNewer }) => {
    if (installed === "") return pass("The button is not on the Home ribbon yet.")
    return isNewer
      ? pass("A newer version replaces the one that is there.", { installed })
      : deny(
          "The button is on the Home ribbon already: there is nothing to do.",
          { installed },
          { message: "The application is already installed." },
        )
  },
})

const gates: GateRules<InstallFacets> = [stillOffered, somethingToDo]

/** The second step of the solution: the application, by hand or by deployment (MIP-259). */
export const installSharingApplication = operation({
  name: "install-sharing-application",
  summary: "Installs the Rights Management sharing application on the actor's own computer.",
  params: Schema.Struct({
    version: Schema.optionalKey(
      Schema.String.check(Schema.isPattern(/^\d+(\.\d+){3}$/)).annotate({
        description: "Four numbers, e.g. 1.0.2217.0",
      }),
    ),
    method: Schema.optionalKey(
      Schema.Literals(["manual", "automatic"]).annotate({
        description: "By hand, or by automatic deployment",
      }),
    ),
  }),
  facts: ["MIP-259", "MIP-273"],
  decide: ({ world, actor, now }: Call<MipWorld>, params): Ruling<MipEvent> => {
    const address = canonicalAddress(world, actor.id)
    const installed = installationOf(world, address)?.version ?? ""
    const version = params.version ?? "1.0.2217.0"
    const decision = decideByGates(gates, {
      support: clientSupportAt(now),
      installed,
      isNewer: installed !== "" && !isAtLeast(installed, version),
    })
    if (decision.outcome !== "allow") return { decision }
    const installation = { address, version, method: params.method ?? "manual" }
    return {
      decision,
      events: [{ _tag: "SharingApplicationInstalled", installation, at: now }],
      output: [{ version, method: installation.method, ribbon: "Share Protected" }],
    }
  },
})
