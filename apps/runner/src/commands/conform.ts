import { Option } from "effect"
import { Command, Flag } from "effect/cli"
import { lazily } from "../lazily.ts"
import { seedFlag } from "./flags.ts"

export const conform = Command.make(
  "conform",
  {
    out: Flag.String("out").pipe(
      Flag.withDescription("Folder for the reports"),
      Flag.withMetavar("folder"),
      Flag.withDefault("reports"),
    ),
    format: Flag.String("format").pipe(
      Flag.withDescription("Formats, joined by commas: json, junit, html, markdown"),
      Flag.withMetavar("formats"),
      Flag.withDefault("json,html,markdown"),
    ),
    seed: seedFlag,
    jobs: Flag.Int("jobs").pipe(
      Flag.withDescription(
        "How many scenarios are played at the same time; up to one a core if absent",
      ),
      Flag.filter(
        (jobs) => jobs >= 1,
        () => "--jobs takes a number from 1 on",
      ),
      Flag.optional,
    ),
  },
  ({ jobs, ...options }) =>
    lazily(
      () => import("../tasks/writeSuite.ts"),
      ({ runSuite }) => runSuite({ ...options, jobs: Option.getOrUndefined(jobs) }),
    ),
).pipe(
  Command.withDescription("Runs the whole suite: every scenario, every claim; writes the reports"),
  Command.withExamples([
    { command: "twin conform", description: "Reports below reports/" },
    {
      command: "twin conform --out reports/nightly --format json,junit,html,markdown",
      description: "What the nightly run does",
    },
  ]),
)
