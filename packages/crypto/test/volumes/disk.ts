import { type Actor, decidingGate, defaultClient } from "@twin/kernel"
import { Effect } from "effect"
import { KeyVault, sealAtRest } from "../../src/index.ts"
import { recoveryPasswordOf } from "../../src/volumes/RecoveryPassword.ts"
import { serverOfVolume, volumesHolding } from "../../src/volumes/Server.ts"
import { numericalPassword } from "../../src/volumes/volumeKeys.ts"
import { mallory, startTwin, type Twin } from "../harness.ts"

export const engineer = (id: string, ...roles: string[]): Actor => ({
  id,
  kind: "datacenter-engineer",
  roles,
  client: defaultClient,
})
export const ed = engineer("ed")
export const elevated = engineer("ed", "SecretStoreAccess")
export const eva = engineer("eva", "SecretStoreAccess")
export const responder: Actor = { ...ed, id: "svc-managed-availability", kind: "service-account" }

export const secret = "The launch date is 14 May"
export const mail = {
  workload: "Exchange",
  container: "alice@contoso.com",
  objectId: "mail-1",
  plaintext: Buffer.from(`${"x".repeat(3000)} ${secret}`),
} as const
export const volume = volumesHolding("Exchange", "mail-1")[0] ?? ""
export const server = serverOfVolume(volume)?.server ?? ""

export const started = Effect.gen(function* () {
  const twin = yield* startTwin("volumes")
  yield* twin.store((world) => sealAtRest(world, mail))
  return twin
})
export const look = Effect.fnUntraced(function* (
  twin: Twin,
  view: "platter" | "files",
  who = mallory,
) {
  const params = { volume, view, object: "mail-1", contains: secret }
  const { decision, output } = yield* twin.call(who, "inspect-volume", params)
  return { outcome: decision.outcome, gate: decidingGate(decision).name, row: output[0] ?? {} }
})
export const attempt = Effect.fnUntraced(function* (twin: Twin, who: Actor, params: object) {
  const { decision } = yield* twin.call(who, "unlock-volume", { volume, ...params })
  return decision.outcome === "allow" ? "allow" : decidingGate(decision).name
})
export const digits = (twin: Twin) =>
  twin.run(() =>
    Effect.gen(function* () {
      const vault = yield* KeyVault
      const bytes = yield* Effect.orDie(vault.symmetricKey(numericalPassword(volume, 1)))
      return recoveryPasswordOf(bytes)
    }),
  )
