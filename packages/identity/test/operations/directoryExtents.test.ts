import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { directoryLimits, type IdentityEvent, isOwnDomain, userOf } from "../../src/index.ts"
import { invited, type Lab, lab, refusal, start, verdict } from "../world.ts"

const created = (it: Lab, name: string) => it.as("ivan", "New-MgDomain", { Id: name })

const recordOf = Effect.fnUntraced(function* (it: Lab, name: string) {
  const { output } = yield* it.as("ivan", "Get-MgDomainVerificationDnsRecord", { DomainId: name })
  const text = output[0]?.["Text"]
  return typeof text === "string" ? text : ""
})

const domainsAdded = (count: number): readonly IdentityEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    _tag: "DomainAdded",
    domain: { name: `d${index}.example`, verificationText: `MS=ms${index}`, addedAt: start },
  }))

describe("domains of the tenant", () => {
  it.effect("[IDN-280] a domain is added, proves itself by its record, and takes addresses", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const answer = yield* created(it, "Contoso.EU")
      assert.deepInclude(answer.output[0], { Id: "contoso.eu", IsVerified: false })
      const asked = { DomainId: "contoso.eu" }
      const early = yield* it.as("ivan", "Confirm-MgDomain", asked)
      assert.strictEqual(verdict(early), "deny domain-record")
      const record = yield* recordOf(it, "contoso.eu")
      assert.match(record, /^MS=ms\d{8}$/)
      yield* it.as("ivan", "publish-dns-text", { domain: "contoso.eu", text: record })
      const confirmed = yield* it.as("ivan", "Confirm-MgDomain", asked)
      assert.strictEqual(verdict(confirmed), "allow")
      assert.isTrue(isOwnDomain(yield* it.world, "contoso.eu"))
      const user = yield* it.as("ivan", "New-MgUser", {
        DisplayName: "Eve",
        UserPrincipalName: "eve@contoso.eu",
        MailNickname: "eve",
        AccountEnabled: true,
        PasswordProfile: { Password: "first" },
      })
      assert.strictEqual(verdict(user), "allow")
      const { output } = yield* it.as("ivan", "Get-MgDomain")
      assert.deepStrictEqual(
        output.map(({ Id, IsVerified }) => [Id, IsVerified]),
        [
          ["contoso.com", true],
          ["contoso.eu", true],
          ["contoso.onmicrosoft.com", true],
        ],
      )
    }),
  )

  it.effect("[IDN-280] nothing is proven by another text, nor for a domain of somebody else", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* created(it, "contoso.eu")
      yield* it.as("ivan", "publish-dns-text", { domain: "contoso.eu", text: "MS=ms00000000" })
      const wrong = yield* it.as("ivan", "Confirm-MgDomain", { DomainId: "contoso.eu" })
      assert.strictEqual(verdict(wrong), "deny domain-record")
      yield* created(it, "fabrikam.com")
      const text = yield* recordOf(it, "fabrikam.com")
      assert.strictEqual(
        verdict(yield* it.as("ivan", "publish-dns-text", { domain: "fabrikam.com", text })),
        "deny own-matter",
      )
      yield* it.as("nina@fabrikam.com", "publish-dns-text", { domain: "fabrikam.com", text })
      const other = yield* it.as("ivan", "Confirm-MgDomain", { DomainId: "fabrikam.com" })
      assert.strictEqual(verdict(other), "deny domain-owner")
      yield* created(it, "mailbox.example")
      assert.strictEqual(
        verdict(yield* it.as("ivan", "publish-dns-text", { domain: "mailbox.example", text: "x" })),
        "deny own-matter",
      )
    }),
  )

  it.effect("[IDN-280] below a verified domain no record is asked for", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const answer = yield* created(it, "lab.contoso.com")
      assert.deepInclude(answer.output[0], { IsVerified: true, IsRoot: false })
      assert.isTrue(isOwnDomain(yield* it.world, "lab.contoso.com"))
    }),
  )

  it.effect("[IDN-280] what is not well formed, there already or not there is refused", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const added = (name: string) => Effect.map(created(it, name), verdict)
      for (const odd of ["contoso", "a b.com", "-a.com", "contoso.c", "a@b.com"]) {
        assert.strictEqual(yield* added(odd), "deny domain-name")
      }
      assert.strictEqual(yield* added("contoso.com"), "deny domain-new")
      yield* created(it, "contoso.eu")
      assert.strictEqual(yield* added("contoso.eu"), "deny domain-new")
      const confirm = (DomainId: string) =>
        Effect.map(it.as("ivan", "Confirm-MgDomain", { DomainId }), verdict)
      assert.strictEqual(yield* confirm("none.example"), "deny domain-known")
      assert.strictEqual(yield* confirm("contoso.com"), "deny domain-unverified")
      assert.strictEqual(
        verdict(yield* it.as("ivan", "Get-MgDomain", { DomainId: "none.example" })),
        "deny object-found",
      )
      assert.strictEqual(
        verdict(yield* it.as("alice", "New-MgDomain", { Id: "a.eu" })),
        "deny role",
      )
    }),
  )

  it.effect("[IDN-280] a domain goes when nobody uses it, the first one never", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const removed = (DomainId: string) =>
        Effect.map(it.as("ivan", "Remove-MgDomain", { DomainId }), verdict)
      assert.strictEqual(yield* removed("contoso.com"), "deny domain-removable")
      assert.strictEqual(yield* removed("contoso.onmicrosoft.com"), "deny domain-removable")
      yield* created(it, "lab.contoso.com")
      assert.strictEqual(yield* removed("lab.contoso.com"), "allow")
      assert.isFalse(isOwnDomain(yield* it.world, "lab.contoso.com"))
      assert.strictEqual(yield* removed("lab.contoso.com"), "deny domain-known")
    }),
  )

  it.effect("[IDN-280] 5,000 domains are the most, verified or not", () =>
    Effect.gen(function* () {
      const { limit } = directoryLimits.managedDomains
      const it = yield* lab(domainsAdded(limit - 3))
      assert.strictEqual(verdict(yield* created(it, "last.example")), "allow")
      const beyond = yield* created(it, "beyond.example")
      assert.strictEqual(verdict(beyond), "deny domain-limit")
      assert.strictEqual(refusal(beyond), "Directory_QuotaExceeded")
      yield* it.as("ivan", "Remove-MgDomain", { DomainId: "d0.example" })
      assert.strictEqual(verdict(yield* created(it, "beyond.example")), "allow")
    }),
  )
})

