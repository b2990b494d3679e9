import { Schema } from "effect"
import type { Software } from "./Software.ts"
import type { UsageRight } from "./UsageRight.ts"

/** Rights that have to be held together; any one of several such sets is enough. */
export type Needed = readonly (readonly UsageRight[])[]

/** One way in which somebody uses a content. */
interface ActionSpec {
  readonly summary: string
  /** What the rights in the licence have to include (MIP-052, MIP-076). */
  readonly needs: Needed
  /** Where an application asks for something else. */
  readonly elsewhere?: Readonly<Partial<Record<Software, Needed>>>
  /** For messages alone: on a file the right stands for nothing (MIP-052). */
  readonly isForMail?: boolean
}

/** The same in every Office application. */
const inOffice = (needs: Needed): Readonly<Partial<Record<Software, Needed>>> => ({
  "office-desktop": needs,
  "office-2016": needs,
  "office-mobile": needs,
  "office-web": needs,
})

/** On the web either edit right lets the user edit and save (MIP-053). */
const webEdit: Needed = [["DOCEDIT"], ["EDIT"]]

const specs = {
  open: { summary: "Open a protected content", needs: [["VIEW"]] },
  edit: {
    summary: "Change a protected content",
    needs: [["DOCEDIT"]],
    elsewhere: { "office-web": webEdit },
  },
  save: {
    summary: "Save a protected content in place",
    needs: [["EDIT"]],
    elsewhere: { "office-web": webEdit },
  },
  "save-as": {
    summary: "Save a protected content elsewhere, in a format that keeps the protection",
    needs: [["EDIT"]],
    elsewhere: { "office-web": webEdit },
  },
  "track-changes": {
    summary: "Track changes in a protected document",
    needs: [["DOCEDIT"]],
    elsewhere: { "office-web": webEdit, "office-2016": [["OWNER"]] },
  },
  sort: { summary: "Sort a protected spreadsheet", needs: [["DOCEDIT"]] },
  filter: { summary: "Filter a protected spreadsheet", needs: [["DOCEDIT", "EXTRACT"]] },
  annotate: {
    summary: "Annotate a protected content",
    needs: [["COMMENT"]],
    // Office ignores the right: there a comment is a change like any other.
    elsewhere: { ...inOffice([["DOCEDIT"]]), "office-web": webEdit },
  },
  print: { summary: "Print a protected content", needs: [["PRINT"]] },
  copy: { summary: "Copy from a protected content", needs: [["EXTRACT"]] },
  "screen-capture": { summary: "Capture the screen", needs: [["EXTRACT"]] },
  "present-in-meeting": {
    summary: "Show a protected content to others in a meeting",
    needs: [["EXTRACT"]],
  },
  "call-out-from-script": {
    summary: "Call outside from a script in a protected workbook",
    needs: [["EXTRACT"]],
  },
  export: { summary: "Save a protected content without protection", needs: [["EXPORT"]] },
  "send-to-onenote": { summary: "Send a protected content to OneNote", needs: [["EXPORT"]] },
  forward: { summary: "Forward a protected message", needs: [["FORWARD"]], isForMail: true },
  "add-recipients": {
    summary: "Add recipients to an answer",
    needs: [["FORWARD"]],
    isForMail: true,
  },
  reply: { summary: "Reply to a protected message", needs: [["REPLY"]], isForMail: true },
  "reply-all": {
    summary: "Reply to everybody on a protected message",
    needs: [["REPLYALL"]],
    isForMail: true,
  },
  "run-macro": { summary: "Run macros, or read by program", needs: [["OBJMODEL"]] },
  "view-rights": { summary: "See the permissions", needs: [["VIEWRIGHTSDATA"]] },
  "change-rights": {
    summary: "Change who may do what",
    needs: [["EDITRIGHTSDATA"]],
    // Office does not honour the right: changing is replacing the protection there.
    elsewhere: inOffice([["EXPORT"], ["OWNER"]]),
  },
  "change-protection": {
    summary: "Change or remove the protection of a content",
    needs: [["EXPORT"], ["OWNER"]],
  },
} satisfies Record<string, ActionSpec>

const names = Object.keys(specs) as [keyof typeof specs, ...(keyof typeof specs)[]]

/** What a reader asks of the application. */
export const ContentAction = Schema.Literals(names)
export type ContentAction = keyof typeof specs

/** Every action with its rights: the table that decisions, questions and help read. */
export const contentActions: Readonly<Record<ContentAction, ActionSpec>> = specs

/** What an action needs in an application; full control is always enough (MIP-057). */
export const neededFor = (action: ContentAction, software: Software): Needed =>
  contentActions[action].elsewhere?.[software] ?? contentActions[action].needs

/** Whether held rights are enough. */
export const isEnough = (held: readonly string[], needed: Needed): boolean =>
  held.includes("OWNER") || needed.some((set) => set.every((right) => held.includes(right)))
