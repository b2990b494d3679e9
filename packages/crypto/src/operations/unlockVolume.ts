import { type Call, type Decision, minutes } from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import {
  evaluateUnlock,
  evaluateUnlockAttempt,
  type UnlockFacets,
} from "../decisions/volumeGates.ts"
import { accessOf, secretStoreRole } from "../Elevation.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { readDisk } from "../volumes/DiskImage.ts"
import { KeyPlace, KeyProtector, protectorCopy, recoveryPlace } from "../volumes/KeyProtector.ts"
import { residueOf } from "../volumes/platter.ts"
import { readRecoveryPassword } from "../volumes/RecoveryPassword.ts"
import { serverOfVolume } from "../volumes/Server.ts"
import { type Volume, volumeIn } from "../volumes/VolumeEvent.ts"
import { openVolume, resealVolume, type UnlockAttempt } from "../volumes/volumeKeys.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { internalEntry, isPlaceAvailable, readyVolume, refusedAccess } from "./volumeOperation.ts"

/** How long a released part of the recovery agent's password counts: a twin parameter. */
export const passwordPartMinutes = 60

interface Wish {
  readonly volume: string
  readonly protector: KeyProtector
  readonly place?: KeyPlace
  readonly password?: string
  readonly residue?: boolean
}

const facetsOf = (
  { world, actor, now }: Pick<Call<CryptoWorld>, "world" | "actor" | "now">,
  wish: Wish,
): Omit<UnlockFacets, "hasOpened"> => {
  const { protector, password } = wish
  const place = wish.place ?? recoveryPlace[protector]
  const volume = volumeIn(world.crypto.volumes, wish.volume)
  const role = serverOfVolume(wish.volume)?.role
  const copy = role === undefined ? undefined : protectorCopy(protector, place, role)
  const isTyped = protector === "NumericalPassword" && password !== undefined
  const isFormed = password !== undefined && Option.isSome(readRecoveryPassword(password))
  return {
    isVolume: volume !== undefined,
    isResidue: wish.residue === true,
    hasResidue: volume?.hasRecoverableResidue === true,
    protector,
    place,
    hasCopy: copy !== undefined,
    reachedBy: isTyped ? "at-hand" : (copy?.reachedBy ?? "elevation"),
    access: accessOf(actor, secretStoreRole),
    passwordParts: world.crypto.volumes.passwordParts.filter(
      ({ at }) => now < at + minutes(passwordPartMinutes),
    ).length,
    isPlaceAvailable: isTyped || isPlaceAvailable(world, place),
    digits: password === undefined ? "none" : isFormed ? "well-formed" : "malformed",
  }
}

const attemptOf = (wish: Wish): UnlockAttempt => {
  const typed = wish.password === undefined ? Option.none() : readRecoveryPassword(wish.password)
  return {
    protector: wish.protector,
    place: wish.place ?? recoveryPlace[wish.protector],
    ...(Option.isSome(typed) ? { password: typed.value } : {}),
  }
}

/** Tries the keys, once every gate before them has let the attempt pass. */
const tryKeys = Effect.fnUntraced(function* (world: CryptoWorld, volume: Volume, wish: Wish) {
  const attempt = attemptOf(wish)
  if (wish.residue !== true) {
    return Option.isSome(yield* openVolume(world, volume, attempt))
  }
  const fvek = yield* openVolume(world, volume, attempt, volume.generation - 1)
  const sectors = yield* residueOf(volume.volumeId)
  return Option.isSome(
    Option.flatMap(fvek, (key) => Option.flatMap(sectors, (it) => readDisk(key, it))),
  )
})

/** One attempt, from the gates to the keys, with the events it leaves. */
export const attemptUnlock = Effect.fnUntraced(function* (
  call: Pick<Call<CryptoWorld>, "world" | "actor" | "now">,
  wish: Wish,
) {
  const { world, actor, now: at } = call
  const facets = facetsOf(call, wish)
  const before = evaluateUnlockAttempt({ ...facets, hasOpened: false })
  const volumeId = wish.volume
  const refused = (decision: Decision, events: readonly CryptoEvent[] = []) => ({
    decision,
    events: facets.isVolume
      ? [...events, refusedAccess({ volumeId, actor, decision, at })]
      : [...events],
  })
  if (before.outcome !== "allow") return refused(before)
  const ready = yield* readyVolume(world, volumeId, at)
  if (ready === undefined) return refused(before)
  const hasOpened = yield* tryKeys(world, ready.volume, wish)
  const decision = evaluateUnlock({ ...facets, hasOpened })
  if (!hasOpened) return refused(decision, ready.events)
  if (wish.residue === true) return { decision, events: ready.events }
  const { protector, place } = attemptOf(wish)
  const isHome = ready.volume.machine === serverOfVolume(volumeId)?.server
  // A recovery at home binds the volume to the machine's present TPM; elsewhere there is none.
  if (isHome && protector !== "TPM") yield* resealVolume(world, ready.volume, attemptOf(wish))
  const unlocked: CryptoEvent = {
    _tag: "VolumeUnlocked",
    volumeId,
    protector,
    place,
    by: actor.id,
    at,
  }
  return { decision, events: [...ready.events, unlocked] }
})

export const unlockVolume = cryptoOperation({
  name: "unlock-volume",
  summary: "Opens an encrypted disk of the service with one of its key protectors.",
  params: Schema.Struct({
    volume: text("Server and disk, e.g. exo-nam01-mbx01/disk1"),
    protector: KeyProtector.annotate({ description: "Kind of key protector" }),
    place: Schema.optionalKey(
      KeyPlace.annotate({ description: "Where it is taken from; the recovery copy unless given" }),
    ),
    password: Schema.optionalKey(text("The 48 digits, where somebody has them at hand")),
    residue: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Try the sectors from before the last format" }),
    ),
  }),
  facts: ["CRY-011", "CRY-012", "CRY-013", "CRY-014", "CRY-017"],
  secrets: ["password"],
  decide: (call, wish) =>
    Effect.map(attemptUnlock(call, wish), (ruling) => ({
      ...ruling,
      output: ruling.decision.outcome === "allow" ? [{ volume: wish.volume, isLocked: false }] : [],
      audit: [internalEntry("unlock-volume", wish.volume, ruling.decision)],
    })),
})
