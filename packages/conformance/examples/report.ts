import { type Claim, makeReport, verdictOf } from "@twin/conformance"

const claim = (id: Claim["id"], statement: string): Claim => ({
  id,
  domain: "spo",
  group: "Sharing",
  statement,
  source: "my own",
  confidence: "documented",
})

const report = makeReport({
  seed: "1",
  catalogue: [
    claim("SPO-003", "The sharing level of the tenant admits kinds of people."),
    claim("SPO-005", "The strictest of tenant and site counts."),
  ],
  scenarios: [],
  tests: {
    byClaim: new Map([
      ["SPO-003", [{ kind: "test", where: "a.test.ts", what: "[SPO-003] admits", passed: true }]],
    ]),
    passed: 1,
    failed: 0,
  },
})

for (const { id, state } of report.claims) console.log(`${id} ${state}`)
console.log(verdictOf(report))
