import type { CallResult } from "@twin/kernel"
import { Effect } from "effect"
import { appIds } from "../src/index.ts"
import { delegatedPermissionsOf } from "../src/resourcePermissions.ts"
import { type Lab, printed, verdict } from "./world.ts"

const scopeId = (appId: string, value: string): string =>
  delegatedPermissionsOf(appId).find((it) => it.value === value)?.id ?? ""

/** What a registration lists of a resource, by the names of its permissions. */
export const needs = (values: readonly string[], appId: string = appIds.microsoftGraph) => ({
  resourceAppId: appId,
  resourceAccess: values.map((value) => ({ id: scopeId(appId, value), type: "Scope" })),
})

const orDie = (result: CallResult): Effect.Effect<CallResult> =>
  result.decision.outcome === "allow"
    ? Effect.succeed(result)
    : Effect.die(new Error(verdict(result)))

/** A registration of Contoso with its service principal. */
export const registered = Effect.fnUntraced(function* (
  it: Lab,
  DisplayName: string,
  body: object = {},
  by = "alice",
) {
  const added = yield* Effect.flatMap(
    it.as(by, "New-MgApplication", { DisplayName, ...body }),
    orDie,
  )
  const appId = printed(added, "AppId")
  const principal = yield* Effect.flatMap(
    it.as(by, "New-MgServicePrincipal", { AppId: appId }),
    orDie,
  )
  return { appId, objectId: printed(added), principalId: printed(principal) }
})

/** An application of Fabrikam, for everybody unless it is said otherwise. */
export const published = Effect.fnUntraced(function* (it: Lab, displayName: string, body: object) {
  const result = yield* Effect.flatMap(
    it.as("ivan", "publish-application", {
      tenant: "f0000000-0000-4000-8000-000000000002",
      displayName,
      ...body,
    }),
    orDie,
  )
  return printed(result, "id")
})
