import { assert, describe, it } from "@effect/vitest"
import { userOf } from "@twin/identity"
import { days, decidingGate, hours, instant } from "@twin/kernel"
import { Effect } from "effect"
import { entraPolicyCopyOf } from "../src/in-force/entraPolicyCopy.ts"
import { inTheDaysOfChoice, inTheDaysOfCodes, launch, makeLab, today, verdict } from "./world.ts"

const nina = "nina@fabrikam.com"
const oscar = "oscar@fabrikam.com"
const policy = JSON.stringify({
  B2BManagementPolicy: {
    InvitationsAllowedAndBlockedDomainsPolicy: {
      AllowedDomains: [],
      BlockedDomains: ["fabrikam.com"],
    },
  },
})

const withFile = Effect.fnUntraced(function* (start = today) {
  const lab = yield* makeLab({ start })
  yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "Plan" })
  return {
    ...lab,
    share: (to: string) =>
      lab.as("alice", "share-file", { file: "Plan.docx", to: [to], scope: "users", role: "view" }),
    block: lab.does("ivan", "New-AzureADPolicy", {
      Definition: [policy],
      DisplayName: "B2BManagementPolicy",
      Type: "B2BManagementPolicy",
      IsOrganizationDefault: true,
    }),
    unblock: lab.does("ivan", "Remove-AzureADPolicy", { Id: "B2BManagementPolicy" }),
  }
})

