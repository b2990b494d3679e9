import { type Call, decideByGates, deny, gate, pass } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { noElevation, volumeKnown } from "../decisions/volumeGates.ts"
import { type Access, accessOf, secretStoreRole } from "../Elevation.ts"
import { type CryptoEvent, type CryptoWorld, evolveCrypto } from "../State.ts"
import type { KeyProtector } from "../volumes/KeyProtector.ts"
import { dropImage, keepResidue, takeImage } from "../volumes/platter.ts"
import { serverNamed, serverOfVolume } from "../volumes/Server.ts"
import { volumeIn, volumesIn } from "../volumes/VolumeEvent.ts"
import { encryptVolume, forgetMachineKeys, forgetVolumeKeys } from "../volumes/volumeKeys.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { attemptUnlock } from "./unlockVolume.ts"
import { internalEntry, readyVolume } from "./volumeOperation.ts"

const known = (world: CryptoWorld, volumeId: string) =>
  decideByGates([volumeKnown], {
    isVolume: volumeIn(world.crypto.volumes, volumeId) !== undefined,
    isResidue: false,
    hasResidue: false,
  })

export const moveDisk = cryptoOperation({
  name: "move-disk",
  summary: "A disk is taken out and put into another machine, or back.",
  params: Schema.Struct({
    volume: text("Server and disk, e.g. exo-nam01-mbx01/disk1"),
    machine: text("The machine that it is put into; any name is one of somebody else's"),
  }),
  facts: ["CRY-014"],
  decide: (call, { volume: volumeId, machine: given }) =>
    Effect.gen(function* () {
      const { world, now: at } = call
      const decision = known(world, volumeId)
      const ready = yield* readyVolume(world, volumeId, at)
      if (ready === undefined) return { decision }
      const machine = given.toLowerCase()
      const home = serverOfVolume(volumeId)?.server
      const isHome = machine === home
      if (!isHome && ready.volume.machine === home) yield* takeImage(world, ready.volume)
      if (isHome) yield* dropImage(volumeId)
      const moved: CryptoEvent = { _tag: "DiskMoved", volumeId, machine, at }
      // The machine that gets the disk asks its own TPM at once, as it does at every start.
      const events = [...ready.events, moved]
      const there = withVolume(world, events)
      const start = yield* attemptUnlock(
        { ...call, world: there },
        { volume: volumeId, protector: "TPM" },
      )
      const unlocked = start.events.filter(({ _tag }) => _tag === "VolumeUnlocked")
      return {
        decision,
        events: [...events, ...unlocked],
        output: [{ volume: volumeId, machine, isLocked: unlocked.length === 0 }],
        audit: [internalEntry("move-disk", volumeId, decision)],
      }
    }),
})

export const formatDisk = cryptoOperation({
  name: "format-disk",
  summary: "Formats a disk for another use: its keys are deleted and made anew.",
  params: Schema.Struct({
    volume: text("Server and disk, e.g. exo-nam01-mbx01/disk1"),
    keepRecoveryKey: Schema.optionalKey(
      Schema.Boolean.annotate({
        description: "Keep the recovery keys of the old sectors; false unless given",
      }),
    ),
  }),
  facts: ["CRY-014", "CRY-015"],
  decide: ({ world, now: at }, { volume: volumeId, keepRecoveryKey = false }) =>
    Effect.gen(function* () {
      const decision = known(world, volumeId)
      const ready = yield* readyVolume(world, volumeId, at)
      if (ready === undefined) return { decision }
      yield* keepResidue(world, ready.volume)
      yield* forgetVolumeKeys(ready.volume, keepRecoveryKey)
      const generation = ready.volume.generation + 1
      const formatted: CryptoEvent = {
        _tag: "DiskFormatted",
        volumeId,
        hasRecoveryKey: keepRecoveryKey,
        at,
      }
      return {
        decision,
        events: [
          ...ready.events,
          formatted,
          yield* encryptVolume(world, volumeId, { generation, at }),
        ],
        output: [{ volume: volumeId, generation }],
        audit: [internalEntry("format-disk", volumeId, decision)],
      }
    }),
})

const serverKnown = gate<{ readonly isServer: boolean }>()({
  name: "server",
  facts: ["CRY-012"],
  reads: ["isServer"],
  check: ({ isServer }) =>
    isServer ? pass("The machine is known.") : deny("The service has no machine of this name."),
})

