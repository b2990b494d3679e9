import { type CryptoEvent, type CryptoServices, signForTenant, tenantKeysOf } from "@twin/crypto"
import {
  type Call,
  canonicalJson,
  decideByGates,
  type OutputObject,
  operation,
  type Ruling,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import { tenantKeyState } from "../decisions/OpenFacets.ts"
import { serviceEnabled, tenantKeyReachable } from "../decisions/openGates.ts"
import { protectFacets } from "../decisions/ProtectFacets.ts"
import { canonicalAddress } from "../identityClass.ts"
import type { MipEvent } from "../MipEvent.ts"
import { type MipWorld, rmsServiceOf, templatesOf } from "../State.ts"
import { serviceRequested } from "../serviceLoad.ts"

/** RS256 over the canonical JSON of a template, with whichever tenant key is active (MIP-234). */
export const fetchTemplates = operation({
  name: "fetch-templates",
  summary: "Fetches the protection templates that a person may apply, signed by the service.",
  params: Schema.Struct({}),
  facts: ["MIP-199", "MIP-234", "MIP-235"],
  decide: (
    call: Call<MipWorld>,
  ): Effect.Effect<Ruling<MipEvent | CryptoEvent>, never, CryptoServices> => fetched(call),
})

const fetched = Effect.fnUntraced(function* ({ world, actor, now }: Call<MipWorld>) {
  const decision = decideByGates([serviceEnabled, tenantKeyReachable], {
    functionalState: rmsServiceOf(world).functionalState,
    tenantKey: tenantKeyState(world),
  })
  if (decision.outcome !== "allow") return { decision }
  const { id: address, client } = actor
  const asked = { world, address, client, now, form: "document", name: "new.docx" } as const
  const offered = templatesOf(world).filter(
    ({ templateId }) => protectFacets({ ...asked, template: templateId }).template === "fits",
  )
  const output: OutputObject[] = []
  const made: CryptoEvent[] = []
  for (const template of offered) {
    const signed = yield* signForTenant(world, Buffer.from(canonicalJson(template)))
    const key = tenantKeysOf(world).find(({ keyId }) => keyId === signed.tenantKeyId)
    if (made.length === 0) made.push(...signed.events)
    output.push({
      TemplateId: template.templateId,
      Name: template.name,
      KeyIdentifier: key?.identifier ?? "",
      Signature: Buffer.from(signed.signature).toString("base64"),
    })
  }
  const request = serviceRequested({
    at: now,
    requestType: "AcquireTemplates",
    userId: canonicalAddress(world, address),
    result: "Success",
    ipAddress: client.ipAddress,
    application: client.app,
  })
  return { decision, events: [...made, request], output }
})
