import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import {
  appIds,
  type Control,
  type ControlState,
  conditionalAccessOf,
  controlOrder,
  evaluateConditionalAccess,
  type IdentityEvent,
  type Proof,
  type SignInContext,
  signInSubject,
} from "../../src/index.ts"
import { lab, userId } from "../world.ts"
import { type Asked, added, block, compliant, mfa, policy, question } from "./policies.ts"

const results = (events: readonly IdentityEvent[], rest: Asked = {}) =>
  conditionalAccessOf(signInSubject(question("bob@contoso.com", events, rest))).policies.map(
    ({ policy: it, result }) => [it.displayName, result],
  )

describe("results in the log", () => {
  it("[IDN-182] tell enforced, report-only, interrupted and not applied apart", () => {
    const report = { state: "enabledForReportingButNotEnforced" } as const
    assert.deepStrictEqual(
      results([
        added(policy("a compliant", { builtInControls: ["compliantDevice"] }, report)),
        added(policy("b mfa", { builtInControls: ["mfa"] }, report)),
        added(policy("c block", { builtInControls: ["block"] }, report)),
        added(
          policy(
            "d others",
            { builtInControls: ["block"] },
            { ...report, users: { includeUsers: [userId("alice")] } },
          ),
        ),
        added(policy("e enforced", { builtInControls: ["compliantDevice"] })),
        added(policy("f off", { builtInControls: ["block"] }, { state: "disabled" })),
        added(
          policy(
            "g others",
            { builtInControls: ["block"] },
            { users: { includeUsers: [userId("alice")] } },
          ),
        ),
      ]),
      [
        ["a compliant", "reportOnlySuccess"],
        ["b mfa", "reportOnlyInterrupted"],
        ["c block", "reportOnlyFailure"],
        ["d others", "reportOnlyNotApplied"],
        ["e enforced", "success"],
        ["f off", "notEnabled"],
        ["g others", "notApplied"],
      ],
    )
  })

  it.effect("[IDN-183] sum up to success, failure or not applied", () =>
    Effect.gen(function* () {
      const status = Effect.fnUntraced(function* (events: readonly IdentityEvent[]) {
        const it = yield* lab(events)
        return (yield* it.as("bob", "sign-in")).output[0]?.["conditionalAccessStatus"]
      })
      assert.strictEqual(yield* status([]), "notApplied")
      assert.strictEqual(yield* status([compliant()]), "success")
      assert.strictEqual(yield* status([mfa()]), "failure")
      assert.strictEqual(yield* status([compliant(), block()]), "failure")
    }),
  )
})

const isOpen = (outcome: string) => outcome === "satisfied" || outcome === "notApplied"