/** A machine without what its TPM held: a new operating system, or a new main board. */
const newMachine = (
  tag: "ServerReinstalled" | "TpmReplaced",
  o: { readonly name: string; readonly summary: string },
) =>
  cryptoOperation({
    ...o,
    params: Schema.Struct({ server: text("Machine, e.g. exo-nam01-mbx01") }),
    facts: ["CRY-014", "CRY-015", "CRY-016"],
    decide: ({ world, now: at }, { server: name }) =>
      Effect.gen(function* () {
        const server = serverNamed(name)?.server
        const decision = decideByGates([serverKnown], { isServer: server !== undefined })
        if (server === undefined) return { decision }
        const events: CryptoEvent[] = []
        const here = volumesIn(world.crypto.volumes).filter(({ machine }) => machine === server)
        for (const { volumeId } of here) {
          events.push(...((yield* readyVolume(world, volumeId, at))?.events ?? []))
        }
        yield* forgetMachineKeys(world, server)
        return {
          decision,
          events: [...events, { _tag: tag, server, at } as const],
          output: [{ server, locked: here.map(({ volumeId }) => volumeId) }],
          audit: [internalEntry(o.name, server, decision)],
        }
      }),
  })

export const reinstallServer = newMachine("ServerReinstalled", {
  name: "reinstall-server",
  summary: "A machine gets a new operating system; its data disks stay as they are.",
})

export const replaceTpm = newMachine("TpmReplaced", {
  name: "replace-tpm",
  summary: "A machine gets a new main board, and with it another TPM.",
})

const byService = gate<{ readonly access: Access }>()({
  name: "managed-availability",
  facts: ["CRY-016", "CRY-017"],
  reads: ["access"],
  check: ({ access }) =>
    access === "service"
      ? pass("The responders of the service unlock their own disks.")
      : deny(
          "Responders are service code: a person asks for an elevation instead.",
          { access },
          noElevation,
        ),
})

/** Tried one after the other: the safe first, then the directory. */
const responderOrder: readonly KeyProtector[] = ["TPM", "ExternalKey", "NumericalPassword"]

export const recoverVolumes = cryptoOperation({
  name: "recover-volumes",
  summary: "Managed Availability unlocks the locked disks of a machine with their recovery keys.",
  params: Schema.Struct({ server: text("Machine, e.g. exo-nam01-mbx01") }),
  facts: ["CRY-016"],
  decide: (call, { server: name }) =>
    Effect.gen(function* () {
      const { world, actor } = call
      const server = serverNamed(name)?.server
      const isServer = server !== undefined
      const decision = decideByGates([serverKnown, byService], {
        isServer,
        access: accessOf(actor, secretStoreRole),
      })
      if (decision.outcome !== "allow") return { decision }
      const locked = volumesIn(world.crypto.volumes).filter(
        (it) => it.machine === server && it.isLocked,
      )
      const events: CryptoEvent[] = []
      const output: { volume: string; isLocked: boolean; protector: string }[] = []
      for (const { volumeId } of locked) {
        const opened = yield* firstThatOpens(call, volumeId)
        events.push(...opened.events)
        output.push({
          volume: volumeId,
          isLocked: opened.protector === "",
          protector: opened.protector,
        })
      }
      return { decision, events, output, audit: [internalEntry("recover-volumes", name, decision)] }
    }),
})

const firstThatOpens = Effect.fnUntraced(function* (call: Call<CryptoWorld>, volumeId: string) {
  const events: CryptoEvent[] = []
  for (const protector of responderOrder) {
    const { decision, events: left } = yield* attemptUnlock(call, { volume: volumeId, protector })
    events.push(...left)
    if (decision.outcome === "allow") return { events, protector }
  }
  return { events, protector: "" }
})

const partAllowed = gate<{ readonly access: Access }>()({
  name: "password-part",
  facts: ["CRY-012", "CRY-017"],
  reads: ["access"],
  check: ({ access }) =>
    access === "elevated"
      ? pass("Somebody who knows a part of the password gives it under an approved elevation.")
      : deny(
          "A part of the password is given by a person, under an approved elevation.",
          { access },
          noElevation,
        ),
})

export const releasePasswordPart = cryptoOperation({
  name: "release-password-part",
  summary: "One of several people gives a part of the recovery agent's password.",
  params: Schema.Struct({}),
  facts: ["CRY-012", "CRY-017"],
  decide: ({ actor, now: at }) => {
    const decision = decideByGates([partAllowed], { access: accessOf(actor, secretStoreRole) })
    const released: CryptoEvent = { _tag: "PasswordPartReleased", by: actor.id, at }
    return {
      decision,
      events: decision.outcome === "allow" ? [released] : [],
      audit: [internalEntry("release-password-part", "DataRecoveryAgentCertificate", decision)],
    }
  },
})

/** The world as it is once these events have happened to its volumes. */
const withVolume = (world: CryptoWorld, events: readonly CryptoEvent[]): CryptoWorld => ({
  ...world,
  crypto: events.reduce(evolveCrypto, world.crypto),
})
