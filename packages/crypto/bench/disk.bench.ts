import { createCipheriv } from "node:crypto"
import { seededBytes } from "@twin/kernel"
import { test } from "vitest"
import { readDisk, writeDisk } from "../src/volumes/DiskImage.ts"

const fvek = seededBytes("fvek")(64)
const bytes = seededBytes("content")(1024 * 1024)
const sectors = writeDisk(fvek, [{ name: "content", bytes }])

test("a disk of one MiB, sector by sector", async ({ bench }) => {
  await bench.compare(
    bench("plain node:crypto, one unit", () => {
      createCipheriv("aes-256-xts", fvek, new Uint8Array(16)).update(bytes)
    }),
    bench("write", () => {
      writeDisk(fvek, [{ name: "content", bytes }])
    }),
    bench("read", () => {
      readDisk(fvek, sectors)
    }),
  )
})
