import { assert, describe, it } from "@effect/vitest"
import { KeyVault } from "@twin/crypto"
import { Effect } from "effect"
import {
  cbcSupport,
  cipherOf,
  openContent,
  protectContent,
  protectionOf,
  republishContent,
  supportsCbc,
} from "../../src/index.ts"
import { fault } from "../asking.ts"
import { makeStage, type Stage } from "../makeStage.ts"
import { start } from "../world.ts"

/** The same block over and over: a cipher without chaining shows it. */
const repeating = new Uint8Array(4096)

/** Whether any block of sixteen bytes stands in the bytes more than a few times. */
const repeats = (bytes: Uint8Array): boolean => {
  const hex = Buffer.from(bytes).toString("hex")
  for (let shift = 0; shift < 32; shift += 2) {
    const seen = new Map<string, number>()
    for (let at = shift; at + 32 <= hex.length; at += 32) {
      const block = hex.slice(at, at + 32)
      seen.set(block, (seen.get(block) ?? 0) + 1)
      if ((seen.get(block) ?? 0) > 8) return true
    }
  }
  return false
}

const at2022 = Date.UTC(2022, 4, 1)
const stageAt = (moment: number) =>
  Effect.map(makeStage(), (stage) => {
    stage.wait(moment - start)
    return stage
  })
const protect = (stage: Stage, name: string, form: "document" | "mail" = "document") =>
  Effect.map(
    stage.run("alice@contoso.com", (call) =>
      protectContent(call, {
        content: repeating,
        form,
        name,
        label: "Confidential",
        ...(form === "mail" ? { recipients: ["bob@contoso.com"] } : {}),
      }),
    ),
    ({ bytes = new Uint8Array(), contentId = "" }) => ({ bytes, contentId }),
  )

