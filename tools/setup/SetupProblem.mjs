/** Something that the caller can mend. Its message says what to do next; no stack is shown. */
export class SetupProblem extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message)
    this.name = "SetupProblem"
  }
}

const causes = [
  {
    sign: /ENOSPC|no space left/i,
    advice:
      "The disk is full. Free about 2 GB for the checkout and the package store, then call again.",
  },
  {
    sign: /EACCES|EPERM|EROFS|permission denied|read-only file system/i,
    advice: "A folder is not writable. Check who owns the checkout, then call again.",
  },
  {
    sign: /OUTDATED_LOCKFILE|FROZEN_LOCKFILE|lockfile is not up to date/i,
    advice:
      "pnpm-lock.yaml does not match the package.json files. Run: npm run with -- pnpm install, and commit the lockfile.",
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|dns error|error sending request|tunneling socket|fetch failed/i,
    advice:
      "The npm registry did not answer. Check the network (or the proxy and registry settings of npm), then call again.",
  },
]

/**
 * Turns the output of a failed installer into one or two lines.
 * @param {string} doing what failed, in words
 * @param {string} output everything the installer said
 * @param {string} log where the whole output was kept
 */
export const explain = (doing, output, log) => {
  const known = causes.find(({ sign }) => sign.test(output))
  const advice = known?.advice ?? lastWords(output)
  return new SetupProblem(`${doing} failed. ${advice}\nThe whole output: ${log}`)
}

/**
 * A file that cannot be written is the caller's to mend as well; anything else that is thrown is our mistake, and
 * shows where it happened.
 * @param {unknown} error
 */
export const wordsFor = (error) => {
  if (error instanceof SetupProblem) return error.message
  const known = causes.find(({ sign }) => error instanceof Error && sign.test(error.message))
  return known === undefined ? error : `${String(error)}\n${known.advice}`
}

/**
 * What the bundler has against a source, without the stack of the bundler itself.
 * @param {string} output
 * @param {string} log where the whole output was kept
 */
export const explainBuild = (output, log) => {
  const [, complaint] = /Build failed with \d+ errors?:\s*\n([\s\S]*?)\n\s+at /.exec(output) ?? []
  return new SetupProblem(
    `Building twin failed. ${complaint?.trim() ?? lastWords(output)}\nThe whole output: ${log}`,
  )
}

/** @param {string} output */
const lastWords = (output) => {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== "")
  return (
    lines.findLast((line) => /err/i.test(line)) ?? lines.at(-1) ?? "The installer said nothing."
  )
}
