import type { Session } from "@twin/powershell"
import type { Tenant } from "@twin/tenant"
import { Schema } from "effect"
import type { Line } from "../text/Span.ts"

/** What lasts from line to line. */
export interface ShellSession {
  readonly tenant: Tenant
  /** Who types, by address. */
  readonly who: string
  /** PowerShell's variables. */
  readonly console: Session
  /** Everything that was typed, oldest first. */
  readonly history: readonly string[]
}

/** What a line did. */
export interface ShellAnswer {
  readonly session: ShellSession
  readonly lines: readonly Line[]
  /** The line was the last one. */
  readonly isOver?: boolean
}

/** A line that cannot be done; the shell says why and goes on. */
export class LineRefused extends Schema.TaggedError<LineRefused>()("LineRefused", {
  problem: Schema.String,
}) {
  override get message(): string {
    return this.problem
  }
}
