import { anyRoute, type Call, type Decision, type Question } from "@twin/kernel"
import { evaluateProductionAccess } from "./decisions/evaluateProductionAccess.ts"
import { type AccessAttempt, factsOfProductionAccess } from "./decisions/factsOfProductionAccess.ts"
import type { JitAccount } from "./JitAccount.ts"
import { commands } from "./LockboxRole.ts"
import { interfaceFor, presentedCard } from "./operations/attempt.ts"
import { engineerAlias } from "./operations/caller.ts"
import { componentOf, componentsOf, type DatacenterWorld, liveAccountsOf } from "./State.ts"

const attemptWith = (
  { world, actor }: Call<DatacenterWorld>,
  component: string,
  command: string,
  account: JitAccount | undefined,
): AccessAttempt => {
  const alias = engineerAlias(actor)
  const scope = account?.scope
  return {
    alias,
    principal:
      actor.kind !== "datacenter-engineer"
        ? "corporate-account"
        : account === undefined
          ? "service-team-account"
          : "jit-account",
    ...(account === undefined ? {} : { account }),
    client: actor.client,
    ...interfaceFor(),
    ...presentedCard(world, alias, component, undefined),
    component,
    line: { command, parameters: {} },
    ...(scope?.tenant === undefined ? {} : { tenant: scope.tenant }),
    ...(scope?.container === undefined ? {} : { container: scope.container }),
    readability: "no-content",
  }
}

/** Each elevation is its own way in, and rights of several are never merged (DCO-058). */
const mayRun = (call: Call<DatacenterWorld>, component: string, command: string): Decision => {
  const ask = (account: JitAccount | undefined): Decision =>
    evaluateProductionAccess(
      factsOfProductionAccess(call.world, attemptWith(call, component, command, account), call.now),
    )
  const own = { route: "own account", decision: ask(undefined) }
  const [first, ...rest] = liveAccountsOf(call.world, engineerAlias(call.actor), call.now).map(
    (account) => ({ route: `elevation ${account.role}`, decision: ask(account) }),
  )
  return first === undefined ? own.decision : anyRoute([first, ...rest, own])
}

/** `run:<command>` on a machine: may this engineer do it now, and why. */
export const datacenterQuestions: readonly Question<DatacenterWorld>[] = commands.map(
  ({ name }) => ({
    action: `run:${name}`,
    summary: `Run ${name} on a machine of the service now.`,
    subjects: (world) => componentsOf(world).map(({ id }) => id),
    ask: (call, component) =>
      componentOf(call.world, component) === undefined ? undefined : mayRun(call, component, name),
  }),
)
