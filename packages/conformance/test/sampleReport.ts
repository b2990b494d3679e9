import type { Claim } from "../src/Claim.ts"
import type { ConformanceReport, ScenarioResult } from "../src/ConformanceReport.ts"
import { makeReport } from "../src/makeReport.ts"
import type { TestEvidence } from "../src/testEvidence.ts"

const claim = (id: Claim["id"], domain: Claim["domain"], statement: string): Claim => ({
  id,
  domain,
  group: "A. Group",
  statement,
  source: "TES, S4:section",
  confidence: "documented",
})

/** Four claims: one for each state, and one proven by a test. */
export const catalogue: readonly Claim[] = [
  claim("SPO-003", "spo", "Levels admit people <script>alert(1)</script> | `code` [x](y)"),
  claim("SPO-005", "spo", "The strictest level counts"),
  claim("MIP-284", "mip", "Opening has an order"),
  claim("DCO-012", "datacenter", "Nobody has standing access\u001b[31m"),
]

const hostile = "</td><script>alert(1)</script>\u001b[2J\u202e"

/** One scenario with an expectation of each kind of result. */
export const scenario: ScenarioResult = {
  id: "sample",
  title: `A story ${hostile}`,
  file: "scenarios/sample.yaml",
  level: 200,
  durationMinutes: 10,
  sources: ["seed"],
  state: "failed",
  held: 3,
  failed: 1,
  errors: 0,
  problems: [],
  sections: [
    {
      title: "Sharing",
      steps: [
        {
          id: "share",
          kind: "do",
          title: "alice: share file",
          actor: "alice@contoso.com",
          command: `share-file  to: ${hostile}`,
          line: 12,
          at: "2026-09-01T08:00:00.000Z",
          decisions: [
            {
              operation: "share-file",
              actor: "alice@contoso.com",
              decision: {
                outcome: "deny",
                gates: [
                  {
                    name: "sharing-level",
                    verdict: "deny",
                    reason: `The level admits nobody. ${hostile}`,
                    details: { level: "Disabled" },
                    facts: ["SPO-003"],
                  },
                ],
              },
            },
          ],
          expectations: [
            {
              that: "It is refused",
              held: true,
              found: "deny by sharing-level",
              claims: ["SPO-003"],
              shaken: "counterproof",
              isVacuous: false,
            },
            {
              that: "It is open",
              held: false,
              found: hostile,
              claims: ["SPO-005"],
              shaken: "none",
              isVacuous: false,
            },
            {
              that: "Nobody shakes this",
              held: true,
              found: "as ever",
              claims: [],
              shaken: "nothing",
              isVacuous: false,
            },
            {
              that: "Held without its reason",
              held: true,
              found: "as ever",
              claims: ["MIP-284"],
              shaken: "nothing",
              isVacuous: true,
            },
          ],
        },
      ],
    },
  ],
}

export const tests: TestEvidence = {
  byClaim: new Map([
    [
      "DCO-012",
      [
        {
          kind: "test",
          where: "packages/datacenter/test/a.test.ts",
          what: "[DCO-012] x",
          passed: true,
        },
      ],
    ],
  ]),
  passed: 1,
  failed: 0,
  from: "2026-09-01T07:00:00.000Z",
}

export const result = makeReport({ seed: "1", catalogue, scenarios: [scenario], tests })

export const report: ConformanceReport = {
  ...result,
  run: {
    startedAt: "2026-09-01T08:00:00.000Z",
    durationMillis: 1234,
    host: "host",
    versions: { twin: "0.0.0", node: "26" },
    testsFrom: "2026-09-01T07:00:00.000Z",
    trend: [
      { startedAt: "2026-08-31T08:00:00.000Z", seed: "1", proven: 1, refuted: 0, unproven: 3 },
      { startedAt: "2026-09-01T08:00:00.000Z", seed: "1", ...result.summary.claims },
    ],
    changes: {
      since: "2026-08-31T08:00:00.000Z",
      claims: [{ id: "DCO-012", before: "unproven", now: "proven" }],
    },
  },
}