const terms = (it: Lab, DisplayName: string, more: object = {}) =>
  it.as("ivan", "New-MgAgreement", {
    DisplayName,
    IsViewingBeforeAcceptanceRequired: true,
    BodyParameter: {
      file: { localizations: [{ fileName: "Terms.pdf", language: "en", isDefault: true }] },
    },
    ...more,
  })

const asking = (it: Lab, id: unknown) =>
  it.as("ivan", "New-MgIdentityConditionalAccessPolicy", {
    DisplayName: "Terms for guests",
    State: "enabled",
    Conditions: {
      Users: { IncludeUsers: ["GuestsOrExternalUsers"] },
      Applications: { IncludeApplications: ["All"] },
    },
    GrantControls: { Operator: "OR", TermsOfUse: [id] },
  })

describe("terms of use", () => {
  it.effect("[IDN-280] are made, shown, changed, and kept while a policy asks for them", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const made = yield* terms(it, "Partners")
      assert.strictEqual(verdict(made), "allow")
      const AgreementId = made.output[0]?.["Id"]
      yield* it.as("ivan", "Update-MgAgreement", {
        AgreementId,
        UserReacceptRequiredFrequency: "P90D",
      })
      const { output } = yield* it.as("ivan", "Get-MgAgreement")
      assert.deepInclude(output[0], {
        DisplayName: "Partners",
        IsViewingBeforeAcceptanceRequired: true,
        UserReacceptRequiredFrequency: "P90D",
      })
      assert.strictEqual(verdict(yield* asking(it, "none")), "deny policy-terms")
      const policy = yield* asking(it, AgreementId)
      assert.strictEqual(verdict(policy), "allow")
      const remove = it.as("ivan", "Remove-MgAgreement", { AgreementId })
      assert.strictEqual(verdict(yield* remove), "deny agreement-unused")
      yield* it.as("ivan", "Remove-MgIdentityConditionalAccessPolicy", {
        ConditionalAccessPolicyId: policy.output[0]?.["Id"],
      })
      assert.strictEqual(verdict(yield* remove), "allow")
      assert.strictEqual(verdict(yield* remove), "deny agreement-known")
      assert.strictEqual(
        verdict(yield* it.as("ivan", "Get-MgAgreement", { AgreementId })),
        "deny agreement-known",
      )
    }),
  )

  it.effect("[IDN-280] need one document as the default, and somebody with the role", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const none = yield* it.as("ivan", "New-MgAgreement", { DisplayName: "Empty" })
      assert.strictEqual(verdict(none), "deny agreement-documents")
      const two = yield* terms(it, "Two", {
        Files: [{ fileName: "B.pdf", language: "de", isDefault: true }],
      })
      assert.strictEqual(verdict(two), "deny agreement-documents")
      assert.strictEqual(
        verdict(yield* it.as("alice", "New-MgAgreement", { DisplayName: "Mine" })),
        "deny role",
      )
    }),
  )

  it.effect("[IDN-280] there are forty at the most", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      for (let number = 1; number <= directoryLimits.termsOfUse.limit; number++) {
        assert.strictEqual(verdict(yield* terms(it, `Terms ${number}`)), "allow")
      }
      const beyond = yield* terms(it, "One more")
      assert.strictEqual(verdict(beyond), "deny terms-of-use-limit")
    }),
  )
})

describe("tenants of one person", () => {
  it.effect.each([
    [498, "allow"],
    [499, "deny tenants-per-user"],
  ] as const)(
    "[IDN-280] with a home and %s others the guest joins: %s",
    ([otherTenants, expected]) =>
      Effect.gen(function* () {
        const it = yield* lab()
        const address = "busy@fabrikam.com"
        yield* it.as("ivan", "add-person", {
          address,
          account: "entra",
          homeTenant: "f0000000-0000-4000-8000-000000000002",
          otherTenants,
        })
        const link = yield* invited(it, address)
        const answer = yield* it.as(address, "redeem-invitation", { link })
        assert.strictEqual(verdict(answer), expected)
        const state = userOf(yield* it.world, address)?.externalUserState
        assert.strictEqual(state, expected === "allow" ? "Accepted" : "PendingAcceptance")
      }),
  )
})
