import type { Decision, OutputObject } from "@twin/kernel"
import { newSession, type Session } from "@twin/powershell"
import type { StepError } from "./Message.ts"
import type { Step } from "./Scenario.ts"

/** One step in its place. */
export interface PlacedStep {
  readonly section: number
  readonly step: number
  readonly line: number
  readonly body: Step
}

/** What earlier steps have left behind for later ones, besides the tenant itself. */
export interface Memory {
  /** Results by the name they were saved under. */
  readonly saved: Readonly<Record<string, OutputObject>>
  /** Decisions by step id, and the last one. */
  readonly decisions: Readonly<Record<string, Decision>>
  readonly lastDecision: Decision | undefined
  /** Errors by step id, and the last one. */
  readonly errors: Readonly<Record<string, StepError>>
  readonly lastError: StepError | undefined
  /** Errors that no expectation has accounted for yet. */
  readonly openErrors: readonly StepError[]
  /** PowerShell variables. */
  readonly variables: Session
  readonly held: number
  readonly failed: number
}

/** Before the first step. */
export const emptyMemory: Memory = {
  saved: {},
  decisions: {},
  lastDecision: undefined,
  errors: {},
  lastError: undefined,
  openErrors: [],
  variables: newSession,
  held: 0,
  failed: 0,
}
