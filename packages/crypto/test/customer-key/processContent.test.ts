import { assert, layer } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Effect } from "effect"
import { systemTasks } from "../../src/operations/processContent.ts"
import { heidi, ivan, type Twin, textOf } from "../harness.ts"
import { exchange, mail, Prepared, revoke, sharePoint, withAlice, withSites } from "./prepared.ts"

layer(Prepared.layer)("work of the service itself", (it) => {
  const work = Effect.fnUntraced(function* (twin: Twin, object: string, task: string) {
    const { decision, output, record } = yield* twin.call(ivan, "process-content", { object, task })
    const { name } = decidingGate(decision)
    return {
      verdict: decision.outcome === "allow" ? "allow" : name,
      canRead: output[0]?.["canRead"],
      audit: record?.audit ?? [],
    }
  })

  it.effect(
    "[CRY-004] [CRY-086] [CRY-129] goes on under Customer Key, also after a revocation, and is recorded then",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        for (const isRevoked of [false, true]) {
          if (isRevoked) yield* revoke(twin, exchange)
          for (const task of systemTasks) {
            const { verdict, canRead, audit } = yield* work(twin, mail, task)
            assert.deepStrictEqual([verdict, canRead], ["allow", true], task)
            assert.strictEqual(audit.length, isRevoked ? 1 : 0)
          }
        }
        const { audit } = yield* work(twin, mail, "SearchIndexing")
        const [policy] = yield* twin.allow(heidi, "Get-DataEncryptionPolicy", {})
        const alice = { Identity: "alice@contoso.com" }
        const [statistics] = yield* twin.allow(heidi, "Get-MailboxStatistics", alice)
        const world = yield* twin.world
        assert.deepInclude(audit[0], {
          RecordType: 69,
          Operation: "Fallback to Availability Key",
          OrganizationId: world.kernel.organizationId,
          ObjectId: textOf(policy, "Guid"),
          "Policy Id": textOf(policy, "Guid"),
          "Scope Key Version Id": textOf(statistics, "DataEncryptionPolicyID"),
        })
        assert.match(audit[0]?.CreationTime ?? "", /^\d{4}-\d\d-\d\dT/)
        assert.match(JSON.stringify(audit[0]?.["Request Id"]), /^"[0-9a-f-]{36}"$/)
        assert.notInclude(JSON.stringify(audit), mail, "which content was read is not told")
        assert.strictEqual((yield* work(twin, "nothing", "AntiVirus")).verdict, "stored-object")
      }),
  )

  it.effect(
    "[CRY-099] [CRY-130] [CRY-131] leaves no record in SharePoint, and finds no way in",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withSites
        assert.deepInclude(yield* work(twin, "plan.docx", "eDiscovery"), {
          verdict: "allow",
          audit: [],
        })
        yield* revoke(twin, sharePoint)
        yield* twin.advance(24 * 3_600_000)
        assert.deepInclude(yield* work(twin, "plan.docx", "eDiscovery"), {
          verdict: "root-keys",
          audit: [],
        })
      }),
  )

  it.effect("[CRY-084] asks either customer key first, as chance has it", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* withAlice
      const trace = { workload: "Exchange", container: "alice@contoso.com" }
      const first = new Set<string>()
      for (let count = 0; count < 30; count++) {
        const [asked] = yield* twin.allow(ivan, "trace-key-requests", trace)
        first.add(textOf(asked, "Key"))
      }
      assert.strictEqual(first.size, 2)
      assert.isTrue(uris.every((uri) => first.has(uri)))
    }),
  )
})
