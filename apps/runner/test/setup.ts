import { Arbitrary } from "effect"

// The nightly run leaves the seed out and multiplies the runs.
Arbitrary.configureGlobal({ check: { seed: "runner", runs: 200 } })
