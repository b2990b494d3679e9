import { isFaultOn, type KernelWorld } from "@twin/kernel"
import { Effect } from "effect"
import { KeyServiceUnreachable } from "../Errors.ts"
import { KeyVault } from "../KeyVault.ts"
import type { DeployedKey, DeployedKeyService } from "./DoubleKeyEvent.ts"
import type { HttpRequest } from "./HttpMessage.ts"
import { answerRequest, type KeyService } from "./handleRequest.ts"
import { type DoubleKeyWorld, keyServiceOf } from "./keyServiceOf.ts"
import { authorityKeys } from "./tokenAuthority.ts"

/** Nobody reaches the customer's key services, whatever their own state (CRY-168). */
export const keyServiceUnreachable = "double-key-service-unreachable"

export type KeyServiceWorld = DoubleKeyWorld & KernelWorld

/** Sends a request over the simulated network to whichever key service answers at its address. */
export const askKeyService = Effect.fn("askKeyService")(function* (
  world: KeyServiceWorld,
  request: HttpRequest,
  now: number,
) {
  const service = URL.canParse(request.url)
    ? keyServiceOf(world, new URL(request.url).origin)
    : undefined
  if (service === undefined || !isReachable(world, service)) {
    return yield* new KeyServiceUnreachable({ url: request.url })
  }
  return yield* answerRequest(yield* running(world, service), request, now)
})

export const isReachable = (world: KernelWorld, { isRunning }: DeployedKeyService): boolean =>
  isRunning && !isFaultOn(world, keyServiceUnreachable)

/** The deployed service with everything that it needs to answer. */
const running = Effect.fnUntraced(function* (
  { crypto }: DoubleKeyWorld,
  service: DeployedKeyService,
) {
  const vault = yield* KeyVault
  const directories = Object.fromEntries(
    Object.entries(crypto.doubleKey.directories).map(([path, users]) => [
      path,
      Object.values(users),
    ]),
  )
  const answering: KeyService<DeployedKey> = {
    ...service,
    entries: service.keys,
    signingKeys: yield* authorityKeys,
    directories,
    privateKey: ({ vaultKeyId }) => Effect.option(vault.privateKey(vaultKeyId)),
  }
  return answering
})

/** The headers of somebody who shows a token, or of somebody who does not. */
export const headersWith = (token: string | undefined): HttpRequest["headers"] => ({
  "content-type": "application/json",
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
})

/** The body of a request to decrypt (CRY-151). */
export const decryptBody = (alg: string, wrapped: Uint8Array): string =>
  JSON.stringify({ alg, value: Buffer.from(wrapped).toString("base64") })
