import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import { localDocumentOf, policySettings, protectionOf, trackedContentOf } from "../../src/index.ts"
import { setService } from "../asking.ts"
import {
  composition,
  evolveAll,
  group,
  joins,
  labels,
  people,
  publishing,
  userIdOf,
} from "../world.ts"
import { admin, call, ivan, type Sim, simulate } from "./stage.ts"

const alice = "alice@contoso.com"
const bob = "bob@contoso.com"

const protect = (sim: Sim, params: object, who = alice) =>
  call(sim, who, "protect-document", { file: "offer.docx", ...params })

const opens = (sim: Sim, who: string, more: object = {}) =>
  Effect.map(
    call(sim, who, "open-document", { file: "offer.docx", ...more }),
    ({ verdict }) => verdict,
  )

const contentOf = (sim: Sim, file = "offer.docx") =>
  Effect.map(sim.world, (world) => localDocumentOf(world, file)?.contentId ?? "none")

describe("tracking and revoking", () => {
  it.effect("[MIP-228] Office revokes only in another session than that of the protection", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const revoke = Effect.map(
        call(sim, alice, "revoke-document", { file: "offer.docx" }),
        ({ verdict }) => verdict,
      )
      yield* protect(sim, { label: "Confidential" })
      assert.strictEqual(yield* revoke, "deny by another-session")
      yield* opens(sim, bob)
      assert.strictEqual(yield* revoke, "deny by another-session", "somebody else's opening")
      yield* opens(sim, alice)
      assert.strictEqual(yield* revoke, "allow by another-session")
      yield* protect(sim, { label: "Secret" })
      assert.strictEqual(yield* revoke, "deny by another-session", "protected anew")
      const closed = yield* call(sim, alice, "close-document", { file: "offer.docx" })
      assert.strictEqual(closed.decision.outcome, "allow")
      assert.strictEqual(yield* revoke, "allow by another-session")
    }),
  )

  it.effect("[MIP-224] [MIP-225] revoking stops new licences, not those that lie on devices", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { label: "Confidential" })
      assert.strictEqual(yield* opens(sim, bob), "allow by application-enforces")
      const refused = yield* call(sim, bob, "revoke-document", { file: "offer.docx" })
      assert.strictEqual(refused.verdict, "deny by issuer-or-administrator")
      assert.strictEqual(refused.code, "NotOwner")
      yield* call(sim, alice, "close-document", { file: "offer.docx" })
      const revoked = yield* call(sim, alice, "revoke-document", { file: "offer.docx" })
      assert.strictEqual(revoked.decision.outcome, "allow")
      assert.isNotEmpty(revoked.warnings)
      assert.strictEqual(yield* opens(sim, bob), "allow by application-enforces", "licence held")
      assert.strictEqual(yield* opens(sim, "carol@contoso.com"), "deny by revocation")
      assert.strictEqual(yield* opens(sim, alice), "allow by application-enforces", "the issuer")
      yield* sim.advance(days(30))
      assert.strictEqual(yield* opens(sim, bob), "deny by revocation")
    }),
  )

  it.effect(
    "[MIP-224] [MIP-226] an administrator revokes and gives back by cmdlet, naming the issuer",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        yield* protect(sim, { label: "Confidential" })
        const ContentId = yield* contentOf(sim)
        yield* call(sim, ivan, "Connect-AipService")
        const run = (name: string, params: object) =>
          Effect.map(call(sim, ivan, name, { ContentId, ...params }), ({ verdict }) => verdict)
        assert.strictEqual(
          yield* run("Set-AipServiceDocumentRevoked", { IssuerName: bob }),
          "deny by issuer-named",
        )
        assert.strictEqual(
          yield* run("Set-AipServiceDocumentRevoked", { IssuerName: alice }),
          "allow by another-session",
        )
        assert.strictEqual(yield* opens(sim, bob), "deny by revocation")
        const log = yield* call(sim, ivan, "Get-AipServiceDocumentLog", {
          ContentName: "offer.docx",
        })
        assert.deepInclude(log.output[0]?.["RevocationInfo"] as object, {
          Revoked: true,
          RevokedBy: "ivan@contoso.com",
        })
        yield* run("Clear-AipServiceDocumentRevoked", { IssuerName: alice })
        assert.strictEqual(yield* opens(sim, bob), "allow by application-enforces")
      }),
  )

  it.effect("[MIP-219] [MIP-220] what was never registered cannot be tracked or revoked", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { file: "offer.pdf", label: "Confidential" })
      const refused = yield* call(sim, alice, "revoke-document", { file: "offer.pdf" })
      assert.strictEqual(refused.verdict, "deny by registered")
      assert.strictEqual(refused.code, "LicenseNotRegistered")
      yield* call(sim, ivan, "Connect-AipService")
      const log = (params: object) => call(sim, ivan, "Get-AipServiceDocumentLog", params)
      assert.isEmpty((yield* log({ ContentName: "offer.pdf" })).output)
      yield* protect(sim, { label: "Confidential" })
      assert.strictEqual((yield* log({ ContentName: "offer.docx" })).output.length, 1)
      assert.strictEqual((yield* log({ Owner: alice })).output.length, 1)
      assert.isEmpty((yield* log({ ContentName: "offer" })).output, "the full name")
      assert.strictEqual((yield* log({})).verdict, "deny by search-criterion")
    }),
  )

  it.effect("[MIP-220] a document that was not registered is, when Office opens it next", () =>
    Effect.gen(function* () {
      const sim = yield* simulate([setService({ documentTracking: "Disabled" })])
      yield* protect(sim, { label: "Confidential" })
      const id = yield* contentOf(sim)
      assert.isUndefined(trackedContentOf(yield* sim.world, id))
      yield* call(sim, ivan, "Connect-AipService")
      yield* call(sim, ivan, "Enable-AipServiceDocumentTrackingFeature")
      yield* call(sim, bob, "open-document", { file: "offer.docx" })
      assert.strictEqual(trackedContentOf(yield* sim.world, id)?.contentName, "offer.docx")
    }),
  )

  it.effect(
    "[MIP-221] [MIP-222] the log shows requests for licences, granted or not, no re-opens",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        yield* protect(sim, { to: [bob] })
        yield* opens(sim, bob)
        yield* opens(sim, bob)
        yield* opens(sim, "dave@contoso.com")
        yield* opens(sim, "gus@gmail.com")
        const log = yield* call(sim, alice, "track-document", { file: "offer.docx" })
        assert.deepStrictEqual(
          log.output.map(({ RequesterEmail, Successful, Error }) => [
            RequesterEmail,
            Successful,
            Error,
          ]),
          [
            [bob, true, null],
            ["dave@contoso.com", false, "NoPermissionsError"],
          ],
          "an account that the software cannot sign in never reaches the service",
        )
        yield* sim.advance(days(30))
        yield* opens(sim, bob)
        const later = yield* call(sim, alice, "track-document", { file: "offer.docx" })
        assert.strictEqual(later.output.length, 3)
        assert.strictEqual(
          (yield* call(sim, bob, "track-document", { file: "offer.docx" })).verdict,
          "deny by issuer-or-administrator",
        )
      }),
  )

  it.effect("[MIP-227] a copy with another protection is another content", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { label: "Confidential" })
      const before = yield* contentOf(sim)
      yield* call(sim, alice, "relabel-document", { file: "offer.docx", label: "Secret" })
      assert.notStrictEqual(yield* contentOf(sim), before)
      yield* call(sim, alice, "revoke-document", { file: before })
      assert.strictEqual(
        yield* opens(sim, alice),
        "allow by application-enforces",
        "the copy is untouched",
      )
      assert.isDefined(protectionOf(yield* sim.world, before)?.revokedAt)
      assert.isUndefined(protectionOf(yield* sim.world, yield* contentOf(sim))?.revokedAt)
    }),
  )

  it.effect(
    "[MIP-229] a label policy can hide revocation from people, not from administrators",
    () =>
      Effect.gen(function* () {
        const world = evolveAll(composition.initial, [
          ...people,
          ...publishing(labels, { [policySettings.enableRevoke]: "False" }),
        ])
        const sim = yield* simulate([], world)
        yield* protect(sim, { label: "Confidential" })
        assert.strictEqual(
          (yield* call(sim, alice, "revoke-document", { file: "offer.docx" })).verdict,
          "deny by revoke-menu",
        )
        const global = admin("ivan", "Global Administrator")
        assert.strictEqual(
          (yield* call(sim, global, "revoke-document", { file: "offer.docx" })).decision.outcome,
          "allow",
        )
      }),
  )

  it.effect("[MIP-230] without the feature nothing is registered, logged or revoked", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* protect(sim, { label: "Confidential" })
      yield* call(sim, ivan, "Connect-AipService")
      yield* call(sim, ivan, "Disable-AipServiceDocumentTrackingFeature")
      yield* opens(sim, bob)
      assert.strictEqual(
        (yield* call(sim, alice, "revoke-document", { file: "offer.docx" })).verdict,
        "deny by document-tracking",
      )
      yield* call(sim, ivan, "Enable-AipServiceDocumentTrackingFeature")
      const log = yield* call(sim, alice, "track-document", { file: "offer.docx" })
      assert.isEmpty(log.output)
    }),
  )

  it.effect(
    "[MIP-230] whoever is in the group is hidden from owners, not from administrators",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate([group("Quiet"), joins("Quiet", userIdOf("bob"))])
        yield* protect(sim, { label: "Confidential" })
        yield* call(sim, ivan, "Connect-AipService")
        yield* call(sim, ivan, "Set-AipServiceDoNotTrackUserGroup", {
          SecurityGroupEmailAddress: "quiet@contoso.com",
        })
        yield* opens(sim, bob)
        const seen = (who: Parameters<typeof call>[1]) =>
          Effect.map(
            call(sim, who, "track-document", { file: "offer.docx" }),
            ({ output }) => output.length,
          )
        assert.strictEqual(yield* seen(alice), 0)
        assert.strictEqual(yield* seen(ivan), 1)
      }),
  )
})
