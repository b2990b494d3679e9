import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Effect } from "effect"
import { Command } from "effect/cli"
import { check } from "./commands/check.ts"
import { conform } from "./commands/conform.ts"
import { explain } from "./commands/explain.ts"
import { list } from "./commands/list.ts"
import { play } from "./commands/play.ts"
import { shell } from "./commands/shell.ts"
import { twin } from "./commands/twin.ts"
import { say } from "./output.ts"
import { versions } from "./versions.ts"

const command = twin.pipe(Command.withSubcommands([list, check, play, conform, explain, shell]))

/** `--debug` anywhere shows what went wrong inside; it is nobody's parameter. */
const isDebug = process.argv.includes("--debug")
const given = process.argv.slice(2).filter((argument) => argument !== "--debug")

// A reader that has seen enough (a pager, head) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error
  process.exit(0)
})

const endWith = (code: number) =>
  Effect.sync(() => {
    process.exitCode = code
  })

const program = Command.runWith(command, { version: versions()["twin"] ?? "" })(given).pipe(
  Effect.catchTag("ExitWith", ({ code }) => endWith(code)),
  Effect.catchTag("InputUnusable", (error) => Effect.andThen(say(error.message), endWith(2))),
  // The command line itself could not be understood: what and how has been printed.
  Effect.catchTag("ShowHelp", ({ errors }) => endWith(errors.length === 0 ? 0 : 2)),
  Effect.catchCause((cause) =>
    Effect.andThen(
      say(
        isDebug
          ? Cause.pretty(cause)
          : `This should not have happened: ${messageOf(cause)}. Run it again with --debug and report what it shows.`,
      ),
      endWith(2),
    ),
  ),
  Effect.provide(NodeServices.layer),
)

const messageOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  return error instanceof Error ? error.message : String(error)
}

NodeRuntime.runMain(program, { disableErrorReporting: true })
