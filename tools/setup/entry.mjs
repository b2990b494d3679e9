// Loaded before the version of Node is known, therefore written so that Node 14 still reads it.

const oldest = 20

/** @param {"start" | "test" | "bench" | "with"} command */
export function fromHere(command) {
  if (Number(process.versions.node.split(".")[0]) < oldest) {
    console.error(
      "tenant-twin needs Node.js " + oldest + " or later; this is " + process.version + ".",
    )
    console.error("Install a current Node.js and call again: the rest is set up by itself.")
    process.exitCode = 1
    return
  }
  void import("./commands.mjs")
    .then(function (commands) {
      return commands[command](process.argv.slice(2))
    })
    .catch(function (error) {
      return import("./SetupProblem.mjs").then(function (problem) {
        console.error(problem.wordsFor(error))
        return 1
      })
    })
    .then(function (code) {
      process.exitCode = code
      return code
    })
}
