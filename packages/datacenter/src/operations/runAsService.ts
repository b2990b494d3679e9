import { operation } from "@twin/kernel"
import { Schema } from "effect"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import { evaluateProductionAccess } from "../decisions/evaluateProductionAccess.ts"
import {
  type AccessAttempt,
  factsOfProductionAccess,
} from "../decisions/factsOfProductionAccess.ts"
import type { DatacenterWorld } from "../State.ts"
import { concludeCommand } from "./runAsEngineer.ts"

const RunAsService = Schema.Struct({
  component: Schema.NonEmptyString.annotate({ description: "Machine the service runs on" }),
  action: Schema.NonEmptyString.annotate({ description: "Command of its purpose" }),
  parameters: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)).annotate({
    description: "Parameters of the command with their values",
  }),
})

/**
 * Normal operation: service code does its purpose on its own machine, without any elevation
 * (DCO-024, DCO-197). The actor is the service account.
 */
export const runAsService = operation<DatacenterWorld, DatacenterEvent, typeof RunAsService.fields>(
  {
    name: "run-as-service",
    summary: "Service code does its own work on its own machine.",
    params: RunAsService,
    facts: ["DCO-018", "DCO-024", "DCO-197"],
    decide: (call, { component, action, parameters }) => {
      const attempt: AccessAttempt = {
        alias: call.actor.id.toLowerCase(),
        principal: call.actor.kind === "service-account" ? "service-account" : "corporate-account",
        client: call.actor.client,
        sourceComponent: component,
        protocol: "PowerShell",
        component,
        line: { command: action, parameters: parameters ?? {} },
        readability: "no-content",
      }
      const facets = factsOfProductionAccess(call.world, attempt, call.now)
      return concludeCommand(call, attempt, {
        decision: evaluateProductionAccess(facets),
        isOpaque: false,
        bytes: undefined,
      })
    },
  },
)
