import { getDate, newTimeSpan } from "./dates.ts"
import { forEachObject, groupObject, measureObject, selectObject, sortObject } from "./filtering.ts"
import {
  convertToJson,
  formatListCommand,
  formatTableCommand,
  outHost,
  outNull,
  outString,
  writeError,
  writeHost,
  writeOutput,
  writeVerbose,
  writeWarning,
} from "./printing.ts"
import type { ShellCommand } from "./ShellCommand.ts"
import { ceremonies, getCommand, getContent, getCredential, getHelp } from "./session.ts"
import { whereObject } from "./whereObject.ts"

/** The commands that the shell has of its own. */
export const shellCommands: readonly ShellCommand[] = [
  whereObject,
  selectObject,
  sortObject,
  groupObject,
  measureObject,
  forEachObject,
  formatListCommand,
  formatTableCommand,
  outNull,
  outHost,
  outString,
  writeHost,
  writeOutput,
  writeWarning,
  writeVerbose,
  writeError,
  convertToJson,
  getDate,
  newTimeSpan,
  getCredential,
  getContent,
  getCommand,
  getHelp,
  ...ceremonies,
]

/** The command of a name or alias, in any case. */
export const shellCommandNamed = (name: string): ShellCommand | undefined => {
  const wanted = name.toLowerCase()
  return shellCommands.find(
    ({ spec, aliases }) => spec.name.toLowerCase() === wanted || aliases.includes(wanted),
  )
}
