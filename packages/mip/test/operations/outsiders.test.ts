import { assert, describe, it } from "@effect/vitest"
import { userOf } from "@twin/identity"
import { type Client, hours } from "@twin/kernel"
import { Effect } from "effect"
import type { MipWorld } from "../../src/index.ts"
import {
  actor,
  baseline,
  evolveAll,
  fabrikamId,
  group,
  groupIdOf,
  guest,
  joins,
  person,
  start,
  userIdOf,
  type WorldEvent,
} from "../world.ts"
import { call, type Sim, simulate } from "./stage.ts"

const alice = "alice@contoso.com"
const bob = "bob@contoso.com"
const nina = "nina@fabrikam.com"
const opens = "allow by application-enforces"

const open = (sim: Sim, who: string, client: Partial<Client> = {}) => {
  const by = actor(who)
  return Effect.map(
    call(sim, { ...by, client: { ...by.client, ...client } }, "open-document", {
      file: "plan.docx",
    }),
    ({ verdict }) => verdict,
  )
}

const forZoe = (sim: Sim) =>
  call(sim, alice, "protect-document", {
    file: "plan.docx",
    to: ["zoe@outlook.com"],
    level: "Viewer",
  })

/** Whether the directory knows her. */
const isGuest = (sim: Sim) =>
  Effect.map(sim.world, (world: MipWorld) => userOf(world, "zoe@outlook.com") !== undefined)

describe("people from outside", () => {
  it.effect("[MIP-178] the first open with a Microsoft account makes a guest, a little later", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* forZoe(sim)
      const web = open(sim, "zoe@outlook.com", { app: "office-web" })
      assert.strictEqual(yield* web, "deny by software-supports-identity")
      assert.strictEqual(yield* open(sim, "zoe@outlook.com"), opens)
      assert.strictEqual(yield* web, "deny by software-supports-identity", "not replicated yet")
      yield* sim.advance(hours(1))
      assert.strictEqual(yield* web, opens, "as a guest the web opens it")
      assert.isTrue(yield* isGuest(sim))
    }),
  )

  it.effect("[MIP-178] nobody becomes a guest by being refused, or twice", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* call(sim, alice, "protect-document", { file: "plan.docx", to: [bob] })
      assert.strictEqual(yield* open(sim, "zoe@outlook.com"), "deny by usage-rights")
      yield* sim.advance(hours(1))
      assert.isFalse(yield* isGuest(sim))
      const known = yield* simulate([guest("zoe@outlook.com", "MicrosoftAccount")])
      yield* forZoe(known)
      const before = JSON.stringify((yield* known.world).identity.users)
      assert.strictEqual(yield* open(known, "zoe@outlook.com"), opens)
      yield* known.advance(hours(1))
      assert.strictEqual(JSON.stringify((yield* known.world).identity.users), before)
    }),
  )

  it.effect("[MIP-182] RMS for individuals makes an unmanaged tenant for a work address", () =>
    Effect.gen(function* () {
      const una = "una@tailwind.example"
      const sim = yield* simulate([person(una, "mail-only")])
      yield* call(sim, alice, "protect-document", { file: "plan.docx", to: [una] })
      assert.strictEqual(yield* open(sim, una), "deny by software-supports-identity")
      const signedUp = yield* call(sim, una, "sign-up-for-rms")
      assert.strictEqual(signedUp.output[0]?.["signIn"], "new")
      assert.strictEqual(yield* open(sim, una), opens)
      const second = yield* call(sim, una, "sign-up-for-rms")
      assert.strictEqual(second.output[0]?.["signIn"], "ordinary")
      assert.deepStrictEqual(
        (yield* call(sim, nina, "sign-up-for-rms")).output,
        [{ signIn: "ordinary", tenantId: fabrikamId }],
        "the organization has a tenant",
      )
      assert.strictEqual(
        (yield* call(sim, bob, "sign-up-for-rms")).output[0]?.["signIn"],
        "ordinary",
      )
      for (const who of ["gus@gmail.com", "zoe@outlook.com", "nobody@nowhere.example"]) {
        assert.strictEqual(
          (yield* call(sim, who, "sign-up-for-rms")).verdict,
          "deny by work-address",
        )
      }
    }),
  )
})

describe("groups with rules", () => {
  it.effect("[MIP-041] a new guest waits for the rule and for the memory of the service", () =>
    Effect.gen(function* () {
      const dynamic = group("Vendors", {
        groupTypes: ["DynamicMembership"],
        membershipRule: 'user.userType -eq "Guest"',
        membershipRuleProcessingState: "On",
      })
      const sim = yield* simulate(
        [{ _tag: "FaultSwitched", fault: "dynamic-membership-delayed", isOn: true, at: start }],
        evolveAll(baseline, [
          dynamic,
          group("Static"),
          {
            _tag: "DynamicMembershipProcessed",
            groupId: groupIdOf("Vendors"),
            added: [],
            removed: [],
            at: start,
          },
        ]),
      )
      for (const [file, to] of [
        ["plan.docx", "vendors@contoso.com"],
        ["static.docx", "static@contoso.com"],
      ]) {
        yield* call(sim, alice, "protect-document", { file, to: [to], offlineDays: 0 })
      }
      const invited = guest(nina)
      assert.strictEqual(invited._tag, "UserCreated")
      if (invited._tag !== "UserCreated") return
      const fresh: WorldEvent = { ...invited, user: { ...invited.user, createdAt: start } }
      yield* sim.establish("a guest", [fresh, joins("Static", userIdOf(nina))])
      const opensFile = (file: string) =>
        Effect.map(
          call(sim, nina, "open-document", { file, freshDevice: true }),
          ({ verdict }) => verdict,
        )
      assert.strictEqual(yield* opensFile("static.docx"), opens, "a static group holds at once")
      assert.strictEqual(yield* opensFile("plan.docx"), "deny by usage-rights")
      yield* sim.advance(hours(22))
      assert.strictEqual(yield* opensFile("plan.docx"), "deny by usage-rights")
      yield* sim.advance(hours(2))
      assert.strictEqual(
        yield* opensFile("plan.docx"),
        "deny by usage-rights",
        "the rule has run, and the service remembers",
      )
      yield* sim.advance(hours(1))
      assert.strictEqual(yield* opensFile("plan.docx"), opens)
    }),
  )
})
