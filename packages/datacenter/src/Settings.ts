import { Schema } from "effect"

/**
 * Numbers that no public source gives, or that differ between documents. Each is a setting of the
 * twin with the default of the facts (configuration surface, rows marked T).
 */
export const DatacenterSettings = Schema.Struct({
  /** DCO-049: how long an internal approver may take. */
  approvalTimeoutHours: Schema.Finite,
  /** DCO-120: fixed by the service. */
  customerDecisionHours: Schema.Finite,
  /** DCO-123: fixed by the service. */
  customerAccessMinutes: Schema.Finite,
  /** DCO-028 */
  screeningYears: Schema.Finite,
  /** DCO-029 */
  trainingMonths: Schema.Finite,
  /** DCO-030 */
  inactivityDays: Schema.Finite,
  /** DCO-033 */
  transferGraceDays: Schema.Finite,
  /** DCO-032 */
  lockoutThreshold: Schema.Finite,
  /** DCO-032 */
  lockoutWindowMinutes: Schema.Finite,
  /** DCO-071: 15, or 30 in documents before 2021-11. */
  tsgIdleMinutes: Schema.Finite,
  /** DCO-072 */
  tsgMaxHours: Schema.Finite,
})
export type DatacenterSettings = typeof DatacenterSettings.Type

export const defaultSettings: DatacenterSettings = {
  approvalTimeoutHours: 12,
  customerDecisionHours: 12,
  customerAccessMinutes: 240,
  screeningYears: 2,
  trainingMonths: 12,
  inactivityDays: 90,
  transferGraceDays: 14,
  lockoutThreshold: 5,
  lockoutWindowMinutes: 10,
  tsgIdleMinutes: 15,
  tsgMaxHours: 24,
}

/** The settings that a scenario may change, with their limits; the others are fixed. */
export const adjustableSettings = Schema.Struct({
  approvalTimeoutHours: Schema.optionalKey(
    Schema.Finite.check(Schema.isBetween({ minimum: 1, maximum: 72 })).annotate({
      description: "Hours an internal approver may take (1 to 72)",
    }),
  ),
  inactivityDays: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 90 })).annotate({
      description: "Days without use after which an account is disabled (at most 90)",
    }),
  ),
  transferGraceDays: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 90 })).annotate({
      description: "Days that eligibilities live on after a transfer",
    }),
  ),
  lockoutThreshold: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 })).annotate({
      description: "Failed sign-ins that lock an account",
    }),
  ),
  lockoutWindowMinutes: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1440 })).annotate({
      description: "Minutes in which failed sign-ins are counted together",
    }),
  ),
  tsgIdleMinutes: Schema.optionalKey(
    Schema.Literals([15, 30]).annotate({
      description: "Idle minutes after which the gateway disconnects; 30 in documents before 2021",
    }),
  ),
})
