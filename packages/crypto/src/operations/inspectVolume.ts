import { Effect, Option, Schema } from "effect"
import { bytesContain } from "../at-rest/rawBytes.ts"
import { evaluateLook } from "../decisions/volumeGates.ts"
import { type DiskFile, readDisk } from "../volumes/DiskImage.ts"
import { sectorsOf } from "../volumes/platter.ts"
import { volumeIn } from "../volumes/VolumeEvent.ts"
import { openVolume } from "../volumes/volumeKeys.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { internalEntry, readyVolume, refusedAccess } from "./volumeOperation.ts"

const isBlobOf = (name: string, object: string): boolean =>
  name === `content-database/${object}` || name.slice(0, name.lastIndexOf("/")) === object

export const inspectVolume = cryptoOperation({
  name: "inspect-volume",
  summary: "Looks at a disk: at its platter, or at its files where the volume is open.",
  params: Schema.Struct({
    volume: text("Server and disk, e.g. exo-nam01-mbx01/disk1"),
    view: Schema.optionalKey(
      Schema.Literals(["platter", "files"]).annotate({
        description: "The bare sectors, or what the machine makes of them; files unless given",
      }),
    ),
    object: Schema.optionalKey(text("A stored object whose blobs are looked for")),
    contains: Schema.optionalKey(text("A text to search for in what can be seen")),
  }),
  facts: ["CRY-001", "CRY-005", "CRY-011", "CRY-014", "CRY-018"],
  secrets: ["contains"],
  decide: ({ world, actor, now: at }, { volume: volumeId, view = "files", object, contains }) =>
    Effect.gen(function* () {
      const ready = yield* readyVolume(world, volumeId, at)
      const known = volumeIn(world.crypto.volumes, volumeId)
      const volume = ready?.volume
      const sectors =
        volume === undefined
          ? new Uint8Array(0)
          : Option.getOrElse(yield* sectorsOf(world, volume), () => new Uint8Array(0))
      const canOpen = volume !== undefined && !volume.isLocked && view === "files"
      const fvek = canOpen ? yield* openVolume(world, volume, volume.openedWith) : Option.none()
      const files = Option.flatMap(fvek, (key) => readDisk(key, sectors))
      const decision = evaluateLook({
        isVolume: known !== undefined,
        isResidue: false,
        hasResidue: known?.hasRecoverableResidue === true,
        view,
        isLocked: known?.isLocked === true,
        hasOpened: Option.isSome(files),
      })
      const audit = [internalEntry("inspect-volume", volumeId, decision)]
      if (volume === undefined) return { decision, audit }
      const visible: readonly DiskFile[] = Option.getOrElse(files, () => [
        { name: "", bytes: sectors },
      ])
      const found = Option.isSome(files) ? files.value : []
      return {
        decision,
        audit,
        events: [
          ...(ready?.events ?? []),
          ...(decision.outcome === "allow"
            ? []
            : [refusedAccess({ volumeId, actor, decision, at })]),
        ],
        output: [
          {
            volume: volumeId,
            machine: volume.machine,
            isLocked: volume.isLocked,
            sectors: sectors.length / 512,
            files: found.length,
            firstBytes: Buffer.from(sectors.subarray(0, 32)).toString("hex"),
            ...(object === undefined
              ? {}
              : { hasObject: found.some(({ name }) => isBlobOf(name, object)) }),
            ...(contains === undefined
              ? {}
              : { containsText: visible.some(({ bytes }) => bytesContain(bytes, contains)) }),
          },
        ],
      }
    }),
})
