import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  issueUseLicence,
  openAtRest,
  openEnvelope,
  protectBytes,
  readPublishingPolicy,
  sealAtRest,
} from "../src/index.ts"
import { after, composition, withServices } from "./harness.ts"

it.effect("smoke", () =>
  Effect.gen(function* () {
    let world = composition.initial
    const plaintext = new Uint8Array(200_000).map((_, i) => i % 251)
    for (const workload of ["SharePoint", "Exchange"] as const) {
      world = after(
        world,
        yield* sealAtRest(world, { workload, container: "X", objectId: workload, plaintext }),
      )
      assert.deepStrictEqual(yield* openAtRest(world, workload), plaintext)
    }
    const policy = {
      contentId: "c1",
      owner: "a@x",
      issuedAt: 1.8e12,
      grants: [{ who: "b@x", rights: ["VIEW"] }],
    }
    const { bytes, events } = yield* protectBytes(world, { contentId: "c1", plaintext, policy })
    world = after(world, events)
    assert.deepStrictEqual(yield* readPublishingPolicy(world, bytes), policy)
    const licence = yield* issueUseLicence(world, {
      bytes,
      principal: "b@x",
      rights: ["VIEW"],
      validUntil: 1.8e12 + 9,
      now: 1.8e12,
    })
    assert.deepStrictEqual(
      yield* openEnvelope(world, { bytes, licence, principal: "B@x", now: 1.8e12 + 5 }),
      plaintext,
    )
  }).pipe(withServices()),
)