describe("any set of policies", () => {
  const States = Schema.Literals(["satisfied", "obtainable", "unattainable", "unknown"])
  const Policies = Schema.Array(
    Schema.Struct({
      state: Schema.Literals([
        "enabled",
        "enabled",
        "disabled",
        "enabledForReportingButNotEnforced",
      ]),
      operator: Schema.Literals(["AND", "OR"]),
      controls: Schema.Array(
        Schema.Literals([
          "block",
          "mfa",
          "mfa",
          "compliantDevice",
          "approvedApplication",
          "passwordChange",
        ]),
      ).check(Schema.isMaxLength(3)),
      users: Schema.Literals(["All", "alice", "bob", "None"]),
      platform: Schema.Literals(["any", "iOS"]),
    }),
  ).check(Schema.isMaxLength(6))
  const Proofs = Schema.Struct({
    mfa: States,
    compliantDevice: States,
    approvedApplication: States,
    passwordChange: States,
  })

  const policiesFrom = (specs: typeof Policies.Type) =>
    specs.map((spec, index) =>
      policy(
        `P${index}`,
        { operator: spec.operator, builtInControls: [...new Set(spec.controls)] },
        {
          state: spec.state,
          users: { includeUsers: [spec.users] },
          conditions:
            spec.platform === "any"
              ? {}
              : { platforms: { includePlatforms: [spec.platform], excludePlatforms: [] } },
        },
      ),
    )
  const context: SignInContext = {
    userId: "alice",
    externalUserTypes: [],
    areBaselineScopesExempt: false,
    homeTenant: "",
    groupIds: [],
    roles: [],
    appId: appIds.sharePointOnline,
    clientAppType: "browser",
    ipAddress: "203.0.113.10",
    signInRiskLevel: "none",
    userRiskLevel: "none",
    namedLocations: {},
  }
  const proofFrom = (states: typeof Proofs.Type): Proof => ({
    controls: {
      ...(Object.fromEntries(controlOrder.map((it) => [it, "satisfied"])) as Record<
        Exclude<Control, "authenticationStrength">,
        ControlState
      >),
      ...states,
    },
    strength: () => "satisfied",
  })
  const given = Arbitrary.schema(Schema.Struct({ specs: Policies, states: Proofs }))

  it.prop("[IDN-147] come to the same result in whatever order they were made", [given], ([it]) => {
    const policies = policiesFrom(it.specs)
    const proof = proofFrom(it.states)
    assert.deepStrictEqual(
      evaluateConditionalAccess(policies.toReversed(), context, proof),
      evaluateConditionalAccess(policies, context, proof),
    )
    const rotated = [...policies.slice(2), ...policies.slice(0, 2)]
    assert.deepStrictEqual(
      evaluateConditionalAccess(rotated, context, proof),
      evaluateConditionalAccess(policies, context, proof),
    )
  })

  it.prop("[IDN-147] one that blocks always wins", [given], ([it]) => {
    const blocking = policy("Z block", { builtInControls: ["block"] })
    const result = evaluateConditionalAccess(
      [...policiesFrom(it.specs), blocking],
      context,
      proofFrom(it.states),
    )
    assert.strictEqual(result.outcome, "blocked")
    assert.include(result.decidedBy, "Z block")
  })

  it.prop("[IDN-147] report-only and disabled ones change nothing", [given], ([it]) => {
    const policies = policiesFrom(it.specs)
    const proof = proofFrom(it.states)
    const { outcome, control } = evaluateConditionalAccess(policies, context, proof)
    const enforced = policies.filter(({ state }) => state === "enabled")
    const alone = evaluateConditionalAccess(enforced, context, proof)
    assert.deepStrictEqual([alone.outcome, alone.control], [outcome, control])
  })

  it.prop("[IDN-148] one more never opens what was closed", [given], ([it]) => {
    const proof = proofFrom(it.states)
    const all = policiesFrom(it.specs)
    const before = evaluateConditionalAccess(all.slice(1), context, proof).outcome
    const after = evaluateConditionalAccess(all, context, proof).outcome
    assert.isTrue(isOpen(before) || !isOpen(after), `${before} -> ${after}`)
  })

  /** A second, slow opinion: what each enforced policy wants, by the words of the documentation. */
  it.prop("[IDN-148] [IDN-149] agree with the rule read aloud", [given], ([it]) => {
    const open = it.specs.filter(
      ({ state, users, platform, controls }) =>
        state === "enabled" &&
        ["All", "alice"].includes(users) &&
        platform === "any" &&
        controls.length > 0,
    )
    const uncertain = it.specs.some(
      ({ state, users, platform }) =>
        state === "enabled" && ["All", "alice"].includes(users) && platform === "iOS",
    )
    if (uncertain || Object.values(it.states).includes("unknown")) return
    const isMet = (control: string) =>
      control === "block" ? false : it.states[control as keyof typeof it.states] === "satisfied"
    const satisfied = open.every(({ controls, operator }) =>
      controls.includes("block")
        ? false
        : operator === "AND"
          ? controls.every(isMet)
          : controls.some(isMet),
    )
    const { outcome } = evaluateConditionalAccess(
      policiesFrom(it.specs),
      context,
      proofFrom(it.states),
    )
    assert.strictEqual(isOpen(outcome), satisfied)
  })
})
