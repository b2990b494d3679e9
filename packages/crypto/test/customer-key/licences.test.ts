import { assert, layer } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Effect } from "effect"
import {
  customerKeyPlans,
  hasCustomerKeyPlan,
  LicencePlan,
  needsLicence,
  onboardingAddresses,
  RecipientType,
} from "../../src/customer-key/CustomerTenant.ts"
import { PolicyKind } from "../../src/customer-key/DataEncryptionPolicy.ts"
import { servicePrincipals } from "../../src/index.ts"
import { heidi, ivan, judy, mallory, startTwin, type Twin } from "../harness.ts"
import {
  exchange,
  liftRetention,
  mail,
  newPolicy,
  opens,
  Prepared,
  parentOf,
  prepared,
  revoke,
  withAlice,
} from "./prepared.ts"

const policy = "Legal mailboxes"
const plansOf = (twin: Twin, plans: readonly string[], user?: string) =>
  twin.call(ivan, "set-customer-key-licences", user === undefined ? { plans } : { plans, user })

const onboard = (Scenario: string, uris: readonly string[]) => ({
  Organization: "contoso.com",
  Scenario,
  Subscription1: "subscription-1",
  KeyIdentifier1: uris[0],
  Subscription2: "subscription-2",
  KeyIdentifier2: uris[1],
  OnboardingMode: "Validate",
})

