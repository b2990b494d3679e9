import type { CryptoServices } from "@twin/crypto"
import { domain } from "@twin/kernel"
import { dueScans } from "./dueScans.ts"
import { evolve } from "./evolve.ts"
import { faults } from "./faults.ts"
import { dueAutoLabeling } from "./operations/autoLabelFiles.ts"
import type { EmittedEvent } from "./operations/SpoOperation.ts"
import { operations } from "./operations/table.ts"
import { questions } from "./questions.ts"
import { SpoEvent } from "./SpoEvent.ts"
import { initialState, type SpoState, type SpoWorld } from "./State.ts"

/** Sites, links, sharing and stored files as one domain of the tenant. */
export const spoDomain = domain<SpoWorld, SpoState, SpoEvent, EmittedEvent, CryptoServices>({
  name: "spo",
  initial: initialState,
  events: SpoEvent,
  evolve,
  operations,
  questions,
  faults,
  due: (world, until) => [...dueScans(world, until), ...dueAutoLabeling(world, until)],
})
