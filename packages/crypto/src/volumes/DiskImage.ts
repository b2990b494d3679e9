import { Option, Result, Schema } from "effect"
import { decryptXts, encryptXts } from "../Primitives.ts"

/** Bytes of one sector, the unit of encryption. */
export const sectorBytes = 512

/** One file of the file system on a volume: here a blob of the service, already encrypted by it. */
export interface DiskFile {
  readonly name: string
  readonly bytes: Uint8Array
}

const Directory = Schema.fromJsonString(
  Schema.Array(Schema.Struct({ name: Schema.String, sector: Schema.Int, sizeBytes: Schema.Int })),
)
const readDirectory = Schema.decodeUnknownOption(Directory)

const magic = Buffer.from("TWINFS01")
const sectorsFor = (sizeBytes: number): number => Math.ceil(sizeBytes / sectorBytes)

/**
 * The plain content of a disk: a first sector with the length of the directory, the directory, the
 * files, each from the start of a sector.
 */
const layOut = (files: readonly DiskFile[]): Buffer => {
  const sizes = files.map(({ name, bytes }) => ({ name, sizeBytes: bytes.length }))
  // The directory names sectors, so its own length is fixed first, with numbers of full width.
  const directoryOf = (first: number): string => {
    let sector = first
    return JSON.stringify(
      sizes.map((it) => {
        const entry = { ...it, sector }
        sector += sectorsFor(it.sizeBytes)
        return entry
      }),
    )
  }
  const room = sectorsFor(Buffer.byteLength(directoryOf(1_000_000_000)))
  const directory = Buffer.from(directoryOf(1 + room))
  const total = files.reduce((sum, it) => sum + sectorsFor(it.bytes.length), 1 + room)
  const plain = Buffer.alloc(total * sectorBytes)
  magic.copy(plain)
  plain.writeUInt32BE(directory.length, magic.length)
  directory.copy(plain, sectorBytes)
  let sector = 1 + room
  for (const { bytes } of files) {
    plain.set(bytes, sector * sectorBytes)
    sector += sectorsFor(bytes.length)
  }
  return plain
}

const unitOf = (sector: number): Uint8Array => {
  const unit = Buffer.alloc(8)
  unit.writeBigUInt64LE(BigInt(sector))
  return unit
}

/**
 * The sectors as they lie on the platter: each one AES-XTS-256 under the full volume encryption key
 * of 64 bytes, with its own number (CRY-011). Names, sizes and free space are encrypted like the rest.
 */
export const writeDisk = (fvek: Uint8Array, files: readonly DiskFile[]): Uint8Array => {
  const plain = layOut(files)
  const sectors = new Uint8Array(plain.length)
  for (let sector = 0; sector * sectorBytes < plain.length; sector++) {
    const offset = sector * sectorBytes
    const plaintext = plain.subarray(offset, offset + sectorBytes)
    const sealed = encryptXts({ key: fvek, unit: unitOf(sector), plaintext })
    sectors.set(Result.getOrThrow(sealed), offset)
  }
  return sectors
}

/** One sector under a key: any key gives bytes, and only the right one gives the disk's. */
const readSector = (fvek: Uint8Array, sectors: Uint8Array, sector: number): Uint8Array => {
  const offset = sector * sectorBytes
  const ciphertext = sectors.subarray(offset, offset + sectorBytes)
  return Result.getOrElse(
    decryptXts({ key: fvek, unit: unitOf(sector), ciphertext }),
    () => new Uint8Array(sectorBytes),
  )
}

const readSectors = (o: {
  readonly fvek: Uint8Array
  readonly sectors: Uint8Array
  readonly first: number
  readonly sizeBytes: number
}): Buffer => {
  const parts = Array.from({ length: sectorsFor(o.sizeBytes) }, (_, index) =>
    readSector(o.fvek, o.sectors, o.first + index),
  )
  return Buffer.concat(parts).subarray(0, o.sizeBytes)
}

/** The files of a disk; none where the key is not this disk's. */
export const readDisk = (
  fvek: Uint8Array,
  sectors: Uint8Array,
): Option.Option<readonly DiskFile[]> => {
  if (sectors.length < sectorBytes || sectors.length % sectorBytes !== 0) return Option.none()
  const head = Buffer.from(readSector(fvek, sectors, 0))
  if (!head.subarray(0, magic.length).equals(magic)) return Option.none()
  const sizeBytes = head.readUInt32BE(magic.length)
  if (sizeBytes > sectors.length) return Option.none()
  const directory = readSectors({ fvek, sectors, first: 1, sizeBytes })
  return Option.map(readDirectory(directory.toString("utf8")), (entries) =>
    entries.map((it) => ({
      name: it.name,
      bytes: readSectors({ fvek, sectors, first: it.sector, sizeBytes: it.sizeBytes }),
    })),
  )
}
