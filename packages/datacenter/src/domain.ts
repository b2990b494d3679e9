import type { CryptoServices } from "@twin/crypto"
import { domain } from "@twin/kernel"
import { DatacenterEvent } from "./DatacenterEvent.ts"
import { datacenterDue } from "./due.ts"
import { evolveDatacenter } from "./evolve.ts"
import { datacenterFaults } from "./faults.ts"
import { datacenterOperations } from "./operations/table.ts"
import { datacenterQuestions } from "./questions.ts"
import { type DatacenterState, type DatacenterWorld, initialDatacenterState } from "./State.ts"

/** Operators without standing access, and everything that watches them, as a domain of the tenant. */
export const datacenterDomain = domain<
  DatacenterWorld,
  DatacenterState,
  DatacenterEvent,
  DatacenterEvent,
  CryptoServices
>({
  name: "datacenter",
  initial: initialDatacenterState,
  events: DatacenterEvent,
  evolve: evolveDatacenter,
  operations: datacenterOperations,
  questions: datacenterQuestions,
  faults: datacenterFaults,
  due: datacenterDue,
})
