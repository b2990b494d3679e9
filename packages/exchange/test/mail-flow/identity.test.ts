import { assert, describe, it } from "@effect/vitest"
import { appIds, type IdentityEvent, untouchedPolicy } from "@twin/identity"
import { Effect } from "effect"
import type { ExchangeWorld } from "../../src/index.ts"
import { actor, baseline, composition, fabrikamId, makeTenant } from "../tenant.ts"

const alice = actor("alice")
const nina = actor("nina@fabrikam.com")
const inPortal = actor("nina@fabrikam.com", "encrypted-message-portal")

/** Fabrikam lets nobody out to the rights management service. */
const blocking: IdentityEvent = {
  _tag: "ForeignCrossTenantAccessSet",
  tenantId: fabrikamId,
  crossTenantAccess: {
    ...untouchedPolicy,
    default: {
      ...untouchedPolicy.default,
      b2bCollaborationOutbound: {
        ...untouchedPolicy.default.b2bCollaborationOutbound,
        applications: {
          accessType: "blocked",
          targets: [{ target: appIds.rightsManagement, targetType: "application" }],
        },
      },
    },
  },
  at: 0,
}
const blockedAtHome: ExchangeWorld = composition.evolve(baseline, blocking)

describe("who signs the reader in", () => {
  const mail = { to: ["nina@fabrikam.com"], subject: "S", body: "x", protection: "encrypt-only" }

  it.effect("[EXO-075] a home organization that blocks the service blocks reading inline", () =>
    Effect.gen(function* () {
      const open = yield* makeTenant()
      const id = yield* open.send(alice, mail)
      yield* open.allow(nina, "open-message", { message: id })
      const it = yield* makeTenant({ world: blockedAtHome })
      const message = yield* it.send(alice, mail)
      const gate = yield* it.refuse(nina, "open-message", { message })
      assert.strictEqual(gate.name, "home-outbound")
      assert.include(gate.refusal?.message, "Access is blocked by your organization")
    }),
  )

  it.effect("[EXO-065] [EXO-068] a passcode in the portal asks no directory at all", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant({ world: blockedAtHome })
      const message = yield* it.send(alice, mail)
      yield* it.allow(inPortal, "sign-in-portal", { message })
      const gate = yield* it.refuse(inPortal, "open-message", { message })
      assert.strictEqual(gate.name, "home-outbound")
      yield* it.allow(inPortal, "request-portal-code", { message })
      const { code } = yield* it.lastMail("nina@fabrikam.com")
      yield* it.allow(inPortal, "enter-portal-code", { message, code })
      yield* it.allow(inPortal, "open-message", { message })
    }),
  )

  it.effect("[EXO-118] mail to an alias of an own mailbox reaches and opens for its owner", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const message = yield* it.send(alice, { ...mail, to: ["legal@contoso.com"] })
      yield* it.allow(actor("bob"), "open-message", { message })
      assert.strictEqual((yield* it.mailbox("bob@contoso.com")).length, 1)
    }),
  )

  it.effect("[EXO-040] [EXO-119] mail to a group reaches its members, who all read", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("New-TransportRule", {
        Name: "Finance only",
        SentToMemberOf: ["finance@contoso.com"],
        ApplyRightsProtectionTemplate: "Do Not Forward",
      })
      const message = yield* it.send(actor("bob"), {
        to: ["finance@contoso.com", "dave@contoso.com"],
        subject: "S",
      })
      for (const name of ["alice", "carol"]) {
        yield* it.allow(actor(name), "open-message", { message })
        yield* it.refuse(actor(name), "print-message", { message })
      }
      yield* it.allow(actor("dave"), "print-message", { message })
      yield* it.refuse(actor("erin"), "open-message", { message })
    }),
  )

  it.effect("[EXO-126] a rule that names a template which is gone still encrypts", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("New-OMEConfiguration", { Identity: "Brand" })
      yield* it.admin("New-TransportRule", {
        Name: "Brand",
        ApplyRightsProtectionTemplate: "Encrypt",
        ApplyRightsProtectionCustomizationTemplate: "Brand",
      })
      yield* it.admin("Remove-OMEConfiguration", { Identity: "Brand" })
      const message = yield* it.send(alice, { to: ["nina@fabrikam.com"], subject: "S" })
      const opened = yield* it.allow(nina, "open-message", { message })
      assert.deepInclude(opened, { route: "inline", protection: "encrypt-only" })
    }),
  )
})
