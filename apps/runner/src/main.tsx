import { isMainThread } from "node:worker_threads"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Effect, Layer } from "effect"
import { CliConfig, CliOutput, Command, GlobalFlag } from "effect/cli"
import { presenter } from "./cliOutput.ts"
import { twin } from "./commands/twin.ts"
import { lazily } from "./lazily.ts"
import { say } from "./output.ts"
import { versions } from "./versions.ts"

const given = process.argv.slice(2)
const isDebug = given.includes("--debug")

// A reader that has seen enough (a pager, head) is no failure; neither is a terminal that has gone.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error
    process.exit(0)
  })
}

// Effect ends what runs when one of these comes; a caller wants to know which it was.
for (const [signal, number] of [
  ["SIGINT", 2],
  ["SIGTERM", 15],
] as const) {
  process.once(signal, () => {
    process.exitCode = 128 + number
  })
}

const endWith = (code: number) =>
  Effect.sync(() => {
    process.exitCode = code
  })

const messageOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  return error instanceof Error ? error.message : String(error)
}

const services = Layer.mergeAll(
  NodeServices.layer,
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
  CliOutput.layerPresenter(presenter),
)

const command = Command.runWith(twin, { version: versions()["twin"] ?? "" })(given).pipe(
  Effect.catchTag("ExitWith", ({ code }) => endWith(code)),
  Effect.catchTag("InputUnusable", (error) => Effect.andThen(say(error.message), endWith(2))),
  // The command line itself could not be understood: what and how has been said.
  Effect.catchTag("ShowHelp", ({ errors }) => endWith(errors.length === 0 ? 0 : 2)),
  Effect.catchCause((cause) =>
    Cause.hasInterruptsOnly(cause)
      ? Effect.interrupt
      : Effect.andThen(
          say(
            isDebug
              ? Cause.pretty(cause)
              : `This should not have happened: ${messageOf(cause)}\nRun it again with --debug and report what it shows.`,
          ),
          endWith(2),
        ),
  ),
  Effect.provide(services),
)

// The suite starts this program again in threads of their own.
const worker = lazily(
  () => import("./tasks/suiteWorker.ts"),
  ({ serveSuite }) => serveSuite(),
).pipe(Effect.provide(NodeServices.layer))

NodeRuntime.runMain(isMainThread ? command : worker, {
  disableErrorReporting: true,
  teardown: (exit, end) => end(exit._tag === "Success" ? 0 : Number(process.exitCode ?? 2)),
})