describe("SharePoint's copy of the Entra settings", () => {
  it.effect(
    "[IDN-077] a domain blocked in Entra: the copy of this morning still lets it pass",
    () =>
      Effect.gen(function* () {
        const lab = yield* withFile()
        yield* lab.block
        const early = yield* lab.share(nina)
        assert.strictEqual(verdict(early), "deny at domain-list")
        const copied = early.decision.gates.find(({ name }) => name === "copied-domain-list")
        assert.strictEqual(copied?.verdict, "pass")
        assert.deepInclude(copied?.details, {
          copyTakenAt: "2026-09-01T00:00:00.000Z",
          copyTakenBy: "daily-refresh",
          copyAgeHours: "8.0",
        })
        yield* lab.wait(days(1))
        const later = yield* lab.share(nina)
        assert.strictEqual(verdict(later), "deny at copied-domain-list")
        // Entra is not asked any more: the first that refuses decides (Interactions 1).
        assert.isFalse(later.decision.gates.some(({ name }) => name === "domain-list"))
        assert.isUndefined(userOf(yield* lab.world, nina))
      }),
  )

  it.effect("[IDN-077] [SPO-113] forced, the copy is new at once; false forces nothing", () =>
    Effect.gen(function* () {
      const lab = yield* withFile()
      yield* lab.block
      yield* lab.tenant({ SyncAadB2BManagementPolicy: false })
      assert.strictEqual(verdict(yield* lab.share(nina)), "deny at domain-list")
      yield* lab.tenant({ SyncAadB2BManagementPolicy: true })
      const answer = yield* lab.share(nina)
      assert.strictEqual(verdict(answer), "deny at copied-domain-list")
      assert.deepInclude(decidingGate(answer.decision).details, {
        copyTakenBy: "administrator",
        copyAgeHours: "0.0",
      })
    }),
  )

  it.effect(
    "[IDN-077] what Entra allows again stays refused by the copy, for a day at the longest",
    () =>
      Effect.gen(function* () {
        const lab = yield* withFile()
        yield* lab.block
        yield* lab.tenant({ SyncAadB2BManagementPolicy: true })
        yield* lab.unblock
        // Entra itself would invite; SharePoint does not ask it.
        yield* lab.does("ivan", "New-MgInvitation", {
          InvitedUserEmailAddress: oscar,
          InviteRedirectUrl: "https://contoso.com",
        })
        assert.strictEqual(verdict(yield* lab.share(nina)), "deny at copied-domain-list")
        // A guest who is in the directory needs no invitation.
        assert.strictEqual(verdict(yield* lab.share(oscar)), "allow")
        yield* lab.wait(hours(16))
        assert.strictEqual(verdict(yield* lab.share(nina)), "allow")
      }),
  )

  it.effect(
    "[IDN-077] who may invite is in the copy, too: it refuses before Entra's own hour is over",
    () =>
      Effect.gen(function* () {
        const lab = yield* withFile()
        yield* lab.does("ivan", "Update-MgPolicyAuthorizationPolicy", {
          AllowInvitesFrom: "none",
        })
        assert.strictEqual(verdict(yield* lab.share(nina)), "allow")
        yield* lab.tenant({ SyncAadB2BManagementPolicy: true })
        assert.strictEqual(verdict(yield* lab.share(oscar)), "deny at copied-invite-policy")
      }),
  )

  it.effect(
    "[IDN-077] [IDN-069] without the integration nobody asks the copy; a site goes to Entra itself",
    () =>
      Effect.gen(function* () {
        const lab = yield* withFile(inTheDaysOfCodes)
        yield* lab.block
        yield* lab.tenant({ SyncAadB2BManagementPolicy: true })
        assert.strictEqual(verdict(yield* lab.share(nina)), "allow")
        const site = yield* lab.as("alice", "share-site", { site: launch, to: [nina] })
        assert.strictEqual(verdict(site), "deny at domain-list")
        assert.isFalse(site.decision.gates.some(({ name }) => name.startsWith("copied-")))
      }),
  )

  it.effect(
    "[IDN-077] [IDN-081] the guest of an older link is invited by the copy's leave, too",
    () =>
      Effect.gen(function* () {
        for (const isBlocked of [false, true]) {
          const lab = yield* withFile(inTheDaysOfChoice)
          const link = (yield* lab.share(nina)).output[0]?.["link"]
          yield* lab.tenant({ EnableAzureADB2BIntegration: true })
          if (isBlocked) {
            yield* lab.block
            yield* lab.tenant({ SyncAadB2BManagementPolicy: true })
            yield* lab.unblock
          }
          yield* lab.as(nina, "open-file", { link })
          assert.strictEqual(userOf(yield* lab.world, nina) !== undefined, !isBlocked)
        }
      }),
  )

  it.effect(
    "[IDN-265] [IDN-266] guests by sharing stand in Entra's own log; what the copy refuses never got there",
    () =>
      Effect.gen(function* () {
        const lab = yield* withFile()
        yield* lab.as("alice", "share-file", {
          file: "Plan.docx",
          to: [nina, oscar],
          scope: "users",
          role: "view",
        })
        const log = Effect.gen(function* () {
          const { output } = yield* lab.does("ivan", "Get-MgAuditLogDirectoryAudit", { All: true })
          return output.filter(
            ({ ActivityDisplayName }) =>
              ActivityDisplayName === "Add user" || ActivityDisplayName === "Invite external user",
          )
        })
        const made = yield* log
        assert.strictEqual(made.length, 4)
        assert.strictEqual(new Set(made.map(({ Id }) => Id)).size, 4)
        assert.isTrue(made.every(({ Result }) => Result === "success"))
        yield* lab.block
        const refused = yield* lab.share("rita@fabrikam.com")
        assert.strictEqual(verdict(refused), "deny at domain-list")
        const [line, ...earlier] = yield* log
        assert.deepInclude(line, { ActivityDisplayName: "Invite external user", Result: "failure" })
        assert.strictEqual(earlier.length, 4)
        yield* lab.tenant({ SyncAadB2BManagementPolicy: true })
        assert.strictEqual(
          verdict(yield* lab.share("rita@fabrikam.com")),
          "deny at copied-domain-list",
        )
        assert.strictEqual((yield* log).length, 5)
      }),
  )

  it.effect("[IDN-077] a tenant made an hour ago has the copy of its first minute", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      const world = yield* lab.world
      const { organization } = world.identity
      assert.isDefined(organization)
      if (organization === undefined) return
      const createdAt = instant("2026-08-30T10:30:00Z")
      const young = {
        ...world,
        identity: { ...world.identity, organization: { ...organization, createdAt } },
      }
      assert.strictEqual(entraPolicyCopyOf(young, createdAt + hours(1)).takenAt, createdAt)
      assert.strictEqual(
        entraPolicyCopyOf(young, createdAt + hours(50)).takenAt,
        createdAt + days(2),
      )
    }),
  )
})
