import { assert, describe, it } from "@effect/vitest"
import { days, defaultClient, hours } from "@twin/kernel"
import { Effect } from "effect"
import { evaluateSignIn, type SignInQuestion } from "../../src/index.ts"
import { lab, refusal, start, verdict } from "../world.ts"
import { added, alice, asked, compliant, guest, mfa, nina, policy, trust } from "./policies.ts"

const reason = (...events: Parameters<typeof asked>[1]) =>
  asked("alice@contoso.com", events).decision.gates.find(
    ({ name }) => name === "conditional-access-grant",
  )?.reason

describe("what policies ask for", () => {
  it("[IDN-274] a second factor is asked for, or first registered", () => {
    const bob = asked("bob@contoso.com", [mfa()])
    assert.strictEqual(verdict(bob), "challenge conditional-access-grant")
    assert.strictEqual(refusal(bob), "AADSTS50076")
    assert.strictEqual(refusal(asked("alice@contoso.com", [mfa()])), "AADSTS50072")
  })

  it.effect(
    "[IDN-274] a second factor that was given counts, one that is not registered does not",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([mfa()])
        assert.strictEqual(
          verdict(yield* it.as("bob", "sign-in", { mfa: "fido2" })),
          "deny second-factor",
        )
        assert.strictEqual(
          verdict(yield* it.as("bob", "sign-in", { mfa: "authenticatorPush" })),
          "allow",
        )
        assert.strictEqual(verdict(yield* it.as("bob", "sign-in", { app: "SharePoint" })), "allow")
        assert.strictEqual(verdict(yield* it.as("alice", "sign-in", { mfa: "fido2" })), "allow")
        assert.strictEqual(
          verdict(yield* it.as("alice", "sign-in", { mfa: "sms" })),
          "deny second-factor",
        )
      }),
  )

  it("[IDN-164] a legacy client can show neither a second factor nor a device", () => {
    const legacy = { clientAppType: "other" } as const
    assert.strictEqual(alice([mfa()], legacy), "deny conditional-access-grant")
    assert.strictEqual(alice([compliant()], legacy), "deny conditional-access-grant")
    assert.strictEqual(
      alice([mfa()], { clientAppType: "exchangeActiveSync" }),
      "deny conditional-access-grant",
    )
  })

  it("[IDN-273] a compliant device is one that is managed", () => {
    assert.strictEqual(alice([compliant()]), "allow")
    const bare = asked("alice@contoso.com", [compliant()], { using: { device: "unmanaged" } })
    assert.strictEqual(verdict(bare), "deny conditional-access-grant")
    assert.strictEqual(refusal(bare), "AADSTS53000")
  })

  it("[IDN-169] hybrid join and app protection are not recorded: where they decide, it is said", () => {
    const joined = added(policy("Joined", { builtInControls: ["domainJoinedDevice"] }))
    assert.strictEqual(alice([joined]), "unknown conditional-access-grant")
    assert.strictEqual(
      alice([joined], { using: { device: "unmanaged" } }),
      "deny conditional-access-grant",
    )
    const wrapped = added(policy("Wrapped", { builtInControls: ["compliantApplication"] }))
    assert.strictEqual(
      alice([wrapped], { using: { app: "outlook-mobile" } }),
      "unknown conditional-access-grant",
    )
    assert.strictEqual(alice([wrapped]), "deny conditional-access-grant")
    const approved = added(policy("Approved", { builtInControls: ["approvedApplication"] }))
    assert.strictEqual(alice([approved], { using: { app: "outlook-mobile" } }), "allow")
    assert.strictEqual(refusal(asked("alice@contoso.com", [approved])), "AADSTS53002")
  })

  it("[IDN-149] AND needs every control, OR the easiest of them", () => {
    const controls = { builtInControls: ["mfa", "compliantDevice"] as const }
    const all = added(policy("All", { ...controls, operator: "AND" }))
    const any = added(policy("Any", { ...controls, operator: "OR" }))
    assert.strictEqual(alice([any]), "allow")
    assert.strictEqual(alice([all]), "challenge conditional-access-grant")
    const unmanaged = { using: { device: "unmanaged" } } as const
    assert.strictEqual(alice([any], unmanaged), "challenge conditional-access-grant")
  })

  it("[IDN-149] of two that cannot be met at once, OR prefers the one nobody has recorded", () => {
    const any = added(
      policy("Any", {
        builtInControls: ["domainJoinedDevice", "approvedApplication"],
        operator: "OR",
      }),
    )
    assert.strictEqual(alice([any]), "unknown conditional-access-grant")
    assert.strictEqual(alice([any], { using: { app: "outlook-mobile" } }), "allow")
  })

  it("[IDN-145] a condition that is not recorded decides nothing where the control is met anyway", () => {
    const phones = { platforms: { includePlatforms: ["iOS"], excludePlatforms: [] } }
    assert.strictEqual(alice([compliant({ conditions: phones })]), "allow")
    assert.strictEqual(
      alice([compliant({ conditions: phones })], { using: { device: "unmanaged" } }),
      "unknown conditional-access-block",
    )
  })

  it("[IDN-151] says whether a policy was satisfied or none applied", () => {
    assert.include(reason() ?? "", "No Conditional Access policy applies")
    assert.include(reason(compliant()) ?? "", "is satisfied")
  })

  it("[IDN-148] missing controls are asked for in the documented order", () => {
    const terms = added(policy("Terms", { termsOfUse: ["Partners"] }))
    const unmanaged = { using: { device: "unmanaged" } } as const
    const first = asked("bob@contoso.com", [terms, compliant(), mfa()], unmanaged)
    assert.strictEqual(verdict(first), "challenge conditional-access-grant")
    assert.strictEqual(first.decision.gates.at(-1)?.details["control"], "mfa")
    const second = asked("bob@contoso.com", [terms, compliant()], unmanaged)
    assert.strictEqual(second.decision.gates.at(-1)?.details["control"], "compliantDevice")
    const third = asked("bob@contoso.com", [terms])
    assert.strictEqual(third.decision.gates.at(-1)?.details["control"], "termsOfUse")
  })

  it.effect("[IDN-148] terms of use are accepted at sign-in", () =>
    Effect.gen(function* () {
      const it = yield* lab([added(policy("Terms", { termsOfUse: ["Partners"] }))])
      assert.strictEqual(
        verdict(yield* it.as("alice", "sign-in")),
        "challenge conditional-access-grant",
      )
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in", { acceptTerms: true })), "allow")
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in")), "allow")
    }),
  )

  it("[IDN-185] [IDN-186] a phishing-resistant strength: for guests only with trust in their home", () => {
    const strong = added(policy("Strong", { authenticationStrength: "Phishing-resistant MFA" }))
    assert.strictEqual(alice([strong]), "challenge conditional-access-grant")
    const untrusted = asked("nina@fabrikam.com", [nina, strong])
    assert.strictEqual(verdict(untrusted), "deny conditional-access-grant")
    const trusted = asked("nina@fabrikam.com", [nina, strong, trust({ isMfaAccepted: true })])
    assert.strictEqual(verdict(trusted), "challenge conditional-access-grant")
    const zoe = asked("zoe@outlook.com", [guest("zoe@outlook.com", "MicrosoftAccount"), strong])
    assert.strictEqual(verdict(zoe), "unknown conditional-access-grant")
    const custom = added(policy("Custom", { authenticationStrength: "Contoso strength" }))
    assert.strictEqual(alice([custom]), "unknown conditional-access-grant")
  })

  it.effect("[IDN-186] a strength takes the methods it names, and no others", () =>
    Effect.gen(function* () {
      const strong = added(policy("Strong", { authenticationStrength: "Phishing-resistant MFA" }))
      const weak = yield* lab([strong])
      const pushed = yield* weak.as("bob", "sign-in", { mfa: "authenticatorPush" })
      assert.strictEqual(verdict(pushed), "challenge conditional-access-grant")
      const keyed = yield* lab([strong])
      assert.strictEqual(verdict(yield* keyed.as("alice", "sign-in", { mfa: "fido2" })), "allow")
      const any = yield* lab([
        added(policy("Any", { authenticationStrength: "00000000-0000-0000-0000-000000000002" })),
      ])
      assert.strictEqual(
        verdict(yield* any.as("bob", "sign-in", { mfa: "authenticatorPush" })),
        "allow",
      )
    }),
  )

  it.effect(
    "[IDN-174] [IDN-175] the last sign-in must not be older than the frequency asked for",
    () =>
      Effect.gen(function* () {
        const hourly = policy("Hourly", {}, { session: { signInFrequencyHours: 4 } })
        const it = yield* lab([added(hourly)])
        yield* it.as("alice", "sign-in")
        const ask = Effect.fnUntraced(function* (rest: Partial<SignInQuestion> = {}) {
          return {
            decision: evaluateSignIn({
              world: yield* it.world,
              address: "alice@contoso.com",
              app: "My Apps",
              client: defaultClient,
              now: yield* it.simulation.now,
              ...rest,
            }),
          }
        })
        yield* it.wait(hours(4) - 1)
        assert.strictEqual(verdict(yield* ask()), "allow")
        yield* it.wait(1)
        assert.strictEqual(verdict(yield* ask()), "challenge sign-in-frequency")
        assert.strictEqual(refusal(yield* ask()), "AADSTS70043")
        assert.strictEqual(verdict(yield* it.as("alice", "sign-in")), "allow")
      }),
  )

  it.effect("[IDN-175] without a policy the window is ninety days", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.as("alice", "sign-in")
      const at = (now: number) =>
        Effect.map(it.world, (world) =>
          verdict({
            decision: evaluateSignIn({
              world,
              address: "alice@contoso.com",
              app: "My Apps",
              client: defaultClient,
              now,
            }),
          }),
        )
      assert.strictEqual(yield* at(start + days(90) - 1), "allow")
      assert.strictEqual(yield* at(start + days(90)), "challenge sign-in-frequency")
    }),
  )
})
