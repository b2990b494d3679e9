import type { DirectoryUser } from "../DirectoryUser.ts"
import { compileRule, type RuleContext } from "./compileRule.ts"
import type { MembershipRule } from "./MembershipRule.ts"
import { userReaders } from "./ruleReaders.ts"

/** Whether a user satisfies a rule; for many users compile the rule once. */
export const matchesRule = (
  rule: MembershipRule,
  user: DirectoryUser,
  context: RuleContext,
): boolean => compileRule(rule, userReaders)(user, context)
