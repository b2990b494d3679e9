import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { containerKey } from "../../src/at-rest/Hierarchy.ts"
import { BlobStore, keyOf, openAtRest } from "../../src/index.ts"
import { heidi, ivan, type Twin } from "../harness.ts"
import { exchange, opens, Prepared, parentOf, prepared, revoke } from "./prepared.ts"

const mailbox = "dave@contoso.com"
const secret = "Offer: 4.2 million"
const hold = (twin: Twin, place: "OnPremises" | "Cloud", objectId = "d-1") =>
  twin.allow(ivan, "hold-unencrypted-mail", { mailbox, place, objectId, text: secret })
const assign = { Identity: mailbox, DataEncryptionPolicy: "Legal mailboxes" }
const disk = (twin: Twin) =>
  twin.run(() =>
    Effect.gen(function* () {
      const blobs = yield* BlobStore
      const all = yield* Effect.forEach(yield* blobs.list(), (id) => Effect.orDie(blobs.get(id)))
      return Buffer.concat(all).toString("latin1")
    }),
  )
const isEncrypted = Effect.fnUntraced(function* (twin: Twin) {
  const { output, warnings } = yield* twin.call(heidi, "Get-MailboxStatistics", {
    Identity: mailbox,
  })
  return { is: output[0]?.["IsEncrypted"], warnings }
})

layer(Prepared.layer)("mailboxes that are not encrypted yet", (it) => {
  it.effect("[CRY-076] [CRY-006] a policy of before the migration encrypts during the move", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      yield* hold(twin, "OnPremises")
      yield* hold(twin, "OnPremises", "d-2")
      // Customer Key protects nothing on premises.
      yield* twin.allow(heidi, "Set-MailUser", assign)
      assert.include(yield* disk(twin), secret)
      assert.strictEqual((yield* isEncrypted(twin)).is, false)
      const move = { Identity: mailbox, Remote: true, RemoteHostName: "mail.contoso.com" }
      yield* twin.allow(heidi, "New-MoveRequest", move)
      assert.notInclude(yield* disk(twin), secret)
      assert.strictEqual((yield* isEncrypted(twin)).is, true)
      // At once under the policy: no other key was ever above it.
      const records = JSON.stringify(yield* twin.records)
      assert.notInclude(records, secret)
      assert.match((yield* parentOf(twin, mailbox)) ?? "", /^dep-key\/(?!microsoft)/)
      const key = keyOf(yield* twin.world, containerKey("Exchange", mailbox))
      assert.strictEqual(key?.wrappedBy.length, 1)
      const now = yield* twin.now
      for (const objectId of ["d-1", "d-2"]) {
        const opened = yield* twin.run((world) =>
          Effect.orDie(openAtRest(world, objectId, { now })),
        )
        assert.strictEqual(Buffer.from(opened).toString(), secret)
      }
      yield* revoke(twin, exchange)
      assert.isFalse(yield* opens(twin, "d-1"))
    }),
  )

  it.effect("[CRY-076] without one Microsoft's keys encrypt, and a later policy wraps anew", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      yield* hold(twin, "OnPremises")
      yield* twin.allow(heidi, "New-MoveRequest", { Identity: mailbox, Remote: true })
      assert.strictEqual(yield* parentOf(twin, mailbox), "dep-key/microsoft-managed")
      yield* twin.allow(heidi, "Set-Mailbox", assign)
      assert.match((yield* parentOf(twin, mailbox)) ?? "", /^dep-key\/(?!microsoft)/)
    }),
  )

  it.effect("[CRY-076] a policy whose keys nobody reaches lets nothing in", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      yield* hold(twin, "OnPremises")
      yield* twin.allow(heidi, "Set-MailUser", assign)
      for (const vault of ["contoso-ck-a1", "contoso-ck-b1"]) {
        yield* twin.allow(ivan, "set-key-vault-condition", { vault, condition: "timeout" })
      }
      // The availability key serves the service's own moves.
      yield* twin.allow(heidi, "New-MoveRequest", { Identity: mailbox, Remote: true })
      assert.strictEqual((yield* isEncrypted(twin)).is, true)
    }),
  )

  it.effect(
    "[CRY-075] in the cloud a policy marks it for a move, and after a week Microsoft is asked",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* prepared
        yield* hold(twin, "Cloud")
        const early = yield* twin.refuse(ivan, "complete-mailbox-move", { mailbox })
        assert.strictEqual(early.name, "mailbox-move-marked")
        yield* twin.allow(heidi, "Set-Mailbox", assign)
        assert.deepStrictEqual(yield* isEncrypted(twin), { is: false, warnings: [] })
        const local = yield* twin.refuse(heidi, "New-MoveRequest", { Identity: mailbox })
        assert.strictEqual(local.refusal?.code, "CommandNotAvailable")
        const remote = yield* twin.refuse(heidi, "New-MoveRequest", {
          Identity: mailbox,
          Remote: true,
        })
        assert.strictEqual(remote.name, "move-request")
        yield* twin.advance(7 * 86_400_000)
        assert.deepStrictEqual((yield* isEncrypted(twin)).warnings, [])
        yield* twin.advance(1)
        assert.match((yield* isEncrypted(twin)).warnings[0] ?? "", /contact Microsoft/)
        yield* twin.allow(ivan, "complete-mailbox-move", { mailbox })
        assert.deepStrictEqual(yield* isEncrypted(twin), { is: true, warnings: [] })
        assert.notInclude(yield* disk(twin), secret)
        assert.isTrue(yield* opens(twin, "d-1"))
      }),
  )
})
