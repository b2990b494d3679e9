import { assert, describe, it } from "@effect/vitest"
import { BlobStore } from "@twin/crypto"
import { days, decidingGate } from "@twin/kernel"
import { Effect } from "effect"
import {
  type CustomProtection,
  openContent,
  openForService,
  type ProtectContentRequest,
  protectContent,
  type UsageRight,
  userDefined,
} from "../../src/index.ts"
import { fault } from "../asking.ts"
import { makeStage, type Stage } from "../makeStage.ts"
import { baseline, plaintext, text } from "../world.ts"

const protect = (
  stage: Stage,
  more: Partial<ProtectContentRequest> = {},
  who = "alice@contoso.com",
) =>
  stage
    .run(who, (call) =>
      protectContent(call, { content: plaintext, form: "document", name: "offer.docx", ...more }),
    )
    .pipe(
      Effect.map((made) => ({
        ...made,
        bytes: made.bytes ?? new Uint8Array(),
        contentId: made.contentId ?? "none",
      })),
    )

const grant = (who: string, ...rights: UsageRight[]): CustomProtection =>
  userDefined([{ who, rights }])

const open = (
  stage: Stage,
  bytes: Uint8Array,
  who: string,
  more: Partial<Parameters<typeof openContent>[1]> = {},
) => stage.run(who, (call) => openContent(call, { bytes, ...more }))

describe("services", () => {
  it.effect("[MIP-204] the organisation's services read without any person's rights", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage(baseline)
      const made = yield* protect(stage, { label: "Confidential" })
      const read = stage.run("alice@contoso.com", (call) =>
        openForService(call, {
          bytes: made.bytes,
          contentId: made.contentId,
          service: "SharePoint",
        }),
      )
      assert.strictEqual(text((yield* read).plaintext), text(plaintext))
      stage.apply(fault("tenant-key-unreachable"))
      const refused = yield* read
      assert.strictEqual(decidingGate(refused.decision).name, "tenant-key")
      assert.isUndefined(refused.plaintext)
    }),
  )
})

describe("storage", () => {
  it.effect("[MIP-028] the licence on the device is a blob that opens for its person only", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { custom: grant("contoso.com", "VIEW") })
      yield* open(stage, made.bytes, "bob@contoso.com")
      const copied = yield* stage.run("dave@contoso.com", () =>
        Effect.gen(function* () {
          const blobs = yield* BlobStore
          const bobs = yield* blobs
            .get(`use-licence/${made.contentId}/bob@contoso.com`)
            .pipe(Effect.orDie)
          yield* blobs.put(`use-licence/${made.contentId}/dave@contoso.com`, bobs)
          return { events: [] }
        }),
      )
      assert.isEmpty(copied.events)
      stage.apply(
        {
          _tag: "IdentityCertified",
          certificate: {
            address: "dave@contoso.com",
            issuedAt: stage.now,
            expiresAt: stage.now + days(31),
          },
        },
        {
          _tag: "UseLicenceIssued",
          licence: {
            contentId: made.contentId,
            address: "dave@contoso.com",
            rights: ["VIEW"],
            issuedAt: stage.now,
            validUntil: stage.now + days(30),
            blobId: `use-licence/${made.contentId}/dave@contoso.com`,
          },
        },
        fault("rights-management-unreachable"),
      )
      const stolen = yield* open(stage, made.bytes, "dave@contoso.com")
      assert.isUndefined(stolen.plaintext)
      assert.strictEqual(stolen.decision.outcome, "deny")
    }),
  )
})
