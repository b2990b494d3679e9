import { andThen, type Call, decideByGates, deny, gate, operation, pass } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { evaluateRelay } from "../connector/evaluateConnector.ts"
import { connectorLogIdentity, connectorOf } from "../connector/RmsConnector.ts"
import { openForService } from "../content/openForService.ts"
import type { MipEvent } from "../MipEvent.ts"
import { type MipWorld, rmsServiceOf } from "../State.ts"
import { serviceRequested } from "../serviceLoad.ts"
import { bytesOf, digestOf, evaluateFileKnown, type FileEffect, file, fileOf } from "./file.ts"

const opensEverything = gate<{ readonly isSuperUser: boolean }>()({
  name: "server-super-user",
  facts: ["MIP-266", "MIP-072"],
  reads: ["isSuperUser"],
  check: ({ isSuperUser }) =>
    isSuperUser
      ? pass("A server of Exchange on the connector's list is a super user.", { isSuperUser })
      : deny(
          "Only servers of Exchange open what others protected; the others protect.",
          { isSuperUser },
          { code: "NoPermissionsError", message: "The server has no rights to this content." },
        ),
})

/**
 * A server on premises wants to read protected content, e.g. to inspect mail. The connector relays the
 * request and does no cryptography: the service issues the licence (MIP-263, MIP-266).
 */
export const relayThroughConnector = operation({
  name: "open-through-connector",
  summary: "A server on premises opens protected content through the connector.",
  params: Schema.Struct({
    account: Schema.NonEmptyString.annotate({ description: "Account of the server" }),
    file,
  }),
  facts: ["MIP-263", "MIP-266"],
  decide: (call: Call<MipWorld>, params): FileEffect => relay(call, params),
})

const request = (now: number, account: string, result: string): MipEvent =>
  serviceRequested({
    at: now,
    requestType: "AcquireLicense",
    userId: connectorLogIdentity,
    result,
    actingAs: account,
  })

const relay = Effect.fnUntraced(function* (
  call: Call<MipWorld>,
  { account, file: name }: { readonly account: string; readonly file: string },
) {
  const { world, now } = call
  const server = account.toLowerCase()
  const document = fileOf(call, name)
  const passed = andThen(evaluateRelay(world, server, now), () => evaluateFileKnown(document))
  const bytes = document === undefined ? undefined : yield* bytesOf(document)
  if (passed.outcome !== "allow" || document === undefined || bytes === undefined) {
    // What the connector refuses never reaches the service.
    return { decision: passed }
  }
  const { superUserFeature, superUsers } = rmsServiceOf(world)
  const decision = andThen(passed, () =>
    decideByGates([opensEverything], {
      isSuperUser: superUserFeature === "Enabled" && superUsers.includes(server),
    }),
  )
  const { contentId } = document
  if (decision.outcome !== "allow" || contentId === undefined) {
    return { decision, events: [request(now, server, "AccessDenied")] }
  }
  const opened = yield* openForService(call, { bytes, contentId, service: "Exchange" })
  const endpoint = connectorOf(world).endpoint?.address ?? ""
  return {
    decision: andThen(decision, () => opened.decision),
    events: [request(now, server, opened.plaintext === undefined ? "AccessDenied" : "Success")],
    output:
      opened.plaintext === undefined
        ? []
        : [{ file: document.name, via: endpoint, sha256: digestOf(opened.plaintext) }],
  }
})