describe("the cipher of content", () => {
  it.effect(
    "[MIP-019] [MIP-021] Office files and mail had no chaining before the end of 2023",
    () =>
      Effect.gen(function* () {
        const before = yield* stageAt(at2022)
        const after = yield* stageAt(start)
        assert.isTrue(repeats((yield* protect(before, "a.docx")).bytes))
        assert.isTrue(repeats((yield* protect(before, "mail", "mail")).bytes))
        assert.isFalse(repeats((yield* protect(after, "a.docx")).bytes))
        assert.isFalse(repeats((yield* protect(after, "mail", "mail")).bytes))
      }),
  )

  it.effect("[MIP-020] PDF, generic and natively protected files always had it", () =>
    Effect.gen(function* () {
      const stage = yield* stageAt(at2022)
      for (const name of ["a.pdf", "a.zip", "a.txt", "a.jpg"]) {
        const wish = stage.run({ ...reader, id: "alice@contoso.com" }, (call) =>
          protectContent(call, {
            content: repeating,
            form: "document",
            name,
            label: "Confidential",
          }),
        )
        const { bytes, decision } = yield* wish
        assert.strictEqual(decision.outcome, "allow", name)
        assert.isFalse(repeats(bytes ?? repeating), name)
      }
    }),
  )

  it.effect("[MIP-021] [MIP-030] an old file stays as it is, and changes when it is saved", () =>
    Effect.gen(function* () {
      const stage = yield* stageAt(at2022)
      const { bytes, contentId } = yield* protect(stage, "a.docx")
      stage.wait(start - at2022)
      const opened = yield* stage.run("bob@contoso.com", (call) => openContent(call, { bytes }))
      assert.deepStrictEqual(opened.plaintext, repeating)
      const protection = () => {
        const it = protectionOf(stage.world, contentId)
        assert.isDefined(it)
        return it
      }
      assert.strictEqual(cipherOf(protection()), "AES-128-ECB")
      const saved = yield* stage.run("bob@contoso.com", (call) =>
        Effect.map(republishContent(call, { contentId, plaintext: repeating }), (it) => ({
          bytes: it?.bytes ?? new Uint8Array(),
          events: it?.events ?? [],
        })),
      )
      assert.isFalse(repeats(saved.bytes))
      assert.strictEqual(cipherOf(protection()), "AES-256-CBC")
      const again = yield* stage.run("bob@contoso.com", (call) =>
        openContent(call, { bytes: saved.bytes, contentId, isFreshDevice: true }),
      )
      assert.deepStrictEqual(again.plaintext, repeating)
      assert.strictEqual(protection().issuer, "alice@contoso.com")
    }),
  )

  it.effect(
    "[MIP-030] an edit keeps the key: the licences of others open the new version offline",
    () =>
      Effect.gen(function* () {
        const stage = yield* stageAt(start)
        const { bytes, contentId } = yield* protect(stage, "a.docx")
        const open = (who: string, these: Uint8Array) =>
          stage.run(who, (call) => openContent(call, { bytes: these, contentId }))
        const carol = yield* open("carol@contoso.com", bytes)
        assert.deepStrictEqual(carol.plaintext, repeating)
        const { useLicence } = yield* open("bob@contoso.com", bytes)
        const edited = Buffer.from("Edited by Bob")
        const save = (opened?: { bytes: Uint8Array; useLicence: typeof useLicence }) =>
          stage.run("bob@contoso.com", (call) =>
            Effect.map(
              republishContent(call, {
                contentId,
                plaintext: edited,
                ...(opened === undefined ? {} : { opened }),
              }),
              (it) => ({ bytes: it?.bytes ?? new Uint8Array(), events: it?.events ?? [] }),
            ),
          )
        const kept = yield* save({ bytes, useLicence })
        const other = yield* save()
        stage.apply(fault("rights-management-unreachable"))
        const offline = yield* open("carol@contoso.com", kept.bytes)
        assert.deepStrictEqual(offline.plaintext, Uint8Array.from(edited))
        assert.isUndefined((yield* open("carol@contoso.com", other.bytes)).plaintext, "another key")
      }),
  )

  it.effect("[MIP-022] readers from before know the old cipher only", () =>
    Effect.gen(function* () {
      const stage = yield* stageAt(at2022)
      const old = yield* protect(stage, "a.docx")
      stage.wait(start - at2022)
      const fresh = yield* protect(stage, "b.docx")
      const open = (bytes: Uint8Array, consumer: string) =>
        stage.run("bob@contoso.com", (call) =>
          openContent(call, { bytes, consumer, isFreshDevice: true }),
        )
      for (const consumer of ["MIP SDK 1.12", "Exchange Server 2023-07"]) {
        assert.isDefined((yield* open(old.bytes, consumer)).plaintext)
        const refused = yield* open(fresh.bytes, consumer)
        assert.isUndefined(refused.plaintext)
        assert.match(refused.decision.gates.at(-1)?.refusal?.message ?? "", /AESCryptoWriter/)
      }
      for (const consumer of ["MIP SDK 1.13", "MIP SDK 2.0", "Exchange Server 2023-08"]) {
        assert.isDefined((yield* open(fresh.bytes, consumer)).plaintext, consumer)
      }
    }),
  )

  it("[MIP-022] versions that read and that write it", () => {
    const rows = [
      ["MIP SDK 1.12", false, false],
      ["MIP SDK 1.13", true, false],
      ["MIP SDK 1.14", true, true],
      ["Exchange Server 2023-07", false, false],
      ["Exchange Server 2023-08", true, false],
      ["Exchange Server 2023-10", true, true],
    ] as const
    for (const [consumer, reads, writes] of rows) {
      assert.strictEqual(supportsCbc(consumer, "reads"), reads, consumer)
      assert.strictEqual(supportsCbc(consumer, "writes"), writes, consumer)
    }
    assert.isTrue(supportsCbc(undefined, "reads"))
    assert.deepStrictEqual(Object.keys(cbcSupport.reads), Object.keys(cbcSupport.writes))
  })
})

const reader = {
  id: "",
  kind: "member" as const,
  roles: [],
  client: { app: "pdf-reader" as const, device: "managed" as const, ipAddress: "203.0.113.10" },
}

describe("the keys of the service", () => {
  it.effect("[MIP-019] the tenant key is an RSA key of 2048 bits", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      yield* protect(stage, "a.docx")
      const details = yield* stage.run("alice@contoso.com", () =>
        Effect.gen(function* () {
          const vault = yield* KeyVault
          const key = yield* Effect.orDie(vault.publicKey("rms-tenant-key/microsoft-managed"))
          return { type: key.asymmetricKeyType, ...key.asymmetricKeyDetails, events: [] }
        }),
      )
      assert.strictEqual(details.type, "rsa")
      assert.strictEqual(details.modulusLength, 2048)
    }),
  )

  it.effect("[MIP-023] a person has the same key on every device", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const { bytes } = yield* protect(stage, "a.docx")
      const key = stage.run("bob@contoso.com", () =>
        Effect.gen(function* () {
          const vault = yield* KeyVault
          const it = yield* Effect.orDie(vault.publicKey("account-key/bob@contoso.com"))
          return { der: it.export({ type: "spki", format: "der" }).toString("hex"), events: [] }
        }),
      )
      yield* stage.run("bob@contoso.com", (call) => openContent(call, { bytes }))
      const first = (yield* key).der
      const elsewhere = yield* stage.run("bob@contoso.com", (call) =>
        openContent(call, { bytes, isFreshDevice: true }),
      )
      assert.isDefined(elsewhere.plaintext)
      assert.strictEqual((yield* key).der, first)
    }),
  )
})