layer(Prepared.layer)("licences and onboarding", (it) => {
  it.effect("[CRY-034] six plans bring Customer Key; one of them is no longer sold", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      assert.deepStrictEqual(
        LicencePlan.literals.filter((it) => hasCustomerKeyPlan([it])),
        [
          "Office 365 E5",
          "Microsoft 365 E5",
          "Microsoft 365 E5 Compliance",
          "Microsoft 365 E5 Information Protection & Governance",
          "Microsoft 365 Security and Compliance for frontline workers",
          "Office 365 Advanced Compliance",
        ],
      )
      for (const [index, plan] of LicencePlan.literals.entries()) {
        const isExisting = true
        yield* twin.allow(ivan, "set-customer-key-licences", { plans: [plan], isExisting })
        const Identity = `user${index}@contoso.com`
        const { decision } = yield* twin.call(heidi, "Set-Mailbox", {
          Identity,
          DataEncryptionPolicy: policy,
        })
        assert.strictEqual(
          decision.outcome,
          customerKeyPlans.includes(plan) ? "allow" : "deny",
          plan,
        )
      }
      const bought = yield* plansOf(twin, ["Office 365 Advanced Compliance"])
      assert.strictEqual(bought.decision.outcome, "deny")
      assert.strictEqual(decidingGate(bought.decision).name, "licence-on-sale")
      const denied = yield* twin.refuse(mallory, "set-customer-key-licences", { plans: [] })
      assert.strictEqual(denied.name, "role")
    }),
  )

  it.effect("[CRY-034] without any plan nobody is onboarded", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      yield* plansOf(twin, ["Office 365 E3"])
      const request = {
        Organization: "contoso.com",
        Scenario: "EXO",
        Subscription1: "subscription-1",
        KeyIdentifier1: uris[0],
        Subscription2: "subscription-2",
        KeyIdentifier2: uris[1],
        OnboardingMode: "Validate",
      }
      const { output, decision } = yield* twin.call(
        ivan,
        "New-CustomerKeyOnboardingRequest",
        request,
      )
      assert.strictEqual(decision.gates.at(-1)?.refusal?.code, "CustomerKey.LicenseRequired")
      assert.deepInclude(output[0], { FailedValidations: ["customer-key-licence"] })
      const offer = { kind: "Mailbox", approvers: ["judy@contoso.com"] }
      assert.strictEqual(
        (yield* twin.refuse(ivan, "submit-customer-key-offer", offer)).name,
        "customer-key-licence",
      )
    }),
  )

  it.effect(
    "[CRY-035] a person needs a licence of his own; shared, public and group mailboxes do not",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* prepared
        assert.deepStrictEqual(RecipientType.literals.filter(needsLicence), [
          "UserMailbox",
          "MailUser",
        ])
        yield* plansOf(twin, ["Office 365 E3"], "bob@contoso.com")
        const bob = { Identity: "bob@contoso.com", DataEncryptionPolicy: policy }
        const refused = yield* twin.refuse(heidi, "Set-Mailbox", bob)
        assert.strictEqual(refused.name, "mailbox-licence")
        assert.strictEqual(yield* parentOf(twin, "bob@contoso.com"), "dep-key/microsoft-managed")
        assert.strictEqual((yield* twin.refuse(heidi, "Set-MailUser", bob)).name, "mailbox-licence")
        yield* twin.allow(heidi, "Set-Mailbox", { ...bob, Type: "Shared" })
        assert.match((yield* parentOf(twin, "bob@contoso.com")) ?? "", /^dep-key\/(?!microsoft)/)
        yield* twin.allow(heidi, "Set-Mailbox", {
          Identity: "public@contoso.com",
          PublicFolder: true,
          DataEncryptionPolicy: policy,
        })
        yield* twin.allow(heidi, "New-UnifiedGroup", {
          DisplayName: "Launch",
          PrimarySmtpAddress: "launch@contoso.com",
          DataEncryptionPolicy: policy,
        })
        yield* twin.allow(heidi, "Set-UnifiedGroup", {
          Identity: "launch@contoso.com",
          DataEncryptionPolicy: null,
        })
        // The tenant itself has to have a plan for its people.
        yield* plansOf(twin, ["Office 365 E3"])
        const group = { Identity: "launch@contoso.com", DataEncryptionPolicy: policy }
        assert.strictEqual(
          (yield* twin.refuse(heidi, "Set-UnifiedGroup", group)).name,
          "mailbox-licence",
        )
        yield* plansOf(twin, ["Microsoft 365 E5"], "alice@contoso.com")
        yield* twin.allow(heidi, "Set-UnifiedGroup", group)
      }),
  )

  it.effect("[CRY-035] losing the licence later decrypts nothing and keeps what is assigned", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      const parent = yield* parentOf(twin, "alice@contoso.com")
      yield* plansOf(twin, [])
      assert.strictEqual(yield* parentOf(twin, "alice@contoso.com"), parent)
      assert.isTrue(yield* opens(twin, mail))
      const again = { Identity: "alice@contoso.com", DataEncryptionPolicy: policy }
      assert.strictEqual((yield* twin.refuse(heidi, "Set-Mailbox", again)).name, "mailbox-licence")
      yield* revoke(twin, exchange)
      assert.isFalse(yield* opens(twin, mail))
    }),
  )

  it.effect("[CRY-071] every kind of recipient takes a policy, each with its own cmdlet", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      assert.deepStrictEqual(
        [...RecipientType.literals],
        ["UserMailbox", "MailUser", "Group", "PublicFolder", "Shared"],
      )
      const DataEncryptionPolicy = policy
      yield* twin.allow(heidi, "Set-Mailbox", { Identity: "a@contoso.com", DataEncryptionPolicy })
      yield* twin.allow(heidi, "Set-MailUser", { Identity: "b@contoso.com", DataEncryptionPolicy })
      yield* twin.allow(heidi, "Set-UnifiedGroup", {
        Identity: "c@contoso.com",
        DataEncryptionPolicy,
      })
      yield* twin.allow(heidi, "Set-Mailbox", {
        Identity: "d@contoso.com",
        Type: "Shared",
        DataEncryptionPolicy,
      })
      const [shown] = yield* twin.allow(heidi, "Get-MailboxStatistics", {
        Identity: "c@contoso.com",
      })
      assert.strictEqual(shown?.["AssignedDirectly"], true)
      for (const cmdlet of ["Set-Mailbox", "Set-MailUser", "Set-UnifiedGroup"]) {
        const none = { Identity: "x@contoso.com", DataEncryptionPolicy: "None such" }
        assert.strictEqual((yield* twin.refuse(heidi, cmdlet, none)).name, "data-encryption-policy")
        assert.strictEqual((yield* twin.refuse(mallory, cmdlet, none)).name, "role")
      }
    }),
  )

  it.effect(
    "[CRY-050] [CRY-047] the legacy way: an offer for each kind, then mail to its own team",
    () =>
      Effect.gen(function* () {
        const { twin, uris } = yield* prepared
        assert.deepStrictEqual(onboardingAddresses, {
          Mailbox: "exock@microsoft.com",
          SharePointGeo: "spock@microsoft.com",
          MultiWorkload: "m365-ck@service.microsoft.com",
        })
        const fresh = yield* startTwin("legacy")
        for (const kind of PolicyKind.literals) {
          const request = { kind, to: onboardingAddresses[kind], keys: uris }
          const first = yield* fresh.refuse(ivan, "mail-onboarding-request", request)
          assert.strictEqual(first.name, "customer-key-offer")
          const offer = { kind, approvers: ["judy@contoso.com"] }
          yield* fresh.allow(ivan, "submit-customer-key-offer", offer)
          const wrong = {
            ...request,
            to: kind === "Mailbox" ? "spock@microsoft.com" : "exock@microsoft.com",
          }
          assert.strictEqual(
            (yield* fresh.refuse(ivan, "mail-onboarding-request", wrong)).name,
            "onboarding-address",
          )
          const unknown = yield* fresh.refuse(ivan, "mail-onboarding-request", request)
          assert.strictEqual(unknown.name, "root-keys-found")
          yield* twin.allow(ivan, "submit-customer-key-offer", offer)
          yield* twin.allow(ivan, "mail-onboarding-request", request)
        }
      }),
  )

  it.effect(
    "[CRY-047] the legacy way asks every kind for mandatory retention, the new one not",
    () =>
      Effect.gen(function* () {
        const { twin, uris } = yield* prepared
        yield* liftRetention(twin)
        for (const kind of PolicyKind.literals) {
          const offer = { kind, approvers: ["judy@contoso.com"] }
          yield* twin.allow(ivan, "submit-customer-key-offer", offer)
          const request = { kind, to: onboardingAddresses[kind], keys: uris }
          const refused = yield* twin.refuse(ivan, "mail-onboarding-request", request)
          assert.strictEqual(refused.name, "recovery-level", kind)
        }
        for (const Scenario of ["EXO", "MDEP"]) {
          yield* twin.allow(ivan, "New-CustomerKeyOnboardingRequest", onboard(Scenario, uris))
        }
      }),
  )

  it.effect("[CRY-051] [CRY-042] each scenario is validated for its own service", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const ask = (Scenario: string) =>
        Effect.map(
          twin.call(ivan, "New-CustomerKeyOnboardingRequest", onboard(Scenario, uris)),
          ({ output }) => output[0]?.["FailedValidations"],
        )
      yield* revoke(twin, servicePrincipals.M365DataAtRestEncryption, 1)
      assert.deepStrictEqual(yield* ask("MDEP"), ["root-key-permissions"])
      assert.deepStrictEqual(yield* ask("EXO"), [])
      yield* revoke(twin, exchange)
      assert.deepStrictEqual(yield* ask("EXO"), ["root-key-permissions"])
      // SharePoint goes another way.
      const spo = onboard("SPO", uris)
      const error = yield* Effect.flip(twin.call(ivan, "New-CustomerKeyOnboardingRequest", spo))
      assert.strictEqual(error._tag, "ParametersInvalid")
    }),
  )

  it.effect("[CRY-050] [CRY-122] whom the offer named signs, and nobody else", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      const kind = "Mailbox"
      yield* twin.allow(ivan, "submit-customer-key-offer", {
        kind,
        approvers: ["Ivan@contoso.com"],
      })
      yield* revoke(twin, exchange)
      yield* twin.allow(heidi, "Set-DataEncryptionPolicy", {
        Identity: policy,
        PermanentDataPurgeRequested: true,
        PermanentDataPurgeReason: "leaving",
        PermanentDataPurgeContact: "heidi",
      })
      yield* twin.allow(heidi, "open-purge-ticket", { policy })
      assert.strictEqual(
        (yield* twin.refuse(judy, "sign-data-purge", { policy })).name,
        "purge-approver",
      )
      yield* twin.allow(ivan, "sign-data-purge", { policy })
    }),
  )

  it.effect("[CRY-052] SharePoint, too, comes after its onboarding", () =>
    Effect.gen(function* () {
      const { uris } = yield* prepared
      const fresh = yield* startTwin("no onboarding")
      const keys = { PrimaryKeyVaultUri: uris[0], SecondaryKeyVaultUri: uris[1] }
      const refused = yield* fresh.refuse(ivan, "Register-SPODataEncryptionPolicy", keys)
      assert.strictEqual(refused.name, "customer-key-onboarding")
      const m365 = yield* fresh.refuse(judy, "New-M365DataAtRestEncryptionPolicy", newPolicy(uris))
      assert.strictEqual(m365.name, "customer-key-onboarding")
    }),
  )
})
